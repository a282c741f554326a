package postgres

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Facets counts in one statement, and reads the brands and categories that are named in another each. When there is
// nothing to count by what was typed, two more look for what may be meant, and another one counts that.
func (l Listings) Facets(ctx context.Context, scope ref.Scope, q catalog.ListingQuery) (catalog.Facets, error) {
	tally, err := l.tally(ctx, scope, q, sought(q.Text))
	if err == nil && len(tally.Brands)+len(tally.Categories)+len(tally.InStock)+len(tally.Featured) == 0 {
		words, meant, lookErr := l.misspelling(ctx, scope, q)
		if err = lookErr; meant {
			tally, err = l.tally(ctx, scope, q, words)
		}
	}
	if err != nil {
		return catalog.Facets{}, readError(err)
	}
	brands, err := l.brands(ctx, scope, q, tally)
	if err != nil {
		return catalog.Facets{}, readError(err)
	}
	categories, err := l.categories(ctx, scope)
	if err != nil {
		return catalog.Facets{}, readError(err)
	}
	return tally.Facets(q, brands, catalog.NewTree(categories)), nil
}

// newest is the end of a statement that reads the newest rows that pass, so many.
func (b *listingSQL) newest(many int) string {
	return ` FROM commerce.listings l WHERE ` + strings.Join(b.where, " AND ") + ` ORDER BY l.created_at DESC, l.product_id DESC LIMIT ` + strconv.Itoa(many)
}

// tally counts, for each facet, the newest of what passes all filters but its own. Facets without a filter share what
// passes all, and one reading of it. Its plan is of its arguments, as that of a search: one for all would read the rows of
// any of them by a way that is good for few.
func (l Listings) tally(ctx context.Context, scope ref.Scope, q catalog.ListingQuery, words []soughtWord) (catalog.Tally, error) {
	b := newListingSQL(l.s.cfg.Shop, scope, q, words)
	b.args[0] = pgx.QueryExecModeSimpleProtocol
	breadth := strconv.Itoa(q.BreadthOrMax())
	var sets, counts []string
	// count counts, by each of the columns, the rows that pass all filters but the one of the name, "" for none. They are
	// read in the order in which they were found: the newest, and behind them one more, if there is one.
	count := func(but string, by []string) {
		with := *b
		with.where = append([]string(nil), b.where...)
		for _, facet := range []struct {
			column    string
			condition func() string
		}{{"brand_id", with.brand}, {"categories", with.category}, {"in_stock", with.stock}, {"featured", with.featured}} {
			if facet.column != but {
				with.filter(facet.condition())
			}
		}
		b.args = with.args
		name := "but_" + but
		sets = append(sets, name+` AS MATERIALIZED (SELECT l.brand_id, l.categories, l.featured, `+b.inStock()+` AS in_stock`+with.newest(q.BreadthOrMax()+1)+`)`)
		counts = append(counts, `SELECT NULL, NULL::uuid, NULL::uuid[], NULL::boolean, NULL::boolean, count(*) FROM (SELECT FROM `+name+` OFFSET `+breadth+`) l`)
		if len(by) == 0 {
			return
		}
		var facet, columns strings.Builder
		for _, column := range by {
			facet.WriteString(` WHEN grouping(` + column + `) = 0 THEN '` + column + `'`)
		}
		for _, c := range [...][2]string{{"brand_id", "uuid"}, {"categories", "uuid[]"}, {"in_stock", "boolean"}, {"featured", "boolean"}} {
			if !slices.Contains(by, c[0]) {
				c[0] = "NULL::" + c[1]
			}
			columns.WriteString(c[0] + ", ")
		}
		counts = append(counts, `SELECT CASE`+facet.String()+` END, `+columns.String()+`count(*) FROM (SELECT * FROM `+name+` LIMIT `+breadth+`) l GROUP BY GROUPING SETS ((`+strings.Join(by, "), (")+`))`)
	}
	var together []string
	for _, facet := range []struct {
		column   string
		filtered bool
	}{{"brand_id", len(q.Brands) > 0}, {"categories", len(q.Categories) > 0}, {"in_stock", q.InStock != nil}, {"featured", q.Featured != nil}} {
		if facet.filtered {
			count(facet.column, []string{facet.column})
		} else {
			together = append(together, facet.column)
		}
	}
	count("", together)
	rows, err := l.s.pool.Query(ctx, `WITH `+strings.Join(sets, ", ")+" "+strings.Join(counts, " UNION ALL "), b.args...)
	if err != nil {
		return catalog.Tally{}, err
	}
	return scanTally(rows)
}

func scanTally(rows pgx.Rows) (catalog.Tally, error) {
	t := catalog.Tally{Brands: map[ref.BrandID]int64{}, InStock: map[bool]int64{}, Featured: map[bool]int64{}}
	var facet *string // None for what goes beyond.
	var brand pgtype.UUID
	var categories [][16]byte
	var inStock, featured *bool
	var n int64
	_, err := pgx.ForEachRow(rows, []any{&facet, &brand, &categories, &inStock, &featured, &n}, func() error {
		switch {
		case facet == nil:
			t.Approximate = t.Approximate || n > 0
		case *facet == "brand_id" && brand.Valid:
			t.Brands[ref.NewID[ref.BrandKind](brand.Bytes)] = n
		case *facet == "categories":
			t.Categories = append(t.Categories, catalog.CategoryTally{Categories: idsOf[ref.CategoryKind](categories), Count: n})
		case *facet == "in_stock":
			t.InStock[*inStock] = n
		case *facet == "featured":
			t.Featured[*featured] = n
		}
		return nil
	})
	return t, err
}
