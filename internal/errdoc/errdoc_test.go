package errdoc_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/internal/errdoc"
)

const header = "package ordering\n\nimport \"github.com/ipswich-retail/commerce/domain/fault\"\n\n"

func TestCollect(t *testing.T) {
	t.Parallel()
	got, err := errdoc.Collect(fstest.MapFS{
		"domain/fault/classes.go": {Data: []byte("package fault\n\nvar Missing = Define(NotFound, \"not_found\", \"Not there.\")\n")},
		"domain/ordering/errors.go": {Data: []byte(strings.Replace(header, "import ", "import f ", 1) +
			"var (\n\tOutOfStock = f.Define(f.Conflict, \"out_of_stock\", \"Not \"+\"enough | none.\")\n)\n")},
		"domain/ordering/errors_test.go":  {Data: []byte(header + "var X = fault.Define(fault.Conflict, \"x\", \"X.\")\n")},
		"examples/own/errors.go":          {Data: []byte(header + "var X = fault.Define(fault.Conflict, \"x\", \"X.\")\n")},
		"adapters/other/define.go":        {Data: []byte("package other\n\nvar X = Define(1)\n\nfunc Define(int) int { return 0 }\n")},
		"domain/ordering/testdata/bad.go": {Data: []byte("package ???")},
	})
	if err != nil {
		t.Fatal(err)
	}
	page := errdoc.Render(got)
	for _, row := range []string{
		"| `not_found` | not_found | 404 | `fault.Missing` | Not there. |\n",
		"| `out_of_stock` | conflict | 409 | `ordering.OutOfStock` | Not enough \\| none. |\n",
	} {
		if !strings.Contains(page, row) {
			t.Errorf("no row %q in:\n%s", row, page)
		}
	}
	if len(got) != 2 {
		t.Errorf("%d cases, want 2: %+v", len(got), got)
	}
}

func TestCollectRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, want string }{
		"code twice": {
			"var (\n\tA = fault.Define(fault.Conflict, \"a\", \"A.\")\n\tB = fault.Define(fault.Conflict, \"a\", \"B.\")\n)",
			"e.go:7: code a is defined at domain/ordering/e.go:6 already",
		},
		"in a function":     {"func f() { _ = fault.Define(fault.Conflict, \"a\", \"A.\") }", "outside a package variable"},
		"inside a value":    {"var A = []any{fault.Define(fault.Conflict, \"a\", \"A.\")}", "outside a package variable"},
		"kind by variable":  {"var k = fault.Conflict\n\nvar A = fault.Define(k, \"a\", \"A.\")", "the kind must be"},
		"unknown kind":      {"var A = fault.Define(fault.Odd, \"a\", \"A.\")", "the kind must be"},
		"code by constant":  {"const a = \"a\"\n\nvar A = fault.Define(fault.Conflict, a, \"A.\")", "the code must be"},
		"code in camelCase": {"var A = fault.Define(fault.Conflict, \"aB\", \"A.\")", "the code must be"},
		"no sentence":       {"var A = fault.Define(fault.Conflict, \"a\", \"A\")", "the meaning must be"},
		"arguments":         {"var A = fault.Define(fault.Conflict, \"a\")", "takes a kind"},
		"not Go":            {"func", "expected"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := errdoc.Collect(fstest.MapFS{"domain/ordering/e.go": {Data: []byte(header + c.text + "\n")}})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

// TestStatus checks that every kind of package fault has a status, and a few codes that have their own.
func TestStatus(t *testing.T) {
	t.Parallel()
	for _, kind := range fault.Kinds() {
		if errdoc.Status(kind.String(), "") == 0 {
			t.Errorf("kind %s has no status", kind)
		}
	}
	for code, want := range map[string]int{"payment_declined": 402, "unknown_field": 400, "out_of_stock": 409} {
		if got := errdoc.Status(fault.Conflict.String(), code); got != want {
			t.Errorf("%s: %d, want %d", code, got, want)
		}
	}
}
