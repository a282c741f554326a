package orderingtest

import (
	"time"

	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// ledgerClauses prove [commit-ledger].
func ledgerClauses() []Clause[Harness] {
	const id = "commit-ledger"
	return []Clause[Harness]{
		{ID: id, Case: "each effect", Run: ledgerOfEffects},
		{ID: id, Case: "after a race", Run: ledgerAfterRace},
	}
}

// balanced checks that the ledger of a SKU adds up to its levels, in so many entries.
func (w *world) balanced(sku ref.SKU, entries int64) {
	w.Helper()
	p := w.position(sku)
	if onHand, reserved := p.Totals(); p.OnHandSum != onHand || p.ReservedSum != reserved {
		w.Errorf("the movements of %s add up to %d and %d, the levels are %d and %d", sku, p.OnHandSum, p.ReservedSum, onHand, reserved)
	}
	if p.Movements != entries {
		w.Errorf("%s has %d movements, want %d", sku, p.Movements, entries)
	}
}

func ledgerOfEffects(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.seed("A", 9)
	w.balanced("A", 1)
	p, q := w.order(want{"A", 3}), w.order(want{"A", 2})
	w.balanced("A", 3)
	w.accept(w.effect(p, ordering.StockExtend, 3, w.at.Add(time.Hour)))
	w.balanced("A", 3)
	for range 2 { // The second time it moves nothing.
		w.accept(w.effect(p, ordering.StockConsume, 3, time.Time{}))
		w.balanced("A", 4)
	}
	w.accept(w.effect(q, ordering.StockRelease, 2, time.Time{}))
	w.balanced("A", 5)
	w.accept(w.effect(p, ordering.StockRestock, 1, time.Time{}))
	w.balanced("A", 6)
	w.accept(w.effect(p, ordering.StockRestock, 2, time.Time{}))
	w.balanced("A", 7)
	if _, err := w.commit(w.place(w.cart(want{"A", 900})).commit); err == nil {
		w.Errorf("a claim for more than there is was granted")
	}
	w.balanced("A", 7)
}

func ledgerAfterRace(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.seed("hot", 20)
	accepted, _, _ := w.count(w.rush(1), ordering.OutOfStock)
	w.balanced("hot", 1+int64(accepted))
}
