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
	set    string // Of what has it: a table and a condition, of which key is a column.
	key    string
	column string // Of a row of the list that is in the keys.
	row    string // The condition on a row, by which no row is looked up.
}

// criteria are those that the query asks for.
func (b *listingSQL) criteria() []criterion {
	out := b.wordsSought()
	if len(b.query.Brands) > 0 {
		brands := b.brands()
		out = append(out, criterion{"product_brands WHERE brand_id IN " + brands, "product_id", "product_id", "l.brand_id IN " + brands})
	}
	if len(b.query.Categories) > 0 {
		categories := b.categories()
		out = append(out, criterion{"product_categories WHERE category_id IN " + categories, "product_id", "product_id", ofCategory(categories)})
	}
	return out
}

// wordsSought is the criterion of words, if the query has any.
func (b *listingSQL) wordsSought() []criterion {
	if len(b.words) == 0 {
		return nil
	}
	set := "product_words WHERE product_words MATCH " + b.arg(matching(b.words...))
	return []criterion{{set, "rowid", "doc", "+l.doc IN (SELECT rowid FROM " + set + ")"}}
}

// source gives where rows of a list come from that meet all criteria, and filters by them. When few products meet one of
// them, the rows are looked up by that; else the list is walked along the index of its order until the page is full.
// SQLite would choose without knowing, for it does not look at arguments.
func (b *listingSQL) source(ctx context.Context, db asked, criteria []criterion) (string, error) {
	from, least := "listings l", narrowMost+1
	var by *criterion
	for i, c := range criteria {
		var n int
		query := "SELECT count(*) FROM (SELECT 1 FROM " + c.set + " LIMIT " + strconv.Itoa(least) + ")"
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
		from = "(SELECT DISTINCT " + by.key + " AS k FROM " + by.set + ") f CROSS JOIN listings l ON l." + by.column + " = f.k"
	}
	return from, nil
}
