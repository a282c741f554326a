package postgres

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// claimFields are the columns that scanClaim reads.
const claimFields = `id, owner, sku, state, parts, sent, owed, freed, back, damaged, until`

// What stock locks, after orders and payments, in this order. Whoever may give something to a claim that is owed some
// holds the promise of its SKU, so that no two meet at such claims, which come in another order than those that are
// named. A SKU that was never promised has no such row, and no lock.
const (
	sqlShareSites = `SELECT s.code FROM commerce.stock_locations s WHERE s.shop = $1
		AND s.code IN (SELECT location FROM commerce.stock_levels WHERE shop = $1 AND sku = ANY($2::text[])) ORDER BY s.code FOR SHARE`
	sqlPromises = `SELECT t.* FROM (SELECT DISTINCT sku FROM unnest($2::text[]) AS k(sku) ORDER BY sku) k
		CROSS JOIN LATERAL (SELECT sku, version, kind, most, until, owed FROM commerce.stock_policies WHERE shop = $1 AND sku = k.sku FOR UPDATE) t`
	sqlClaims = `SELECT t.* FROM (SELECT DISTINCT id FROM unnest($2::uuid[]) AS k(id) ORDER BY id) k
		CROSS JOIN LATERAL (SELECT ` + claimFields + ` FROM commerce.stock_claims WHERE shop = $1 AND id = k.id FOR UPDATE) t`
	sqlOwed = `SELECT t.* FROM (SELECT DISTINCT sku FROM unnest($2::text[]) AS k(sku) ORDER BY sku) k
		CROSS JOIN LATERAL (SELECT ` + claimFields + ` FROM commerce.stock_claims
			WHERE shop = $1 AND sku = k.sku AND owed > 0 ORDER BY id LIMIT $3 FOR UPDATE) t`
	sqlLevels = `SELECT t.* FROM (SELECT DISTINCT sku FROM unnest($2::text[]) AS k(sku) ORDER BY sku) k
		CROSS JOIN LATERAL (SELECT l.sku, l.location, l.on_hand, l.reserved, s.version, s.name, s.state, s.priority FROM commerce.stock_levels l
			LEFT JOIN commerce.stock_locations s ON s.shop = l.shop AND s.code = l.location
			WHERE l.shop = $1 AND l.sku = k.sku ORDER BY l.location FOR UPDATE OF l) t`
)

// stockNames are what the effects of a group's commits name.
type stockNames struct {
	skus   []string
	claims []ref.ClaimID
	freed  []string // SKUs of which stock may come free, for claims that are owed some.
	back   []string // SKUs of which goods come back to a location, which must not close meanwhile.
}

// add takes an effect. A claim that may be there already is looked for.
func (n *stockNames) add(e ordering.StockEffect, mayBe bool) {
	sku := string(e.SKU)
	n.skus = append(n.skus, sku)
	if mayBe || e.Kind != ordering.StockClaim {
		n.claims = append(n.claims, e.Claim)
	}
	switch e.Kind {
	case ordering.StockRestock:
		n.back = append(n.back, sku)
		n.freed = append(n.freed, sku)
	case ordering.StockRelease, ordering.StockExpire:
		n.freed = append(n.freed, sku)
	default:
	}
}

// sort leaves each SKU once.
func (n *stockNames) sort() {
	for _, list := range []*[]string{&n.skus, &n.freed, &n.back} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
}

// queueStockFacts asks for promises, claims and levels.
func (s *Store) queueStockFacts(b *pgx.Batch, n stockNames, f *inventory.Facts) {
	if len(n.back) > 0 {
		b.Queue(sqlShareSites, s.cfg.Shop, n.back)
	}
	if len(n.skus) > 0 {
		s.queuePromises(b, n.skus, f)
	}
	if len(n.claims) > 0 {
		s.queueClaims(b, n.claims, f)
	}
	if len(n.freed) > 0 {
		s.queueOwed(b, n.freed, f)
	}
	if len(n.skus) > 0 {
		s.queueLevels(b, n.skus, f)
	}
}

func (s *Store) queuePromises(b *pgx.Batch, skus []string, f *inventory.Facts) {
	b.Queue(sqlPromises, s.cfg.Shop, skus).Query(func(rows pgx.Rows) error {
		var p inventory.Promise
		var until *time.Time
		_, err := pgx.ForEachRow(rows, []any{&p.SKU, &p.Version, &p.Kind, &p.Limit, &until, &p.Owed}, func() error {
			p.Until = instant(until)
			f.Promises = append(f.Promises, p)
			return nil
		})
		return err
	})
}

func (s *Store) queueClaims(b *pgx.Batch, ids []ref.ClaimID, f *inventory.Facts) {
	b.Queue(sqlClaims, s.cfg.Shop, uuids(ids)).Query(func(rows pgx.Rows) (err error) {
		f.Claims, err = scanClaims(rows)
		return err
	})
}

func (s *Store) queueOwed(b *pgx.Batch, skus []string, f *inventory.Facts) {
	b.Queue(sqlOwed, s.cfg.Shop, skus, int64(inventory.FillMax)).Query(func(rows pgx.Rows) (err error) {
		f.Owed, err = scanClaims(rows)
		return err
	})
}

// queueLevels asks for levels, and for the locations at which they are.
func (s *Store) queueLevels(b *pgx.Batch, skus []string, f *inventory.Facts) {
	b.Queue(sqlLevels, s.cfg.Shop, skus).Query(func(rows pgx.Rows) error {
		var l inventory.Level
		var version pgtype.Int8
		var name, state pgtype.Text
		var priority pgtype.Int4
		known := map[inventory.Location]bool{}
		for _, site := range f.Sites {
			known[site.Location] = true
		}
		_, err := pgx.ForEachRow(rows, []any{&l.SKU, &l.Location, &l.OnHand, &l.Reserved, &version, &name, &state, &priority}, func() error {
			f.Levels = append(f.Levels, l)
			if version.Valid && !known[l.Location] {
				known[l.Location] = true
				f.Sites = append(f.Sites, inventory.Site{
					Location: l.Location, Version: ref.Version(version.Int64), Name: name.String,
					State: inventory.SiteState(state.String), Priority: priority.Int32,
				})
			}
			return nil
		})
		return err
	})
}

func scanClaims(rows pgx.Rows) ([]inventory.Claim, error) {
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (inventory.Claim, error) { return scanClaim(row) })
}

// scanClaim reads a claim from claimFields.
func scanClaim(row pgx.Row) (inventory.Claim, error) {
	var c inventory.Claim
	var id [16]byte
	var parts, sent []byte
	var until *time.Time
	if err := row.Scan(&id, &c.Owner, &c.SKU, &c.State, &parts, &sent, &c.Owed, &c.Freed, &c.Back, &c.Damaged, &until); err != nil {
		return c, err
	}
	c.ID, c.Until = ref.NewID[ref.ClaimKind](id), instant(until)
	if err := json.Unmarshal(parts, &c.Parts); err != nil {
		return c, err
	}
	if err := json.Unmarshal(sent, &c.Sent); err != nil {
		return c, err
	}
	return settledEarlier(c), nil
}

// settledEarlier reads a claim as the first release settled it, which left its parts as they were: they left, or were
// given up.
func settledEarlier(c inventory.Claim) inventory.Claim {
	switch c.State {
	case inventory.Held:
		return c
	case inventory.Consumed:
		c.Sent = append(c.Sent, c.Parts...)
	default:
		c.Freed += c.Held()
	}
	c.Parts = nil
	return c
}

// instant is the time of a column; NULL is none.
func instant(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return ref.Instant(*t)
}
