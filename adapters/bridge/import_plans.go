package bridge

import (
	"fmt"
	"slices"

	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// within is the scope in a channel and a currency.
func within(scope ref.Scope, at pricing.List) ref.Scope {
	scope.Channel, scope.Currency = at.Channel, at.Currency
	return scope
}

// listsOf are the channels and currencies that a batch has plans of.
func listsOf(plans []*plan) []pricing.List {
	var out []pricing.List
	for _, p := range plans {
		for _, v := range p.source.Variants {
			for _, plan := range v.Plans {
				if at := (pricing.List{Channel: plan.Channel, Currency: plan.Currency}); !slices.Contains(out, at) {
					out = append(out, at)
				}
			}
		}
	}
	return out
}

// take finds the plans of a product that the shop takes over. Where it has one already its past is its own: then the
// prices of other channels and currencies are set and planned as far as they differ, and those of the scope's own follow
// from what else the source says.
func (p *plan) take(scope ref.Scope, stored map[pricing.List]map[ref.VariantID]pricing.Plan) {
	for i, v := range p.source.Variants {
		id := p.target.Variants[i].ID
		for _, plan := range v.Plans {
			at := pricing.List{Channel: plan.Channel, Currency: plan.Currency}
			own := at == pricing.List{Channel: scope.Channel, Currency: scope.Currency}
			name := fmt.Sprintf("price in %s for %s", at.Currency, at.Channel)
			plan.Variant, plan.Prices = id, slices.Clone(plan.Prices)
			for j := range plan.Prices {
				plan.Prices[j].Variant = id
			}
			has, known := stored[at][id]
			switch want, stands := plan.Standing(scope.At); {
			case !known:
				p.adopts = append(p.adopts, plan)
				stored[at][id] = plan
				p.field(i, name, "", amount(want.Amount))
			case own:
			default:
				p.follow(scope, i, name, plan, has)
				if before, _ := has.Standing(scope.At); stands && (before.Amount != want.Amount || shown(before.CompareAt) != shown(want.CompareAt)) {
					want.Window = pricing.Window{}
					p.prices = append(p.prices, want)
					p.field(i, name, amount(before.Amount), amount(want.Amount))
				}
			}
		}
	}
}

// follow plans the prices of a plan that another one does not have, those that are over left out.
func (p *plan) follow(scope ref.Scope, i int, name string, plan, has pricing.Plan) {
	for _, price := range plan.Prices {
		over := !price.Window.Until.IsZero() && !scope.At.Before(price.Window.Until)
		lasting := price.Window.Until.IsZero() && !scope.At.Before(price.Window.From)
		if over || lasting || slices.ContainsFunc(has.Prices, price.Same) {
			continue
		}
		p.windows = append(p.windows, price)
		p.field(i, name+" from "+moment(price.Window.From)+" until "+moment(price.Window.Until), "", amount(price.Amount))
	}
}
