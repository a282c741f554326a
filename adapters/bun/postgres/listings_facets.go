package postgres

import (
	"context"
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
// passes all.
func (l Listings) tally(ctx context.Context, scope ref.Scope, q catalog.ListingQuery, words []soughtWord) (catalog.Tally, error) {
	b := newListingSQL(l.s.cfg.Shop, scope, q, words)
	breadth := strconv.Itoa(q.BreadthOrMax())
	var sets, counts []string
	// counted gives the name of the rows that pass all filters but the one of the name, "" for none.
	counted := func(but string) string {
		name := "but_" + but
		with := *b
		with.where = append([]string(nil), b.where...)
		for _, facet := range []struct {
			name      string
			condition func() string
		}{{"brand", with.brand}, {"category", with.category}, {"in_stock", with.stock}, {"featured", with.featured}} {
			if facet.name != but {
				with.filter(facet.condition())
			}
		}
		b.args = with.args
		sets = append(sets, name+` AS MATERIALIZED (SELECT *, row_number() OVER () > `+breadth+` AS more
			FROM (SELECT l.created_at, l.product_id, l.brand_id, l.categories, l.featured, `+b.inStock()+` AS in_stock`+with.newest(q.BreadthOrMax()+1)+`) l)`)
		counts = append(counts, `SELECT 'more', NULL::uuid, NULL::uuid[], NULL::boolean, count(*) FROM `+name+` WHERE more`)
		return name
	}
	all := counted("")
	for _, facet := range []struct {
		name, columns, by, also string
		filtered                bool
	}{
		{"brand", "brand_id, NULL::uuid[], NULL::boolean", "brand_id", " AND brand_id IS NOT NULL", len(q.Brands) > 0},
		{"category", "NULL::uuid, categories, NULL::boolean", "categories", "", len(q.Categories) > 0},
		{"in_stock", "NULL::uuid, NULL::uuid[], in_stock", "in_stock", "", q.InStock != nil},
		{"featured", "NULL::uuid, NULL::uuid[], featured", "featured", "", q.Featured != nil},
	} {
		of := all
		if facet.filtered {
			of = counted(facet.name)
		}
		counts = append(counts, `SELECT '`+facet.name+`', `+facet.columns+`, count(*) FROM `+of+` WHERE NOT more`+facet.also+` GROUP BY `+facet.by)
	}
	rows, err := l.s.pool.Query(ctx, `WITH `+strings.Join(sets, ", ")+" "+strings.Join(counts, " UNION ALL "), b.args...)
	if err != nil {
		return catalog.Tally{}, err
	}
	return scanTally(rows)
}

func scanTally(rows pgx.Rows) (catalog.Tally, error) {
	t := catalog.Tally{Brands: map[ref.BrandID]int64{}, InStock: map[bool]int64{}, Featured: map[bool]int64{}}
	var facet string
	var brand pgtype.UUID
	var categories [][16]byte
	var holds *bool
	var n int64
	_, err := pgx.ForEachRow(rows, []any{&facet, &brand, &categories, &holds, &n}, func() error {
		switch facet {
		case "more":
			t.Approximate = t.Approximate || n > 0
		case "brand":
			t.Brands[ref.NewID[ref.BrandKind](brand.Bytes)] = n
		case "category":
			t.Categories = append(t.Categories, catalog.CategoryTally{Categories: idsOf[ref.CategoryKind](categories), Count: n})
		case "in_stock":
			t.InStock[*holds] = n
		default:
			t.Featured[*holds] = n
		}
		return nil
	})
	return t, err
}
