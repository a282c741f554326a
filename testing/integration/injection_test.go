package integration_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/testing/shopapitest"
)

// untouched are the tables that only what these parts of a path write may change; with none, nothing over HTTP does.
var untouched = map[string][]string{
	"products": {"/admin/products", "/admin/imports"}, "variants": {"/admin/products", "/admin/imports"}, "product_brands": {"/admin/products", "/admin/brands", "/admin/imports"},
	"product_categories": {"/admin/"}, "categories": {"/admin/"}, "brands": {"/admin/"}, "collections": {"/admin/"}, "collection_products": {"/admin/"},
	"slug_history": {"/admin/"}, "given_slugs": {"/admin/"}, "prices": {"/admin/products", "/admin/prices", "/admin/imports"}, "price_history": {"/admin/products", "/admin/prices", "/admin/imports"},
	"stock_locations": {"/admin/stock", "/admin/locations"}, "stock_policies": {"/admin/stock", "/admin/products", "/admin/imports"},
	"roles": {"/admin/roles"}, "accounts": {"/customers", "/sessions", "/me", "/admin/staff", "/admin/customers"}, "customers": {"/customers", "/me", "/admin/customers"},
	"customer_consents": {"/customers", "/me", "/admin/customers"}, "customer_groups": {"/admin/"}, "settings": nil, "schema_version": nil,
}

// TestInjection puts commands for the database into every text that an operation takes. None is obeyed: no answer waits
// for one that sleeps, the schema is what it was, tables that nobody wrote to hold what they held, and carts and orders
// are as many more as answers told of, but for those whose answer was lost.
func TestInjection(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	dsn := database(t)
	target, _ := besieged(t, []string{"--store", "postgres", "--database-url", dsn, "--conns", "8"})
	conn := connect(t, dsn)
	schema, before, carts, orders := fingerprint(t, conn), heldBy(t, conn), rowsOf(t, conn, "carts"), rowsOf(t, conn, "orders")
	plan := siege(t)
	if plan.Kind = "injection"; plan.Cases == 0 {
		plan.Cases = 80
	}
	report := shopapitest.Hostile(t, target, plan)
	t.Logf("%d requests", report.Sent)
	if now := fingerprint(t, conn); now != schema {
		t.Error("the schema is no longer what it was")
	}
	after := heldBy(t, conn)
	for _, table := range slices.Sorted(maps.Keys(untouched)) {
		written := slices.ContainsFunc(slices.Collect(maps.Keys(report.Accepted)), func(op string) bool {
			return !strings.HasPrefix(op, "GET ") && slices.ContainsFunc(untouched[table], func(part string) bool { return strings.Contains(op, part) })
		})
		if after[table] != before[table] && !written {
			t.Errorf("%s no longer holds what it held, and nobody wrote to it", table)
		}
	}
	if grown, told := rowsOf(t, conn, "carts")-carts, report.Accepted["POST /api/v1/carts"]; grown < told || grown > told+report.Lost+report.Accepted["POST /api/v1/me/cart"] {
		t.Errorf("%d carts more, answers told of %d", grown, told)
	}
	told := 0 // A declined payment leaves an order too.
	for line, times := range report.Answers {
		if strings.HasPrefix(line, "POST /api/v1/carts/{cart}/checkout 201") || strings.HasPrefix(line, "POST /api/v1/carts/{cart}/checkout 402") {
			told += times
		}
	}
	if grown := rowsOf(t, conn, "orders") - orders; grown < told || grown > told+report.Lost {
		t.Errorf("%d orders more, answers told of %d", grown, told)
	}
}

// fingerprint is a hash of everything that is defined in the database.
func fingerprint(t *testing.T, conn *pgx.Conn) string {
	t.Helper()
	return queryText(t, conn, `SELECT md5(string_agg(line, E'\n' ORDER BY line)) FROM (
		SELECT concat_ws(' ', table_schema, table_name, column_name, data_type, column_default, is_nullable) AS line FROM information_schema.columns
		UNION ALL SELECT concat_ws(' ', schemaname, indexname, indexdef) FROM pg_indexes
		UNION ALL SELECT concat_ws(' ', pronamespace::regnamespace, proname, md5(prosrc)) FROM pg_proc
		UNION ALL SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint
		UNION ALL SELECT concat_ws(' ', rolname, rolsuper, rolcanlogin) FROM pg_roles
		UNION ALL SELECT concat_ws(' ', tgrelid::regclass, tgname) FROM pg_trigger) AS parts`)
}

// heldBy are hashes of what the untouched tables hold.
func heldBy(t *testing.T, conn *pgx.Conn) map[string]string {
	t.Helper()
	out := make(map[string]string)
	for table := range untouched {
		name := pgx.Identifier{"commerce", table}.Sanitize()
		out[table] = queryText(t, conn, `SELECT count(*) || ' ' || coalesce(md5(string_agg(row::text, E'\n' ORDER BY row::text)), '') FROM `+name+` AS row`)
	}
	return out
}

func queryText(t *testing.T, conn *pgx.Conn, query string) string {
	t.Helper()
	var out string
	if err := conn.QueryRow(t.Context(), query).Scan(&out); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return out
}

func rowsOf(t *testing.T, conn *pgx.Conn, table string) int {
	t.Helper()
	var n int
	if err := conn.QueryRow(t.Context(), "SELECT count(*) FROM "+pgx.Identifier{"commerce", table}.Sanitize()).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
