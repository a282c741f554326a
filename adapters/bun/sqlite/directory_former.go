package sqlite

import (
	"context"
	"database/sql"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Former reads a page of the slugs that lead to things of a kind, along the index of slugs.
func (d Directory) Former(ctx context.Context, kind catalog.SlugKind, after string, limit int) ([]catalog.NamedSlug, error) {
	switch kind {
	case catalog.ProductSlugs:
		return formerOf[ref.ProductKind](ctx, d, kind, `SELECT slug, product_id FROM slug_history WHERE slug > ?1 ORDER BY slug LIMIT ?2`, after, limit)
	case catalog.BrandSlugs:
		return formerOf[ref.BrandKind](ctx, d, kind, sqlFormer("brands"), after, limit, kind)
	case catalog.CategorySlugs:
		return formerOf[ref.CategoryKind](ctx, d, kind, sqlFormer("categories"), after, limit, kind)
	case catalog.CollectionSlugs:
		return formerOf[ref.CollectionKind](ctx, d, kind, sqlFormer("collections"), after, limit, kind)
	}
	return nil, nil
}

// sqlFormer reads the slugs that the things of a table gave up.
func sqlFormer(table string) string {
	return `SELECT g.slug, g.id FROM given_slugs g JOIN ` + table + ` t ON t.id = g.id WHERE g.kind = ?3 AND g.slug > ?1 ORDER BY g.slug LIMIT ?2`
}

// formerOf reads slugs with the ids of things of a kind.
func formerOf[K ref.Kind](ctx context.Context, d Directory, kind catalog.SlugKind, query string, args ...any) ([]catalog.NamedSlug, error) {
	var out []catalog.NamedSlug
	var slug string
	var id ref.ID[K]
	err := eachRow(ctx, d.s.reader, query, args, []any{&slug, intoID(&id)}, func() {
		out = append(out, catalog.NamedSlug{Kind: kind, ID: id.UUID(), Slug: slug})
	})
	return out, readError(err)
}

// writeFormer lets the former slugs of a commit lead to their things, once these are written.
func writeFormer(ctx context.Context, tx *sql.Tx, former []catalog.NamedSlug) error {
	for _, n := range former {
		var err error
		if n.Kind == catalog.ProductSlugs {
			err = exec(ctx, tx, `INSERT INTO slug_history (slug, product_id) SELECT ?1, id FROM products WHERE id = ?2
				AND NOT EXISTS (SELECT 1 FROM products WHERE slug = ?1)
				ON CONFLICT (slug) DO UPDATE SET product_id = excluded.product_id`, n.Slug, idText(ref.NewID[ref.ProductKind](n.ID)))
		} else if of, known := slugTables[n.Kind]; known {
			err = exec(ctx, tx, `INSERT INTO given_slugs (kind, slug, id) SELECT ?1, ?2, id FROM `+of+` WHERE id = ?3
				AND NOT EXISTS (SELECT 1 FROM `+of+` WHERE slug = ?2)
				ON CONFLICT (kind, slug) DO UPDATE SET id = excluded.id`, n.Kind, n.Slug, slugOwner(n))
		}
		if err != nil {
			return err
		}
	}
	return nil
}
