package exchange

import (
	"slices"
	"strconv"
	"time"

	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// What a shop takes along when it moves, beside what it sells: ids that addresses and carts of others name, slugs that it
// gave up, prices of other channels and currencies, and of each what is to be known of its past.

// wirePlan is all that a variant costs in a channel and a currency, since when, and what is needed of the time before.
type wirePlan struct {
	Channel  string      `json:"channel"`
	Currency string      `json:"currency"`
	Since    time.Time   `json:"since"`
	Prices   []wirePrice `json:"prices,omitempty"`
	Past     []wirePrice `json:"past,omitempty"`
}

// wirePlans makes the plans of a variant.
func wirePlans(in []pricing.Plan) []wirePlan {
	var out []wirePlan
	for _, p := range in {
		w := wirePlan{Channel: string(p.Channel), Currency: p.Currency.Code(), Since: p.Since.UTC()}
		for _, price := range p.Prices {
			one := wirePrice{Amount: price.Amount.Decimal(), From: price.Window.From.UTC(), Until: price.Window.Until.UTC()}
			if price.CompareAt != nil {
				one.CompareAt = price.CompareAt.Decimal()
			}
			w.Prices = append(w.Prices, one)
		}
		for _, s := range p.Past {
			w.Past = append(w.Past, wirePrice{Amount: s.Amount.Decimal(), From: s.From.UTC(), Until: s.Until.UTC()})
		}
		out = append(out, w)
	}
	return out
}

// plans reads what a variant costs in channels and currencies.
func (o *own) plans(r record, v *Variant) {
	var wired []wirePlan
	field(o, r, "plans", &wired, structured[[]wirePlan])
	for i, w := range wired {
		at := "plans[" + strconv.Itoa(i) + "]"
		currency, err := money.CurrencyOf(w.Currency)
		if err != nil {
			o.refuseAt(r, at, CodeBadValue, "%q is no currency; write its three letters, like EUR", excerpt(w.Currency))
			continue
		}
		plan := pricing.Plan{Key: pricing.Key{Channel: ref.Channel(w.Channel), Currency: currency}, Since: instant(w.Since)}
		if w.Channel == "" || slices.ContainsFunc(v.Plans, func(p pricing.Plan) bool { return p.Key == plan.Key }) {
			o.refuseAt(r, at, CodeBadValue, "a plan names its channel, and there is one for each channel and currency")
		}
		for _, price := range w.Prices {
			one := pricing.Price{Key: plan.Key, Amount: o.amountIn(r, at, price.Amount, currency), Window: pricing.Window{From: instant(price.From), Until: instant(price.Until)}}
			if price.CompareAt != "" {
				one.CompareAt = new(o.amountIn(r, at, price.CompareAt, currency))
			}
			plan.Prices = append(plan.Prices, one)
		}
		for _, span := range w.Past {
			plan.Past = append(plan.Past, pricing.Span{From: instant(span.From), Until: instant(span.Until), Amount: o.amountIn(r, at, span.Amount, currency)})
		}
		v.Plans = append(v.Plans, plan)
	}
}
