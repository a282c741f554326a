// Package pricingtest proves adapters of pricing's ports: TestPrices and TestCommitter. Each subtest's name begins
// with the id of the clause that it proves; the clauses stand in the comments of the ports.
package pricingtest

import (
	"context"
	"encoding/binary"
	"testing"
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
	Events func(t *testing.T) []event.Event
}

// suite runs subtests, each on a store of its own.
type suite struct {
	open func(t *testing.T) Harness
}

// base is a time in the form that stores keep.
var base = time.Date(2026, 3, 2, 9, 30, 0, 123456000, time.UTC)

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

// price is the first price of the n-th variant in the scope, in millionths.
func price(n int, s ref.Scope, micro int64) pricing.Price {
	return pricing.Price{
		Key:     pricing.Key{Variant: variant(n), Channel: s.Channel, Currency: s.Currency},
		Version: 1, Amount: money.NewUnitPrice(micro, s.Currency),
	}
}

// next is the price's next version with another amount, in millionths.
func next(p pricing.Price, micro int64) pricing.Price {
	p.Version++
	p.Amount = money.NewUnitPrice(micro, p.Currency)
	return p
}

// reduced is the price with a former one beside it, in millionths.
func reduced(p pricing.Price, from int64) pricing.Price {
	former := money.NewUnitPrice(from, p.Currency)
	p.CompareAt = &former
	return p
}

// writes makes the write of each price over the version before its own.
func writes(prices ...pricing.Price) pricing.Commit {
	var c pricing.Commit
	for _, p := range prices {
		c.Prices = append(c.Prices, pricing.Write{State: p, Expected: p.Version - 1})
	}
	return c
}

// set is an event of the price, with an id of its own.
func set(n int, p pricing.Price) event.Event {
	return event.New(ref.NewID[ref.EventKind](uuid(n)), p.Variant.String(), base, pricing.PriceSet{
		Variant: p.Variant, Channel: p.Channel, Currency: p.Currency.Code(), Amount: p.Amount.Decimal(),
	})
}

// save commits prices that the store must accept.
func (h Harness) save(t *testing.T, prices ...pricing.Price) {
	t.Helper()
	if err := h.Committer.Commit(t.Context(), writes(prices...)); err != nil {
		t.Fatalf("Commit: %v", err)
	}
}

// current reads the prices of the first n variants.
func (h Harness) current(t *testing.T, s ref.Scope, n int) map[ref.VariantID]pricing.Price {
	t.Helper()
	var variants []ref.VariantID
	for i := 1; i <= n; i++ {
		variants = append(variants, variant(i))
	}
	got, err := h.Prices.Current(t.Context(), s, variants)
	if err != nil {
		t.Fatalf("Current: %v", err)
	}
	return got
}

// want fails unless exactly these prices are given, versions included.
func want(t *testing.T, got map[ref.VariantID]pricing.Price, prices ...pricing.Price) {
	t.Helper()
	if len(got) != len(prices) {
		t.Errorf("got %d prices, want %d", len(got), len(prices))
	}
	for _, p := range prices {
		if g, known := got[p.Variant]; !known || !g.Same(p) || g.Version != p.Version {
			t.Errorf("got price %+v, want %+v", g, p)
		}
	}
}

// wantClass fails unless the error is of the class.
func wantClass(t *testing.T, err error, class fault.Class) {
	t.Helper()
	if !fault.Is(err, class) {
		t.Errorf("got error %v, want one of class %s", err, class.Code())
	}
}

// wantGone fails unless the error tells that nothing was done.
func wantGone(t *testing.T, err error) {
	t.Helper()
	if err == nil || fault.KindOf(err) != fault.Unavailable {
		t.Errorf("got error %v, want one of kind unavailable", err)
	}
}

// gone is a context that has ended.
func gone(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}
