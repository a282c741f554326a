package bridge

import (
	"context"
	"slices"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// priceLists finds the channels and currencies in which the shop has prices, its own first.
func (x *export) priceLists(ctx context.Context) error {
	all, err := x.pricing.Lists(ctx)
	own := pricing.List{Channel: x.scope.Channel, Currency: x.scope.Currency}
	x.lists = append([]pricing.List{own}, slices.DeleteFunc(all, func(l pricing.List) bool { return l == own })...)
	return err
}

// plans reads the plans of variants in each of the shop's channels and currencies.
func (x *export) plans(ctx context.Context, variants []ref.VariantID) ([]map[ref.VariantID]pricing.Plan, error) {
	out := make([]map[ref.VariantID]pricing.Plan, len(x.lists))
	for i, at := range x.lists {
		out[i] = map[ref.VariantID]pricing.Plan{}
		for some := range slices.Chunk(variants, skuBatch) {
			found, err := x.pricing.Plans(ctx, within(x.scope, at), some)
			if err != nil {
				return nil, err
			}
			for id, plan := range found {
				out[i][id] = plan
			}
		}
	}
	return out, nil
}

// beyond gives the plans of a variant that say more than its price and those that are planned: of other channels and
// currencies, and those from which the lowest price of 30 days may follow. One price that always holds says nothing more.
func (x *export) beyond(plans []map[ref.VariantID]pricing.Plan, id ref.VariantID) []pricing.Plan {
	var out []pricing.Plan
	for i := range x.lists {
		p, known := plans[i][id]
		empty := len(p.Prices)+len(p.Past) == 0
		plain := i == 0 && len(p.Past) == 0 && len(p.Prices) == 1 && p.Prices[0].Window.Always()
		if known && !empty && !plain {
			out = append(out, p)
		}
	}
	return out
}

// moved gives the slugs that were given up, each with the present one of what it leads to.
func (x *export) moved(ctx context.Context) error {
	for _, kind := range []catalog.SlugKind{catalog.BrandSlugs, catalog.CategorySlugs, catalog.CollectionSlugs, catalog.ProductSlugs} {
		for after := ""; ; {
			page, err := x.catalog.FormerSlugs(ctx, kind, after, catalog.FormerMax)
			if err != nil {
				return err
			}
			for _, n := range page {
				after = n.Slug
				to, err := x.present(ctx, n)
				if err == nil && to != "" {
					err = x.to.Moved(kind, n.Slug, to)
				}
				if err != nil {
					return err
				}
			}
			if len(page) < catalog.FormerMax {
				break
			}
		}
	}
	return nil
}

// present is the slug of what a former slug leads to; "" for what was made or removed since the export began.
func (x *export) present(ctx context.Context, n catalog.NamedSlug) (string, error) {
	switch n.Kind {
	case catalog.BrandSlugs:
		return x.slugs[ref.NewID[ref.BrandKind](n.ID)], nil
	case catalog.CategorySlugs:
		c, _ := x.tree.Get(ref.NewID[ref.CategoryKind](n.ID))
		return c.Slug, nil
	case catalog.CollectionSlugs:
		return x.sets[ref.NewID[ref.CollectionKind](n.ID)], nil
	case catalog.ProductSlugs:
	}
	p, err := x.catalog.Get(ctx, ref.NewID[ref.ProductKind](n.ID))
	if missing(err) {
		return "", nil
	}
	return p.Slug, err
}
