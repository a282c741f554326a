package archtest_test

import (
	"testing"

	"github.com/ipswich-retail/commerce/internal/archtest"
)

// importing is a file of the folder that imports one package.
func importing(file, pkg, imported string) map[string]string {
	return map[string]string{file: "package " + pkg + "\n\nimport _ \"" + imported + "\"\n"}
}

func TestImports(t *testing.T) {
	t.Parallel()
	const our = archtest.Module + "/"
	check(t, archtest.Imports, []plant{
		{"kernel may know kernel", importing("domain/money/x.go", "money", our+"domain/fault"), ""},
		{"kernel no context", importing("domain/money/x.go", "money", our+"domain/ordering"), "may not import"},
		{"kernel no ports", importing("domain/money/x.go", "money", our+"ports"), "may not import"},
		{"kernel no context.Context", importing("domain/money/x.go", "money", "context"), "may not import context"},
		{"kernel no sql drivers", importing("domain/money/x.go", "money", "database/sql/driver"), "may not import"},
		{"kernel tests may test", importing("domain/money/x_test.go", "money_test", "testing"), ""},
		{"kernel tests no suites", importing("domain/money/x_test.go", "money_test", our+"testing/orderingtest"), "may not"},
		{"ports may know events", importing("ports/x.go", "ports", our+"domain/event"), ""},
		{"ports no ref", importing("ports/x.go", "ports", our+"domain/ref"), "may not import"},
		{"ports no http", importing("ports/x.go", "ports", "net/http/httptest"), "may not import"},
		{"context its own subtree", importing("domain/ordering/plan/x.go", "plan", our+"domain/ordering"), ""},
		{"context no other", importing("domain/ordering/x.go", "ordering", our+"domain/catalog"), "may not import"},
		{"context no logs", importing("domain/ordering/x.go", "ordering", "log/slog"), "may not import"},
		{"context no testing", importing("domain/ordering/x.go", "ordering", "testing"), "may not import testing"},
		{"context no technology", importing("domain/ordering/x.go", "ordering", "github.com/uptrace/bun"), "may not import"},
		{"context no adapter", importing("domain/ordering/x.go", "ordering", our+"adapters/memory"), "may not import"},
		{"context tests may use memory", importing("domain/ordering/x_test.go", "ordering_test", our+"adapters/memory"), ""},
		{"context tests no other context", importing("domain/ordering/x_test.go", "ordering_test", our+"domain/catalog"), "may not"},
		{"core adapter no other", importing("adapters/bridge/x.go", "bridge", our+"adapters/memory"), "may not import"},
		{"core adapter tests may use suites", importing("adapters/bridge/x_test.go", "bridge_test", our+"testing/shoptest"), ""},
		{"core adapter no suites", importing("adapters/memory/x.go", "memory", our+"testing/orderingtest"), "may not import"},
		{"wiring may know fx", importing("adapters/bun/postgresfx/x.go", "postgresfx", "go.uber.org/fx"), ""},
		{"wiring its module", importing("adapters/bun/postgresfx/x.go", "postgresfx", our+"adapters/bun/postgres"), ""},
		{"wiring no technology", importing("adapters/bun/postgresfx/x.go", "postgresfx", "github.com/uptrace/bun"), "may not"},
		{"corefx may wire memory", importing("adapters/corefx/x.go", "corefx", our+"adapters/memory"), ""},
		{"corefx no technology", importing("adapters/corefx/x.go", "corefx", our+"adapters/bun/postgres"), "may not import"},
		{"adapter no fx", importing("adapters/bun/postgres/x.go", "postgres", "go.uber.org/fx"), "may not import"},
		{"adapter no fx by its skin", importing("adapters/bun/postgres/x.go", "postgres", our+"adapters/bun/postgresfx"), "may not"},
		{"adapter own technology", importing("adapters/fiberhttp/x.go", "fiberhttp", "github.com/gofiber/fiber/v2/utils"), ""},
		{"adapter other technology", importing("adapters/fiberhttp/x.go", "fiberhttp", "github.com/jackc/pgx/v5"), "may not"},
		{"adapter major version counts", importing("adapters/fiberhttp/x.go", "fiberhttp", "github.com/gofiber/fiber/v3"), "may not"},
		{"adapter no other adapter", importing("adapters/fiberhttp/x.go", "fiberhttp", our+"adapters/memory"), "may not"},
		{"adapter tests no containers", importing("adapters/bun/postgres/x_test.go", "postgres_test", our+"testing/containers"), "may not"},
		{"apps may all", importing("apps/shop/x.go", "main", "github.com/uptrace/bun"), ""},
		{"apps no suites", importing("apps/shop/x.go", "main", our+"testing/shoptest"), "may not import"},
		{"apps tests may use suites", importing("apps/shop/x_test.go", "main_test", our+"testing/containers"), ""},
		{"suite std only", importing("testing/orderingtest/x.go", "orderingtest", "github.com/stretchr/testify/assert"), "may not"},
		{"suite no adapter", importing("testing/orderingtest/x.go", "orderingtest", our+"adapters/memory"), "may not import"},
		{"shoptest may use memory", importing("testing/shoptest/x.go", "shoptest", our+"adapters/memory"), ""},
		{"integration may all", importing("testing/integration/x_test.go", "integration_test", "pgregory.net/rapid"), ""},
		{"archtest std only", importing("internal/archtest/x.go", "archtest", "golang.org/x/tools/go/packages"), "may not"},
		{"no cgo", importing("apps/shop/x.go", "main", "C"), "may not import C"},
		{"new folder", importing("adapters/stripe/x.go", "stripe", "fmt"), "has no row"},
	})
}
