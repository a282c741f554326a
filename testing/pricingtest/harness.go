package pricingtest

import (
	"context"
	"encoding/binary"
	"reflect"
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Harness is an empty store, opened for one subtest. The suite prices variants that no product has: pricing knows
// nothing of the catalogue.
type Harness struct {
	Prices    pricing.Prices
	Committer pricing.Committer
	// Events gives all events that the store's outbox holds, in its order; all that were committed before the call,
	// also when a relay may not read them yet.
	Events func(t TB) []event.Event
}

// base is a time in the form that stores keep.
var base = time.Date(2026, 3, 2, 9, 30, 0, 123456000, time.UTC)

// day is so many days after base.
func day(n int) time.Time { return base.AddDate(0, 0, n) }

// scope is the view of a channel in a currency.
func scope(channel ref.Channel, currency string) ref.Scope {
	return ref.Scope{Channel: channel, Currency: money.MustCurrency(currency), Locale: "en-GB", Country: "GB", At: base}
}

// pounds is the view that most subtests take.
func pounds() ref.Scope { return scope(ref.DefaultChannel, "GBP") }

// uuid makes a UUID that sorts by n.
func uuid(n int) [16]byte {
	var u [16]byte
	binary.BigEndian.PutUint64(u[8:], uint64(n))
	u[6], u[8] = 0x70, u[8]|0x80
	return u
}

// variant is the n-th variant.
func variant(n int) ref.VariantID { return ref.NewID[ref.VariantKind](uuid(n)) }

// plan is the first plan of the n-th variant in the scope: one price that always holds, in millionths.
func plan(n int, s ref.Scope, micro int64) pricing.Plan {
	key := pricing.Key{Variant: variant(n), Channel: s.Channel, Currency: s.Currency}
	return pricing.Plan{
		Key: key, Version: 1, Since: base, Prices: []pricing.Price{{Key: key, Amount: money.NewUnitPrice(micro, s.Currency)}},
	}
}

// next is the plan's next version, an hour later, with another amount in millionths.
func next(p pricing.Plan, micro int64) pricing.Plan {
	out := plan(0, ref.Scope{Channel: p.Channel, Currency: p.Currency}, micro)
	out.Key, out.Prices[0].Key = p.Key, p.Key
	out.Version, out.Since = p.Version+1, p.Since.Add(time.Hour)
	out.Past = []pricing.Span{{From: p.Since, Until: out.Since, Amount: p.Prices[len(p.Prices)-1].Amount}}
	return out
}

// reduced is the plan with a former price beside its last one, in millionths.
func reduced(p pricing.Plan, from int64) pricing.Plan {
	former := money.NewUnitPrice(from, p.Currency)
	p.Prices[len(p.Prices)-1].CompareAt = &former
	return p
}

// windowed is the plan with a price in a window before the others, in millionths.
func windowed(p pricing.Plan, w pricing.Window, micro int64) pricing.Plan {
	p.Prices = append([]pricing.Price{{Key: p.Key, Window: w, Amount: money.NewUnitPrice(micro, p.Currency)}}, p.Prices...)
	return p
}

// copied is the plan with lists and pointers of its own.
func copied(p pricing.Plan) pricing.Plan {
	p.Prices, p.Past = append([]pricing.Price(nil), p.Prices...), append([]pricing.Span(nil), p.Past...)
	for i, price := range p.Prices {
		if price.CompareAt != nil {
			former := *price.CompareAt
			p.Prices[i].CompareAt = &former
		}
	}
	return p
}

// writes makes the write of each plan over the version before its own.
func writes(plans ...pricing.Plan) pricing.Commit {
	var c pricing.Commit
	for _, p := range plans {
		c.Plans = append(c.Plans, pricing.Write{State: copied(p), Expected: p.Version - 1})
	}
	return c
}

// set is an event of the plan, with an id of its own.
func set(n int, p pricing.Plan) event.Event {
	return event.New(ref.NewID[ref.EventKind](uuid(n)), p.Variant.String(), base, pricing.PriceSet{
		Variant: p.Variant, Channel: p.Channel, Currency: p.Currency.Code(), Amount: p.Prices[0].Amount.Decimal(),
	})
}

// save commits plans that the store must accept.
func (h Harness) save(t TB, plans ...pricing.Plan) {
	t.Helper()
	if err := h.Committer.Commit(t.Context(), writes(plans...)); err != nil {
		t.Fatalf("Commit: %v", err)
	}
}

// plans reads the plans of the first n variants.
func (h Harness) plans(t TB, s ref.Scope, n int) map[ref.VariantID]pricing.Plan {
	t.Helper()
	var variants []ref.VariantID
	for i := 1; i <= n; i++ {
		variants = append(variants, variant(i))
	}
	got, err := h.Prices.Plans(t.Context(), s, variants)
	if err != nil {
		t.Fatalf("Plans: %v", err)
	}
	return got
}

// history reads the versions of a plan.
func (h Harness) history(t TB, key pricing.Key) []pricing.Entry {
	t.Helper()
	got, err := h.Prices.History(t.Context(), key)
	if err != nil {
		t.Fatalf("History: %v", err)
	}
	return got
}

// want fails unless exactly these plans are given, with all that is in them.
func want(t TB, got map[ref.VariantID]pricing.Plan, plans ...pricing.Plan) {
	t.Helper()
	if len(got) != len(plans) {
		t.Errorf("got %d plans, want %d", len(got), len(plans))
	}
	for _, p := range plans {
		if g, known := got[p.Variant]; !known || !reflect.DeepEqual(listed(g), listed(p)) {
			t.Errorf("got plan %+v, want %+v", g, p)
		}
	}
}

// wantHistory fails unless exactly these versions are given.
func wantHistory(t TB, got []pricing.Entry, plans ...pricing.Plan) {
	t.Helper()
	if len(got) != len(plans) {
		t.Errorf("got %d versions, want %d", len(got), len(plans))
		return
	}
	for i, p := range plans {
		e := got[i]
		g := pricing.Plan{Version: e.Version, Since: e.Since, Prices: e.Prices, Note: e.Note}
		w := pricing.Plan{Version: p.Version, Since: p.Since, Prices: p.Prices, Note: p.Note}
		if !reflect.DeepEqual(listed(g), listed(w)) {
			t.Errorf("got version %+v, want %+v", g, w)
		}
	}
}

// listed is the plan with nil for an empty list: a store may give either.
func listed(p pricing.Plan) pricing.Plan {
	if len(p.Prices) == 0 {
		p.Prices = nil
	}
	if len(p.Past) == 0 {
		p.Past = nil
	}
	return p
}

// wantClass fails unless the error is of the class.
func wantClass(t TB, err error, class fault.Class) {
	t.Helper()
	if !fault.Is(err, class) {
		t.Errorf("got error %v, want one of class %s", err, class.Code())
	}
}

// wantGone fails unless the error tells that nothing was done.
func wantGone(t TB, err error) {
	t.Helper()
	if err == nil || fault.KindOf(err) != fault.Unavailable {
		t.Errorf("got error %v, want one of kind unavailable", err)
	}
}

// gone is a context that has ended.
func gone(t TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}
