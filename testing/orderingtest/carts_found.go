package orderingtest

import (
	"context"
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// cartCustomerClauses prove [carts-customer].
func cartCustomerClauses() []Clause[Harness] {
	const id = "carts-customer"
	return []Clause[Harness]{
		{ID: id, Case: "open ones alone", Run: openCartsOfCustomer},
		{ID: id, Case: "of the channel and the currency", Run: cartsOfCustomerInScope},
		{ID: id, Case: "nobody's", Run: cartsOfNobody},
		{ID: id, Case: "latest change first", Run: cartsOfCustomerLatestFirst},
	}
}

// cartIdleClauses prove [carts-idle].
func cartIdleClauses() []Clause[Harness] {
	const id = "carts-idle"
	return []Clause[Harness]{
		{ID: id, Case: "by status and lines", Run: idleByStatus},
		{ID: id, Case: "until the moment", Run: idleUntil},
		{ID: id, Case: "oldest first, all of them in the end", Run: idleInBatches},
	}
}

// customer makes the id of a customer.
func (w *world) customer() ref.CustomerID { return ref.NewID[ref.CustomerKind](w.id()) }

// owned makes a cart of a customer that is in no store yet.
func (w *world) owned(c ref.CustomerID, status ordering.CartStatus, wants ...want) ordering.Cart {
	cart := w.newCart(wants...)
	cart.Customer, cart.Status = c, status
	return cart
}

// sameCarts checks which carts a read gave, in their order.
func (w *world) sameCarts(what string, got []ordering.Cart, err error, wanted ...ordering.Cart) {
	w.Helper()
	if err != nil {
		w.Fatalf("reading %s: %v", what, err)
	}
	if len(got) != len(wanted) {
		w.Errorf("%s are %d, want %d: %+v", what, len(got), len(wanted), got)
		return
	}
	for i := range got {
		w.same(what, normalCart(got[i]), normalCart(wanted[i]))
	}
}

// carts reads the carts of a customer in the suite's channel and currency.
func (w *world) carts(c ref.CustomerID) ([]ordering.Cart, error) {
	return w.h.Carts.OfCustomer(w.Context(), c, ref.DefaultChannel, money.GBP)
}

func openCartsOfCustomer(t TB, open func(TB) Harness) {
	w := begin(t, open)
	ada := w.customer()
	got, err := w.carts(ada)
	w.sameCarts("the carts of who has none", got, err)
	for _, s := range []ordering.CartStatus{ordering.CartDone, ordering.CartMerged, ordering.CartExpired} {
		c := w.owned(ada, s, want{"A", 1})
		if s == ordering.CartDone {
			c.Order = ref.NewID[ref.OrderKind](w.id())
		}
		w.keep(c)
	}
	got, err = w.carts(ada)
	w.sameCarts("the open carts of who has closed ones", got, err)
	c := w.owned(ada, ordering.CartActive, want{"A", 1}, want{"B", 2})
	w.keep(c)
	w.keep(w.owned(w.customer(), ordering.CartActive, want{"A", 1}))
	w.keep(w.newCart(want{"A", 1}))
	got, err = w.carts(ada)
	w.sameCarts("the open carts", got, err, c)
	for _, s := range []ordering.CartStatus{ordering.CartAbandoned, ordering.CartActive, ordering.CartExpired, ordering.CartActive} {
		c.Version++
		c.Status, c.UpdatedAt = s, c.UpdatedAt.Add(time.Minute)
		w.keep(c)
		got, err = w.carts(ada)
		if s.Open() {
			w.sameCarts("the open carts, after a change", got, err, c)
		} else {
			w.sameCarts("the open carts, of which none is", got, err)
		}
	}
	c.Version++
	c.Status, c.Successor = ordering.CartMerged, w.newCart().ID
	w.keep(c)
	got, err = w.carts(ada)
	w.sameCarts("the open carts, the one being merged", got, err)
}

func cartsOfCustomerInScope(t TB, open func(TB) Harness) {
	w := begin(t, open)
	ada := w.customer()
	here := w.owned(ada, ordering.CartActive, want{"A", 1})
	elsewhere, euros := w.owned(ada, ordering.CartActive), w.owned(ada, ordering.CartActive)
	elsewhere.Channel, euros.Currency = "market", money.EUR
	for _, c := range []ordering.Cart{here, elsewhere, euros} {
		w.keep(c)
	}
	got, err := w.carts(ada)
	w.sameCarts("the carts here", got, err, here)
	got, err = w.h.Carts.OfCustomer(w.Context(), ada, "market", money.GBP)
	w.sameCarts("the carts of the market", got, err, elsewhere)
	got, err = w.h.Carts.OfCustomer(w.Context(), ada, ref.DefaultChannel, money.EUR)
	w.sameCarts("the carts in euros", got, err, euros)
	got, err = w.h.Carts.OfCustomer(w.Context(), ada, "market", money.EUR)
	w.sameCarts("the carts of the market in euros", got, err)
}

func cartsOfNobody(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.cart(want{"A", 1})
	w.cart()
	got, err := w.carts(ref.CustomerID{})
	w.sameCarts("the carts of nobody", got, err)
	ctx, cancel := context.WithCancel(w.Context())
	cancel()
	if _, err := w.h.Carts.OfCustomer(ctx, w.customer(), ref.DefaultChannel, money.GBP); err != nil && !unavailable(err) {
		w.Errorf("a reader who has left is answered with %v, want nothing or kind unavailable", err)
	}
}

func cartsOfCustomerLatestFirst(t TB, open func(TB) Harness) {
	w := begin(t, open)
	ada := w.customer()
	var wanted []ordering.Cart
	for i := range 4 {
		c := w.owned(ada, ordering.CartActive, want{"A", int64(i) + 1})
		c.Reopened = i > 0
		c.UpdatedAt = w.at.Add(time.Duration([]int{30, 10, 40, 20}[i]) * time.Second)
		w.keep(c)
		wanted = append(wanted, c)
	}
	latest := func(a, b ordering.Cart) int { return b.UpdatedAt.Compare(a.UpdatedAt) }
	slices.SortFunc(wanted, latest)
	got, err := w.carts(ada)
	w.sameCarts("the carts", got, err, wanted...)
	last := &wanted[3]
	last.Version, last.UpdatedAt = 2, w.at.Add(time.Hour)
	w.keep(*last)
	slices.SortFunc(wanted, latest)
	got, err = w.carts(ada)
	w.sameCarts("the carts, after a change", got, err, wanted...)
}

func idleByStatus(t TB, open func(TB) Harness) {
	w := begin(t, open)
	kept := map[ordering.IdleCarts]ordering.Cart{}
	for _, s := range ordering.CartMachine.States() {
		for _, empty := range []bool{true, false} {
			c := w.owned(ref.CustomerID{}, s)
			if !empty {
				c.Lines = w.newCart(want{"A", 1}, want{"B", 2}).Lines
			}
			w.keep(c)
			kept[ordering.IdleCarts{Status: s, Empty: empty, Until: w.at, Limit: 10}] = c
		}
	}
	for q, c := range kept {
		if q.Status == ordering.CartDone {
			continue // Nobody asks for them.
		}
		got, err := w.h.Carts.Idle(w.Context(), q)
		w.sameCarts("idle carts", got, err, c)
	}
	// What becomes empty, or gets lines, is found among the others.
	empty := ordering.IdleCarts{Status: ordering.CartActive, Empty: true, Until: w.at, Limit: 10}
	full := empty
	full.Empty = false
	a, b := kept[empty], kept[full]
	a.Lines, b.Lines, a.Version, b.Version = b.Lines, []ordering.CartLine{}, 2, 2
	w.keep(a)
	w.keep(b)
	got, err := w.h.Carts.Idle(w.Context(), empty)
	w.sameCarts("empty carts", got, err, b)
	got, err = w.h.Carts.Idle(w.Context(), full)
	w.sameCarts("carts with lines", got, err, a)
}

func idleUntil(t TB, open func(TB) Harness) {
	w := begin(t, open)
	var carts []ordering.Cart
	for _, after := range []time.Duration{-time.Hour, -time.Microsecond, 0, time.Microsecond, time.Hour} {
		c := w.newCart(want{"A", 1})
		c.UpdatedAt = w.at.Add(after)
		w.keep(c)
		carts = append(carts, c)
	}
	for _, q := range []struct {
		until time.Duration
		n     int
	}{{-2 * time.Hour, 0}, {-time.Hour, 1}, {-time.Microsecond, 2}, {0, 3}, {time.Minute, 4}, {time.Hour, 5}} {
		got, err := w.h.Carts.Idle(w.Context(), ordering.IdleCarts{Status: ordering.CartActive, Until: w.at.Add(q.until), Limit: 10})
		w.sameCarts("idle carts", got, err, carts[:q.n]...)
	}
}

// idleInBatches sweeps: each cart that was read is changed, so that the next read gives others.
func idleInBatches(t TB, open func(TB) Harness) {
	w := begin(t, open)
	const carts, batch = 11, 3
	left := map[ref.CartID]bool{}
	for i := range carts {
		c := w.newCart(want{"A", 1})
		c.UpdatedAt = w.at.Add(-time.Duration((i*7)%carts) * time.Minute)
		w.keep(c)
		left[c.ID] = true
	}
	q := ordering.IdleCarts{Status: ordering.CartActive, Until: w.at, Limit: batch}
	var last time.Time
	for range carts {
		got, err := w.h.Carts.Idle(w.Context(), q)
		if err != nil {
			w.Fatalf("reading idle carts: %v", err)
		}
		if len(got) != min(batch, len(left)) {
			w.Errorf("%d of %d idle carts came, want %d at most and as many as there are", len(got), len(left), batch)
		}
		for _, c := range got {
			if !left[c.ID] || c.UpdatedAt.Before(last) {
				w.Errorf("a cart came twice or out of order")
			}
			delete(left, c.ID)
			last = c.UpdatedAt
			c.Version, c.Status, c.UpdatedAt = c.Version+1, ordering.CartAbandoned, w.at.Add(time.Hour)
			w.keep(c)
		}
		if len(got) == 0 {
			break
		}
	}
	if len(left) > 0 {
		w.Errorf("%d idle carts never came", len(left))
	}
}
