package orderingtest

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// HolderHarness is an ordering.StockHolder with what the suite needs to fill it and look into it.
type HolderHarness struct {
	Holder ordering.StockHolder
	// Receive adds goods, and Free is how many of a SKU nobody holds.
	Receive func(t TB, sku ref.SKU, quantity int64)
	Free    func(t TB, sku ref.SKU) int64
	// Clock is what the holder's time goes by; nil when it cannot be moved, and holds do not end by themselves.
	Clock *Clock
}

// TestStockHolder proves an ordering.StockHolder. Open makes a fresh one, with nothing in it, for each subtest.
func TestStockHolder(t *testing.T, open func(t *testing.T) HolderHarness) {
	t.Helper()
	run(t, HolderClauses(), open)
}

// HolderClauses are the clauses of ordering.StockHolder.
func HolderClauses() []Clause[HolderHarness] {
	return []Clause[HolderHarness]{
		{ID: "holder-whole", Case: "all lines", Run: holdAll},
		{ID: "holder-whole", Case: "short lines", Run: holdShort},
		{ID: "holder-whole", Case: "one SKU on two lines", Run: holdTwice},
		{ID: "holder-whole", Case: "many at once", Run: holdRace},
		{ID: "holder-once", Case: "asked again", Run: holdAgain},
		{ID: "holder-once", Case: "short again", Run: holdShortAgain},
		{ID: "holder-once", Case: "confirmed again", Run: confirmAgain},
		{ID: "holder-once", Case: "released again", Run: releaseAgain},
		{ID: "holder-confirm", Case: "for good", Run: confirmForGood},
		{ID: "holder-confirm", Case: "when its time is over", Run: confirmTooLate},
		{ID: "holder-release", Case: "held and confirmed", Run: releaseAll},
		{ID: "holder-release", Case: "before it is held", Run: releaseFirst},
	}
}

// holding is a holder in a test.
type holding struct {
	TB
	HolderHarness
}

func holderIn(t TB, open func(TB) HolderHarness) holding {
	t.Helper()
	return holding{t, open(t)}
}

// order names the n-th order.
func (h holding) order(n byte) ref.OrderID {
	return ref.NewID[ref.OrderKind]([16]byte{0: 4, 6: 0x70, 8: 0x80, 15: n})
}

// call asks for the goods of the n-th order.
func (h holding) call(n byte, wants ...want) ordering.HoldCall {
	c := ordering.HoldCall{Order: h.order(n), Until: Moment().Add(ordering.ClaimTTL)}
	for i, w := range wants {
		claim := ref.NewID[ref.ClaimKind]([16]byte{0: 5, 6: 0x70, 8: 0x80, 14: n, 15: byte(i)})
		c.Lines = append(c.Lines, ordering.HoldLine{Claim: claim, SKU: w.sku, Quantity: w.quantity})
	}
	return c
}

// hold asks, and wants these lines to be short.
func (h holding) hold(c ordering.HoldCall, short ...ordering.Shortage) {
	h.Helper()
	got, err := h.Holder.Hold(h.Context(), c)
	if err != nil || !slices.Equal(got, short) {
		h.Errorf("a hold came to short lines %+v, %v; want %+v", got, err, short)
	}
}

// confirm makes the n-th order's hold last.
func (h holding) confirm(n byte) {
	h.Helper()
	if err := h.Holder.Confirm(h.Context(), h.order(n)); err != nil {
		h.Errorf("confirming: %v", err)
	}
}

// release gives the n-th order's goods up.
func (h holding) release(n byte) {
	h.Helper()
	if err := h.Holder.Release(h.Context(), h.order(n)); err != nil {
		h.Errorf("releasing: %v", err)
	}
}

// free checks how many nobody holds.
func (h holding) free(sku ref.SKU, wanted int64) {
	h.Helper()
	if got := h.Free(h.TB, sku); got != wanted {
		h.Errorf("of %s %d are free, want %d", sku, got, wanted)
	}
}

// over checks that something is refused because nothing is held.
func (h holding) over(what string, err error) {
	h.Helper()
	if !fault.Is(err, ordering.HoldOver) {
		h.Errorf("%s is answered with %v", what, err)
	}
}

func holdAll(t TB, open func(TB) HolderHarness) {
	h := holderIn(t, open)
	h.Receive(t, "A", 5)
	h.Receive(t, "B", 1)
	h.hold(h.call(1, want{"A", 3}, want{"B", 1}))
	h.free("A", 2)
	h.free("B", 0)
}

func holdShort(t TB, open func(TB) HolderHarness) {
	h := holderIn(t, open)
	h.Receive(t, "A", 5)
	h.Receive(t, "B", 1)
	c := h.call(1, want{"A", 3}, want{"B", 2}, want{"none", 1})
	h.hold(c, ordering.Shortage{Claim: c.Lines[1].Claim, SKU: "B", Available: 1}, ordering.Shortage{Claim: c.Lines[2].Claim, SKU: "none"})
	h.free("A", 5)
	h.free("B", 1)
}

func holdTwice(t TB, open func(TB) HolderHarness) {
	h := holderIn(t, open)
	h.Receive(t, "A", 5)
	c := h.call(1, want{"A", 3}, want{"A", 3})
	h.hold(c, ordering.Shortage{Claim: c.Lines[1].Claim, SKU: "A", Available: 2})
	h.free("A", 5)
	h.hold(h.call(2, want{"A", 3}, want{"A", 2}))
	h.free("A", 0)
}

func holdRace(t TB, open func(TB) HolderHarness) {
	h := holderIn(t, open)
	h.Receive(t, "A", 3)
	got := make([]bool, racers)
	var all sync.WaitGroup
	for i := range racers {
		all.Go(func() {
			short, err := h.Holder.Hold(t.Context(), h.call(byte(i+1), want{"A", 1}))
			got[i] = err == nil && len(short) == 0
		})
	}
	all.Wait()
	n := 0
	for _, ok := range got {
		if ok {
			n++
		}
	}
	if n != 3 {
		t.Errorf("%d orders hold what there is for 3", n)
	}
	h.free("A", 0)
}

func holdAgain(t TB, open func(TB) HolderHarness) {
	h := holderIn(t, open)
	h.Receive(t, "A", 5)
	for range 3 {
		h.hold(h.call(1, want{"A", 3}))
		h.free("A", 2)
	}
}

func holdShortAgain(t TB, open func(TB) HolderHarness) {
	h := holderIn(t, open)
	c := h.call(1, want{"A", 1})
	short := ordering.Shortage{Claim: c.Lines[0].Claim, SKU: "A"}
	h.hold(c, short)
	h.Receive(t, "A", 5)
	h.hold(c, short)
	h.free("A", 5)
}

func confirmAgain(t TB, open func(TB) HolderHarness) {
	h := holderIn(t, open)
	h.Receive(t, "A", 5)
	h.hold(h.call(1, want{"A", 3}))
	for range 3 {
		h.confirm(1)
		h.free("A", 2)
	}
	h.hold(h.call(1, want{"A", 3}))
	h.free("A", 2)
}

func releaseAgain(t TB, open func(TB) HolderHarness) {
	h := holderIn(t, open)
	h.Receive(t, "A", 5)
	h.hold(h.call(1, want{"A", 3}))
	for range 3 {
		h.release(1)
		h.free("A", 5)
	}
}

func confirmForGood(t TB, open func(TB) HolderHarness) {
	h := holderIn(t, open)
	h.Receive(t, "A", 5)
	h.hold(h.call(1, want{"A", 3}))
	h.confirm(1)
	if h.Clock != nil {
		h.Clock.Advance(1000 * time.Hour)
	}
	h.free("A", 2)
	h.hold(h.call(2, want{"A", 2}))
}

func confirmTooLate(t TB, open func(TB) HolderHarness) {
	h := holderIn(t, open)
	if h.Clock == nil {
		t.Logf("excused: its holds do not end by themselves")
		return
	}
	h.Receive(t, "A", 5)
	c := h.call(1, want{"A", 3})
	h.hold(c)
	h.Clock.Advance(ordering.ClaimTTL)
	h.free("A", 5)
	h.over("confirming what is over", h.Holder.Confirm(t.Context(), c.Order))
	h.over("confirming what was never held", h.Holder.Confirm(t.Context(), h.order(9)))
	c.Until = c.Until.Add(time.Hour)
	h.hold(c)
	h.free("A", 2)
	h.confirm(1)
}

func releaseAll(t TB, open func(TB) HolderHarness) {
	h := holderIn(t, open)
	h.Receive(t, "A", 9)
	h.hold(h.call(1, want{"A", 3}))
	h.hold(h.call(2, want{"A", 3}))
	h.confirm(2)
	h.release(1)
	h.free("A", 6)
	h.release(2)
	h.free("A", 9)
}

func releaseFirst(t TB, open func(TB) HolderHarness) {
	h := holderIn(t, open)
	h.Receive(t, "A", 5)
	h.release(1)
	_, err := h.Holder.Hold(t.Context(), h.call(1, want{"A", 3}))
	h.over("a hold that was overtaken", err)
	h.free("A", 5)
	h.hold(h.call(2, want{"A", 3}))
	h.release(2)
	_, err = h.Holder.Hold(t.Context(), h.call(2, want{"A", 3}))
	h.over("a hold after its release", err)
	h.free("A", 5)
}
