package archtest_test

import (
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/internal/archtest"
)

func TestAssertions(t *testing.T) {
	t.Parallel()
	file := func(body string) map[string]string {
		return map[string]string{"adapters/memory/x.go": "package memory\n\nimport (\n\t\"" + archtest.Module + "/domain/ordering\"\n\t\"" +
			archtest.Module + "/ports\"\n)\n\ntype deco struct {\n\tinner ordering.Committer\n\tother any\n}\n\n" + body + "\n"}
	}
	check(t, archtest.Assertions, []plant{
		{"to a capability", file("func f(v any) { _, _ = v.(ordering.Refunder) }"), "to the port ordering.Refunder"},
		{"to a port", file("func f(v any) { _ = v.(ports.Clock) }"), "to the port ports.Clock"},
		{"to the decorator's hook", file("func f(v any) { _ = v.(ports.Unwrapper) }"), "to the port ports.Unwrapper"},
		{"in a switch", file("func f(v any) {\n\tswitch v.(type) {\n\tcase string, ordering.Refunder:\n\t}\n}"), "to the port ordering.Refunder"},
		{"on a parameter", file("func f(c ordering.Committer) { _ = c.(interface{ Close() }) }"), "value of the port ordering.Committer"},
		{"on any of a parameter", file("func f(c ordering.Committer) { _ = any(c).(interface{ Close() }) }"), "value of the port"},
		{"on a variable", file("func f() { var c ports.Clock; _ = c.(interface{ Close() }) }"), "value of the port ports.Clock"},
		{"on a field", file("func (d deco) f() { _ = d.inner.(interface{ Close() }) }"), "value of the port"},
		{"on a switched field", file("func (d deco) f() {\n\tswitch x := d.inner.(type) {\n\tcase interface{ Close() }:\n\t\tx.Close()\n\t}\n}"), "value of"},
		{"in the port's own package", map[string]string{
			"domain/ordering/x.go": "package ordering\n\nfunc f(v any) { _, _ = v.(Refunder) }\n",
		}, "to the port ordering.Refunder"},
		{"in a test", map[string]string{
			"ports/x_test.go": "package ports_test\n\nimport \"" + archtest.Module + "/ports\"\n\nfunc f(v any) { _ = v.(ports.Clock) }\n",
		}, "to the port"},
		{"on another field", file("func (d deco) f() { _ = d.other.(string) }"), ""},
		{"on a variable that hides a port", file("func f(c ordering.Committer) { { c := any(1); _ = c.(int) } }"), ""},
		{"to something of the same name", file("type Refunder interface{}\n\nfunc f(v any) { _ = v.(Refunder) }"), ""},
		{"a guard is none", file("var _ ordering.Committer = deco{}.inner"), ""},
	})
}

func TestIndex(t *testing.T) {
	t.Parallel()
	doc := house["docs/adapters.md"]
	replace := func(old, text string) map[string]string {
		return map[string]string{"docs/adapters.md": strings.Replace(doc, old, text, 1)}
	}
	const port = "package ports\n\n// IDs makes ids.\n//\n// Contract: [ids-new] new.\ntype IDs interface{ New() string }\n"
	check(t, archtest.Index, []plant{
		{"no row in ports", map[string]string{"ports/ids.go": port}, "ids.go:6: ports.IDs has no row"},
		{"no row in a context", replace("| `ordering.Committer` | `orderingtest.TestCommitter` | memory |\n", ""), "ordering.Committer has no row"},
		{"no row for a capability", replace("| `ordering.Refunder` | `orderingtest.TestCommitter` | memory |\n", ""), "ordering.Refunder has no row"},
		{"no suite of the name", replace("portstest.TestClock", "portstest.TestClocks"), "names no suite"},
		{"suite only in a test file", map[string]string{
			"testing/portstest/clock.go":      "package portstest\n",
			"testing/portstest/clock_test.go": house["testing/portstest/clock.go"],
		}, "names no suite"},
		{"suite without t", map[string]string{"testing/portstest/clock.go": "package portstest\n\nfunc TestClock() {}\n"}, "names no suite"},
		{"no adapter", replace("| system |", "| – |"), "names no adapter"},
		{"no such port", map[string]string{"docs/adapters.md": doc + "| `ports.Gone` | `portstest.TestClock` | system |\n"}, "ports.Gone is no port"},
		{"two rows", map[string]string{"docs/adapters.md": doc + "| `ports.Clock` | `portstest.TestClock` | system |\n"}, "has a row already"},
		{"unexported", map[string]string{"ports/x.go": "package ports\n\ntype hidden interface{ Do() }\n"}, ""},
		{"constraint", map[string]string{"ports/x.go": "package ports\n\ntype Number interface{ ~int | ~int64 }\n"}, ""},
		{"interface that is no port", map[string]string{"domain/ordering/x.go": "package ordering\n\ntype Line interface{ Total() int }\n"}, ""},
	})
}

func TestContracts(t *testing.T) {
	t.Parallel()
	check(t, archtest.Contracts, []plant{
		{"no contract", map[string]string{"ports/ids.go": "package ports\n\n// IDs makes ids.\ntype IDs interface{ New() string }\n"}, "ports.IDs needs"},
		{"no clause", map[string]string{
			"ports/ids.go": "package ports\n\n// IDs makes ids. Contract: new ones.\ntype IDs interface{ New() string }\n",
		}, "ports.IDs needs"},
		{"clause of another", map[string]string{
			"ports/ids.go": "package ports\n\n// IDs makes ids. Contract: [refund-once].\ntype IDs interface{ New() string }\n",
		}, "already"},
	})
}

func TestMutants(t *testing.T) {
	t.Parallel()
	owing := func(names ...string) func(*archtest.Tree) []string {
		return func(tree *archtest.Tree) []string { return archtest.Mutants(tree, names) }
	}
	const mutants = "adapters/memory/committer_mutants_test.go"
	check(t, owing("ports.Clock"), []plant{
		{"taken away", map[string]string{
			mutants: "package memory_test\n", "docs/adapters.md": strings.Replace(house["docs/adapters.md"], "`ordering.Refunder` | `orderingtest.TestCommitter`", "`ordering.Refunder` | `portstest.TestClock`", 1),
			"testing/portstest/mutants.go": "package portstest\n",
		}, "ordering.Committer has no mutants"},
		{"in the suite's package", map[string]string{mutants: "", "testing/orderingtest/mutant.go": "package orderingtest\n"}, ""},
		{"a new port", map[string]string{"ports/ids.go": "package ports\n\ntype IDs interface{ New() string }\n"}, "ports.IDs has no mutants"},
	})
	for name, wrong := range map[string]struct {
		names []string
		want  string
	}{
		"gone":   {[]string{"ports.Clock", "ports.Gone"}, "ports.Gone is listed as owing mutants and is no port"},
		"twice":  {[]string{"ports.Clock", "ports.Clock"}, "listed twice"},
		"exempt": {[]string{"ports.Clock", "ordering.Committer"}, "may not owe"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := archtest.Mutants(parse(t, nil), wrong.names)
			if len(got) != 1 || !strings.Contains(got[0], wrong.want) {
				t.Errorf("got %q, want one finding with %q", got, wrong.want)
			}
		})
	}
}
