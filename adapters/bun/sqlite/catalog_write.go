package sqlite

import (
	"context"
	"database/sql"
	"slices"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// sqlPaths brings the paths of the tree up to date: all of it, which is small, for a move changes what stands below too.
const sqlPaths = `WITH RECURSIVE t(id, path) AS (
		SELECT id, '/' || id || '/' FROM categories WHERE parent_id IS NULL
		UNION ALL SELECT c.id, t.path || c.id || '/' FROM categories c JOIN t ON c.parent_id = t.id)
	UPDATE categories SET path = t.path FROM t WHERE categories.id = t.id AND categories.path <> t.path`

// exec runs a statement.
func exec(ctx context.Context, tx *sql.Tx, query string, args ...any) error {
	_, err := tx.ExecContext(ctx, query, args...)
	return err
}

// writeStructure writes brands, categories and collections, removals and the version of the structure.
func writeStructure(ctx context.Context, tx *sql.Tx, c catalog.Commit) error {
	return inTurn(
		func() error { return giveUpSlugs(ctx, tx, c) },
		func() error { return remove(ctx, tx, c.Removals) },
		func() error { return freeNames(ctx, tx, c) },
		func() error { return each(ctx, tx, sqlPutBrand, c.Brands, rowOfBrand) },
		func() error { return each(ctx, tx, sqlPutCategory, c.Categories, rowOfCategory) },
		func() error {
			if len(c.Categories) == 0 {
				return nil
			}
			return exec(ctx, tx, sqlPaths)
		},
		func() error { return each(ctx, tx, sqlPutCollection, c.Collections, rowOfCollection) },
		func() error {
			if !c.Structural() {
				return nil
			}
			return exec(ctx, tx, `UPDATE catalog_structure SET version = version + 1`)
		},
		func() error {
			if c.Sweep == nil {
				return nil
			}
			return exec(ctx, tx, `UPDATE catalog_structure SET sweeping = ?1, swept = ?2`, c.Sweep.Running, c.Sweep.After.String())
		},
	)
}

// remove takes things away.
func remove(ctx context.Context, tx *sql.Tx, removals []catalog.Removal) error {
	for _, r := range removals {
		var err error
		switch {
		case !r.Brand.IsZero():
			err = exec(ctx, tx, `DELETE FROM brands WHERE id = ?1`, idText(r.Brand))
		case !r.Category.IsZero():
			err = exec(ctx, tx, `DELETE FROM categories WHERE id = ?1`, idText(r.Category))
		default:
			// The members of one by rule go with the sweep of its products; nobody can ask for them meanwhile.
			err = inTurn(
				func() error {
					return exec(ctx, tx, `DELETE FROM collection_products WHERE collection_id = ?1
						AND EXISTS (SELECT 1 FROM collections WHERE id = ?1 AND rule IS NULL)`, idText(r.Collection))
				},
				func() error { return exec(ctx, tx, `DELETE FROM collections WHERE id = ?1`, idText(r.Collection)) },
			)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// freeNames lets things of one commit exchange their unique names, which are checked row by row. No slug has a tilde, and
// no id is the key of a name.
func freeNames(ctx context.Context, tx *sql.Tx, c catalog.Commit) error {
	return inTurn(
		func() error {
			return free(ctx, tx, `UPDATE brands SET slug = '~' || id, name_key = '~' || id WHERE id IN `+sqlSet, c.Brands, func(b catalog.Brand) ref.BrandID { return b.ID })
		},
		func() error {
			return free(ctx, tx, `UPDATE categories SET slug = '~' || id WHERE id IN `+sqlSet, c.Categories, func(k catalog.Category) ref.CategoryID { return k.ID })
		},
		func() error {
			return free(ctx, tx, `UPDATE collections SET slug = '~' || id WHERE id IN `+sqlSet, c.Collections, func(k catalog.Collection) ref.CollectionID { return k.ID })
		},
	)
}

// free frees the names of what is written, when there are several.
func free[T any, K ref.Kind](ctx context.Context, tx *sql.Tx, query string, writes []catalog.Write[T], id func(T) ref.ID[K]) error {
	if len(writes) < 2 {
		return nil
	}
	ids := make([]ref.ID[K], len(writes))
	for i, w := range writes {
		ids[i] = id(w.State)
	}
	return exec(ctx, tx, query, idTexts(ids))
}

// writeProducts writes products with their variants and all that hangs on them.
func writeProducts(ctx context.Context, tx *sql.Tx, writes []catalog.Write[catalog.Product], f *catalogFacts) error {
	if len(writes) == 0 {
		return nil
	}
	var renamed, replaced []ref.ProductID
	for _, w := range writes {
		if before, known := f.before[w.State.ID]; known {
			replaced = append(replaced, w.State.ID)
			if before.slug != w.State.Slug {
				renamed = append(renamed, w.State.ID)
			}
		}
	}
	return inTurn(
		func() error {
			if len(renamed) < 2 {
				return nil
			}
			return exec(ctx, tx, `UPDATE products SET slug = '~' || id WHERE id IN `+sqlSet, idTexts(renamed))
		},
		func() error { return each(ctx, tx, sqlPutProduct, writes, rowOfProduct) },
		func() error {
			if len(replaced) == 0 {
				return nil
			}
			for _, of := range []string{"variants", "channel_listings", "product_schedule", "product_categories", "product_brands"} {
				if err := exec(ctx, tx, `DELETE FROM `+of+` WHERE product_id IN `+sqlSet, idTexts(replaced)); err != nil {
					return err
				}
			}
			return nil
		},
		func() error { return each(ctx, tx, sqlAddVariant, variantsOf(writes), rowOfVariant) },
		func() error { return writePlaces(ctx, tx, writes) },
		func() error { return writeSlugs(ctx, tx, writes, f) },
	)
}

// writePlaces writes where products are shown, and what they belong to.
func writePlaces(ctx context.Context, tx *sql.Tx, writes []catalog.Write[catalog.Product]) error {
	var listings, schedule, categories, brands [][]any
	for _, w := range writes {
		p, id := w.State, idText(w.State.ID)
		for _, l := range p.Listings {
			if window, ok := everShown(p, l.Channel); ok && l.Channel != ref.DefaultChannel {
				from, until := bounds(window, true)
				listings = append(listings, []any{id, l.Channel, microsOf(p.CreatedAt), from, until})
			}
		}
		if !p.Due.IsZero() {
			schedule = append(schedule, []any{id, microsOf(p.Due)})
		}
		for _, category := range p.Categories {
			categories = append(categories, []any{id, idText(category)})
		}
		if !p.BrandID.IsZero() {
			brands = append(brands, []any{id, idText(p.BrandID)})
		}
	}
	return inTurn(
		func() error {
			return each(ctx, tx, `INSERT INTO channel_listings (product_id, channel, created_at, shown_from, shown_until) VALUES (?1, ?2, ?3, ?4, ?5)`, listings, itself)
		},
		func() error {
			return each(ctx, tx, `INSERT INTO product_schedule (product_id, due_at) VALUES (?1, ?2)`, schedule, itself)
		},
		func() error {
			return each(ctx, tx, `INSERT INTO product_categories (product_id, category_id) VALUES (?1, ?2)`, categories, itself)
		},
		func() error {
			return each(ctx, tx, `INSERT INTO product_brands (product_id, brand_id) VALUES (?1, ?2)`, brands, itself)
		},
	)
}

// itself is a row that is made already.
func itself(row []any) []any { return row }

// writeSlugs lets slugs that were given up lead to their products, and those that were taken to nobody else.
func writeSlugs(ctx context.Context, tx *sql.Tx, writes []catalog.Write[catalog.Product], f *catalogFacts) error {
	var left [][]any
	taken := make([]string, len(writes))
	for i, w := range writes {
		taken[i] = w.State.Slug
		if before, known := f.before[w.State.ID]; known && before.slug != w.State.Slug {
			left = append(left, []any{before.slug, idText(w.State.ID)})
		}
	}
	return inTurn(
		func() error {
			return each(ctx, tx, `INSERT INTO slug_history (slug, product_id) VALUES (?1, ?2)
				ON CONFLICT (slug) DO UPDATE SET product_id = excluded.product_id`, left, itself)
		},
		func() error { return exec(ctx, tx, `DELETE FROM slug_history WHERE slug IN `+sqlSet, jsonText(taken)) },
	)
}

// writeMembers writes who is in which collection: for products those by rule, for collections by hand their lists.
func writeMembers(ctx context.Context, tx *sql.Tx, c catalog.Commit, f *catalogFacts) error {
	var in, gone [][]any
	for _, w := range c.Products {
		p, before := w.State, f.before[w.State.ID].collections
		for _, id := range p.Collections {
			if !slices.Contains(before, id) {
				in = append(in, []any{idText(id), idText(p.ID), microsOf(p.CreatedAt)})
			}
		}
		for _, id := range before {
			if !slices.Contains(p.Collections, id) {
				gone = append(gone, []any{idText(id), idText(p.ID)})
			}
		}
	}
	if err := each(ctx, tx, `DELETE FROM collection_products WHERE collection_id = ?1 AND product_id = ?2`, gone, itself); err != nil {
		return err
	}
	if err := each(ctx, tx, `INSERT INTO collection_products (collection_id, product_id, rank, created_at) VALUES (?1, ?2, 0, ?3)
		ON CONFLICT DO NOTHING`, in, itself); err != nil {
		return err
	}
	for _, w := range c.Collections {
		if w.State.Rule != nil {
			continue
		}
		id := idText(w.State.ID)
		if err := exec(ctx, tx, `DELETE FROM collection_products WHERE collection_id = ?1`, id); err != nil {
			return err
		}
		if err := exec(ctx, tx, `INSERT INTO collection_products (collection_id, product_id, rank, created_at)
			SELECT ?2, p.id, -k.key, p.created_at FROM json_each(?1) k JOIN products p ON p.id = k.value`, idTexts(w.State.Products), id); err != nil {
			return err
		}
	}
	return nil
}
