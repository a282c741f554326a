package memory

import (
	"context"
	"slices"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// listings reads what is on sale in a store. Nothing but the words of products is kept ready: each read looks at every
// product of the channel, which takes some milliseconds for the thousands that memory is for.
type listings struct{ store *Store }

var _ catalog.Listings = listings{}

// Listings gives the port that reads lists with prices and stock.
func (s *Store) Listings() catalog.Listings { return listings{s} }

// List gives a page of what is on sale.
func (l listings) List(ctx context.Context, scope ref.Scope, q catalog.ListingQuery) (catalog.ListingPage, error) {
	return view(ctx, l.store, func() (catalog.ListingPage, error) {
		page := catalog.NewFilter(q, l.store.catalog.tree(ref.Scope{})).List(l.store.candidates(scope), scope)
		for i := range page.Items {
			page.Items[i].CompareAt, page.Items[i].Lowest30 = copyOf(page.Items[i].CompareAt), copyOf(page.Items[i].Lowest30)
		}
		return page, nil
	})
}

// Facets counts what is on sale.
func (l listings) Facets(ctx context.Context, scope ref.Scope, q catalog.ListingQuery) (catalog.Facets, error) {
	return view(ctx, l.store, func() (catalog.Facets, error) {
		tree := l.store.catalog.tree(scope)
		var brands []catalog.Brand
		for _, b := range l.store.catalog.brands {
			brands = append(brands, b.In(scope))
		}
		return catalog.NewFilter(q, tree).Tally(l.store.candidates(scope)).Facets(q, brands, tree), nil
	})
}

// tree is the tree of categories with texts in the scope's locale.
func (c *catalogState) tree(scope ref.Scope) catalog.Tree {
	all := make([]catalog.Category, 0, len(c.categories))
	for _, category := range c.categories {
		all = append(all, category.In(scope))
	}
	return catalog.NewTree(all)
}

// candidates are the products that the scope sees and that have a price in it.
func (s *Store) candidates(scope ref.Scope) []catalog.Candidate {
	shown := s.catalog.shown[scope.Channel]
	if shown == nil {
		return nil
	}
	var out []catalog.Candidate
	for _, at := range shown.keys {
		p := s.catalog.products[at.ID]
		if !s.catalog.open(at.ID, scope) {
			continue
		}
		price, skus, ok := p.Cheapest(scope.Channel, func(id ref.VariantID) (catalog.VariantPrice, bool) { return s.priceOf(id, scope) })
		if !ok {
			continue
		}
		c := catalog.Candidate{Product: p, Words: s.catalog.words[at.ID], Price: price, InStock: slices.ContainsFunc(skus, func(sku ref.SKU) bool {
			return s.stock.available(sku).Offer(scope.At).Sellable() > 0
		})}
		if b, named := s.catalog.brands[p.BrandID]; named {
			c.Brand = &b
		}
		out = append(out, c)
	}
	return out
}

// priceOf is what a variant costs in the scope, in the catalogue's words.
func (s *Store) priceOf(id ref.VariantID, scope ref.Scope) (catalog.VariantPrice, bool) {
	r, ok := s.pricing.present(pricing.Key{Variant: id, Channel: scope.Channel, Currency: scope.Currency}).At(scope.At)
	return catalog.VariantPrice{Price: r.Amount, CompareAt: r.CompareAt, Lowest30: r.Lowest30}, ok
}
