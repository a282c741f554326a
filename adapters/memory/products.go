package memory

import (
	"context"
	"slices"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// products reads the catalogue of a store.
type products struct{ store *Store }

var _ catalog.Products = products{}

// Products gives the port that reads products.
func (s *Store) Products() catalog.Products { return products{s} }

// List gives a page of active products, newest first. It costs a binary search and the copies of the page.
func (p products) List(ctx context.Context, _ ref.Scope, q catalog.ListQuery) (catalog.Page, error) {
	return view(ctx, p.store, func() (catalog.Page, error) {
		c := &p.store.catalog
		places, more := c.active.page(q.After, min(max(q.Limit, 1), catalog.PageMax))
		out := catalog.Page{Items: make([]catalog.Product, len(places))}
		for i, at := range places {
			out.Items[i] = copyProduct(c.products[at.ID])
		}
		if more {
			out.Next = &places[len(places)-1]
		}
		return out, nil
	})
}

// ByID gives an active product.
func (p products) ByID(ctx context.Context, _ ref.Scope, id ref.ProductID) (catalog.Product, error) {
	return view(ctx, p.store, func() (catalog.Product, error) {
		return shown(p.store.catalog.products[id])
	})
}

// BySlug gives an active product.
func (p products) BySlug(ctx context.Context, _ ref.Scope, slug string) (catalog.Product, error) {
	return view(ctx, p.store, func() (catalog.Product, error) {
		c := &p.store.catalog
		return shown(c.products[c.bySlug[slug]])
	})
}

// shown gives the product if it is active.
func shown(p catalog.Product) (catalog.Product, error) {
	if p.Status != catalog.Active {
		return catalog.Product{}, fault.Missing.New("there is no such product")
	}
	return copyProduct(p), nil
}

// Sellable gives the variants of active products, once each, in the order in which they are named.
func (p products) Sellable(ctx context.Context, _ ref.Scope, ids []ref.VariantID, skus []ref.SKU) ([]catalog.Sellable, error) {
	return view(ctx, p.store, func() ([]catalog.Sellable, error) {
		c := &p.store.catalog
		var out []catalog.Sellable
		seen := make(map[ref.VariantID]bool, len(ids)+len(skus))
		add := func(owner ref.ProductID, is func(catalog.Variant) bool) {
			stored := c.products[owner]
			i := slices.IndexFunc(stored.Variants, is)
			if stored.Status != catalog.Active || i < 0 || seen[stored.Variants[i].ID] {
				return
			}
			found := stored.Sellable(stored.Variants[i])
			found.Options = slices.Clone(found.Options)
			seen[found.Variant] = true
			out = append(out, found)
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

// Find gives the product with the slug, whatever its status.
func (p products) Find(ctx context.Context, slug string) (catalog.Product, error) {
	return view(ctx, p.store, func() (catalog.Product, error) {
		c := &p.store.catalog
		id, known := c.bySlug[slug]
		if !known {
			return catalog.Product{}, fault.Missing.New("there is no such product")
		}
		return copyProduct(c.products[id]), nil
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
		return [2]int64{int64(len(c.products)), int64(len(c.active.places))}, nil
	})
	return n[0], n[1], err
}
