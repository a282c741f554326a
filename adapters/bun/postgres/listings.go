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

// List reads a page, in one statement. The arguments of one that filters stand in it: a plan for unknown ones could not
// tell a word or a category that few products have from one that most do. When nothing is found by what was typed, two more look for what
// may be meant, and another one reads what that finds.
func (l Listings) List(ctx context.Context, scope ref.Scope, q catalog.ListingQuery) (catalog.ListingPage, error) {
	page, err := l.page(ctx, scope, q, sought(q.Text))
	if err != nil || len(page.Items) > 0 {
		return page, readError(err)
	}
	words, meant, err := l.misspelling(ctx, scope, q)
	if err != nil {
		return catalog.ListingPage{}, readError(err)
	}
	if meant {
		if page, err = l.page(ctx, scope, q, words); err != nil || len(page.Items) > 0 {
			return page, readError(err)
		}
	}
	if q.Ranks() && q.After != nil { // Behind the end of a list, which may have been cut.
		page.Approximate, err = l.more(ctx, scope, q, words)
	}
	return page, readError(err)
}

// page reads a page of those that have the words. By relevance, all that is found is ranked, up to the query's breadth.
func (l Listings) page(ctx context.Context, scope ref.Scope, q catalog.ListingQuery, words []soughtWord) (catalog.ListingPage, error) {
	b := newListingSQL(l.s.cfg.Shop, scope, q, words)
	b.filter(b.brand(), b.category(), b.stock(), b.featured())
	order, found, more := b.order(), "", "false"
	columns := `SELECT l.product_id, l.price, l.compare_at, l.lowest30, l.created_at, l.name_key, ` + b.inStock() + ` AS in_stock, ` + b.rank() + ` AS rank`
	if q.Ranks() { // What is found is read in the order in which it was found.
		found = `WITH found AS MATERIALIZED (` + columns + b.newest(q.BreadthOrMax()+1) + `) `
		more = `(SELECT count(*) FROM found) > ` + strconv.Itoa(q.BreadthOrMax())
		columns = `SELECT * FROM (SELECT * FROM found LIMIT ` + strconv.Itoa(q.BreadthOrMax()) + `) l`
		b.where = []string{"true"}
	} else {
		columns += ` FROM commerce.listings l`
	}
	b.after()
	rows, err := l.s.pool.Query(ctx, found+`SELECT l.product_id, l.price, l.compare_at, l.lowest30, l.in_stock, l.rank, l.created_at, l.name_key,
			p.slug, `+b.translated("p", "title", "Title")+`, p.featured, p.brand_id, CASE WHEN b.name IS NULL THEN p.brand ELSE `+
		b.translated("b", "name", "Name")+` END, p.image, `+more+`
		FROM (`+columns+` WHERE `+strings.Join(b.where, " AND ")+` ORDER BY `+order+` LIMIT `+strconv.Itoa(q.Limit+1)+`) l
		CROSS JOIN LATERAL (SELECT slug, title, translations, featured, brand_id, brand,
			jsonb_path_query_first(media, '$[*] ? (@.Key != "")') AS image FROM commerce.products WHERE shop = $1 AND id = l.product_id OFFSET 0) p
		LEFT JOIN LATERAL (SELECT name, translations FROM commerce.brands WHERE shop = $1 AND id = p.brand_id OFFSET 0) b ON true
		ORDER BY `+order, b.args...)
	if err != nil {
		return catalog.ListingPage{}, err
	}
	var page catalog.ListingPage
	page.Items, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (catalog.Listed, error) {
		return scanListed(row, scope.Currency, &page.Approximate)
	})
	if err != nil || len(page.Items) <= q.Limit {
		return page, err
	}
	next := page.Items[q.Limit-1].Place
	page.Items, page.Next = page.Items[:q.Limit], &next
	return page, nil
}

// more tells whether more is found than is ranked.
func (l Listings) more(ctx context.Context, scope ref.Scope, q catalog.ListingQuery, words []soughtWord) (bool, error) {
	b := newListingSQL(l.s.cfg.Shop, scope, q, words)
	b.filter(b.brand(), b.category(), b.stock(), b.featured())
	var n int
	err := l.s.pool.QueryRow(ctx, `SELECT count(*) FROM (SELECT 1 FROM commerce.listings l WHERE `+strings.Join(b.where, " AND ")+
		` LIMIT `+strconv.Itoa(q.BreadthOrMax()+1)+`) l`, b.args...).Scan(&n)
	return n > q.BreadthOrMax(), err
}

func scanListed(row pgx.CollectableRow, currency money.Currency, approximate *bool) (catalog.Listed, error) {
	var l catalog.Listed
	var id [16]byte
	var brand pgtype.UUID
	var price int64
	var compareAt, lowest30 *int64
	var image []byte
	err := row.Scan(&id, &price, &compareAt, &lowest30, &l.InStock, &l.Place.Rank, &l.CreatedAt, &l.Place.Name, &l.Slug, &l.Title, &l.Featured,
		&brand, &l.Brand, &image, approximate)
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

// brands reads the brands of a tally and of the query, with names in the scope's locale.
func (l Listings) brands(ctx context.Context, scope ref.Scope, q catalog.ListingQuery, t catalog.Tally) ([]catalog.Brand, error) {
	var ids []ref.BrandID
	for id := range t.Brands {
		ids = append(ids, id)
	}
	b := newNamesSQL(l.s.cfg.Shop, scope)
	b.args[0] = pgx.QueryExecModeCacheStatement
	rows, err := l.s.pool.Query(ctx, `SELECT b.id, b.slug, `+b.translated("b", "name", "Name")+` FROM commerce.brands b
		WHERE b.shop = $1 AND (b.id IN (SELECT unnest(`+b.arg(idTexts(ids))+`::uuid[])) OR b.slug = ANY(`+b.arg(q.Brands)+`::text[]))`, b.args...)
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
	b.args[0] = pgx.QueryExecModeCacheStatement
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
