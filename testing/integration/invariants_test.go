package integration_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// invariants are statements that count what must not be. They are asked in one snapshot, so they hold at every moment,
// under load too.
var invariants = []struct{ name, sql string }{
	{"a level is within its bounds", `SELECT count(*) FROM commerce.stock_levels WHERE NOT (0 <= reserved AND reserved <= on_hand)`},
	{"the movements of a level add up to it", `SELECT count(*) FROM commerce.stock_levels l
		FULL JOIN (SELECT shop, sku, location, sum(on_hand) AS on_hand, sum(reserved) AS reserved FROM commerce.stock_movements GROUP BY 1, 2, 3) m
		USING (shop, sku, location)
		WHERE (l.on_hand, l.reserved) IS DISTINCT FROM (m.on_hand::bigint, m.reserved::bigint)`},
	{"the held claims of a level add up to what is reserved", `SELECT count(*) FROM commerce.stock_levels l
		FULL JOIN (SELECT shop, sku, p->>'location' AS location, sum((p->>'quantity')::bigint) AS held
			FROM commerce.stock_claims, jsonb_array_elements(parts) p WHERE state = 'held' GROUP BY 1, 2, 3) c
		USING (shop, sku, location) WHERE coalesce(l.reserved, 0) <> coalesce(c.held, 0)`},
	{"a line has its claim, held as long as the order lives", `SELECT count(*) FROM commerce.order_lines l JOIN commerce.orders o ON o.shop = l.shop AND o.id = l.order_id
		LEFT JOIN commerce.stock_claims c ON c.shop = l.shop AND c.id = l.claim_id
		WHERE c.state IS DISTINCT FROM CASE WHEN o.status = 'cancelled' THEN 'released' ELSE 'held' END OR c.sku <> l.sku
			OR c.freed + c.owed + (SELECT coalesce(sum((p->>'quantity')::bigint), 0) FROM jsonb_array_elements(c.parts || c.sent) p) <> l.quantity`},
	{"only a held claim holds or is owed something", `SELECT count(*) FROM commerce.stock_claims
		WHERE (state = 'held') <> (owed > 0 OR parts <> '[]')`},
	{"what claims are owed adds up to what is owed of a SKU", `SELECT count(*) FROM commerce.stock_policies p
		FULL JOIN (SELECT shop, sku, sum(owed) AS owed FROM commerce.stock_claims WHERE owed > 0 GROUP BY 1, 2) c USING (shop, sku)
		WHERE coalesce(p.owed, 0) <> coalesce(c.owed, 0)`},
	{"nothing lies free while a claim is owed", `SELECT count(*) FROM commerce.stock_policies p
		WHERE owed > 0 AND (SELECT sum(on_hand - reserved) FROM commerce.stock_levels l WHERE l.shop = p.shop AND l.sku = p.sku) > 0`},
	{"a claim belongs to a line", `SELECT count(*) FROM commerce.stock_claims c
		WHERE NOT EXISTS (SELECT FROM commerce.order_lines l WHERE l.shop = c.shop AND l.claim_id = c.id)`},
	{"an order's total is the sum of its parts", `SELECT count(*) FROM commerce.orders o
		WHERE total <> subtotal - discount + shipping + tax OR least(total, subtotal, discount, shipping, tax) < 0
			OR subtotal IS DISTINCT FROM (SELECT sum(l.total)::bigint FROM commerce.order_lines l WHERE l.shop = o.shop AND l.order_id = o.id)`},
	{"an order has one payment, of its total", `SELECT count(*) FROM commerce.orders o
		WHERE (SELECT array_agg(p.amount) FROM commerce.payments p WHERE p.shop = o.shop AND p.order_id = o.id AND p.currency = o.currency)
			IS DISTINCT FROM ARRAY[o.total]`},
	{"a cart has one live order", `SELECT count(*) FROM (SELECT FROM commerce.orders WHERE status <> 'cancelled' GROUP BY shop, cart HAVING count(*) > 1) twice`},
	{"a completed cart has its order, an active one has none", `SELECT count(*) FROM commerce.carts c
		LEFT JOIN commerce.orders o ON o.shop = c.shop AND o.cart = c.id AND o.status <> 'cancelled'
		WHERE c.order_id IS DISTINCT FROM o.id OR (c.status = 'completed') <> (o.id IS NOT NULL)`},
	{"an order was begun by one command", `SELECT abs((SELECT count(*) FROM commerce.orders) - (SELECT count(DISTINCT subject) FROM commerce.commands))
		+ (SELECT count(*) - count(DISTINCT subject) FROM commerce.commands)`},
	{"a placed order was told of once", `SELECT abs((SELECT count(*) FROM commerce.orders WHERE status IN ('placed', 'completed'))
			- (SELECT count(DISTINCT aggregate) FROM commerce.outbox WHERE name = 'ordering.order_placed'))
		+ (SELECT count(*) - count(DISTINCT aggregate) FROM commerce.outbox WHERE name = 'ordering.order_placed')`},
	{"a cancelled order was told of once", `SELECT abs((SELECT count(*) FROM commerce.orders WHERE status = 'cancelled')
			- (SELECT count(DISTINCT aggregate) FROM commerce.outbox WHERE name = 'ordering.order_cancelled'))
		+ (SELECT count(*) - count(DISTINCT aggregate) FROM commerce.outbox WHERE name = 'ordering.order_cancelled')`},
}

// broken asks which invariants do not hold.
func broken(ctx context.Context, conn *pgx.Conn) ([]string, error) {
	parts := make([]string, len(invariants))
	for i, inv := range invariants {
		parts[i] = "SELECT '" + strings.ReplaceAll(inv.name, "'", "''") + "' AS name, (" + inv.sql + ") AS n"
	}
	rows, err := conn.Query(ctx, "SELECT name, n FROM ("+strings.Join(parts, " UNION ALL ")+") found WHERE n <> 0")
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (string, error) {
		var name string
		var n int64
		err := row.Scan(&name, &n)
		return fmt.Sprintf("%s: broken %d times", name, n), err
	})
}

// wantInvariants fails when an invariant does not hold.
func wantInvariants(t *testing.T, conn *pgx.Conn) {
	t.Helper()
	found, err := broken(t.Context(), conn)
	if err != nil {
		t.Fatalf("asking for the invariants: %v", err)
	}
	for _, f := range found {
		t.Error(f)
	}
}

// connect opens a connection that is closed with the test.
func connect(t testing.TB, dsn string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatalf("connecting: %v", err)
	}
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) })
	return conn
}

// number asks for one number.
func number(t testing.TB, conn *pgx.Conn, sql string) int64 {
	t.Helper()
	var n int64
	if err := conn.QueryRow(t.Context(), sql).Scan(&n); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return n
}
