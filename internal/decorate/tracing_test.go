package decorate_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/ipswich-retail/commerce/internal/archtest"
	"github.com/ipswich-retail/commerce/internal/decorate"
)

func TestTracingFiles(t *testing.T) {
	t.Parallel()
	tree, err := archtest.Load(fstest.MapFS{
		"domain/ordering/ports.go": {Data: []byte("package ordering\n\nimport \"context\"\n\ntype Payer interface {\n" +
			"\tPay(ctx context.Context, a, b string) (done int, err error)\n\tTell(ctx context.Context)\n\tName() string\n\tForget()\n}\n")},
		"ports/clock.go": {Data: []byte("package ports\n\nimport \"time\"\n\ntype Clock interface{ Now() time.Time }\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	files, err := decorate.TracingFiles(tree)
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 2 {
		t.Errorf("a port that takes no context is decorated: %d files", len(files))
	}
	text := files["adapters/otel/traced/ordering_gen.go"]
	for _, want := range []string{
		"func OrderingPayer(next ordering.Payer, trace observe.Trace) ordering.Payer {",
		"ctx, end := begin(ctx, d.trace, \"ordering.Payer.Pay\")\n\tdefer func() { end(err) }()\n\tr1, err = d.next.Pay(ctx, a1, a2)\n\treturn r1, err",
		"defer end(nil)\n\td.next.Tell(ctx)",
		"return d.next.Name()",
		"if next, ok := ports.As[ordering.Payer](v); ok && but != \"ordering.Payer\" {",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if fx := files[decorate.TracingFx]; !strings.Contains(fx, "decorate(traced.OrderingPayer),") {
		t.Errorf("not put before the port: %s", fx)
	}
}

func TestTracingFilesRefuse(t *testing.T) {
	t.Parallel()
	tree, err := archtest.Load(fstest.MapFS{
		"domain/ordering/ports.go": {Data: []byte("package ordering\n\ntype Payer interface{ Pay(names ...string) }\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := decorate.TracingFiles(tree); err == nil || !strings.Contains(err.Error(), "ordering.Payer") {
		t.Errorf("got %v, want an error that names the port", err)
	}
}
