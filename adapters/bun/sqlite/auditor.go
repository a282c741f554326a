package sqlite

import (
	"context"
	"database/sql"
	"slices"

	"github.com/ipswich-retail/commerce/adapters/bun/internal/mapping"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
)

var (
	_ ordering.Auditor  = Orders{}
	_ inventory.Auditor = Stock{}
	_ pricing.Auditor   = Prices{}
)

const (
	sqlAuditCarts = `SELECT (SELECT json_group_array(o.id) FROM (SELECT id FROM orders WHERE cart = c.id AND status <> 'cancelled' ORDER BY id) o), ` +
		cartColumns + ` FROM carts c WHERE id > ?1 ORDER BY id LIMIT ?2`
	// One statement, which sees one moment. It adds up all claims for each page, for there is no index of claims by SKU: it
	// would cost every order something. So ask for large pages.
	sqlAuditLevels = `WITH m AS (
			SELECT sku, location, count(*) AS n, sum(on_hand) AS on_hand, sum(reserved) AS reserved,
				coalesce(sum(-on_hand) FILTER (WHERE kind = 'consume'), 0) AS gone
			FROM stock_movements GROUP BY sku, location
		), p AS (
			SELECT sku, e.value ->> 'location' AS location, e.value ->> 'quantity' AS quantity, 1 AS held FROM stock_claims, json_each(parts) e
			UNION ALL SELECT sku, e.value ->> 'location', e.value ->> 'quantity', 0 FROM stock_claims, json_each(sent) e
		), c AS (
			SELECT sku, location, coalesce(sum(quantity) FILTER (WHERE held), 0) AS held, coalesce(sum(quantity) FILTER (WHERE NOT held), 0) AS gone
			FROM p GROUP BY sku, location
		), k AS (
			SELECT sku, location FROM stock_levels UNION SELECT sku, location FROM m UNION SELECT sku, location FROM c
		)
		SELECT k.sku, k.location, coalesce(l.on_hand, 0), coalesce(l.reserved, 0), coalesce(m.n, 0), coalesce(m.on_hand, 0), coalesce(m.reserved, 0),
			coalesce(c.held, 0), coalesce(c.gone, 0), coalesce(m.gone, 0)
		FROM k LEFT JOIN stock_levels l USING (sku, location) LEFT JOIN m USING (sku, location) LEFT JOIN c USING (sku, location)
		WHERE (k.sku, k.location) > (?1, ?2) ORDER BY k.sku, k.location LIMIT ?3`
	sqlAuditPromises = `WITH c AS (SELECT sku, sum(owed) AS owed FROM stock_claims WHERE owed > 0 GROUP BY sku)
		SELECT sku, coalesce(p.owed, 0), coalesce(c.owed, 0) FROM (SELECT sku FROM stock_policies UNION SELECT sku FROM c)
			LEFT JOIN stock_policies p USING (sku) LEFT JOIN c USING (sku)
		WHERE sku > ?1 ORDER BY sku LIMIT ?2`
)

// AuditOrders gives orders with what must agree with them, in one snapshot.
func (p Orders) AuditOrders(ctx context.Context, after ref.OrderID, limit int) (out []ordering.OrderAudit, err error) {
	err = p.s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		ids, err := rowsOf(ctx, tx, scanID[ref.OrderKind], `SELECT id FROM orders WHERE id > ?1 ORDER BY id LIMIT ?2`, after.String(), max(limit, 0))
		if err != nil {
			return err
		}
		items, err := readOrders(ctx, tx, ids)
		if err != nil {
			return err
		}
		claims, err := claimFacts(ctx, tx, items)
		for _, item := range items {
			audit := ordering.OrderAudit{Order: item.Order, Payments: item.Payments}
			for _, c := range item.Order.Claims() {
				if fact, known := claims[c.Claim]; known {
					audit.Claims = append(audit.Claims, fact)
				}
			}
			out = append(out, audit)
		}
		return err
	})
	slices.SortFunc(out, func(a, b ordering.OrderAudit) int { return a.Order.ID.Compare(b.Order.ID) })
	return out, err
}

// claimFacts reads the claims of orders, in the words of ordering.
func claimFacts(ctx context.Context, tx *sql.Tx, items []ordering.ListedOrder) (map[ref.ClaimID]ordering.ClaimFact, error) {
	var ids []ref.ClaimID
	for _, item := range items {
		for _, c := range item.Order.Claims() {
			ids = append(ids, c.Claim)
		}
	}
	claims, err := rowsOf(ctx, tx, scanClaim, sqlNamedClaims, idTexts(ids))
	out := make(map[ref.ClaimID]ordering.ClaimFact, len(claims))
	for _, c := range claims {
		out[c.ID] = mapping.ClaimFact(c)
	}
	return out, err
}

// AuditCarts gives carts with their live orders, in one statement.
func (p Orders) AuditCarts(ctx context.Context, after ref.CartID, limit int) ([]ordering.CartAudit, error) {
	key := after.Bytes()
	return rowsOf(ctx, p.s.reader, func(row scanned) (a ordering.CartAudit, err error) {
		a.Cart, err = scanCart(withLive{row: row, live: &a.Live})
		return a, err
	}, sqlAuditCarts, key[:], max(limit, 0))
}

// withLive reads the live orders of a cart before its columns.
type withLive struct {
	row  scanned
	live *[]ref.OrderID
}

// Scan is a row's.
func (w withLive) Scan(into ...any) error {
	return w.row.Scan(append([]any{intoList(w.live)}, into...)...)
}

// ClaimsOf gives the ids of the claims that orders have.
func (p Orders) ClaimsOf(ctx context.Context, orders []ref.OrderID) (map[ref.OrderID][]ref.ClaimID, error) {
	out := make(map[ref.OrderID][]ref.ClaimID, len(orders))
	err := p.s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		items, err := readOrders(ctx, tx, orders)
		for _, item := range items {
			list := []ref.ClaimID{}
			for _, c := range item.Order.Claims() {
				list = append(list, c.Claim)
			}
			out[item.Order.ID] = list
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// AuditLevels gives levels with their sums.
func (p Stock) AuditLevels(ctx context.Context, after inventory.LevelKey, limit int) ([]inventory.LevelAudit, error) {
	return rowsOf(ctx, p.s.reader, func(row scanned) (a inventory.LevelAudit, err error) {
		err = row.Scan(&a.SKU, &a.Location, &a.OnHand, &a.Reserved, &a.Movements, &a.OnHandSum, &a.ReservedSum, &a.Held, &a.Gone, &a.GoneSum)
		return a, err
	}, sqlAuditLevels, string(after.SKU), string(after.Location), max(limit, 0))
}

// AuditClaims gives claims.
func (p Stock) AuditClaims(ctx context.Context, after ref.ClaimID, limit int) ([]inventory.Claim, error) {
	return rowsOf(ctx, p.s.reader, scanClaim, `SELECT `+claimColumns+` FROM stock_claims WHERE id > ?1 ORDER BY id LIMIT ?2`, after.String(), max(limit, 0))
}

// AuditPromises gives what is owed.
func (p Stock) AuditPromises(ctx context.Context, after ref.SKU, limit int) ([]inventory.PromiseAudit, error) {
	return rowsOf(ctx, p.s.reader, func(row scanned) (a inventory.PromiseAudit, err error) {
		err = row.Scan(&a.SKU, &a.Owed, &a.OwedSum)
		return a, err
	}, sqlAuditPromises, string(after), max(limit, 0))
}

// AuditPrices gives the keys of plans.
func (p Prices) AuditPrices(ctx context.Context, after pricing.Key, limit int) ([]pricing.Key, error) {
	return rowsOf(ctx, p.s.reader, func(row scanned) (k pricing.Key, err error) {
		var currency string
		if err := row.Scan(intoID(&k.Variant), &k.Channel, &currency); err != nil {
			return k, err
		}
		k.Currency, err = money.CurrencyOf(currency)
		return k, err
	}, `SELECT variant_id, channel, currency FROM prices WHERE (variant_id, channel, currency) > (?1, ?2, ?3)
		ORDER BY variant_id, channel, currency LIMIT ?4`, after.Variant.String(), string(after.Channel), after.Currency.Code(), max(limit, 0))
}
