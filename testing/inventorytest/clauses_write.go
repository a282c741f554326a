package inventorytest

import (
	"fmt"
	"sync/atomic"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// atomicClauses prove [stock-atomic].
func atomicClauses() []Clause {
	const id = "stock-atomic"
	return []Clause{
		{ID: id, Case: "writes everything together", Run: atomicWrites},
		{ID: id, Case: "refuses wholly", Run: atomicRefuses},
		{ID: id, Case: "writes nothing for a caller who is gone", Run: atomicGone},
	}
}

// everything is a commit with some of each.
func everything() inventory.Commit {
	c := with(1, receive("r1", "A", 5), there(receive("r2", "B", 7), "shop"), adjust("a1", "A", -2))
	c.Sites = []inventory.Write[inventory.Site]{site("shop", 1, 3)}
	c.Policies = []inventory.Write[inventory.Policy]{policy("C", 1, 4)}
	c.Events = []event.Event{told(9)}
	return c
}

func atomicWrites(t TB, open func(TB) Harness) {
	h := open(t)
	h.save(t, everything())
	h.levels(t, "A", 3, 0)
	h.levels(t, "B", 7, 0)
	h.ids(t, 1, 2, 3, 9)
	h.must(t, effect(ordering.StockClaim, 1, "C", 4))
	h.put(t, there(receive("r3", "B", 1), "shop"))
}

func atomicRefuses(t TB, open func(TB) Harness) {
	h := open(t)
	c := everything()
	c.Adjustments = append(c.Adjustments, adjust("a2", "A", -4))
	err := h.Stock.Commit(t.Context(), c)
	refused(t, err, inventory.BelowZero)
	if e := fault.Of(err); e != nil && e.Field() != "adjustments[3]" {
		t.Errorf("the error is about %q, want adjustments[3]", e.Field())
	}
	h.nothing(t)
	h.save(t, everything()) // No key and no version was used up.
}

// nothing fails unless the store is as if nothing had been done.
func (h Harness) nothing(t TB) {
	t.Helper()
	h.levels(t, "A", 0, 0)
	h.levels(t, "B", 0, 0)
	if got := h.Events(t); len(got) != 0 {
		t.Errorf("%d events of a refused commit", len(got))
	}
	_, err := h.order(t, effect(ordering.StockClaim, 1, "C", 1))
	refused(t, err, ordering.OutOfStock)
	refused(t, h.Stock.Commit(t.Context(), with(7, there(receive("r3", "B", 1), "shop"))), inventory.UnknownLocation)
}

func atomicGone(t TB, open func(TB) Harness) {
	h := open(t)
	wantGone(t, h.Stock.Commit(gone(t), everything()))
	h.nothing(t)
}

// versionClauses prove [stock-version].
func versionClauses() []Clause {
	const id = "stock-version"
	return []Clause{
		{ID: id, Case: "a location over its version", Run: versionOfSite},
		{ID: id, Case: "a policy over its version", Run: versionOfPolicy},
		{ID: id, Case: "one of many at once", Run: versionRace},
	}
}

func versionOfSite(t TB, open func(TB) Harness) {
	h := open(t)
	commit := func(w inventory.Write[inventory.Site]) error {
		return h.Stock.Commit(t.Context(), inventory.Commit{At: base, Sites: []inventory.Write[inventory.Site]{w}})
	}
	for _, l := range []inventory.Location{"shop", inventory.DefaultLocation} {
		refused(t, commit(site(l, 2, 0)), fault.VersionConflict)
		for v := range ref.Version(3) {
			if err := commit(site(l, v+1, 0)); err != nil {
				t.Errorf("version %d of %s: %v", v+1, l, err)
			}
		}
		refused(t, commit(site(l, 1, 0)), fault.VersionConflict)
		refused(t, commit(site(l, 3, 0)), fault.VersionConflict)
		refused(t, commit(site(l, 5, 0)), fault.VersionConflict)
	}
}

func versionOfPolicy(t TB, open func(TB) Harness) {
	h := open(t)
	commit := func(w inventory.Write[inventory.Policy]) error {
		return h.Stock.Commit(t.Context(), inventory.Commit{At: base, Policies: []inventory.Write[inventory.Policy]{w}})
	}
	refused(t, commit(policy("A", 2, 1)), fault.VersionConflict)
	for v := range ref.Version(3) {
		if err := commit(policy("A", v+1, int64(v)+1)); err != nil {
			t.Errorf("version %d: %v", v+1, err)
		}
	}
	refused(t, commit(policy("A", 1, 1)), fault.VersionConflict)
	refused(t, commit(policy("A", 3, 1)), fault.VersionConflict)
	refused(t, commit(policy("A", 5, 1)), fault.VersionConflict)
}

func versionRace(t TB, open func(TB) Harness) {
	h := open(t)
	for version := range ref.Version(3) { // To make them, and to change them.
		var won atomic.Int64
		race(racers, func(racer int) {
			c := inventory.Commit{
				At: base, Sites: []inventory.Write[inventory.Site]{site("shop", version+1, int32(racer))},
				Policies: []inventory.Write[inventory.Policy]{policy("A", version+1, int64(racer)+1)},
			}
			switch err := h.Stock.Commit(t.Context(), c); {
			case err == nil:
				won.Add(1)
			case !fault.Is(err, fault.VersionConflict):
				t.Errorf("got %v, want version_conflict", err)
			}
		})
		if won.Load() != 1 {
			t.Errorf("%d wrote version %d, want one", won.Load(), version+1)
		}
	}
}

// keyClauses prove [stock-key].
func keyClauses() []Clause {
	const id = "stock-key"
	return []Clause{
		{ID: id, Case: "applies an adjustment once", Run: keyOnce},
		{ID: id, Case: "applies one of many at once", Run: keyRace},
		{ID: id, Case: "tells an adjustment once", Run: keyTold},
		{ID: id, Case: "tells nothing of what changes nothing", Run: keyNothing},
	}
}

func keyOnce(t TB, open func(TB) Harness) {
	h := open(t)
	h.open(t, "shop")
	for range 3 {
		h.put(t, receive("r1", "A", 5))
	}
	h.levels(t, "A", 5, 0)
	for range 2 {
		h.put(t, receive("r1", "A", 5), receive("r2", "A", 1), adjust("a1", "A", -6)) // -6 would be refused if it were new.
	}
	h.levels(t, "A", 0, 0)
	h.put(t, receive("r3", "A", 2), receive("r3", "A", 2))
	for range 2 {
		h.put(t, move("m1", "A", 2, "shop"))
	}
	h.put(t, there(receive("r1", "B", 9), "shop")) // A key is of every SKU and location.
	h.levels(t, "A", 2, 0)
	h.levels(t, "B", 0, 0)
}

// keyRounds is how often the race for a key is run: a store that lets two of them through now and then shows it.
const keyRounds = 16

func keyRace(t TB, open func(TB) Harness) {
	h := open(t)
	var ids []int
	for round := 1; round <= keyRounds; round++ {
		key := fmt.Sprintf("r%d", round)
		race(racers, func(int) {
			if err := h.Stock.Commit(t.Context(), with(round, receive(key, "A", 5))); err != nil {
				t.Errorf("Commit: %v", err)
			}
		})
		h.levels(t, "A", 5*int64(round), 0)
		ids = append(ids, round)
	}
	h.ids(t, ids...)
}

func keyTold(t TB, open func(TB) Harness) {
	h := open(t)
	h.save(t, with(1, receive("r1", "A", 5)))
	h.save(t, with(2, receive("r1", "A", 5)))
	h.save(t, with(3, receive("r1", "A", 5), receive("r2", "A", 5)))
	h.ids(t, 1, 4)
}

func keyNothing(t TB, open func(TB) Harness) {
	h := open(t)
	for n := range 3 {
		c := with(2*n, receive("r1", "A", 5))
		c.Events = []event.Event{told(2*n + 1)}
		h.save(t, c)
	}
	h.save(t, inventory.Commit{Events: []event.Event{told(7)}, Fill: []ref.SKU{"A"}, Lapsed: []inventory.ClaimKey{{ID: claim(1), SKU: "A"}}})
	h.ids(t, 0, 1)
}
