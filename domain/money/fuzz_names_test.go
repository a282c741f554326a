package money_test

import (
	"testing"

	"github.com/ipswich-retail/commerce/domain/money"
)

// FuzzNames: a name that is taken for a rounding or a currency is its own, and writes itself.
func FuzzNames(f *testing.F) {
	for _, name := range []string{"half_up", "half_even", "unknown", "GBP", "gbp", "no currency", "XXX", "", "ＧＢＰ", "\xff"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if r, err := money.ParseRounding(name); err == nil && r.String() != name {
			t.Errorf("%q became the rounding %s", name, r)
		}
		var c money.Currency
		if err := c.UnmarshalText([]byte(name)); err == nil && c.Code() != name {
			t.Errorf("%q became the currency %s", name, c)
		} else if err != nil && !c.IsZero() {
			t.Errorf("%q was refused and became %s", name, c)
		}
	})
}
