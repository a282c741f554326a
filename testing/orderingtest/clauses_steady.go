package orderingtest

import (
	"time"

	"github.com/ipswich-retail/commerce/domain/ordering"
)

// steadyClauses prove [commit-steady]. That an outcome is steady where it could be is not demanded.
func steadyClauses() []Clause[Harness] {
	const id = "commit-steady"
	return []Clause[Harness]{
		{ID: id, Case: "the last one goes, and comes back", Run: lastOneGoes},
		{ID: id, Case: "one of two SKUs runs out", Run: oneRunsOut},
	}
}

// unsteady checks that the outcome of a commit does not claim that nothing ran out or came back.
func (w *world) unsteady(what string, c ordering.Commit) {
	w.Helper()
	out, err := w.commit(c)
	if err != nil || out.Steady {
		w.Errorf("%s: steady %t, %v; want an outcome that is not", what, out.Steady, err)
	}
}

func lastOneGoes(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.seed("A", 5)
	w.order(want{"A", 3})
	p := w.place(w.cart(want{"A", 2}))
	w.unsteady("the last two", p.commit)
	w.unsteady("one of them back", w.effect(p, ordering.StockRelease, 1, time.Time{}))
}

func oneRunsOut(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.seed("A", 5)
	w.seed("B", 1)
	w.unsteady("the last of B", w.place(w.cart(want{"A", 1}, want{"B", 1})).commit)
}
