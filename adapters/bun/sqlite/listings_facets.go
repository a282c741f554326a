package sqlite

import (
	"context"
	"database/sql"
	"slices"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Facets counts in one statement, and reads the brands and categories that are named in another each, as of one moment.
func (l Listings) Facets(ctx context.Context, scope ref.Scope, q catalog.ListingQuery) (out []catalog.Facet, err error) {
	err = l.s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		tally, err := tallyOf(ctx, tx, scope, q)
		if err != nil {
			return err
		}
		brands, err := brandsOf(ctx, tx, scope, q, tally)
		if err != nil {
			return err
		}
		categories, err := categoriesOf(ctx, tx, scope)
		out = tally.Facets(q, brands, catalog.NewTree(categories))
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// tallyOf counts what passes all filters but a facet's own, for each facet.
func tallyOf(ctx context.Context, tx *sql.Tx, scope ref.Scope, q catalog.ListingQuery) (catalog.Tally, error) {
	t := catalog.Tally{Brands: map[ref.BrandID]int64{}, InStock: map[bool]int64{}, Featured: map[bool]int64{}}
	b := newListingSQL(scope, q)
	brand, category := "true", "true"
	if len(q.Brands) > 0 {
		brand = holds("l.brand_id IN " + b.brands())
	}
	if len(q.Categories) > 0 {
		category = ofCategory(b.categories())
	}
	from, err := b.source(ctx, tx, b.wordsSought())
	if err != nil {
		return t, err
	}
	var of ref.BrandID
	var categories []ref.CategoryID
	var inStock, featured *bool
	var n int64
	err = eachRow(ctx, tx, `WITH m AS MATERIALIZED (SELECT l.brand_id, l.categories, l.featured, `+b.inStock()+` AS in_stock, `+brand+` AS of_brand,
			`+category+` AS of_category, `+holds(b.stock())+` AS of_stock, `+holds(b.featured())+` AS of_featured
			FROM `+from+` WHERE `+b.conditions()+`)
		SELECT brand_id, NULL, NULL, NULL, count(*) FROM m WHERE of_category AND of_stock AND of_featured AND brand_id IS NOT NULL GROUP BY brand_id
		UNION ALL SELECT NULL, categories, NULL, NULL, count(*) FROM m WHERE of_brand AND of_stock AND of_featured GROUP BY categories
		UNION ALL SELECT NULL, NULL, in_stock, NULL, count(*) FROM m WHERE of_brand AND of_category AND of_featured GROUP BY in_stock
		UNION ALL SELECT NULL, NULL, NULL, featured, count(*) FROM m WHERE of_brand AND of_category AND of_stock GROUP BY featured`,
		b.args, []any{intoID(&of), intoList(&categories), &inStock, &featured, &n}, func() {
			switch {
			case !of.IsZero():
				t.Brands[of] = n
			case inStock != nil:
				t.InStock[*inStock] = n
			case featured != nil:
				t.Featured[*featured] = n
			default:
				t.Categories = append(t.Categories, catalog.CategoryTally{Categories: slices.Clone(categories), Count: n})
			}
		})
	return t, err
}

// brandsOf reads the brands of a tally and of the query, with names in the scope's locale.
func brandsOf(ctx context.Context, tx *sql.Tx, scope ref.Scope, q catalog.ListingQuery, t catalog.Tally) ([]catalog.Brand, error) {
	ids := []ref.BrandID{}
	for id := range t.Brands {
		ids = append(ids, id)
	}
	b := newNamesSQL(scope)
	return rowsOf(ctx, tx, func(row scanned) (catalog.Brand, error) {
		var o catalog.Brand
		return o, row.Scan(intoID(&o.ID), &o.Slug, &o.Name)
	}, `SELECT b.id, b.slug, `+b.translated("b", "name", "Name")+` FROM brands b WHERE b.id IN (SELECT value FROM json_each(`+b.arg(idTexts(ids))+`))
		OR b.slug IN (SELECT value FROM json_each(`+b.arg(jsonText(orNothing(q.Brands)))+`))`, b.args...)
}

// categoriesOf reads the tree, with names in the scope's locale.
func categoriesOf(ctx context.Context, tx *sql.Tx, scope ref.Scope) ([]catalog.Category, error) {
	b := newNamesSQL(scope)
	return rowsOf(ctx, tx, func(row scanned) (catalog.Category, error) {
		var c catalog.Category
		return c, row.Scan(intoID(&c.ID), intoID(&c.Parent), &c.Position, &c.Slug, &c.Name)
	}, `SELECT c.id, c.parent_id, c.position, c.slug, `+b.translated("c", "name", "Name")+` FROM categories c`, b.args...)
}
