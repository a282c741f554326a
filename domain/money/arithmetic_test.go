package money_test

import (
	"math"
	"slices"
	"testing"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
)

func TestAddSub(t *testing.T) {
	t.Parallel()
	const lowest, highest = math.MinInt64, math.MaxInt64
	for _, tc := range []struct {
		a, b            int64
		sum, difference int64
		noSum, noDiff   bool
	}{
		{a: 1999, b: 1, sum: 2000, difference: 1998},
		{a: -5, b: 5, sum: 0, difference: -10},
		{a: highest, b: 0, sum: highest, difference: highest},
		{a: lowest, b: 0, sum: lowest, difference: lowest},
		{a: highest, b: 1, noSum: true, difference: highest - 1},
		{a: lowest, b: 1, sum: lowest + 1, noDiff: true},
		{a: lowest, b: -1, noSum: true, difference: lowest + 1},
		{a: highest, b: -1, sum: highest - 1, noDiff: true},
		{a: highest, b: highest, noSum: true, difference: 0},
		{a: lowest, b: lowest, noSum: true, difference: 0},
		{a: highest, b: lowest, sum: -1, noDiff: true},
		{a: lowest, b: highest, sum: -1, noDiff: true},
		{a: 0, b: lowest, sum: lowest, noDiff: true},
		{a: -1, b: lowest, noSum: true, difference: highest},
	} {
		a, b := money.New(tc.a, money.GBP), money.New(tc.b, money.GBP)
		sum, err := a.Add(b)
		check(t, sum, err, tc.sum, tc.noSum)
		difference, err := a.Sub(b)
		check(t, difference, err, tc.difference, tc.noDiff)
	}
}

// check fails the test unless got is so many pence, or Overflow was the answer.
func check(t *testing.T, got money.Money, err error, want int64, overflows bool) {
	t.Helper()
	if overflows {
		wantClass(t, err, money.Overflow)
		if got != (money.Money{}) {
			t.Errorf("%v beside an error", got)
		}
		return
	}
	if err != nil || got != money.New(want, money.GBP) {
		t.Errorf("got %v, %v, want %d", got, err, want)
	}
}

func TestCurrencyMismatch(t *testing.T) {
	t.Parallel()
	gbp, eur := money.New(1, money.GBP), money.New(1, money.EUR)
	_, err := gbp.Add(eur)
	wantClass(t, err, money.CurrencyMismatch)
	if got, _ := fault.Of(err).Details()["currencies"].([]string); !slices.Equal(got, []string{"GBP", "EUR"}) {
		t.Errorf("details %v", fault.Of(err).Details())
	}
	_, err = gbp.Sub(eur)
	wantClass(t, err, money.CurrencyMismatch)
	_, err = money.Sum(money.GBP, gbp, eur)
	wantClass(t, err, money.CurrencyMismatch)
	_, err = money.NewUnitPrice(1, money.GBP).Cmp(money.NewUnitPrice(1, money.EUR))
	wantClass(t, err, money.CurrencyMismatch)
}

func TestMulNeg(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		a, n, want int64
		overflows  bool
	}{
		{a: 1999, n: 3, want: 5997},
		{a: 1999, n: -3, want: -5997},
		{a: -1999, n: -3, want: 5997},
		{a: math.MaxInt64, n: 0, want: 0},
		{a: math.MinInt64, n: 0, want: 0},
		{a: math.MinInt64, n: 1, want: math.MinInt64},
		{a: math.MinInt64 / 2, n: 2, want: math.MinInt64},
		{a: math.MaxInt64, n: -1, want: -math.MaxInt64},
		{a: math.MaxInt64/2 + 1, n: 2, overflows: true},
		{a: math.MinInt64, n: -1, overflows: true},
		{a: math.MinInt64, n: math.MinInt64, overflows: true},
		{a: math.MaxInt64, n: math.MaxInt64, overflows: true},
	} {
		got, err := money.New(tc.a, money.GBP).Mul(tc.n)
		check(t, got, err, tc.want, tc.overflows)
	}
	got, err := money.New(math.MaxInt64, money.GBP).Neg()
	check(t, got, err, -math.MaxInt64, false)
	got, err = money.New(math.MinInt64, money.GBP).Neg()
	check(t, got, err, 0, true)
}

func TestMulRate(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		minor, ppm int64
		r          money.Rounding
		want       int64
		overflows  bool
	}{
		{minor: 1999, ppm: 200_000, r: money.HalfUp, want: 400},
		{minor: 1999, ppm: 200_000, r: money.Down, want: 399},
		{minor: -1999, ppm: 200_000, r: money.HalfUp, want: -400},
		{minor: 10, ppm: 50_000, r: money.HalfUp, want: 1},
		{minor: 10, ppm: 50_000, r: money.HalfEven, want: 0},
		{minor: 1, ppm: 1, r: money.Up, want: 1},
		{minor: math.MaxInt64, ppm: 1_000_000, r: money.HalfUp, want: math.MaxInt64},
		{minor: math.MinInt64, ppm: 1_000_000, r: money.HalfUp, want: math.MinInt64},
		{minor: math.MinInt64, ppm: -1_000_000, r: money.HalfUp, overflows: true},
		{minor: math.MaxInt64, ppm: 1_000_001, r: money.HalfUp, overflows: true},
		{minor: math.MaxInt64, ppm: math.MaxInt64, r: money.Down, overflows: true},
	} {
		got, err := money.New(tc.minor, money.GBP).MulRate(money.NewRate(tc.ppm), tc.r)
		check(t, got, err, tc.want, tc.overflows)
	}
}

func TestMulRatio(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		minor, n, d int64
		r           money.Rounding
		want        int64
		overflows   bool
	}{
		{minor: 12000, n: 200_000, d: 1_200_000, r: money.HalfUp, want: 2000},
		{minor: 100, n: 1, d: 3, r: money.HalfUp, want: 33},
		{minor: 100, n: -1, d: 3, r: money.Floor, want: -34},
		{minor: 100, n: 1, d: -3, r: money.Ceiling, want: -33},
		{minor: -100, n: -1, d: -3, r: money.Up, want: -34},
		{minor: math.MinInt64, n: math.MinInt64, d: math.MinInt64, r: money.HalfUp, want: math.MinInt64},
		{minor: math.MaxInt64, n: math.MaxInt64, d: math.MaxInt64, r: money.HalfUp, want: math.MaxInt64},
		{minor: math.MaxInt64, n: 6, d: 3, r: money.Up, overflows: true},
		// The product is 2^65 - 1, so that the quotient, 2^64 - 1 and a half, rounds out of even the unsigned range.
		{minor: 31, n: 1_190_112_520_884_487_201, d: 2, r: money.Up, overflows: true},
		{minor: math.MinInt64, n: 2, d: -2, r: money.HalfUp, overflows: true},
	} {
		got, err := money.New(tc.minor, money.GBP).MulRatio(tc.n, tc.d, tc.r)
		check(t, got, err, tc.want, tc.overflows)
	}
	_, err := money.New(1, money.GBP).MulRatio(1, 0, money.HalfUp)
	wantClass(t, err, money.BadRatio)
	_, err = money.New(1, money.GBP).MulRatio(1, 2, money.Rounding(7))
	wantClass(t, err, money.UnknownRounding)
	_, err = money.New(1, money.GBP).MulRate(money.NewRate(1), money.Rounding(255))
	wantClass(t, err, money.UnknownRounding)
}

func TestSum(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		minors    []int64
		want      int64
		overflows bool
	}{
		{minors: nil, want: 0},
		{minors: []int64{1, 2, 3}, want: 6},
		{minors: []int64{-1, -2, 3}, want: 0},
		// Only the total has to fit.
		{minors: []int64{math.MaxInt64, 1, -1}, want: math.MaxInt64},
		{minors: []int64{math.MinInt64, -1, 1}, want: math.MinInt64},
		{minors: []int64{math.MinInt64, math.MinInt64, math.MaxInt64, math.MaxInt64}, want: -2},
		{minors: []int64{math.MaxInt64, 1}, overflows: true},
		{minors: []int64{math.MinInt64, -1}, overflows: true},
		{minors: []int64{math.MinInt64, math.MinInt64}, overflows: true},
		{minors: []int64{math.MaxInt64, math.MaxInt64, 2}, overflows: true},
	} {
		ms := make([]money.Money, 0, len(tc.minors))
		for _, minor := range tc.minors {
			ms = append(ms, money.New(minor, money.GBP))
		}
		got, err := money.Sum(money.GBP, ms...)
		check(t, got, err, tc.want, tc.overflows)
	}
}
