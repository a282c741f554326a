package postgres

import (
	"context"
	"strconv"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Brands is the store as catalog.Brands.
type Brands struct{ s *Store }

var _ catalog.Brands = Brands{}

// Brands gives the port catalog.Brands.
func (s *Store) Brands() Brands { return Brands{s} }

const sqlBrands = `SELECT id, version, slug, name, description, seo, translations, created_at, updated_at FROM commerce.brands WHERE shop = $1`

// List reads a page along the index of names.
func (b Brands) List(ctx context.Context, scope ref.Scope, q catalog.BrandQuery) (catalog.BrandPage, error) {
	found, err := b.read(ctx, sqlBrands+` AND name_key > $2 ORDER BY name_key LIMIT `+strconv.Itoa(q.Limit+1), b.s.cfg.Shop, q.After)
	if err != nil {
		return catalog.BrandPage{}, err
	}
	out := catalog.BrandPage{Items: found}
	if len(found) > q.Limit {
		out.Items = found[:q.Limit]
		out.Next = catalog.NameKey(out.Items[q.Limit-1].Name)
	}
	for i := range out.Items {
		out.Items[i] = out.Items[i].In(scope)
	}
	return out, nil
}

// BySlug reads the brand with the slug.
func (b Brands) BySlug(ctx context.Context, scope ref.Scope, slug string) (catalog.Brand, error) {
	items, err := b.read(ctx, sqlBrands+` AND slug = $2`, b.s.cfg.Shop, slug)
	found, err := first("brand", items, err)
	return found.In(scope), err
}

// ByName reads the brand of the name.
func (b Brands) ByName(ctx context.Context, name string) (catalog.Brand, error) {
	items, err := b.read(ctx, sqlBrands+` AND name_key = $2`, b.s.cfg.Shop, catalog.NameKey(name))
	return first("brand", items, err)
}

// Get reads the brand.
func (b Brands) Get(ctx context.Context, id ref.BrandID) (catalog.Brand, error) {
	items, err := b.read(ctx, sqlBrands+` AND id = $2`, b.s.cfg.Shop, [16]byte(id.UUID()))
	return first("brand", items, err)
}

func (b Brands) read(ctx context.Context, sql string, args ...any) ([]catalog.Brand, error) {
	rows, err := b.s.pool.Query(ctx, sql, append([]any{pgx.QueryExecModeCacheStatement}, args...)...)
	if err != nil {
		return nil, readError(err)
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (catalog.Brand, error) {
		var o catalog.Brand
		var id [16]byte
		var seo, translations []byte
		err := row.Scan(&id, &o.Version, &o.Slug, &o.Name, &o.Description, &seo, &translations, &o.CreatedAt, &o.UpdatedAt)
		if err != nil {
			return o, err
		}
		o.ID = ref.NewID[ref.BrandKind](id)
		o.CreatedAt, o.UpdatedAt = ref.Instant(o.CreatedAt), ref.Instant(o.UpdatedAt)
		return o, decode(decoded{seo, &o.SEO}, decoded{translations, &o.Translations})
	})
	return found, readError(err)
}
