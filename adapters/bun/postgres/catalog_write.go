package postgres

import (
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// sqlPaths brings the paths of the tree up to date: all of it, which is small, for a move changes what stands below too.
const sqlPaths = `WITH RECURSIVE t(id, path) AS (
		SELECT id, '/' || id || '/' FROM commerce.categories WHERE shop = $1 AND parent_id IS NULL
		UNION ALL SELECT c.id, t.path || c.id || '/' FROM commerce.categories c JOIN t ON c.parent_id = t.id WHERE c.shop = $1)
	UPDATE commerce.categories AS c SET path = t.path FROM t WHERE c.shop = $1 AND c.id = t.id AND c.path <> t.path`

// queueRows writes new and known rows of one table, each as a set.
func queueRows(b *pgx.Batch, shop int32, into recordset, fresh, known []row, stay ...string) {
	if len(known) > 0 {
		b.Queue(into.update(stay...), shop, set(known))
	}
	if len(fresh) > 0 {
		b.Queue(into.insert(), shop, set(fresh))
	}
}

// split makes rows of writes, the new ones apart.
func split[T any](writes []catalog.Write[T], rowOf func(T) row) (fresh, known []row) {
	for _, w := range writes {
		if w.Expected == 0 {
			fresh = append(fresh, rowOf(w.State))
		} else {
			known = append(known, rowOf(w.State))
		}
	}
	return fresh, known
}

// queueStructure writes brands, categories and collections, removals and the version of the structure.
func (s *Store) queueStructure(b *pgx.Batch, c catalog.Commit) {
	shop := s.cfg.Shop
	s.queueGivenSlugs(b, c)
	for _, r := range c.Removals {
		switch {
		case !r.Brand.IsZero():
			b.Queue(`DELETE FROM commerce.brands WHERE shop = $1 AND id = $2`, shop, [16]byte(r.Brand.UUID()))
		case !r.Category.IsZero():
			b.Queue(`DELETE FROM commerce.categories WHERE shop = $1 AND id = $2`, shop, [16]byte(r.Category.UUID()))
		default:
			// The members of one by rule go with the sweep of its products; nobody can ask for them meanwhile.
			id := [16]byte(r.Collection.UUID())
			b.Queue(`DELETE FROM commerce.collection_products WHERE shop = $1 AND collection_id = $2
				AND EXISTS (SELECT FROM commerce.collections WHERE shop = $1 AND id = $2 AND rule IS NULL)`, shop, id)
			b.Queue(`DELETE FROM commerce.collections WHERE shop = $1 AND id = $2`, shop, id)
		}
	}
	fresh, known := split(c.Brands, rowOfBrand)
	queueRows(b, shop, brandRows, fresh, known)
	fresh, known = split(c.Categories, rowOfCategory)
	queueRows(b, shop, categoryRows, fresh, known, "path")
	if len(c.Categories) > 0 {
		b.Queue(sqlPaths, shop)
	}
	fresh, known = split(c.Collections, rowOfCollection)
	queueRows(b, shop, collectionRows, fresh, known)
	if c.Structural() {
		b.Queue(`UPDATE commerce.catalog_structure SET version = version + 1 WHERE shop = $1`, shop)
	}
	if c.Sweep != nil {
		b.Queue(`UPDATE commerce.catalog_structure SET sweeping = $2, swept = $3 WHERE shop = $1`, shop, c.Sweep.Running, [16]byte(c.Sweep.After.UUID()))
	}
}

// queueProducts writes products with their variants and all that hangs on them.
func (s *Store) queueProducts(b *pgx.Batch, writes []catalog.Write[catalog.Product], f *catalogFacts) {
	if len(writes) == 0 {
		return
	}
	shop := s.cfg.Shop
	var renamed, replaced []ref.ProductID
	var variants []row
	for _, w := range writes {
		if before, known := f.before[w.State.ID]; known {
			replaced = append(replaced, w.State.ID)
			if before.slug != w.State.Slug {
				renamed = append(renamed, w.State.ID)
			}
		}
		variants = append(variants, rowsOfVariants(w.State)...)
	}
	if len(renamed) > 1 { // They may exchange their slugs, and the server checks row by row; no slug has a tilde.
		b.Queue(`UPDATE commerce.products SET slug = '~' || id WHERE shop = $1 AND id = ANY($2)`, shop, uuids(renamed))
	}
	fresh, known := split(writes, rowOfProduct)
	queueRows(b, shop, productRows, fresh, known, "created_at")
	if len(replaced) > 0 {
		for _, table := range []string{"variants", "channel_listings", "product_schedule", "product_categories", "product_brands"} {
			b.Queue(`DELETE FROM commerce.`+table+` WHERE shop = $1 AND product_id = ANY($2)`, shop, uuids(replaced))
		}
	}
	queueRows(b, shop, variantRows, variants, nil)
	s.queuePlaces(b, writes)
	s.queueSlugs(b, writes, f)
}

// queuePlaces writes where products are shown, and what they belong to.
func (s *Store) queuePlaces(b *pgx.Batch, writes []catalog.Write[catalog.Product]) {
	var listings, schedule, categories, brands []row
	for _, w := range writes {
		p, id := w.State, w.State.ID.UUID().String()
		for _, l := range p.Listings {
			if window, ok := everShown(p, l.Channel); ok && l.Channel != ref.DefaultChannel {
				from, until := bounds(window, true)
				listings = append(listings, row{"product_id": id, "channel": l.Channel, "created_at": p.CreatedAt, "shown_from": from, "shown_until": until})
			}
		}
		if !p.Due.IsZero() {
			schedule = append(schedule, row{"product_id": id, "due_at": p.Due})
		}
		for _, category := range p.Categories {
			categories = append(categories, row{"product_id": id, "category_id": category.UUID().String()})
		}
		if !p.BrandID.IsZero() {
			brands = append(brands, row{"product_id": id, "brand_id": p.BrandID.UUID().String()})
		}
	}
	shop := s.cfg.Shop
	queueRows(b, shop, recordset{"channel_listings", "product_id", []string{
		"product_id uuid", "channel text", "created_at timestamptz", "shown_from timestamptz", "shown_until timestamptz",
	}}, listings, nil)
	queueRows(b, shop, recordset{"product_schedule", "product_id", []string{"product_id uuid", "due_at timestamptz"}}, schedule, nil)
	queueRows(b, shop, recordset{"product_categories", "product_id", []string{"product_id uuid", "category_id uuid"}}, categories, nil)
	queueRows(b, shop, recordset{"product_brands", "product_id", []string{"product_id uuid", "brand_id uuid"}}, brands, nil)
}

// queueSlugs lets slugs that were given up lead to their products, and those that were taken to nobody else.
func (s *Store) queueSlugs(b *pgx.Batch, writes []catalog.Write[catalog.Product], f *catalogFacts) {
	var left []row
	taken := make([]string, len(writes))
	for i, w := range writes {
		taken[i] = w.State.Slug
		if before, known := f.before[w.State.ID]; known && before.slug != w.State.Slug {
			left = append(left, row{"slug": before.slug, "product_id": w.State.ID.UUID().String()})
		}
	}
	if len(left) > 0 {
		b.Queue(recordset{"slug_history", "slug", []string{"slug text", "product_id uuid"}}.insert()+
			` ON CONFLICT (shop, slug) DO UPDATE SET product_id = excluded.product_id`, s.cfg.Shop, set(left))
	}
	slices.Sort(taken)
	b.Queue(`DELETE FROM commerce.slug_history WHERE shop = $1 AND slug = ANY($2)`, s.cfg.Shop, taken)
}

// memberRows are the pairs of collections and products.
var memberRows = recordset{"collection_products", "collection_id", []string{
	"collection_id uuid", "product_id uuid", "rank bigint", "created_at timestamptz",
}}

const (
	sqlMembersGone = `DELETE FROM commerce.collection_products AS m USING jsonb_to_recordset($2::jsonb) AS r(collection_id uuid, product_id uuid)
		WHERE m.shop = $1 AND m.collection_id = r.collection_id AND m.product_id = r.product_id`
	sqlListed = `INSERT INTO commerce.collection_products (shop, collection_id, product_id, rank, created_at)
		SELECT $1, $2, p.id, 1 - k.n, p.created_at
		FROM unnest($3::uuid[]) WITH ORDINALITY AS k(id, n) JOIN commerce.products p ON p.shop = $1 AND p.id = k.id`
)

// queueMembers writes who is in which collection: for products those by rule, for collections by hand their lists.
func (s *Store) queueMembers(b *pgx.Batch, c catalog.Commit, f *catalogFacts) {
	var in, gone []row
	for _, w := range c.Products {
		p, before := w.State, f.before[w.State.ID].collections
		for _, id := range p.Collections {
			if !slices.Contains(before, id) {
				in = append(in, row{"collection_id": id.UUID().String(), "product_id": p.ID.UUID().String(), "rank": 0, "created_at": p.CreatedAt})
			}
		}
		for _, id := range before {
			if !slices.Contains(p.Collections, id) {
				gone = append(gone, row{"collection_id": id.UUID().String(), "product_id": p.ID.UUID().String()})
			}
		}
	}
	shop := s.cfg.Shop
	if len(gone) > 0 {
		b.Queue(sqlMembersGone, shop, set(gone))
	}
	if len(in) > 0 {
		b.Queue(memberRows.insert()+" ON CONFLICT DO NOTHING", shop, set(in))
	}
	for _, w := range c.Collections {
		if w.State.Rule != nil {
			continue
		}
		id := [16]byte(w.State.ID.UUID())
		b.Queue(`DELETE FROM commerce.collection_products WHERE shop = $1 AND collection_id = $2`, shop, id)
		b.Queue(sqlListed, shop, id, uuids(w.State.Products))
	}
}
