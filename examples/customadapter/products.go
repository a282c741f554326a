package customadapter

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// products reads products, upkeep reads them for jobs.
type (
	products struct{ *Store }
	upkeep   struct{ *Store }
)

var (
	_ catalog.Products = products{}
	_ catalog.Upkeep   = upkeep{}
)

// Products gives the port that reads products.
func (s *Store) Products() catalog.Products { return products{s} }

// Upkeep gives the port that reads products for jobs.
func (s *Store) Upkeep() catalog.Upkeep { return upkeep{s} }

// whole gives a product with the present name of its brand, which is not the product's own.
func (s *Store) whole(p catalog.Product) catalog.Product {
	if b, named := s.brands[p.BrandID]; named {
		p.Brand = b.Name
	}
	return p
}

// find gives the product that is meant, whatever its status.
func (s *Store) find(ctx context.Context, is func(catalog.Product) bool) (catalog.Product, error) {
	return view(ctx, s, func() (catalog.Product, error) {
		for _, p := range s.products {
			if is(p) {
				return s.whole(p), nil
			}
		}
		return catalog.Product{}, fault.Missing.New("there is no such product")
	})
}

// seen gives the product that is meant, if the scope sees it. What it sees, In knows.
func (s *Store) seen(ctx context.Context, scope ref.Scope, is func(catalog.Product) bool) (catalog.Product, error) {
	p, err := s.find(ctx, is)
	if err != nil {
		return p, err
	}
	if p, shown := p.In(scope); shown {
		return p, nil
	}
	return catalog.Product{}, fault.Missing.New("there is no such product")
}

// List gives a page of what the scope sees, newest first.
func (s products) List(ctx context.Context, scope ref.Scope, q catalog.ListQuery) (catalog.Page, error) {
	page, err := s.page(ctx, scope, s.all, memberAfter(q.After), q.Limit)
	out := catalog.Page{Items: page.Items}
	if page.Next != nil {
		out.Next = &page.Next.Place
	}
	return out, err
}

// ByID gives a product that the scope sees.
func (s products) ByID(ctx context.Context, scope ref.Scope, id ref.ProductID) (catalog.Product, error) {
	return s.seen(ctx, scope, func(p catalog.Product) bool { return p.ID == id })
}

// BySlug gives a product that the scope sees.
func (s products) BySlug(ctx context.Context, scope ref.Scope, slug string) (catalog.Product, error) {
	return s.seen(ctx, scope, func(p catalog.Product) bool { return p.Slug == slug })
}

// Moved gives the present slug of the product that gave the slug up, if the scope sees it.
func (s products) Moved(ctx context.Context, scope ref.Scope, slug string) (string, error) {
	p, err := s.seen(ctx, scope, func(p catalog.Product) bool { return p.ID == s.book.Moved[slug] })
	return p.Slug, err
}

// Sellable gives the variants that are named and that the scope sees.
func (s products) Sellable(ctx context.Context, scope ref.Scope, ids []ref.VariantID, skus []ref.SKU) ([]catalog.Sellable, error) {
	return view(ctx, s.Store, func() ([]catalog.Sellable, error) {
		var out []catalog.Sellable
		for _, p := range s.products {
			for _, v := range p.Variants {
				if !slices.Contains(ids, v.ID) && !slices.Contains(skus, v.SKU) {
					continue
				}
				if found, sold := p.SellableIn(scope, v); sold {
					out = append(out, found)
				}
			}
		}
		return out, nil
	})
}

// Get gives the product, whatever its status.
func (s products) Get(ctx context.Context, id ref.ProductID) (catalog.Product, error) {
	return s.find(ctx, func(p catalog.Product) bool { return p.ID == id })
}

// Find gives the product with the slug, whatever its status.
func (s products) Find(ctx context.Context, slug string) (catalog.Product, error) {
	return s.find(ctx, func(p catalog.Product) bool { return p.Slug == slug })
}

// SKUs tells which products own the SKUs.
func (s products) SKUs(ctx context.Context, skus []ref.SKU) (map[ref.SKU]ref.ProductID, error) {
	return view(ctx, s.Store, func() (map[ref.SKU]ref.ProductID, error) {
		out := map[ref.SKU]ref.ProductID{}
		for id, p := range s.products {
			for _, v := range p.Variants {
				if slices.Contains(skus, v.SKU) {
					out[v.SKU] = id
				}
			}
		}
		return out, nil
	})
}

// Count gives the number of products in all and of active ones.
func (s products) Count(ctx context.Context) (all, active int64, err error) {
	n, err := view(ctx, s.Store, func() ([2]int64, error) {
		n := [2]int64{int64(len(s.products))}
		for _, p := range s.products {
			if p.Status == catalog.Active {
				n[1]++
			}
		}
		return n, nil
	})
	return n[0], n[1], err
}

// Due gives the products that the clock changes by the moment, those due longest first.
func (s upkeep) Due(ctx context.Context, at time.Time, limit int) ([]catalog.Product, error) {
	return s.some(ctx, limit, func(p catalog.Product) bool { return !p.Due.IsZero() && !p.Due.After(at) },
		func(a, b catalog.Product) int { return cmp.Or(a.Due.Compare(b.Due), a.ID.Compare(b.ID)) })
}

// Walk gives products in the order of their ids.
func (s upkeep) Walk(ctx context.Context, after ref.ProductID, limit int) ([]catalog.Product, error) {
	return s.some(ctx, limit, func(p catalog.Product) bool { return p.ID.Compare(after) > 0 },
		func(a, b catalog.Product) int { return a.ID.Compare(b.ID) })
}

// some gives the first of the products that are meant.
func (s *Store) some(ctx context.Context, limit int, is func(catalog.Product) bool, order func(a, b catalog.Product) int) ([]catalog.Product, error) {
	return view(ctx, s, func() ([]catalog.Product, error) {
		var out []catalog.Product
		for _, p := range s.products {
			if is(p) {
				out = append(out, s.whole(p))
			}
		}
		slices.SortFunc(out, order)
		return out[:min(len(out), limit)], nil
	})
}
