package archtest_test

import (
	"os"
	"testing"

	"github.com/ipswich-retail/commerce/internal/archtest"
	"github.com/ipswich-retail/commerce/internal/errdoc"
)

// rules are all the rules of the house.
var rules = map[string]func(*archtest.Tree) []string{
	"imports":    archtest.Imports,
	"sizes":      archtest.Sizes,
	"names":      archtest.Names,
	"modules":    archtest.Modules,
	"contexts":   archtest.Contexts,
	"assertions": archtest.Assertions,
	"index":      archtest.Index,
	"contracts":  archtest.Contracts,
	"parsers":    archtest.ParsersOfHouse,
	"mutants": func(t *archtest.Tree) []string {
		return archtest.Mutants(t, archtest.OwesMutants)
	},
}

// TestHouse runs every rule over this repository.
func TestHouse(t *testing.T) {
	t.Parallel()
	tree, err := archtest.Load(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	if len(tree.Files) == 0 {
		t.Fatal("no Go file found: the rules would hold for nothing")
	}
	for name, rule := range rules {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, finding := range rule(tree) {
				t.Error(finding)
			}
		})
	}
}

// TestErrorsDocument compares docs/errors.md with what the code defines.
func TestErrorsDocument(t *testing.T) {
	t.Parallel()
	cases, err := errdoc.Collect(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	kept, err := os.ReadFile("../../" + errdoc.File)
	if err != nil {
		t.Fatal(err)
	}
	if string(kept) != errdoc.Render(cases) {
		t.Errorf("%s is not what the code defines; run: make generate", errdoc.File)
	}
}
