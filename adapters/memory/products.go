package memory

import (
	"context"
	"slices"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// products reads the products of a store.
type products struct{ store *Store }

var _ catalog.Products = products{}

// Products gives the port that reads products.
func (s *Store) Products() catalog.Products { return products{s} }

// whole gives a copy of a stored product with the present name of its brand.
func (c *catalogState) whole(p catalog.Product) catalog.Product {
	p = copyProduct(p)
	if b, named := c.brands[p.BrandID]; named {
		p.Brand = b.Name
	}
	return p
}

// seen gives the product as the scope sees it.
func (c *catalogState) seen(id ref.ProductID, scope ref.Scope) (catalog.Product, error) {
	if p, ok := c.products[id].In(scope); ok {
		return c.whole(p), nil
	}
	return catalog.Product{}, fault.Missing.New("there is no such product")
}

// open tells whether the scope sees the product now, which its channel shows at one time or another.
func (c *catalogState) open(id ref.ProductID, scope ref.Scope) bool {
	w, ok := c.products[id].Shown(scope.Channel)
	return ok && w.Open(scope.At)
}

// List gives a page of what the scope sees, newest first. It costs a binary search and the copies of the page, and a
// look at each product that the clock hides.
func (p products) List(ctx context.Context, scope ref.Scope, q catalog.ListQuery) (catalog.Page, error) {
	return view(ctx, p.store, func() (catalog.Page, error) {
		c := &p.store.catalog
		shown := c.shown[scope.Channel]
		if shown == nil {
			return catalog.Page{}, nil
		}
		places, more := shown.page(q.After, min(max(q.Limit, 1), catalog.PageMax), func(at catalog.Place) bool { return c.open(at.ID, scope) })
		out := catalog.Page{Items: make([]catalog.Product, len(places))}
		for i, at := range places {
			out.Items[i], _ = c.seen(at.ID, scope)
		}
		if more {
			out.Next = &places[len(places)-1]
		}
		return out, nil
	})
}

// ByID gives a product that the scope sees.
func (p products) ByID(ctx context.Context, scope ref.Scope, id ref.ProductID) (catalog.Product, error) {
	return view(ctx, p.store, func() (catalog.Product, error) {
		return p.store.catalog.seen(id, scope)
	})
}

// BySlug gives a product that the scope sees.
func (p products) BySlug(ctx context.Context, scope ref.Scope, slug string) (catalog.Product, error) {
	return view(ctx, p.store, func() (catalog.Product, error) {
		c := &p.store.catalog
		return c.seen(c.bySlug[slug], scope)
	})
}

// Moved gives the present slug of the product that gave the slug up, if the scope sees it.
func (p products) Moved(ctx context.Context, scope ref.Scope, slug string) (string, error) {
	return view(ctx, p.store, func() (string, error) {
		c := &p.store.catalog
		seen, err := c.seen(c.moved[slug], scope)
		return seen.Slug, err
	})
}

// Sellable gives the variants that the scope sees, once each, in the order in which they are named.
func (p products) Sellable(ctx context.Context, scope ref.Scope, ids []ref.VariantID, skus []ref.SKU) ([]catalog.Sellable, error) {
	return view(ctx, p.store, func() ([]catalog.Sellable, error) {
		c := &p.store.catalog
		var out []catalog.Sellable
		seen := make(map[ref.VariantID]bool, len(ids)+len(skus))
		add := func(owner ref.ProductID, is func(catalog.Variant) bool) {
			stored := c.products[owner]
			i := slices.IndexFunc(stored.Variants, is)
			if i < 0 || seen[stored.Variants[i].ID] {
				return
			}
			if found, ok := stored.SellableIn(scope, stored.Variants[i]); ok {
				found.Options = slices.Clone(found.Options)
				seen[found.Variant] = true
				out = append(out, found)
			}
		}
		for _, id := range ids {
			add(c.byVariant[id], func(v catalog.Variant) bool { return v.ID == id })
		}
		for _, sku := range skus {
			add(c.bySKU[sku], func(v catalog.Variant) bool { return v.SKU == sku })
		}
		return out, nil
	})
}

// Get gives the product, whatever its status.
func (p products) Get(ctx context.Context, id ref.ProductID) (catalog.Product, error) {
	return view(ctx, p.store, func() (catalog.Product, error) {
		c := &p.store.catalog
		stored, known := c.products[id]
		if !known {
			return catalog.Product{}, fault.Missing.New("there is no such product")
		}
		return c.whole(stored), nil
	})
}

// Find gives the product with the slug, whatever its status.
func (p products) Find(ctx context.Context, slug string) (catalog.Product, error) {
	return view(ctx, p.store, func() (catalog.Product, error) {
		c := &p.store.catalog
		id, known := c.bySlug[slug]
		if !known {
			return catalog.Product{}, fault.Missing.New("there is no such product")
		}
		return c.whole(c.products[id]), nil
	})
}

// SKUs tells which products own the SKUs.
func (p products) SKUs(ctx context.Context, skus []ref.SKU) (map[ref.SKU]ref.ProductID, error) {
	return view(ctx, p.store, func() (map[ref.SKU]ref.ProductID, error) {
		out := make(map[ref.SKU]ref.ProductID, len(skus))
		for _, sku := range skus {
			if id, known := p.store.catalog.bySKU[sku]; known {
				out[sku] = id
			}
		}
		return out, nil
	})
}

// Count gives the number of products in all and of active ones.
func (p products) Count(ctx context.Context) (all, active int64, err error) {
	n, err := view(ctx, p.store, func() ([2]int64, error) {
		c := &p.store.catalog
		return [2]int64{int64(len(c.products)), c.active}, nil
	})
	return n[0], n[1], err
}
