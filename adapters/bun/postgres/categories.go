package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Categories is the store as catalog.Categories.
type Categories struct{ s *Store }

var _ catalog.Categories = Categories{}

// Categories gives the port catalog.Categories.
func (s *Store) Categories() Categories { return Categories{s} }

const (
	sqlCategories = `SELECT c.id, c.version, c.parent_id, c.position, c.slug, c.name, c.description, c.seo, c.translations, c.created_at, c.updated_at
		FROM commerce.categories c WHERE c.shop = $1`
	// What starts with a path is a range: "0" follows the slash that ends it.
	sqlSubtree = sqlCategories + ` AND c.path >= (SELECT path FROM commerce.categories WHERE shop = $1 AND slug = $2)
		AND c.path < (SELECT rtrim(path, '/') || '0' FROM commerce.categories WHERE shop = $1 AND slug = $2)`
)

// Structure reads the tree and the rules as of one moment, in one snapshot.
func (k Categories) Structure(ctx context.Context) (catalog.Structure, error) {
	var out catalog.Structure
	err := pgx.BeginTxFunc(ctx, k.s.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		b := &pgx.Batch{}
		b.Queue(`SELECT version, sweeping, swept FROM commerce.catalog_structure WHERE shop = $1`, k.s.cfg.Shop).Query(func(rows pgx.Rows) error {
			var after [16]byte
			_, err := pgx.ForEachRow(rows, []any{&out.Version, &out.Sweep.Running, &after}, func() error {
				out.Sweep.After = ref.NewID[ref.ProductKind](after)
				return nil
			})
			return err
		})
		b.Queue(sqlCategories+` ORDER BY c.id`, k.s.cfg.Shop).Query(func(rows pgx.Rows) (err error) {
			out.Categories, err = pgx.CollectRows(rows, scanCategory)
			return err
		})
		b.Queue(`SELECT id, rule FROM commerce.collections WHERE shop = $1 AND rule IS NOT NULL ORDER BY id`, k.s.cfg.Shop).
			Query(func(rows pgx.Rows) (err error) {
				out.Ruled, err = pgx.CollectRows(rows, scanRuled)
				return err
			})
		return tx.SendBatch(ctx, b).Close()
	})
	return out, readError(err)
}

// Subtree reads a range of the index of paths.
func (k Categories) Subtree(ctx context.Context, scope ref.Scope, slug string) ([]catalog.Category, error) {
	found, err := k.read(ctx, scope, sqlSubtree, k.s.cfg.Shop, slug)
	if err == nil && len(found) == 0 {
		err = readError(pgx.ErrNoRows)
	}
	if err != nil {
		return nil, err
	}
	tree := catalog.NewTree(found)
	top, _ := tree.BySlug(slug)
	return tree.Subtree(top.ID), nil
}

// ByIDs reads categories by their keys.
func (k Categories) ByIDs(ctx context.Context, scope ref.Scope, ids []ref.CategoryID) ([]catalog.Category, error) {
	return k.read(ctx, scope, sqlCategories+` AND c.id = ANY ($2)`, k.s.cfg.Shop, uuids(ids))
}

func (k Categories) read(ctx context.Context, scope ref.Scope, sql string, args ...any) ([]catalog.Category, error) {
	rows, err := k.s.pool.Query(ctx, sql, append([]any{pgx.QueryExecModeCacheStatement}, args...)...)
	if err != nil {
		return nil, readError(err)
	}
	out, err := pgx.CollectRows(rows, scanCategory)
	for i := range out {
		out[i] = out[i].In(scope)
	}
	return out, readError(err)
}

func scanCategory(row pgx.CollectableRow) (catalog.Category, error) {
	var c catalog.Category
	var id [16]byte
	var parent pgtype.UUID
	var seo, translations []byte
	err := row.Scan(&id, &c.Version, &parent, &c.Position, &c.Slug, &c.Name, &c.Description, &seo, &translations, &c.CreatedAt, &c.UpdatedAt)
	if err != nil {
		return c, err
	}
	c.ID = ref.NewID[ref.CategoryKind](id)
	if parent.Valid {
		c.Parent = ref.NewID[ref.CategoryKind](parent.Bytes)
	}
	c.CreatedAt, c.UpdatedAt = ref.Instant(c.CreatedAt), ref.Instant(c.UpdatedAt)
	return c, decode(decoded{seo, &c.SEO}, decoded{translations, &c.Translations})
}

func scanRuled(row pgx.CollectableRow) (catalog.Ruled, error) {
	var id [16]byte
	var rule []byte
	var out catalog.Ruled
	if err := row.Scan(&id, &rule); err != nil {
		return out, err
	}
	out.ID = ref.NewID[ref.CollectionKind](id)
	return out, decode(decoded{rule, &out.Rule})
}
