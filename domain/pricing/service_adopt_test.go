package pricing_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// lived is a plan that a shop has after some weeks: prices that changed, a sale that is over, one that is on.
func lived(t *testing.T, clock *hand) pricing.Plan {
	t.Helper()
	s := newService(clock)
	clock.at = at(-60)
	did(t, "a price", 1)(s.Set(t.Context(), scope, []pricing.Price{pounds(mug, 100)}))
	did(t, "sales", 3)(s.Schedule(t.Context(), scope, []pricing.Price{
		in(pounds(mug, 60), days(-20, -18)), in(pounds(mug, 80), days(-2, 5)), in(pounds(mug, 120), days(10, 0)),
	}))
	clock.at = at(-9)
	did(t, "another price", 1)(s.Set(t.Context(), scope, []pricing.Price{pounds(mug, 110)}))
	clock.at = now
	plans, err := s.Plans(t.Context(), scope, []ref.VariantID{mug})
	if err != nil {
		t.Fatal(err)
	}
	return plans[mug]
}

func TestAdoptGoesOn(t *testing.T) {
	t.Parallel()
	clock := still()
	plan := lived(t, clock)
	clock.at = at(1) // The move takes a day.
	s := newService(clock)
	did(t, "the plan", 1)(s.With(pricing.Note{By: "import"}).Adopt(t.Context(), []pricing.Plan{plan}))
	did(t, "the plan again", 0)(s.Adopt(t.Context(), []pricing.Plan{plan}))
	got, err := s.Plans(t.Context(), scope, []ref.VariantID{mug})
	if err != nil || got[mug].Version != 1 || got[mug].Note.By != "import" {
		t.Fatalf("adopted is %+v, %v", got[mug], err)
	}
	for day := 1; day < 60; day++ {
		want, sold := plan.At(at(day))
		have, here := got[mug].At(at(day))
		want.Source, have.Source = pricing.Source{}, pricing.Source{}
		if sold != here || !reflect.DeepEqual(want, have) {
			t.Errorf("on day %d it costs %+v %v, want %+v %v", day, have, here, want, sold)
		}
	}
	if r, _ := got[mug].At(at(1)); r.Lowest30 == nil || r.Lowest30.Micro() != 60 {
		t.Errorf("the lowest of 30 days before the sale that is on is %v, want that of the sale before", r.Lowest30)
	}
	did(t, "a change", 1)(s.Set(t.Context(), scope, []pricing.Price{pounds(mug, 50)}))
	did(t, "what was changed since", 0)(s.Adopt(t.Context(), []pricing.Plan{plan}))
	if lists, err := s.Lists(t.Context()); err != nil || !slices.Equal(lists, []pricing.List{{Channel: scope.Channel, Currency: gbp}}) {
		t.Errorf("lists %v, %v", lists, err)
	}
}

func TestAdoptRefuses(t *testing.T) {
	t.Parallel()
	clock := still()
	good := lived(t, clock)
	for name, c := range map[string]struct {
		field string
		bend  func(p *pricing.Plan)
	}{
		"no variant":            {"plans[0].variant", func(p *pricing.Plan) { p.Variant = ref.VariantID{} }},
		"no moment":             {"plans[0].since", func(p *pricing.Plan) { p.Since = time.Time{} }},
		"a moment to come":      {"plans[0].since", func(p *pricing.Plan) { p.Since = now.Add(time.Second) }},
		"an amount below zero":  {"plans[0].prices[0].amount", func(p *pricing.Plan) { p.Prices[0].Amount = money.NewUnitPrice(-1, gbp) }},
		"a price in euros":      {"plans[0].prices[0].amount", func(p *pricing.Plan) { p.Prices[0].Amount = money.NewUnitPrice(1, eur) }},
		"two for a window":      {"plans[0].prices[1].from", func(p *pricing.Plan) { p.Prices[1].Window = p.Prices[0].Window }},
		"a past to come":        {"plans[0].past[0].from", func(p *pricing.Plan) { p.Past[len(p.Past)-1].Until = p.Since.Add(1000) }},
		"a span without length": {"plans[0].past[0].from", func(p *pricing.Plan) { p.Past[0].Until = p.Past[0].From }},
		"a past in euros":       {"plans[0].past[0].amount", func(p *pricing.Plan) { p.Past[0].Amount = money.NewUnitPrice(1, eur) }},
		"a past below zero":     {"plans[0].past[0].amount", func(p *pricing.Plan) { p.Past[0].Amount = money.NewUnitPrice(-1, gbp) }},
		"too much of a past":    {"plans[0].past", func(p *pricing.Plan) { p.Past = slices.Repeat(p.Past[:1], pricing.SpansMax+1) }},
	} {
		p := good
		p.Prices, p.Past = slices.Clone(good.Prices), slices.Clone(good.Past)[:1]
		c.bend(&p)
		_, err := newService(clock).Adopt(t.Context(), []pricing.Plan{p})
		if err == nil || fault.Of(err).Violations()[0].Field() != c.field {
			t.Errorf("%s: %v, want a violation at %s", name, err, c.field)
		}
	}
	if _, err := newService(clock).Adopt(t.Context(), []pricing.Plan{good, good}); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a plan twice: %v", err)
	}
}
