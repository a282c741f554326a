package sqlite

import (
	"context"
	"database/sql"
	"slices"

	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Stock is the store as inventory.Stock and inventory.Auditor.
type Stock struct{ s *Store }

var _ inventory.Stock = Stock{}

// Stock gives the port inventory.Stock.
func (s *Store) Stock() Stock { return Stock{s} }

// Commit makes the commit true in a transaction of its own.
func (p Stock) Commit(ctx context.Context, c inventory.Commit) error {
	return p.s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		facts, err := stockFacts(ctx, tx, c)
		if err != nil {
			return err
		}
		ledger := inventory.NewLedger(facts)
		if err := ledger.Commit(c); err != nil {
			return err
		}
		changes := ledger.Changes()
		if err := p.s.writeStock(ctx, tx, facts, changes); err != nil {
			return err
		}
		return p.s.insertEvents(ctx, tx, changes.Events)
	})
}

// stockFacts reads what the commit names, and notes its keys, of which each is applied once.
func stockFacts(ctx context.Context, tx *sql.Tx, c inventory.Commit) (f inventory.Facts, err error) {
	n := c.Names()
	for _, key := range distinct(n.Keys) {
		added, err := affected(ctx, tx, `INSERT INTO stock_adjustments (key, at) VALUES (?1, ?2) ON CONFLICT DO NOTHING`, key, microsOf(c.At))
		if err != nil {
			return f, err
		}
		if added == 0 {
			f.Applied = append(f.Applied, key)
		}
	}
	if slices.Contains(n.Locations, inventory.DefaultLocation) {
		// The default location gets a row with the first use.
		d := inventory.AllSites(nil)[0]
		if _, err := tx.ExecContext(ctx, `INSERT INTO stock_locations (code, version, name, state, priority) VALUES (?1, 0, ?2, ?3, ?4)
			ON CONFLICT DO NOTHING`, string(d.Location), d.Name, string(d.State), d.Priority); err != nil {
			return f, err
		}
	}
	if len(n.Locations) > 0 {
		f.Sites, err = rowsOf(ctx, tx, scanSite, `SELECT `+siteColumns+` FROM stock_locations WHERE code IN (SELECT value FROM json_each(?1)) ORDER BY code`,
			jsonText(distinct(n.Locations)))
		if err != nil {
			return f, err
		}
	}
	skus := distinct(n.SKUs)
	claims := make([]string, len(n.Claims))
	for i, id := range n.Claims {
		claims[i] = id.String()
	}
	if err := readStock(ctx, tx, &f, skus, distinct(claims), skus); err != nil {
		return f, err
	}
	if len(n.Closing) > 0 {
		f.Occupied, err = rowsOf(ctx, tx, func(row scanned) (at inventory.Location, err error) {
			err = row.Scan(&at)
			return at, err
		}, `SELECT DISTINCT value FROM json_each(?1) WHERE EXISTS (SELECT 1 FROM stock_levels WHERE location = value AND on_hand > 0)`,
			jsonText(distinct(n.Closing)))
	}
	return f, err
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

const siteColumns = `code, version, name, state, priority`

func scanSite(row scanned) (s inventory.Site, err error) {
	err = row.Scan(&s.Location, &s.Version, &s.Name, &s.State, &s.Priority)
	return s, err
}

// Locations reads all locations.
func (p Stock) Locations(ctx context.Context) ([]inventory.Site, error) {
	sites, err := rowsOf(ctx, p.s.reader, scanSite, `SELECT `+siteColumns+` FROM stock_locations`)
	if err != nil {
		return nil, err
	}
	return inventory.AllSites(sites), nil
}

// Claim reads a claim on stock; found is false when there is none.
func (s *Store) Claim(ctx context.Context, id ref.ClaimID) (c inventory.Claim, found bool, err error) {
	claims, err := rowsOf(ctx, s.reader, scanClaim, `SELECT `+claimColumns+` FROM stock_claims WHERE id = ?1`, id.String())
	if err != nil || len(claims) == 0 {
		return inventory.Claim{}, false, err
	}
	return claims[0], true, nil
}

// Attachment reads a row that an adopter attached to a commit; found is false when there is none.
func (s *Store) Attachment(ctx context.Context, kind, key string) (data []byte, found bool, err error) {
	err = eachRow(ctx, s.reader, `SELECT data FROM attachments WHERE kind = ?1 AND key = ?2`, []any{kind, key}, []any{&data}, func() { found = true })
	return data, found, readError(err)
}
