package orderingtest

import (
	"maps"
	"testing"

	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// PriceHarness is a price book, fresh and empty, with what the suite needs to fill it.
type PriceHarness struct {
	Prices ordering.PriceBook
	// Set sets what a variant costs in a channel, in the price's currency, in place of what it cost there before.
	Set func(t TB, channel ref.Channel, variant ref.VariantID, price money.UnitPrice)
}

// TestPriceBook proves an ordering.PriceBook. Open makes a fresh one for each subtest.
func TestPriceBook(t *testing.T, open func(t *testing.T) PriceHarness) {
	t.Helper()
	run(t, PriceClauses(), open)
}

// PriceClauses are the clauses of ordering.PriceBook.
func PriceClauses() []Clause[PriceHarness] {
	const id = "prices-present"
	return []Clause[PriceHarness]{
		{ID: id, Case: "in the scope", Run: pricesInScope},
		{ID: id, Case: "the present one", Run: pricesPresent},
		{ID: id, Case: "all that a price can be", Run: pricesFull},
		{ID: id, Case: "as many as a cart has lines", Run: manyPrices},
		{ID: "prices-origin", Case: "of each change another", Run: priceOrigins},
	}
}

// wantPrices checks what the book gives for the variants.
func wantPrices(t TB, h PriceHarness, s ref.Scope, variants []ref.VariantID, wanted map[ref.VariantID]money.UnitPrice) {
	t.Helper()
	got, err := h.Prices.UnitPrices(t.Context(), s, variants)
	if err != nil {
		t.Fatalf("reading prices: %v", err)
	}
	units := make(map[ref.VariantID]money.UnitPrice, len(got))
	for v, f := range got {
		units[v] = f.Unit
	}
	if !maps.Equal(units, wanted) {
		t.Errorf("the prices are %v, want %v", units, wanted)
	}
}

// pounds is a unit price.
func pounds(micro int64) money.UnitPrice { return money.NewUnitPrice(micro, money.GBP) }

func pricesInScope(t TB, open func(TB) PriceHarness) {
	h := open(t)
	a, b, c, unknown := item(1).Variant, item(2).Variant, item(3).Variant, item(4).Variant
	euros := money.NewUnitPrice(2_000_000, money.EUR)
	h.Set(t, ref.DefaultChannel, a, pounds(1_000_000))
	h.Set(t, ref.DefaultChannel, a, euros)
	h.Set(t, "other", a, pounds(3_000_000))
	h.Set(t, "other", b, pounds(4_000_000))
	h.Set(t, ref.DefaultChannel, c, euros)
	all := []ref.VariantID{a, b, c, unknown}
	wantPrices(t, h, scope(), all, map[ref.VariantID]money.UnitPrice{a: pounds(1_000_000)})
	inEuros := scope()
	inEuros.Currency = money.EUR
	wantPrices(t, h, inEuros, all, map[ref.VariantID]money.UnitPrice{a: euros, c: euros})
	other := scope()
	other.Channel = "other"
	wantPrices(t, h, other, all, map[ref.VariantID]money.UnitPrice{a: pounds(3_000_000), b: pounds(4_000_000)})
	wantPrices(t, h, scope(), nil, map[ref.VariantID]money.UnitPrice{})
}

func pricesPresent(t TB, open func(TB) PriceHarness) {
	h := open(t)
	v := item(1).Variant
	for _, micro := range []int64{1_000_000, 2_000_000, 1_500_000} {
		h.Set(t, ref.DefaultChannel, v, pounds(micro))
		wantPrices(t, h, scope(), []ref.VariantID{v}, map[ref.VariantID]money.UnitPrice{v: pounds(micro)})
	}
}

func pricesFull(t TB, open func(TB) PriceHarness) {
	h := open(t)
	for n, micro := range []int64{0, 1, 5_000, 9_000_000_000_000_000_000} {
		v := item(n).Variant
		h.Set(t, ref.DefaultChannel, v, pounds(micro))
		wantPrices(t, h, scope(), []ref.VariantID{v, v}, map[ref.VariantID]money.UnitPrice{v: pounds(micro)})
	}
}

func manyPrices(t TB, open func(TB) PriceHarness) {
	h := open(t)
	wanted := map[ref.VariantID]money.UnitPrice{}
	var variants []ref.VariantID
	for n := range ordering.LinesMax {
		v := item(n).Variant
		h.Set(t, ref.DefaultChannel, v, pounds(int64(n)))
		wanted[v] = pounds(int64(n))
		variants = append(variants, v)
	}
	wantPrices(t, h, scope(), variants, wanted)
}

func priceOrigins(t TB, open func(TB) PriceHarness) {
	h := open(t)
	v, other := item(1).Variant, item(2).Variant
	h.Set(t, ref.DefaultChannel, other, pounds(1_000_000))
	seen := map[ordering.PriceOrigin]money.UnitPrice{}
	read := func() ordering.PriceFact {
		t.Helper()
		got, err := h.Prices.UnitPrices(t.Context(), scope(), []ref.VariantID{v, other})
		if err != nil || len(got) != 2 {
			t.Fatalf("reading prices: %v, %v", got, err)
		}
		return got[v]
	}
	for _, micro := range []int64{1_000_000, 2_000_000, 1_000_000} {
		h.Set(t, ref.DefaultChannel, v, pounds(micro))
		fact := read()
		if before, known := seen[fact.Origin]; known {
			t.Errorf("%v and %v have one origin, %+v", before, fact.Unit, fact.Origin)
		}
		if again := read(); again != fact {
			t.Errorf("the same price is %+v and then %+v", fact, again)
		}
		seen[fact.Origin] = fact.Unit
	}
}
