package orderingtest

import (
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// liveClauses prove [commit-live].
func liveClauses() []Clause[Harness] {
	const id = "commit-live"
	return []Clause[Harness]{
		{ID: id, Case: "a second order of a completed cart", Run: secondOrder},
		{ID: id, Case: "many orders of one cart", Run: manyOrdersOfOneCart},
		{ID: id, Case: "after a decline", Run: orderAfterDecline},
	}
}

// secondOrder names the cart's present version, so that no version stands in its way.
func secondOrder(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.seed("A", 5)
	first := w.order(want{"A", 1})
	second := w.place(first.cart).commit
	before := w.glance(second)
	_, err := w.commit(second)
	if err == nil || fault.KindOf(err) != fault.Conflict {
		w.Errorf("a second live order of a cart is answered with %v", err)
	}
	w.nothing(before, w.glance(second))
	w.levels("A", 5, 1)
}

func manyOrdersOfOneCart(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.seed("A", racers)
	cart := w.cart(want{"A", 1})
	commits := make([]ordering.Commit, racers)
	for i := range commits {
		commits[i] = w.place(cart).commit
	}
	accepted := 0
	for _, a := range w.race(commits...) {
		if a.accepted() {
			accepted++
		} else if a.err == nil || fault.KindOf(a.err) != fault.Conflict {
			w.Errorf("an order of a cart that another took is answered with %v", a.err)
		}
	}
	if accepted != 1 {
		w.Errorf("%d orders of one cart, want 1", accepted)
	}
	w.levels("A", racers, 1)
}

func orderAfterDecline(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.seed("A", 1)
	first := w.order(want{"A", 1})
	declined := w.settle(first, ordering.ChargeDeclined)
	w.accept(declined.commit)
	w.same("the cart's order", declined.cart.Order, ref.OrderID{})
	second := w.place(declined.cart)
	w.accept(second.commit)
	w.accept(w.settle(second, ordering.ChargeCaptured).commit)
	w.levels("A", 1, 1)
}
