// Command decorategen writes the fault decorators of the repository in whose root it is run. "make generate" runs it.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/ipswich-retail/commerce/internal/archtest"
	"github.com/ipswich-retail/commerce/internal/decorate"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	tree, err := archtest.Load(os.DirFS("."))
	if err != nil {
		return err
	}
	files, err := decorate.Files(tree)
	if err != nil {
		return err
	}
	standing, err := os.ReadDir(decorate.Folder)
	if err != nil {
		return err
	}
	for _, e := range standing {
		if _, known := files[e.Name()]; !known && strings.HasSuffix(e.Name(), "_gen.go") {
			if err := os.Remove(filepath.Join(decorate.Folder, e.Name())); err != nil {
				return err
			}
		}
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(decorate.Folder, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}
