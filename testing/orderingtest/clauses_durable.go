package orderingtest

import (
	"github.com/ipswich-retail/commerce/domain/ordering"
)

// durableClauses prove [commit-durable].
func durableClauses() []Clause[Harness] {
	const id = "commit-durable"
	return []Clause[Harness]{
		{ID: id, Case: "all parts", Run: durableParts},
		{ID: id, Case: "of many at once", Run: durableRace},
	}
}

// reopen opens the same data anew; it is false when the store cannot.
func (w *world) reopen() bool {
	w.Helper()
	if w.excused(w.h.features.NoReopen) {
		return false
	}
	f := w.h.features
	w.h = w.h.Reopen(w.TB)
	w.h.features = f
	return true
}

func durableParts(t TB, open func(TB) Harness) {
	w := begin(t, open)
	c := fullClaim(w)
	w.accept(c)
	before := w.look(c)
	if !w.reopen() {
		return
	}
	w.same("what was accepted, after the store was opened anew", w.look(c), before)
	if out, err := w.commit(c); err != nil || out.Replay == nil {
		w.Errorf("the same command, after the store was opened anew, is no replay but %v", err)
	}
	w.order(want{"A", 8})
	_, err := w.commit(w.place(w.cart(want{"A", 1})).commit)
	w.refused(err, ordering.OutOfStock)
}

func durableRace(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.seed("hot", racers)
	answers := w.rush(1)
	if accepted, _, _ := w.count(answers, ordering.OutOfStock); accepted != racers {
		w.Errorf("%d accepted, want %d", accepted, racers)
	}
	if !w.reopen() {
		return
	}
	for _, a := range answers {
		w.written(a.commit, found{}, w.glance(a.commit))
	}
	w.levels("hot", racers, racers)
}
