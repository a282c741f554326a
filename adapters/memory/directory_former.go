package memory

import (
	"context"
	"slices"
	"strings"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Former gives a page of the slugs that lead to things of a kind.
func (d directory) Former(ctx context.Context, kind catalog.SlugKind, after string, limit int) ([]catalog.NamedSlug, error) {
	return view(ctx, d.store, func() ([]catalog.NamedSlug, error) {
		c := &d.store.catalog
		var out []catalog.NamedSlug
		for given, id := range c.gave {
			if _, there := c.slugOf(kind, id); given.kind == kind && there && given.slug > after {
				out = append(out, catalog.NamedSlug{Kind: kind, ID: id, Slug: given.slug})
			}
		}
		for slug, id := range c.moved {
			if kind == catalog.ProductSlugs && slug > after {
				out = append(out, catalog.NamedSlug{Kind: kind, ID: id.UUID(), Slug: slug})
			}
		}
		slices.SortFunc(out, func(a, b catalog.NamedSlug) int { return strings.Compare(a.Slug, b.Slug) })
		return out[:min(len(out), limit)], nil
	})
}

// forward lets the former slugs of a commit lead to their things, once these are written.
func (c *catalogState) forward(former []catalog.NamedSlug) {
	for _, n := range former {
		if n.Kind == catalog.ProductSlugs {
			id := ref.NewID[ref.ProductKind](n.ID)
			_, there := c.products[id]
			if _, had := c.bySlug[n.Slug]; there && !had {
				c.moved[n.Slug] = id
			}
			continue
		}
		if _, there := c.slugOf(n.Kind, n.ID); there && !c.hasSlug(n.Kind, n.Slug) {
			c.gave[givenSlug{n.Kind, n.Slug}] = n.ID
		}
	}
}

// hasSlug tells whether a thing of the kind has the slug.
func (c *catalogState) hasSlug(kind catalog.SlugKind, slug string) bool {
	switch kind { //nolint:exhaustive // Products are found by their own index.
	case catalog.BrandSlugs:
		return some(c.brands, func(b catalog.Brand) bool { return b.Slug == slug })
	case catalog.CategorySlugs:
		return some(c.categories, func(k catalog.Category) bool { return k.Slug == slug })
	case catalog.CollectionSlugs:
		return some(c.collections, func(k catalog.Collection) bool { return k.Slug == slug })
	}
	return false
}

// some tells whether one of the things is so.
func some[K comparable, T any](things map[K]T, is func(T) bool) bool {
	for _, thing := range things {
		if is(thing) {
			return true
		}
	}
	return false
}
