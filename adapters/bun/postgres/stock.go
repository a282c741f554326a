package postgres

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Stock is the store as inventory.Stock.
type Stock struct{ s *Store }

var _ inventory.Stock = Stock{}

// Stock gives the port inventory.Stock.
func (s *Store) Stock() Stock { return Stock{s} }

// What a commit of inventory asks besides what a commit of orders does. Its keys and locations are locked before all else
// of stock; a location that is written for itself alone, else against being closed meanwhile.
const (
	// The insert of a key waits for another transaction that inserts it, so one of them sees it.
	sqlInsertKeys = `INSERT INTO commerce.stock_adjustments (shop, key, at)
		SELECT $1, k, $3 FROM unnest($2::text[]) AS k ORDER BY k ON CONFLICT DO NOTHING RETURNING key`
	// The default location gets a row with the first use, so that there is something to lock.
	sqlDefaultSite = `INSERT INTO commerce.stock_locations (shop, code, version, name, state, priority) VALUES ($1, $2, 0, $3, $4, $5)
		ON CONFLICT DO NOTHING`
	sqlSites    = `SELECT code, version, name, state, priority FROM commerce.stock_locations WHERE shop = $1 AND code = ANY($2::text[]) ORDER BY code`
	sqlOccupied = `SELECT DISTINCT k.code FROM unnest($2::text[]) AS k(code)
		WHERE EXISTS (SELECT FROM commerce.stock_levels WHERE shop = $1 AND location = k.code AND on_hand > 0)`
)

// Commit makes the commit true in a transaction of its own: one round trip for the facts and one for the writes.
func (p Stock) Commit(ctx context.Context, c inventory.Commit) error {
	return p.s.inTransaction(ctx, func(tx pgx.Tx) error {
		facts, err := p.facts(ctx, tx, c)
		if err != nil {
			return err
		}
		ledger := inventory.NewLedger(facts)
		if err := ledger.Commit(c); err != nil {
			return err
		}
		b, changes := &pgx.Batch{}, ledger.Changes()
		queueStock(b, p.s.cfg.Shop, facts, changes)
		queueEvents(b, p.s.cfg.Shop, changes.Events)
		return tx.SendBatch(ctx, b).Close()
	})
}

// facts locks and reads what the commit names.
func (p Stock) facts(ctx context.Context, tx pgx.Tx, c inventory.Commit) (inventory.Facts, error) {
	var f inventory.Facts
	n, shop := c.Names(), p.s.cfg.Shop
	skus := distinct(n.SKUs)
	b := &pgx.Batch{}
	if len(n.Keys) > 0 {
		keys := distinct(n.Keys)
		b.Queue(sqlInsertKeys, shop, keys, c.At).Query(func(rows pgx.Rows) error {
			inserted, err := pgx.CollectRows(rows, pgx.RowTo[string])
			f.Applied = slices.DeleteFunc(keys, func(k string) bool { return slices.Contains(inserted, k) })
			return err
		})
	}
	if slices.Contains(n.Locations, inventory.DefaultLocation) {
		d := inventory.AllSites(nil)[0]
		b.Queue(sqlDefaultSite, shop, string(d.Location), d.Name, string(d.State), d.Priority)
	}
	if len(n.Locations) > 0 {
		lock := " FOR SHARE"
		if len(c.Sites) > 0 {
			lock = " FOR UPDATE"
		}
		b.Queue(sqlSites+lock, shop, distinct(n.Locations)).Query(func(rows pgx.Rows) (err error) {
			f.Sites, err = scanSites(rows)
			return err
		})
	}
	if len(skus) > 0 {
		p.s.queuePromises(b, skus, &f)
	}
	if len(n.Claims) > 0 {
		p.s.queueClaims(b, n.Claims, &f)
	}
	if len(skus) > 0 {
		p.s.queueOwed(b, skus, &f)
		p.s.queueLevels(b, skus, &f)
	}
	if len(n.Closing) > 0 {
		b.Queue(sqlOccupied, shop, distinct(n.Closing)).Query(func(rows pgx.Rows) (err error) {
			f.Occupied, err = pgx.CollectRows(rows, pgx.RowTo[inventory.Location])
			return err
		})
	}
	return f, tx.SendBatch(ctx, b).Close()
}

// distinct gives each name once, in order.
func distinct[T ~string](names []T) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = string(n)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func scanSites(rows pgx.Rows) ([]inventory.Site, error) {
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (inventory.Site, error) {
		var s inventory.Site
		err := row.Scan(&s.Location, &s.Version, &s.Name, &s.State, &s.Priority)
		return s, err
	})
}

// Locations reads all locations.
func (p Stock) Locations(ctx context.Context) ([]inventory.Site, error) {
	rows, err := p.s.pool.Query(ctx, `SELECT code, version, name, state, priority FROM commerce.stock_locations WHERE shop = $1`, p.s.cfg.Shop)
	if err != nil {
		return nil, readError(err)
	}
	sites, err := scanSites(rows)
	if err != nil {
		return nil, readError(err)
	}
	return inventory.AllSites(sites), nil
}

// skuTexts gives the texts of SKUs.
func skuTexts(skus []ref.SKU) []string {
	out := make([]string, len(skus))
	for i, s := range skus {
		out[i] = string(s)
	}
	return out
}
