package money_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
)

func TestCurrencyOf(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		code            string
		numeric, digits int
	}{
		{"GBP", 826, 2},
		{"EUR", 978, 2},
		{"USD", 840, 2},
		{"ALL", 8, 2},
		{"JPY", 392, 0},
		{"ISK", 352, 0},
		{"HUF", 348, 2},
		{"KWD", 414, 3},
		{"IQD", 368, 3},
		{"CLF", 990, 4},
		{"UYW", 927, 4},
		{"XOF", 952, 0},
		{"XCG", 532, 2},
		{"AED", 784, 2},
		{"ZWG", 924, 2},
	} {
		t.Run(tc.code, func(t *testing.T) {
			t.Parallel()
			c, err := money.CurrencyOf(tc.code)
			if err != nil {
				t.Fatal(err)
			}
			if c.Code() != tc.code || c.String() != tc.code || c.Numeric() != tc.numeric || c.Digits() != tc.digits || c.IsZero() {
				t.Errorf("got %s %d %d zero=%v", c.Code(), c.Numeric(), c.Digits(), c.IsZero())
			}
		})
	}
}

func TestCurrencyOfRefuses(t *testing.T) {
	t.Parallel()
	for _, code := range []string{
		"", "gbp", "Gbp", "GB", "GBPP", " GBP", "GBP ", "826", "£", "XAU", "XXX", "XTS", "XDR", "USN", "CHE", "BGN", "HRK",
		"\x00\x00\x00", "AAA", "ZZZ",
	} {
		c, err := money.CurrencyOf(code)
		wantClass(t, err, money.UnknownCurrency)
		if !c.IsZero() {
			t.Errorf("%q gave %v", code, c)
		}
	}
}

func TestRefusalsQuoteLittle(t *testing.T) {
	t.Parallel()
	for shift := range 4 {
		_, err := money.CurrencyOf(strings.Repeat("x", shift) + strings.Repeat("€", 1_000))
		message := fault.Of(err).Message()
		if len(message) > 200 || !utf8.ValidString(message) || strings.Contains(message, `\x`) {
			t.Errorf("message of %d bytes: %s", len(message), message)
		}
	}
	_, err := money.CurrencyOf(strings.Repeat("\x80", 100))
	wantClass(t, err, money.UnknownCurrency)
}

func TestMustCurrency(t *testing.T) {
	t.Parallel()
	if money.MustCurrency("GBP") != money.GBP {
		t.Error("GBP is not GBP")
	}
	defer func() {
		if recover() == nil {
			t.Error("no panic for an unknown code")
		}
	}()
	money.MustCurrency("gbp")
}

func TestNamedCurrencies(t *testing.T) {
	t.Parallel()
	for code, c := range map[string]money.Currency{
		"EUR": money.EUR, "GBP": money.GBP, "JPY": money.JPY, "KWD": money.KWD, "USD": money.USD,
	} {
		if c.Code() != code {
			t.Errorf("%s is %s", code, c)
		}
	}
}

// The table is searched by code, amounts of up to four digits fit unit prices, and no two rows may share a number.
func TestCurrenciesTable(t *testing.T) {
	t.Parallel()
	all := money.Currencies()
	if len(all) != 160 {
		t.Errorf("%d currencies, want 160", len(all))
	}
	byDigits := map[int]int{}
	numbers := map[int]string{}
	codes := make([]string, 0, len(all))
	for _, c := range all {
		codes = append(codes, c.Code())
		byDigits[c.Digits()]++
		if len(c.Code()) != 3 || strings.Trim(c.Code(), "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
			t.Errorf("code %q", c.Code())
		}
		if other, taken := numbers[c.Numeric()]; taken || c.Numeric() < 1 || c.Numeric() > 999 {
			t.Errorf("%s has number %d, as has %q", c, c.Numeric(), other)
		}
		numbers[c.Numeric()] = c.Code()
		if found, err := money.CurrencyOf(c.Code()); err != nil || found != c {
			t.Errorf("%s is found as %v, %v", c, found, err)
		}
	}
	if !slices.IsSorted(codes) {
		t.Errorf("not sorted: %v", codes)
	}
	if byDigits[0] != 17 || byDigits[3] != 7 || byDigits[4] != 2 || byDigits[2] != 160-17-7-2 {
		t.Errorf("digits: %v", byDigits)
	}
	all[0] = money.GBP
	if money.Currencies()[0] == money.GBP {
		t.Error("the list can be changed from outside")
	}
}

func TestZeroCurrency(t *testing.T) {
	t.Parallel()
	var c money.Currency
	if !c.IsZero() || c.Code() != "" || c.Numeric() != 0 || c.Digits() != 0 || c.String() != "no currency" {
		t.Errorf("zero currency: %q %d %d %q", c.Code(), c.Numeric(), c.Digits(), c)
	}
	_, err := c.MarshalText()
	wantClass(t, err, money.CurrencyMismatch)
	_, err = json.Marshal(struct{ C money.Currency }{})
	wantClass(t, err, money.CurrencyMismatch)
}

func TestCurrencyText(t *testing.T) {
	t.Parallel()
	type holder struct {
		C money.Currency         `json:"c"`
		M map[money.Currency]int `json:"m"`
	}
	in := holder{C: money.JPY, M: map[money.Currency]int{money.GBP: 1}}
	text := must(json.Marshal(in))(t)
	if string(text) != `{"c":"JPY","m":{"GBP":1}}` {
		t.Errorf("wrote %s", text)
	}
	var out holder
	if err := json.Unmarshal(text, &out); err != nil || out.C != in.C || out.M[money.GBP] != 1 {
		t.Errorf("read %+v, %v", out, err)
	}
	c := money.EUR
	wantClass(t, json.Unmarshal([]byte(`"eur"`), &c), money.UnknownCurrency)
	wantClass(t, c.UnmarshalText(nil), money.UnknownCurrency)
	if c != money.EUR {
		t.Errorf("a refused text changed the value to %v", c)
	}
}
