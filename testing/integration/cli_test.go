package integration_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/apps/shop/cli"
	"github.com/ipswich-retail/commerce/testing/containers"
)

// shopCommand runs a command of the shop on a database, with nothing else in its environment.
func shopCommand(t *testing.T, dsn, args string) (code int, out, failure string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = cli.Run(strings.Fields(args), cli.Process{
		Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr,
		Getenv: func(name string) string {
			return map[string]string{"DATABASE_URL": dsn, "SHOP_STORE": "postgres"}[name]
		},
	})
	return code, stdout.String(), stderr.String()
}

// wantCommand requires a code, a text on standard output, and on standard error one line with another, or nothing.
func wantCommand(t *testing.T, dsn, args string, code int, out, failure string) {
	t.Helper()
	gotCode, gotOut, gotFailure := shopCommand(t, dsn, args)
	lines := strings.Count(gotFailure, "\n")
	if gotCode != code || !strings.Contains(gotOut, out) || !strings.Contains(gotFailure, failure) || lines > 1 || (failure == "") != (lines == 0) {
		t.Errorf("shop %s: exit %d\nstdout: %s\nstderr: %s", args, gotCode, gotOut, gotFailure)
	}
}

func TestMigrateCommands(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	dsn := containers.Postgres(t).Database(t)
	wantCommand(t, dsn, "migrate status", cli.ExitDone, "pending    1 ", "")
	wantCommand(t, dsn, "migrate verify", cli.ExitFailed, "", "run migrate up")
	wantCommand(t, dsn, "migrate down --yes", cli.ExitDone, "nothing to do", "")
	wantCommand(t, dsn, "serve --listen 127.0.0.1:0", cli.ExitFailed, "", "run migrate up")
	wantCommand(t, dsn, "import products "+mugs(t, ""), cli.ExitFailed, "", "run migrate up")
	wantCommand(t, dsn, "migrate up", cli.ExitDone, "applied    1 ", "")
	wantCommand(t, dsn, "migrate up", cli.ExitDone, "nothing to do", "")
	wantCommand(t, dsn, "migrate verify", cli.ExitDone, "applied    1 ", "")
	code, out, _ := shopCommand(t, dsn, "migrate status --format json")
	var status struct {
		Migrations []struct {
			Version int64
			Name    string
			Applied bool
		}
	}
	if err := json.Unmarshal([]byte(out), &status); err != nil || code != cli.ExitDone || len(status.Migrations) == 0 {
		t.Fatalf("%d %v %s", code, err, out)
	}
	last := int64(0)
	for _, m := range status.Migrations {
		if m.Version <= last || m.Name == "" || !m.Applied {
			t.Errorf("%+v after version %d", m, last)
		}
		last = m.Version
	}
	for _, m := range slices.Backward(status.Migrations) {
		wantCommand(t, dsn, "migrate down --yes", cli.ExitDone, fmt.Sprintf("taken back %d %s", m.Version, m.Name), "")
	}
	wantCommand(t, dsn, "migrate verify", cli.ExitFailed, "", "run migrate up")
}

// mugs writes a file of two products; more are rows that go on.
func mugs(t *testing.T, more string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "mugs.csv")
	text := "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price,Variant Inventory Qty\n" +
		"mug,Mug,Colour,Blue,MUG-B,12.50,5\nmug,,,Red,MUG-R,12.50,0\njug,Jug,,,JUG,20.00,2\n" + more
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// importReport is what the tests read of an import's report.
type importReport struct {
	Rows, Products, Variants, Created, Updated, Unchanged, Prices, Stock int
	Rejected                                                             []struct {
		Line         int
		Code, Reason string
	}
}

func importFile(t *testing.T, dsn, file string, want int) importReport {
	t.Helper()
	code, out, failure := shopCommand(t, dsn, "import products --format json "+file)
	var r importReport
	if err := json.Unmarshal([]byte(out), &r); err != nil || code != want {
		t.Fatalf("exit %d, want %d: %v\nstdout: %s\nstderr: %s", code, want, err, out, failure)
	}
	return r
}

func TestImportTwiceIsOnce(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	dsn := database(t)
	if r := importFile(t, dsn, mugs(t, ""), cli.ExitDone); r.Rows != 3 || r.Created != 2 || r.Unchanged != 0 || r.Variants != 3 || r.Prices != 3 || r.Stock != 3 {
		t.Errorf("first: %+v", r)
	}
	before := contents(t, dsn)
	if r := importFile(t, dsn, mugs(t, ""), cli.ExitDone); r.Created != 0 || r.Updated != 0 || r.Unchanged != 2 || r.Prices != 0 || r.Stock != 0 {
		t.Errorf("second: %+v", r)
	}
	if after := contents(t, dsn); after != before {
		t.Errorf("the second import wrote:\n%s\nbefore:\n%s", after, before)
	}
	wantCommand(t, dsn, "import products "+mugs(t, ""), cli.ExitDone, "products: 0 created, 0 updated, 2 unchanged", "")
	if r := importFile(t, dsn, mugs(t, "bowl,Bowl,,,BOWL,9.00,1\n"), cli.ExitDone); r.Created != 1 || r.Unchanged != 2 {
		t.Errorf("one more: %+v", r)
	}
	before = contents(t, dsn)
	// The SKU belongs to the jug, which only the shop can know: what is new in the file is not written either.
	r := importFile(t, dsn, mugs(t, "tray,Tray,,,TRAY,9.00,1\nbeaker,Beaker,,,BOWL,9.00,1\n"), cli.ExitRefused)
	if len(r.Rejected) != 1 || r.Rejected[0].Line != 6 || r.Rejected[0].Reason == "" {
		t.Errorf("refused: %+v", r)
	}
	if after := contents(t, dsn); after != before {
		t.Errorf("a refused import wrote:\n%s", after)
	}
}

// contents is what a catalogue holds, with the versions that every write changes.
func contents(t *testing.T, dsn string) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	var out strings.Builder
	for _, table := range []string{"products", "variants", "prices", "stock_levels", "stock_movements", "outbox"} {
		var text string
		if err := conn.QueryRow(t.Context(), "SELECT coalesce(string_agg(r::text, E'\\n' ORDER BY r::text), '') FROM commerce."+table+" r").Scan(&text); err != nil {
			t.Fatalf("%s: %v", table, err)
		}
		out.WriteString(table + "\n" + text + "\n")
	}
	return out.String()
}

// TestServeMigrates also reads an order by its token after a restart: the key that signed it was generated, and kept.
func TestServeMigrates(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	dsn := containers.Postgres(t).Database(t)
	seed := mugs(t, "")
	first := startShop(t, "--store", "postgres", "--database-url", dsn, "--migrate", "--seed", seed)
	c := newClient(t, first.base)
	var cart struct{ ID string }
	c.into(t, http.StatusCreated, http.MethodPost, "/api/v1/carts", json.RawMessage(`{"lines":[{"sku":"MUG-B","quantity":2}]}`), &cart)
	var order struct{ ID, Token string }
	c.into(t, http.StatusCreated, http.MethodPost, "/api/v1/carts/"+cart.ID+"/checkout", json.RawMessage(checkoutBody("manual", "", "")), &order, "Idempotency-Key", "once")
	first.stop(t)

	second := startShop(t, "--store", "postgres", "--database-url", dsn, "--seed", seed)
	c = newClient(t, second.base)
	var again struct{ ID, Token string }
	c.into(t, http.StatusOK, http.MethodGet, "/api/v1/orders/"+order.ID, nil, &again, "X-Order-Token", order.Token)
	if again.ID != order.ID || order.Token == "" {
		t.Errorf("%+v, then %+v", order, again)
	}
	var list struct{ Items []struct{ Slug string } }
	c.into(t, http.StatusOK, http.MethodGet, "/api/v1/products", nil, &list)
	if len(list.Items) != 2 {
		t.Errorf("seeded anew: %+v", list)
	}
}

// into calls, requires the status and reads the answer.
func (c *client) into(t *testing.T, want int, method, path string, body, out any, headers ...string) {
	t.Helper()
	a, err := c.call(t.Context(), method, path, body, headers...)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(a.body, out); err != nil || a.status != want {
		t.Fatalf("%s %s: %d %v %s", method, path, a.status, err, a.body)
	}
}
