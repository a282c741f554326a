package inventorytest

import (
	"fmt"
	"sync/atomic"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// oversellClauses prove [stock-oversell].
func oversellClauses() []Clause {
	const id = "stock-oversell"
	return []Clause{
		{ID: id, Case: "many race for what is there", Run: oversellStock},
		{ID: id, Case: "many race for what may be promised", Run: oversellPromise},
		{ID: id, Case: "many take away and claim", Run: oversellBoth},
		{ID: id, Case: "the preorder is over", Run: oversellPreorder},
	}
}

// rushers is how many callers want the same.
const rushers = 64

// rush has each racer claim one of A, and gives how many got one.
func (h Harness) rush(t TB) int {
	var won atomic.Int64
	race(rushers, func(racer int) {
		switch _, err := h.order(t, effect(ordering.StockClaim, racer+1, "A", 1)); {
		case err == nil:
			won.Add(1)
		case !fault.Is(err, ordering.OutOfStock):
			t.Errorf("got %v, want out_of_stock", err)
		}
	})
	return int(won.Load())
}

func oversellStock(t TB, open func(TB) Harness) {
	h := open(t)
	h.open(t, "a", "b")
	h.put(t, receive("r1", "A", 10), there(receive("r2", "A", 6), "a"), there(receive("r3", "A", 4), "b"))
	if won := h.rush(t); won != 20 {
		t.Errorf("%d were claimed of 20", won)
	}
	h.levels(t, "A", 20, 20)
}

func oversellPromise(t TB, open func(TB) Harness) {
	h := open(t)
	h.promise(t, 25)
	h.put(t, receive("r1", "A", 10))
	if won := h.rush(t); won != 35 {
		t.Errorf("%d were claimed of 10 that are there and 25 that may be promised", won)
	}
	h.levels(t, "A", 10, 10)
}

func oversellBoth(t TB, open func(TB) Harness) {
	h := open(t)
	h.put(t, receive("r1", "A", rushers))
	var taken atomic.Int64
	race(2*rushers, func(racer int) {
		var err error
		if racer%2 == 0 {
			err = h.Stock.Commit(t.Context(), with(1, adjust(fmt.Sprint("a-", racer), "A", -1)))
		} else {
			_, err = h.order(t, effect(ordering.StockClaim, racer, "A", 1))
		}
		switch {
		case err == nil:
			taken.Add(1)
		case !fault.Is(err, ordering.OutOfStock) && !fault.Is(err, inventory.BelowZero):
			t.Errorf("got %v", err)
		}
	})
	p := h.position(t, "A")
	if onHand, reserved := p.Totals(); taken.Load() != rushers || onHand != reserved {
		t.Errorf("%d of %d were taken, and of %d on hand %d are claimed", taken.Load(), rushers, onHand, reserved)
	}
}

func oversellPreorder(t TB, open func(TB) Harness) {
	h := open(t)
	w := policy("A", 1, 5)
	w.State.Kind, w.State.Until = inventory.Preorder, base.Add(time.Hour) // When orders come.
	h.save(t, inventory.Commit{Policies: []inventory.Write[inventory.Policy]{w}})
	_, err := h.order(t, effect(ordering.StockClaim, 1, "A", 1))
	refused(t, err, ordering.OutOfStock)
	w = policy("A", 2, 5)
	w.State.Kind, w.State.Until = inventory.Preorder, base.Add(time.Hour+time.Microsecond)
	h.save(t, inventory.Commit{Policies: []inventory.Write[inventory.Policy]{w}})
	h.must(t, effect(ordering.StockClaim, 1, "A", 5))
}

// owedClauses prove [stock-owed].
func owedClauses() []Clause {
	const id = "stock-owed"
	return []Clause{
		{ID: id, Case: "adds up through the life of claims", Run: owedAddsUp},
		{ID: id, Case: "the longest waiting comes first", Run: owedInOrder},
		{ID: id, Case: "however goods come in", Run: owedIncoming},
		{ID: id, Case: "a claim cannot leave before its goods came", Run: owedStays},
		{ID: id, Case: "a limit that is lowered takes nothing back", Run: owedLowered},
		{ID: id, Case: "more wait than one commit fills", Run: owedMany},
		{ID: id, Case: "claims and deliveries race", Run: owedRace},
		{ID: id, Case: "adds up on a random walk", Run: owedWalk},
	}
}

// owes fails unless so much is owed of A, by its promise and by its claims.
func (h Harness) owes(t TB, owed int64) {
	t.Helper()
	if p := h.position(t, "A"); p.Owed != owed || p.OwedSum != owed {
		t.Errorf("%d are owed by promise and %d by claims, want %d", p.Owed, p.OwedSum, owed)
	}
}

func owedAddsUp(t TB, open func(TB) Harness) {
	h := open(t)
	h.promise(t, 10)
	h.put(t, receive("r1", "A", 2))
	out, err := h.order(t, effect(ordering.StockClaim, 1, "A", 5), effect(ordering.StockClaim, 2, "A", 4))
	if err != nil || out.Backordered[claim(1)] != 3 || out.Backordered[claim(2)] != 4 || len(out.Backordered) != 2 {
		t.Fatalf("claiming: %+v, %v", out, err)
	}
	h.owes(t, 7)
	_, err = h.order(t, effect(ordering.StockClaim, 3, "A", 4))
	refused(t, err, ordering.OutOfStock)
	h.must(t, effect(ordering.StockRelease, 2, "A", 1))
	h.owes(t, 6)
	h.must(t, effect(ordering.StockClaim, 3, "A", 4))
	h.owes(t, 10)
	h.must(t, effect(ordering.StockRelease, 1, "A", 0)) // Which sets 2 free for the second.
	h.owes(t, 5)
	h.holds(t, 2, inventory.Held, 2, 1)
	h.put(t, receive("r2", "A", 9))
	h.owes(t, 0)
	h.levels(t, "A", 11, 7)
}

func owedInOrder(t TB, open func(TB) Harness) {
	h := open(t)
	h.promise(t, 100)
	for _, n := range []int{3, 1, 2} { // By id, not by arrival.
		h.must(t, effect(ordering.StockClaim, n, "A", 4))
	}
	h.put(t, receive("r1", "A", 6))
	h.holds(t, 1, inventory.Held, 4, 0)
	h.holds(t, 2, inventory.Held, 2, 2)
	h.holds(t, 3, inventory.Held, 0, 4)
	got := h.filled(t)
	if len(got) != 2 || got[0].Claim != claim(1) || got[0].Quantity != 4 || got[0].Left != 0 || got[1].Claim != claim(2) || got[1].Quantity != 2 || got[1].Left != 2 {
		t.Errorf("told %+v", got)
	}
	if want := ref.NewID[ref.OrderKind](uuid(1)).String(); len(got) > 0 && (got[0].Owner != want || got[0].SKU != "A") {
		t.Errorf("told %+v, want the owner %s", got[0], want)
	}
	// Who comes after does not come before those who wait.
	if out, err := h.order(t, effect(ordering.StockClaim, 4, "A", 1)); err != nil || out.Backordered[claim(4)] != 1 {
		t.Errorf("claiming behind others: %+v, %v", out, err)
	}
}

func owedIncoming(t TB, open func(TB) Harness) {
	h := open(t)
	h.open(t, "shop")
	h.promise(t, 100)
	h.put(t, receive("r0", "A", 8))
	lapsing := effect(ordering.StockClaim, 1, "A", 3)
	lapsing.Until = base.Add(time.Minute)
	h.must(t, lapsing)
	h.must(t, effect(ordering.StockClaim, 2, "A", 3))
	h.must(t, effect(ordering.StockClaim, 3, "A", 2))
	h.must(t, effect(ordering.StockConsume, 3, "A", 0))
	h.must(t, effect(ordering.StockClaim, 9, "A", 20))
	var held int64
	for name, bring := range []func(){
		func() { h.must(t, effect(ordering.StockRelease, 2, "A", 1)) },
		func() { h.must(t, effect(ordering.StockRestock, 3, "A", 1)) },
		func() { h.put(t, receive("r1", "A", 1)) },
		func() { h.put(t, there(receive("r2", "A", 1), "shop")) },
		func() { h.put(t, adjust("a1", "A", 1)) },
		func() {
			h.put(t, count("c1", "A", new(h.position(t, "A").Levels[0].OnHand), h.position(t, "A").Levels[0].OnHand+1))
		},
		func() {
			h.save(t, inventory.Commit{At: base.Add(time.Hour), Lapsed: []inventory.ClaimKey{{ID: claim(1), SKU: "A"}}})
		},
	} {
		bring()
		held++
		if name == 6 {
			held += 2
		}
		h.holds(t, 9, inventory.Held, held, 20-held)
		h.owes(t, 20-held)
	}
	if n := len(h.filled(t)); n != 7 {
		t.Errorf("%d fills were told, want 7", n)
	}
}

func owedStays(t TB, open func(TB) Harness) {
	h := open(t)
	h.promise(t, 100)
	h.put(t, receive("r1", "A", 2))
	h.must(t, effect(ordering.StockClaim, 1, "A", 5))
	for _, n := range []int64{0, 3, 5} {
		_, err := h.order(t, effect(ordering.StockConsume, 1, "A", n))
		refused(t, err, inventory.ClaimOwed)
	}
	h.must(t, effect(ordering.StockConsume, 1, "A", 2))
	h.holds(t, 1, inventory.Held, 0, 3)
	h.put(t, receive("r2", "A", 3))
	h.must(t, effect(ordering.StockConsume, 1, "A", 5))
	h.holds(t, 1, inventory.Consumed, 0, 0)
}

func owedLowered(t TB, open func(TB) Harness) {
	h := open(t)
	h.promise(t, 10)
	h.must(t, effect(ordering.StockClaim, 1, "A", 8))
	h.save(t, inventory.Commit{Policies: []inventory.Write[inventory.Policy]{policy("A", 2, 0)}})
	h.owes(t, 8)
	_, err := h.order(t, effect(ordering.StockClaim, 2, "A", 1))
	refused(t, err, ordering.OutOfStock)
	h.put(t, receive("r1", "A", 9))
	h.holds(t, 1, inventory.Held, 8, 0)
	h.must(t, effect(ordering.StockClaim, 2, "A", 1))
}

func owedMany(t TB, open func(TB) Harness) {
	h := open(t)
	const all = inventory.FillMax + 10
	h.promise(t, all)
	var effects []ordering.StockEffect
	for n := range all {
		effects = append(effects, effect(ordering.StockClaim, n+1, "A", 1))
	}
	h.must(t, effects...)
	h.put(t, receive("r1", "A", all+1))
	h.owes(t, 10)
	h.holds(t, inventory.FillMax, inventory.Held, 1, 0)
	h.holds(t, inventory.FillMax+1, inventory.Held, 0, 1)
	waits := 0
	for _, e := range h.Events(t) {
		if e.Name == (inventory.FillsWait{}).EventName() {
			waits++
		}
	}
	if waits != 1 {
		t.Errorf("%d times it was told that others wait, want once", waits)
	}
	_, err := h.order(t, effect(ordering.StockClaim, all+1, "A", 2)) // 1 of the 11 that lie free is free.
	if err != nil {
		t.Errorf("claiming what is kept from nobody and 1 more: %v", err)
	}
	for range 2 {
		h.save(t, inventory.Commit{Fill: []ref.SKU{"A"}})
		h.owes(t, 1)
	}
	h.levels(t, "A", all+1, all+1)
}

func owedRace(t TB, open func(TB) Harness) {
	h := open(t)
	h.promise(t, 1000)
	const each = 4
	race(racers, func(racer int) {
		for i := range each {
			n := racer*each + i + 1
			var err error
			switch racer % 4 {
			case 0:
				err = h.Stock.Commit(t.Context(), with(1, receive(fmt.Sprint("r-", n), "A", 3)))
			case 1:
				if _, err = h.order(t, effect(ordering.StockClaim, n, "A", 2)); err == nil {
					_, err = h.order(t, effect(ordering.StockRelease, n, "A", 0))
				}
			default:
				_, err = h.order(t, effect(ordering.StockClaim, n, "A", 2))
			}
			if err != nil {
				t.Errorf("racer %d: %v", racer, err)
			}
		}
	})
	p := h.position(t, "A")
	onHand, reserved := p.Totals()
	want := int64(racers / 2 * each * 2) // What those who kept their claims want.
	if p.Owed != p.OwedSum || p.Owed > 0 && onHand > reserved || p.Owed+reserved != want {
		t.Errorf("%d on hand, %d reserved, %d owed by promise, %d by claims; want what is reserved and owed to be %d", onHand, reserved, p.Owed, p.OwedSum, want)
	}
}

func owedWalk(t TB, open func(TB) Harness) {
	h := open(t)
	h.open(t, "shop")
	w := newWalker(h, base.Add(time.Hour))
	w.limit = 12
	w.kinds = []ordering.StockEffectKind{ordering.StockClaim, ordering.StockRelease, ordering.StockExpire}
	w.run(t)
}
