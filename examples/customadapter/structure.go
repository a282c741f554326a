package customadapter

import (
	"context"
	"slices"
	"strings"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// categories reads the structure, brands reads brands.
type (
	categories struct{ *Store }
	brands     struct{ *Store }
)

var (
	_ catalog.Categories = categories{}
	_ catalog.Brands     = brands{}
)

// Categories gives the port that reads categories and what they are part of.
func (s *Store) Categories() catalog.Categories { return categories{s} }

// Brands gives the port that reads brands.
func (s *Store) Brands() catalog.Brands { return brands{s} }

// one gives the thing that is meant.
func one[K ref.Kind, T any](ctx context.Context, s *Store, things map[ref.ID[K]]T, is func(T) bool) (T, error) {
	return view(ctx, s, func() (T, error) {
		var none T
		for _, thing := range things {
			if is(thing) {
				return thing, nil
			}
		}
		return none, fault.Missing.New("there is no such thing in the catalogue")
	})
}

// Structure gives the categories and the rules, as they are together.
func (s categories) Structure(ctx context.Context) (catalog.Structure, error) {
	return view(ctx, s.Store, func() (catalog.Structure, error) {
		out := catalog.Structure{Version: s.book.Structure, Sweep: s.book.Sweep}
		for _, c := range s.Store.categories {
			out.Categories = append(out.Categories, c)
		}
		for id, c := range s.collections {
			if c.Rule != nil {
				out.Ruled = append(out.Ruled, catalog.Ruled{ID: id, Rule: *c.Rule})
			}
		}
		return out, nil
	})
}

// Subtree gives the category with the slug and all below it.
func (s categories) Subtree(ctx context.Context, scope ref.Scope, slug string) ([]catalog.Category, error) {
	return view(ctx, s.Store, func() ([]catalog.Category, error) {
		var all []catalog.Category
		for _, c := range s.Store.categories {
			all = append(all, c.In(scope))
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
func (s categories) ByIDs(ctx context.Context, scope ref.Scope, ids []ref.CategoryID) ([]catalog.Category, error) {
	return view(ctx, s.Store, func() ([]catalog.Category, error) {
		var out []catalog.Category
		for id, c := range s.Store.categories {
			if slices.Contains(ids, id) {
				out = append(out, c.In(scope))
			}
		}
		return out, nil
	})
}

// List gives a page of brands, by name.
func (s brands) List(ctx context.Context, scope ref.Scope, q catalog.BrandQuery) (catalog.BrandPage, error) {
	return view(ctx, s.Store, func() (catalog.BrandPage, error) {
		var out catalog.BrandPage
		for _, b := range s.Store.brands {
			if catalog.NameKey(b.Name) > q.After {
				out.Items = append(out.Items, b)
			}
		}
		slices.SortFunc(out.Items, func(a, b catalog.Brand) int { return strings.Compare(catalog.NameKey(a.Name), catalog.NameKey(b.Name)) })
		if len(out.Items) > q.Limit {
			out.Items = out.Items[:q.Limit]
			out.Next = catalog.NameKey(out.Items[q.Limit-1].Name)
		}
		for i, b := range out.Items {
			out.Items[i] = b.In(scope)
		}
		return out, nil
	})
}

// BySlug gives the brand with the slug.
func (s brands) BySlug(ctx context.Context, scope ref.Scope, slug string) (catalog.Brand, error) {
	b, err := one(ctx, s.Store, s.Store.brands, func(b catalog.Brand) bool { return b.Slug == slug })
	return b.In(scope), err
}

// ByName gives the brand of the name.
func (s brands) ByName(ctx context.Context, name string) (catalog.Brand, error) {
	return one(ctx, s.Store, s.Store.brands, func(b catalog.Brand) bool { return catalog.NameKey(b.Name) == catalog.NameKey(name) })
}

// Get gives the brand.
func (s brands) Get(ctx context.Context, id ref.BrandID) (catalog.Brand, error) {
	return one(ctx, s.Store, s.Store.brands, func(b catalog.Brand) bool { return b.ID == id })
}
