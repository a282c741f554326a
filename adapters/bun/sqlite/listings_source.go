package sqlite

import (
	"context"
	"strconv"
)

// narrowMost is how many products are few: so many are looked up and sorted by themselves, sooner than the list is walked
// to find as many as a page has.
const narrowMost = 5_000

// criterion is something that a query asks for, which few products may have.
type criterion struct {
	docs string // The documents that have it: columns, tables and conditions of a SELECT.
	row  string // The condition on a row of the list, by which no row is looked up.
}

// The names of facets that have a criterion.
const (
	ofBrand    = "brand"
	ofCategory = "category"
	ofStock    = "in_stock"
	ofFeatured = "featured"
)

// criteria are those that the query asks for, but for that of a facet; "" is none.
func (b *listingSQL) criteria(but string) []criterion {
	out := b.wordsSought()
	if len(b.query.Brands) > 0 && but != ofBrand {
		brands := b.brands()
		out = append(out, criterion{docsBy("product_brands m", "m.brand_id IN "+brands), "l.brand_id IN " + brands})
	}
	if len(b.query.Categories) > 0 && but != ofCategory {
		categories := b.categories()
		out = append(out, criterion{
			docsBy("product_categories m", "m.category_id IN "+categories),
			"EXISTS (SELECT 1 FROM product_categories m WHERE m.product_id = l.product_id AND m.category_id IN " + categories + ")",
		})
	}
	return out
}

// wordsSought is the criterion of words, if the query has any.
func (b *listingSQL) wordsSought() []criterion {
	if len(b.words) == 0 {
		return nil
	}
	docs := docsWith(b.arg(expression(b.words)))
	return []criterion{{docs, "+l.doc IN (SELECT " + docs + ")"}}
}

// docsWith are the documents that an expression finds.
func docsWith(expression string) string {
	return "rowid AS doc FROM product_words WHERE product_words MATCH " + expression
}

// docsBy are the documents of the products that a table m of memberships names.
func docsBy(table, where string) string {
	return "DISTINCT p.doc AS doc FROM " + table + " CROSS JOIN products p ON p.id = m.product_id WHERE " + where
}

// source is where rows of a list come from, and how many there are at most.
type source struct {
	from string
	most int
}

// source gives where rows come from that meet all criteria, and filters by them. When few products meet one of them, the
// rows are looked up by that; else the list is walked along the index of its order until the page is full. SQLite would
// choose without knowing, for it does not look at arguments.
func (b *listingSQL) source(ctx context.Context, db asked, criteria []criterion) (source, error) {
	out := source{"listings l", narrowMost + 1}
	var by *criterion
	for i, c := range criteria {
		var n int
		query := "SELECT count(*) FROM (SELECT " + c.docs + " LIMIT " + strconv.Itoa(out.most) + ")"
		if err := db.QueryRowContext(ctx, query, b.args...).Scan(&n); err != nil {
			return out, err
		}
		if n < out.most {
			out.most, by = max(n, 1), &criteria[i]
		}
	}
	for i, c := range criteria {
		if by != &criteria[i] {
			b.filter(c.row)
		}
	}
	if by != nil {
		out.from = "(SELECT " + by.docs + ") f CROSS JOIN listings l ON l.doc = f.doc"
	}
	return out, nil
}
