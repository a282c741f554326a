package memory

import (
	"context"
	"slices"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// categories reads the structure of a store's catalogue.
type categories struct{ store *Store }

// brands reads the brands of a store.
type brands struct{ store *Store }

var (
	_ catalog.Categories = categories{}
	_ catalog.Brands     = brands{}
)

// Categories gives the port that reads categories and what they are part of.
func (s *Store) Categories() catalog.Categories { return categories{s} }

// Brands gives the port that reads brands.
func (s *Store) Brands() catalog.Brands { return brands{s} }

// Structure gives the categories and the rules.
func (k categories) Structure(ctx context.Context) (catalog.Structure, error) {
	return view(ctx, k.store, func() (catalog.Structure, error) {
		c := &k.store.catalog
		out := catalog.Structure{Version: c.structure, Sweep: c.sweep}
		for _, category := range c.categories {
			out.Categories = append(out.Categories, copyCategory(category))
		}
		for _, collection := range c.collections {
			if collection.Rule != nil {
				out.Ruled = append(out.Ruled, catalog.Ruled{ID: collection.ID, Rule: copyRule(*collection.Rule)})
			}
		}
		slices.SortFunc(out.Categories, func(a, b catalog.Category) int { return a.ID.Compare(b.ID) })
		slices.SortFunc(out.Ruled, func(a, b catalog.Ruled) int { return a.ID.Compare(b.ID) })
		return out, nil
	})
}

// Subtree gives the category with the slug and all below it.
func (k categories) Subtree(ctx context.Context, scope ref.Scope, slug string) ([]catalog.Category, error) {
	return view(ctx, k.store, func() ([]catalog.Category, error) {
		var all []catalog.Category
		for _, category := range k.store.catalog.categories {
			all = append(all, copyCategory(category).In(scope))
		}
		tree := catalog.NewTree(all)
		top, known := tree.BySlug(slug)
		if !known {
			return nil, fault.Missing.New("there is no such category")
		}
		return tree.Subtree(top.ID), nil
	})
}

// ByIDs gives the categories that are there.
func (k categories) ByIDs(ctx context.Context, scope ref.Scope, ids []ref.CategoryID) ([]catalog.Category, error) {
	return view(ctx, k.store, func() ([]catalog.Category, error) {
		var out []catalog.Category
		for i, id := range ids {
			if category, known := k.store.catalog.categories[id]; known && !slices.Contains(ids[:i], id) {
				out = append(out, copyCategory(category).In(scope))
			}
		}
		return out, nil
	})
}

// List gives a page of brands by name.
func (b brands) List(ctx context.Context, scope ref.Scope, q catalog.BrandQuery) (catalog.BrandPage, error) {
	return view(ctx, b.store, func() (catalog.BrandPage, error) {
		var names []string
		byName := map[string]catalog.Brand{}
		for _, brand := range b.store.catalog.brands {
			if key := catalog.NameKey(brand.Name); key > q.After {
				names = append(names, key)
				byName[key] = brand
			}
		}
		slices.Sort(names)
		var out catalog.BrandPage
		if len(names) > q.Limit {
			names = names[:q.Limit]
			out.Next = names[q.Limit-1]
		}
		for _, name := range names {
			out.Items = append(out.Items, copyBrand(byName[name]).In(scope))
		}
		return out, nil
	})
}

// BySlug gives the brand with the slug.
func (b brands) BySlug(ctx context.Context, scope ref.Scope, slug string) (catalog.Brand, error) {
	found, err := b.find(ctx, func(brand catalog.Brand) bool { return brand.Slug == slug })
	return found.In(scope), err
}

// ByName gives the brand of the name.
func (b brands) ByName(ctx context.Context, name string) (catalog.Brand, error) {
	return b.find(ctx, func(brand catalog.Brand) bool { return catalog.NameKey(brand.Name) == catalog.NameKey(name) })
}

// Get gives the brand.
func (b brands) Get(ctx context.Context, id ref.BrandID) (catalog.Brand, error) {
	return b.find(ctx, func(brand catalog.Brand) bool { return brand.ID == id })
}

// find gives the brand that is meant. Brands are few enough to look through.
func (b brands) find(ctx context.Context, is func(catalog.Brand) bool) (catalog.Brand, error) {
	return view(ctx, b.store, func() (catalog.Brand, error) {
		for _, brand := range b.store.catalog.brands {
			if is(brand) {
				return copyBrand(brand), nil
			}
		}
		return catalog.Brand{}, fault.Missing.New("there is no such brand")
	})
}
