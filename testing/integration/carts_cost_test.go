package integration_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
)

// TestFindingCartsAndOrdersByIndex fills the tables with what nobody looks for, and demands that each way to find carts
// and the orders of one person takes its index, in a fixed number of statements.
func TestFindingCartsAndOrdersByIndex(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	dsn := database(t)
	p, proxied := newProxy(t, dsn)
	cfg := small(proxied)
	cfg.Conns = 1
	s, direct := openPostgres(t, cfg), connect(t, dsn)
	for _, sql := range []string{
		`INSERT INTO commerce.carts (shop, id, version, status, channel, currency, lines, customer, created_at, updated_at)
			SELECT 0, decode(lpad(to_hex(n), 40, '0'), 'hex'), 1, (ARRAY['active', 'abandoned', 'expired', 'merged', 'completed'])[n % 5 + 1], 'web', 'GBP',
				CASE n % 3 WHEN 0 THEN '[]' WHEN 1 THEN 'null' ELSE '[{"quantity": 1}]' END::jsonb, gen_random_uuid(), now(), now() - n * interval '1 second'
			FROM generate_series(1, 20000) n`,
		`INSERT INTO commerce.orders (shop, id, version, number, status, reason, channel, locale, email, currency, subtotal, discount, shipping, tax, total,
				shipping_lines, shipping_address, timeline, customer, created_at, updated_at)
			SELECT 0, gen_random_uuid(), 1, n::text, 'placed', '', 'web', 'en', 'Guest' || n || '@example.org', 'GBP', 1, 0, 0, 0, 1, '[]', '{}', '[]',
				CASE WHEN n % 2 = 0 THEN gen_random_uuid() END, now() - n * interval '1 second', now()
			FROM generate_series(1, 20000) n`,
		`INSERT INTO commerce.order_lines (shop, order_id, position, id, variant_id, product_id, sku, title, variant_title, quantity, unit_price, total, claim_id)
			SELECT 0, id, 0, id, id, id, 'S', '', '', 1, 1, 1, id FROM commerce.orders`,
		`INSERT INTO commerce.payments (shop, id, version, order_id, provider, currency, amount, entries)
			SELECT 0, id, 1, id, 'till', 'GBP', 1, '[]' FROM commerce.orders`,
		"ANALYZE commerce.carts, commerce.orders, commerce.order_lines, commerce.payments",
		"SET plan_cache_mode = force_generic_plan",
	} {
		if _, err := direct.Exec(t.Context(), sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	who := ref.NewID[ref.CustomerKind](ref.UUID{1})
	const moment, uuid = "'2026-11-23 09:30:00Z'", "'01000000-0000-7000-8000-000000000000'"
	prepared := 0
	for name, tc := range map[string]struct {
		read  func() error
		args  string
		index string
		trips int // Statements, BEGIN and COMMIT aside.
	}{
		"a cart": {func() error {
			_, err := s.Carts().OfCustomer(t.Context(), who, ref.DefaultChannel, money.GBP)
			return err
		}, "0, " + uuid + ", 'web', 'GBP'", "carts_", 1},
		"idle carts": {func() error {
			_, err := s.Carts().Idle(t.Context(), ordering.IdleCarts{Status: ordering.CartActive, Until: orderingtest.Moment(), Limit: 50})
			return err
		}, "0, 'active', false, " + moment + ", 50", "carts_idle", 1},
		"a customer's orders": {func() error {
			_, err := s.CustomerOrders().OfCustomer(t.Context(), who, nil, 20)
			return err
		}, "0, " + uuid + ", " + moment + ", " + uuid + ", 20", "orders_customer", 4},
		"a guest's orders": {func() error {
			_, err := s.CustomerOrders().OfGuest(t.Context(), "guest1@example.org", nil, 20)
			return err
		}, "0, 'guest1@example.org', " + moment + ", " + uuid + ", 20", "orders_guest", 4},
	} {
		before := p.texts()
		if err := tc.read(); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		texts := slices.DeleteFunc(newTexts(before, p.texts()), func(sql string) bool { return !strings.Contains(sql, "commerce.") })
		if len(texts) != tc.trips {
			t.Errorf("%s takes %d statements, want %d: %q", name, len(texts), tc.trips, texts)
		}
		for _, sql := range texts {
			prepared++
			query := fmt.Sprintf("q%d", prepared)
			if _, err := direct.Exec(t.Context(), "PREPARE "+query+" AS "+sql); err != nil {
				t.Fatalf("%s: %v", sql, err)
			}
			rows, err := direct.Query(t.Context(), "EXPLAIN EXECUTE "+query+"("+tc.args+")")
			if err != nil {
				t.Fatalf("explaining %s: %v", sql, err)
			}
			var plan strings.Builder
			for rows.Next() {
				var text string
				if err := rows.Scan(&text); err != nil {
					t.Fatal(err)
				}
				plan.WriteString(text + "\n")
			}
			rows.Close()
			if got := plan.String(); !strings.Contains(got, tc.index) || strings.Contains(got, "Seq Scan") {
				t.Errorf("%s does not go by %s:\n%s\n%s", name, tc.index, sql, got)
			}
		}
	}
}

// newTexts are the statements that came since: those of each connection stand together, so they are not the last ones.
func newTexts(before, after []string) []string {
	seen := make(map[string]int)
	for _, sql := range before {
		seen[sql]++
	}
	var out []string
	for _, sql := range after {
		if seen[sql]--; seen[sql] < 0 {
			out = append(out, sql)
		}
	}
	return out
}
