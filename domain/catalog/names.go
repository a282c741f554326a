package catalog

import (
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// names are unique names: those that are stored, less those of the things that are written anew, and those that the
// writes take.
type names[K, ID comparable] struct {
	stored  map[K]ID
	written map[ID]bool
	taken   map[K]ID
}

// namesOf starts with what is stored; written are the things that bring their names anew.
func namesOf[K, ID comparable](stored map[K]ID, written map[ID]bool) names[K, ID] {
	return names[K, ID]{stored: stored, written: written, taken: map[K]ID{}}
}

// take tells whether the thing may have the name.
func (n names[K, ID]) take(name K, id ID) bool {
	if owner, taken := n.taken[name]; taken {
		return owner == id
	}
	if owner, stored := n.stored[name]; stored && owner != id && !n.written[owner] {
		return false
	}
	n.taken[name] = id
	return true
}

// judgeProductNames refuses slugs and SKUs that others have, and variants of other products.
func judgeProductNames(c Commit, f Facts) error {
	written := make(map[ref.ProductID]bool, len(c.Products))
	for _, w := range c.Products {
		written[w.State.ID] = true
	}
	slugs, skus, variants := namesOf(f.Slugs, written), namesOf(f.SKUs, written), namesOf(f.Variants, written)
	for _, w := range c.Products {
		p := w.State
		if !slugs.take(p.Slug, p.ID) {
			return SlugTaken.New("another product has this slug; choose another").At("slug").With("slug", p.Slug)
		}
		for _, v := range p.Variants {
			if !skus.take(v.SKU, p.ID) {
				return SKUTaken.New("another variant has this SKU; choose another").At("sku").With("sku", string(v.SKU))
			}
			if !variants.take(v.ID, p.ID) {
				return fault.VersionConflict.New("the variant belongs to another product; read both again").With("variant", v.ID.String())
			}
		}
	}
	return nil
}

// judgeOtherNames refuses names of brands, categories and collections that others have.
func judgeOtherNames(c Commit, f Facts) error {
	brands := map[ref.BrandID]bool{}
	categories := map[ref.CategoryID]bool{}
	collections := map[ref.CollectionID]bool{}
	for _, w := range c.Brands {
		brands[w.State.ID] = true
	}
	for _, w := range c.Categories {
		categories[w.State.ID] = true
	}
	for _, w := range c.Collections {
		collections[w.State.ID] = true
	}
	for _, r := range c.Removals {
		brands[r.Brand], categories[r.Category], collections[r.Collection] = true, true, true
	}
	brandSlugs, brandNames := namesOf(f.BrandSlugs, brands), namesOf(f.BrandNames, brands)
	for _, w := range c.Brands {
		if b := w.State; !brandSlugs.take(b.Slug, b.ID) || !brandNames.take(NameKey(b.Name), b.ID) {
			return BrandTaken.New("another brand has this name or slug; choose another").At("name").With("slug", b.Slug)
		}
	}
	categorySlugs := namesOf(f.CategorySlugs, categories)
	for _, w := range c.Categories {
		if !categorySlugs.take(w.State.Slug, w.State.ID) {
			return CategoryTaken.New("another category has this slug; choose another").At("slug").With("slug", w.State.Slug)
		}
	}
	collectionSlugs := namesOf(f.CollectionSlugs, collections)
	for _, w := range c.Collections {
		if !collectionSlugs.take(w.State.Slug, w.State.ID) {
			return CollectionTaken.New("another collection has this slug; choose another").At("slug").With("slug", w.State.Slug)
		}
	}
	return nil
}
