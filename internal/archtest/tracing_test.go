package archtest_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/ipswich-retail/commerce/internal/archtest"
	"github.com/ipswich-retail/commerce/internal/decorate"
)

// TestDecoratorsOfSpans compares the decorators that make spans with the ports: a new port, or a new method, needs its own.
func TestDecoratorsOfSpans(t *testing.T) {
	t.Parallel()
	tree, err := archtest.Load(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	want, err := decorate.TracingFiles(tree)
	if err != nil {
		t.Fatal(err)
	}
	standing, err := filepath.Glob(filepath.Join("../..", decorate.TracingFolder, "*_gen.go"))
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range standing {
		if standing[i], err = filepath.Rel("../..", name); err != nil {
			t.Fatal(err)
		}
	}
	for _, finding := range decorate.Stale(want, standing, func(name string) string {
		text, err := os.ReadFile(filepath.Join("../..", name))
		if err != nil {
			return ""
		}
		return string(text)
	}) {
		t.Errorf("%s; run: make generate", finding)
	}
}
