package sqlite

import (
	"context"
	"database/sql"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Categories is the store as catalog.Categories.
type Categories struct{ s *Store }

var _ catalog.Categories = Categories{}

// Categories gives the port catalog.Categories.
func (s *Store) Categories() Categories { return Categories{s} }

const (
	sqlCategories = `SELECT id, version, parent_id, position, slug, name, description, seo, translations, created_at, updated_at FROM categories`
	// What starts with a path is a range: "0" follows the slash that ends it.
	sqlSubtree = sqlCategories + ` WHERE path >= (SELECT path FROM categories WHERE slug = ?1)
		AND path < (SELECT rtrim(path, '/') || '0' FROM categories WHERE slug = ?1)`
)

// Structure reads the tree and the rules as of one moment, in one snapshot.
func (k Categories) Structure(ctx context.Context) (catalog.Structure, error) {
	var out catalog.Structure
	err := k.s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		err := tx.QueryRowContext(ctx, `SELECT version, sweeping, swept FROM catalog_structure`).
			Scan(&out.Version, &out.Sweep.Running, intoID(&out.Sweep.After))
		if err != nil {
			return err
		}
		if out.Categories, err = rowsOf(ctx, tx, scanCategory, sqlCategories+` ORDER BY id`); err != nil {
			return err
		}
		out.Ruled, err = rowsOf(ctx, tx, func(row scanned) (catalog.Ruled, error) {
			var r catalog.Ruled
			return r, row.Scan(intoID(&r.ID), intoJSON(&r.Rule))
		}, `SELECT id, rule FROM collections WHERE rule IS NOT NULL ORDER BY id`)
		return err
	})
	return out, err
}

// Subtree reads a range of the index of paths.
func (k Categories) Subtree(ctx context.Context, scope ref.Scope, slug string) ([]catalog.Category, error) {
	found, err := k.read(ctx, scope, sqlSubtree, slug)
	if _, err := only(found, err); err != nil {
		return nil, missing("category", err)
	}
	tree := catalog.NewTree(found)
	top, _ := tree.BySlug(slug)
	return tree.Subtree(top.ID), nil
}

// ByIDs reads categories by their keys.
func (k Categories) ByIDs(ctx context.Context, scope ref.Scope, ids []ref.CategoryID) ([]catalog.Category, error) {
	return k.read(ctx, scope, sqlCategories+` WHERE id IN `+sqlSet, idTexts(ids))
}

func (k Categories) read(ctx context.Context, scope ref.Scope, query string, args ...any) ([]catalog.Category, error) {
	out, err := rowsOf(ctx, k.s.reader, scanCategory, query, args...)
	for i := range out {
		out[i] = out[i].In(scope)
	}
	return out, err
}

func scanCategory(row scanned) (catalog.Category, error) {
	var c catalog.Category
	return c, row.Scan(intoID(&c.ID), &c.Version, intoID(&c.Parent), &c.Position, &c.Slug, &c.Name, &c.Description, intoJSON(&c.SEO),
		intoJSON(&c.Translations), intoTime(&c.CreatedAt), intoTime(&c.UpdatedAt))
}
