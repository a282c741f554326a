package memory

import (
	"context"
	"slices"
	"strings"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// collections reads the collections of a store.
type collections struct{ store *Store }

var _ catalog.Collections = collections{}

// Collections gives the port that reads collections.
func (s *Store) Collections() catalog.Collections { return collections{s} }

// BySlug gives a collection that the scope sees.
func (k collections) BySlug(ctx context.Context, scope ref.Scope, slug string) (catalog.Collection, error) {
	found, err := k.Find(ctx, slug)
	if err != nil {
		return catalog.Collection{}, err
	}
	seen, ok := found.In(scope)
	if !ok {
		return catalog.Collection{}, fault.Missing.New("there is no such collection")
	}
	return seen, nil
}

// Members gives a page of the products of a collection that the scope sees.
func (k collections) Members(ctx context.Context, scope ref.Scope, id ref.CollectionID, q catalog.MemberQuery) (catalog.MemberPage, error) {
	return view(ctx, k.store, func() (catalog.MemberPage, error) {
		c := &k.store.catalog
		places, known := c.members[id]
		if _, there := c.collections[id]; !known || !there {
			return catalog.MemberPage{}, nil
		}
		page, more := places.page(q.After, min(max(q.Limit, 1), catalog.PageMax), func(at catalog.MemberPlace) bool { return c.open(at.ID, scope) })
		out := catalog.MemberPage{Items: make([]catalog.Product, len(page))}
		for i, at := range page {
			out.Items[i], _ = c.seen(at.ID, scope)
		}
		if more {
			out.Next = &page[len(page)-1]
		}
		return out, nil
	})
}

// Get gives the collection, whatever its window.
func (k collections) Get(ctx context.Context, id ref.CollectionID) (catalog.Collection, error) {
	return k.find(ctx, func(c catalog.Collection) bool { return c.ID == id })
}

// Find gives the collection with the slug, whatever its window.
func (k collections) Find(ctx context.Context, slug string) (catalog.Collection, error) {
	return k.find(ctx, func(c catalog.Collection) bool { return c.Slug == slug })
}

// find gives the collection that is meant. Collections are few enough to look through.
func (k collections) find(ctx context.Context, is func(catalog.Collection) bool) (catalog.Collection, error) {
	return view(ctx, k.store, func() (catalog.Collection, error) {
		for _, c := range k.store.catalog.collections {
			if is(c) {
				return copyCollection(c), nil
			}
		}
		return catalog.Collection{}, fault.Missing.New("there is no such collection")
	})
}

// Walk gives collections in the order of their slugs.
func (k collections) Walk(ctx context.Context, after string, limit int) ([]catalog.Collection, error) {
	return view(ctx, k.store, func() ([]catalog.Collection, error) {
		var out []catalog.Collection
		for _, c := range k.store.catalog.collections {
			if c.Slug > after {
				out = append(out, c)
			}
		}
		slices.SortFunc(out, func(a, b catalog.Collection) int { return strings.Compare(a.Slug, b.Slug) })
		out = out[:min(len(out), limit)]
		for i := range out {
			out[i] = copyCollection(out[i])
		}
		return out, nil
	})
}
