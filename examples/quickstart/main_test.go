package main

func Example() {
	main()
	// Output: placed 25.00 GBP map[MUG:8]
}
