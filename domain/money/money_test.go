package money_test

import (
	"math"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
)

// amounts pairs minor units with their only canonical text.
var amounts = []struct {
	minor    int64
	currency money.Currency
	decimal  string
}{
	{1999, money.GBP, "19.99"},
	{-5, money.GBP, "-0.05"},
	{0, money.GBP, "0.00"},
	{5, money.GBP, "0.05"},
	{50, money.GBP, "0.50"},
	{100, money.GBP, "1.00"},
	{-100, money.GBP, "-1.00"},
	{1200, money.JPY, "1200"},
	{-1, money.JPY, "-1"},
	{0, money.JPY, "0"},
	{1, money.KWD, "0.001"},
	{1234567, money.KWD, "1234.567"},
	{12345, clf, "1.2345"},
	{1, clf, "0.0001"},
	{math.MaxInt64, money.GBP, "92233720368547758.07"},
	{math.MinInt64, money.GBP, "-92233720368547758.08"},
	{math.MaxInt64, money.JPY, "9223372036854775807"},
	{math.MinInt64, money.JPY, "-9223372036854775808"},
	{math.MinInt64, clf, "-922337203685477.5808"},
}

func TestDecimalAndParse(t *testing.T) {
	t.Parallel()
	for _, tc := range amounts {
		m := money.New(tc.minor, tc.currency)
		if got := m.Decimal(); got != tc.decimal {
			t.Errorf("%d %s is %q, want %q", tc.minor, tc.currency, got, tc.decimal)
		}
		if got, want := m.String(), tc.decimal+" "+tc.currency.Code(); got != want {
			t.Errorf("String is %q, want %q", got, want)
		}
		if got, err := money.Parse(tc.decimal, tc.currency); err != nil || got != m {
			t.Errorf("%q reads as %v, %v", tc.decimal, got, err)
		}
	}
}

func TestParseLenient(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		text     string
		currency money.Currency
		minor    int64
	}{
		{"20", money.GBP, 2000},
		{"20.5", money.GBP, 2050},
		{"-20.5", money.GBP, -2050},
		{"-0", money.GBP, 0},
		{"-0.00", money.GBP, 0},
		{"0.0", money.GBP, 0},
		{"1.5", money.KWD, 1500},
		{"-92233720368547758.08", money.GBP, math.MinInt64},
	} {
		if got, err := money.Parse(tc.text, tc.currency); err != nil || got != money.New(tc.minor, tc.currency) {
			t.Errorf("%q reads as %v, %v", tc.text, got, err)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		text     string
		currency money.Currency
		class    fault.Class
	}{
		{"", money.GBP, money.MalformedAmount},
		{"-", money.GBP, money.MalformedAmount},
		{".", money.GBP, money.MalformedAmount},
		{"-.", money.GBP, money.MalformedAmount},
		{".5", money.GBP, money.MalformedAmount},
		{"5.", money.GBP, money.MalformedAmount},
		{"+5", money.GBP, money.MalformedAmount},
		{"--5", money.GBP, money.MalformedAmount},
		{"5-", money.GBP, money.MalformedAmount},
		{" 5", money.GBP, money.MalformedAmount},
		{"5 ", money.GBP, money.MalformedAmount},
		{"5\n", money.GBP, money.MalformedAmount},
		{"1,000.00", money.GBP, money.MalformedAmount},
		{"19,99", money.GBP, money.MalformedAmount},
		{"1_000", money.GBP, money.MalformedAmount},
		{"1e3", money.GBP, money.MalformedAmount},
		{"0x10", money.GBP, money.MalformedAmount},
		{"Inf", money.GBP, money.MalformedAmount},
		{"NaN", money.GBP, money.MalformedAmount},
		{"1.2.3", money.GBP, money.MalformedAmount},
		{"1.-2", money.GBP, money.MalformedAmount},
		{"£5", money.GBP, money.MalformedAmount},
		{"٣", money.GBP, money.MalformedAmount},
		{"007", money.GBP, money.MalformedAmount},
		{"00.50", money.GBP, money.MalformedAmount},
		{"-01", money.GBP, money.MalformedAmount},
		{"1.999", money.GBP, money.MalformedAmount},
		{"1.990", money.GBP, money.MalformedAmount},
		{"1.0", money.JPY, money.MalformedAmount},
		{"0.0001", money.KWD, money.MalformedAmount},
		{"92233720368547758.08", money.GBP, money.Overflow},
		{"-92233720368547758.09", money.GBP, money.Overflow},
		{"92233720368547759", money.GBP, money.Overflow},
		{"18446744073709551616", money.JPY, money.Overflow},
		{strings.Repeat("9", 10_000), money.GBP, money.Overflow},
		{"1", money.Currency{}, money.CurrencyMismatch},
	} {
		got, err := money.Parse(tc.text, tc.currency)
		wantClass(t, err, tc.class)
		if got != (money.Money{}) {
			t.Errorf("%q gave %v beside its error", tc.text, got)
		}
		if len(fault.Of(err).Message()) > 200 {
			t.Errorf("%q is refused at length: %v", tc.text, err)
		}
	}
}

func TestMoneyReads(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		minor int64
		sign  int
	}{{-7, -1}, {0, 0}, {7, 1}, {math.MinInt64, -1}, {math.MaxInt64, 1}} {
		m := money.New(tc.minor, money.EUR)
		if m.Minor() != tc.minor || m.Currency() != money.EUR || m.Sign() != tc.sign ||
			m.IsNegative() != (tc.sign < 0) || m.IsZero() != (tc.sign == 0) {
			t.Errorf("%v: %d %v sign %d", m, m.Minor(), m.Currency(), m.Sign())
		}
	}
	if money.Zero(money.EUR) != money.New(0, money.EUR) {
		t.Error("Zero is not New of nothing")
	}
}

func TestMoneyComparisons(t *testing.T) {
	t.Parallel()
	low, high := money.New(math.MinInt64, money.GBP), money.New(math.MaxInt64, money.GBP)
	for _, tc := range []struct {
		a, b money.Money
		want int
	}{{low, high, -1}, {high, low, 1}, {low, low, 0}} {
		if got, err := tc.a.Cmp(tc.b); err != nil || got != tc.want {
			t.Errorf("%v against %v: %d, %v", tc.a, tc.b, got, err)
		}
		if tc.a.Equal(tc.b) != (tc.want == 0) {
			t.Errorf("%v equals %v: %v", tc.a, tc.b, tc.a.Equal(tc.b))
		}
	}
	if money.Zero(money.GBP).Equal(money.Zero(money.EUR)) {
		t.Error("nothing in pounds equals nothing in euros")
	}
	_, err := low.Cmp(money.Zero(money.EUR))
	wantClass(t, err, money.CurrencyMismatch)
}

// A forgotten amount is refused wherever it is used, even against another of its kind.
func TestZeroMoney(t *testing.T) {
	t.Parallel()
	var none money.Money
	if !none.IsZero() || none.Sign() != 0 || none.String() != "0 no currency" || !none.Equal(money.Money{}) {
		t.Errorf("the zero value reads %v", none)
	}
	gbp := money.New(1, money.GBP)
	for name, operate := range map[string]func() (any, error){
		"add none":      func() (any, error) { return none.Add(none) },
		"add":           func() (any, error) { return none.Add(gbp) },
		"add to":        func() (any, error) { return gbp.Add(none) },
		"subtract":      func() (any, error) { return none.Sub(none) },
		"subtract from": func() (any, error) { return gbp.Sub(none) },
		"negate":        func() (any, error) { return none.Neg() },
		"multiply":      func() (any, error) { return none.Mul(0) },
		"rate":          func() (any, error) { return none.MulRate(money.Rate{}, money.HalfUp) },
		"ratio":         func() (any, error) { return none.MulRatio(1, 0, money.HalfUp) },
		"compare":       func() (any, error) { return none.Cmp(none) },
		"allocate":      func() (any, error) { return none.Allocate(1) },
		"split":         func() (any, error) { return none.Split(1) },
		"sum":           func() (any, error) { return money.Sum(money.Currency{}) },
		"sum of none":   func() (any, error) { return money.Sum(money.GBP, gbp, none) },
		"unit price":    func() (any, error) { return money.UnitPriceOf(none) },
		"parse price":   func() (any, error) { return money.ParseUnitPrice("1", money.Currency{}) },
		"times":         func() (any, error) { return money.UnitPrice{}.Mul(1, money.HalfUp) },
		"compare price": func() (any, error) { return money.UnitPrice{}.Cmp(money.UnitPrice{}) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := operate()
			wantClass(t, err, money.CurrencyMismatch)
		})
	}
}
