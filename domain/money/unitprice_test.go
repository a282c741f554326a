package money_test

import (
	"math"
	"testing"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
)

func TestUnitPriceDecimalAndParse(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		micro    int64
		currency money.Currency
		decimal  string
	}{
		{1_000, money.GBP, "0.001"},
		{19_990_000, money.GBP, "19.99"},
		{20_000_000, money.GBP, "20.00"},
		{20_500_000, money.GBP, "20.50"},
		{0, money.GBP, "0.00"},
		{-1, money.GBP, "-0.000001"},
		{-1_500_000, money.GBP, "-1.50"},
		{1_200_000_000, money.JPY, "1200"},
		{500_000, money.JPY, "0.5"},
		{1_000_000, money.KWD, "1.000"},
		{1_234_500, clf, "1.2345"},
		{math.MaxInt64, money.GBP, "9223372036854.775807"},
		{math.MinInt64, money.GBP, "-9223372036854.775808"},
	} {
		p := money.NewUnitPrice(tc.micro, tc.currency)
		if got := p.Decimal(); got != tc.decimal {
			t.Errorf("%d is %q, want %q", tc.micro, got, tc.decimal)
		}
		if got, want := p.String(), tc.decimal+" "+tc.currency.Code(); got != want {
			t.Errorf("String is %q, want %q", got, want)
		}
		if got, err := money.ParseUnitPrice(tc.decimal, tc.currency); err != nil || !got.Equal(p) {
			t.Errorf("%q reads as %v, %v", tc.decimal, got, err)
		}
	}
}

func TestParseUnitPriceRefuses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		text  string
		class fault.Class
	}{
		{"", money.MalformedAmount},
		{"0.0000001", money.MalformedAmount},
		{"1.0000000", money.MalformedAmount},
		{"01", money.MalformedAmount},
		{"+1", money.MalformedAmount},
		{"1e-3", money.MalformedAmount},
		{"9223372036854.775808", money.Overflow},
		{"-9223372036854.775809", money.Overflow},
	} {
		_, err := money.ParseUnitPrice(tc.text, money.GBP)
		wantClass(t, err, tc.class)
	}
}

func TestUnitPriceReads(t *testing.T) {
	t.Parallel()
	low, zero, high := money.NewUnitPrice(-3, money.GBP), money.NewUnitPrice(0, money.GBP), money.NewUnitPrice(3, money.GBP)
	for want, p := range map[int]money.UnitPrice{-1: low, 0: zero, 1: high} {
		if p.Sign() != want || p.IsNegative() != (want < 0) || p.IsZero() != (want == 0) ||
			p.Micro() != int64(3*want) || p.Currency() != money.GBP {
			t.Errorf("%v: sign %d, micro %d", p, p.Sign(), p.Micro())
		}
		if got, err := p.Cmp(zero); err != nil || got != want {
			t.Errorf("%v against zero: %d, %v", p, got, err)
		}
	}
}

func TestUnitPriceOf(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		m     money.Money
		micro int64
	}{
		{money.New(1999, money.GBP), 19_990_000},
		{money.New(-1, money.JPY), -1_000_000},
		{money.New(1, money.KWD), 1_000},
		{money.New(1, clf), 100},
	} {
		p := must(money.UnitPriceOf(tc.m))(t)
		if p != money.NewUnitPrice(tc.micro, tc.m.Currency()) {
			t.Errorf("%v is priced %v", tc.m, p)
		}
		if back := must(p.Mul(1, money.Down))(t); back != tc.m {
			t.Errorf("%v came back as %v", tc.m, back)
		}
	}
	for _, minor := range []int64{math.MaxInt64, math.MinInt64} {
		_, err := money.UnitPriceOf(money.New(minor, money.GBP))
		wantClass(t, err, money.Overflow)
	}
}

func TestUnitPriceMul(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		price     string
		currency  money.Currency
		quantity  int64
		r         money.Rounding
		want      int64
		overflows bool
	}{
		{price: "19.99", currency: money.GBP, quantity: 3, want: 5997},
		// A price below the penny counts by the line, not by the unit.
		{price: "0.001", currency: money.GBP, quantity: 1000, want: 100},
		{price: "0.001", currency: money.GBP, quantity: 4, want: 0},
		{price: "0.001", currency: money.GBP, quantity: 5, want: 1},
		{price: "0.001", currency: money.GBP, quantity: -5, want: -1},
		{price: "0.001", currency: money.GBP, quantity: 5, r: money.HalfEven, want: 0},
		{price: "0.001", currency: money.GBP, quantity: 1, r: money.Ceiling, want: 1},
		{price: "0.5", currency: money.JPY, quantity: 3, want: 2},
		{price: "0.0005", currency: money.KWD, quantity: 1, want: 1},
		{price: "0.00005", currency: clf, quantity: 1, r: money.HalfDown, want: 0},
		// The product passes 64 bits and the result does not.
		{price: "9223372036854.775807", currency: money.GBP, quantity: 10_000, want: 9_223_372_036_854_775_807},
		{price: "9223372036854.775807", currency: money.GBP, quantity: 10_001, overflows: true},
		{price: "-9223372036854.775808", currency: money.GBP, quantity: math.MinInt64, overflows: true},
	} {
		p := must(money.ParseUnitPrice(tc.price, tc.currency))(t)
		got, err := p.Mul(tc.quantity, tc.r)
		if tc.overflows {
			wantClass(t, err, money.Overflow)
			continue
		}
		if err != nil || got != money.New(tc.want, tc.currency) {
			t.Errorf("%v × %d %v: %v, %v, want %d", p, tc.quantity, tc.r, got, err, tc.want)
		}
	}
	_, err := money.NewUnitPrice(1, money.GBP).Mul(1, money.Rounding(99))
	wantClass(t, err, money.UnknownRounding)
}
