package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// catalogFacts are what a commit of the catalogue names, as it is under the locks of the transaction.
type catalogFacts struct {
	catalog.Facts
	before map[ref.ProductID]productBefore
}

// productBefore is what a write of a product must know of the state that it replaces.
type productBefore struct {
	slug        string
	collections []ref.CollectionID
}

// The statements that lock. A commit of the catalogue locks the structure, brands, categories, collections and products,
// in this order and by key within; what orders and stock lock comes before products, see listings_locks.go, and is
// nothing that it locks.
const (
	sqlStructureMade = `INSERT INTO commerce.catalog_structure (shop, version, sweeping, swept)
		VALUES ($1, 0, false, '00000000-0000-0000-0000-000000000000') ON CONFLICT DO NOTHING`
	sqlStructureLocked = `SELECT version FROM commerce.catalog_structure WHERE shop = $1 FOR `
	sqlLockedKeys      = `SELECT t.* FROM (SELECT DISTINCT id FROM unnest($2::uuid[]) AS k(id) ORDER BY id) k CROSS JOIN LATERAL `
	sqlLockedProducts  = sqlLockedKeys + `(SELECT id, version, slug, collections FROM commerce.products WHERE shop = $1 AND id = k.id FOR UPDATE) t`
	sqlThereProducts   = `SELECT id, version FROM commerce.products WHERE shop = $1 AND id = ANY($2)`
)

// lockedIn locks rows of a table by their ids, in their order.
func lockedIn(table, lock string) string {
	return sqlLockedKeys + `(SELECT id, version FROM commerce.` + table + ` WHERE shop = $1 AND id = k.id FOR ` + lock + `) t`
}

// named are the ids that a commit names.
type named struct {
	products, listed       []ref.ProductID
	brands, brandsOf       []ref.BrandID
	categories, placed     []ref.CategoryID
	collections            []ref.CollectionID
	brandsGone             []ref.BrandID
	categoriesGone         []ref.CategoryID
	slugs, skus, brandKeys []string
	brandSlugs             []string
	categorySlugs          []string
	collectionSlugs        []string
	variants               []ref.VariantID
}

func namedIn(c catalog.Commit) named {
	var n named
	for _, w := range c.Products {
		n.products, n.slugs = append(n.products, w.State.ID), append(n.slugs, w.State.Slug)
		n.placed = append(n.placed, w.State.Categories...)
		if !w.State.BrandID.IsZero() {
			n.brandsOf = append(n.brandsOf, w.State.BrandID)
		}
		for _, v := range w.State.Variants {
			n.skus, n.variants = append(n.skus, string(v.SKU)), append(n.variants, v.ID)
		}
	}
	for _, w := range c.Brands {
		n.brands, n.brandSlugs = append(n.brands, w.State.ID), append(n.brandSlugs, w.State.Slug)
		n.brandKeys = append(n.brandKeys, catalog.NameKey(w.State.Name))
	}
	for _, w := range c.Categories {
		n.categories, n.categorySlugs = append(n.categories, w.State.ID), append(n.categorySlugs, w.State.Slug)
		if !w.State.Parent.IsZero() {
			n.placed = append(n.placed, w.State.Parent)
		}
	}
	for _, w := range c.Collections {
		n.collections, n.collectionSlugs = append(n.collections, w.State.ID), append(n.collectionSlugs, w.State.Slug)
		n.listed = append(n.listed, w.State.Products...)
	}
	for _, r := range c.Removals {
		switch {
		case !r.Brand.IsZero():
			n.brands, n.brandsGone = append(n.brands, r.Brand), append(n.brandsGone, r.Brand)
		case !r.Category.IsZero():
			n.categories, n.categoriesGone = append(n.categories, r.Category), append(n.categoriesGone, r.Category)
		default:
			n.collections = append(n.collections, r.Collection)
		}
	}
	return n
}

// catalogFacts locks and reads in one round trip.
func (s *Store) catalogFacts(ctx context.Context, tx pgx.Tx, c catalog.Commit) (*catalogFacts, error) {
	n, shop := namedIn(c), s.cfg.Shop
	f := &catalogFacts{before: map[ref.ProductID]productBefore{}}
	f.Products, f.Brands = map[ref.ProductID]ref.Version{}, map[ref.BrandID]ref.Version{}
	f.Categories, f.Collections = map[ref.CategoryID]ref.Version{}, map[ref.CollectionID]ref.Version{}
	b := &pgx.Batch{}
	if len(n.products) > 0 {
		b.Queue(sqlVariantsComing, listingsLock, shop)
	}
	if lock := "UPDATE"; c.Structure != nil || c.Structural() || c.Sweep != nil {
		if !c.Structural() && c.Sweep == nil {
			lock = "SHARE"
		}
		b.Queue(sqlStructureMade, shop)
		b.Queue(sqlStructureLocked+lock, shop).QueryRow(func(row pgx.Row) error { return row.Scan(&f.Structure) })
	}
	queueVersions(b, lockedIn("brands", "UPDATE"), shop, n.brands, f.Brands)
	queueVersions(b, lockedIn("brands", "KEY SHARE"), shop, n.brandsOf, f.Brands)
	queueVersions(b, lockedIn("categories", "UPDATE"), shop, n.categories, f.Categories)
	queueVersions(b, lockedIn("categories", "KEY SHARE"), shop, n.placed, f.Categories)
	queueVersions(b, lockedIn("collections", "UPDATE"), shop, n.collections, f.Collections)
	queueBefore(b, shop, n.products, f)
	queueVersions(b, sqlThereProducts, shop, n.listed, f.Products)
	queueOwners(b, `SELECT slug, id FROM commerce.products WHERE shop = $1 AND slug = ANY($2)`, shop, n.slugs, &f.Slugs)
	queueOwners(b, `SELECT sku, product_id FROM commerce.variants WHERE shop = $1 AND sku = ANY($2)`, shop, n.skus, &f.SKUs)
	queueVariants(b, shop, n.variants, f)
	queueOwners(b, `SELECT slug, id FROM commerce.brands WHERE shop = $1 AND slug = ANY($2)`, shop, n.brandSlugs, &f.BrandSlugs)
	queueOwners(b, `SELECT name_key, id FROM commerce.brands WHERE shop = $1 AND name_key = ANY($2)`, shop, n.brandKeys, &f.BrandNames)
	queueOwners(b, `SELECT slug, id FROM commerce.categories WHERE shop = $1 AND slug = ANY($2)`, shop, n.categorySlugs, &f.CategorySlugs)
	queueOwners(b, `SELECT slug, id FROM commerce.collections WHERE shop = $1 AND slug = ANY($2)`, shop, n.collectionSlugs, &f.CollectionSlugs)
	queueUse(b, `SELECT k FROM unnest($2::uuid[]) AS k
		WHERE EXISTS (SELECT FROM commerce.product_brands WHERE shop = $1 AND brand_id = k)`, shop, n.brandsGone, &f.BrandsInUse)
	queueUse(b, `SELECT k FROM unnest($2::uuid[]) AS k
		WHERE EXISTS (SELECT FROM commerce.product_categories WHERE shop = $1 AND category_id = k)
		OR EXISTS (SELECT FROM commerce.categories WHERE shop = $1 AND parent_id = k)`, shop, n.categoriesGone, &f.CategoriesInUse)
	return f, tx.SendBatch(ctx, b).Close()
}

// queueVersions asks for the versions of rows.
func queueVersions[K ref.Kind](b *pgx.Batch, sql string, shop int32, ids []ref.ID[K], into map[ref.ID[K]]ref.Version) {
	if len(ids) == 0 {
		return
	}
	b.Queue(sql, shop, uuids(ids)).Query(func(rows pgx.Rows) error {
		var id [16]byte
		var version ref.Version
		_, err := pgx.ForEachRow(rows, []any{&id, &version}, func() error {
			into[ref.NewID[K](id)] = version
			return nil
		})
		return err
	})
}

// queueBefore asks for the products as they are.
func queueBefore(b *pgx.Batch, shop int32, ids []ref.ProductID, f *catalogFacts) {
	if len(ids) == 0 {
		return
	}
	b.Queue(sqlLockedProducts, shop, uuids(ids)).Query(func(rows pgx.Rows) error {
		var raw [16]byte
		var version ref.Version
		var before productBefore
		var collections [][16]byte
		_, err := pgx.ForEachRow(rows, []any{&raw, &version, &before.slug, &collections}, func() error {
			id := ref.NewID[ref.ProductKind](raw)
			before.collections = idsOf[ref.CollectionKind](collections)
			f.Products[id], f.before[id] = version, before
			return nil
		})
		return err
	})
}

// queueOwners asks who has unique names.
func queueOwners[N ~string, K ref.Kind](b *pgx.Batch, sql string, shop int32, names []string, into *map[N]ref.ID[K]) {
	*into = make(map[N]ref.ID[K], len(names))
	if len(names) == 0 {
		return
	}
	b.Queue(sql, shop, names).Query(func(rows pgx.Rows) error {
		var name N
		var id [16]byte
		_, err := pgx.ForEachRow(rows, []any{&name, &id}, func() error {
			(*into)[name] = ref.NewID[K](id)
			return nil
		})
		return err
	})
}

// queueVariants asks whose variants they are.
func queueVariants(b *pgx.Batch, shop int32, ids []ref.VariantID, f *catalogFacts) {
	f.Variants = make(map[ref.VariantID]ref.ProductID, len(ids))
	if len(ids) == 0 {
		return
	}
	b.Queue(`SELECT id, product_id FROM commerce.variants WHERE shop = $1 AND id = ANY($2)`, shop, uuids(ids)).Query(func(rows pgx.Rows) error {
		var id, product [16]byte
		_, err := pgx.ForEachRow(rows, []any{&id, &product}, func() error {
			f.Variants[ref.NewID[ref.VariantKind](id)] = ref.NewID[ref.ProductKind](product)
			return nil
		})
		return err
	})
}

// queueUse asks which of the things are named by others.
func queueUse[K ref.Kind](b *pgx.Batch, sql string, shop int32, ids []ref.ID[K], into *map[ref.ID[K]]bool) {
	*into = make(map[ref.ID[K]]bool, len(ids))
	if len(ids) == 0 {
		return
	}
	b.Queue(sql, shop, uuids(ids)).Query(func(rows pgx.Rows) error {
		var id [16]byte
		_, err := pgx.ForEachRow(rows, []any{&id}, func() error {
			(*into)[ref.NewID[K](id)] = true
			return nil
		})
		return err
	})
}

// idsOf makes ids of what the database has.
func idsOf[K ref.Kind](raw [][16]byte) []ref.ID[K] {
	var out []ref.ID[K]
	for _, u := range raw {
		out = append(out, ref.NewID[K](u))
	}
	return out
}
