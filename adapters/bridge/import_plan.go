package bridge

import (
	"context"
	"fmt"
	"slices"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// skuBatch is how many SKUs are asked for at once, far below what any store takes as arguments of one query.
const skuBatch = 1000

// plan reads what the shop has of a batch, one query a product and one for a batch of SKUs, merges and judges. It gives
// the plans of those that are not refused.
func (w *walk) plan(ctx context.Context, batch []*plan) ([]*plan, error) {
	plans := make([]*plan, 0, len(batch))
	for _, p := range batch {
		if w.world.products.seen(p.source.Handle) {
			w.refuse(p.violation(ImportConflict.New("another product to import has this handle").At("handle")))
			continue
		}
		stored, err := w.catalog.Find(ctx, p.source.Handle)
		switch {
		case err == nil:
			p.stored = &stored
		case fault.KindOf(err) != fault.NotFound:
			return nil, fmt.Errorf("looking for product %q: %w", p.source.Handle, err)
		}
		if err := w.identify(ctx, p); err != nil {
			return nil, err
		}
		if refused := p.merge(w.ids); refused != nil {
			w.refuse(p.violation(refused))
			continue
		}
		if err := w.categorise(ctx, p); err != nil {
			return nil, err
		}
		plans = append(plans, p)
	}
	if err := w.settleSKUs(ctx, plans); err != nil {
		return nil, err
	}
	for _, p := range plans {
		for _, v := range p.judge(w.scope) {
			w.refuse(v)
		}
	}
	return plans, w.judgeLocations(ctx, plans)
}

// violation places an error under its product, and at the line and column that its field was read from.
func (p *plan) violation(e *fault.Error) *fault.Error {
	line, column := p.source.Line, ""
	if p.source.Place != nil {
		line, column = p.source.Place(e.Field())
	}
	return e.Under(fmt.Sprintf("products[%d]", p.index)).With("handle", p.source.Handle).With("line", line).With("column", column)
}

// warn adds a warning about so many things.
func (p *plan) warn(what string, n int) {
	p.warnings = append(p.warnings, fmt.Sprintf("%s: %d", what, n))
}

// generated tells whether the i-th variant of the target is new and has a SKU that may be replaced by its spare one.
func (p *plan) generated(i int) bool {
	return i < len(p.source.Variants) && !p.known[i] && p.source.Variants[i].Spare != ""
}

// settleSKUs gives generated SKUs their final form and refuses those that two products would have.
func (w *walk) settleSKUs(ctx context.Context, plans []*plan) error {
	owners, err := w.owners(ctx, plans)
	if err != nil {
		return err
	}
	free := func(p *plan, sku ref.SKU) bool {
		owner, stored := owners[sku]
		return !w.world.skus.has(string(sku)) && (!stored || owner == p.target.ID)
	}
	claim := func(p *plan, i int) {
		v := &p.target.Variants[i]
		if !free(p, v.SKU) {
			w.refuse(p.violation(catalog.SKUTaken.Newf(
				"another variant has the SKU %q; give this one another, or change that one first", v.SKU).
				At(fmt.Sprintf("variants[%d].sku", i)).With("sku", string(v.SKU))))
		}
		w.world.skus.seen(string(v.SKU))
	}
	for _, p := range plans {
		for i := range p.target.Variants {
			if !p.generated(i) {
				claim(p, i)
			}
		}
	}
	for _, p := range plans {
		for i := range p.target.Variants {
			if !p.generated(i) {
				continue
			}
			if v := &p.target.Variants[i]; !free(p, v.SKU) {
				v.SKU = p.source.Variants[i].Spare
			}
			claim(p, i)
		}
	}
	return nil
}

// owners tells which products of the shop have the SKUs that the plans name, spare ones too.
func (m *Importer) owners(ctx context.Context, plans []*plan) (map[ref.SKU]ref.ProductID, error) {
	var skus []ref.SKU
	for _, p := range plans {
		for i, v := range p.target.Variants {
			skus = append(skus, v.SKU)
			if p.generated(i) {
				skus = append(skus, p.source.Variants[i].Spare)
			}
		}
	}
	slices.Sort(skus)
	owners := map[ref.SKU]ref.ProductID{}
	for batch := range slices.Chunk(slices.Compact(skus), skuBatch) {
		found, err := m.catalog.SKUs(ctx, batch)
		if err != nil {
			return nil, fmt.Errorf("looking for SKUs: %w", err)
		}
		for sku, id := range found {
			owners[sku] = id
		}
	}
	return owners, nil
}

// judge holds the target, its prices and its quantities against the rules of their contexts.
func (p *plan) judge(scope ref.Scope) []*fault.Error {
	var out []*fault.Error
	collect := func(path string, err error) {
		if err == nil {
			return
		}
		for _, v := range fault.Of(err).Violations() {
			if path != "" {
				v = v.Under(path)
			}
			out = append(out, p.violation(v))
		}
	}
	collect("", p.target.Validate())
	for i, v := range p.source.Variants {
		at := fmt.Sprintf("variants[%d]", i)
		if priced(v) {
			collect(at, p.price(scope, i, nil).Validate())
		}
		for j, planned := range v.Planned {
			collect(fmt.Sprintf("%s.prices[%d]", at, j), p.planned(scope, i, planned).Validate())
		}
		for j, plan := range v.Plans {
			plan.Variant = p.target.Variants[i].ID
			collect(fmt.Sprintf("%s.plans[%d]", at, j), plan.Adoptable(scope.At))
		}
		if v.Quantity != nil && (*v.Quantity > inventory.QuantityMax || *v.Quantity < -inventory.QuantityMax) {
			out = append(out, p.violation(inventory.BrokenRule.Newf("a quantity is at most %d", int64(inventory.QuantityMax)).At(at+".quantity")))
		}
	}
	return out
}

// priced tells whether the source says what a variant costs.
func priced(v ImportVariant) bool { return !v.Price.Currency().IsZero() }

// price is what the i-th variant should cost; the standing prices are asked for what the source does not say.
func (p *plan) price(scope ref.Scope, i int, standing map[ref.VariantID]pricing.Price) pricing.Price {
	src, id := p.source.Variants[i], p.target.Variants[i].ID
	out := pricing.Price{
		Key:    pricing.Key{Variant: id, Channel: scope.Channel, Currency: scope.Currency},
		Amount: src.Price, CompareAt: src.CompareAt,
	}
	if !priced(src) {
		out.Amount = standing[id].Amount
	}
	switch {
	case src.CompareAt == nil:
		out.CompareAt = standing[id].CompareAt
	case src.CompareAt.IsZero():
		out.CompareAt = nil
	}
	return out
}

// planned is a price of the i-th variant for a window.
func (p *plan) planned(scope ref.Scope, i int, price ImportPrice) pricing.Price {
	return pricing.Price{
		Key:    pricing.Key{Variant: p.target.Variants[i].ID, Channel: scope.Channel, Currency: scope.Currency},
		Window: price.Window, Amount: price.Amount, CompareAt: price.CompareAt,
	}
}
