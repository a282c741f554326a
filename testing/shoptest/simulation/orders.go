package simulation

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/domain/statemachine"
)

func sprintf(format string, args ...any) string { return fmt.Sprintf(format, args...) }

// appeared looks at an order that was not there before.
func (w *world) appeared(o ordering.Order) {
	w.history.count("order " + string(o.Status))
	subject := o.ID.String()
	if other, taken := w.numbers[o.Number]; taken {
		w.find("order-number", subject, "it has the number of "+other.String())
	}
	w.numbers[o.Number] = o.ID
	ss, known := w.byCart[o.Cart]
	if !known {
		w.find("order-ghost", subject, "nobody has its cart")
		return
	}
	ss.orders = append(ss.orders, o.ID)
	if may := ss.mayHaveOrdered(); len(ss.orders) > may {
		w.find("order-ghost", subject, sprintf("%s has %d orders, and %d keys that can have made one", ss.name, len(ss.orders), may))
	}
	live := 0
	for _, id := range ss.orders {
		if before, known := w.orders[id]; known && before.Live() || id == o.ID && o.Live() {
			live++
		}
	}
	if live > 1 {
		w.find("order-duplicate", subject, ss.name+" has two live orders")
	}
	w.checkTotals(o)
}

// changed looks at what became of an order.
func (w *world) changed(before, now ordering.Order) {
	subject := now.ID.String()
	if before.Version == now.Version {
		if !reflect.DeepEqual(before, now) {
			w.find("order-version", subject, "it changed and its version did not")
		}
		return
	}
	if now.Version != before.Version+1 {
		w.find("order-version", subject, sprintf("version %d follows %d", now.Version, before.Version))
	}
	if before.Number != now.Number || before.Cart != now.Cart || before.Totals != now.Totals || !reflect.DeepEqual(bought(before), bought(now)) {
		w.find("order-snapshot", subject, "what was bought changed")
	}
	if before.Status != now.Status {
		w.reopened(now)
		w.history.count("order " + string(before.Status) + " to " + string(now.Status))
		leads := func(e statemachine.Edge[ordering.Status, ordering.OrderEvent]) bool {
			return e.From == before.Status && e.To == now.Status
		}
		// What is paid and was sent already stands and is done with in one commit.
		atOnce := before.Status == ordering.Pending && now.Status == ordering.Completed
		if !slices.ContainsFunc(ordering.OrderMachine.Edges, leads) && !atOnce {
			w.find("order-state", subject, sprintf("%s became %s", before.Status, now.Status))
		}
	}
}

// reopened looks whether a cart is open again whose order was not paid.
func (w *world) reopened(o ordering.Order) {
	unpaid := o.Reason == ordering.ReasonDeclined || o.Reason == ordering.ReasonVoided || o.Reason == ordering.ReasonNoStock
	if o.Status != ordering.Cancelled || !unpaid {
		return
	}
	if c, err := w.ports.Carts.Cart(ctx(), o.Cart); err == nil && c.Status == ordering.CartDone && c.Order == o.ID {
		w.find("cart-closed", o.ID.String(), "it was not paid and its cart stays closed")
	}
}

// bought are the lines of an order without what changes while it waits for goods: they can be claimed anew.
func bought(o ordering.Order) []ordering.OrderLine {
	out := slices.Clone(o.Lines)
	for i := range out {
		out[i].Backordered, out[i].Claim = 0, ref.ClaimID{}
	}
	return out
}

// checkTotals adds an order up.
func (w *world) checkTotals(o ordering.Order) {
	for i, l := range o.Lines {
		if total, err := l.UnitPrice.Mul(l.Quantity, ordering.LineRounding); err != nil || total != l.Total {
			w.find("order-total", o.ID.String(), sprintf("line %d: %d × %s is not %s", i, l.Quantity, l.UnitPrice, l.Total))
		}
	}
	if sums, err := o.Sums(); err != nil || sums != o.Totals {
		w.find("order-total", o.ID.String(), sprintf("the rows are %+v, the totals %+v", sums, o.Totals))
	}
}
