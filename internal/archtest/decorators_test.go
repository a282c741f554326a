package archtest_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/ipswich-retail/commerce/internal/archtest"
	"github.com/ipswich-retail/commerce/internal/decorate"
)

// TestDecorators compares the fault decorators with the ports: a new port, or a new method, needs its own.
func TestDecorators(t *testing.T) {
	t.Parallel()
	tree, err := archtest.Load(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	want, err := decorate.Files(tree)
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join("../..", decorate.Folder)
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var standing []string
	for _, e := range entries {
		standing = append(standing, e.Name())
	}
	for _, finding := range decorate.Stale(want, standing, func(name string) string {
		text, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			return ""
		}
		return string(text)
	}) {
		t.Errorf("%s/%s; run: make generate", decorate.Folder, finding)
	}
}
