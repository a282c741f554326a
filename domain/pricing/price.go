package pricing

import (
	"fmt"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Key is what prices are of: a variant in a channel and a currency. One Plan exists per key.
type Key struct {
	Variant  ref.VariantID
	Channel  ref.Channel
	Currency money.Currency
}

// Price is what one unit of a variant costs in a channel and a currency while its window holds. Immutable.
type Price struct {
	Key
	Window    Window
	Amount    money.UnitPrice  // In Key.Currency, not negative.
	CompareAt *money.UnitPrice // A former or recommended price to show beside it; in Key.Currency, not negative.
}

// Same tells whether both say the same of the same variant at the same times.
func (p Price) Same(o Price) bool {
	return p.Key == o.Key && p.Window.Equal(o.Window) && p.costs(o)
}

// costs tells whether both are the same amount beside the same former one.
func (p Price) costs(o Price) bool {
	if p.Amount != o.Amount || (p.CompareAt == nil) != (o.CompareAt == nil) {
		return false
	}
	return p.CompareAt == nil || *p.CompareAt == *o.CompareAt
}

// Validate checks the rules of a price and reports all violations with their fields.
func (p Price) Validate() error {
	var violations []*fault.Error
	if p.Variant.IsZero() || p.Channel == "" || p.Currency.IsZero() {
		violations = append(violations, BrokenRule.New("a price names its variant, channel and currency").At("variant"))
	}
	check := func(field string, u money.UnitPrice) {
		if u.Currency() != p.Currency {
			violations = append(violations, BrokenRule.New("a price is in the currency that it is for").At(field))
		}
		if u.IsNegative() {
			violations = append(violations, BrokenRule.New("a price is not negative").At(field))
		}
	}
	check("amount", p.Amount)
	if p.CompareAt != nil {
		check("compare_at", *p.CompareAt)
	}
	if w := p.Window; !w.From.IsZero() && !w.Until.IsZero() && !w.From.Before(w.Until) {
		violations = append(violations, BrokenRule.New("a price ends after it begins").At("until"))
	}
	return fault.Collect(violations)
}

// prefixed places the violations of the i-th of a list below its path.
func prefixed(list string, i int, err error) []*fault.Error {
	var out []*fault.Error
	for _, v := range fault.Of(err).Violations() {
		out = append(out, v.Under(fmt.Sprintf("%s[%d]", list, i)))
	}
	return out
}
