package archtest_test

import (
	"testing"

	"github.com/ipswich-retail/commerce/internal/archtest"
)

func TestParsers(t *testing.T) {
	t.Parallel()
	const parser = "package ordering\n\nfunc ParseNote(text string) error { return nil }\n"
	const target = "package ordering_test\n\nimport \"testing\"\n\nfunc FuzzNote(f *testing.F) {}\n"
	with := func(listed map[string]string) func(*archtest.Tree) []string {
		return func(t *archtest.Tree) []string { return archtest.Parsers(t, listed) }
	}
	listed := map[string]string{"domain/ordering.ParseNote": "FuzzNote"}
	check(t, with(nil), []plant{
		{"no target", map[string]string{"domain/ordering/note.go": parser}, "names no fuzz target"},
		{"reader", map[string]string{"adapters/memory/x.go": "package memory\n\nimport \"io\"\n\nfunc readAll(r io.Reader) {}\n\nfunc ReadAll(r io.Reader) {}\n"}, "adapters/memory.ReadAll reads"},
		{"method", map[string]string{"domain/ordering/x.go": "package ordering\n\nfunc (n *Note[K]) UnmarshalText(b []byte) error { return nil }\n"}, "domain/ordering.Note.UnmarshalText reads"},
		{"no text", map[string]string{"domain/ordering/x.go": "package ordering\n\nfunc ParseNothing(n int) {}\n"}, ""},
		{"a program", map[string]string{"apps/shop/x.go": "package shop\n\nfunc ParseArgs(text string) {}\n"}, ""},
	})
	for name, c := range map[string]struct {
		changes  map[string]string
		findings int
	}{
		"with its target":  {map[string]string{"domain/ordering/note.go": parser, "domain/ordering/note_test.go": target}, 0},
		"target elsewhere": {map[string]string{"domain/ordering/note.go": parser, "domain/money/note_test.go": target}, 1},
		"no such parser":   {nil, 1},
	} {
		if got := archtest.Parsers(parse(t, c.changes), listed); len(got) != c.findings {
			t.Errorf("%s: %q", name, got)
		}
	}
}
