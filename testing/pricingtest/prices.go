package pricingtest

import (
	"strings"
	"time"

	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// PricesClauses are the clauses of pricing.Prices.
func PricesClauses() []Clause {
	return []Clause{
		{ID: "prices-scope", Case: "channels and currencies apart", Run: scopeApart},
		{ID: "prices-scope", Case: "what has no price there", Run: scopeLeavesOut},
		{ID: "prices-scope", Case: "many variants at once", Run: scopeMany},
		{ID: "prices-plan", Case: "as last committed", Run: planLast},
		{ID: "prices-plan", Case: "every amount exactly", Run: planExact},
		{ID: "prices-plan", Case: "windows, spans and notes", Run: planWhole},
		{ID: "prices-plan", Case: "without a price", Run: planWithout},
		{ID: "prices-plan", Case: "nobody else can change it", Run: planCopies},
		{ID: "prices-plan", Case: "the caller is gone", Run: planGone},
		{ID: "prices-history", Case: "every version as it was", Run: historyWhole},
		{ID: "prices-history", Case: "of one plan", Run: historyApart},
		{ID: "prices-history", Case: "nobody else can change it", Run: historyCopies},
		{ID: "prices-history", Case: "the newest of many", Run: historyNewest},
		{ID: "prices-history", Case: "the caller is gone", Run: historyGone},
	}
}

func scopeApart(t TB, open func(TB) Harness) {
	h := open(t)
	euros, shop := scope(ref.DefaultChannel, "EUR"), scope("shop", "GBP")
	a, b, c := plan(1, pounds(), 10_000_000), plan(1, euros, 12_000_000), plan(1, shop, 9_000_000)
	h.save(t, a, b)
	h.save(t, c)
	want(t, h.plans(t, pounds(), 1), a)
	want(t, h.plans(t, euros, 1), b)
	want(t, h.plans(t, shop, 1), c)
	want(t, h.plans(t, scope("shop", "EUR"), 1))
}

func scopeLeavesOut(t TB, open func(TB) Harness) {
	h := open(t)
	want(t, h.plans(t, pounds(), 3))
	a, c := plan(1, pounds(), 1_000_000), plan(3, pounds(), 3_000_000)
	h.save(t, a, c, plan(2, scope(ref.DefaultChannel, "USD"), 2_000_000), plan(4, pounds(), 4_000_000))
	want(t, h.plans(t, pounds(), 3), a, c)
	got, err := h.Prices.Plans(t.Context(), pounds(), []ref.VariantID{variant(1), variant(1), {}})
	if err != nil {
		t.Fatalf("Plans: %v", err)
	}
	want(t, got, a)
	got, err = h.Prices.Plans(t.Context(), pounds(), nil)
	if err != nil {
		t.Fatalf("Plans of nothing: %v", err)
	}
	want(t, got)
}

func scopeMany(t TB, open func(TB) Harness) {
	h := open(t)
	var all []pricing.Plan
	const many = 300
	for n := 1; n <= many; n++ {
		all = append(all, plan(n, pounds(), int64(n)))
	}
	h.save(t, all...)
	want(t, h.plans(t, pounds(), many), all...)
}

func planLast(t TB, open func(TB) Harness) {
	h := open(t)
	p := reduced(plan(1, pounds(), 5_000_000), 6_000_000)
	h.save(t, p)
	want(t, h.plans(t, pounds(), 1), p)
	p = next(p, 4_000_000)
	h.save(t, p)
	want(t, h.plans(t, pounds(), 1), p)
	p = reduced(next(p, 3_500_000), 4_000_000)
	h.save(t, p)
	want(t, h.plans(t, pounds(), 1), p)
}

func planExact(t TB, open func(TB) Harness) {
	h := open(t)
	for n, micro := range []int64{0, 1, 1_000, 19_990_000, 123_456_789, 9_000_000_000_000_000_000} {
		p := reduced(plan(n+1, pounds(), micro), micro)
		h.save(t, p)
		got, err := h.Prices.Plans(t.Context(), pounds(), []ref.VariantID{p.Variant})
		if err != nil {
			t.Fatalf("Plans: %v", err)
		}
		want(t, got, p)
	}
	yen := scope(ref.DefaultChannel, "JPY")
	h.save(t, plan(9, yen, 500_000_000))
	got, err := h.Prices.Plans(t.Context(), yen, []ref.VariantID{variant(9)})
	if err != nil {
		t.Fatalf("Plans: %v", err)
	}
	want(t, got, plan(9, yen, 500_000_000))
}

// whole is a plan with all that a plan can have, as so many windows as one may have.
func whole(n int) pricing.Plan {
	p := reduced(plan(n, pounds(), 9_000_000_000_000_000_001), 9_000_000_000_000_000_002)
	p = windowed(p, pricing.Window{Until: day(-1)}, 0)
	p = windowed(p, pricing.Window{From: time.Date(1999, 12, 31, 23, 59, 59, 999_999_000, time.UTC)}, 1)
	for i := len(p.Prices); i < pricing.WindowsMax; i++ {
		p = windowed(p, pricing.Window{From: day(i).Add(time.Microsecond), Until: day(2 * i)}, int64(i))
		former := money.NewUnitPrice(9_000_000_000_000_000_000-int64(i), p.Currency)
		p.Prices[0].CompareAt = &former
	}
	for i := range pricing.SpansMax {
		p.Past = append(p.Past, pricing.Span{From: day(i - 90), Until: day(i - 89).Add(-time.Microsecond), Amount: money.NewUnitPrice(int64(i), p.Currency)})
	}
	p.Note = pricing.Note{By: "Zoë \U0001F33B", Why: strings.Repeat("\"n\" 'b' \\ ", pricing.NoteMax/12)}
	return p
}

func planWhole(t TB, open func(TB) Harness) {
	h := open(t)
	p := whole(1)
	h.save(t, p)
	want(t, h.plans(t, pounds(), 1), p)
	p.Version, p.Since, p.Note.By = 2, time.Date(2100, 2, 28, 0, 0, 0, 1000, time.UTC), ""
	p.Prices = p.Prices[1:]
	h.save(t, p)
	want(t, h.plans(t, pounds(), 1), p)
}

func planWithout(t TB, open func(TB) Harness) {
	h := open(t)
	p := next(plan(1, pounds(), 1_000_000), 0)
	p.Prices = nil
	h.save(t, plan(1, pounds(), 1_000_000))
	h.save(t, p)
	want(t, h.plans(t, pounds(), 1), p)
	later := windowed(pricing.Plan{Key: p.Key, Version: 3, Since: day(1)}, pricing.Window{From: day(2), Until: day(3)}, 5)
	h.save(t, later)
	want(t, h.plans(t, pounds(), 1), later)
}

func planCopies(t TB, open func(TB) Harness) {
	h := open(t)
	p := next(reduced(plan(1, pounds(), 5_000_000), 6_000_000), 4_000_000)
	p.Version = 1
	c := writes(reduced(p, 6_000_000))
	if err := h.Committer.Commit(t.Context(), c); err != nil {
		t.Fatalf("Commit: %v", err)
	}
	spoil(c.Plans[0].State)
	for range 2 {
		got := h.plans(t, pounds(), 1)
		want(t, got, reduced(p, 6_000_000))
		spoil(got[variant(1)])
	}
}

// spoil changes what a plan shares with its copies.
func spoil(p pricing.Plan) {
	one := money.NewUnitPrice(1, p.Currency)
	for i := range p.Prices {
		if p.Prices[i].CompareAt != nil {
			*p.Prices[i].CompareAt = one
		}
		p.Prices[i].Amount = one
	}
	for i := range p.Past {
		p.Past[i].Amount = one
	}
}

func planGone(t TB, open func(TB) Harness) {
	h := open(t)
	_, err := h.Prices.Plans(gone(t), pounds(), []ref.VariantID{variant(1)})
	wantGone(t, err)
}

// versions saves n versions of a plan, an hour after one another, and gives them.
func (h Harness) versions(t TB, first pricing.Plan, n int) []pricing.Plan {
	t.Helper()
	out := []pricing.Plan{first}
	h.save(t, first)
	for i := 1; i < n; i++ {
		p := next(out[i-1], int64(i))
		h.save(t, p)
		out = append(out, p)
	}
	return out
}

func historyWhole(t TB, open func(TB) Harness) {
	h := open(t)
	first := whole(1)
	key := first.Key
	wantHistory(t, h.history(t, key))
	h.save(t, first)
	wantHistory(t, h.history(t, key), first)
	second := pricing.Plan{Key: key, Version: 2, Since: day(1), Note: pricing.Note{By: "ada", Why: "sold out"}}
	h.save(t, second)
	third := reduced(plan(1, pounds(), 3), 4)
	third.Version, third.Since = 3, day(1) // In the same microsecond.
	h.save(t, third)
	wantHistory(t, h.history(t, key), first, second, third)
	wantClass(t, h.Committer.Commit(t.Context(), writes(third)), versionConflict)
	wantHistory(t, h.history(t, key), first, second, third)
}

func historyApart(t TB, open func(TB) Harness) {
	h := open(t)
	others := []pricing.Plan{plan(2, pounds(), 7), plan(1, scope("shop", "GBP"), 8), plan(1, scope(ref.DefaultChannel, "EUR"), 9)}
	h.save(t, others...)
	all := h.versions(t, plan(1, pounds(), 100), 3)
	wantHistory(t, h.history(t, all[0].Key), all...)
	for _, o := range others {
		wantHistory(t, h.history(t, o.Key), o)
	}
}

func historyCopies(t TB, open func(TB) Harness) {
	h := open(t)
	first := reduced(plan(1, pounds(), 5_000_000), 6_000_000)
	h.save(t, first)
	h.save(t, next(first, 1))
	for range 2 {
		got := h.history(t, first.Key)
		wantHistory(t, got, first, next(first, 1))
		if len(got) > 0 {
			spoil(pricing.Plan{Key: first.Key, Prices: got[0].Prices})
		}
	}
}

func historyNewest(t TB, open func(TB) Harness) {
	h := open(t)
	all := h.versions(t, plan(1, pounds(), 100), pricing.HistoryMax+2)
	wantHistory(t, h.history(t, all[0].Key), all[2:]...)
}

func historyGone(t TB, open func(TB) Harness) {
	h := open(t)
	_, err := h.Prices.History(gone(t), plan(1, pounds(), 1).Key)
	wantGone(t, err)
}
