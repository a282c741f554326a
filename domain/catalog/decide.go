package catalog

import (
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Facts are what a store read, under its locks, of everything that a commit names; what does not exist is left out.
type Facts struct {
	Structure       ref.Version
	Products        map[ref.ProductID]ref.Version // Those that it writes, and those that collections by hand list.
	Brands          map[ref.BrandID]ref.Version   // Those that it writes or removes, and those that its products name.
	Categories      map[ref.CategoryID]ref.Version
	Collections     map[ref.CollectionID]ref.Version
	Slugs           map[string]ref.ProductID
	SKUs            map[ref.SKU]ref.ProductID
	Variants        map[ref.VariantID]ref.ProductID
	BrandSlugs      map[string]ref.BrandID
	BrandNames      map[string]ref.BrandID // By NameKey.
	CategorySlugs   map[string]ref.CategoryID
	CollectionSlugs map[string]ref.CollectionID
	BrandsInUse     map[ref.BrandID]bool    // Those of the removals that a product names.
	CategoriesInUse map[ref.CategoryID]bool // Those of the removals that a product or a category below names.
}

// Decide judges a commit: nil when it is to be written, wholly, else why nothing of it may be. It is the meaning of a
// commit, for every store; pure. It looks at
//
//   - the structure first, for what was decided on another one is to be decided anew, not explained;
//   - then versions, a thing twice in one commit among them;
//   - then that what is named is there, and what is removed is not in use;
//   - unique names last. Things of one commit may exchange theirs.
func Decide(c Commit, f Facts) error {
	if c.Structure != nil && *c.Structure != f.Structure {
		return StructureChanged.New("categories or collections were changed meanwhile; decide again on the present ones")
	}
	if err := judgeVersions(c, f); err != nil {
		return err
	}
	if err := judgeReferences(c, f); err != nil {
		return err
	}
	if err := judgeProductNames(c, f); err != nil {
		return err
	}
	return judgeOtherNames(c, f)
}

// stale tells whether a write or removal expects another version than the stored one, or comes a second time.
func stale[K comparable](seen map[K]bool, stored map[K]ref.Version, id K, expected ref.Version) bool {
	if seen[id] || stored[id] != expected {
		return true
	}
	seen[id] = true
	return false
}

func judgeVersions(c Commit, f Facts) error {
	products, brands := map[ref.ProductID]bool{}, map[ref.BrandID]bool{}
	categories, collections := map[ref.CategoryID]bool{}, map[ref.CollectionID]bool{}
	conflict := func(what, slug string) error {
		return fault.VersionConflict.Newf("the %s was changed meanwhile; read it again", what).With("slug", slug)
	}
	for _, w := range c.Products {
		if stale(products, f.Products, w.State.ID, w.Expected) {
			return conflict("product", w.State.Slug)
		}
	}
	for _, w := range c.Brands {
		if stale(brands, f.Brands, w.State.ID, w.Expected) {
			return conflict("brand", w.State.Slug)
		}
	}
	for _, w := range c.Categories {
		if stale(categories, f.Categories, w.State.ID, w.Expected) {
			return conflict("category", w.State.Slug)
		}
	}
	for _, w := range c.Collections {
		if stale(collections, f.Collections, w.State.ID, w.Expected) {
			return conflict("collection", w.State.Slug)
		}
	}
	for _, r := range c.Removals {
		gone := r.Expected == 0
		switch {
		case !r.Brand.IsZero():
			gone = gone || stale(brands, f.Brands, r.Brand, r.Expected)
		case !r.Category.IsZero():
			gone = gone || stale(categories, f.Categories, r.Category, r.Expected)
		default:
			gone = gone || stale(collections, f.Collections, r.Collection, r.Expected)
		}
		if gone {
			return fault.VersionConflict.New("what is to be removed was changed meanwhile; read it again")
		}
	}
	return nil
}

// judgeReferences refuses what names a thing that is not there, or removes one that is in use.
func judgeReferences(c Commit, f Facts) error {
	brands, categories := known(f.Brands), known(f.Categories)
	for _, w := range c.Brands {
		brands[w.State.ID] = true
	}
	for _, w := range c.Categories {
		categories[w.State.ID] = true
	}
	for _, r := range c.Removals {
		if f.BrandsInUse[r.Brand] || f.CategoriesInUse[r.Category] {
			return InUse.New("products or categories still name it; change those first")
		}
		delete(brands, r.Brand)
		delete(categories, r.Category)
	}
	products := known(f.Products)
	for _, w := range c.Products {
		p := w.State
		products[p.ID] = true
		if !p.BrandID.IsZero() && !brands[p.BrandID] {
			return UnknownReference.New("there is no such brand").At("brand")
		}
		for _, id := range p.Categories {
			if !categories[id] {
				return UnknownReference.New("there is no such category").At("categories").With("category", id.String())
			}
		}
	}
	for _, w := range c.Categories {
		if parent := w.State.Parent; !parent.IsZero() && !categories[parent] {
			return UnknownReference.New("there is no such parent category").At("parent")
		}
	}
	for _, w := range c.Collections {
		for _, id := range w.State.Products {
			if !products[id] {
				return UnknownReference.New("there is no such product").At("products").With("product", id.String())
			}
		}
	}
	return nil
}

// known lists what is there.
func known[K comparable](stored map[K]ref.Version) map[K]bool {
	out := make(map[K]bool, len(stored))
	for id := range stored {
		out[id] = true
	}
	return out
}
