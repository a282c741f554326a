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

// Launcher makes new products together with what they cost and how many are there. Safe for concurrent use.
type Launcher struct {
	catalog   *catalog.Service
	pricing   *pricing.Service
	inventory *inventory.Service
}

// NewLauncher needs all of its parts.
func NewLauncher(c *catalog.Service, p *pricing.Service, i *inventory.Service) *Launcher {
	return &Launcher{catalog: c, pricing: p, inventory: i}
}

// Launch makes a product that is new, with the prices of its variants in the scope's channel and currency and counts of
// its SKUs, which must not have been counted before. The caller chooses the ids of the product and its variants, and the
// keys of the counts; again with the same ones, it finishes what an earlier call began.
//
// Everything is judged first, so that a launch that is refused changed nothing. Then the product is made, which takes
// its slug and SKUs; as a draft when prices or stock follow, so that nothing is listed or sold without. Then come prices
// and stock, and last it is published. When one of these fails, the draft stays: the error is fault.Lost where another
// call with the same ids may finish the work, else catalog.Incomplete, both with the detail product.
//
// Errors besides: those of catalog.Service.Save; Bad with paths such as "variants[0].price".
func (l *Launcher) Launch(ctx context.Context, scope ref.Scope, p catalog.Product, prices []pricing.Price, stock []inventory.Adjustment) (catalog.Product, error) {
	if err := l.judge(ctx, scope, p, prices, stock); err != nil {
		return catalog.Product{}, err
	}
	wanted := p.Status
	if len(prices)+len(stock) > 0 {
		p.Status = catalog.Draft
	}
	made, err := l.catalog.Save(ctx, p)
	if fault.Is(err, fault.VersionConflict) { // It was made by an attempt that was cut off.
		made, err = l.catalog.Get(ctx, p.ID)
	}
	if err != nil {
		return catalog.Product{}, err
	}
	done, err := l.complete(ctx, scope, made, wanted, prices, stock)
	if err != nil {
		return catalog.Product{}, incomplete(made, err)
	}
	return done, nil
}

// complete sets what goes with a product and publishes it. All of it may have been done before.
func (l *Launcher) complete(ctx context.Context, scope ref.Scope, p catalog.Product, wanted catalog.Status, prices []pricing.Price, stock []inventory.Adjustment) (catalog.Product, error) {
	if _, err := l.pricing.Set(ctx, scope, prices); err != nil {
		return p, err
	}
	if err := l.inventory.Adjust(ctx, stock); err != nil {
		return p, err
	}
	if wanted != catalog.Active || p.Status != catalog.Draft {
		return p, nil
	}
	return l.catalog.Change(ctx, p.ID, p.Version, catalog.Publish)
}

// incomplete is the error of a product that was made and not completed.
func incomplete(p catalog.Product, cause error) error {
	class, advice := fault.Lost, "retry with the same Idempotency-Key, or set what is missing and publish it"
	switch fault.KindOf(cause) {
	case fault.Unavailable, fault.Unknown, fault.Internal:
	default:
		class, advice = catalog.Incomplete, fault.Of(cause).Message()
	}
	return class.Newf("the product was made as a draft, and not all of its prices and stock were set: %s", advice).
		With("product", p.ID.String()).Because(cause)
}

// judge holds prices and counts against the rules of their contexts; the product is judged when it is saved.
func (l *Launcher) judge(ctx context.Context, scope ref.Scope, p catalog.Product, prices []pricing.Price, stock []inventory.Adjustment) error {
	var violations []*fault.Error
	for _, price := range prices {
		price.Channel, price.Currency = scope.Channel, scope.Currency
		i := slices.IndexFunc(p.Variants, func(v catalog.Variant) bool { return v.ID == price.Variant })
		if err := price.Validate(); err != nil {
			for _, v := range fault.Of(err).Violations() {
				violations = append(violations, priceField(v).Under(fmt.Sprintf("variants[%d]", i)))
			}
		}
	}
	short, err := l.judgeStock(ctx, p, stock)
	if err != nil {
		return err
	}
	return fault.Collect(append(violations, short...))
}

// priceField names a field of a price as a variant has it.
func priceField(v *fault.Error) *fault.Error {
	if v.Field() == "amount" {
		return v.At("price")
	}
	return v
}

// judgeStock looks whether the SKUs can be counted for the first time at their locations.
func (l *Launcher) judgeStock(ctx context.Context, p catalog.Product, stock []inventory.Adjustment) ([]*fault.Error, error) {
	if len(stock) == 0 {
		return nil, nil
	}
	sites, err := l.inventory.Locations(ctx)
	if err != nil {
		return nil, err
	}
	skus := make([]ref.SKU, 0, len(stock))
	for _, a := range stock {
		skus = append(skus, a.SKU)
	}
	counted, err := l.inventory.Availability(ctx, skus)
	if err != nil {
		return nil, err
	}
	owners, err := l.catalog.SKUs(ctx, skus)
	if err != nil {
		return nil, err
	}
	var out []*fault.Error
	for _, a := range stock {
		i := slices.IndexFunc(p.Variants, func(v catalog.Variant) bool { return v.SKU == a.SKU })
		if a.Location == "" {
			a.Location = inventory.DefaultLocation
		}
		at := fmt.Sprintf("variants[%d]", i)
		site := slices.IndexFunc(sites, func(s inventory.Site) bool { return s.Location == a.Location })
		switch {
		case site < 0:
			out = append(out, inventory.UnknownLocation.Newf("there is no location %q; make it first", a.Location).At(at+".location"))
		case sites[site].State != inventory.SiteOpen:
			out = append(out, inventory.LocationClosed.Newf("the location %q is closed", a.Location).At(at+".location"))
		}
		if a.Quantity < 0 || a.Quantity > inventory.QuantityMax {
			out = append(out, inventory.BrokenRule.Newf("a quantity is 0 to %d", int64(inventory.QuantityMax)).At(at+".stock"))
		}
		if counted[a.SKU].Counted && owners[a.SKU] != p.ID {
			out = append(out, inventory.CountChanged.Newf("%s was counted before; leave the stock out, and count it afterwards", a.SKU).At(at+".stock"))
		}
	}
	return out, nil
}
