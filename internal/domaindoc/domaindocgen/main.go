// Command domaindocgen writes the state diagrams into docs/domain.md of the repository in whose root it is run. "make
// generate" runs it.
package main

import (
	"fmt"
	"os"

	"github.com/ipswich-retail/commerce/internal/domaindoc"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	page, err := os.ReadFile(domaindoc.File)
	if err != nil {
		return err
	}
	filled, err := domaindoc.Fill(string(page), domaindoc.Machines())
	if err != nil {
		return err
	}
	return os.WriteFile(domaindoc.File, []byte(filled), 0o644)
}
