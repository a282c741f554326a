package orderingtest

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

func orderOfPayment(t TB, open func(TB) Harness) {
	w := begin(t, open)
	o, other := w.fullOrder(), w.fullOrder()
	payments := []ordering.Payment{w.fullPayment(o), w.fullPayment(o)}
	w.keepOrder(o, payments...)
	w.keepOrder(other, w.fullPayment(other))
	for _, p := range payments {
		got, gotPayments, err := w.h.Orders.OfPayment(w.Context(), p.ID)
		if err != nil {
			w.Fatalf("reading the order of a payment: %v", err)
		}
		w.same("the order of a payment", brief(ordering.Sale{Order: got, Payments: gotPayments}), brief(ordering.Sale{Order: o, Payments: payments}))
	}
	for _, id := range []ref.PaymentID{{}, ref.NewID[ref.PaymentKind](w.id())} {
		if _, _, err := w.h.Orders.OfPayment(w.Context(), id); !fault.Is(err, fault.Missing) {
			w.Errorf("an unknown payment is answered with %v", err)
		}
	}
}

// listed writes n orders of each status, whose e-mail addresses begin alike in threes, and gives them by id.
func (w *world) listed(n int) []ordering.Sale {
	w.Helper()
	var out []ordering.Sale
	for i := range n {
		for j, status := range []ordering.Status{ordering.Pending, ordering.Placed, ordering.Completed, ordering.Cancelled} {
			o := w.fullOrder()
			o.Status, o.Email = status, fmt.Sprintf("%cda%d@example.org", []rune{'a', 'A', 'b'}[(i+j)%3], i%2)
			o.Number = fmt.Sprintf("26%02d23-%s", 10+i%3, o.Number[len(o.Number)-8:])
			pay := w.fullPayment(o)
			w.keepOrder(o, pay)
			out = append(out, ordering.Sale{Order: o, Payments: []ordering.Payment{pay}})
		}
	}
	return out
}

// list reads a page.
func (w *world) list(q ordering.OrderQuery) ordering.OrderListing {
	w.Helper()
	page, err := w.h.Orders.List(w.Context(), q)
	if err != nil {
		w.Fatalf("listing orders: %v", err)
	}
	return page
}

// allPages reads all pages of a query, and compares them with what the query asks for of all orders.
func (w *world) allPages(q ordering.OrderQuery, all []ordering.Sale) {
	w.Helper()
	var wanted []ordering.Sale
	for _, s := range all {
		if q.Matches(s.Order) {
			wanted = append(wanted, s)
		}
	}
	slices.SortFunc(wanted, func(a, b ordering.Sale) int { return q.CompareTo(q.Cursor(a.Order), q.Cursor(b.Order)) })
	var got []ordering.Sale
	for range len(all) + 1 {
		page := w.list(q)
		if len(page.Items) > q.Limit || len(page.Items) < q.Limit && page.Next != nil {
			w.Fatalf("a page of %d has %d orders, and another follows: %v", q.Limit, len(page.Items), page.Next != nil)
		}
		got = append(got, page.Items...)
		if q.After = page.Next; q.After == nil {
			break
		}
	}
	w.same(fmt.Sprintf("the orders of %+v", q), briefs(got), briefs(wanted))
}

// brief tells a sale from all others, whatever the order of its payments, and that all of its parts are there.
func brief(s ordering.Sale) string {
	var ids []string
	for _, p := range s.Payments {
		ids = append(ids, fmt.Sprintf("%s of %d", p.ID, len(p.Entries)))
	}
	slices.Sort(ids)
	return fmt.Sprintf("%s %s %s %s: %d lines, payments %v", s.Order.ID, s.Order.Number, s.Order.Email, s.Order.Status, len(s.Order.Lines), ids)
}

func briefs(sales []ordering.Sale) []string {
	var out []string
	for _, s := range sales {
		out = append(out, brief(s))
	}
	return out
}

func listNewest(t TB, open func(TB) Harness) {
	w := begin(t, open)
	if page := w.list(ordering.OrderQuery{Limit: 3}); len(page.Items) != 0 || page.Next != nil {
		w.Errorf("a shop without orders lists %d", len(page.Items))
	}
	all := w.listed(3)
	for _, limit := range []int{1, 5, len(all), 100} {
		w.allPages(ordering.OrderQuery{Limit: limit}, all)
	}
}

func listByStatus(t TB, open func(TB) Harness) {
	w := begin(t, open)
	all := w.listed(3)
	for _, status := range []ordering.Status{ordering.Pending, ordering.Placed, ordering.Completed, ordering.Cancelled, ordering.Claiming} {
		w.allPages(ordering.OrderQuery{Status: status, Limit: 2}, all)
	}
}

func listByNumber(t TB, open func(TB) Harness) {
	w := begin(t, open)
	all := w.listed(3)
	number := all[5].Order.Number
	for _, prefix := range []string{"2", "26", "261023", "261023-", number[:9], number, "27", "261023-ZZZZZZZZ"} {
		w.allPages(ordering.OrderQuery{Prefix: prefix, Limit: 3}, all)
		w.allPages(ordering.OrderQuery{Prefix: prefix, Status: ordering.Placed, Limit: 1}, all)
	}
}

func listByEmail(t TB, open func(TB) Harness) {
	w := begin(t, open)
	all := w.listed(3)
	for _, prefix := range []string{"a", "A", "ada1", "bda0@example.org", "nobody", "a%", "a_", "\\"} {
		w.allPages(ordering.OrderQuery{Prefix: prefix, Limit: 2}, all)
		w.allPages(ordering.OrderQuery{Prefix: prefix, Status: ordering.Pending, Limit: 1}, all)
	}
}

// listWhileOrdered reads a page, lets others order, and reads on: nothing is left out and nothing comes twice.
func listWhileOrdered(t TB, open func(TB) Harness) {
	w := begin(t, open)
	all := w.listed(2)
	for _, q := range []ordering.OrderQuery{{Limit: 3}, {Prefix: "26", Limit: 3}, {Prefix: "ada", Limit: 2}} {
		first := w.list(q)
		w.listed(1)
		seen := map[ref.OrderID]int{}
		for page := first; ; page = w.list(q) {
			for _, s := range page.Items {
				seen[s.Order.ID]++
			}
			if q.After = page.Next; q.After == nil {
				break
			}
		}
		for _, s := range all {
			if n := seen[s.Order.ID]; n > 1 || n < 1 && q.Matches(s.Order) {
				w.Errorf("an order is listed %d times by %+v while others order", n, q)
			}
		}
	}
}

// due reads the orders whose time has come.
func (w *world) due(at time.Time, limit int) []ref.OrderID {
	w.Helper()
	out, err := w.h.Orders.Unsettled(w.Context(), at, limit)
	if err != nil {
		w.Fatalf("reading unsettled orders: %v", err)
	}
	return out
}

// restless writes orders that are due some time after now, and gives their ids in that order.
func (w *world) restless(after ...time.Duration) []ref.OrderID {
	w.Helper()
	type one struct {
		due time.Time
		id  ref.OrderID
	}
	var all []one
	for _, d := range after {
		o := w.fullOrder()
		o.Due = w.at.Add(d)
		w.keepOrder(o)
		all = append(all, one{o.Due, o.ID})
	}
	slices.SortFunc(all, func(a, b one) int { return cmp.Or(a.due.Compare(b.due), a.id.Compare(b.id)) })
	out := make([]ref.OrderID, len(all))
	for i, x := range all {
		out[i] = x.id
	}
	return out
}

func unsettled(t TB, open func(TB) Harness) {
	w := begin(t, open)
	calm := w.fullOrder()
	calm.Due = time.Time{}
	w.keepOrder(calm)
	ids := w.restless(time.Minute, 0, time.Hour, 0, time.Microsecond)
	w.same("too early", len(w.due(w.at.Add(-time.Microsecond), 9)), 0)
	w.same("now", w.due(w.at, 9), ids[:2])
	w.same("a little later", w.due(w.at.Add(time.Microsecond), 9), ids[:3])
	w.same("much later", w.due(w.late(), 9), ids)
	w.same("two of them", w.due(w.late(), 2), ids[:2])
}

func unsettledChanges(t TB, open func(TB) Harness) {
	w := begin(t, open)
	o := w.fullOrder()
	o.Due = w.at
	w.keepOrder(o)
	for _, due := range []time.Time{w.at.Add(time.Hour), {}, w.at} {
		o.Due = due
		o.Version++
		w.accept(ordering.Commit{At: w.at, Orders: []ordering.Write[ordering.Order]{{State: o, Expected: o.Version - 1}}})
		w.same(fmt.Sprintf("whether it is due now, set to %v", due), len(w.due(w.at, 9)) == 1, due.Equal(w.at))
		w.same(fmt.Sprintf("whether it will be due, set to %v", due), len(w.due(w.late(), 9)) == 1, !due.IsZero())
	}
}
