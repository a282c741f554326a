package sqlite

import (
	"context"
	"database/sql"

	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

const (
	claimColumns  = `id, owner, sku, state, parts, sent, owed, freed, back, damaged, until`
	policyColumns = `sku, version, kind, most, until, owed`

	// What is known of the SKUs, or claims, that a list in JSON names.
	sqlNamedPromises = `SELECT ` + policyColumns + ` FROM ` + sqlNamed + ` CROSS JOIN stock_policies ON sku = k.value`
	sqlNamedClaims   = `SELECT c.` + claimColumns + ` FROM ` + sqlNamed + ` CROSS JOIN stock_claims c ON c.id = k.value`
	sqlOwedClaims    = `SELECT ` + claimColumns + ` FROM (SELECT c.*, row_number() OVER (PARTITION BY c.sku ORDER BY c.id) AS place
			FROM ` + sqlNamed + ` CROSS JOIN stock_claims c ON c.sku = k.value AND c.owed > 0) WHERE place <= ?2 ORDER BY sku, id`
	sqlNamedLevels = `SELECT l.sku, l.location, l.on_hand, l.reserved, s.version, s.name, s.state, s.priority
		FROM ` + sqlNamed + ` CROSS JOIN stock_levels l ON l.sku = k.value LEFT JOIN stock_locations s ON s.code = l.location
		ORDER BY l.sku, l.location`
)

// stockNames are what the effects of commits name.
type stockNames struct {
	skus, claims set[string]
	freed        set[string] // SKUs of which stock may come free, for claims that are owed some.
}

// add takes an effect.
func (n *stockNames) add(e ordering.StockEffect) {
	n.skus.add(string(e.SKU))
	n.claims.add(e.Claim.String())
	switch e.Kind {
	case ordering.StockRestock, ordering.StockRelease, ordering.StockExpire:
		n.freed.add(string(e.SKU))
	default:
	}
}

// readStockFacts reads what the effects of commits name.
func readStockFacts(ctx context.Context, tx *sql.Tx, n stockNames) (f inventory.Facts, err error) {
	err = readStock(ctx, tx, &f, n.skus.items, n.claims.items, n.freed.items)
	return f, err
}

// readStock adds promises and levels of SKUs, claims, and the claims that are owed of the SKUs that may come free.
func readStock(ctx context.Context, tx *sql.Tx, f *inventory.Facts, skus, claims, freed []string) (err error) {
	if len(skus) > 0 {
		if f.Promises, err = rowsOf(ctx, tx, scanPromise, sqlNamedPromises, jsonText(skus)); err != nil {
			return err
		}
		if err := readLevels(ctx, tx, f, skus); err != nil {
			return err
		}
	}
	if len(claims) > 0 {
		if f.Claims, err = rowsOf(ctx, tx, scanClaim, sqlNamedClaims, jsonText(claims)); err != nil {
			return err
		}
	}
	if len(freed) > 0 {
		f.Owed, err = rowsOf(ctx, tx, scanClaim, sqlOwedClaims, jsonText(freed), inventory.FillMax)
	}
	return err
}

// readLevels adds levels, and the locations at which they are.
func readLevels(ctx context.Context, tx *sql.Tx, f *inventory.Facts, skus []string) error {
	known := map[inventory.Location]bool{}
	for _, site := range f.Sites {
		known[site.Location] = true
	}
	var l inventory.Level
	var version, priority sql.NullInt64
	var name, state sql.NullString
	places := []any{&l.SKU, &l.Location, &l.OnHand, &l.Reserved, &version, &name, &state, &priority}
	return eachRow(ctx, tx, sqlNamedLevels, []any{jsonText(skus)}, places, func() {
		f.Levels = append(f.Levels, l)
		if version.Valid && !known[l.Location] {
			known[l.Location] = true
			f.Sites = append(f.Sites, inventory.Site{
				Location: l.Location, Version: ref.Version(version.Int64), Name: name.String,
				State: inventory.SiteState(state.String), Priority: int32(priority.Int64), //nolint:gosec // It was an int32 when it was written.
			})
		}
	})
}

func scanPromise(row scanned) (p inventory.Promise, err error) {
	err = row.Scan(&p.SKU, &p.Version, &p.Kind, &p.Limit, intoTime(&p.Until), &p.Owed)
	return p, err
}

func scanClaim(row scanned) (c inventory.Claim, err error) {
	err = row.Scan(intoID(&c.ID), &c.Owner, &c.SKU, &c.State, intoList(&c.Parts), intoList(&c.Sent), &c.Owed, &c.Freed, &c.Back, &c.Damaged, intoTime(&c.Until))
	return c, err
}
