package pricing_test

import (
	"context"
	"encoding/binary"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/adapters/memory"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// now is when everything here happens.
var now = time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)

var (
	gbp   = money.MustCurrency("GBP")
	eur   = money.MustCurrency("EUR")
	scope = ref.Scope{Channel: ref.DefaultChannel, Currency: gbp, At: now}
	mug   = ref.NewID[ref.VariantKind](ref.UUID{1})
	cup   = ref.NewID[ref.VariantKind](ref.UUID{2})
)

// hand is a clock that is moved by hand.
type hand struct{ at time.Time }

func (h *hand) Now() time.Time { return h.at }

// still is a clock that stands.
func still() *hand { return &hand{at: now} }

// counting makes ids that count up.
type counting struct{ last atomic.Uint64 }

func (c *counting) New() (id [16]byte) {
	binary.BigEndian.PutUint64(id[8:], c.last.Add(1))
	return id
}

func (c *counting) Secret() [20]byte { return [20]byte{} }

// pounds is a price of the variant in millionths, without its scope.
func pounds(v ref.VariantID, micro int64) pricing.Price {
	return pricing.Price{Key: pricing.Key{Variant: v}, Amount: money.NewUnitPrice(micro, gbp)}
}

// at is so many days from now.
func at(n int) time.Time { return now.AddDate(0, 0, n) }

// days is a window of days from now; 0 is an open end.
func days(from, until int) pricing.Window {
	var w pricing.Window
	if from != 0 {
		w.From = at(from)
	}
	if until != 0 {
		w.Until = at(until)
	}
	return w
}

// in is the price in a window.
func in(p pricing.Price, w pricing.Window) pricing.Price {
	p.Window = w
	return p
}

// with is the price with a former one.
func with(p pricing.Price, former money.UnitPrice) pricing.Price {
	p.CompareAt = &former
	return p
}

func TestSame(t *testing.T) {
	t.Parallel()
	a := pounds(mug, 1_000_000)
	ended := a
	ended.Window.Until = now
	elsewhere := ended
	elsewhere.Window.Until = now.In(time.FixedZone("CET", 3600))
	other := a
	other.Channel = "shop"
	for name, tc := range map[string]struct {
		a, b pricing.Price
		want bool
	}{
		"itself":          {a, a, true},
		"another window":  {a, ended, false},
		"the same moment": {ended, elsewhere, true},
		"another key":     {a, other, false},
		"another amount":  {a, pounds(mug, 2), false},
		"one former":      {a, with(a, money.NewUnitPrice(2, gbp)), false},
		"the same former": {with(a, money.NewUnitPrice(2, gbp)), with(a, money.NewUnitPrice(2, gbp)), true},
		"another former":  {with(a, money.NewUnitPrice(2, gbp)), with(a, money.NewUnitPrice(3, gbp)), false},
	} {
		if got := tc.a.Same(tc.b); got != tc.want || tc.b.Same(tc.a) != tc.want {
			t.Errorf("%s: got %v, want %v", name, got, tc.want)
		}
	}
}

func TestSet(t *testing.T) {
	t.Parallel()
	store := memory.New(still(), nil)
	s := pricing.NewService(store.Prices(), store.Pricing(), still(), &counting{})
	for i, step := range []struct {
		prices  []pricing.Price
		written int
	}{
		{nil, 0},
		{[]pricing.Price{pounds(mug, 5_000_000), with(pounds(cup, 1_000), money.NewUnitPrice(2_000, gbp))}, 2},
		{[]pricing.Price{pounds(mug, 5_000_000), with(pounds(cup, 1_000), money.NewUnitPrice(2_000, gbp))}, 0},
		{[]pricing.Price{pounds(mug, 5_000_000), pounds(cup, 1_000)}, 1},
	} {
		if n, err := s.Set(t.Context(), scope, step.prices); err != nil || n != step.written {
			t.Errorf("step %d: wrote %d, %v; want %d", i, n, err, step.written)
		}
	}
	got, err := s.Current(t.Context(), scope, []ref.VariantID{mug, cup})
	if err != nil || len(got) != 2 || got[mug].Source.Version != 1 || got[cup].Source.Version != 2 || got[cup].CompareAt != nil {
		t.Errorf("got %+v, %v", got, err)
	}
	if got, err := s.Current(t.Context(), scope, nil); err != nil || len(got) != 0 {
		t.Errorf("of nothing: %v, %v", got, err)
	}
	pending, err := store.Outbox().Pending(t.Context(), "test", 10)
	if err != nil || len(pending) != 3 {
		t.Fatalf("%d events, %v; want one for each write", len(pending), err)
	}
	want := `{"variant":"` + cup.String() + `","channel":"web","currency":"GBP","amount":"0.001"}`
	if e := pending[2].Event; e.Name != "pricing.price_set" || e.Aggregate != cup.String() || string(e.Data) != want {
		t.Errorf("got event %+v with %s, want %s", e, e.Data, want)
	}
}

func TestSetRefuses(t *testing.T) {
	t.Parallel()
	store := memory.New(still(), nil)
	s := pricing.NewService(store.Prices(), store.Pricing(), still(), &counting{})
	euros := pounds(mug, 0)
	euros.Amount = money.NewUnitPrice(1, eur)
	for name, tc := range map[string]struct {
		scope  ref.Scope
		prices []pricing.Price
		fields []string
	}{
		"below zero":       {scope, []pricing.Price{pounds(mug, 1), pounds(cup, -1)}, []string{"prices[1].amount"}},
		"another currency": {scope, []pricing.Price{euros}, []string{"prices[0].amount"}},
		"a former one":     {scope, []pricing.Price{with(pounds(mug, 1), money.NewUnitPrice(-1, eur))}, []string{"prices[0].compare_at", "prices[0].compare_at"}},
		"no variant":       {scope, []pricing.Price{pounds(ref.VariantID{}, 1)}, []string{"prices[0].variant"}},
		"no channel":       {ref.Scope{Currency: gbp}, []pricing.Price{pounds(mug, 1)}, []string{"prices[0].variant"}},
		"in a window":      {scope, []pricing.Price{in(pounds(mug, 1), days(1, 2))}, []string{"prices[0].from"}},
		"two at once":      {scope, []pricing.Price{pounds(mug, -1), euros}, []string{"prices[0].amount", "prices[1].amount"}},
	} {
		n, err := s.Set(t.Context(), tc.scope, tc.prices)
		if n != 0 || !fault.Is(err, fault.Bad) {
			t.Errorf("%s: wrote %d, %v; want invalid", name, n, err)
			continue
		}
		var got []string
		for _, v := range fault.Of(err).Violations() {
			got = append(got, v.Field())
		}
		if !slices.Equal(got, tc.fields) {
			t.Errorf("%s: got %v, want %v", name, got, tc.fields)
		}
	}
	if got, err := s.Current(t.Context(), scope, []ref.VariantID{mug, cup}); err != nil || len(got) != 0 {
		t.Errorf("something was written: %v, %v", got, err)
	}
}

// down is a store that cannot be reached.
type down struct{}

func (down) Plans(context.Context, ref.Scope, []ref.VariantID) (map[ref.VariantID]pricing.Plan, error) {
	return nil, fault.Down.New("no store").Because(errors.New("refused"))
}

func (down) History(context.Context, pricing.Key) ([]pricing.Entry, error) {
	return nil, fault.Down.New("no store").Because(errors.New("refused"))
}

// refusing refuses every commit.
type refusing struct{}

func (refusing) Commit(context.Context, pricing.Commit) error {
	return fault.VersionConflict.New("someone was faster")
}

func TestSetPassesTheStoresErrorsOn(t *testing.T) {
	t.Parallel()
	store := memory.New(still(), nil)
	prices := []pricing.Price{pounds(mug, 1)}
	if n, err := pricing.NewService(down{}, store.Pricing(), still(), &counting{}).Set(t.Context(), scope, prices); n != 0 || !fault.Is(err, fault.Down) {
		t.Errorf("got %d, %v; want unavailable", n, err)
	}
	if n, err := pricing.NewService(store.Prices(), refusing{}, still(), &counting{}).Set(t.Context(), scope, prices); n != 0 || !fault.Is(err, fault.VersionConflict) {
		t.Errorf("got %d, %v; want version_conflict", n, err)
	}
}

func TestReadsPassTheStoresErrorsOn(t *testing.T) {
	t.Parallel()
	s := pricing.NewService(down{}, refusing{}, still(), &counting{})
	reads := map[string]func() error{
		"Current":  func() error { _, err := s.Current(t.Context(), scope, []ref.VariantID{mug}); return err },
		"Standing": func() error { _, err := s.Standing(t.Context(), scope, []ref.VariantID{mug}); return err },
		"Plans":    func() error { _, err := s.Plans(t.Context(), scope, []ref.VariantID{mug}); return err },
		"History":  func() error { _, err := s.History(t.Context(), scope, mug, now); return err },
	}
	for name, read := range reads {
		if err := read(); !fault.Is(err, fault.Down) {
			t.Errorf("%s: got %v, want unavailable", name, err)
		}
	}
}
