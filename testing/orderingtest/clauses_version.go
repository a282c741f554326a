package orderingtest

import (
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// versionClauses prove [commit-version].
func versionClauses() []Clause[Harness] {
	const id = "commit-version"
	return []Clause[Harness]{
		{ID: id, Case: "of a cart", Run: func(t TB, open func(TB) Harness) { versions(begin(t, open), cartAt) }},
		{ID: id, Case: "of an order", Run: func(t TB, open func(TB) Harness) { versions(begin(t, open), orderAt) }},
		{ID: id, Case: "of a payment", Run: func(t TB, open func(TB) Harness) { versions(begin(t, open), paymentAt) }},
		{ID: id, Case: "one of many writers wins", Run: oneWriterWins},
	}
}

// A writer makes a function that makes the commit which writes one and the same aggregate as the given version, in
// place of the one before.
type writer func(w *world) func(v ref.Version) ordering.Commit

func cartAt(w *world) func(ref.Version) ordering.Commit {
	cart := w.newCart(want{"A", 1})
	return func(v ref.Version) ordering.Commit {
		cart.Version = v
		return ordering.Commit{At: w.at, Carts: []ordering.Write[ordering.Cart]{{State: cart, Expected: v - 1}}}
	}
}

func orderAt(w *world) func(ref.Version) ordering.Commit {
	o := w.place(w.newCart(want{"A", 1})).order
	o.Cart = ref.CartID{}
	return func(v ref.Version) ordering.Commit {
		o.Version, o.UpdatedAt = v, w.at.Add(time.Duration(v)*time.Second)
		return ordering.Commit{At: w.at, Orders: []ordering.Write[ordering.Order]{{State: o, Expected: v - 1}}}
	}
}

func paymentAt(w *world) func(ref.Version) ordering.Commit {
	p := w.place(w.newCart(want{"A", 1}))
	p.order.Cart = ref.CartID{}
	w.accept(ordering.Commit{At: w.at, Orders: []ordering.Write[ordering.Order]{{State: p.order}}})
	pay := p.payment
	return func(v ref.Version) ordering.Commit {
		pay.Version = v
		pay.Entries = append(pay.Entries[:len(pay.Entries):len(pay.Entries)], ordering.PaymentEntry{
			Kind: ordering.EntryPending, Amount: money.New(int64(v), money.GBP), At: w.at,
		})
		return ordering.Commit{At: w.at, Payments: []ordering.Write[ordering.Payment]{{State: pay, Expected: v - 1}}}
	}
}

// versions tries every version that an aggregate must not be written with.
func versions(w *world, prepare writer) {
	w.Helper()
	at := prepare(w)
	w.conflicts(at, 2) // It does not exist.
	for _, v := range []ref.Version{1, 2, 3} {
		c := at(v)
		w.accept(c)
		w.written(c, found{}, w.ofPayment(c))
		w.conflicts(at, 1) // It exists.
		w.conflicts(at, v)
		w.conflicts(at, v+2)
	}
}

// conflicts checks that writing a version is refused and changes nothing.
func (w *world) conflicts(at func(ref.Version) ordering.Commit, v ref.Version) {
	w.Helper()
	c := at(v)
	before := w.ofPayment(c)
	_, err := w.commit(c)
	w.refused(err, fault.VersionConflict)
	w.nothing(before, w.ofPayment(c))
}

// ofPayment glances at a commit and at the payments of the orders that its payments are of.
func (w *world) ofPayment(c ordering.Commit) found {
	w.Helper()
	for _, p := range c.Payments {
		c.Orders = append(c.Orders, ordering.Write[ordering.Order]{State: ordering.Order{ID: p.State.Order}})
	}
	return w.glance(c)
}

func oneWriterWins(t TB, open func(TB) Harness) {
	w := begin(t, open)
	cart := w.cart(want{"A", 1})
	commits := make([]ordering.Commit, racers)
	for i := range commits {
		next := cart
		next.Version = 2
		next.Lines = []ordering.CartLine{cart.Lines[0]}
		next.Lines[0].Quantity = int64(i + 1)
		commits[i] = ordering.Commit{At: w.at, Carts: []ordering.Write[ordering.Cart]{{State: next, Expected: 1}}}
	}
	answers := w.race(commits...)
	if won, replayed, _ := w.count(answers, fault.VersionConflict); won != 1 || replayed != 0 {
		w.Errorf("%d of %d writers of one version won, want 1", won, racers)
	}
	for _, a := range answers {
		if a.accepted() {
			w.written(a.commit, found{}, w.glance(a.commit))
		}
	}
}
