package sqlite

import (
	"context"
	"database/sql"
	"strconv"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Listings is the store as catalog.Listings. It reads the listing projection.
type Listings struct{ s *Store }

var _ catalog.Listings = Listings{}

// Listings gives the port catalog.Listings.
func (s *Store) Listings() Listings { return Listings{s} }

// List reads a page: the places first, of few columns, and then what is shown of those that are on it. When nothing is
// found by what was typed, it looks for what may be meant.
func (l Listings) List(ctx context.Context, scope ref.Scope, q catalog.ListingQuery) (out catalog.ListingPage, err error) {
	err = l.s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		words := sought(q.Text)
		if out, err = listingPage(ctx, tx, scope, q, words); err != nil || len(out.Items) > 0 {
			return err
		}
		words, meant, err := misspelling(ctx, tx, scope, q.Text)
		if err != nil {
			return err
		}
		if meant {
			if out, err = listingPage(ctx, tx, scope, q, words); err != nil || len(out.Items) > 0 {
				return err
			}
		}
		if q.Ranks() && q.After != nil { // Behind the end of a list, which may have been cut.
			out.Approximate, err = foundMore(ctx, tx, scope, q, words)
		}
		return err
	})
	return out, err
}

// listingPage reads a page of those that have the words.
func listingPage(ctx context.Context, tx *sql.Tx, scope ref.Scope, q catalog.ListingQuery, words []soughtWord) (catalog.ListingPage, error) {
	b := newListingSQL(scope, q, words)
	from, err := b.source(ctx, tx, b.criteria(""))
	if err != nil {
		return catalog.ListingPage{}, err
	}
	b.filter(b.stock(), b.featured())
	places, more := b.places(from)
	var out catalog.ListingPage
	items, err := rowsOf(ctx, tx, func(row scanned) (catalog.Listed, error) { return scanListed(row, scope.Currency, &out.Approximate) },
		places+`SELECT l.product_id, l.price, l.compare_at, l.lowest30, l.in_stock, l.rank, l.created_at, l.name_key,
			p.slug, `+b.translated("p", "title", "Title")+`, p.featured, p.brand_id, CASE WHEN b.name IS NULL THEN p.brand ELSE `+
			b.translated("b", "name", "Name")+` END,
			(SELECT m.value FROM json_each(p.media) m WHERE m.value ->> 'Key' <> '' ORDER BY m.key LIMIT 1), `+more+`
		FROM places l CROSS JOIN products p ON p.doc = l.doc LEFT JOIN brands b ON b.id = p.brand_id ORDER BY `+b.order(), b.args...)
	if err != nil {
		return out, err
	}
	page, further := pageOf(items, q.Limit)
	if out.Items = page; further {
		out.Next = &page[q.Limit-1].Place
	}
	return out, nil
}

// places makes the table of the places on a page, and of the one behind it. By relevance all that is found has a rank, up
// to the query's breadth; in any other order the places of the page alone have.
func (b *listingSQL) places(from source) (with, more string) {
	const columns = `l.doc, l.product_id, l.price, l.compare_at, l.lowest30, l.created_at, l.name_key, l.title_words, l.name_words, l.detail_words`
	limit := ` LIMIT ` + strconv.Itoa(b.query.Limit+1)
	read := `SELECT ` + columns + `, ` + b.inStock() + ` AS in_stock FROM ` + from.from + ` WHERE `
	if !b.query.Ranks() {
		b.after()
		rank := b.rank(" AND rowid IN (SELECT doc FROM page)")
		return `WITH page AS MATERIALIZED (` + read + b.conditions() + ` ORDER BY ` + b.order() + limit + `), places AS MATERIALIZED (SELECT *, ` +
			rank + ` AS rank FROM page l) `, "false"
	}
	breadth := b.query.BreadthOrMax()
	rank := b.rank(" AND rowid >= (SELECT min(doc) FROM found)")
	with = `WITH found AS MATERIALIZED (` + read + b.conditions()
	more, b.where = "false", nil
	if from.most > breadth {
		with += ` ORDER BY l.created_at DESC, l.product_id DESC LIMIT ` + strconv.Itoa(breadth+1)
		more = `(SELECT count(*) FROM found) > ` + strconv.Itoa(breadth)
		rank = `row_number() OVER (ORDER BY l.created_at DESC, l.product_id DESC) AS n, ` + rank
		b.filter(`l.n <= ` + strconv.Itoa(breadth))
	}
	b.filter(`true`)
	b.after()
	return with + `), ranked AS (SELECT *, ` + rank + ` AS rank FROM found l), places AS MATERIALIZED (SELECT * FROM ranked l WHERE ` +
		b.conditions() + ` ORDER BY ` + b.order() + limit + `) `, more
}

// foundMore tells whether more is found than is ranked.
func foundMore(ctx context.Context, tx *sql.Tx, scope ref.Scope, q catalog.ListingQuery, words []soughtWord) (bool, error) {
	b := newListingSQL(scope, q, words)
	from, err := b.source(ctx, tx, b.criteria(""))
	if err != nil || from.most <= q.BreadthOrMax() {
		return false, err
	}
	b.filter(b.stock(), b.featured())
	var n int
	err = tx.QueryRowContext(ctx, `SELECT count(*) FROM (SELECT 1 FROM `+from.from+` WHERE `+b.conditions()+` LIMIT `+strconv.Itoa(q.BreadthOrMax()+1)+`)`,
		b.args...).Scan(&n)
	return n > q.BreadthOrMax(), err
}

func scanListed(row scanned, currency money.Currency, approximate *bool) (catalog.Listed, error) {
	var l catalog.Listed
	var compareAt, lowest30 *int64
	err := row.Scan(intoID(&l.ID), &l.Place.Price, &compareAt, &lowest30, &l.InStock, &l.Place.Rank, intoTime(&l.CreatedAt), &l.Place.Name, &l.Slug,
		&l.Title, &l.Featured, intoID(&l.BrandID), &l.Brand, intoJSON(&l.Image), approximate)
	l.VariantPrice = catalog.VariantPrice{
		Price: money.NewUnitPrice(l.Place.Price, currency), CompareAt: unitPrice(compareAt, currency), Lowest30: unitPrice(lowest30, currency),
	}
	l.Place.CreatedAt, l.Place.ID = l.CreatedAt, l.ID
	return l, err
}

// unitPrice is a price that may be none.
func unitPrice(micro *int64, currency money.Currency) *money.UnitPrice {
	if micro == nil {
		return nil
	}
	u := money.NewUnitPrice(*micro, currency)
	return &u
}
