package customadapter

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// collections reads collections and who is in them.
type collections struct{ *Store }

var _ catalog.Collections = collections{}

// Collections gives the port that reads collections.
func (s *Store) Collections() catalog.Collections { return collections{s} }

// BySlug gives a collection that the scope sees.
func (s collections) BySlug(ctx context.Context, scope ref.Scope, slug string) (catalog.Collection, error) {
	found, err := s.Find(ctx, slug)
	if err != nil {
		return found, err
	}
	if seen, shown := found.In(scope); shown {
		return seen, nil
	}
	return catalog.Collection{}, fault.Missing.New("there is no such collection")
}

// Get gives the collection, whatever its window.
func (s collections) Get(ctx context.Context, id ref.CollectionID) (catalog.Collection, error) {
	return one(ctx, s.Store, s.Store.collections, func(c catalog.Collection) bool { return c.ID == id })
}

// Find gives the collection with the slug, whatever its window.
func (s collections) Find(ctx context.Context, slug string) (catalog.Collection, error) {
	return one(ctx, s.Store, s.Store.collections, func(c catalog.Collection) bool { return c.Slug == slug })
}

// Walk gives collections in the order of their slugs.
func (s collections) Walk(ctx context.Context, after string, limit int) ([]catalog.Collection, error) {
	return view(ctx, s.Store, func() ([]catalog.Collection, error) {
		var out []catalog.Collection
		for _, c := range s.Store.collections {
			if c.Slug > after {
				out = append(out, c)
			}
		}
		slices.SortFunc(out, func(a, b catalog.Collection) int { return strings.Compare(a.Slug, b.Slug) })
		return out[:min(len(out), limit)], nil
	})
}

// Members gives a page of the products of a collection that the scope sees.
func (s collections) Members(ctx context.Context, scope ref.Scope, id ref.CollectionID, q catalog.MemberQuery) (catalog.MemberPage, error) {
	return s.page(ctx, scope, func() []catalog.MemberPlace { return s.members(id) }, q.After, q.Limit)
}

// members are the places of all products of a collection: by hand its list, by rule those that say so themselves.
func (s *Store) members(id ref.CollectionID) []catalog.MemberPlace {
	var out []catalog.MemberPlace
	c, known := s.collections[id]
	for i, product := range c.Products {
		out = append(out, memberPlace(i, s.products[product]))
	}
	for _, p := range s.products {
		if known && c.Rule != nil && slices.Contains(p.Collections, id) {
			out = append(out, memberPlace(0, p))
		}
	}
	return out
}

// all are the places of all products.
func (s *Store) all() []catalog.MemberPlace {
	var out []catalog.MemberPlace
	for _, p := range s.products {
		out = append(out, memberPlace(0, p))
	}
	return out
}

func memberPlace(position int, p catalog.Product) catalog.MemberPlace {
	return catalog.MemberPlace{Position: position, Place: catalog.Place{CreatedAt: p.CreatedAt, ID: p.ID}}
}

// memberAfter is a place of the list of all products, as one of a collection.
func memberAfter(p *catalog.Place) *catalog.MemberPlace {
	if p == nil {
		return nil
	}
	return &catalog.MemberPlace{Place: *p}
}

// comparePlaces orders by position, then the newest first.
func comparePlaces(a, b catalog.MemberPlace) int {
	return cmp.Or(cmp.Compare(a.Position, b.Position), b.CreatedAt.Compare(a.CreatedAt), b.ID.Compare(a.ID))
}

// page gives those products at the places behind after that the scope sees. A page begins where the last one ended, by
// key and not by number, so that whatever changes in between moves nobody to another page.
func (s *Store) page(ctx context.Context, scope ref.Scope, places func() []catalog.MemberPlace, after *catalog.MemberPlace, limit int) (catalog.MemberPage, error) {
	return view(ctx, s, func() (catalog.MemberPage, error) {
		var out catalog.MemberPage
		limit := min(max(limit, 1), catalog.PageMax)
		at, last := places(), catalog.MemberPlace{}
		slices.SortFunc(at, comparePlaces)
		for _, place := range at {
			p, shown := s.products[place.ID].In(scope)
			if !shown || after != nil && comparePlaces(place, *after) <= 0 {
				continue
			}
			if len(out.Items) == limit {
				out.Next = &last
				break
			}
			out.Items, last = append(out.Items, s.whole(p)), place
		}
		return out, nil
	})
}
