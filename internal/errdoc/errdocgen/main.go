// Command errdocgen writes docs/errors.md of the repository in whose root it is run. "make generate" runs it.
package main

import (
	"fmt"
	"os"

	"github.com/ipswich-retail/commerce/internal/errdoc"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	cases, err := errdoc.Collect(os.DirFS("."))
	if err != nil {
		return err
	}
	return os.WriteFile(errdoc.File, []byte(errdoc.Render(cases)), 0o644)
}
