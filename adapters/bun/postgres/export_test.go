package postgres

// What tests look at that no adopter needs.
var (
	Stripped = stripped
	NameOf   = nameOf
	Hushed   = hushed
)
