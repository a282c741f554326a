package cli_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/fx"
	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/apps/shop/cli"
	"github.com/ipswich-retail/commerce/apps/shop/compose"
	"github.com/ipswich-retail/commerce/internal/archtest"
)

// operationsPage is what those who run a shop read.
const operationsPage = "../../../docs/operations.md"

// place is where a table stands in the page.
var place = regexp.MustCompile(`(?s)<!-- generated (\w+) -->\n.*?<!-- end -->`)

// TestOperationsPage holds the tables of docs/operations.md against the program: settings, metrics, the names in logs and
// traces, exit codes. With COMMERCE_UPDATE it writes them, as make generate does.
func TestOperationsPage(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(operationsPage)
	if err != nil {
		t.Fatal(err)
	}
	tree, err := archtest.Load(os.DirFS("../../.."))
	if err != nil {
		t.Fatal(err)
	}
	tables := map[string]string{
		"settings": settingsTable(t, tree), "metrics": metricsTable(tree),
		"events": namesTable(tree, "ports/observe/events.go", "message"), "fields": namesTable(tree, "ports/observe/fields.go", "field"),
		"layers": namesTable(tree, "ports/observe/trace.go", "`shop.layer`"), "exits": exitsTable(tree),
	}
	seen := map[string]bool{}
	filled := place.ReplaceAllStringFunc(string(page), func(old string) string {
		name := place.FindStringSubmatch(old)[1]
		seen[name] = true
		return fmt.Sprintf("<!-- generated %s -->\n%s<!-- end -->", name, tables[name])
	})
	for name, text := range tables {
		if !seen[name] || strings.Count(text, "\n") < 4 {
			t.Errorf("%s: no place for it, or nothing of it was found", name)
		}
	}
	if os.Getenv("COMMERCE_UPDATE") != "" {
		if err := os.WriteFile(operationsPage, []byte(filled), 0o644); err != nil { //nolint:gosec // a document for everybody
			t.Fatal(err)
		}
		return
	}
	if string(page) != filled {
		t.Error("docs/operations.md is stale: run make generate")
	}
}

// TestEveryMetricIsListed holds the page against what a shop in memory shows.
func TestEveryMetricIsListed(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(operationsPage)
	if err != nil {
		t.Fatal(err)
	}
	var registry *prometheus.Registry
	app := fx.New(
		compose.Core(compose.Settings{Place: compose.Place{Store: compose.StoreMemory}, Currency: "GBP", Locale: "en-GB", Country: "GB", LogLevel: "info"}, []string{compose.ProviderManual}, nil, time.Minute, zap.NewNop()),
		compose.HTTP(compose.Settings{Currency: "GBP", Locale: "en-GB", Country: "GB"}, "1", 0), fx.Populate(&registry),
	)
	if err := app.Err(); err != nil {
		t.Fatal(err)
	}
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	own := 0
	for _, f := range families {
		if name := f.GetName(); !strings.HasPrefix(name, "go_") && !strings.HasPrefix(name, "process_") {
			own++
			if !strings.Contains(string(page), "| `"+name+"` |") {
				t.Errorf("%s is shown and not listed", name)
			}
		}
	}
	if own < 10 {
		t.Errorf("only %d metrics are shown", own)
	}
}

// cell is text for a table.
func cell(text string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(text), " "), "|", `\|`)
}

// settingsTable lists the settings by group.
func settingsTable(t *testing.T, tree *archtest.Tree) string {
	t.Helper()
	model, err := cli.Model()
	if err != nil {
		t.Fatal(err)
	}
	rules := productionRules(tree)
	var b strings.Builder
	b.WriteString("| setting | environment | default | meaning | in production |\n|---|---|---|---|---|\n")
	for _, group := range cli.Groups {
		for _, flag := range cli.FlagsOf(model.Node) {
			if cli.GroupOf(flag) != group || slices.Contains(cli.FlagsOnly, flag.Name) {
				continue
			}
			var variables []string
			for _, v := range cli.Variables(flag.Name) {
				variables = append(variables, "`"+v+"`")
				if cli.IsSecret(flag) {
					variables = append(variables, "`"+v+"_FILE`")
				}
			}
			standard := ""
			if flag.Default != "" {
				standard = "`" + flag.Default + "`"
			}
			fmt.Fprintf(&b, "| `--%s` | %s | %s | %s | %s |\n", flag.Name, strings.Join(variables, " "), standard, cell(flag.Help), cell(strings.Join(rules[flag.Name], "; ")))
		}
	}
	return b.String()
}

// exitsTable lists the exit codes.
func exitsTable(tree *archtest.Tree) string {
	var b strings.Builder
	b.WriteString("| code | meaning |\n|---|---|\n")
	for _, c := range constants(tree, "apps/shop/cli/outcome.go") {
		if strings.HasPrefix(c.name, "Exit") {
			fmt.Fprintf(&b, "| %s | %s |\n", c.value, cell(c.comment))
		}
	}
	return b.String()
}

// namesTable lists the constants of a file of package observe.
func namesTable(tree *archtest.Tree, file, title string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "| %s | meaning |\n|---|---|\n", title)
	for _, c := range constants(tree, file) {
		fmt.Fprintf(&b, "| `%s` | %s |\n", c.value, cell(c.comment))
	}
	return b.String()
}

// metricsTable lists the metrics that are the program's own.
func metricsTable(tree *archtest.Tree) string {
	found := metrics(tree)
	slices.SortFunc(found, func(a, b metric) int { return strings.Compare(a.name, b.name) })
	var b strings.Builder
	b.WriteString("| metric | labels | meaning |\n|---|---|---|\n")
	for _, m := range slices.Compact(found) {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", m.name, m.labels, cell(m.help))
	}
	return b.String()
}
