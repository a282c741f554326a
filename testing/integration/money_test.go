package integration_test

import (
	"encoding/json"
	"math"
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
)

// generators draws the values of one property. They are made anew for each, because rapid's generators must not be
// shared between tests that run in parallel.
type generators struct {
	number   *rapid.Generator[int64]
	currency *rapid.Generator[money.Currency]
	rounding *rapid.Generator[money.Rounding]
	amount   *rapid.Generator[money.Money]
	price    *rapid.Generator[money.UnitPrice]
	weights  *rapid.Generator[[]int64]
}

// newGenerators favours the edges of int64, where sums, products and signs go wrong.
func newGenerators() generators {
	number := rapid.OneOf(rapid.Int64(), rapid.Int64Range(-100_000, 100_000), rapid.SampledFrom([]int64{
		math.MinInt64, math.MinInt64 + 1, math.MinInt64 / 2, -1, 0, 1, 5, 50, 99, 100, math.MaxInt64 / 2, math.MaxInt64 - 1, math.MaxInt64,
	}))
	currency := rapid.SampledFrom(money.Currencies())
	return generators{
		number:   number,
		currency: currency,
		rounding: rapid.SampledFrom(money.Roundings()),
		amount: rapid.Custom(func(t *rapid.T) money.Money {
			return money.New(number.Draw(t, "minor"), currency.Draw(t, "currency"))
		}),
		price: rapid.Custom(func(t *rapid.T) money.UnitPrice {
			return money.NewUnitPrice(number.Draw(t, "micro"), currency.Draw(t, "currency"))
		}),
		weights: rapid.SliceOfN(rapid.OneOf(
			rapid.Int64Range(0, 10), rapid.Int64Range(0, math.MaxInt64), rapid.Just[int64](math.MaxInt64),
		), 1, 20).Filter(func(weights []int64) bool { return slices.Max(weights) > 0 }),
	}
}

// roundedQuotient is the reference: n / d by the rule of the mode, worked out from floor and exact comparison.
func roundedQuotient(n, d *big.Int, r money.Rounding) *big.Int {
	exact := new(big.Rat).SetFrac(n, d)
	floor := new(big.Int).Div(exact.Num(), exact.Denom()) // Euclidean, and the denominator is positive: a floor.
	if exact.IsInt() {
		return floor
	}
	ceiling := new(big.Int).Add(floor, big.NewInt(1))
	toZero, fromZero := floor, ceiling
	if exact.Sign() < 0 {
		toZero, fromZero = ceiling, floor
	}
	middle := new(big.Rat).Add(new(big.Rat).SetInt(floor), big.NewRat(1, 2))
	side := exact.Cmp(middle)
	switch r {
	case money.Floor:
		return floor
	case money.Ceiling:
		return ceiling
	case money.Down:
		return toZero
	case money.Up:
		return fromZero
	case money.HalfUp, money.HalfDown, money.HalfEven:
		switch {
		case side < 0:
			return floor
		case side > 0:
			return ceiling
		case r == money.HalfUp:
			return fromZero
		case r == money.HalfDown:
			return toZero
		case floor.Bit(0) == 0:
			return floor
		default:
			return ceiling
		}
	default:
		panic("a rounding without a reference: " + r.String())
	}
}

// agrees fails the property unless got is want where that fits 64 bits, and Overflow was the answer where it does not.
func agrees(t *rapid.T, got money.Money, err error, want *big.Int) {
	t.Helper()
	if !want.IsInt64() {
		if !fault.Is(err, money.Overflow) {
			t.Fatalf("%v does not fit, but the answer is %v, %v", want, got, err)
		}
		return
	}
	if err != nil || got.Minor() != want.Int64() {
		t.Fatalf("got %v, %v, want %v", got, err, want)
	}
}

// scale is 10^n.
func scale(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }

func TestMoneySumsAreExact(t *testing.T) {
	t.Parallel()
	gen := newGenerators()
	rapid.Check(t, func(t *rapid.T) {
		a := gen.amount.Draw(t, "a")
		b := money.New(gen.number.Draw(t, "b"), a.Currency())
		bigA, bigB := big.NewInt(a.Minor()), big.NewInt(b.Minor())

		sum, err := a.Add(b)
		agrees(t, sum, err, new(big.Int).Add(bigA, bigB))
		if err == nil {
			if back, err := sum.Sub(b); err != nil || back != a {
				t.Fatalf("a + b - b is %v, %v", back, err)
			}
		}
		swapped, swappedErr := b.Add(a)
		if swapped != sum || (swappedErr == nil) != (err == nil) {
			t.Fatalf("a + b is %v, b + a is %v", sum, swapped)
		}
		difference, err := a.Sub(b)
		agrees(t, difference, err, new(big.Int).Sub(bigA, bigB))
		negated, err := a.Neg()
		agrees(t, negated, err, new(big.Int).Neg(bigA))
		if order, err := a.Cmp(b); err != nil || order != bigA.Cmp(bigB) {
			t.Fatalf("compared: %d, %v", order, err)
		}
	})
}

func TestMoneySumOfMany(t *testing.T) {
	t.Parallel()
	gen := newGenerators()
	rapid.Check(t, func(t *rapid.T) {
		c := gen.currency.Draw(t, "currency")
		minors := rapid.SliceOfN(gen.number, 0, 50).Draw(t, "minors")
		want := new(big.Int)
		ms := make([]money.Money, 0, len(minors))
		for _, minor := range minors {
			want.Add(want, big.NewInt(minor))
			ms = append(ms, money.New(minor, c))
		}
		got, err := money.Sum(c, ms...)
		agrees(t, got, err, want)
	})
}

func TestMoneyCurrenciesNeverMix(t *testing.T) {
	t.Parallel()
	gen := newGenerators()
	rapid.Check(t, func(t *rapid.T) {
		a, b := gen.amount.Draw(t, "a"), gen.amount.Draw(t, "b")
		if a.Currency() == b.Currency() {
			return
		}
		_, addErr := a.Add(b)
		_, subErr := a.Sub(b)
		_, cmpErr := a.Cmp(b)
		_, sumErr := money.Sum(a.Currency(), a, b)
		for _, err := range []error{addErr, subErr, cmpErr, sumErr} {
			if !fault.Is(err, money.CurrencyMismatch) {
				t.Fatalf("%v with %v: %v", a, b, err)
			}
		}
		if a.Equal(b) {
			t.Fatalf("%v equals %v", a, b)
		}
	})
}

func TestMoneyProductsMatchTheReference(t *testing.T) {
	t.Parallel()
	gen := newGenerators()
	rapid.Check(t, func(t *rapid.T) {
		m, n, d := gen.amount.Draw(t, "m"), gen.number.Draw(t, "n"), gen.number.Draw(t, "d")
		r := gen.rounding.Draw(t, "rounding")
		product := new(big.Int).Mul(big.NewInt(m.Minor()), big.NewInt(n))

		times, err := m.Mul(n)
		agrees(t, times, err, product)
		rated, err := m.MulRate(money.NewRate(n), r)
		agrees(t, rated, err, roundedQuotient(product, big.NewInt(1_000_000), r))
		part, err := m.MulRatio(n, d, r)
		if d == 0 {
			if !fault.Is(err, money.BadRatio) {
				t.Fatalf("a ratio over zero: %v, %v", part, err)
			}
			return
		}
		agrees(t, part, err, roundedQuotient(product, big.NewInt(d), r))
	})
}

func TestUnitPriceLinesMatchTheReference(t *testing.T) {
	t.Parallel()
	gen := newGenerators()
	rapid.Check(t, func(t *rapid.T) {
		p, quantity, r := gen.price.Draw(t, "price"), gen.number.Draw(t, "quantity"), gen.rounding.Draw(t, "rounding")
		line, err := p.Mul(quantity, r)
		product := new(big.Int).Mul(big.NewInt(p.Micro()), big.NewInt(quantity))
		agrees(t, line, err, roundedQuotient(product, scale(6-p.Currency().Digits()), r))
	})
}

func TestUnitPriceOfMoneyIsExact(t *testing.T) {
	t.Parallel()
	gen := newGenerators()
	rapid.Check(t, func(t *rapid.T) {
		m, r := gen.amount.Draw(t, "m"), gen.rounding.Draw(t, "rounding")
		p, err := money.UnitPriceOf(m)
		want := new(big.Int).Mul(big.NewInt(m.Minor()), scale(6-m.Currency().Digits()))
		if !want.IsInt64() {
			if !fault.Is(err, money.Overflow) {
				t.Fatalf("%v is priced %v, %v", m, p, err)
			}
			return
		}
		if err != nil || p.Micro() != want.Int64() || p.Decimal() != m.Decimal() {
			t.Fatalf("%v is priced %v, %v", m, p, err)
		}
		if back, err := p.Mul(1, r); err != nil || back != m {
			t.Fatalf("%v came back as %v, %v", m, back, err)
		}
	})
}

func TestMoneyAllocateLosesNothing(t *testing.T) {
	t.Parallel()
	gen := newGenerators()
	rapid.Check(t, func(t *rapid.T) {
		m, weights := gen.amount.Draw(t, "m"), gen.weights.Draw(t, "weights")
		parts, err := m.Allocate(weights...)
		if err != nil {
			t.Fatal(err)
		}
		if total, err := money.Sum(m.Currency(), parts...); err != nil || total != m || len(parts) != len(weights) {
			t.Fatalf("%d parts add up to %v, %v", len(parts), total, err)
		}
		sum := new(big.Int)
		for _, w := range weights {
			sum.Add(sum, big.NewInt(w))
		}
		wantParts(t, m, weights, sum, parts)

		negated, err := m.Neg()
		if err != nil {
			return // The smallest amount has no counterpart.
		}
		mirrored, err := negated.Allocate(weights...)
		if err != nil {
			t.Fatal(err)
		}
		for i := range parts {
			if mirrored[i].Minor() != -parts[i].Minor() {
				t.Fatalf("part %d of %v is %v, and of %v %v", i, m, parts[i], negated, mirrored[i])
			}
		}
	})
}

// wantParts checks parts against the largest-remainder method itself: exact shares cut to whole units, and the units
// left over to the largest remainders, the earlier of equal ones first.
func wantParts(t *rapid.T, m money.Money, weights []int64, sum *big.Int, parts []money.Money) {
	t.Helper()
	total := new(big.Int).Abs(big.NewInt(m.Minor()))
	left := new(big.Int).Set(total)
	want, remainders := make([]*big.Int, len(weights)), make([]*big.Int, len(weights))
	order := make([]int, len(weights))
	for i, w := range weights {
		want[i], remainders[i] = new(big.Int).QuoRem(new(big.Int).Mul(total, big.NewInt(w)), sum, new(big.Int))
		left.Sub(left, want[i])
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return remainders[b].Cmp(remainders[a]) })
	for _, i := range order[:left.Int64()] {
		want[i].Add(want[i], big.NewInt(1))
	}
	for i, part := range parts {
		if m.IsNegative() {
			want[i].Neg(want[i])
		}
		if want[i].Cmp(big.NewInt(part.Minor())) != 0 || part.Currency() != m.Currency() || weights[i] == 0 && !part.IsZero() {
			t.Fatalf("part %d of %v is %v, want %v", i, m, part, want[i])
		}
	}
}

func TestMoneySplitIsAllocateByEqualWeights(t *testing.T) {
	t.Parallel()
	gen := newGenerators()
	rapid.Check(t, func(t *rapid.T) {
		m, n := gen.amount.Draw(t, "m"), rapid.IntRange(1, 40).Draw(t, "n")
		weight := rapid.Int64Range(1, math.MaxInt64).Draw(t, "weight")
		split, splitErr := m.Split(n)
		allocated, allocateErr := m.Allocate(slices.Repeat([]int64{weight}, n)...)
		if splitErr != nil || allocateErr != nil || !slices.Equal(split, allocated) {
			t.Fatalf("split %v, %v; allocated %v, %v", split, splitErr, allocated, allocateErr)
		}
	})
}

func TestMoneyTextRoundTrips(t *testing.T) {
	t.Parallel()
	gen := newGenerators()
	rapid.Check(t, func(t *rapid.T) {
		m := gen.amount.Draw(t, "m")
		if read, err := money.Parse(m.Decimal(), m.Currency()); err != nil || read != m {
			t.Fatalf("%v reads as %v, %v", m, read, err)
		}
		p := gen.price.Draw(t, "price")
		if read, err := money.ParseUnitPrice(p.Decimal(), p.Currency()); err != nil || read != p {
			t.Fatalf("%v reads as %v, %v", p, read, err)
		}
		rate := money.NewRate(gen.number.Draw(t, "ppm"))
		if read, err := money.ParseRate(rate.Decimal()); err != nil || read != rate {
			t.Fatalf("%v reads as %v, %v", rate, read, err)
		}
		// The text is the exact value, and not only one that reads back.
		value, ok := new(big.Rat).SetString(m.Decimal())
		exact := new(big.Rat).SetFrac(big.NewInt(m.Minor()), scale(m.Currency().Digits()))
		if !ok || value.Cmp(exact) != 0 {
			t.Fatalf("%d of %v is written %q", m.Minor(), m.Currency(), m.Decimal())
		}
	})
}

func TestMoneyJSONRoundTrips(t *testing.T) {
	t.Parallel()
	type document struct {
		Total money.Money     `json:"total"`
		Price money.UnitPrice `json:"price"`
		Rate  money.Rate      `json:"rate"`
		In    money.Currency  `json:"in"`
	}
	gen := newGenerators()
	rapid.Check(t, func(t *rapid.T) {
		in := document{
			Total: gen.amount.Draw(t, "total"), Price: gen.price.Draw(t, "price"),
			Rate: money.NewRate(gen.number.Draw(t, "ppm")), In: gen.currency.Draw(t, "in"),
		}
		text, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		var out document
		if err := json.Unmarshal(text, &out); err != nil || out != in {
			t.Fatalf("%s reads as %+v, %v", text, out, err)
		}
	})
}
