package sqlite

import (
	"context"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Brands is the store as catalog.Brands.
type Brands struct{ s *Store }

var _ catalog.Brands = Brands{}

// Brands gives the port catalog.Brands.
func (s *Store) Brands() Brands { return Brands{s} }

const sqlBrands = `SELECT id, version, slug, name, description, seo, translations, created_at, updated_at FROM brands WHERE `

// List reads a page along the index of names.
func (b Brands) List(ctx context.Context, scope ref.Scope, q catalog.BrandQuery) (catalog.BrandPage, error) {
	found, err := b.read(ctx, sqlBrands+`name_key > ?1 ORDER BY name_key LIMIT ?2`, q.After, q.Limit+1)
	if err != nil {
		return catalog.BrandPage{}, err
	}
	page, more := pageOf(found, q.Limit)
	out := catalog.BrandPage{Items: page}
	if more {
		out.Next = catalog.NameKey(page[q.Limit-1].Name)
	}
	for i := range page {
		page[i] = page[i].In(scope)
	}
	return out, nil
}

// BySlug reads the brand with the slug.
func (b Brands) BySlug(ctx context.Context, scope ref.Scope, slug string) (catalog.Brand, error) {
	found, err := b.one(ctx, sqlBrands+`slug = ?1`, slug)
	return found.In(scope), err
}

// ByName reads the brand of the name.
func (b Brands) ByName(ctx context.Context, name string) (catalog.Brand, error) {
	return b.one(ctx, sqlBrands+`name_key = ?1`, catalog.NameKey(name))
}

// Get reads the brand.
func (b Brands) Get(ctx context.Context, id ref.BrandID) (catalog.Brand, error) {
	return b.one(ctx, sqlBrands+`id = ?1`, id.String())
}

func (b Brands) one(ctx context.Context, query, key string) (catalog.Brand, error) {
	found, err := only(b.read(ctx, query, key))
	return found, missing("brand", err)
}

func (b Brands) read(ctx context.Context, query string, args ...any) ([]catalog.Brand, error) {
	return rowsOf(ctx, b.s.reader, func(row scanned) (catalog.Brand, error) {
		var o catalog.Brand
		return o, row.Scan(intoID(&o.ID), &o.Version, &o.Slug, &o.Name, &o.Description, intoJSON(&o.SEO), intoJSON(&o.Translations),
			intoTime(&o.CreatedAt), intoTime(&o.UpdatedAt))
	}, query, args...)
}
