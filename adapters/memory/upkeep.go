package memory

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// upkeep reads the products of a store for jobs.
type upkeep struct{ store *Store }

var _ catalog.Upkeep = upkeep{}

// Upkeep gives the port that reads products for jobs.
func (s *Store) Upkeep() catalog.Upkeep { return upkeep{s} }

// Due gives the products that the clock changes by the moment, those due longest first.
func (u upkeep) Due(ctx context.Context, at time.Time, limit int) ([]catalog.Product, error) {
	return view(ctx, u.store, func() ([]catalog.Product, error) {
		c := &u.store.catalog
		var out []catalog.Product
		for id := range c.due {
			if p := c.products[id]; !p.Due.After(at) {
				out = append(out, p)
			}
		}
		slices.SortFunc(out, func(a, b catalog.Product) int { return cmp.Or(a.Due.Compare(b.Due), a.ID.Compare(b.ID)) })
		out = out[:min(len(out), limit)]
		for i := range out {
			out[i] = c.whole(out[i])
		}
		return out, nil
	})
}

// Walk gives products in the order of their ids.
func (u upkeep) Walk(ctx context.Context, after ref.ProductID, limit int) ([]catalog.Product, error) {
	return view(ctx, u.store, func() ([]catalog.Product, error) {
		c := &u.store.catalog
		ids, _ := c.ids.page(&after, limit, func(ref.ProductID) bool { return true })
		out := make([]catalog.Product, len(ids))
		for i, id := range ids {
			out[i] = c.whole(c.products[id])
		}
		return out, nil
	})
}
