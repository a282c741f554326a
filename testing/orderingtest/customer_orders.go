package orderingtest

import (
	"context"
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// CustomerOrdersClauses are the clauses of ordering.CustomerOrders.
func CustomerOrdersClauses() []Clause[Harness] {
	const own, guest, keyset = "customer-orders-own", "customer-orders-guest", "customer-orders-keyset"
	return []Clause[Harness]{
		{ID: own, Case: "all of them and nobody else's", Run: ordersOfCustomer},
		{ID: own, Case: "nobody's", Run: ordersOfNobody},
		{ID: guest, Case: "by the canonical address", Run: ordersOfGuest},
		{ID: guest, Case: "until somebody claims them", Run: claimedOrders},
		{ID: keyset, Case: "page by page", Run: ordersInPages},
		{ID: keyset, Case: "while orders come and change", Run: ordersInPagesMeanwhile},
	}
}

// orderReader reads a page of somebody's orders.
type orderReader func(after *ordering.OrderPlace, limit int) (ordering.OrderPage, error)

// ofCustomer reads a customer's orders.
func (w *world) ofCustomer(c ref.CustomerID) orderReader {
	return func(after *ordering.OrderPlace, limit int) (ordering.OrderPage, error) {
		return w.h.Customers.OfCustomer(w.Context(), c, after, limit)
	}
}

// ofGuest reads the orders of an address.
func (w *world) ofGuest(email ref.Email) orderReader {
	return func(after *ordering.OrderPlace, limit int) (ordering.OrderPage, error) {
		return w.h.Customers.OfGuest(w.Context(), email, after, limit)
	}
}

// pages reads all pages, of limit each, and calls between before each but the first.
func (w *world) pages(read orderReader, limit int, between func()) []ordering.ListedOrder {
	w.Helper()
	var out []ordering.ListedOrder
	var after *ordering.OrderPlace
	for range 1000 {
		page, err := read(after, limit)
		if err != nil {
			w.Fatalf("reading a page of orders: %v", err)
		}
		out = append(out, page.Items...)
		if len(page.Items) > limit || page.Next != nil && len(page.Items) < limit {
			w.Errorf("a page of %d orders, want %d, and less on the last alone", len(page.Items), limit)
		}
		if page.Next == nil {
			return out
		}
		last := page.Items[len(page.Items)-1].Order
		if !page.Next.CreatedAt.Equal(last.CreatedAt) || page.Next.ID != last.ID {
			w.Errorf("the next place is %+v, want that of %s", *page.Next, last.Number)
		}
		after = page.Next
		between()
	}
	w.Fatalf("the pages do not end")
	return nil
}

// sameOrders checks which orders a list gave, with their payments.
func (w *world) sameOrders(got []ordering.ListedOrder, wanted ...ordering.ListedOrder) {
	w.Helper()
	if len(got) != len(wanted) {
		w.Errorf("%d orders, want %d", len(got), len(wanted))
		return
	}
	for i := range got {
		w.same("the order", normalOrder(got[i].Order), normalOrder(wanted[i].Order))
		w.same("the payments", normalPayments(got[i].Payments), normalPayments(wanted[i].Payments))
	}
}

// bought is an order of somebody, made after so many minutes, in the store.
func (w *world) bought(c ref.CustomerID, email string, after int, payments int) ordering.ListedOrder {
	w.Helper()
	o := w.fullOrder()
	o.Customer, o.Email = c, email
	o.CreatedAt = w.at.Add(time.Duration(after) * time.Minute)
	o.UpdatedAt = o.CreatedAt
	out := ordering.ListedOrder{Order: o}
	for range payments {
		out.Payments = append(out.Payments, w.fullPayment(o))
	}
	w.keepOrder(o, out.Payments...)
	return out
}

// nothingBetween is for pages that nobody disturbs.
func nothingBetween() {}

func ordersOfCustomer(t TB, open func(TB) Harness) {
	w := begin(t, open)
	ada, bob := w.customer(), w.customer()
	if got := w.pages(w.ofCustomer(ada), 10, nothingBetween); len(got) != 0 {
		w.Errorf("who ordered nothing has %d orders", len(got))
	}
	first := w.bought(ada, "ada@example.org", 1, 1)
	w.bought(bob, "ada@example.org", 2, 1)
	w.bought(ref.CustomerID{}, "ada@example.org", 3, 1)
	second := w.bought(ada, "other@example.org", 4, 3)
	none := w.bought(ada, "ada@example.org", 5, 0)
	w.sameOrders(w.pages(w.ofCustomer(ada), 10, nothingBetween), none, second, first)
	second.Order.Version, second.Order.Reason = 2, "why not"
	w.accept(ordering.Commit{At: w.at, Orders: []ordering.Write[ordering.Order]{{State: second.Order, Expected: 1}}})
	w.sameOrders(w.pages(w.ofCustomer(ada), 10, nothingBetween), none, second, first)
}

func ordersOfNobody(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.bought(ref.CustomerID{}, "ada@example.org", 1, 1)
	w.bought(ref.CustomerID{}, "", 2, 0)
	if got := w.pages(w.ofCustomer(ref.CustomerID{}), 10, nothingBetween); len(got) != 0 {
		w.Errorf("nobody has %d orders", len(got))
	}
	ctx, cancel := context.WithCancel(w.Context())
	cancel()
	if _, err := w.h.Customers.OfCustomer(ctx, w.customer(), nil, 10); err != nil && !unavailable(err) {
		w.Errorf("a reader who has left is answered with %v, want nothing or kind unavailable", err)
	}
}

func ordersOfGuest(t TB, open func(TB) Harness) {
	w := begin(t, open)
	spellings := []string{"ada+x@example.org", "Ada+X@Example.ORG", "ADA+X@EXAMPLE.ORG"}
	var wanted []ordering.ListedOrder
	for i, s := range spellings {
		wanted = append(wanted, w.bought(ref.CustomerID{}, s, i, 1))
	}
	for i, s := range []string{"ada@example.org", "ada+y@example.org", "bada+x@example.org", "ada+x@example.org.uk", "", "%@%.%"} {
		w.bought(ref.CustomerID{}, s, 10+i, 1)
	}
	w.bought(w.customer(), "ada+x@example.org", 20, 1)
	slices.Reverse(wanted)
	w.sameOrders(w.pages(w.ofGuest("ada+x@example.org"), 10, nothingBetween), wanted...)
	// Beyond ASCII nothing is folded.
	upper, lower := w.bought(ref.CustomerID{}, "É@exämple.org", 30, 1), w.bought(ref.CustomerID{}, "é@EXämple.org", 31, 1)
	w.sameOrders(w.pages(w.ofGuest("É@exämple.org"), 10, nothingBetween), upper)
	w.sameOrders(w.pages(w.ofGuest("é@exämple.org"), 10, nothingBetween), lower)
}

func claimedOrders(t TB, open func(TB) Harness) {
	w := begin(t, open)
	ada := w.customer()
	one, two := w.bought(ref.CustomerID{}, "Ada@example.org", 1, 1), w.bought(ref.CustomerID{}, "ada@example.org", 2, 2)
	c, due := ordering.ClaimOrder(one.Order, "ada@example.org", ada, w.at.Add(time.Hour), w.id)
	if !due {
		w.Fatalf("nothing is claimed")
	}
	w.accept(c)
	one.Order = c.Orders[0].State
	w.sameOrders(w.pages(w.ofGuest("ada@example.org"), 10, nothingBetween), two)
	w.sameOrders(w.pages(w.ofCustomer(ada), 10, nothingBetween), one)
	w.readsOrder(one.Order, one.Payments...)
}

func ordersInPages(t TB, open func(TB) Harness) {
	w := begin(t, open)
	ada := w.customer()
	var own, guest []ordering.ListedOrder
	for i := range 9 { // Three at a time.
		own = append(own, w.bought(ada, "", i/3, i%3))
		guest = append(guest, w.bought(ref.CustomerID{}, "ada@example.org", i/3, i%3))
	}
	newest := func(a, b ordering.ListedOrder) int {
		if n := b.Order.CreatedAt.Compare(a.Order.CreatedAt); n != 0 {
			return n
		}
		return b.Order.ID.Compare(a.Order.ID)
	}
	slices.SortFunc(own, newest)
	slices.SortFunc(guest, newest)
	for _, limit := range []int{1, 2, 3, 4, 9, 100} {
		w.sameOrders(w.pages(w.ofCustomer(ada), limit, nothingBetween), own...)
		w.sameOrders(w.pages(w.ofGuest("ada@example.org"), limit, nothingBetween), guest...)
	}
}

func ordersInPagesMeanwhile(t TB, open func(TB) Harness) {
	w := begin(t, open)
	ada := w.customer()
	var wanted []ordering.ListedOrder
	for i := range 8 {
		wanted = append(wanted, w.bought(ada, "", i, 1))
	}
	slices.Reverse(wanted)
	n := 0
	got := w.pages(w.ofCustomer(ada), 2, func() {
		n++
		w.bought(ada, "", 100+n, 1) // Before the place: it is on no later page.
		o := wanted[2*n].Order      // The next to come.
		o.Version, o.UpdatedAt = 2, w.at.Add(time.Hour)
		w.accept(ordering.Commit{At: w.at, Orders: []ordering.Write[ordering.Order]{{State: o, Expected: 1}}})
		wanted[2*n].Order = o
	})
	w.sameOrders(got, wanted...)
}
