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

// List reads a page: the places first, of few columns, and what is shown of those that are on it.
func (l Listings) List(ctx context.Context, scope ref.Scope, q catalog.ListingQuery) (out catalog.ListingPage, err error) {
	b := newListingSQL(scope, q)
	err = l.s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		from, err := b.source(ctx, tx, b.criteria())
		if err != nil {
			return err
		}
		b.filter(b.stock(), b.featured())
		b.after()
		order := b.order()
		items, err := rowsOf(ctx, tx, func(row scanned) (catalog.Listed, error) { return scanListed(row, scope.Currency) },
			`SELECT l.product_id, l.price, l.compare_at, l.lowest30, l.in_stock, l.rank, l.created_at, l.name_key,
				p.slug, `+b.translated("p", "title", "Title")+`, p.featured, p.brand_id, CASE WHEN b.name IS NULL THEN p.brand ELSE `+
				b.translated("b", "name", "Name")+` END,
				(SELECT m.value FROM json_each(p.media) m WHERE m.value ->> 'Key' <> '' ORDER BY m.key LIMIT 1)
			FROM (SELECT l.product_id, l.price, l.compare_at, l.lowest30, l.created_at, l.name_key, `+b.inStock()+` AS in_stock, `+b.rank()+` AS rank
				FROM `+from+` WHERE `+b.conditions()+` ORDER BY `+order+` LIMIT `+strconv.Itoa(q.Limit+1)+`) l
			CROSS JOIN products p ON p.id = l.product_id LEFT JOIN brands b ON b.id = p.brand_id ORDER BY `+order, b.args...)
		if err != nil {
			return err
		}
		page, more := pageOf(items, q.Limit)
		if out.Items = page; more {
			out.Next = &page[q.Limit-1].Place
		}
		return nil
	})
	return out, err
}

func scanListed(row scanned, currency money.Currency) (catalog.Listed, error) {
	var l catalog.Listed
	var compareAt, lowest30 *int64
	err := row.Scan(intoID(&l.ID), &l.Place.Price, &compareAt, &lowest30, &l.InStock, &l.Place.Rank, intoTime(&l.CreatedAt), &l.Place.Name, &l.Slug,
		&l.Title, &l.Featured, intoID(&l.BrandID), &l.Brand, intoJSON(&l.Image))
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
