package memory

import (
	"context"
	"slices"
	"strings"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// directory reads the lists of a store's catalogue.
type directory struct{ store *Store }

var _ catalog.Directory = directory{}

// Directory gives the port that reads lists, and where old slugs lead.
func (s *Store) Directory() catalog.Directory { return directory{s} }

// Index gives a page of all products that pass the query.
func (d directory) Index(ctx context.Context, q catalog.IndexQuery) (catalog.IndexPage, error) {
	return view(ctx, d.store, func() (catalog.IndexPage, error) {
		c := &d.store.catalog
		var out catalog.IndexPage
		var last catalog.Place
		for _, at := range c.newest() {
			if q.After != nil && comparePlaces(at, *q.After) >= 0 || !q.Passes(c.products[at.ID]) {
				continue
			}
			if len(out.Items) == q.Limit {
				out.Next = &last
				break
			}
			out.Items = append(out.Items, c.whole(c.products[at.ID]).Indexed())
			last = at
		}
		return out, nil
	})
}

// newest are the places of all products. They are sorted anew for each page, which takes some milliseconds for the
// thousands that memory is for.
func (c *catalogState) newest() []catalog.Place {
	out := make([]catalog.Place, 0, len(c.products))
	for _, p := range c.products {
		out = append(out, placeOf(p))
	}
	slices.SortFunc(out, func(a, b catalog.Place) int { return comparePlaces(b, a) })
	return out
}

// Collections gives a page of collections by slug.
func (d directory) Collections(ctx context.Context, scope ref.Scope, q catalog.CollectionQuery) (catalog.CollectionPage, error) {
	return view(ctx, d.store, func() (catalog.CollectionPage, error) {
		var found []catalog.Collection
		for _, c := range d.store.catalog.collections {
			seen, ok := c.In(scope)
			if q.All {
				seen, ok = c, true
			}
			if ok && c.Slug > q.After {
				seen.Products = nil
				found = append(found, copyCollection(seen))
			}
		}
		slices.SortFunc(found, func(a, b catalog.Collection) int { return strings.Compare(a.Slug, b.Slug) })
		out := catalog.CollectionPage{Items: found}
		if len(found) > q.Limit {
			out.Items = found[:q.Limit]
			out.Next = out.Items[q.Limit-1].Slug
		}
		return out, nil
	})
}

// Moved gives the present slug of what gave the slug up.
func (d directory) Moved(ctx context.Context, kind catalog.SlugKind, slug string) (string, error) {
	return view(ctx, d.store, func() (string, error) {
		c := &d.store.catalog
		if id, gave := c.gave[givenSlug{kind, slug}]; gave {
			if present, there := c.slugOf(kind, id); there {
				return present, nil
			}
		}
		return "", fault.Missing.New("nothing had this slug")
	})
}
