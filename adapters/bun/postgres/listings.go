package postgres

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Listings is the store as catalog.Listings. It reads the listing projection.
type Listings struct{ s *Store }

var _ catalog.Listings = Listings{}

// Listings gives the port catalog.Listings.
func (s *Store) Listings() Listings { return Listings{s} }

// List reads a page, in one statement. Its arguments stand in it: a plan for unknown ones could not tell a word or a
// category that few products have from one that most do.
func (l Listings) List(ctx context.Context, scope ref.Scope, q catalog.ListingQuery) (catalog.ListingPage, error) {
	b := newListingSQL(l.s.cfg.Shop, scope, q)
	b.filter(b.brand(), b.category(), b.stock(), b.featured())
	b.after()
	order := b.order()
	rows, err := l.s.pool.Query(ctx, `SELECT l.product_id, l.price, l.compare_at, l.lowest30, l.in_stock, l.rank, l.created_at, l.name_key,
			p.slug, `+b.translated("p", "title", "Title")+`, p.featured, p.brand_id, CASE WHEN b.name IS NULL THEN p.brand ELSE `+
		b.translated("b", "name", "Name")+` END, p.image
		FROM (SELECT l.product_id, l.price, l.compare_at, l.lowest30, l.created_at, l.name_key, `+b.inStock()+` AS in_stock, `+b.rank()+` AS rank
			FROM commerce.listings l WHERE `+strings.Join(b.where, " AND ")+` ORDER BY `+order+` LIMIT `+strconv.Itoa(q.Limit+1)+`) l
		CROSS JOIN LATERAL (SELECT slug, title, translations, featured, brand_id, brand,
			jsonb_path_query_first(media, '$[*] ? (@.Key != "")') AS image FROM commerce.products WHERE shop = $1 AND id = l.product_id OFFSET 0) p
		LEFT JOIN LATERAL (SELECT name, translations FROM commerce.brands WHERE shop = $1 AND id = p.brand_id OFFSET 0) b ON true
		ORDER BY `+order, b.args...)
	if err != nil {
		return catalog.ListingPage{}, readError(err)
	}
	items, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (catalog.Listed, error) { return scanListed(row, scope.Currency) })
	if err != nil || len(items) <= q.Limit {
		return catalog.ListingPage{Items: items}, readError(err)
	}
	next := items[q.Limit-1].Place
	return catalog.ListingPage{Items: items[:q.Limit], Next: &next}, nil
}

func scanListed(row pgx.CollectableRow, currency money.Currency) (catalog.Listed, error) {
	var l catalog.Listed
	var id [16]byte
	var brand pgtype.UUID
	var price int64
	var compareAt, lowest30 *int64
	var image []byte
	err := row.Scan(&id, &price, &compareAt, &lowest30, &l.InStock, &l.Place.Rank, &l.CreatedAt, &l.Place.Name, &l.Slug, &l.Title, &l.Featured,
		&brand, &l.Brand, &image)
	if err != nil {
		return l, err
	}
	l.ID, l.CreatedAt = ref.NewID[ref.ProductKind](id), ref.Instant(l.CreatedAt)
	if brand.Valid {
		l.BrandID = ref.NewID[ref.BrandKind](brand.Bytes)
	}
	l.VariantPrice = catalog.VariantPrice{
		Price: money.NewUnitPrice(price, currency), CompareAt: unitPrice(compareAt, currency), Lowest30: unitPrice(lowest30, currency),
	}
	l.Place.CreatedAt, l.Place.ID, l.Place.Price = l.CreatedAt, l.ID, price
	if image == nil {
		return l, nil
	}
	if err := json.Unmarshal(image, &l.Image); err != nil {
		return l, corrupt(err)
	}
	return l, nil
}

// unitPrice is the opposite of mapping.MicroOf.
func unitPrice(micro *int64, currency money.Currency) *money.UnitPrice {
	if micro == nil {
		return nil
	}
	u := money.NewUnitPrice(*micro, currency)
	return &u
}

// Facets counts in one statement, and reads the brands and categories that are named in another each.
func (l Listings) Facets(ctx context.Context, scope ref.Scope, q catalog.ListingQuery) (catalog.Facets, error) {
	tally, err := l.tally(ctx, scope, q)
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

// tally counts what passes all filters but a facet's own, for each facet.
func (l Listings) tally(ctx context.Context, scope ref.Scope, q catalog.ListingQuery) (catalog.Tally, error) {
	b := newListingSQL(l.s.cfg.Shop, scope, q)
	matched := `WITH m AS MATERIALIZED (SELECT l.brand_id, l.categories, l.featured, ` + b.inStock() + ` AS in_stock,
		` + b.brand() + ` AS of_brand, ` + b.category() + ` AS of_category, ` + b.stock() + ` AS of_stock, ` + b.featured() + ` AS of_featured
		FROM commerce.listings l WHERE ` + strings.Join(b.where, " AND ") + `)`
	rows, err := l.s.pool.Query(ctx, matched+`
		SELECT brand_id, NULL::uuid[], NULL::boolean, NULL::boolean, count(*) FROM m
			WHERE of_category AND of_stock AND of_featured AND brand_id IS NOT NULL GROUP BY brand_id
		UNION ALL SELECT NULL, categories, NULL, NULL, count(*) FROM m WHERE of_brand AND of_stock AND of_featured GROUP BY categories
		UNION ALL SELECT NULL, NULL, in_stock, NULL, count(*) FROM m WHERE of_brand AND of_category AND of_featured GROUP BY in_stock
		UNION ALL SELECT NULL, NULL, NULL, featured, count(*) FROM m WHERE of_brand AND of_category AND of_stock GROUP BY featured`, b.args...)
	if err != nil {
		return catalog.Tally{}, err
	}
	t := catalog.Tally{Brands: map[ref.BrandID]int64{}, InStock: map[bool]int64{}, Featured: map[bool]int64{}}
	var brand pgtype.UUID
	var categories [][16]byte
	var inStock, featured *bool
	var n int64
	_, err = pgx.ForEachRow(rows, []any{&brand, &categories, &inStock, &featured, &n}, func() error {
		switch {
		case brand.Valid:
			t.Brands[ref.NewID[ref.BrandKind](brand.Bytes)] = n
		case inStock != nil:
			t.InStock[*inStock] = n
		case featured != nil:
			t.Featured[*featured] = n
		default:
			t.Categories = append(t.Categories, catalog.CategoryTally{Categories: idsOf[ref.CategoryKind](categories), Count: n})
		}
		return nil
	})
	return t, err
}

// brands reads the brands of a tally and of the query, with names in the scope's locale.
func (l Listings) brands(ctx context.Context, scope ref.Scope, q catalog.ListingQuery, t catalog.Tally) ([]catalog.Brand, error) {
	var ids []ref.BrandID
	for id := range t.Brands {
		ids = append(ids, id)
	}
	b := newNamesSQL(l.s.cfg.Shop, scope)
	rows, err := l.s.pool.Query(ctx, `SELECT b.id, b.slug, `+b.translated("b", "name", "Name")+` FROM commerce.brands b
		WHERE b.shop = $1 AND (b.id = ANY(`+b.arg(idTexts(ids))+`::uuid[]) OR b.slug = ANY(`+b.arg(q.Brands)+`::text[]))`, b.args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (catalog.Brand, error) {
		var b catalog.Brand
		var id [16]byte
		err := row.Scan(&id, &b.Slug, &b.Name)
		b.ID = ref.NewID[ref.BrandKind](id)
		return b, err
	})
}

// categories reads the tree, with names in the scope's locale.
func (l Listings) categories(ctx context.Context, scope ref.Scope) ([]catalog.Category, error) {
	b := newNamesSQL(l.s.cfg.Shop, scope)
	rows, err := l.s.pool.Query(ctx, `SELECT c.id, c.parent_id, c.position, c.slug, `+b.translated("c", "name", "Name")+`
		FROM commerce.categories c WHERE c.shop = $1`, b.args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (catalog.Category, error) {
		var c catalog.Category
		var id [16]byte
		var parent pgtype.UUID
		err := row.Scan(&id, &parent, &c.Position, &c.Slug, &c.Name)
		c.ID = ref.NewID[ref.CategoryKind](id)
		if parent.Valid {
			c.Parent = ref.NewID[ref.CategoryKind](parent.Bytes)
		}
		return c, err
	})
}
