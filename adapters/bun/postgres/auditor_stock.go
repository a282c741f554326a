package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

var (
	_ inventory.Auditor   = Stock{}
	_ ports.OutboxAuditor = Outbox{}
	_ pricing.Auditor     = Prices{}
)

// One statement, which sees one moment. It adds up all claims for each page, for there is no index of claims by SKU: it
// would cost every order something. So ask for large pages.
const sqlAuditLevels = `WITH m AS (
		SELECT sku, location, count(*) AS n, sum(on_hand)::bigint AS on_hand, sum(reserved)::bigint AS reserved,
			coalesce(sum(-on_hand) FILTER (WHERE kind = 'consume'), 0)::bigint AS gone
		FROM commerce.stock_movements WHERE shop = $1 GROUP BY 1, 2
	), p AS ( -- The parts of a claim that was consumed are those that left, as the first release wrote it.
		SELECT sku, e->>'location' AS location, (e->>'quantity')::bigint AS quantity, state = 'held' AS held
			FROM commerce.stock_claims CROSS JOIN LATERAL jsonb_array_elements(parts) e WHERE shop = $1 AND state IN ('held', 'consumed')
		UNION ALL SELECT sku, e->>'location', (e->>'quantity')::bigint, false
			FROM commerce.stock_claims CROSS JOIN LATERAL jsonb_array_elements(sent) e WHERE shop = $1
	), c AS (
		SELECT sku, location, coalesce(sum(quantity) FILTER (WHERE held), 0)::bigint AS held,
			coalesce(sum(quantity) FILTER (WHERE NOT held), 0)::bigint AS gone FROM p GROUP BY 1, 2
	), l AS (
		SELECT sku, location, on_hand, reserved FROM commerce.stock_levels WHERE shop = $1
	)
	SELECT sku, location, coalesce(l.on_hand, 0), coalesce(l.reserved, 0), coalesce(m.n, 0), coalesce(m.on_hand, 0), coalesce(m.reserved, 0),
		coalesce(c.held, 0), coalesce(c.gone, 0), coalesce(m.gone, 0)
	FROM l FULL JOIN m USING (sku, location) FULL JOIN c USING (sku, location)
	WHERE (sku COLLATE "C", location COLLATE "C") > ($2, $3) ORDER BY sku COLLATE "C", location COLLATE "C" LIMIT $4`

// AuditLevels gives levels with their sums.
func (p Stock) AuditLevels(ctx context.Context, after inventory.LevelKey, limit int) ([]inventory.LevelAudit, error) {
	rows, err := p.s.pool.Query(ctx, sqlAuditLevels, p.s.cfg.Shop, string(after.SKU), string(after.Location), limit)
	if err != nil {
		return nil, readError(err)
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (a inventory.LevelAudit, err error) {
		err = row.Scan(&a.SKU, &a.Location, &a.OnHand, &a.Reserved, &a.Movements, &a.OnHandSum, &a.ReservedSum, &a.Held, &a.Gone, &a.GoneSum)
		return a, err
	})
	return out, readError(err)
}

// AuditClaims gives claims.
func (p Stock) AuditClaims(ctx context.Context, after ref.ClaimID, limit int) ([]inventory.Claim, error) {
	rows, err := p.s.pool.Query(ctx, `SELECT `+claimFields+` FROM commerce.stock_claims
		WHERE shop = $1 AND id > $2 ORDER BY id LIMIT $3`, p.s.cfg.Shop, [16]byte(after.UUID()), limit)
	if err != nil {
		return nil, readError(err)
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (inventory.Claim, error) { return scanClaim(row) })
	return out, readError(err)
}

// AuditPromises gives what is owed.
func (p Stock) AuditPromises(ctx context.Context, after ref.SKU, limit int) ([]inventory.PromiseAudit, error) {
	rows, err := p.s.pool.Query(ctx, `WITH p AS (SELECT sku, owed FROM commerce.stock_policies WHERE shop = $1),
			c AS (SELECT sku, sum(owed)::bigint AS owed FROM commerce.stock_claims WHERE shop = $1 AND owed > 0 GROUP BY 1)
		SELECT sku, coalesce(p.owed, 0), coalesce(c.owed, 0) FROM p FULL JOIN c USING (sku)
		WHERE sku COLLATE "C" > $2 ORDER BY sku COLLATE "C" LIMIT $3`, p.s.cfg.Shop, string(after), max(limit, 0))
	if err != nil {
		return nil, readError(err)
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (a inventory.PromiseAudit, err error) {
		err = row.Scan(&a.SKU, &a.Owed, &a.OwedSum)
		return a, err
	})
	return out, readError(err)
}

// AuditEvents gives events, whoever took them.
func (o Outbox) AuditEvents(ctx context.Context, after ports.Cursor, limit int) ([]ports.Delivery, error) {
	rows, err := o.s.pool.Query(ctx, `SELECT position, id, name, aggregate, at, data FROM commerce.outbox
		WHERE shop = $1 AND position > $2 ORDER BY position LIMIT $3`, o.s.cfg.Shop, int64(after.Position), limit)
	if err != nil {
		return nil, readError(err)
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (ports.Delivery, error) {
		var d ports.Delivery
		var position int64
		var id [16]byte
		var data []byte
		e := event.Event{}
		err := row.Scan(&position, &id, &e.Name, &e.Aggregate, &e.At, &data)
		e.ID, e.At, e.Data = ref.NewID[ref.EventKind](id), ref.Instant(e.At), data
		d.Event, d.Cursor, d.Partition = e, ports.Cursor{Position: uint64(position)}, ports.PartitionOf(e.Aggregate)
		return d, err
	})
	return out, readError(err)
}

// AuditPrices gives the keys of plans.
func (p Prices) AuditPrices(ctx context.Context, after pricing.Key, limit int) ([]pricing.Key, error) {
	rows, err := p.s.pool.Query(ctx, `SELECT variant_id, channel, currency FROM commerce.prices
		WHERE shop = $1 AND (variant_id, channel COLLATE "C", currency COLLATE "C") > ($2, $3, $4)
		ORDER BY variant_id, channel COLLATE "C", currency COLLATE "C" LIMIT $5`,
		p.s.cfg.Shop, [16]byte(after.Variant.UUID()), string(after.Channel), after.Currency.Code(), max(limit, 0))
	if err != nil {
		return nil, readError(err)
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (k pricing.Key, err error) {
		var id [16]byte
		var currency string
		if err := row.Scan(&id, &k.Channel, &currency); err != nil {
			return k, err
		}
		k.Variant = ref.NewID[ref.VariantKind](id)
		if k.Currency, err = money.CurrencyOf(currency); err != nil {
			return k, corrupt(err)
		}
		return k, nil
	})
	return out, readError(err)
}
