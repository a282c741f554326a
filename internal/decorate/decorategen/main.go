// Command decorategen writes the fault decorators of the repository in whose root it is run. "make generate" runs it.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/ipswich-retail/commerce/internal/archtest"
	"github.com/ipswich-retail/commerce/internal/decorate"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run begins by removing what stands: after a merge it may be no Go that could be read.
func run() error {
	for _, folder := range []string{decorate.Folder, decorate.TracingFolder, filepath.Dir(decorate.TracingFx)} {
		standing, err := filepath.Glob(filepath.Join(folder, "*_gen.go"))
		if err != nil {
			return err
		}
		for _, name := range standing {
			if err := os.Remove(name); err != nil {
				return err
			}
		}
	}
	tree, err := archtest.Load(os.DirFS("."))
	if err != nil {
		return err
	}
	files, err := decorate.Files(tree)
	if err != nil {
		return err
	}
	traced, err := decorate.TracingFiles(tree)
	if err != nil {
		return err
	}
	for name, text := range files {
		traced[filepath.Join(decorate.Folder, name)] = text
	}
	for name, text := range traced {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}
