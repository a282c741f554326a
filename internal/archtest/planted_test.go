package archtest_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/ipswich-retail/commerce/internal/archtest"
)

// house is a small repository that keeps every rule; planted violations are changes of it.
var house = map[string]string{
	"go.mod":              "module " + archtest.Module + "\n\ngo 1.26.0\n",
	"go.work":             "go 1.26.0\n\nuse (\n\t.\n\t./adapters/bun\n)\n",
	"adapters/bun/go.mod": "module " + archtest.Module + "/adapters/bun\n\nrequire " + archtest.Module + " v0.0.0\n",
	"docs/adapters.md": "| port | suite | adapters |\n|---|---|---|\n" +
		"| `ordering.Committer` | `orderingtest.TestCommitter` | memory |\n" +
		"| `ordering.Refunder` | `orderingtest.TestCommitter` | memory |\n" +
		"| `ports.Clock` | `portstest.TestClock` | system |\n",
	"ports/clock.go": "package ports\n\nimport \"time\"\n\n// Clock tells the time.\n//\n// Contract: [clock-utc] in UTC.\n" +
		"type Clock interface{ Now() time.Time }\n",
	"ports/as.go": "package ports\n\ntype Unwrapper interface{ Unwrap() any }\n\n" +
		"func inner(v any) any {\n\tif u, ok := v.(Unwrapper); ok {\n\t\treturn u.Unwrap()\n\t}\n\treturn nil\n}\n",
	"domain/fault/fault.go": "package fault\n",
	"domain/ordering/ports.go": "package ordering\n\nimport \"context\"\n\n// Committer commits.\n//\n" +
		"// Contract, proven by its suite:\n//   - [commit-atomic] Wholly.\ntype Committer interface{ Commit(ctx context.Context) error }\n",
	"domain/ordering/capability_refund.go": "package ordering\n\nimport \"context\"\n\n// Refunder refunds.\n//\n" +
		"// Contract: [refund-once] once.\ntype Refunder interface{ Refund(ctx context.Context) error }\n",
	"domain/ordering/service.go": "package ordering\n\nimport \"context\"\n\ntype Service struct{ store Committer }\n\n" +
		"func (s *Service) Place(ctx context.Context) error { return s.store.Commit(ctx) }\n",
	"domain/ordering/cancel.go": "package ordering\n\nimport \"context\"\n\n" +
		"func (s *Service) Cancel(ctx context.Context) error { return s.store.Commit(ctx) }\n",
	"testing/orderingtest/committer.go": "package orderingtest\n\nimport \"testing\"\n\nfunc TestCommitter(t *testing.T) { t.Helper() }\n",
	"testing/portstest/clock.go":        "package portstest\n\nimport \"testing\"\n\nfunc TestClock(t *testing.T) { t.Helper() }\n",
	"adapters/memory/committer_mutants_test.go": "package memory_test\n\nimport \"" + archtest.Module +
		"/testing/orderingtest\"\n\nvar _ = orderingtest.TestCommitter\n",
	"adapters/bun/postgres/store.go": "package postgres\n\nimport (\n\t\"database/sql\"\n\n\t\"github.com/uptrace/bun\"\n)\n\n" +
		"var _ *bun.DB\nvar _ *sql.DB\n",
}

// parse loads the house with changes: further files, other texts, or none at all for "".
func parse(t *testing.T, changes map[string]string) *archtest.Tree {
	t.Helper()
	files := fstest.MapFS{}
	for name, text := range house {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	for name, text := range changes {
		files[name] = &fstest.MapFile{Data: []byte(text)}
		if text == "" {
			delete(files, name)
		}
	}
	tree, err := archtest.Load(files)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// plant is a change of the house and what the rule says of it, in part; a clean one has no want.
type plant struct {
	name    string
	changes map[string]string
	want    string
}

// check runs a rule over the clean house and over each plant.
func check(t *testing.T, rule func(*archtest.Tree) []string, plants []plant) {
	t.Helper()
	plants = append(plants, plant{name: "clean house"})
	for _, p := range plants {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			got := rule(parse(t, p.changes))
			switch {
			case p.want == "" && len(got) > 0:
				t.Errorf("flagged: %q", got)
			case p.want != "" && !slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, p.want) }):
				t.Errorf("got %q, want a finding with %q", got, p.want)
			case p.want != "" && len(got) != 1:
				t.Errorf("got %q, want that finding alone", got)
			}
		})
	}
}
