package pricing_test

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// TestResolve names the price that wins at each moment.
func TestResolve(t *testing.T) {
	t.Parallel()
	always, day, week, later := pricing.Window{}, days(2, 3), days(1, 8), days(5, 0)
	sooner, until := days(1, 0), days(0, 20)
	for name, tc := range map[string]struct {
		windows []pricing.Window
		want    map[int]int // Day to the index of the window; -1 for none.
	}{
		"nothing":                      {nil, map[int]int{0: -1}},
		"always":                       {[]pricing.Window{always}, map[int]int{-1000: 0, 0: 0, 1000: 0}},
		"a window and its ends":        {[]pricing.Window{day}, map[int]int{1: -1, 2: 0, 3: -1}},
		"a day in a week in always":    {[]pricing.Window{always, week, day}, map[int]int{0: 0, 1: 1, 2: 2, 3: 1, 7: 1, 8: 0}},
		"what began later stands":      {[]pricing.Window{sooner, always, later}, map[int]int{0: 1, 1: 0, 4: 0, 5: 2, 99: 2}},
		"a week before what stands":    {[]pricing.Window{later, week}, map[int]int{0: -1, 4: 1, 5: 1, 7: 1, 8: 0}},
		"a beginning before an end":    {[]pricing.Window{until, later}, map[int]int{0: 0, 5: 1, 19: 1, 20: 1}},
		"what ends sooner":             {[]pricing.Window{until, days(0, 3), always}, map[int]int{2: 1, 3: 0, 20: 2}},
		"of two weeks the later":       {[]pricing.Window{days(1, 8), days(3, 10)}, map[int]int{2: 0, 3: 1, 9: 1}},
		"a first moment, an hour long": {[]pricing.Window{always, {From: at(1), Until: at(1).Add(time.Microsecond)}}, map[int]int{1: 1, 2: 0}},
	} {
		var prices []pricing.Price
		for i, w := range tc.windows {
			prices = append(prices, in(pounds(mug, int64(i)), w))
		}
		for n, want := range tc.want {
			for range 4 { // In any order.
				p, ok := pricing.Resolve(prices, at(n))
				if ok != (want >= 0) || ok && p.Amount.Micro() != int64(want) {
					t.Errorf("%s: day %d: got %v, %v; want %d", name, n, p.Amount, ok, want)
				}
				rand.Shuffle(len(prices), func(i, j int) { prices[i], prices[j] = prices[j], prices[i] })
			}
		}
	}
	twins := []pricing.Price{in(pounds(mug, 9), day), in(pounds(mug, 3), day), in(with(pounds(mug, 3), pounds(mug, 4).Amount), day)}
	if p, ok := pricing.Resolve(twins, at(2)); !ok || p.Amount.Micro() != 3 || p.CompareAt != nil {
		t.Errorf("of one window: got %+v, want the first of the lowest", p)
	}
}

// TestWindowCompare tells that it is a total order, 0 for the same window alone.
func TestWindowCompare(t *testing.T) {
	t.Parallel()
	far := time.Date(9000, 1, 1, 0, 0, 0, 0, time.UTC) // Further than a Duration reaches.
	inOrder := []pricing.Window{
		days(2, 3), days(1, 2), days(1, 8), {From: now, Until: far}, {From: now, Until: far.Add(1)}, days(5, 0), days(1, 0), days(0, 3), days(0, 20), {},
	}
	for i, a := range inOrder {
		for j, b := range inOrder {
			want := 0
			if i != j {
				want = 1
				if i < j {
					want = -1
				}
			}
			if got := a.Compare(b); got != want || a.Equal(b) != (want == 0) {
				t.Errorf("%v and %v: got %d, want %d", a, b, got, want)
			}
		}
	}
}

// planOf is a plan that was made now.
func planOf(past []pricing.Span, prices ...pricing.Price) pricing.Plan {
	return pricing.Plan{Key: pricing.Key{Variant: mug}, Version: 3, Since: now, Prices: prices, Past: past}
}

// span is a stretch of days before now, in millionths.
func span(from, until time.Time, micro int64) pricing.Span {
	return pricing.Span{From: from, Until: until, Amount: money.NewUnitPrice(micro, gbp)}
}

// TestLowest30 goes to the edges of the 30 days before the present amount began.
func TestLowest30(t *testing.T) {
	t.Parallel()
	const none = -1
	tick := time.Microsecond
	for name, tc := range map[string]struct {
		plan pricing.Plan
		at   time.Time
		want int64
	}{
		"never had another":      {planOf(nil, pounds(mug, 80)), now, none},
		"nor long after":         {planOf(nil, pounds(mug, 80)), at(400), none},
		"the price before":       {planOf([]pricing.Span{span(at(-90), now, 100)}, pounds(mug, 80)), now, 100},
		"as long as it lasts":    {planOf([]pricing.Span{span(at(-90), now, 100)}, pounds(mug, 80)), at(400), 100},
		"the lowest of several":  {planOf([]pricing.Span{span(at(-90), at(-20), 100), span(at(-20), at(-10), 70), span(at(-10), now, 120)}, pounds(mug, 80)), now, 70},
		"ended 30 days before":   {planOf([]pricing.Span{span(at(-90), at(-30), 70), span(at(-30), now, 100)}, pounds(mug, 80)), now, 100},
		"ended a moment later":   {planOf([]pricing.Span{span(at(-90), at(-30).Add(tick), 70), span(at(-30).Add(tick), now, 100)}, pounds(mug, 80)), now, 70},
		"a raise has one too":    {planOf([]pricing.Span{span(at(-90), now, 80)}, pounds(mug, 100)), now, 80},
		"after a gap":            {planOf([]pricing.Span{span(at(-90), at(-1), 80)}, pounds(mug, 80)), now, 80},
		"after too long a gap":   {planOf([]pricing.Span{span(at(-90), at(-30), 80)}, pounds(mug, 70)), now, none},
		"the run goes on":        {planOf([]pricing.Span{span(at(-90), at(-34), 70), span(at(-34), at(-5), 100), span(at(-5), now, 80)}, pounds(mug, 80)), now, 70},
		"the run began earlier":  {planOf([]pricing.Span{span(at(-90), at(-35), 70), span(at(-35), at(-5), 100), span(at(-5), now, 80)}, pounds(mug, 80)), at(5), 100},
		"an earlier run counts":  {planOf([]pricing.Span{span(at(-9), at(-5), 80), span(at(-5), now, 100)}, pounds(mug, 80)), now, 80},
		"a sale begins":          {planOf(nil, in(pounds(mug, 80), days(3, 5)), pounds(mug, 100)), at(3), 100},
		"a sale is over":         {planOf(nil, in(pounds(mug, 80), days(3, 5)), pounds(mug, 100)), at(5), 80},
		"and long over":          {planOf(nil, in(pounds(mug, 80), days(3, 5)), pounds(mug, 100)), at(300), 80},
		"the next sale":          {planOf(nil, in(pounds(mug, 70), days(34, 36)), in(pounds(mug, 80), days(3, 5)), pounds(mug, 100)), at(34), 80},
		"the next sale, later":   {planOf(nil, in(pounds(mug, 70), days(35, 36)), in(pounds(mug, 80), days(3, 5)), pounds(mug, 100)), at(35), 100},
		"a reduction goes on":    {planOf([]pricing.Span{span(at(-90), now, 100)}, in(pounds(mug, 60), days(2, 0)), pounds(mug, 80)), at(9), 80},
		"at a moment before now": {planOf([]pricing.Span{span(at(-90), at(-9), 100), span(at(-9), now, 90)}, pounds(mug, 80)), at(-10), 90},
	} {
		r, ok := tc.plan.At(tc.at)
		got := int64(none)
		if r.Lowest30 != nil {
			got = r.Lowest30.Micro()
		}
		if !ok || got != tc.want || r.Reduced() != (tc.want > r.Amount.Micro()) {
			t.Errorf("%s: got %d and reduced %v, want %d", name, got, r.Reduced(), tc.want)
		}
	}
}

func TestSpells(t *testing.T) {
	t.Parallel()
	p := planOf(nil, with(in(pounds(mug, 80), days(3, 5)), pounds(mug, 100).Amount), in(pounds(mug, 100), days(2, 9)))
	type spell struct {
		from, until time.Time
		micro       int64
		compared    bool
	}
	var got []spell
	for _, s := range p.Spells() {
		got = append(got, spell{s.Window.From, s.Window.Until, s.Price.Amount.Micro(), s.Price.CompareAt != nil})
		if !s.Price.Changes.Equal(s.Window.Until) || s.Price.Source.Version != 3 {
			t.Errorf("%+v changes at another time or is of another version", s)
		}
	}
	want := []spell{{at(2), at(3), 100, false}, {at(3), at(5), 80, true}, {at(5), at(9), 100, false}}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := planOf(nil, pounds(mug, 1)).Spells(); len(got) != 1 || !got[0].Window.Always() {
		t.Errorf("of what always holds: %+v", got)
	}
	if got := planOf(nil).Spells(); got != nil {
		t.Errorf("of nothing: %+v", got)
	}
	if _, ok := planOf(nil, in(pounds(mug, 1), days(1, 2))).At(now); ok {
		t.Error("there is a price before its window")
	}
}

// TestSpellsSayWhatAtSays looks at random plans at many moments.
func TestSpellsSayWhatAtSays(t *testing.T) {
	t.Parallel()
	for seed := range uint64(30) {
		w := newWalk(seed)
		for range 12 {
			w.step(t)
		}
		plans, err := w.service.Plans(t.Context(), scope, []ref.VariantID{mug})
		if err != nil {
			t.Fatal(err)
		}
		spells := plans[mug].Spells()
		for range 100 {
			moment := now.Add(time.Duration(w.IntN(400*24)-40*24) * time.Hour)
			if n := len(spells); n > 0 && w.IntN(2) == 0 { // At an edge.
				moment = spells[w.IntN(n)].Window.From.Add(time.Duration(w.IntN(3)-1) * time.Microsecond)
			}
			i := slices.IndexFunc(spells, func(s pricing.Spell) bool { return s.Window.Holds(moment) })
			r, ok := plans[mug].At(moment)
			if ok != (i >= 0) || ok && !reflect.DeepEqual(spells[i].Price, r) {
				t.Fatalf("seed %d: at %v: %+v, %v; not as in %+v", seed, moment, r, ok, spells)
			}
		}
	}
}

// lowestByHistory is the definition of Lowest30, worked out from everything that ever happened.
func lowestByHistory(steps []pricing.Step) (low *money.UnitPrice) {
	last := steps[len(steps)-1]
	for i, s := range steps[:len(steps)-1] {
		if s.Amount != nil && steps[i+1].From.After(last.From.Add(-pricing.PriorPeriod)) && (low == nil || s.Amount.Micro() < low.Micro()) {
			low = s.Amount
		}
	}
	return low
}

// TestWalk changes prices at random for years: whenever one looks, what the plan says is what its history says, and it
// remembers little.
func TestWalk(t *testing.T) {
	t.Parallel()
	for seed := range uint64(10) {
		w := newWalk(seed)
		for range 60 {
			w.step(t)
			w.look(t)
		}
	}
}

type walk struct {
	*rand.Rand
	clock   *hand
	service *pricing.Service
	seed    uint64
}

func newWalk(seed uint64) *walk {
	clock := still()
	return &walk{Rand: rand.New(rand.NewPCG(seed, 1)), clock: clock, service: newService(clock), seed: seed}
}

// step changes something.
func (w *walk) step(t *testing.T) {
	t.Helper()
	w.clock.at = w.clock.at.Add(time.Duration(w.IntN(30*24)) * time.Hour / time.Duration(1+w.IntN(30)))
	price := pounds(mug, int64(1+w.IntN(6)))
	from := w.clock.at.Add(time.Duration(w.IntN(20*24)-48) * time.Hour)
	window := pricing.Window{From: from, Until: from.Add(time.Duration(49+w.IntN(20*24)) * time.Hour)}
	var err error
	switch w.IntN(6) {
	case 0, 1:
		_, err = w.service.Set(t.Context(), scope, []pricing.Price{price})
	case 2, 3:
		_, err = w.service.Schedule(t.Context(), scope, []pricing.Price{in(price, window)})
	case 4:
		window.From, window.Until = window.Until, time.Time{}
		_, err = w.service.Schedule(t.Context(), scope, []pricing.Price{in(price, window)})
	default:
		plans, _ := w.service.Plans(t.Context(), scope, []ref.VariantID{mug})
		if n := len(plans[mug].Prices); n > 0 {
			_, err = w.service.End(t.Context(), scope, []pricing.Ending{{Variant: mug, Window: plans[mug].Prices[w.IntN(n)].Window}})
		}
	}
	if err != nil {
		t.Fatalf("seed %d: %v", w.seed, err)
	}
}

// look compares what the plan says now with its history.
func (w *walk) look(t *testing.T) {
	t.Helper()
	in := scope
	in.At = w.clock.at
	steps, err := w.service.History(t.Context(), scope, mug, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := w.service.Current(t.Context(), in, []ref.VariantID{mug})
	if err != nil {
		t.Fatal(err)
	}
	r, ok := got[mug]
	if len(steps) == 0 || steps[len(steps)-1].Amount == nil {
		if ok {
			t.Fatalf("seed %d: costs %v and by its history nothing", w.seed, r.Amount)
		}
		return
	}
	if last := steps[len(steps)-1]; !ok || *last.Amount != r.Amount {
		t.Fatalf("seed %d: costs %v, %v and by its history %v", w.seed, r.Amount, ok, last.Amount)
	}
	if low := lowestByHistory(steps); (low == nil) != (r.Lowest30 == nil) || low != nil && *low != *r.Lowest30 {
		t.Fatalf("seed %d: the lowest price before is %v and by its history %v of %v", w.seed, r.Lowest30, low, steps)
	}
	plans, _ := w.service.Plans(t.Context(), in, []ref.VariantID{mug})
	if n := len(plans[mug].Past); n > 8 { // Seven amounts and the last run.
		t.Fatalf("seed %d: the plan remembers %d spans", w.seed, n)
	}
}

// TestManySpans tells that a price that rises without end is remembered in bounds, and never from too high a price.
func TestManySpans(t *testing.T) {
	t.Parallel()
	clock := still()
	s := newService(clock)
	const raises = 3 * pricing.SpansMax
	for i := range raises {
		clock.at = now.Add(time.Duration(i) * time.Hour)
		if _, err := s.Set(t.Context(), scope, []pricing.Price{pounds(mug, int64(i+1))}); err != nil {
			t.Fatal(err)
		}
	}
	plans, err := s.Plans(t.Context(), scope, []ref.VariantID{mug})
	if err != nil || len(plans[mug].Past) > pricing.SpansMax {
		t.Fatalf("the plan remembers %d spans, %v", len(plans[mug].Past), err)
	}
	if r, _ := plans[mug].At(clock.at); r.Lowest30 == nil || r.Lowest30.Micro() != 1 {
		t.Errorf("the lowest price is %v, want the first", r.Lowest30)
	}
}
