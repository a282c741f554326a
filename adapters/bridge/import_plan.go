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

// plan reads what the shop has, one query a product and one for a batch of SKUs, merges and judges everything.
func (m *Importer) plan(ctx context.Context, scope ref.Scope, products []ImportProduct) ([]*plan, error) {
	var violations []*fault.Error
	plans := make([]*plan, 0, len(products))
	handles := make(map[string]bool, len(products))
	for i, src := range products {
		p := &plan{index: i, source: src}
		if handles[src.Handle] {
			violations = append(violations, p.violation(ImportConflict.New("another product to import has this handle").At("handle")))
			continue
		}
		handles[src.Handle] = true
		stored, err := m.catalog.Find(ctx, src.Handle)
		switch {
		case err == nil:
			p.stored = &stored
		case fault.KindOf(err) != fault.NotFound:
			return nil, fmt.Errorf("looking for product %q: %w", src.Handle, err)
		}
		if refused := p.merge(m.ids); refused != nil {
			violations = append(violations, p.violation(refused.At("options")))
			continue
		}
		plans = append(plans, p)
	}
	taken, err := m.settleSKUs(ctx, plans)
	if err != nil {
		return nil, err
	}
	violations = append(violations, taken...)
	for _, p := range plans {
		violations = append(violations, p.judge(scope)...)
	}
	if len(violations) > 0 {
		return nil, ImportRefused.Newf("nothing was imported, for %d reasons; the first: %s", len(violations), violations[0].Message()).
			Listing(violations...)
	}
	return plans, nil
}

// violation places an error under its product.
func (p *plan) violation(e *fault.Error) *fault.Error {
	return e.Under(fmt.Sprintf("products[%d]", p.index)).With("handle", p.source.Handle).With("line", p.source.Line)
}

// warn adds a warning about so many things.
func (p *plan) warn(what string, n int) {
	p.warnings = append(p.warnings, fmt.Sprintf("%s: %d", what, n))
}

// generated tells whether the i-th variant of the target is new and has a SKU that may be replaced by its spare one.
func (p *plan) generated(i int) bool {
	return i < len(p.source.Variants) && !p.known[i] && p.source.Variants[i].Spare != ""
}

// settleSKUs gives generated SKUs their final form and reports those that two products would have.
func (m *Importer) settleSKUs(ctx context.Context, plans []*plan) ([]*fault.Error, error) {
	owners, err := m.owners(ctx, plans)
	if err != nil {
		return nil, err
	}
	var violations []*fault.Error
	taken := map[ref.SKU]bool{}
	free := func(p *plan, sku ref.SKU) bool {
		owner, stored := owners[sku]
		return !taken[sku] && (!stored || owner == p.target.ID)
	}
	claim := func(p *plan, i int) {
		v := &p.target.Variants[i]
		if !free(p, v.SKU) {
			violations = append(violations, p.violation(catalog.SKUTaken.Newf(
				"another variant has the SKU %q; give this one another, or change that one first", v.SKU).
				At(fmt.Sprintf("variants[%d].sku", i)).With("sku", string(v.SKU))))
		}
		taken[v.SKU] = true
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
	return violations, nil
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
		collect(at, p.price(scope, i, nil).Validate())
		if v.Quantity != nil && (*v.Quantity > inventory.QuantityMax || *v.Quantity < -inventory.QuantityMax) {
			out = append(out, p.violation(inventory.BrokenRule.Newf("a quantity is at most %d", int64(inventory.QuantityMax)).At(at+".quantity")))
		}
	}
	return out
}

// price is what the i-th variant should cost; the standing prices are asked for what the source does not say.
func (p *plan) price(scope ref.Scope, i int, standing map[ref.VariantID]pricing.Price) pricing.Price {
	src, id := p.source.Variants[i], p.target.Variants[i].ID
	out := pricing.Price{
		Key:    pricing.Key{Variant: id, Channel: scope.Channel, Currency: scope.Currency},
		Amount: src.Price, CompareAt: src.CompareAt,
	}
	switch {
	case src.CompareAt == nil:
		out.CompareAt = standing[id].CompareAt
	case src.CompareAt.IsZero():
		out.CompareAt = nil
	}
	return out
}
