package pricing_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/adapters/memory"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// newService has an empty store.
func newService(clock *hand) *pricing.Service {
	store := memory.New(clock, nil)
	return pricing.NewService(store.Prices(), store.Pricing(), clock, &counting{})
}

// costs reads what the mug costs on a day, in millionths; -1 for nothing.
func costs(t *testing.T, s *pricing.Service, day int) int64 {
	t.Helper()
	then := scope
	then.At = at(day)
	got, err := s.Current(t.Context(), then, []ref.VariantID{mug})
	if err != nil {
		t.Fatalf("Current: %v", err)
	}
	if r, ok := got[mug]; ok {
		return r.Amount.Micro()
	}
	return -1
}

// did checks how many prices a command changed.
func did(t *testing.T, what string, want int) func(n int, err error) {
	t.Helper()
	return func(n int, err error) {
		t.Helper()
		if err != nil || n != want {
			t.Errorf("%s: changed %d, %v; want %d", what, n, err, want)
		}
	}
}

func TestSchedule(t *testing.T) {
	t.Parallel()
	clock := still()
	s := newService(clock)
	sale, standing := in(pounds(mug, 80), days(3, 5)), in(pounds(mug, 120), days(10, 0))
	did(t, "a sale alone", 1)(s.Schedule(t.Context(), scope, []pricing.Price{sale}))
	for day, want := range map[int]int64{0: -1, 3: 80, 5: -1} {
		if got := costs(t, s, day); got != want {
			t.Errorf("day %d: costs %d, want %d", day, got, want)
		}
	}
	did(t, "a price", 1)(s.Set(t.Context(), scope, []pricing.Price{pounds(mug, 100)}))
	did(t, "the sale again and a later price", 1)(s.Schedule(t.Context(), scope, []pricing.Price{sale, standing}))
	dearer := in(pounds(mug, 90), days(3, 5))
	did(t, "another amount in the same window", 1)(s.Schedule(t.Context(), scope, []pricing.Price{dearer}))
	did(t, "for what began already", 1)(s.Schedule(t.Context(), scope, []pricing.Price{in(pounds(mug, 70), days(-1, 1))}))
	for day, want := range map[int]int64{0: 70, 1: 100, 3: 90, 5: 100, 10: 120, 500: 120} {
		if got := costs(t, s, day); got != want {
			t.Errorf("day %d: costs %d, want %d", day, got, want)
		}
	}
	clock.at = at(11)
	if got, err := s.Standing(t.Context(), scope, []ref.VariantID{mug, cup}); err != nil || len(got) != 1 || got[mug].Amount.Micro() != 120 {
		t.Errorf("standing: %v, %v", got, err)
	}
	did(t, "what stands already", 0)(s.Set(t.Context(), scope, []pricing.Price{pounds(mug, 120)}))
	did(t, "another", 1)(s.Set(t.Context(), scope, []pricing.Price{pounds(mug, 110)}))
	plans, err := s.Plans(t.Context(), scope, []ref.VariantID{mug})
	if err != nil || len(plans[mug].Prices) != 1 || costs(t, s, 11) != 110 {
		t.Errorf("got %+v, %v; want the new price alone", plans[mug].Prices, err)
	}
}

func TestScheduleTwiceInOneCommand(t *testing.T) {
	t.Parallel()
	s := newService(still())
	did(t, "two windows", 2)(s.Schedule(t.Context(), scope, []pricing.Price{in(pounds(mug, 1), days(1, 2)), in(pounds(mug, 2), days(2, 3))}))
	plans, err := s.Plans(t.Context(), scope, []ref.VariantID{mug})
	if err != nil || plans[mug].Version != 1 || len(plans[mug].Prices) != 2 {
		t.Errorf("got %+v, %v; want both in one version", plans[mug], err)
	}
}

func TestEnd(t *testing.T) {
	t.Parallel()
	clock := still()
	s := newService(clock)
	did(t, "a price", 1)(s.Set(t.Context(), scope, []pricing.Price{pounds(mug, 100)}))
	did(t, "windows", 3)(s.Schedule(t.Context(), scope, []pricing.Price{
		in(pounds(mug, 80), days(3, 5)), in(pounds(mug, 70), days(-1, 2)), in(pounds(mug, 120), days(10, 0)),
	}))
	end := func(w pricing.Window) (int, error) {
		return s.End(t.Context(), scope, []pricing.Ending{{Variant: mug, Window: w}})
	}
	did(t, "before it began", 1)(end(days(3, 5)))
	did(t, "again", 0)(end(days(3, 5)))
	did(t, "while it holds", 1)(end(days(-1, 2)))
	for day, want := range map[int]int64{0: 100, 3: 100, 10: 120} {
		if got := costs(t, s, day); got != want {
			t.Errorf("day %d: costs %d, want %d", day, got, want)
		}
	}
	clock.at = at(10)
	did(t, "what another took the place of", 0)(s.End(t.Context(), scope, []pricing.Ending{{Variant: cup}}))
	did(t, "what stands", 1)(end(pricing.Window{}))
	if got := costs(t, s, 10); got != -1 {
		t.Errorf("costs %d after its end", got)
	}
	did(t, "what nothing stands behind", 0)(end(pricing.Window{}))
}

func TestScheduleRefuses(t *testing.T) {
	t.Parallel()
	s := newService(still())
	var many []pricing.Price
	for i := range pricing.WindowsMax + 1 {
		many = append(many, in(pounds(mug, 1), days(i+1, i+2)))
	}
	for name, tc := range map[string]struct {
		note   pricing.Note
		prices []pricing.Price
		fields []string
	}{
		"without a window": {prices: []pricing.Price{pounds(mug, 1)}, fields: []string{"prices[0].from"}},
		"over":             {prices: []pricing.Price{in(pounds(mug, 1), pricing.Window{Until: now})}, fields: []string{"prices[0].until"}},
		"no end and begun": {prices: []pricing.Price{in(pounds(mug, 1), pricing.Window{From: now})}, fields: []string{"prices[0].from"}},
		"backwards":        {prices: []pricing.Price{in(pounds(mug, 1), days(2, 1)), in(pounds(cup, 1), days(2, 2))}, fields: []string{"prices[0].until", "prices[1].until"}},
		"too many":         {prices: many, fields: []string{fmt.Sprintf("prices[%d].from", pricing.WindowsMax)}},
		"notes":            {note: pricing.Note{By: "a\x00", Why: strings.Repeat("x", pricing.NoteMax+1)}, prices: many[:1], fields: []string{"by", "why"}},
	} {
		n, err := s.With(tc.note).Schedule(t.Context(), scope, tc.prices)
		if n != 0 || !fault.Is(err, fault.Bad) {
			t.Errorf("%s: changed %d, %v; want invalid", name, n, err)
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
	did(t, "as many as allowed", pricing.WindowsMax)(s.Schedule(t.Context(), scope, many[1:]))
}

// TestHistory tells who changed what and when, and what the clock changed.
func TestHistory(t *testing.T) {
	t.Parallel()
	clock := still()
	s := newService(clock)
	change := func(day int, by string, f func(s *pricing.Service) (int, error)) {
		t.Helper()
		clock.at = at(day)
		did(t, by, 1)(f(s.With(pricing.Note{By: by, Why: "day " + strconv.Itoa(day)})))
	}
	set := func(micro int64) func(*pricing.Service) (int, error) {
		return func(s *pricing.Service) (int, error) {
			return s.Set(t.Context(), scope, []pricing.Price{pounds(mug, micro)})
		}
	}
	change(0, "ada", set(100))
	change(1, "bob", func(s *pricing.Service) (int, error) {
		return s.Schedule(t.Context(), scope, []pricing.Price{in(pounds(mug, 80), days(3, 7))})
	})
	change(5, "cat", set(110)) // Behind the sale.
	change(8, "dan", func(s *pricing.Service) (int, error) {
		return s.Set(t.Context(), scope, []pricing.Price{with(pounds(mug, 110), pounds(mug, 150).Amount)}) // No step.
	})
	change(9, "eve", func(s *pricing.Service) (int, error) {
		return s.End(t.Context(), scope, []pricing.Ending{{Variant: mug}})
	})
	clock.at = at(12)
	want := []string{"0 100 ada day 0", "3 80 bob day 1", "7 110 cat day 5", "9 none eve day 9"}
	for since, from := range map[int]int{-1: 0, 0: 0, 2: 0, 3: 1, 8: 2, 9: 3, 99: 3} {
		steps, err := s.History(t.Context(), scope, mug, at(since))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, st := range steps {
			amount := "none"
			if st.Amount != nil {
				amount = strconv.FormatInt(st.Amount.Micro(), 10)
			}
			got = append(got, fmt.Sprint(int(st.From.Sub(now)/(24*time.Hour)), " ", amount, " ", st.Note.By, " ", st.Note.Why))
		}
		if !slices.Equal(got, want[from:]) {
			t.Errorf("since day %d: got %q, want %q", since, got, want[from:])
		}
	}
	if steps, err := s.History(t.Context(), scope, cup, time.Time{}); err != nil || len(steps) != 0 {
		t.Errorf("of what was never priced: %v, %v", steps, err)
	}
}

// TestClockPutBack tells that no version begins before the one before it; what held for no time is no step.
func TestClockPutBack(t *testing.T) {
	t.Parallel()
	clock := still()
	s := newService(clock)
	for i, day := range []int{0, -2, 1} {
		clock.at = at(day)
		did(t, "a price", 1)(s.Set(t.Context(), scope, []pricing.Price{pounds(mug, int64(100-i))}))
	}
	steps, err := s.History(t.Context(), scope, mug, time.Time{})
	if err != nil || len(steps) != 2 || !steps[0].From.Equal(now) || steps[0].Amount.Micro() != 99 || !steps[1].From.Equal(at(1)) {
		t.Errorf("got %+v, %v", steps, err)
	}
}

func TestEvents(t *testing.T) {
	t.Parallel()
	clock := still()
	store := memory.New(clock, nil)
	s := pricing.NewService(store.Prices(), store.Pricing(), clock, &counting{})
	did(t, "a sale", 1)(s.Schedule(t.Context(), scope, []pricing.Price{in(pounds(mug, 80), days(3, 5))}))
	did(t, "a change to come", 1)(s.Schedule(t.Context(), scope, []pricing.Price{in(pounds(mug, 90), days(6, 0))}))
	did(t, "an end", 1)(s.End(t.Context(), scope, []pricing.Ending{{Variant: mug, Window: days(3, 5)}}))
	did(t, "a price", 1)(s.Set(t.Context(), scope, []pricing.Price{pounds(mug, 1)}))
	did(t, "its end", 1)(s.End(t.Context(), scope, []pricing.Ending{{Variant: mug}}))
	pending, err := store.Outbox().Pending(t.Context(), "test", 10)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range pending {
		if !json.Valid(d.Event.Data) || d.Event.Aggregate != mug.String() {
			t.Errorf("event %+v", d.Event)
		}
		got = append(got, d.Event.Name+" "+strings.ReplaceAll(string(d.Event.Data), mug.String(), "mug"))
	}
	head := `{"variant":"mug","channel":"web","currency":"GBP"`
	want := []string{
		`pricing.price_scheduled ` + head + `,"amount":"0.00008","from":"2026-03-05T09:30:00Z","until":"2026-03-07T09:30:00Z"}`,
		`pricing.price_scheduled ` + head + `,"amount":"0.00009","from":"2026-03-08T09:30:00Z"}`,
		`pricing.price_ended ` + head + `,"from":"2026-03-05T09:30:00Z","until":"2026-03-07T09:30:00Z"}`,
		`pricing.price_set ` + head + `,"amount":"0.000001"}`,
		`pricing.price_ended ` + head + `}`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
