package doctor

import (
	"context"
	"maps"
	"slices"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// examinePrices looks for prices that nothing is sold at. The prices are read first: a variant is there before its price.
func (d *Doctor) examinePrices(ctx context.Context, r *Report) error {
	if d.prices == nil {
		return nil
	}
	priced := map[ref.VariantID]pricing.Key{}
	err := pages(r, "prices", d.opts.Page,
		func(after pricing.Key, limit int) ([]pricing.Key, error) {
			return d.prices.AuditPrices(ctx, after, limit)
		},
		func(k pricing.Key) pricing.Key { return k },
		func(page []pricing.Key) error {
			for _, k := range page {
				priced[k.Variant] = k
			}
			return nil
		})
	if err != nil {
		return err
	}
	for after := (ref.ProductID{}); ; {
		products, err := d.sources.Products.Walk(ctx, after, min(d.opts.Page, catalog.PageMax))
		if err != nil {
			return err
		}
		if len(products) == 0 {
			break
		}
		for _, p := range products {
			after = p.ID
			for _, v := range p.Variants {
				delete(priced, v.ID)
			}
		}
	}
	for _, id := range slices.SortedFunc(maps.Keys(priced), ref.VariantID.Compare) {
		k := priced[id]
		r.add(find(PriceVariant, id.String(), "a variant of the catalogue", "none, with a price in "+string(k.Channel)+" in "+k.Currency.Code()))
	}
	return nil
}
