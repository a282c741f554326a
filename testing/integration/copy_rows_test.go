package integration_test

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/adapters/bun/carry"
	"github.com/ipswich-retail/commerce/adapters/bun/postgres"
	"github.com/ipswich-retail/commerce/adapters/bun/sqlite"
	"github.com/ipswich-retail/commerce/adapters/system"
	"github.com/ipswich-retail/commerce/ports"
)

// copyPlace is a place for a shop that tests copy from and to.
type copyPlace struct {
	name   string
	source func(ctx context.Context) (carry.Source, error)
	target func(ctx context.Context) (carry.Target, error)
}

// inFile is an empty shop in a file.
func inFile(t *testing.T) (copyPlace, sqlite.Config) {
	t.Helper()
	cfg := shopFile(t)
	cfg.Clock = system.NewClock()
	return copyPlace{
		"sqlite",
		func(ctx context.Context) (carry.Source, error) { return sqlite.OpenSource(ctx, cfg) },
		func(ctx context.Context) (carry.Target, error) { return sqlite.OpenTarget(ctx, cfg) },
	}, cfg
}

// inDatabase is an empty shop in PostgreSQL.
func inDatabase(t *testing.T) (copyPlace, string) {
	t.Helper()
	dsn := database(t)
	cfg := small(dsn)
	cfg.Clock = system.NewClock()
	return copyPlace{
		"postgres",
		func(ctx context.Context) (carry.Source, error) { return postgres.OpenSource(ctx, cfg) },
		func(ctx context.Context) (carry.Target, error) { return postgres.OpenTarget(ctx, cfg) },
	}, dsn
}

// copied copies a shop, which is to succeed.
func copied(t *testing.T, from, to copyPlace) []carry.Copied {
	t.Helper()
	tables, err := copyShop(t.Context(), from, to, func(carry.Progress) {})
	if err != nil {
		t.Fatalf("%s to %s: %v", from.name, to.name, err)
	}
	return tables
}

func copyShop(ctx context.Context, from, to copyPlace, tell func(carry.Progress)) ([]carry.Copied, error) {
	source, err := from.source(ctx)
	if err != nil {
		return nil, err
	}
	defer source.Close()
	target, err := to.target(ctx)
	if err != nil {
		return nil, err
	}
	defer target.Close()
	return carry.Copy(ctx, source, target, tell)
}

// TestCopyKeepsEveryValue copies rows of every table, with every column full and every column that may be empty empty,
// from a file to PostgreSQL, to another database, and back to a file. Each time the rows are the same.
func TestCopyKeepsEveryValue(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	first, cfg := inFile(t)
	filled(t, cfg)
	second, _ := inDatabase(t)
	third, dsn := inDatabase(t)
	last, back := inFile(t)
	want := copied(t, first, second)
	for _, table := range want {
		if table.Rows == 0 {
			t.Errorf("%s has no rows: nothing is tried with it", table.Name)
		}
	}
	for _, step := range [][2]copyPlace{{second, third}, {third, last}} {
		if got := copied(t, step[0], step[1]); !slices.Equal(got, want) {
			for i := range want {
				if got[i] != want[i] {
					t.Errorf("%s to %s: %+v, want %+v", step[0].name, step[1].name, got[i], want[i])
				}
			}
		}
	}
	// What the stores keep besides is made for each.
	for query, want := range map[string]string{
		`SELECT group_concat(email_key, ' ') FROM orders`: "text1.8 text2.8", `SELECT group_concat(bare, ' ') FROM (SELECT bare FROM carts ORDER BY id)`: "0 1",
		`SELECT group_concat(partition, ' ') FROM (SELECT partition FROM outbox ORDER BY position)`: fmt.Sprint(ports.PartitionOf("Text1.3"), " ", ports.PartitionOf("Text2.3")),
	} {
		if got := value[string](t, back.File, query); got != want {
			t.Errorf("%s gives %q, want %q", query, got, want)
		}
	}
	if got := valueOf[int64](t, dsn, `SELECT sum(backordered)::bigint FROM commerce.orders`); got != valueOf[int64](t, dsn, `SELECT sum(backordered)::bigint FROM commerce.order_lines`) || got == 0 {
		t.Errorf("orders say that %d are owed", got)
	}
}

// TestCopyGoesOnBehindWhatWasDrawn demands that no position is given twice: neither that of a row that came along, nor
// that of one which was swept before.
func TestCopyGoesOnBehindWhatWasDrawn(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	for _, swept := range []string{"position > 200", "true"} { // Of 200 and 201.
		first, cfg := inFile(t)
		filled(t, cfg)
		execute(t, cfg.File, `DELETE FROM outbox WHERE `+swept)
		drawn := value[int64](t, cfg.File, `SELECT seq FROM sqlite_sequence WHERE name = 'outbox'`)
		second, dsn := inDatabase(t)
		copied(t, first, second)
		for table, want := range map[string]int64{"outbox": drawn, "stock_movements": 201, "customer_consents": 202} {
			query := fmt.Sprintf(`SELECT nextval(pg_get_serial_sequence('commerce.%s', 'position'))`, table)
			if got := valueOf[int64](t, dsn, query); got != want+1 {
				t.Errorf("%s: the next position is %d, want the one behind %d", table, got, want)
			}
		}
		last, back := inFile(t)
		copied(t, second, last)
		if got := value[int64](t, back.File, `SELECT seq FROM sqlite_sequence WHERE name = 'outbox'`); got != drawn+1 {
			t.Errorf("the file goes on behind %d, and the database had drawn %d", got, drawn+1)
		}
	}
}

// TestCopyIsWholeOrNothing interrupts copies after each phase has begun.
func TestCopyIsWholeOrNothing(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	first, cfg := inFile(t)
	filled(t, cfg)
	for _, phase := range []carry.Phase{carry.Copies, carry.Checks, carry.Derives} {
		file, _ := inFile(t)
		base, _ := inDatabase(t)
		for _, to := range []copyPlace{file, base} {
			ctx, cancel := context.WithCancel(t.Context())
			_, err := copyShop(ctx, first, to, func(p carry.Progress) {
				if p.Phase == phase && (p.Rows > 40 || p.Products > 0) {
					cancel()
				}
			})
			cancel()
			if err == nil {
				t.Fatalf("%s, interrupted while %s, ended well", to.name, phase)
			}
			copied(t, first, to) // As into an empty one.
		}
	}
}

// TestCopyRefuses tries targets that hold something, each table of them, and a target that is the source.
func TestCopyRefuses(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	first, cfg := inFile(t)
	filled(t, cfg)
	full, _ := inDatabase(t)
	copied(t, first, full)
	var holding *carry.NotEmptyError
	if _, err := copyShop(t.Context(), first, full, func(carry.Progress) {}); !errors.As(err, &holding) || len(holding.Tables) < len(carry.Tables) {
		t.Errorf("a full database: %v", err)
	}
	if _, err := copyShop(t.Context(), full, full, func(carry.Progress) {}); !errors.Is(err, carry.ErrInUse) {
		t.Errorf("a database into itself: %v", err)
	}
	for _, table := range carry.Tables {
		file, _ := inFile(t)
		holdsOne(t, file, table, rowsFor(t, cfg.File, table)[0])
	}
}

// holdsOne demands that a target with one row of a table is seen to hold it, and nothing else.
func holdsOne(t *testing.T, to copyPlace, table *carry.Table, row carry.Row) {
	t.Helper()
	target, err := to.target(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer target.Close()
	if err := target.Put(t.Context(), table, []carry.Row{row}); err != nil {
		t.Fatalf("%s: %v", table.Name, err)
	}
	if held, err := target.Held(t.Context()); err != nil || !slices.Equal(held, []string{table.Name}) {
		t.Errorf("with a row of %s it is seen to hold %v, %v", table.Name, held, err)
	}
}

// TestCopyKnowsEverything adds a table and a column to each store, which no copy may take or leave.
func TestCopyKnowsEverything(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	for _, statement := range []string{`CREATE TABLE new (id TEXT)`, `ALTER TABLE orders ADD COLUMN new TEXT`, `ALTER TABLE blobs RENAME COLUMN content TO body`} {
		file, cfg := inFile(t)
		base, dsn := inDatabase(t)
		execute(t, cfg.File, statement)
		executeIn(t, dsn, strings.NewReplacer("TABLE ", "TABLE commerce.").Replace(statement))
		for _, k := range []copyPlace{file, base} {
			if s, err := k.source(t.Context()); err == nil || !strings.Contains(err.Error(), "has no place in it") {
				t.Errorf("%s, after %s: %v", k.name, statement, err)
				if err == nil {
					s.Close()
				}
			}
			if s, err := k.target(t.Context()); err == nil || !strings.Contains(err.Error(), "has no place in it") {
				t.Errorf("%s as a target, after %s: %v", k.name, statement, err)
				if err == nil {
					s.Close()
				}
			}
		}
	}
}

// filled fills every table of an empty file.
func filled(t *testing.T, cfg sqlite.Config) {
	t.Helper()
	target, err := sqlite.OpenTarget(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer target.Close()
	for _, table := range carry.Tables {
		if err := target.Put(t.Context(), table, rowsFor(t, cfg.File, table)); err != nil {
			t.Fatalf("%s: %v", table.Name, err)
		}
	}
	if err := target.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// rowsFor makes a row of a table with a value in every column, and one with none where none may be.
func rowsFor(t *testing.T, file string, table *carry.Table) []carry.Row {
	t.Helper()
	optional := map[string]bool{}
	db := openFile(t, file)
	rows, err := db.QueryContext(t.Context(), `SELECT name FROM pragma_table_info(?1) WHERE "notnull" = 0 AND pk = 0`, table.Name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		optional[name] = true
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	full, bare := make(carry.Row, len(table.Columns)), make(carry.Row, len(table.Columns))
	for i, c := range table.Columns {
		full[i], bare[i] = valueFor(t, table, c, 1, i), valueFor(t, table, c, 2, i)
		if optional[c.Name] {
			bare[i] = nil
		}
	}
	if table.Name == "catalog_structure" { // It has one row.
		return []carry.Row{full}
	}
	return []carry.Row{full, bare}
}

// plain are values that what is made of rows can read.
var plain = map[string]any{
	"currency": "GBP", "reserved": int64(1), "tags": `["a","é\u2028"]`, "seo": "{}", "metadata": `{"<k>":"v & w"}`, "publication": "{}", "listings": "[]",
	"translations": "{}", "options": "[]", "media": "[]", "windows": "[]", "past": "[]", "lines": "[]", "variants.kind": "text", "kind": "brand",
}

// valueFor makes a value of a column for the n-th row.
func valueFor(t *testing.T, table *carry.Table, c carry.Column, n, i int) any {
	t.Helper()
	if v, found := plain[c.Name]; found && (c.Name != "kind" || table.Name == "given_slugs") {
		if c.Name == "lines" && n == 2 {
			return `[{"a":1}]`
		}
		return v
	}
	var id [16]byte
	binary.BigEndian.PutUint64(id[8:], uint64(n)) //nolint:gosec // It is small.
	text := func(prefix string) string {
		out, err := carry.IDText(prefix, id)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	switch c.Kind {
	case carry.Int:
		return int64(200 + n - 1 + i)
	case carry.Flag:
		return int64(2 - n)
	case carry.Time:
		switch c.Name {
		case "shown_from":
			return []any{int64(carry.Always), int64(carry.Never)}[n-1]
		case "shown_until":
			return []any{int64(carry.Never), int64(carry.Always)}[n-1]
		}
		return int64(1_700_000_000_123_456*(2-n) - 62_135_596_800_000_000*(n-1) + i) // Now, and the first year.
	case carry.Bytes:
		return [][]byte{{0, 255, byte(i)}, {}}[n-1]
	case carry.UUID:
		return id[:]
	case carry.ID, carry.NoID, carry.BareID:
		return text(c.Prefix)
	case carry.SlugID:
		return text("brd")
	case carry.Path:
		return "/" + text(c.Prefix) + "/" + text(c.Prefix) + "/"
	case carry.JSON:
		return []any{`{"a":null,"b":[1,-9223372036854775808,2.50,"é\u2028<&>"],"longer":{"x":true}}`, "null"}[n-1]
	case carry.Raw:
		return `{ "z":1.0, "a" : "as it is" }`
	case carry.IDs:
		return []any{`["` + text(c.Prefix) + `"]`, "[]"}[n-1]
	case carry.Texts:
		return []any{`["a","b \"c\"",""]`, "[]"}[n-1]
	case carry.Times:
		return []any{`[1700000000123456,1700000000123457]`, "[]"}[n-1]
	default:
		return fmt.Sprintf("Text%d.%d", n, i)
	}
}

// openFile opens a file by itself.
func openFile(t *testing.T, file string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.ToSlash(file))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// execute runs statements on a file.
func execute(t *testing.T, file string, statements ...string) {
	t.Helper()
	db := openFile(t, file)
	for _, s := range statements {
		if _, err := db.ExecContext(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

// value reads a value from a file.
func value[T any](t *testing.T, file, query string) (out T) {
	t.Helper()
	if err := openFile(t, file).QueryRowContext(t.Context(), query).Scan(&out); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return out
}

// executeIn runs a statement in a database.
func executeIn(t *testing.T, dsn, statement string) {
	t.Helper()
	if _, err := connect(t, dsn).Exec(t.Context(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// valueOf reads a value from a database.
func valueOf[T any](t *testing.T, dsn, query string) (out T) {
	t.Helper()
	if err := connect(t, dsn).QueryRow(t.Context(), query).Scan(&out); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return out
}
