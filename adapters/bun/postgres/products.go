package postgres

import (
	"context"
	"encoding/json"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Products is the store as catalog.Products.
type Products struct{ s *Store }

var _ catalog.Products = Products{}

// Products gives the port catalog.Products.
func (s *Store) Products() Products { return Products{s} }

const (
	productColumns = `p.id, p.version, p.slug, p.title, p.description, p.brand, p.type, p.tags, p.status, p.featured, p.options, p.media, p.created_at, p.updated_at`
	sqlNewest      = `SELECT ` + productColumns + ` FROM commerce.products p
		WHERE p.shop = $1 AND p.status = 'active' ORDER BY p.created_at DESC, p.id DESC LIMIT `
	sqlNewestAfter = `SELECT ` + productColumns + ` FROM commerce.products p
		WHERE p.shop = $1 AND p.status = 'active' AND (p.created_at, p.id) < ($2, $3) ORDER BY p.created_at DESC, p.id DESC LIMIT `
	sqlProductByID   = `SELECT ` + productColumns + ` FROM commerce.products p WHERE p.shop = $1 AND p.id = $2 AND p.status = 'active'`
	sqlProductBySlug = `SELECT ` + productColumns + ` FROM commerce.products p WHERE p.shop = $1 AND p.slug = $2 AND (p.status = 'active' OR $3)`
	// Index lookups one after the other, whatever the statistics say: OFFSET 0 keeps the subqueries from becoming joins.
	sqlSellableOf   = ` CROSS JOIN LATERAL (SELECT title FROM commerce.products WHERE shop = $1 AND id = v.product_id AND status = 'active' OFFSET 0) p`
	sqlSellableByID = `SELECT v.id, v.product_id, v.sku, p.title, v.options FROM (SELECT DISTINCT unnest($2::uuid[])) AS k(id)
		CROSS JOIN LATERAL (SELECT id, product_id, sku, options FROM commerce.variants WHERE shop = $1 AND id = k.id OFFSET 0) v` + sqlSellableOf
	sqlSellableAny = sqlSellableByID + `
		UNION SELECT v.id, v.product_id, v.sku, p.title, v.options FROM (SELECT DISTINCT unnest($3::text[])) AS k(sku)
		CROSS JOIN LATERAL (SELECT id, product_id, sku, options FROM commerce.variants WHERE shop = $1 AND sku = k.sku OFFSET 0) v` + sqlSellableOf
	sqlVariants = `SELECT v.* FROM (SELECT DISTINCT unnest($2::uuid[])) AS k(id)
		CROSS JOIN LATERAL (SELECT product_id, id, sku, options, barcode, grams, media_id FROM commerce.variants
			WHERE shop = $1 AND product_id = k.id ORDER BY position OFFSET 0) v`
)

// List reads a page along the index of the newest, whatever the depth. The limit stands in the statement: a plan for
// an unknown one would sort the whole catalogue.
func (p Products) List(ctx context.Context, _ ref.Scope, q catalog.ListQuery) (catalog.Page, error) {
	sql, args := sqlNewest, []any{p.s.cfg.Shop}
	if q.After != nil {
		sql, args = sqlNewestAfter, append(args, q.After.CreatedAt, [16]byte(q.After.ID.UUID()))
	}
	items, err := p.read(ctx, sql+strconv.Itoa(q.Limit+1), args...)
	if err != nil || len(items) <= q.Limit {
		return catalog.Page{Items: items}, err
	}
	items = items[:q.Limit]
	last := items[q.Limit-1]
	return catalog.Page{Items: items, Next: &catalog.Place{CreatedAt: last.CreatedAt, ID: last.ID}}, nil
}

// ByID reads an active product.
func (p Products) ByID(ctx context.Context, _ ref.Scope, id ref.ProductID) (catalog.Product, error) {
	return first(p.read(ctx, sqlProductByID, p.s.cfg.Shop, [16]byte(id.UUID())))
}

// BySlug reads an active product.
func (p Products) BySlug(ctx context.Context, _ ref.Scope, slug string) (catalog.Product, error) {
	return first(p.read(ctx, sqlProductBySlug, p.s.cfg.Shop, slug, false))
}

// Find reads a product whatever its status.
func (p Products) Find(ctx context.Context, slug string) (catalog.Product, error) {
	return first(p.read(ctx, sqlProductBySlug, p.s.cfg.Shop, slug, true))
}

// Sellable reads the variants and the titles of their products.
func (p Products) Sellable(ctx context.Context, _ ref.Scope, ids []ref.VariantID, skus []ref.SKU) ([]catalog.Sellable, error) {
	sql, args := sqlSellableByID, []any{pgx.QueryExecModeCacheStatement, p.s.cfg.Shop, uuids(ids)}
	if len(skus) > 0 {
		sql, args = sqlSellableAny, append(args, texts(skus))
	}
	rows, err := p.s.pool.Query(ctx, sql, args...)
	if err != nil {
		return nil, readError(err)
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (catalog.Sellable, error) {
		var s catalog.Sellable
		var id, product [16]byte
		var options []byte
		if err := row.Scan(&id, &product, &s.SKU, &s.Title, &options); err != nil {
			return s, err
		}
		s.Variant, s.Product = ref.NewID[ref.VariantKind](id), ref.NewID[ref.ProductKind](product)
		if err := json.Unmarshal(options, &s.Options); err != nil {
			return s, corrupt(err)
		}
		return s, nil
	})
	return found, readError(err)
}

// SKUs tells whose the SKUs are.
func (p Products) SKUs(ctx context.Context, skus []ref.SKU) (map[ref.SKU]ref.ProductID, error) {
	rows, err := p.s.pool.Query(ctx, `SELECT sku, product_id FROM commerce.variants WHERE shop = $1 AND sku = ANY($2)`, p.s.cfg.Shop, texts(skus))
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

// first gives the only product of a read.
func first(items []catalog.Product, err error) (catalog.Product, error) {
	if err == nil && len(items) == 0 {
		err = readError(pgx.ErrNoRows)
	}
	if err != nil {
		return catalog.Product{}, err
	}
	return items[0], nil
}

// read runs a statement that selects productColumns and adds the variants: two statements, for any number of products.
func (p Products) read(ctx context.Context, sql string, args ...any) ([]catalog.Product, error) {
	rows, err := p.s.pool.Query(ctx, sql, append([]any{pgx.QueryExecModeCacheStatement}, args...)...)
	if err != nil {
		return nil, readError(err)
	}
	items, err := pgx.CollectRows(rows, scanProduct)
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

func scanProduct(row pgx.CollectableRow) (catalog.Product, error) {
	var p catalog.Product
	var id [16]byte
	var tags, options, media []byte
	err := row.Scan(&id, &p.Version, &p.Slug, &p.Title, &p.Description, &p.Brand, &p.Type, &tags, &p.Status, &p.Featured, &options, &media, &p.CreatedAt, &p.UpdatedAt)
	if err != nil {
		return p, err
	}
	p.ID = ref.NewID[ref.ProductKind](id)
	p.CreatedAt, p.UpdatedAt = ref.Instant(p.CreatedAt), ref.Instant(p.UpdatedAt)
	for _, part := range []struct {
		data []byte
		into any
	}{{tags, &p.Tags}, {options, &p.Options}, {media, &p.Media}} {
		if err := json.Unmarshal(part.data, part.into); err != nil {
			return p, corrupt(err)
		}
	}
	return p, nil
}

func scanVariant(row pgx.Row) (ref.ProductID, catalog.Variant, error) {
	var product, id [16]byte
	var v catalog.Variant
	var options []byte
	var media pgtype.UUID
	if err := row.Scan(&product, &id, &v.SKU, &options, &v.Barcode, &v.Grams, &media); err != nil {
		return ref.ProductID{}, v, err
	}
	v.ID = ref.NewID[ref.VariantKind](id)
	if media.Valid {
		v.Media = ref.NewID[ref.MediaKind](media.Bytes)
	}
	if err := json.Unmarshal(options, &v.Options); err != nil {
		return ref.ProductID{}, v, corrupt(err)
	}
	return ref.NewID[ref.ProductKind](product), v, nil
}

// texts gives the strings of SKUs.
func texts(skus []ref.SKU) []string {
	out := make([]string, len(skus))
	for i, s := range skus {
		out[i] = string(s)
	}
	return out
}
