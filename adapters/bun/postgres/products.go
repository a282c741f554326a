package postgres

import (
	"context"
	"strconv"

	"github.com/jackc/pgx/v5"

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
		COALESCE((SELECT b.name FROM commerce.brands b WHERE b.shop = p.shop AND b.id = p.brand_id), p.brand), p.brand_id, p.type, p.tags,
		p.status, p.featured, p.seo, p.tax_category, p.metadata, p.categories, p.collections, p.publication, p.listings, p.translations,
		p.options, p.media, p.created_at, p.updated_at, p.due_at`
	// sqlSeen tells whether the channel $2 shows the product p at the time $3 and has a variant of it.
	sqlSeen = ` p.status = 'active' AND CASE WHEN $2 = '` + string(ref.DefaultChannel) + `' THEN p.shown_from <= $3 AND $3 < p.shown_until
		ELSE EXISTS (SELECT FROM commerce.channel_listings l
			WHERE l.shop = $1 AND l.product_id = p.id AND l.channel = $2 AND l.shown_from <= $3 AND $3 < l.shown_until) END`
	sqlProduct = `SELECT ` + productColumns + ` FROM commerce.products p WHERE p.shop = $1 AND `
	// sqlKeyed is one product p by a key, looked up by the key's index and by no other, whatever the statistics say: behind
	// OFFSET 0 no index of what is active comes into question.
	sqlKeyed    = `(SELECT * FROM commerce.products WHERE shop = $1 AND `
	sqlKeyedEnd = ` OFFSET 0) p`
	sqlVariants = `SELECT v.* FROM (SELECT DISTINCT unnest($2::uuid[])) AS k(id)
		CROSS JOIN LATERAL (SELECT product_id, id, sku, options, barcode, grams, media_id, retired, channels, metadata FROM commerce.variants
			WHERE shop = $1 AND product_id = k.id ORDER BY position OFFSET 0) v`
)

// The list is read along an index of the newest, whatever the depth: that of the products for the default channel, which
// shows most of them, and that of the channel's own for another.
const (
	sqlNewest      = sqlProduct + sqlSeen
	sqlNewestAfter = sqlNewest + ` AND (p.created_at, p.id) < ($4, $5)`
	sqlNewestOrder = ` ORDER BY p.created_at DESC, p.id DESC LIMIT `
	sqlChannel     = `SELECT ` + productColumns + ` FROM commerce.channel_listings c
		CROSS JOIN LATERAL ` + sqlKeyed + `id = c.product_id` + sqlKeyedEnd + `
		WHERE p.status = 'active' AND c.shop = $1 AND c.channel = $2 AND c.shown_from <= $3 AND $3 < c.shown_until`
	sqlChannelAfter = sqlChannel + ` AND (c.created_at, c.product_id) < ($4, $5)`
	sqlChannelOrder = ` ORDER BY c.created_at DESC, c.product_id DESC LIMIT `
)

// List reads a page. The limit stands in the statement: a plan for an unknown one would sort the whole catalogue.
func (p Products) List(ctx context.Context, scope ref.Scope, q catalog.ListQuery) (catalog.Page, error) {
	sql, after, order := sqlNewest, sqlNewestAfter, sqlNewestOrder
	if scope.Channel != ref.DefaultChannel {
		sql, after, order = sqlChannel, sqlChannelAfter, sqlChannelOrder
	}
	args := p.scoped(scope)
	if q.After != nil {
		sql, args = after, append(args, q.After.CreatedAt, [16]byte(q.After.ID.UUID()))
	}
	items, err := p.read(ctx, sql+order+strconv.Itoa(q.Limit+1), args...)
	if err != nil || len(items) <= q.Limit {
		return catalog.Page{Items: seenBy(scope, items)}, err
	}
	items = items[:q.Limit]
	last := items[q.Limit-1]
	return catalog.Page{Items: seenBy(scope, items), Next: &catalog.Place{CreatedAt: last.CreatedAt, ID: last.ID}}, nil
}

// sqlKeyedProduct selects productColumns of one product by a key.
func sqlKeyedProduct(key string) string {
	return `SELECT ` + productColumns + ` FROM ` + sqlKeyed + key + sqlKeyedEnd
}

// scoped are the arguments of sqlSeen.
func (p Products) scoped(scope ref.Scope) []any {
	return []any{p.s.cfg.Shop, string(scope.Channel), scope.At}
}

// ByID reads a product that the scope sees.
func (p Products) ByID(ctx context.Context, scope ref.Scope, id ref.ProductID) (catalog.Product, error) {
	items, err := p.seen(ctx, scope, sqlKeyedProduct("id = $4")+` WHERE`+sqlSeen, append(p.scoped(scope), [16]byte(id.UUID()))...)
	return first("product", items, err)
}

// BySlug reads a product that the scope sees.
func (p Products) BySlug(ctx context.Context, scope ref.Scope, slug string) (catalog.Product, error) {
	items, err := p.seen(ctx, scope, sqlKeyedProduct("slug = $4")+` WHERE`+sqlSeen, append(p.scoped(scope), slug)...)
	return first("product", items, err)
}

// Moved reads the present slug of the product that gave the slug up.
func (p Products) Moved(ctx context.Context, scope ref.Scope, slug string) (present string, err error) {
	err = p.s.pool.QueryRow(ctx, `SELECT p.slug FROM (SELECT product_id FROM commerce.slug_history WHERE shop = $1 AND slug = $4 OFFSET 0) h
		CROSS JOIN LATERAL `+sqlKeyed+`id = h.product_id`+sqlKeyedEnd+` WHERE`+sqlSeen, append(p.scoped(scope), slug)...).Scan(&present)
	return present, readError(err)
}

// Get reads a product whatever its status.
func (p Products) Get(ctx context.Context, id ref.ProductID) (catalog.Product, error) {
	items, err := p.read(ctx, sqlKeyedProduct("id = $2"), p.s.cfg.Shop, [16]byte(id.UUID()))
	return first("product", items, err)
}

// Find reads a product whatever its status.
func (p Products) Find(ctx context.Context, slug string) (catalog.Product, error) {
	items, err := p.read(ctx, sqlKeyedProduct("slug = $2"), p.s.cfg.Shop, slug)
	return first("product", items, err)
}

// SKUs tells whose the SKUs are.
func (p Products) SKUs(ctx context.Context, skus []ref.SKU) (map[ref.SKU]ref.ProductID, error) {
	rows, err := p.s.pool.Query(ctx, `SELECT sku, product_id FROM commerce.variants WHERE shop = $1 AND sku = ANY($2)`, p.s.cfg.Shop, skuTexts(skus))
	if err != nil {
		return nil, readError(err)
	}
	out := make(map[ref.SKU]ref.ProductID, len(skus))
	var sku ref.SKU
	var id [16]byte
	_, err = pgx.ForEachRow(rows, []any{&sku, &id}, func() error {
		out[sku] = ref.NewID[ref.ProductKind](id)
		return nil
	})
	return out, readError(err)
}

// Count counts products by the statistics' cheapest exact way, an index-only scan.
func (p Products) Count(ctx context.Context) (all, active int64, err error) {
	err = p.s.pool.QueryRow(ctx, `SELECT count(*), count(*) FILTER (WHERE status = 'active') FROM commerce.products WHERE shop = $1`, p.s.cfg.Shop).
		Scan(&all, &active)
	return all, active, readError(err)
}

// first gives the only thing of a read; what it is is said when there is none.
func first[T any](what string, items []T, err error) (T, error) {
	if err == nil && len(items) == 0 {
		err = missing(what, pgx.ErrNoRows)
	}
	if err != nil {
		var none T
		return none, err
	}
	return items[0], nil
}

// seen is read for a scope; the statement leaves out what the scope does not see.
func (p Products) seen(ctx context.Context, scope ref.Scope, sql string, args ...any) ([]catalog.Product, error) {
	items, err := p.read(ctx, sql, args...)
	return seenBy(scope, items), err
}

// seenBy gives products as the scope sees them. The variants were read after the products, so the last one on sale may
// have been retired in between.
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
func (p Products) read(ctx context.Context, sql string, args ...any) ([]catalog.Product, error) {
	return p.readAs(ctx, scanProduct, sql, args...)
}

// readRanked is read for a statement that selects a rank before productColumns.
func (p Products) readRanked(ctx context.Context, ranks *[]int64, sql string, args ...any) ([]catalog.Product, error) {
	return p.readAs(ctx, func(row pgx.CollectableRow) (catalog.Product, error) {
		var rank int64
		item, err := scanProductAfter(row, &rank)
		*ranks = append(*ranks, rank)
		return item, err
	}, sql, args...)
}

func (p Products) readAs(ctx context.Context, scan pgx.RowToFunc[catalog.Product], sql string, args ...any) ([]catalog.Product, error) {
	rows, err := p.s.pool.Query(ctx, sql, append([]any{pgx.QueryExecModeCacheStatement}, args...)...)
	if err != nil {
		return nil, readError(err)
	}
	items, err := pgx.CollectRows(rows, scan)
	if err != nil || len(items) == 0 {
		return nil, readError(err)
	}
	index := make(map[ref.ProductID]int, len(items))
	ids := make([]ref.ProductID, len(items))
	for i, it := range items {
		index[it.ID], ids[i] = i, it.ID
	}
	rows, err = p.s.pool.Query(ctx, sqlVariants, pgx.QueryExecModeCacheStatement, p.s.cfg.Shop, uuids(ids))
	if err != nil {
		return nil, readError(err)
	}
	defer rows.Close()
	for rows.Next() {
		product, v, err := scanVariant(rows)
		if err != nil {
			return nil, readError(err)
		}
		i := index[product]
		items[i].Variants = append(items[i].Variants, v)
	}
	return items, readError(rows.Err())
}
