package bridge

import (
	"context"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// ProductCatalog is the catalogue in ordering's words. Made by NewProductCatalog; safe for concurrent use.
type ProductCatalog struct {
	catalog *catalog.Service
	rule    QuantityRule
}

// QuantityRule tells how many of a variant one order may have: the shop's own rule, since the catalogue has none.
type QuantityRule func(v catalog.Sellable) ordering.OrderQuantity

// PriceBook is pricing in ordering's words. Made by NewPriceBook; safe for concurrent use.
type PriceBook struct{ pricing *pricing.Service }

var (
	_ ordering.ProductCatalog = (*ProductCatalog)(nil)
	_ ordering.PriceBook      = (*PriceBook)(nil)
)

// NewProductCatalog reads from the catalogue.
func NewProductCatalog(c *catalog.Service) *ProductCatalog { return &ProductCatalog{catalog: c} }

// NewPriceBook reads from pricing.
func NewPriceBook(p *pricing.Service) *PriceBook { return &PriceBook{pricing: p} }

// Ruled gives a catalogue whose items have the rule.
func (b *ProductCatalog) Ruled(rule QuantityRule) *ProductCatalog {
	return &ProductCatalog{catalog: b.catalog, rule: rule}
}

// Items gives the variants that were named and are on sale.
func (b *ProductCatalog) Items(ctx context.Context, scope ref.Scope, ids []ref.VariantID, skus []ref.SKU) ([]ordering.Item, error) {
	found, err := b.catalog.Sellable(ctx, scope, ids, skus)
	if err != nil {
		return nil, err
	}
	out := make([]ordering.Item, len(found))
	for i, s := range found {
		out[i] = ordering.Item{Variant: s.Variant, Product: s.Product, SKU: s.SKU, Title: s.Title, VariantTitle: s.VariantTitle()}
		if b.rule != nil {
			out[i].Quantity = b.rule(s)
		}
	}
	return out, nil
}

// UnitPrices gives the present prices.
func (b *PriceBook) UnitPrices(ctx context.Context, scope ref.Scope, variants []ref.VariantID) (map[ref.VariantID]ordering.PriceFact, error) {
	prices, err := b.pricing.Current(ctx, scope, variants)
	if err != nil {
		return nil, err
	}
	out := make(map[ref.VariantID]ordering.PriceFact, len(prices))
	for id, p := range prices {
		out[id] = ordering.PriceFact{Unit: p.Amount, Origin: ordering.PriceOrigin{
			Version: p.Source.Version, From: p.Source.Window.From, Until: p.Source.Window.Until,
		}}
	}
	return out, nil
}
