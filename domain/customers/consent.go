package customers

import (
	"strings"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Consent is an entry of the book of consents: the customer gave one for a purpose, or withdrew it. Entries are never
// changed and never taken away; the newest one of a purpose counts.
type Consent struct {
	Customer ref.CustomerID
	Purpose  string // A code, such as "newsletter".
	Given    bool   // Or withdrawn.
	At       time.Time
	Source   string // Where it was said, such as "checkout" or "staff".
	Wording  string // Names the text that was agreed to, such as "newsletter-2026-03".
}

// violations lists what is wrong with the entry.
func (c Consent) violations() []*fault.Error {
	var out []*fault.Error
	if !wellFormed(c.Purpose) {
		out = append(out, Rule.Newf("a purpose has 1 to %d lower-case letters, digits, dots, dashes and underscores, and begins with a letter or a digit", PurposeMax).At("purpose"))
	}
	for _, f := range []struct {
		name, value string
		required    bool
	}{{"source", c.Source, true}, {"wording", c.Wording, false}} {
		if rule := textRule(f.value, f.required, PurposeMax); rule != "" {
			out = append(out, Rule.New(rule).At(f.name))
		}
	}
	return out
}

// wellFormed tells whether a purpose is a code: programs ask for it by name, and one that is written in two ways would be
// given and withdrawn apart.
func wellFormed(purpose string) bool {
	const starts = "abcdefghijklmnopqrstuvwxyz0123456789"
	return purpose != "" && len(purpose) <= PurposeMax && strings.Contains(starts, purpose[:1]) && strings.Trim(purpose, starts+".-_") == ""
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
