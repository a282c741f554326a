package sqlite

import (
	"context"
	"database/sql"
	"math"
	"time"

	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// sqlAvailability looks each SKU up by its keys; a SKU without a level and without a policy is left out.
const sqlAvailability = `SELECT k.value, count(l.sku), coalesce(sum(l.on_hand), 0), coalesce(sum(l.reserved), 0), p.version, p.kind, p.most, p.until, p.owed
	FROM (SELECT DISTINCT value FROM json_each(?1)) k LEFT JOIN stock_levels l ON l.sku = k.value LEFT JOIN stock_policies p ON p.sku = k.value
	GROUP BY k.value HAVING count(l.sku) > 0 OR p.version IS NOT NULL`

// Availability reads what can be sold of each SKU that has a level or a policy.
func (p Stock) Availability(ctx context.Context, skus []ref.SKU) (map[ref.SKU]inventory.Availability, error) {
	out := make(map[ref.SKU]inventory.Availability, len(skus))
	var sku ref.SKU
	var levels, onHand, reserved int64
	var version, most, owed sql.NullInt64
	var kind sql.NullString
	var until time.Time
	places := []any{&sku, &levels, &onHand, &reserved, &version, &kind, &most, intoTime(&until), &owed}
	err := eachRow(ctx, p.s.reader, sqlAvailability, []any{jsonText(distinct(skus))}, places, func() {
		a := inventory.Availability{Counted: levels > 0, OnHand: onHand, Reserved: reserved}
		a.Policy = inventory.Policy{SKU: sku, Kind: inventory.Deny}
		if version.Valid {
			a.Policy = inventory.Policy{SKU: sku, Version: ref.Version(version.Int64), Kind: inventory.PolicyKind(kind.String), Limit: most.Int64, Until: until}
			a.Owed = owed.Int64
		}
		out[sku] = a
	})
	return out, readError(err)
}

// sqlPosition sees one moment.
const sqlPosition = `SELECT l.location, coalesce(l.on_hand, 0), coalesce(l.reserved, 0), m.n, m.on_hand, m.reserved,
		coalesce((SELECT owed FROM stock_policies WHERE sku = ?1), 0),
		(SELECT coalesce(sum(owed), 0) FROM stock_claims WHERE sku = ?1 AND owed > 0)
	FROM (SELECT count(*) AS n, coalesce(sum(on_hand), 0) AS on_hand, coalesce(sum(reserved), 0) AS reserved FROM stock_movements WHERE sku = ?1) m
	LEFT JOIN stock_levels l ON l.sku = ?1 ORDER BY l.location`

// Position reads levels and sums in one statement.
func (p Stock) Position(ctx context.Context, sku ref.SKU) (inventory.Position, error) {
	out := inventory.Position{SKU: sku}
	var location sql.NullString
	var onHand, reserved int64
	places := []any{&location, &onHand, &reserved, &out.Movements, &out.OnHandSum, &out.ReservedSum, &out.Owed, &out.OwedSum}
	err := eachRow(ctx, p.s.reader, sqlPosition, []any{string(sku)}, places, func() {
		if location.Valid {
			out.Levels = append(out.Levels, inventory.Level{
				LevelKey: inventory.LevelKey{SKU: sku, Location: inventory.Location(location.String)}, OnHand: onHand, Reserved: reserved,
			})
		}
	})
	return out, readError(err)
}

// Movements reads a page of a SKU's ledger by its index, the newest first, and one entry more to know whether more follow.
func (p Stock) Movements(ctx context.Context, sku ref.SKU, before uint64, limit int) (inventory.Movements, error) {
	if before == 0 || before > math.MaxInt64 {
		before = math.MaxInt64
	}
	limit = min(max(limit, 0), inventory.MovementsMax)
	entries, err := rowsOf(ctx, p.s.reader, func(row scanned) (inventory.Entry, error) {
		e := inventory.Entry{Movement: inventory.Movement{LevelKey: inventory.LevelKey{SKU: sku}}}
		err := row.Scan(&e.Place, &e.Location, &e.Kind, &e.OnHand, &e.Reserved, &e.OnHandAfter, &e.ReservedAfter, &e.Cause, &e.Reason, intoTime(&e.At))
		return e, err
	}, `SELECT position, location, kind, on_hand, reserved, on_hand_after, reserved_after, cause, reason, at
		FROM stock_movements WHERE sku = ?1 AND position < ?2 ORDER BY position DESC LIMIT ?3`, string(sku), int64(before), limit+1)
	if err != nil {
		return inventory.Movements{}, err
	}
	var out inventory.Movements
	var more bool
	if out.Entries, more = pageOf(entries, limit); more && limit > 0 {
		out.Next = entries[limit-1].Place
	}
	return out, nil
}

// Lapsed reads held claims whose time was over, by their index, the longest over first.
func (p Stock) Lapsed(ctx context.Context, at time.Time, limit int) ([]inventory.Claim, error) {
	return rowsOf(ctx, p.s.reader, scanClaim, `SELECT `+claimColumns+` FROM stock_claims
		WHERE state = 'held' AND until IS NOT NULL AND until <= ?1 ORDER BY until, id LIMIT ?2`, microsOf(at), max(limit, 0))
}
