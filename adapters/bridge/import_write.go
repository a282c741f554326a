package bridge

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// compare finds what is to be written of the prices and the stock of a batch: two reads, however many products, and one
// more for each other channel and currency that the file has prices of.
func (w *walk) compare(ctx context.Context, plans []*plan) error {
	var variants []ref.VariantID
	var skus []ref.SKU
	for _, p := range plans {
		for i, v := range p.source.Variants {
			if skus = append(skus, p.target.Variants[i].SKU); p.known[i] || !v.ID.IsZero() {
				variants = append(variants, p.target.Variants[i].ID)
			}
		}
	}
	own := pricing.List{Channel: w.scope.Channel, Currency: w.scope.Currency}
	stored := map[pricing.List]map[ref.VariantID]pricing.Plan{}
	for _, at := range append(listsOf(plans), own) {
		if stored[at] != nil {
			continue
		}
		found, err := w.pricing.Plans(ctx, within(w.scope, at), variants)
		if err != nil {
			return fmt.Errorf("looking for prices: %w", err)
		}
		stored[at] = maps.Clone(found)
	}
	stock, err := w.inventory.Availability(ctx, skus)
	if err != nil {
		return fmt.Errorf("looking for stock: %w", err)
	}
	for _, p := range plans {
		p.take(w.scope, stored)
	}
	standing := make(map[ref.VariantID]pricing.Price, len(stored[own]))
	for id, plan := range stored[own] {
		if price, ok := plan.Standing(w.scope.At); ok {
			standing[id] = price
		}
	}
	for _, p := range plans {
		p.costs(w.scope, stored[own], standing)
		p.stock(stock)
	}
	return nil
}

// costs finds the prices of a product that are to be set or planned.
func (p *plan) costs(scope ref.Scope, stored map[ref.VariantID]pricing.Plan, standing map[ref.VariantID]pricing.Price) {
	for i := range p.source.Variants {
		p.begun(i, scope.At)
		v, id := p.source.Variants[i], p.target.Variants[i].ID
		if has, stands := standing[id]; priced(v) || stands && v.CompareAt != nil {
			want := p.price(scope, i, standing)
			if has.Amount != want.Amount || shown(has.CompareAt) != shown(want.CompareAt) {
				p.prices = append(p.prices, want)
				if has.Amount != want.Amount {
					p.field(i, "price", amount(has.Amount), amount(want.Amount))
				}
				p.field(i, "compare_at", shown(has.CompareAt), shown(want.CompareAt))
			}
		}
		for _, price := range v.Planned {
			want := p.planned(scope, i, price)
			if !want.Window.Until.IsZero() && !scope.At.Before(want.Window.Until) {
				p.warnings = append(p.warnings, fmt.Sprintf("a price of %s that ended on %s was left out", p.target.Variants[i].SKU, moment(want.Window.Until)))
				continue
			}
			if slices.ContainsFunc(stored[id].Prices, want.Same) {
				continue
			}
			p.windows = append(p.windows, want)
			before := ""
			if at := slices.IndexFunc(stored[id].Prices, func(o pricing.Price) bool { return o.Window.Equal(want.Window) }); at >= 0 {
				before = amount(stored[id].Prices[at].Amount)
			}
			p.field(i, "price from "+moment(want.Window.From)+" until "+moment(want.Window.Until), before, amount(want.Amount))
		}
	}
}

// begun makes a planned price that holds already, and has no end, the standing one of its variant.
func (p *plan) begun(i int, now time.Time) {
	begun := func(price ImportPrice) bool { return price.Window.Until.IsZero() && !now.Before(price.Window.From) }
	if !slices.ContainsFunc(p.source.Variants[i].Planned, begun) {
		return
	}
	p.source.Variants = slices.Clone(p.source.Variants) // They may be the caller's.
	v := &p.source.Variants[i]
	var rest []ImportPrice
	for _, price := range v.Planned {
		if begun(price) {
			none := money.NewUnitPrice(0, price.Amount.Currency())
			v.Price, v.CompareAt = price.Amount, &none
			if price.CompareAt != nil {
				v.CompareAt = price.CompareAt
			}
			continue
		}
		rest = append(rest, price)
	}
	v.Planned = rest
}

// write makes the shop have the products of a batch: first themselves, in one commit, then their stock and last their
// prices, all together. What has no price is not listed and not sold, so a batch that is cut off shows nothing that is not
// as it should be.
func (w *walk) write(ctx context.Context, plans []*plan) (err error) {
	defer func() {
		if err != nil {
			w.report.countSaved(plans)
		}
	}()
	var counts []inventory.Adjustment
	var rules []inventory.Policy
	var saves []catalog.Product
	var saved []*plan
	for _, p := range plans {
		if p.stored == nil || !sameProduct(*p.stored, p.target) {
			saves, saved = append(saves, p.target), append(saved, p)
		}
		counts, rules = append(counts, p.counts...), append(rules, p.rules...)
	}
	if len(saves) > 0 {
		if _, err := w.catalog.SaveAll(ctx, saves); err != nil {
			return fmt.Errorf("saving %d products, of which the first is %q: %w", len(saves), saves[0].Slug, err)
		}
		for _, p := range saved {
			p.saved = true
		}
	}
	for some := range slices.Chunk(rules, inventory.PoliciesMax) {
		if _, err := w.inventory.SetPolicies(ctx, some); err != nil {
			return fmt.Errorf("setting policies: %w", err)
		}
	}
	for some := range slices.Chunk(counts, inventory.AdjustmentsMax) {
		if err := w.inventory.Adjust(ctx, some); err != nil {
			return fmt.Errorf("counting stock: %w", err)
		}
	}
	return w.reprice(ctx, plans)
}
