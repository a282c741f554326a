package postgres

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Stock is the store as inventory.Stock.
type Stock struct{ s *Store }

var _ inventory.Stock = Stock{}

// Stock gives the port inventory.Stock.
func (s *Store) Stock() Stock { return Stock{s} }

// Commit applies adjustments in a transaction of their own.
func (p Stock) Commit(ctx context.Context, c inventory.Commit) error {
	return p.s.inTransaction(ctx, func(tx pgx.Tx) error { return p.adjust(ctx, tx, c) })
}

func (p Stock) adjust(ctx context.Context, tx pgx.Tx, c inventory.Commit) error {
	shop := p.s.cfg.Shop
	var keys, skus []string
	for _, a := range c.Adjustments {
		keys, skus = append(keys, a.Key), append(skus, string(a.SKU))
	}
	slices.Sort(keys)
	slices.Sort(skus)
	// The insert of a key waits for another transaction that inserts it, so one of them sees it.
	rows, err := tx.Query(ctx, `INSERT INTO commerce.stock_adjustments (shop, key, at)
		SELECT $1, k, $3 FROM unnest($2::text[]) AS k ORDER BY k ON CONFLICT DO NOTHING RETURNING key`, shop, slices.Compact(slices.Clone(keys)), c.At)
	if err != nil {
		return err
	}
	inserted, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	applied := slices.DeleteFunc(keys, func(k string) bool { return slices.Contains(inserted, k) })
	rows, err = tx.Query(ctx, sqlLevels, shop, slices.Compact(skus))
	if err != nil {
		return err
	}
	levels, err := scanLevels(rows)
	if err != nil {
		return err
	}
	ledger := inventory.NewLedger(levels, nil, applied, c.At)
	if err := ledger.Adjust(c.Adjustments); err != nil {
		return err
	}
	changes := ledger.Changes()
	known := map[inventory.LevelKey]bool{}
	for _, l := range levels {
		known[l.LevelKey] = true
	}
	var fresh, old []inventory.Level
	for _, l := range changes.Levels {
		if known[l.LevelKey] {
			old = append(old, l)
		} else {
			fresh = append(fresh, l)
		}
	}
	b := &pgx.Batch{}
	queueLevels(b, sqlUpdateLevels, shop, old)
	queueLevels(b, sqlInsertLevels, shop, fresh)
	queueMovements(b, shop, changes.Movements)
	queueProjectStock(b, shop, crossed(levels, changes.Levels))
	queueEvents(b, shop, c.Events)
	return tx.SendBatch(ctx, b).Close()
}

// Available gives what can be claimed of each SKU that has a level.
func (p Stock) Available(ctx context.Context, skus []ref.SKU) (map[ref.SKU]int64, error) {
	names := make([]string, len(skus))
	for i, s := range skus {
		names[i] = string(s)
	}
	rows, err := p.s.pool.Query(ctx, `SELECT k.sku, l.available FROM (SELECT DISTINCT unnest($2::text[])) AS k(sku)
		CROSS JOIN LATERAL (SELECT sum(on_hand - reserved)::bigint AS available FROM commerce.stock_levels
			WHERE shop = $1 AND sku = k.sku OFFSET 0) l WHERE l.available IS NOT NULL`, pgx.QueryExecModeCacheStatement, p.s.cfg.Shop, names)
	if err != nil {
		return nil, readError(err)
	}
	out := make(map[ref.SKU]int64, len(skus))
	var sku string
	var n int64
	_, err = pgx.ForEachRow(rows, []any{&sku, &n}, func() error {
		out[ref.SKU(sku)] = n
		return nil
	})
	return out, readError(err)
}

// Position reads levels and sums in one statement, which sees one moment.
func (p Stock) Position(ctx context.Context, sku ref.SKU) (inventory.Position, error) {
	out := inventory.Position{SKU: sku}
	rows, err := p.s.pool.Query(ctx, `SELECT l.location, l.on_hand, l.reserved, m.n, m.on_hand, m.reserved
		FROM (SELECT count(*) AS n, coalesce(sum(on_hand), 0)::bigint AS on_hand, coalesce(sum(reserved), 0)::bigint AS reserved
			FROM commerce.stock_movements WHERE shop = $1 AND sku = $2) m
		LEFT JOIN commerce.stock_levels l ON l.shop = $1 AND l.sku = $2 ORDER BY l.priority, l.location`, p.s.cfg.Shop, string(sku))
	if err != nil {
		return out, readError(err)
	}
	var location *string
	var onHand, reserved *int64
	_, err = pgx.ForEachRow(rows, []any{&location, &onHand, &reserved, &out.Movements, &out.OnHandSum, &out.ReservedSum}, func() error {
		if location != nil {
			out.Levels = append(out.Levels, inventory.Level{
				LevelKey: inventory.LevelKey{SKU: sku, Location: inventory.Location(*location)}, OnHand: *onHand, Reserved: *reserved,
			})
		}
		return nil
	})
	return out, readError(err)
}

// scanLevels reads levels and puts them into the order in which claims draw on them.
func scanLevels(rows pgx.Rows) ([]inventory.Level, error) {
	type level struct {
		inventory.Level
		priority int32
	}
	var list []level
	var l level
	_, err := pgx.ForEachRow(rows, []any{&l.SKU, &l.Location, &l.priority, &l.OnHand, &l.Reserved}, func() error {
		list = append(list, l)
		return nil
	})
	slices.SortStableFunc(list, func(a, b level) int {
		return cmp.Or(cmp.Compare(a.SKU, b.SKU), cmp.Compare(a.priority, b.priority), cmp.Compare(a.Location, b.Location))
	})
	out := make([]inventory.Level, len(list))
	for i, l := range list {
		out[i] = l.Level
	}
	return out, err
}

// scanClaim reads a claim from the columns of sqlClaims.
func scanClaim(row pgx.Row) (inventory.Claim, error) {
	var c inventory.Claim
	var id [16]byte
	var parts []byte
	var until *time.Time
	if err := row.Scan(&id, &c.Owner, &c.SKU, &c.State, &parts, &c.Back, &until); err != nil {
		return c, err
	}
	c.ID = ref.NewID[ref.ClaimKind](id)
	if until != nil {
		c.Until = ref.Instant(*until)
	}
	return c, json.Unmarshal(parts, &c.Parts)
}
