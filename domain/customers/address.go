package customers

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Address is one of a customer's. Orders copy what they need and never refer to it, so a change reaches no order.
type Address struct {
	ID              ref.AddressID `json:"id"`
	Name            string        `json:"name"`
	Line1           string        `json:"line1"`
	Line2           string        `json:"line2,omitempty"`
	City            string        `json:"city"`
	Region          string        `json:"region,omitempty"`
	PostalCode      string        `json:"postal_code"`
	Country         string        `json:"country"` // ISO 3166-1 alpha-2.
	DefaultShipping bool          `json:"default_shipping,omitempty"`
	DefaultBilling  bool          `json:"default_billing,omitempty"`
}

// violations lists what is wrong with the address, below the path at: the rules are those that an order has, so that
// every address of the book can be ordered to.
func (a Address) violations(at string) []*fault.Error {
	if at != "" {
		at += "."
	}
	var out []*fault.Error
	for _, f := range []struct {
		name, value string
		required    bool
	}{
		{"name", a.Name, true},
		{"line1", a.Line1, true},
		{"line2", a.Line2, false},
		{"city", a.City, true},
		{"region", a.Region, false},
		{"postal_code", a.PostalCode, true},
	} {
		if rule := textRule(f.value, f.required, AddressMax); rule != "" {
			out = append(out, Rule.New(rule).At(at+f.name))
		}
	}
	if len(a.Country) != 2 || strings.Trim(a.Country, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		out = append(out, Rule.New("a country is two capital letters of ISO 3166-1, such as GB").At(at+"country"))
	}
	return out
}

// addressBook lists what is wrong with the addresses of a customer.
func addressBook(book []Address) []*fault.Error {
	var out []*fault.Error
	if len(book) > AddressesMax {
		out = append(out, Rule.Newf("a customer has %d addresses at most", AddressesMax).At("addresses"))
	}
	seen := map[ref.AddressID]bool{}
	shipping, billing := 0, 0
	for i, a := range book {
		at := fmt.Sprintf("addresses[%d]", i)
		out = append(out, a.violations(at)...)
		if seen[a.ID] || a.ID.IsZero() {
			out = append(out, Rule.New("an address has an id of its own").At(at+".id"))
		}
		seen[a.ID] = true
		if a.DefaultShipping {
			shipping++
		}
		if a.DefaultBilling {
			billing++
		}
	}
	if shipping > 1 || billing > 1 {
		out = append(out, Rule.New("one address at most is the default of a purpose").At("addresses"))
	}
	return out
}

// WithAddress is the customer with the address added, or put in the place of the one with its id. As the default of a
// purpose it takes the place of the one before. Errors: Bad with fields.
func (c Customer) WithAddress(a Address, at time.Time) (Customer, error) {
	if err := fault.Collect(a.violations("")); err != nil {
		return c, err
	}
	out := c.next(at)
	for i := range out.Addresses {
		out.Addresses[i].DefaultShipping = out.Addresses[i].DefaultShipping && !a.DefaultShipping
		out.Addresses[i].DefaultBilling = out.Addresses[i].DefaultBilling && !a.DefaultBilling
	}
	if i := slices.IndexFunc(out.Addresses, func(b Address) bool { return b.ID == a.ID }); i >= 0 {
		out.Addresses[i] = a
	} else {
		out.Addresses = append(out.Addresses, a)
	}
	return out, out.Validate()
}

// WithoutAddress is the customer without the address. Errors: fault.Missing.
func (c Customer) WithoutAddress(id ref.AddressID, at time.Time) (Customer, error) {
	i := slices.IndexFunc(c.Addresses, func(b Address) bool { return b.ID == id })
	if i < 0 {
		return c, fault.Missing.New("there is no such address")
	}
	out := c.next(at)
	out.Addresses = slices.Delete(out.Addresses, i, i+1)
	return out, nil
}

// textRule names the rule that a text breaks, or "".
func textRule(s string, required bool, longest int) string {
	switch {
	case required && strings.TrimSpace(s) == "":
		return "it must not be empty"
	case utf8.RuneCountInString(s) > longest:
		return "it is too long"
	case !utf8.ValidString(s):
		return "it must be valid UTF-8"
	case strings.ContainsFunc(s, unicode.IsControl):
		return "it must not have control characters or line breaks"
	}
	return ""
}
