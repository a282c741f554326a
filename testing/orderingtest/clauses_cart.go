package orderingtest

import (
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// cartClauses prove [commit-cart].
func cartClauses() []Clause[Harness] {
	const id = "commit-cart"
	return []Clause[Harness]{
		{ID: id, Case: "along the machine and nowhere else", Run: cartMoves},
		{ID: id, Case: "in its channel and currency", Run: cartScope},
	}
}

// ownerClauses prove [commit-owner].
func ownerClauses() []Clause[Harness] {
	const id = "commit-owner"
	return []Clause[Harness]{
		{ID: id, Case: "one open cart of a customer", Run: oneOpenCart},
		{ID: id, Case: "of many at once one", Run: oneOpenCartOfMany},
		{ID: id, Case: "a reopened one beside it", Run: reopenedBeside},
	}
}

// purgeClauses prove [commit-purge].
func purgeClauses() []Clause[Harness] {
	const id = "commit-purge"
	return []Clause[Harness]{
		{ID: id, Case: "expired and merged ones", Run: purged},
		{ID: id, Case: "no others", Run: notPurged},
	}
}

// refusals are what a change of a cart that takes none is refused with.
var refusals = map[ordering.CartStatus]fault.Class{
	ordering.CartDone: ordering.CartCompleted, ordering.CartMerged: ordering.CartSuperseded,
}

// moves tells whether a single commit may bring a cart from one status to another.
func moves(from, to ordering.CartStatus) bool {
	for _, e := range ordering.CartMachine.Allowed(from) {
		next, _ := ordering.CartMachine.Next(from, e)
		if next == to {
			return true
		}
		if e != ordering.CartRevive {
			continue
		}
		for _, e := range ordering.CartMachine.Allowed(next) { // What somebody uses is revived by that.
			if after, _ := ordering.CartMachine.Next(next, e); after == to {
				return true
			}
		}
	}
	return from == to
}

func cartMoves(t TB, open func(TB) Harness) {
	w := begin(t, open)
	for _, from := range ordering.CartMachine.States() {
		for _, to := range ordering.CartMachine.States() {
			c := w.owned(ref.CustomerID{}, from, want{"A", 1})
			w.keep(c)
			next := c
			next.Version, next.Status, next.UpdatedAt = 2, to, w.at.Add(time.Minute)
			commit := ordering.Commit{At: next.UpdatedAt, Carts: []ordering.Write[ordering.Cart]{{State: next, Expected: 1}}}
			if moves(from, to) {
				w.accept(commit)
				w.reads(next)
				continue
			}
			_, err := w.commit(commit)
			w.refused(err, refusals[from])
			w.reads(c)
		}
	}
}

func cartScope(t TB, open func(TB) Harness) {
	w := begin(t, open)
	c := w.cart(want{"A", 1})
	other, euros := c, c
	other.Channel, euros.Currency = "market", money.EUR
	for _, next := range []ordering.Cart{other, euros} {
		next.Version = 2
		_, err := w.commit(ordering.Commit{At: w.at, Carts: []ordering.Write[ordering.Cart]{{State: next, Expected: 1}}})
		w.refused(err, ordering.CartScope)
		w.reads(c)
	}
}

func oneOpenCart(t TB, open func(TB) Harness) {
	w := begin(t, open)
	ada := w.customer()
	first := w.owned(ada, ordering.CartActive, want{"A", 1})
	w.keep(first)
	refuse := func(c ordering.Cart) {
		t.Helper()
		before := w.glance(ordering.Commit{Carts: []ordering.Write[ordering.Cart]{{State: c}}})
		commit := ordering.Commit{At: w.at, Carts: []ordering.Write[ordering.Cart]{{State: c, Expected: c.Version - 1}}}
		_, err := w.commit(commit)
		w.refused(err, ordering.CustomerHasCart)
		w.nothing(before, w.glance(commit))
	}
	refuse(w.owned(ada, ordering.CartActive))
	refuse(w.owned(ada, ordering.CartAbandoned, want{"A", 1}))
	guest := w.cart(want{"B", 1})
	guest.Version, guest.Customer = 2, ada
	refuse(guest)
	expired := w.owned(ada, ordering.CartExpired, want{"C", 1})
	w.keep(expired)
	expired.Version, expired.Status = 2, ordering.CartActive
	refuse(expired)
	elsewhere := w.owned(ada, ordering.CartActive)
	elsewhere.Channel = "market"
	w.keep(elsewhere)
	euros := w.owned(ada, ordering.CartActive)
	euros.Currency = money.EUR
	w.keep(euros)
	w.keep(w.owned(w.customer(), ordering.CartActive))
	first.Version, first.Status = 2, ordering.CartAbandoned
	w.keep(first) // It may change itself.
	refuse(w.owned(ada, ordering.CartActive))
	first.Version, first.Status, first.Order = 3, ordering.CartDone, ref.NewID[ref.OrderKind](w.id())
	w.keep(first)
	w.keep(expired) // The place is free.
}

func oneOpenCartOfMany(t TB, open func(TB) Harness) {
	w := begin(t, open)
	ada := w.customer()
	commits := make([]ordering.Commit, racers)
	for i := range commits {
		c := w.owned(ada, ordering.CartActive, want{"A", int64(i) + 1})
		commits[i] = ordering.Commit{At: w.at, Carts: []ordering.Write[ordering.Cart]{{State: c}}}
	}
	answers := w.race(commits...)
	if won, replayed, _ := w.count(answers, ordering.CustomerHasCart); won != 1 || replayed != 0 {
		w.Errorf("%d of %d open carts of one customer were made, want 1", won, racers)
	}
	got, err := w.carts(ada)
	for _, a := range answers {
		if a.accepted() {
			w.sameCarts("the customer's cart", got, err, a.commit.Carts[0].State)
		}
	}
}

func reopenedBeside(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.seed("A", 5)
	ada := w.customer()
	cart := w.owned(ada, ordering.CartActive, want{"A", 1})
	w.keep(cart)
	p := w.place(cart)
	w.accept(p.commit)
	meanwhile := w.owned(ada, ordering.CartActive, want{"B", 1})
	meanwhile.UpdatedAt = w.at.Add(time.Hour)
	w.keep(meanwhile)
	declined := w.settle(p, ordering.ChargeDeclined)
	w.accept(declined.commit)
	got, err := w.carts(ada)
	w.sameCarts("both carts", got, err, meanwhile, declined.cart)
}

func purged(t TB, open func(TB) Harness) {
	w := begin(t, open)
	ada := w.customer()
	for _, s := range []ordering.CartStatus{ordering.CartExpired, ordering.CartMerged} {
		c, stays := w.owned(ada, s, want{"A", 1}), w.owned(ada, s, want{"B", 1})
		w.keep(c)
		w.keep(stays)
		commit := ordering.Commit{At: w.at, Purges: []ordering.CartPurge{{Cart: c.ID, Expected: 1}}}
		before := w.look(commit)
		w.accept(commit)
		w.everything(commit, before, w.look(commit))
		w.reads(stays)
		idle, err := w.h.Carts.Idle(w.Context(), ordering.IdleCarts{Status: s, Until: w.at, Limit: 10})
		w.sameCarts("carts of the status", idle, err, stays)
		_, err = w.commit(commit)
		w.refused(err, fault.VersionConflict) // It is gone.
	}
}

func notPurged(t TB, open func(TB) Harness) {
	w := begin(t, open)
	for _, s := range ordering.CartMachine.States() {
		c := w.owned(ref.CustomerID{}, s, want{"A", 1})
		w.keep(c)
		versions := []ref.Version{1, 2}
		if s == ordering.CartExpired || s == ordering.CartMerged {
			versions = versions[1:]
		}
		for _, v := range versions {
			other := w.newCart(want{"B", 1})
			commit := ordering.Commit{
				At: w.at, Purges: []ordering.CartPurge{{Cart: c.ID, Expected: v}}, Carts: []ordering.Write[ordering.Cart]{{State: other}},
			}
			before := w.glance(commit)
			if _, err := w.commit(commit); err == nil || fault.KindOf(err) != fault.Conflict {
				w.Errorf("the purge of version %d of a cart that is %s, version 1, is answered with %v", v, s, err)
			}
			w.nothing(before, w.glance(commit))
		}
	}
}
