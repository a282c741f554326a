// Command cover holds the coverage of tests against a floor: each package of the domain by itself, all packages together.
//
//	cover -packages LIST PROFILE...
//
// LIST has a line "importpath folder" for each package that counts, as go list prints it with -f '{{.ImportPath}} {{.Dir}}'.
// The profiles are those of go test or of go tool covdata textfmt; what one of them covers counts as covered.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	packages := flag.String("packages", "", "file that lists the packages that count")
	domain := flag.Int("domain", 90, "percent that each package of the domain needs")
	all := flag.Int("all", 75, "percent that all packages together need")
	flag.Parse()
	report, err := run(*packages, flag.Args(), floors{domain: *domain, all: *all})
	fmt.Print(report)
	if err != nil {
		fmt.Fprintln(os.Stderr, "cover:", err)
		os.Exit(1)
	}
}
