package inventorytest

import (
	"fmt"
	"sync/atomic"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// ledgerClauses prove [stock-ledger].
func ledgerClauses() []Clause {
	const id = "stock-ledger"
	return []Clause{
		{ID: id, Case: "adds up through the life of claims", Run: ledgerClaims},
		{ID: id, Case: "adds up through what is owed", Run: ledgerOwed},
		{ID: id, Case: "adds up while many adjust at once", Run: ledgerRace},
		{ID: id, Case: "adds up while adjustments cross", Run: ledgerCrossing},
	}
}

// untrue tells what is wrong with a position in itself, or "".
func untrue(p inventory.Position) string {
	for _, l := range p.Levels {
		if l.SKU != p.SKU || l.Reserved < 0 || l.Reserved > l.OnHand || l.OnHand > inventory.QuantityMax {
			return fmt.Sprintf("the level %+v is out of bounds", l)
		}
	}
	if onHand, reserved := p.Totals(); onHand != p.OnHandSum || reserved != p.ReservedSum {
		return fmt.Sprintf("the levels are %d and %d, the sums of the ledger %d and %d", onHand, reserved, p.OnHandSum, p.ReservedSum)
	}
	return ""
}

// balanced fails unless the ledger of a SKU adds up to its levels, in so many entries.
func (h Harness) balanced(t TB, sku ref.SKU, movements int64) {
	t.Helper()
	p := h.position(t, sku)
	if problem := untrue(p); problem != "" || p.Movements != movements {
		t.Errorf("%s has %d movements, want %d; %s", sku, p.Movements, movements, problem)
	}
}

func ledgerClaims(t TB, open func(TB) Harness) {
	h := open(t)
	h.open(t, "shop")
	h.put(t, receive("r1", "A", 10))
	h.put(t, move("m1", "A", 3, "shop"))
	for _, s := range []struct {
		effect    ordering.StockEffect
		movements int64
	}{
		{effect(ordering.StockClaim, 1, "A", 4), 4},
		{effect(ordering.StockClaim, 2, "A", 3), 5},
		{effect(ordering.StockClaim, 1, "A", 4), 5}, // Again: nothing.
		{effect(ordering.StockExtend, 1, "A", 4), 5},
		{effect(ordering.StockConsume, 1, "A", 3), 6},
		{effect(ordering.StockConsume, 1, "A", 4), 7},
		{effect(ordering.StockConsume, 1, "A", 4), 7},
		{effect(ordering.StockRelease, 2, "A", 1), 8},
		{effect(ordering.StockRelease, 2, "A", 0), 9},
		{effect(ordering.StockRelease, 2, "A", 0), 9},
		{effect(ordering.StockRestock, 1, "A", 1), 10},
		{effect(ordering.StockRestock, 1, "A", 4), 11},
	} {
		h.must(t, s.effect)
		h.balanced(t, "A", s.movements)
	}
}

func ledgerOwed(t TB, open func(TB) Harness) {
	h := open(t)
	h.promise(t, 10)
	h.put(t, receive("r1", "A", 2))
	h.must(t, effect(ordering.StockClaim, 1, "A", 5))
	h.balanced(t, "A", 2)
	h.put(t, receive("r2", "A", 1))
	h.balanced(t, "A", 4)
	h.put(t, receive("r3", "A", 7))
	h.balanced(t, "A", 6)
	h.levels(t, "A", 10, 5)
}

func ledgerRace(t TB, open func(TB) Harness) {
	h := open(t)
	const stock, each = 100, 10 // 160 takers for 100.
	h.put(t, receive("r1", "A", stock))
	var taken atomic.Int64
	race(racers, func(racer int) {
		for i := range each {
			a := adjust(fmt.Sprintf("a-%d-%d", racer, i), "A", -1)
			switch err := h.Stock.Commit(t.Context(), with(1, a)); {
			case err == nil:
				taken.Add(1)
			case !fault.Is(err, inventory.BelowZero):
				t.Errorf("got %v, want stock_below_reserved", err)
			}
			if p, err := h.Stock.Position(t.Context(), "A"); err != nil || untrue(p) != "" {
				t.Errorf("in between: %v, %s", err, untrue(p))
			}
		}
	})
	h.balanced(t, "A", taken.Load()+1)
}

func ledgerCrossing(t TB, open func(TB) Harness) {
	h := open(t)
	const each = 8
	race(racers, func(racer int) {
		for i := range each {
			a := receive(fmt.Sprintf("a-%d-%d", racer, i), "A", 1)
			b := receive(fmt.Sprintf("b-%d-%d", racer, i), "B", 1)
			if racer%2 == 1 {
				a, b = b, a
			}
			if err := h.Stock.Commit(t.Context(), with(1, a, b)); err != nil {
				t.Errorf("Commit: %v", err)
			}
		}
	})
	h.balanced(t, "A", racers*each)
	h.balanced(t, "B", racers*each)
}
