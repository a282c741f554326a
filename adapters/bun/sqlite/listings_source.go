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

// criteria are those that the query asks for.
func (b *listingSQL) criteria() []criterion {
	out := b.wordsSought()
	if len(b.query.Brands) > 0 {
		brands := b.brands()
		out = append(out, criterion{docsBy("product_brands m", "m.brand_id IN "+brands), "l.brand_id IN " + brands})
	}
	if len(b.query.Categories) > 0 {
		categories := b.categories()
		out = append(out, criterion{docsBy("product_categories m", "m.category_id IN "+categories), ofCategory(categories)})
	}
	return out
}

// wordsSought is the criterion of words, if the query has any.
func (b *listingSQL) wordsSought() []criterion {
	if len(b.words) == 0 {
		return nil
	}
	docs := "rowid AS doc FROM product_words WHERE product_words MATCH " + b.arg(matching(b.words...))
	return []criterion{{docs, "+l.doc IN (SELECT " + docs + ")"}}
}

// docsBy are the documents of the products that a table m of memberships names.
func docsBy(table, where string) string {
	return "DISTINCT p.doc AS doc FROM " + table + " CROSS JOIN products p ON p.id = m.product_id WHERE " + where
}

// source gives where rows of a list come from that meet all criteria, and filters by them. When few products meet one of
// them, the rows are looked up by that; else the list is walked along the index of its order until the page is full.
// SQLite would choose without knowing, for it does not look at arguments.
func (b *listingSQL) source(ctx context.Context, db asked, criteria []criterion) (string, error) {
	from, least := "listings l", narrowMost+1
	var by *criterion
	for i, c := range criteria {
		var n int
		query := "SELECT count(*) FROM (SELECT " + c.docs + " LIMIT " + strconv.Itoa(least) + ")"
		if err := db.QueryRowContext(ctx, query, b.args...).Scan(&n); err != nil {
			return "", err
		}
		if n < least {
			least, by = max(n, 1), &criteria[i]
		}
	}
	for i, c := range criteria {
		if by != &criteria[i] {
			b.filter(c.row)
		}
	}
	if by != nil {
		from = "(SELECT " + by.docs + ") f CROSS JOIN listings l ON l.doc = f.doc"
	}
	return from, nil
}
