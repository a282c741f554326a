package postgres

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// sqlAvailability looks each SKU up by its keys, whatever the statistics say.
const sqlAvailability = `SELECT k.sku, l.n, l.on_hand, l.reserved, p.version, p.kind, p.most, p.until, p.owed
	FROM (SELECT DISTINCT unnest($2::text[])) AS k(sku)
	CROSS JOIN LATERAL (SELECT count(*) AS n, coalesce(sum(on_hand), 0)::bigint AS on_hand, coalesce(sum(reserved), 0)::bigint AS reserved
		FROM commerce.stock_levels WHERE shop = $1 AND sku = k.sku OFFSET 0) l
	LEFT JOIN LATERAL (SELECT version, kind, most, until, owed FROM commerce.stock_policies WHERE shop = $1 AND sku = k.sku OFFSET 0) p ON true
	WHERE l.n > 0 OR p.version IS NOT NULL`

// stockQuestion asks what can be sold of SKUs.
type stockQuestion []ref.SKU

// Availability reads what can be sold of each SKU that has a level or a policy, together with what others ask for at the
// same time.
func (p Stock) Availability(ctx context.Context, skus []ref.SKU) (map[ref.SKU]inventory.Availability, error) {
	return readTogether[map[ref.SKU]inventory.Availability](ctx, p.s, stockQuestion(skus), len(skus))
}

// queueAvailability asks with one statement.
func (p Stock) queueAvailability(b *pgx.Batch, questions []stockQuestion) func() ([]map[ref.SKU]inventory.Availability, error) {
	found := map[ref.SKU]inventory.Availability{}
	b.Queue(sqlAvailability, p.s.cfg.Shop, skuTexts(slices.Concat(questions...))).Query(func(rows pgx.Rows) error {
		var sku ref.SKU
		var levels, onHand, reserved int64
		var version, most, owed pgtype.Int8
		var kind pgtype.Text
		var until *time.Time
		_, err := pgx.ForEachRow(rows, []any{&sku, &levels, &onHand, &reserved, &version, &kind, &most, &until, &owed}, func() error {
			a := inventory.Availability{Counted: levels > 0, OnHand: onHand, Reserved: reserved}
			a.Policy = inventory.Policy{SKU: sku, Kind: inventory.Deny}
			if version.Valid {
				a.Policy = inventory.Policy{
					SKU: sku, Version: ref.Version(version.Int64), Kind: inventory.PolicyKind(kind.String), Limit: most.Int64, Until: instant(until),
				}
				a.Owed = owed.Int64
			}
			found[sku] = a
			return nil
		})
		return err
	})
	return func() ([]map[ref.SKU]inventory.Availability, error) {
		out := make([]map[ref.SKU]inventory.Availability, len(questions))
		for i, q := range questions {
			out[i] = make(map[ref.SKU]inventory.Availability, len(q))
			for _, sku := range q {
				if a, ok := found[sku]; ok {
					out[i][sku] = a
				}
			}
		}
		return out, nil
	}
}

// sqlPosition sees one moment.
const sqlPosition = `SELECT l.location, l.on_hand, l.reserved, m.n, m.on_hand, m.reserved,
		coalesce((SELECT owed FROM commerce.stock_policies WHERE shop = $1 AND sku = $2), 0),
		(SELECT coalesce(sum(owed), 0)::bigint FROM commerce.stock_claims WHERE shop = $1 AND sku = $2 AND owed > 0)
	FROM (SELECT count(*) AS n, coalesce(sum(on_hand), 0)::bigint AS on_hand, coalesce(sum(reserved), 0)::bigint AS reserved
		FROM commerce.stock_movements WHERE shop = $1 AND sku = $2) m
	LEFT JOIN commerce.stock_levels l ON l.shop = $1 AND l.sku = $2 ORDER BY l.location`

// Position reads levels and sums in one statement.
func (p Stock) Position(ctx context.Context, sku ref.SKU) (inventory.Position, error) {
	out := inventory.Position{SKU: sku}
	rows, err := p.s.pool.Query(ctx, sqlPosition, p.s.cfg.Shop, string(sku))
	if err != nil {
		return out, readError(err)
	}
	var location *string
	var onHand, reserved *int64
	into := []any{&location, &onHand, &reserved, &out.Movements, &out.OnHandSum, &out.ReservedSum, &out.Owed, &out.OwedSum}
	_, err = pgx.ForEachRow(rows, into, func() error {
		if location != nil {
			out.Levels = append(out.Levels, inventory.Level{
				LevelKey: inventory.LevelKey{SKU: sku, Location: inventory.Location(*location)}, OnHand: *onHand, Reserved: *reserved,
			})
		}
		return nil
	})
	return out, readError(err)
}

// Movements reads a page of a SKU's ledger by its index, the newest first, and one entry more to know whether more follow.
func (p Stock) Movements(ctx context.Context, sku ref.SKU, before uint64, limit int) (inventory.Movements, error) {
	if before == 0 || before > math.MaxInt64 {
		before = math.MaxInt64
	}
	limit = min(max(limit, 0), inventory.MovementsMax)
	rows, err := p.s.pool.Query(ctx, `SELECT position, location, kind, on_hand, reserved, on_hand_after, reserved_after, cause, reason, at
		FROM commerce.stock_movements WHERE shop = $1 AND sku = $2 AND position < $3 ORDER BY position DESC LIMIT $4`,
		p.s.cfg.Shop, string(sku), int64(before), int64(limit+1))
	if err != nil {
		return inventory.Movements{}, readError(err)
	}
	entries, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (inventory.Entry, error) {
		e := inventory.Entry{Movement: inventory.Movement{LevelKey: inventory.LevelKey{SKU: sku}}}
		var place int64
		err := row.Scan(&place, &e.Location, &e.Kind, &e.OnHand, &e.Reserved, &e.OnHandAfter, &e.ReservedAfter, &e.Cause, &e.Reason, &e.At)
		e.Place, e.At = uint64(place), ref.Instant(e.At)
		return e, err
	})
	if err != nil {
		return inventory.Movements{}, readError(err)
	}
	out := inventory.Movements{Entries: entries}
	if len(entries) > limit {
		out.Entries = entries[:limit]
		if limit > 0 {
			out.Next = entries[limit-1].Place
		}
	}
	return out, nil
}

// Lapsed reads held claims whose time was over, by their index, the longest over first.
func (p Stock) Lapsed(ctx context.Context, at time.Time, limit int) ([]inventory.Claim, error) {
	rows, err := p.s.pool.Query(ctx, `SELECT `+claimFields+` FROM commerce.stock_claims
		WHERE shop = $1 AND state = 'held' AND until IS NOT NULL AND until <= $2 ORDER BY until, id LIMIT $3`, p.s.cfg.Shop, at, int64(max(limit, 0)))
	if err != nil {
		return nil, readError(err)
	}
	claims, err := scanClaims(rows)
	return claims, readError(err)
}
