package memory

import (
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// facts gathers what the commit names. The maps of names are the store's own, which Decide only reads.
func (c *catalogState) facts(commit catalog.Commit) catalog.Facts {
	f := catalog.Facts{
		Structure: c.structure, Slugs: c.bySlug, SKUs: c.bySKU, Variants: c.byVariant,
		Products: map[ref.ProductID]ref.Version{}, Brands: map[ref.BrandID]ref.Version{},
		Categories: map[ref.CategoryID]ref.Version{}, Collections: map[ref.CollectionID]ref.Version{},
		BrandsInUse: map[ref.BrandID]bool{}, CategoriesInUse: map[ref.CategoryID]bool{},
	}
	for _, w := range commit.Products {
		note(f.Products, w.State.ID, c.products[w.State.ID].Version)
		note(f.Brands, w.State.BrandID, c.brands[w.State.BrandID].Version)
		for _, id := range w.State.Categories {
			note(f.Categories, id, c.categories[id].Version)
		}
	}
	for _, w := range commit.Collections {
		for _, id := range w.State.Products {
			note(f.Products, id, c.products[id].Version)
		}
	}
	for _, r := range commit.Removals {
		f.BrandsInUse[r.Brand] = c.branded[r.Brand] > 0
		f.CategoriesInUse[r.Category] = c.placed[r.Category] > 0
	}
	c.structureFacts(commit, &f)
	return f
}

// structureFacts adds all brands, categories and collections, when the commit writes or removes such.
func (c *catalogState) structureFacts(commit catalog.Commit, f *catalog.Facts) {
	if len(commit.Brands)+len(commit.Categories)+len(commit.Collections)+len(commit.Removals) == 0 {
		return
	}
	f.BrandSlugs, f.BrandNames = map[string]ref.BrandID{}, map[string]ref.BrandID{}
	f.CategorySlugs, f.CollectionSlugs = map[string]ref.CategoryID{}, map[string]ref.CollectionID{}
	for id, b := range c.brands {
		f.Brands[id] = b.Version
		f.BrandSlugs[b.Slug], f.BrandNames[catalog.NameKey(b.Name)] = id, id
	}
	for id, k := range c.categories {
		f.Categories[id], f.CategorySlugs[k.Slug] = k.Version, id
		if !k.Parent.IsZero() {
			f.CategoriesInUse[k.Parent] = true
		}
	}
	for id, k := range c.collections {
		f.Collections[id], f.CollectionSlugs[k.Slug] = k.Version, id
	}
}

// note adds what is there.
func note[K comparable](facts map[K]ref.Version, id K, version ref.Version) {
	if version > 0 {
		facts[id] = version
	}
}
