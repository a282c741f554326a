package orderingtest

import "github.com/ipswich-retail/commerce/domain/ordering"

// numberClauses prove [commit-number].
func numberClauses() []Clause[Harness] {
	const id = "commit-number"
	return []Clause[Harness]{
		{ID: id, Case: "a second order of a number", Run: secondOfNumber},
		{ID: id, Case: "many orders of one number", Run: manyOfNumber},
		{ID: id, Case: "the number of a cancelled order", Run: numberOfCancelled},
		{ID: id, Case: "an order keeps its own", Run: keepsNumber},
	}
}

// number is the one that the orders of these clauses share.
const number = "261123-7K3M9Q2X"

// numbered makes the commit that places an order of A with the number.
func (w *world) numbered() placed {
	w.Helper()
	p := w.place(w.cart(want{"A", 1}))
	p.order.Number = number
	p.commit.Orders[0].State.Number = number
	return p
}

func secondOfNumber(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.seed("A", 5)
	w.accept(w.numbered().commit)
	second := w.numbered()
	w.refuses(second.commit, ordering.NumberTaken)
	second.commit.Orders[0].State.Number = "261123-7K3M9Q2Y"
	w.accept(second.commit)
	w.levels("A", 5, 2)
}

func manyOfNumber(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.seed("A", racers)
	commits := make([]ordering.Commit, racers)
	for i := range commits {
		commits[i] = w.numbered().commit
	}
	if accepted, _, refused := w.count(w.race(commits...), ordering.NumberTaken); accepted != 1 || refused != racers-1 {
		w.Errorf("%d accepted and %d refused, want 1 and %d", accepted, refused, racers-1)
	}
	w.levels("A", racers, 1)
}

func numberOfCancelled(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.seed("A", 5)
	p := w.numbered()
	w.accept(p.commit)
	w.accept(w.settle(p, ordering.ChargeDeclined).commit)
	w.refuses(w.numbered().commit, ordering.NumberTaken)
}

func keepsNumber(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.seed("A", 5)
	p := w.numbered()
	w.accept(p.commit)
	w.accept(w.settle(p, ordering.ChargeCaptured).commit)
}
