package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/domain/catalog"
)

// slugTables are the tables of the things whose old slugs lead to them.
var slugTables = map[catalog.SlugKind]string{
	catalog.BrandSlugs: "brands", catalog.CategorySlugs: "categories", catalog.CollectionSlugs: "collections",
}

// Moved reads the present slug of what gave the slug up.
func (d Directory) Moved(ctx context.Context, kind catalog.SlugKind, slug string) (present string, err error) {
	table, known := slugTables[kind]
	if !known {
		return "", readError(pgx.ErrNoRows)
	}
	err = d.s.pool.QueryRow(ctx, `SELECT t.slug FROM commerce.given_slugs g JOIN commerce.`+table+` t ON t.shop = g.shop AND t.id = g.id
		WHERE g.shop = $1 AND g.kind = $2 AND g.slug = $3`, d.s.cfg.Shop, string(kind), slug).Scan(&present)
	return present, readError(err)
}

// queueGivenSlugs notes the slugs that the things of a commit give up, before their rows are written; then those that
// they take lead to nobody else, for things of one commit may exchange theirs.
func (s *Store) queueGivenSlugs(b *pgx.Batch, c catalog.Commit) {
	kinds := []catalog.SlugKind{catalog.BrandSlugs, catalog.CategorySlugs, catalog.CollectionSlugs}
	for _, kind := range kinds {
		var ids [][16]byte
		var slugs []string
		for _, named := range c.Slugs() {
			if named.Kind == kind {
				ids, slugs = append(ids, [16]byte(named.ID)), append(slugs, named.Slug)
			}
		}
		if len(ids) == 0 {
			continue
		}
		b.Queue(`INSERT INTO commerce.given_slugs (shop, kind, slug, id)
			SELECT $1, $2, t.slug, t.id FROM unnest($3::uuid[], $4::text[]) AS n(id, slug)
			JOIN commerce.`+slugTables[kind]+` t ON t.shop = $1 AND t.id = n.id AND t.slug <> n.slug
			ON CONFLICT (shop, kind, slug) DO UPDATE SET id = excluded.id`, s.cfg.Shop, string(kind), ids, slugs)
		b.Queue(`DELETE FROM commerce.given_slugs WHERE shop = $1 AND kind = $2 AND slug = ANY($3)`, s.cfg.Shop, string(kind), slugs)
	}
}
