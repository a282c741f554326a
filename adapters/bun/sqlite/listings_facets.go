package sqlite

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Facets counts in one statement, and reads the brands and categories that are named in another each, as of one moment.
// When there is nothing to count by what was typed, it counts what may be meant.
func (l Listings) Facets(ctx context.Context, scope ref.Scope, q catalog.ListingQuery) (out catalog.Facets, err error) {
	err = l.s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		tally, err := tallyOf(ctx, tx, scope, q, sought(q.Text))
		if err == nil && len(tally.Brands)+len(tally.Categories)+len(tally.InStock)+len(tally.Featured) == 0 {
			words, meant, lookErr := misspelling(ctx, tx, scope, q.Text)
			if err = lookErr; meant {
				tally, err = tallyOf(ctx, tx, scope, q, words)
			}
		}
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
	return out, err
}

// tallyOf counts, for each facet, the newest of what passes all filters but its own. Facets without a filter share what
// passes all.
func tallyOf(ctx context.Context, tx *sql.Tx, scope ref.Scope, q catalog.ListingQuery, words []soughtWord) (catalog.Tally, error) {
	b := newListingSQL(scope, q, words)
	var sets, counts []string
	all, err := b.counted(ctx, tx, "", &sets, &counts)
	if err != nil {
		return catalog.Tally{}, err
	}
	for _, facet := range []struct {
		name, columns, by, also string
		filtered                bool
	}{
		{ofBrand, "brand_id, NULL, NULL", "brand_id", " AND brand_id IS NOT NULL", len(q.Brands) > 0},
		{ofCategory, "NULL, categories, NULL", "categories", "", len(q.Categories) > 0},
		{ofStock, "NULL, NULL, in_stock", "in_stock", "", q.InStock != nil},
		{ofFeatured, "NULL, NULL, featured", "featured", "", q.Featured != nil},
	} {
		of := all
		if facet.filtered {
			if of, err = b.counted(ctx, tx, facet.name, &sets, &counts); err != nil {
				return catalog.Tally{}, err
			}
		}
		counts = append(counts, `SELECT '`+facet.name+`', `+facet.columns+`, count(*) FROM `+of+` WHERE NOT more`+facet.also+` GROUP BY `+facet.by)
	}
	return readTally(ctx, tx, `WITH `+strings.Join(sets, ", ")+" "+strings.Join(counts, " UNION ALL "), b.args)
}

// counted adds the set of the newest rows that pass all filters but that of a facet, "" for none, and whether there are
// more, and gives its name.
func (b *listingSQL) counted(ctx context.Context, tx *sql.Tx, but string, sets, counts *[]string) (string, error) {
	name, breadth := "but_"+but, b.query.BreadthOrMax()
	with := *b
	with.where = slices.Clone(b.where)
	from, err := with.source(ctx, tx, with.criteria(but))
	if err != nil {
		return "", err
	}
	if but != ofStock {
		with.filter(with.stock())
	}
	if but != ofFeatured {
		with.filter(with.featured())
	}
	set := `SELECT l.created_at, l.product_id, l.brand_id, l.categories, l.featured, ` + with.inStock() + ` AS in_stock FROM ` + from.from +
		` WHERE ` + with.conditions()
	more := `false`
	if from.most > breadth {
		set += ` ORDER BY l.created_at DESC, l.product_id DESC LIMIT ` + strconv.Itoa(breadth+1)
		more = `row_number() OVER (ORDER BY created_at DESC, product_id DESC) > ` + strconv.Itoa(breadth)
		*counts = append(*counts, `SELECT 'more', NULL, NULL, NULL, count(*) FROM `+name+` WHERE more`)
	}
	*sets = append(*sets, name+` AS MATERIALIZED (SELECT *, `+more+` AS more FROM (`+set+`))`)
	b.args = with.args
	return name, nil
}

func readTally(ctx context.Context, tx *sql.Tx, query string, args []any) (catalog.Tally, error) {
	t := catalog.Tally{Brands: map[ref.BrandID]int64{}, InStock: map[bool]int64{}, Featured: map[bool]int64{}}
	var facet string
	var brand ref.BrandID
	var categories []ref.CategoryID
	var holds *bool
	var n int64
	err := eachRow(ctx, tx, query, args, []any{&facet, intoID(&brand), intoList(&categories), &holds, &n}, func() {
		switch facet {
		case "more":
			t.Approximate = t.Approximate || n > 0
		case ofBrand:
			t.Brands[brand] = n
		case ofCategory:
			t.Categories = append(t.Categories, catalog.CategoryTally{Categories: categories, Count: n})
		case ofStock:
			t.InStock[*holds] = n
		default:
			t.Featured[*holds] = n
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
