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

// onceClauses prove [stock-once].
func onceClauses() []Clause {
	const id = "stock-once"
	return []Clause{
		{ID: id, Case: "what left is not taken away", Run: onceConsumed},
		{ID: id, Case: "what was taken away does not leave", Run: onceExpired},
		{ID: id, Case: "what was extended is not taken away", Run: onceExtended},
		{ID: id, Case: "both at once", Run: onceRace},
	}
}

// lapsing claims 2 of A for the n-th claim, until base.
func (h Harness) lapsing(t TB, n int) {
	t.Helper()
	e := effect(ordering.StockClaim, n, "A", 2)
	e.Until = base
	h.must(t, e)
}

// sweep takes claims away whose time is over at base.
func (h Harness) sweep(t TB, claims ...int) error {
	c := inventory.Commit{At: base}
	for _, n := range claims {
		c.Lapsed = append(c.Lapsed, inventory.ClaimKey{ID: claim(n), SKU: "A"})
	}
	return h.Stock.Commit(t.Context(), c)
}

// swept counts how often it was told that a claim was taken away.
func (h Harness) swept(t TB) int {
	t.Helper()
	n := 0
	for _, e := range h.Events(t) {
		if e.Name == (inventory.ClaimLapsed{}).EventName() {
			n++
		}
	}
	return n
}

func onceConsumed(t TB, open func(TB) Harness) {
	h := open(t)
	h.put(t, receive("r1", "A", 10))
	h.lapsing(t, 1)
	h.must(t, effect(ordering.StockConsume, 1, "A", 0))
	if err := h.sweep(t, 1, 2); err != nil { // One is settled, the other was never made.
		t.Errorf("sweeping: %v", err)
	}
	h.levels(t, "A", 8, 0)
	if n := h.swept(t); n != 0 {
		t.Errorf("%d claims were said to be taken away", n)
	}
}

func onceExpired(t TB, open func(TB) Harness) {
	h := open(t)
	h.put(t, receive("r1", "A", 10))
	h.lapsing(t, 1)
	for range 2 {
		if err := h.sweep(t, 1); err != nil {
			t.Errorf("sweeping: %v", err)
		}
	}
	_, err := h.order(t, effect(ordering.StockConsume, 1, "A", 0))
	refused(t, err, inventory.ClaimSettled)
	h.levels(t, "A", 10, 0)
	if n := h.swept(t); n != 1 {
		t.Errorf("%d claims were said to be taken away, want 1", n)
	}
}

func onceExtended(t TB, open func(TB) Harness) {
	h := open(t)
	h.put(t, receive("r1", "A", 10))
	for n := range 3 {
		h.lapsing(t, n+1)
	}
	longer := effect(ordering.StockExtend, 1, "A", 0)
	longer.Until = base.Add(time.Microsecond)
	h.must(t, longer)
	h.must(t, effect(ordering.StockExtend, 2, "A", 0)) // For ever.
	if err := h.sweep(t, 1, 2, 3); err != nil {
		t.Errorf("sweeping: %v", err)
	}
	h.levels(t, "A", 10, 4)
}

func onceRace(t TB, open func(TB) Harness) {
	h := open(t)
	h.put(t, receive("r1", "A", 100))
	for n := range racers {
		h.lapsing(t, n+1)
	}
	var left atomic.Int64
	race(2*racers, func(racer int) {
		n := racer/2 + 1
		if racer%2 == 0 {
			if err := h.sweep(t, n); err != nil {
				t.Errorf("sweeping: %v", err)
			}
			return
		}
		switch _, err := h.order(t, effect(ordering.StockConsume, n, "A", 0)); {
		case err == nil:
			left.Add(2)
		case !fault.Is(err, inventory.ClaimSettled):
			t.Errorf("consuming: %v", err)
		}
	})
	h.levels(t, "A", 100-left.Load(), 0)
	if n := int64(h.swept(t)); 2*n+left.Load() != 2*racers {
		t.Errorf("of %d claims %d left and %d were taken away", racers, left.Load()/2, n)
	}
}

// closedClauses prove [stock-closed].
func closedClauses() []Clause {
	const id = "stock-closed"
	return []Clause{
		{ID: id, Case: "takes nothing", Run: closedTakes},
		{ID: id, Case: "holds nothing", Run: closedHolds},
		{ID: id, Case: "what comes back goes elsewhere", Run: closedReturns},
		{ID: id, Case: "deliveries and closing race", Run: closedRace},
	}
}

// close commits the closing of a location over a version.
func (h Harness) close(t TB, location inventory.Location, expected ref.Version) error {
	return h.Stock.Commit(t.Context(), inventory.Commit{At: base, Sites: []inventory.Write[inventory.Site]{shut(location, expected+1)}})
}

func closedTakes(t TB, open func(TB) Harness) {
	h := open(t)
	h.open(t, "shop")
	h.put(t, receive("r1", "A", 5))
	if err := h.close(t, "shop", 1); err != nil {
		t.Fatalf("closing: %v", err)
	}
	for _, a := range []inventory.Adjustment{
		receive("k", "A", 1), count("k", "A", nil, 3), count("k", "B", nil, 0), adjust("k", "A", 1),
	} {
		refused(t, h.Stock.Commit(t.Context(), with(1, there(a, "shop"))), inventory.LocationClosed)
	}
	refused(t, h.Stock.Commit(t.Context(), with(1, move("k", "A", 1, "shop"))), inventory.LocationClosed)
	h.at(t, map[inventory.Location][2]int64{inventory.DefaultLocation: {5, 0}})
	h.save(t, inventory.Commit{Sites: []inventory.Write[inventory.Site]{site("shop", 3, 0)}})
	h.put(t, there(receive("k", "A", 1), "shop"))
}

func closedHolds(t TB, open func(TB) Harness) {
	h := open(t)
	h.put(t, receive("r1", "A", 2), receive("r2", "B", 1))
	h.open(t, "shop")
	h.must(t, effect(ordering.StockClaim, 1, "A", 2))
	refused(t, h.close(t, inventory.DefaultLocation, 0), inventory.LocationInUse)
	h.put(t, move("m1", "B", 1, "shop"))
	refused(t, h.close(t, inventory.DefaultLocation, 0), inventory.LocationInUse) // What is claimed lies there.
	h.must(t, effect(ordering.StockConsume, 1, "A", 0))
	if err := h.close(t, inventory.DefaultLocation, 0); err != nil {
		t.Errorf("closing an empty location: %v", err)
	}
}

func closedReturns(t TB, open func(TB) Harness) {
	h := open(t)
	h.open(t, "shop")
	h.put(t, there(receive("r1", "A", 2), "shop"), receive("r2", "A", 1))
	h.must(t, effect(ordering.StockClaim, 1, "A", 2)) // Of the shop, which has all of it.
	h.put(t, adjust("a1", "A", -1))
	h.must(t, effect(ordering.StockConsume, 1, "A", 0))
	if err := h.close(t, "shop", 1); err != nil {
		t.Fatalf("closing: %v", err)
	}
	h.must(t, effect(ordering.StockRestock, 1, "A", 1))
	h.at(t, map[inventory.Location][2]int64{inventory.DefaultLocation: {1, 0}, "shop": {0, 0}})
	h.put(t, adjust("a2", "A", -1))
	if err := h.close(t, inventory.DefaultLocation, 0); err != nil {
		t.Fatalf("closing: %v", err)
	}
	_, err := h.order(t, effect(ordering.StockRestock, 1, "A", 2))
	refused(t, err, inventory.LocationClosed)
}

func closedRace(t TB, open func(TB) Harness) {
	h := open(t)
	const rounds = 6
	for round := range rounds {
		l := inventory.Location(fmt.Sprint("shop-", round))
		h.open(t, l)
		var in atomic.Int64
		race(4, func(racer int) {
			var err error
			if racer == 0 {
				err = h.close(t, l, 1)
			} else {
				err = h.Stock.Commit(t.Context(), with(1, there(receive(fmt.Sprint(l, racer), "A", 1), l)))
			}
			switch {
			case err == nil && racer > 0:
				in.Add(1)
			case err != nil && !fault.Is(err, inventory.LocationInUse) && !fault.Is(err, inventory.LocationClosed):
				t.Errorf("got %v", err)
			}
		})
		for _, s := range h.locations(t) {
			if s.Location == l && s.State == inventory.SiteClosed && in.Load() > 0 {
				t.Errorf("%d lie at %s, which is closed", in.Load(), l)
			}
		}
	}
}
