package customers

import (
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Consent is an entry of the book of consents: the customer gave one for a purpose, or withdrew it. Entries are never
// changed and never taken away; the newest one of a purpose counts.
type Consent struct {
	Customer ref.CustomerID
	Purpose  string // Such as "newsletter".
	Given    bool   // Or withdrawn.
	At       time.Time
	Source   string // Where it was said, such as "checkout" or "staff".
	Wording  string // Names the text that was agreed to, such as "newsletter-2026-03".
}

// violations lists what is wrong with the entry.
func (c Consent) violations() []*fault.Error {
	var out []*fault.Error
	for _, f := range []struct {
		name, value string
		required    bool
	}{{"purpose", c.Purpose, true}, {"source", c.Source, true}, {"wording", c.Wording, false}} {
		if rule := textRule(f.value, f.required, PurposeMax); rule != "" {
			out = append(out, Rule.New(rule).At(f.name))
		}
	}
	return out
}

// Given tells whether a consent stands for the purpose, by the entries, oldest first.
func Given(entries []Consent, purpose string) bool {
	given := false
	for _, e := range entries {
		if e.Purpose == purpose {
			given = e.Given
		}
	}
	return given
}
