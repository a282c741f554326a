package sqlite

import (
	"context"
	"database/sql"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// catalogFacts are what a commit of the catalogue names.
type catalogFacts struct {
	catalog.Facts

	before map[ref.ProductID]productBefore
}

// productBefore is what a write of a product must know of the state that it replaces.
type productBefore struct {
	slug        string
	collections []ref.CollectionID
}

// sqlSet is a list of ids or texts, which is one argument in JSON.
const sqlSet = `(SELECT value FROM json_each(?1))`

// named are the things that a commit names.
type named struct {
	products, listed []ref.ProductID
	brands           []ref.BrandID
	categories       []ref.CategoryID
	collections      []ref.CollectionID
	brandsGone       []ref.BrandID
	categoriesGone   []ref.CategoryID
	slugs, brandKeys []string
	brandSlugs       []string
	categorySlugs    []string
	collectionSlugs  []string
	skus             []ref.SKU
	variants         []ref.VariantID
}

func namedIn(c catalog.Commit) named {
	var n named
	for _, w := range c.Products {
		n.products, n.slugs = append(n.products, w.State.ID), append(n.slugs, w.State.Slug)
		n.categories = append(n.categories, w.State.Categories...)
		if !w.State.BrandID.IsZero() {
			n.brands = append(n.brands, w.State.BrandID)
		}
		for _, v := range w.State.Variants {
			n.skus, n.variants = append(n.skus, v.SKU), append(n.variants, v.ID)
		}
	}
	for _, w := range c.Brands {
		n.brands, n.brandSlugs = append(n.brands, w.State.ID), append(n.brandSlugs, w.State.Slug)
		n.brandKeys = append(n.brandKeys, catalog.NameKey(w.State.Name))
	}
	for _, w := range c.Categories {
		n.categories, n.categorySlugs = append(n.categories, w.State.ID), append(n.categorySlugs, w.State.Slug)
		if !w.State.Parent.IsZero() {
			n.categories = append(n.categories, w.State.Parent)
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

// readCatalogFacts reads what a commit names. Nobody else writes meanwhile.
func readCatalogFacts(ctx context.Context, tx *sql.Tx, c catalog.Commit) (*catalogFacts, error) {
	n := namedIn(c)
	f := &catalogFacts{before: map[ref.ProductID]productBefore{}}
	f.Products, f.Brands = map[ref.ProductID]ref.Version{}, map[ref.BrandID]ref.Version{}
	f.Categories, f.Collections = map[ref.CategoryID]ref.Version{}, map[ref.CollectionID]ref.Version{}
	return f, inTurn(
		func() error {
			return tx.QueryRowContext(ctx, `SELECT version FROM catalog_structure`).Scan(&f.Structure)
		},
		func() error { return readVersions(ctx, tx, "brands", n.brands, f.Brands) },
		func() error { return readVersions(ctx, tx, "categories", n.categories, f.Categories) },
		func() error { return readVersions(ctx, tx, "collections", n.collections, f.Collections) },
		func() error { return readVersions(ctx, tx, "products", n.listed, f.Products) },
		func() error { return readBefore(ctx, tx, n.products, f) },
		func() error { return readOwners(ctx, tx, "products", "slug", n.slugs, &f.Slugs) },
		func() error { return readSKUs(ctx, tx, n.skus, &f.SKUs) },
		func() error { return readVariants(ctx, tx, n.variants, f) },
		func() error { return readOwners(ctx, tx, "brands", "slug", n.brandSlugs, &f.BrandSlugs) },
		func() error { return readOwners(ctx, tx, "brands", "name_key", n.brandKeys, &f.BrandNames) },
		func() error { return readOwners(ctx, tx, "categories", "slug", n.categorySlugs, &f.CategorySlugs) },
		func() error { return readOwners(ctx, tx, "collections", "slug", n.collectionSlugs, &f.CollectionSlugs) },
		func() error {
			return readUse(ctx, tx, `SELECT DISTINCT brand_id FROM product_brands WHERE brand_id IN `+sqlSet, n.brandsGone, &f.BrandsInUse)
		},
		func() error {
			return readUse(ctx, tx, `SELECT category_id FROM product_categories WHERE category_id IN `+sqlSet+
				` UNION SELECT parent_id FROM categories WHERE parent_id IN `+sqlSet, n.categoriesGone, &f.CategoriesInUse)
		},
	)
}

// readVersions reads the versions of rows of a table.
func readVersions[K ref.Kind](ctx context.Context, tx *sql.Tx, table string, ids []ref.ID[K], versions map[ref.ID[K]]ref.Version) error {
	if len(ids) == 0 {
		return nil
	}
	var id ref.ID[K]
	var version ref.Version
	return eachRow(ctx, tx, `SELECT id, version FROM `+table+` WHERE id IN `+sqlSet, []any{idTexts(ids)}, []any{intoID(&id), &version},
		func() { versions[id] = version })
}

// readBefore reads the products as they are.
func readBefore(ctx context.Context, tx *sql.Tx, ids []ref.ProductID, f *catalogFacts) error {
	if len(ids) == 0 {
		return nil
	}
	var id ref.ProductID
	var version ref.Version
	var before productBefore
	return eachRow(ctx, tx, `SELECT id, version, slug, collections FROM products WHERE id IN `+sqlSet, []any{idTexts(ids)},
		[]any{intoID(&id), &version, &before.slug, intoList(&before.collections)},
		func() { f.Products[id], f.before[id] = version, before })
}

// readOwners reads who has unique names.
func readOwners[N ~string, K ref.Kind](ctx context.Context, tx *sql.Tx, table, column string, names []N, owners *map[N]ref.ID[K]) error {
	return readWhose(ctx, tx, `SELECT `+column+`, id FROM `+table+` WHERE `+column+` IN `+sqlSet, names, owners)
}

// readSKUs reads which products have the SKUs.
func readSKUs(ctx context.Context, db asked, skus []ref.SKU, owners *map[ref.SKU]ref.ProductID) error {
	return readWhose(ctx, db, `SELECT sku, product_id FROM variants WHERE sku IN `+sqlSet, skus, owners)
}

func readWhose[N ~string, K ref.Kind](ctx context.Context, db asked, query string, names []N, owners *map[N]ref.ID[K]) error {
	*owners = make(map[N]ref.ID[K], len(names))
	if len(names) == 0 {
		return nil
	}
	var name N
	var id ref.ID[K]
	return eachRow(ctx, db, query, []any{jsonText(names)}, []any{&name, intoID(&id)}, func() { (*owners)[name] = id })
}

// readVariants reads whose variants they are.
func readVariants(ctx context.Context, tx *sql.Tx, ids []ref.VariantID, f *catalogFacts) error {
	f.Variants = make(map[ref.VariantID]ref.ProductID, len(ids))
	if len(ids) == 0 {
		return nil
	}
	var id ref.VariantID
	var product ref.ProductID
	return eachRow(ctx, tx, `SELECT id, product_id FROM variants WHERE id IN `+sqlSet, []any{idTexts(ids)}, []any{intoID(&id), intoID(&product)},
		func() { f.Variants[id] = product })
}

// readUse reads which of the things are named by others.
func readUse[K ref.Kind](ctx context.Context, tx *sql.Tx, query string, ids []ref.ID[K], used *map[ref.ID[K]]bool) error {
	*used = make(map[ref.ID[K]]bool, len(ids))
	if len(ids) == 0 {
		return nil
	}
	var id ref.ID[K]
	return eachRow(ctx, tx, query, []any{idTexts(ids)}, []any{intoID(&id)}, func() { (*used)[id] = true })
}
