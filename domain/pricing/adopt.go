package pricing

import (
	"fmt"
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// adopted is the plan in the form in which plans are stored.
func (p Plan) adopted() Plan {
	p.Since = ref.Instant(p.Since)
	p.Prices = slices.Clone(p.Prices)
	for i := range p.Prices {
		p.Prices[i].Key, p.Prices[i].Window = p.Key, p.Prices[i].Window.instant()
	}
	p.Past = slices.Clone(p.Past)
	for i := range p.Past {
		p.Past[i].From, p.Past[i].Until = ref.Instant(p.Past[i].From), ref.Instant(p.Past[i].Until)
	}
	sorted(p.Prices)
	return p
}

// Adoptable holds a plan of another shop against the rules of Adopt, and reports all violations with their fields.
func (p Plan) Adoptable(now time.Time) error {
	p = p.adopted()
	var out []*fault.Error
	broken := func(field, rule string) { out = append(out, BrokenRule.New(rule).At(field)) }
	if p.Variant.IsZero() || p.Channel == "" || p.Currency.IsZero() {
		broken("variant", "a plan names its variant, channel and currency")
	}
	if p.Since.IsZero() || p.Since.After(now) {
		broken("since", "a plan was made at some time, and not later than now")
	}
	if len(p.Prices) > WindowsMax {
		broken("prices", fmt.Sprintf("a variant has at most %d prices in a channel and a currency", WindowsMax))
	}
	for i, price := range p.Prices {
		if err := price.Validate(); err != nil {
			out = append(out, prefixed("prices", i, err)...)
		}
		if i > 0 && p.Prices[i-1].Window.Equal(price.Window) {
			broken(fmt.Sprintf("prices[%d].from", i), "two prices of a plan hold at the same times; one of them is enough")
		}
	}
	return fault.Collect(append(out, p.remembers()...))
}

// remembers holds the past of a plan of another shop against the rules.
func (p Plan) remembers() []*fault.Error {
	var out []*fault.Error
	if len(p.Past) > SpansMax {
		out = append(out, BrokenRule.Newf("a plan remembers at most %d spans", SpansMax).At("past"))
	}
	var until time.Time
	for i, s := range p.Past {
		if !s.From.Before(s.Until) || s.From.Before(until) || s.Until.After(p.Since) {
			out = append(out, BrokenRule.New("spans of the past follow each other, each ends after it begins, and none after the plan was made").
				At(fmt.Sprintf("past[%d].from", i)))
		}
		if until = s.Until; s.Amount.Currency() != p.Currency || s.Amount.IsNegative() {
			out = append(out, BrokenRule.New("a price is in the currency that it is for, and not negative").At(fmt.Sprintf("past[%d].amount", i)))
		}
	}
	return out
}
