package archtest

import "slices"

// row says what the packages of some folders may import. In its lists a leading slash means a path from the
// repository's root; an entry covers what stands below it too; * stands for any text within one path element, and
// alone for everything.
type row struct {
	folders  []string // The first row of the table that matches a folder counts.
	unit     int      // So many path elements name one unit, whose packages may import each other.
	never    []string // Refused even where a wider permission would cover it.
	may      []string // Allowed besides the standard library and the own unit.
	testsMay []string // Allowed to its tests besides, whatever never says.
}

// What recurs in the table.
var (
	kernel       = []string{"/domain/money", "/domain/fault", "/domain/ref", "/domain/event", "/domain/statemachine"}
	coreAdapters = []string{"/adapters/memory", "/adapters/bridge", "/adapters/system", "/adapters/payments", "/adapters/exchange"}
	business     = []string{"/domain", "/ports"}
	wiring       = []string{"/domain", "/ports", "go.uber.org/fx", "go.uber.org/zap"}
	suites       = []string{"testing", "/testing/*test"}
	technology   = []string{"database/sql", "net/http", "log", "testing"} // What ports and domain never name.
	testSupport  = []string{"testing", "/testing"}                        // What no binary contains.
)

// table is the import table of the house, over every module, tests included. A folder without a row is a finding, so
// that a new one is decided about and not just added.
var table = []row{
	{
		folders: kernel, unit: 2, never: slices.Concat(technology, []string{"context"}),
		may: kernel, testsMay: []string{"testing"},
	},
	{
		folders: []string{"/domain/*"}, unit: 2, never: technology,
		may: slices.Concat(kernel, []string{"/ports"}), testsMay: slices.Concat(suites, []string{"/adapters/memory"}),
	},
	{
		folders: []string{"/ports"}, unit: 1, never: technology,
		may: []string{"/domain/fault", "/domain/event"}, testsMay: []string{"testing"},
	},
	{folders: coreAdapters, unit: 2, never: testSupport, may: business, testsMay: suites},
	{
		folders: []string{"/adapters/corefx"}, unit: 2, never: testSupport,
		may: slices.Concat(wiring, coreAdapters), testsMay: []string{"testing"},
	},
	{
		folders: []string{"/adapters/*/*fx"}, unit: 2, never: testSupport, may: wiring,
		testsMay: []string{"testing", "github.com/prometheus/client_golang"}, // A registry is an option of the HTTP adapter.
	},
	{
		folders: []string{"/adapters/bun"}, unit: 2, never: testSupport, testsMay: suites,
		may: slices.Concat(business, []string{
			"go.uber.org/zap", "github.com/uptrace/bun", "github.com/jackc/pgx/v5", "github.com/pressly/goose/v3", "modernc.org/sqlite",
		}),
	},
	{
		folders: []string{"/adapters/argon2"}, unit: 2, never: testSupport, testsMay: suites,
		may: slices.Concat(business, []string{"golang.org/x/crypto/argon2"}),
	},
	{
		folders: []string{"/adapters/fiberhttp"}, unit: 2, never: testSupport, testsMay: suites,
		may: slices.Concat(business, []string{
			"go.uber.org/zap", "github.com/gofiber/fiber/v2", "github.com/valyala/fasthttp",
			"github.com/danielgtaylor/huma/v2", "github.com/prometheus/client_golang",
		}),
	},
	{
		folders: []string{"/adapters/otter"}, unit: 2, never: testSupport, testsMay: suites,
		may: slices.Concat(business, []string{"github.com/maypok86/otter/v2"}),
	},
	{
		folders: []string{"/adapters/otel"}, unit: 2, never: testSupport, testsMay: suites,
		may: slices.Concat(business, []string{"go.uber.org/zap", "go.opentelemetry.io", "google.golang.org/protobuf"}),
	},
	{folders: []string{"/apps"}, unit: 1, never: testSupport, may: []string{"*"}, testsMay: testSupport},
	{folders: []string{"/testing/containers", "/testing/integration", "/examples", "/tools"}, unit: 1, may: []string{"*"}},
	{
		folders: []string{"/testing/shoptest"}, unit: 2, testsMay: suites, // Its doubles are adapters and pass the suites too.
		may: slices.Concat(business, []string{"/adapters/memory", "/adapters/bridge", "/adapters/system", "/testing/clausetest"}),
	},
	{folders: []string{"/testing/*test"}, unit: 2, may: slices.Concat(business, []string{"/testing/clausetest"})},
	{folders: []string{"/internal/errdoc"}, unit: 2, never: testSupport, testsMay: []string{"testing", "/domain/fault"}},
	{folders: []string{"/internal/domaindoc"}, unit: 2, never: testSupport, may: []string{"/domain"}, testsMay: []string{"testing"}},
	{folders: []string{"/internal"}, unit: 1, never: testSupport, testsMay: []string{"testing"}},
}
