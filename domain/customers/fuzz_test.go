package customers_test

import (
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/ipswich-retail/commerce/domain/customers"
)

// FuzzAddress: an address that is taken has what a label needs, and holds every text as it was given.
func FuzzAddress(f *testing.F) {
	f.Add("Ada Okafor", "7 Tide Mill Way", "", "IP4 1AA", "GB")
	f.Add("", " ", "\x00", "x\ny", "gb")
	f.Add("\u200b", "é", "\ufeff", strings.Repeat("x", 300), "GBR")
	f.Add("\xff", "\u202e", "\u0085", "\u00a0", "\xc3\x87")
	f.Fuzz(func(t *testing.T, name, line1, line2, postal, country string) {
		in := customers.Address{Name: name, Line1: line1, Line2: line2, City: "Ipswich", PostalCode: postal, Country: country}
		c, err := customers.Customer{}.WithAddress(in, time.Time{})
		if err != nil {
			return
		}
		got := c.Addresses[0]
		if got.Name != name || got.Line1 != line1 || got.Line2 != line2 || got.PostalCode != postal || got.Country != country {
			t.Errorf("%+v became %+v", in, got)
		}
		for _, text := range []string{name, line1, postal, country} {
			if strings.TrimSpace(text) == "" || !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl) {
				t.Errorf("%+v was taken", in)
			}
		}
		if len(country) != 2 {
			t.Errorf("the country %q was taken", country)
		}
	})
}
