package pricingtest

import (
	"testing"

	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// TestPrices proves an adapter of pricing.Prices. Open gives an empty store for each subtest.
func TestPrices(t *testing.T, open func(t *testing.T) Harness) {
	t.Helper()
	s := suite{open}
	t.Run("prices-scope keeps channels and currencies apart", s.scopeApart)
	t.Run("prices-scope leaves out what has no price there", s.scopeLeavesOut)
	t.Run("prices-scope gives prices as last committed", s.scopeLast)
	t.Run("prices-scope gives every amount exactly", s.scopeExact)
	t.Run("prices-scope gives what nobody else can change", s.scopeCopies)
	t.Run("prices-scope tells when the caller is gone", s.scopeGone)
}

func (s suite) scopeApart(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	euros, shop := scope(ref.DefaultChannel, "EUR"), scope("shop", "GBP")
	a, b, c := price(1, pounds(), 10_000_000), price(1, euros, 12_000_000), price(1, shop, 9_000_000)
	h.save(t, a, b)
	h.save(t, c)
	want(t, h.current(t, pounds(), 1), a)
	want(t, h.current(t, euros, 1), b)
	want(t, h.current(t, shop, 1), c)
	want(t, h.current(t, scope("shop", "EUR"), 1))
}

func (s suite) scopeLeavesOut(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	want(t, h.current(t, pounds(), 3))
	a, c := price(1, pounds(), 1_000_000), price(3, pounds(), 3_000_000)
	h.save(t, a, c, price(2, scope(ref.DefaultChannel, "USD"), 2_000_000), price(4, pounds(), 4_000_000))
	want(t, h.current(t, pounds(), 3), a, c)
	got, err := h.Prices.Current(t.Context(), pounds(), []ref.VariantID{variant(1), variant(1), {}})
	if err != nil {
		t.Fatalf("Current: %v", err)
	}
	want(t, got, a)
	got, err = h.Prices.Current(t.Context(), pounds(), nil)
	if err != nil {
		t.Fatalf("Current of nothing: %v", err)
	}
	want(t, got)
}

func (s suite) scopeLast(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	p := reduced(price(1, pounds(), 5_000_000), 6_000_000)
	h.save(t, p)
	want(t, h.current(t, pounds(), 1), p)
	p = next(p, 4_000_000)
	p.CompareAt = nil
	h.save(t, p)
	want(t, h.current(t, pounds(), 1), p)
	p = reduced(next(p, 3_500_000), 4_000_000)
	h.save(t, p)
	want(t, h.current(t, pounds(), 1), p)
}

func (s suite) scopeExact(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	for n, micro := range []int64{0, 1, 1_000, 19_990_000, 123_456_789, 9_000_000_000_000_000_000} {
		p := reduced(price(n+1, pounds(), micro), micro)
		h.save(t, p)
		got, err := h.Prices.Current(t.Context(), pounds(), []ref.VariantID{p.Variant})
		if err != nil {
			t.Fatalf("Current: %v", err)
		}
		want(t, got, p)
	}
	yen := price(1, scope(ref.DefaultChannel, "JPY"), 500_000_000)
	h.save(t, yen)
	want(t, h.current(t, scope(ref.DefaultChannel, "JPY"), 1), yen)
}

func (s suite) scopeCopies(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	p := reduced(price(1, pounds(), 5_000_000), 6_000_000)
	h.save(t, p)
	*p.CompareAt = money.NewUnitPrice(1, p.Currency)
	for range 2 {
		got := h.current(t, pounds(), 1)
		want(t, got, reduced(price(1, pounds(), 5_000_000), 6_000_000))
		*got[variant(1)].CompareAt = money.NewUnitPrice(1, p.Currency)
	}
}

func (s suite) scopeGone(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	_, err := h.Prices.Current(gone(t), pounds(), []ref.VariantID{variant(1)})
	wantGone(t, err)
}
