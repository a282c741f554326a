package pricing

import (
	"fmt"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Key is what a price is of: one price exists per key.
type Key struct {
	Variant  ref.VariantID
	Channel  ref.Channel
	Currency money.Currency
}

// Price is what one unit of a variant costs in a channel and a currency.
type Price struct {
	Key
	Version   ref.Version
	Amount    money.UnitPrice  // In Key.Currency, not negative.
	CompareAt *money.UnitPrice // A former or recommended price to show beside it; in Key.Currency, not negative.
}

// Same tells whether both say the same of the same variant, whatever their versions.
func (p Price) Same(o Price) bool {
	if p.Key != o.Key || p.Amount != o.Amount || (p.CompareAt == nil) != (o.CompareAt == nil) {
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
	return fault.Collect(violations)
}

// BrokenRule is the error of a price that breaks a rule.
var BrokenRule = fault.Define(fault.Invalid, "price_rule", "A field of a price breaks a rule; the message names it.")

// Write is one price in a commit: its new state, and the version that it replaces, 0 for none.
type Write struct {
	State    Price
	Expected ref.Version
}

// Commit is all that must become true together.
type Commit struct {
	Prices []Write
	Events []event.Event
}

// PriceSet tells that a price was made or changed.
type PriceSet struct {
	Variant  ref.VariantID `json:"variant"`
	Channel  ref.Channel   `json:"channel"`
	Currency string        `json:"currency"`
	Amount   string        `json:"amount"`
}

// EventName is the event's stable name.
func (PriceSet) EventName() string { return "pricing.price_set" }

// prefixed places the violations of the i-th price below its path.
func prefixed(i int, err error) []*fault.Error {
	var out []*fault.Error
	for _, v := range fault.Of(err).Violations() {
		out = append(out, v.Under(fmt.Sprintf("prices[%d]", i)))
	}
	return out
}
