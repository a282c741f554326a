package sqlite

import (
	"context"
	"database/sql"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Products is the store as catalog.Products.
type Products struct{ s *Store }

var _ catalog.Products = Products{}

// Products gives the port catalog.Products.
func (s *Store) Products() Products { return Products{s} }

// What a product is read by. Its brand's name is the present one, by a look for each product.
const (
	productColumns = `p.id, p.version, p.slug, p.title, p.description,
		COALESCE((SELECT b.name FROM brands b WHERE b.id = p.brand_id), p.brand), p.brand_id, p.type, p.tags, p.status, p.featured, p.seo,
		p.tax_category, p.metadata, p.categories, p.collections, p.publication, p.listings, p.translations, p.options, p.media, p.created_at,
		p.updated_at, p.due_at`
	// sqlSeen tells whether the channel ?1 shows the product p at the time ?2 and has a variant of it.
	sqlSeen = ` p.status = 'active' AND CASE WHEN ?1 = '` + string(ref.DefaultChannel) + `' THEN p.shown_from <= ?2 AND ?2 < p.shown_until
		ELSE EXISTS (SELECT 1 FROM channel_listings l
			WHERE l.product_id = p.id AND l.channel = ?1 AND l.shown_from <= ?2 AND ?2 < l.shown_until) END`
	sqlProduct  = `SELECT ` + productColumns + ` FROM products p WHERE `
	sqlVariants = `SELECT product_id, id, sku, options, barcode, grams, media_id, retired, channels, metadata FROM variants
		WHERE product_id IN ` + sqlSet + ` ORDER BY product_id, position`
)

// The list is read along an index of the newest, whatever the depth: that of the products for the default channel, which
// shows most of them, and that of the channel's own for another.
const (
	sqlNewest      = sqlProduct + sqlSeen
	sqlNewestAfter = sqlNewest + ` AND (p.created_at, p.id) < (?4, ?5)`
	sqlNewestOrder = ` ORDER BY p.created_at DESC, p.id DESC LIMIT ?3`
	sqlChannel     = `SELECT ` + productColumns + ` FROM channel_listings c CROSS JOIN products p ON p.id = c.product_id
		WHERE p.status = 'active' AND c.channel = ?1 AND c.shown_from <= ?2 AND ?2 < c.shown_until`
	sqlChannelAfter = sqlChannel + ` AND (c.created_at, c.product_id) < (?4, ?5)`
	sqlChannelOrder = ` ORDER BY c.created_at DESC, c.product_id DESC LIMIT ?3`
)

// List reads a page.
func (p Products) List(ctx context.Context, scope ref.Scope, q catalog.ListQuery) (catalog.Page, error) {
	query, after, order := sqlNewest, sqlNewestAfter, sqlNewestOrder
	if scope.Channel != ref.DefaultChannel {
		query, after, order = sqlChannel, sqlChannelAfter, sqlChannelOrder
	}
	args := append(scoped(scope), q.Limit+1)
	if q.After != nil {
		query, args = after, append(args, microsOf(q.After.CreatedAt), q.After.ID.String())
	}
	items, err := p.read(ctx, query+order, args...)
	items, more := pageOf(items, q.Limit)
	out := catalog.Page{Items: seenBy(scope, items)}
	if more {
		last := items[q.Limit-1]
		out.Next = &catalog.Place{CreatedAt: last.CreatedAt, ID: last.ID}
	}
	return out, err
}

// scoped are the arguments of sqlSeen.
func scoped(scope ref.Scope) []any { return []any{scope.Channel, microsOf(scope.At)} }

// ByID reads a product that the scope sees.
func (p Products) ByID(ctx context.Context, scope ref.Scope, id ref.ProductID) (catalog.Product, error) {
	return p.seen(ctx, scope, sqlProduct+sqlSeen+` AND p.id = ?3`, id.String())
}

// BySlug reads a product that the scope sees.
func (p Products) BySlug(ctx context.Context, scope ref.Scope, slug string) (catalog.Product, error) {
	return p.seen(ctx, scope, sqlProduct+sqlSeen+` AND p.slug = ?3`, slug)
}

// Moved reads the present slug of the product that gave the slug up.
func (p Products) Moved(ctx context.Context, scope ref.Scope, slug string) (present string, err error) {
	err = p.s.reader.QueryRowContext(ctx, `SELECT p.slug FROM slug_history h CROSS JOIN products p ON p.id = h.product_id WHERE`+sqlSeen+` AND h.slug = ?3`,
		append(scoped(scope), slug)...).Scan(&present)
	return present, missing("product", err)
}

// Get reads a product whatever its status.
func (p Products) Get(ctx context.Context, id ref.ProductID) (catalog.Product, error) {
	return p.one(p.read(ctx, sqlProduct+`p.id = ?1`, id.String()))
}

// Find reads a product whatever its status.
func (p Products) Find(ctx context.Context, slug string) (catalog.Product, error) {
	return p.one(p.read(ctx, sqlProduct+`p.slug = ?1`, slug))
}

// SKUs tells whose the SKUs are.
func (p Products) SKUs(ctx context.Context, skus []ref.SKU) (map[ref.SKU]ref.ProductID, error) {
	var out map[ref.SKU]ref.ProductID
	err := readSKUs(ctx, p.s.reader, skus, &out)
	return out, readError(err)
}

// Count counts products.
func (p Products) Count(ctx context.Context) (all, active int64, err error) {
	err = p.s.reader.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM products), (SELECT count(*) FROM products WHERE status = 'active')`).
		Scan(&all, &active)
	return all, active, readError(err)
}

// one gives the only product of a read.
func (Products) one(items []catalog.Product, err error) (catalog.Product, error) {
	found, err := only(items, err)
	return found, missing("product", err)
}

// seen reads one product for a scope; the statement leaves out what the scope does not see.
func (p Products) seen(ctx context.Context, scope ref.Scope, query string, key any) (catalog.Product, error) {
	items, err := p.read(ctx, query, append(scoped(scope), key)...)
	return p.one(seenBy(scope, items), err)
}

// seenBy gives products as the scope sees them.
func seenBy(scope ref.Scope, items []catalog.Product) []catalog.Product {
	out := make([]catalog.Product, 0, len(items))
	for _, it := range items {
		if in, ok := it.In(scope); ok {
			out = append(out, in)
		}
	}
	return out
}

// read runs a statement that selects productColumns and adds the variants: two statements, for any number of products.
func (p Products) read(ctx context.Context, query string, args ...any) ([]catalog.Product, error) {
	return p.readAs(ctx, scanProduct, query, args...)
}

// readRanked is read for a statement that selects a rank before productColumns.
func (p Products) readRanked(ctx context.Context, ranks *[]int64, query string, args ...any) ([]catalog.Product, error) {
	return p.readAs(ctx, func(row scanned) (catalog.Product, error) {
		var rank int64
		item, err := scanProductAfter(row, &rank)
		*ranks = append(*ranks, rank)
		return item, err
	}, query, args...)
}

func (p Products) readAs(ctx context.Context, scan func(scanned) (catalog.Product, error), query string, args ...any) (items []catalog.Product, err error) {
	err = p.s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if items, err = rowsOf(ctx, tx, scan, query, args...); err != nil || len(items) == 0 {
			return err
		}
		index := make(map[ref.ProductID]int, len(items))
		ids := make([]ref.ProductID, len(items))
		for i, it := range items {
			index[it.ID], ids[i] = i, it.ID
		}
		variants, err := rowsOf(ctx, tx, scanVariant, sqlVariants, idTexts(ids))
		for _, v := range variants {
			i := index[v.product]
			items[i].Variants = append(items[i].Variants, v.Variant)
		}
		return err
	})
	return items, err
}

// scanProduct reads productColumns.
func scanProduct(row scanned) (catalog.Product, error) { return scanProductAfter(row) }

// scanProductAfter reads productColumns behind other columns.
func scanProductAfter(row scanned, others ...any) (catalog.Product, error) {
	var p catalog.Product
	return p, row.Scan(append(others, intoID(&p.ID), &p.Version, &p.Slug, &p.Title, &p.Description, &p.Brand, intoID(&p.BrandID), &p.Type,
		intoJSON(&p.Tags), &p.Status, &p.Featured, intoJSON(&p.SEO), &p.TaxCategory, intoJSON(&p.Metadata), intoList(&p.Categories),
		intoList(&p.Collections), intoJSON(&p.Publication), intoJSON(&p.Listings), intoJSON(&p.Translations), intoJSON(&p.Options),
		intoJSON(&p.Media), intoTime(&p.CreatedAt), intoTime(&p.UpdatedAt), intoTime(&p.Due))...)
}

func scanVariant(row scanned) (placedVariant, error) {
	var v placedVariant
	return v, row.Scan(intoID(&v.product), intoID(&v.ID), &v.SKU, intoJSON(&v.Options), &v.Barcode, &v.Grams, intoID(&v.Media), &v.Retired,
		intoList(&v.Channels), intoJSON(&v.Metadata))
}
