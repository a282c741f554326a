package decorate_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/ipswich-retail/commerce/internal/archtest"
	"github.com/ipswich-retail/commerce/internal/decorate"
)

// written gives the decorators of a small repository.
func written(t *testing.T, port string) (map[string]string, error) {
	t.Helper()
	tree, err := archtest.Load(fstest.MapFS{
		"domain/ordering/ports.go": {Data: []byte("package ordering\n\nimport (\n\t\"context\"\n\tm \"example.org/money\"\n)\n\n" + port)},
		"ports/clock.go":           {Data: []byte("package ports\n\nimport \"time\"\n\ntype Clock interface{ Now() time.Time }\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	return decorate.Files(tree)
}

func TestFiles(t *testing.T) {
	t.Parallel()
	files, err := written(t, "type Payer interface {\n\tPay(ctx context.Context, a, b m.Money, o map[Kind][]*Order) (done <-chan struct{}, err error)\n\tName() string\n\tForget()\n}\n")
	if err != nil {
		t.Fatal(err)
	}
	if names := slices.Sorted(maps.Keys(files)); !slices.Equal(names, []string{"index_gen.go", "ordering_gen.go", "ports_gen.go"}) {
		t.Fatalf("got %v", names)
	}
	for _, want := range []string{
		"func OrderingPayer(next ordering.Payer, f *Faults) ordering.Payer {",
		"Pay(ctx context.Context, a1 m.Money, a2 m.Money, a3 map[ordering.Kind][]*ordering.Order) (r1 <-chan struct{}, err error) {",
		"r1, err = d.next.Pay(ctx, a1, a2, a3)",
		"m \"example.org/money\"",
		"d.next.Forget()",
		"reflect.TypeFor[ordering.Payer](): decorating(OrderingPayer),",
	} {
		if !strings.Contains(files["ordering_gen.go"], want) {
			t.Errorf("no %q in\n%s", want, files["ordering_gen.go"])
		}
	}
}

func TestFilesRefuse(t *testing.T) {
	t.Parallel()
	for name, port := range map[string]string{
		"embedding": "type Payer interface{ Other }\ntype Other interface{ Name() string }\n",
		"variadic":  "type Payer interface{ Pay(names ...string) }\n",
		"unknown":   "type Payer interface{ Pay(f func(int) error) }\n",
		"foreign":   "type Payer interface{ Pay(f nowhere.Money) }\n",
	} {
		if _, err := written(t, port); err == nil || !strings.Contains(err.Error(), "ordering.Payer") {
			t.Errorf("%s: got %v, want an error that names the port", name, err)
		}
	}
}

func TestStale(t *testing.T) {
	t.Parallel()
	want := map[string]string{"a_gen.go": "a", "b_gen.go": "b"}
	got := decorate.Stale(want, []string{"a_gen.go", "c_gen.go", "doc.go"}, func(name string) string { return strings.TrimSuffix(name, "_gen.go") })
	if !slices.Equal(got, []string{"c_gen.go is of no context any more"}) {
		t.Errorf("got %v", got)
	}
	got = decorate.Stale(want, nil, func(string) string { return "a" })
	if !slices.Equal(got, []string{"b_gen.go is not what the ports are"}) {
		t.Errorf("got %v", got)
	}
}
