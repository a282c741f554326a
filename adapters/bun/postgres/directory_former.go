package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Former reads a page of the slugs that lead to things of a kind, along the index of slugs.
func (d Directory) Former(ctx context.Context, kind catalog.SlugKind, after string, limit int) ([]catalog.NamedSlug, error) {
	query, args := `SELECT slug, product_id FROM commerce.slug_history WHERE shop = $1 AND slug COLLATE "C" > $2 COLLATE "C"
		ORDER BY slug COLLATE "C" LIMIT $3`, []any{d.s.cfg.Shop, after, limit}
	if table, other := slugTables[kind]; other {
		query, args = `SELECT g.slug, g.id FROM commerce.given_slugs g JOIN commerce.`+table+` t ON t.shop = g.shop AND t.id = g.id
			WHERE g.shop = $1 AND g.slug COLLATE "C" > $2 COLLATE "C" AND g.kind = $4 ORDER BY g.slug COLLATE "C" LIMIT $3`, append(args, string(kind))
	} else if kind != catalog.ProductSlugs {
		return nil, nil
	}
	rows, err := d.s.pool.Query(ctx, query, args...)
	if err != nil {
		return nil, readError(err)
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (catalog.NamedSlug, error) {
		n := catalog.NamedSlug{Kind: kind}
		var id [16]byte
		err := row.Scan(&n.Slug, &id)
		n.ID = ref.UUID(id)
		return n, err
	})
	return out, readError(err)
}

// queueFormer lets the former slugs of a commit lead to their things, once these are written.
func (s *Store) queueFormer(b *pgx.Batch, former []catalog.NamedSlug) {
	ids, slugs := map[catalog.SlugKind][][16]byte{}, map[catalog.SlugKind][]string{}
	for _, n := range former {
		ids[n.Kind], slugs[n.Kind] = append(ids[n.Kind], [16]byte(n.ID)), append(slugs[n.Kind], n.Slug)
	}
	if len(slugs[catalog.ProductSlugs]) > 0 {
		b.Queue(`INSERT INTO commerce.slug_history (shop, slug, product_id)
			SELECT DISTINCT ON (n.slug) $1::int, n.slug, n.id FROM unnest($2::uuid[], $3::text[]) WITH ORDINALITY AS n(id, slug, place)
			WHERE EXISTS (SELECT FROM commerce.products WHERE shop = $1 AND id = n.id)
			AND NOT EXISTS (SELECT FROM commerce.products WHERE shop = $1 AND slug = n.slug) ORDER BY n.slug, n.place DESC
			ON CONFLICT (shop, slug) DO UPDATE SET product_id = excluded.product_id`, s.cfg.Shop, ids[catalog.ProductSlugs], slugs[catalog.ProductSlugs])
	}
	for _, kind := range []catalog.SlugKind{catalog.BrandSlugs, catalog.CategorySlugs, catalog.CollectionSlugs} {
		if len(slugs[kind]) == 0 {
			continue
		}
		b.Queue(`INSERT INTO commerce.given_slugs (shop, kind, slug, id)
			SELECT DISTINCT ON (n.slug) $1::int, $2::text, n.slug, n.id FROM unnest($3::uuid[], $4::text[]) WITH ORDINALITY AS n(id, slug, place)
			WHERE EXISTS (SELECT FROM commerce.`+slugTables[kind]+` WHERE shop = $1 AND id = n.id)
			AND NOT EXISTS (SELECT FROM commerce.`+slugTables[kind]+` WHERE shop = $1 AND slug = n.slug) ORDER BY n.slug, n.place DESC
			ON CONFLICT (shop, kind, slug) DO UPDATE SET id = excluded.id`, s.cfg.Shop, string(kind), ids[kind], slugs[kind])
	}
}
