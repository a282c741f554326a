package sqlite

import (
	"context"
	"database/sql"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// slugTables are the tables of the things whose old slugs lead to them.
var slugTables = map[catalog.SlugKind]string{
	catalog.BrandSlugs: "brands", catalog.CategorySlugs: "categories", catalog.CollectionSlugs: "collections",
}

// Moved reads the present slug of what gave the slug up.
func (d Directory) Moved(ctx context.Context, kind catalog.SlugKind, slug string) (present string, err error) {
	of, known := slugTables[kind]
	if !known {
		return "", readError(sql.ErrNoRows)
	}
	err = d.s.reader.QueryRowContext(ctx, `SELECT t.slug FROM given_slugs g JOIN `+of+` t ON t.id = g.id WHERE g.kind = ?1 AND g.slug = ?2`,
		kind, slug).Scan(&present)
	return present, readError(err)
}

// giveUpSlugs notes the slugs that the things of a commit give up, before their rows are written; then those that they
// take lead to nobody else, for things of one commit may exchange theirs.
func giveUpSlugs(ctx context.Context, tx *sql.Tx, c catalog.Commit) error {
	slugs := c.Slugs()
	for _, n := range slugs {
		err := exec(ctx, tx, `INSERT INTO given_slugs (kind, slug, id) SELECT ?1, slug, id FROM `+slugTables[n.Kind]+` WHERE id = ?2 AND slug <> ?3
			ON CONFLICT (kind, slug) DO UPDATE SET id = excluded.id`, n.Kind, slugOwner(n), n.Slug)
		if err != nil {
			return err
		}
	}
	return each(ctx, tx, `DELETE FROM given_slugs WHERE kind = ?1 AND slug = ?2`, slugs, func(n catalog.NamedSlug) []any { return []any{n.Kind, n.Slug} })
}

// slugOwner is the id of what has a slug, as its table has it.
func slugOwner(n catalog.NamedSlug) string {
	switch n.Kind {
	case catalog.BrandSlugs:
		return ref.NewID[ref.BrandKind](n.ID).String()
	case catalog.CategorySlugs:
		return ref.NewID[ref.CategoryKind](n.ID).String()
	default:
		return ref.NewID[ref.CollectionKind](n.ID).String()
	}
}
