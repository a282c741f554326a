package bridge

import (
	"context"
	"fmt"
	"slices"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// write makes the shop have one product. Prices and stock come before the product, so that nothing is listed without.
func (m *Importer) write(ctx context.Context, scope ref.Scope, p *plan, s *shelves, r *report) error {
	prices, err := m.writePrices(ctx, scope, p)
	if err != nil {
		return fmt.Errorf("setting prices: %w", err)
	}
	r.Prices += prices
	levels, policies, err := m.writeStock(ctx, p, r)
	if err != nil {
		return fmt.Errorf("counting stock: %w", err)
	}
	r.Stock += levels
	r.Policies += policies
	if err := p.categorise(ctx, s); err != nil {
		return err
	}
	changed := p.stored == nil || !sameProduct(*p.stored, p.target)
	if changed {
		if _, err := m.catalog.Save(ctx, p.target); err != nil {
			return fmt.Errorf("saving the product: %w", err)
		}
	}
	switch {
	case p.stored == nil:
		r.Created++
	case changed || prices > 0 || levels > 0 || policies > 0:
		r.Updated++
	default:
		r.Unchanged++
	}
	r.count(p)
	return nil
}

// writePrices sets the prices and gives how many changed.
func (m *Importer) writePrices(ctx context.Context, scope ref.Scope, p *plan) (int, error) {
	var ask []ref.VariantID
	for i, v := range p.source.Variants {
		if v.CompareAt == nil && p.known[i] {
			ask = append(ask, p.target.Variants[i].ID)
		}
	}
	standing, err := m.pricing.Standing(ctx, scope, ask)
	if err != nil {
		return 0, err
	}
	prices := make([]pricing.Price, len(p.source.Variants))
	for i := range prices {
		prices[i] = p.price(scope, i, standing)
	}
	return m.pricing.Set(ctx, scope, prices)
}

// sameProduct tells whether saving b would change nothing of a. A store may give an empty list as none.
func sameProduct(a, b catalog.Product) bool {
	return a.Slug == b.Slug && a.Title == b.Title && a.Description == b.Description && a.Brand == b.Brand &&
		a.Type == b.Type && a.Status == b.Status && a.Featured == b.Featured && slices.Equal(a.Categories, b.Categories) &&
		slices.Equal(a.Tags, b.Tags) && slices.Equal(a.Options, b.Options) && slices.Equal(a.Media, b.Media) &&
		slices.EqualFunc(a.Variants, b.Variants, func(x, y catalog.Variant) bool {
			return x.ID == y.ID && x.SKU == y.SKU && slices.Equal(x.Options, y.Options) &&
				x.Barcode == y.Barcode && x.Grams == y.Grams && x.Media == y.Media
		})
}
