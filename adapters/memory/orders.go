package memory

import (
	"context"
	"maps"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// orderingState holds carts, orders, payments and the rows that adopters attached.
type orderingState struct {
	orders      map[ref.OrderID]ordering.Order
	carts       map[ref.CartID]ordering.Cart
	payments    map[ref.PaymentID]ordering.Payment
	byOrder     map[ref.OrderID][]ref.PaymentID // Oldest first.
	numbers     map[string]ref.OrderID
	live        map[ref.CartID]ref.OrderID
	owners      owners
	buyers      map[buyer][]ordering.OrderPlace // Their orders, newest first.
	due         map[ref.OrderID]time.Time       // Of the orders that do not rest.
	inbox       map[inboxKey]ordering.InboxEvent
	attachments map[attachmentKey][]byte
	imported    map[string]*importedSource
	figures     ordering.Figures // Kept up to date with each order, so that reading them costs nothing.
}

func newOrderingState() orderingState {
	return orderingState{
		orders: map[ref.OrderID]ordering.Order{}, carts: map[ref.CartID]ordering.Cart{},
		payments: map[ref.PaymentID]ordering.Payment{}, byOrder: map[ref.OrderID][]ref.PaymentID{},
		numbers: map[string]ref.OrderID{}, live: map[ref.CartID]ref.OrderID{}, owners: newOwners(), buyers: map[buyer][]ordering.OrderPlace{}, attachments: map[attachmentKey][]byte{},
		due: map[ref.OrderID]time.Time{}, inbox: map[inboxKey]ordering.InboxEvent{}, imported: map[string]*importedSource{},
		figures: ordering.Figures{Orders: map[ordering.Status]int64{}, Revenue: map[string]int64{}},
	}
}

// unique refuses an order whose number another one has, and one that would be its cart's second live order.
func (o *orderingState) unique(writes []ordering.Write[ordering.Order]) error {
	written := make(map[ref.OrderID]bool, len(writes))
	for _, w := range writes {
		written[w.State.ID] = true
	}
	numbers, live := map[string]bool{}, map[ref.CartID]bool{}
	for _, w := range writes {
		owner, known := o.numbers[w.State.Number]
		if numbers[w.State.Number] || known && !written[owner] {
			return ordering.NumberTaken.New("another order has this number; draw another").With("number", w.State.Number)
		}
		numbers[w.State.Number] = true
		if w.State.Cart.IsZero() || !w.State.Live() {
			continue
		}
		owner, known = o.live[w.State.Cart]
		if live[w.State.Cart] || known && !written[owner] {
			return ordering.CartCompleted.New("the cart became an order; start a new one")
		}
		live[w.State.Cart] = true
	}
	return nil
}

// write stores the aggregates and attachments of a commit that was accepted.
func (o *orderingState) write(c ordering.Commit) {
	for _, w := range c.Orders {
		if old, known := o.orders[w.State.ID]; known {
			o.count(old, -1)
			o.list(old, false)
			delete(o.numbers, old.Number)
			if o.live[old.Cart] == old.ID {
				delete(o.live, old.Cart)
			}
		}
	}
	for _, w := range c.Orders {
		order := copyOrder(w.State)
		o.orders[order.ID] = order
		o.numbers[order.Number] = order.ID
		if order.Live() && !order.Cart.IsZero() {
			o.live[order.Cart] = order.ID
		}
		o.count(order, 1)
		o.list(order, true)
		delete(o.due, order.ID)
		if !order.Due.IsZero() {
			o.due[order.ID] = order.Due
		}
	}
	o.writeCarts(c)
	for _, w := range c.Payments {
		if _, known := o.payments[w.State.ID]; !known {
			o.byOrder[w.State.Order] = append(o.byOrder[w.State.Order], w.State.ID)
		}
		o.payments[w.State.ID] = copyPayment(w.State)
	}
	for _, e := range c.Inbox {
		o.inbox[inboxKey{e.Event.Provider, e.Event.ID}] = e
	}
	for _, a := range c.Attach {
		o.attachments[attachmentKey{a.Kind, a.Key}] = append([]byte{}, a.Data...)
	}
}

// count adds an order to the figures, or takes it out of them.
func (o *orderingState) count(order ordering.Order, sign int64) {
	o.figures.Orders[order.Status] += sign
	if order.Status == ordering.Placed || order.Status == ordering.Completed {
		o.figures.Revenue[order.Currency().Code()] += sign * order.Totals.Total.Minor()
	}
}

// orders reads the orders of a store.
type orders struct{ store *Store }

var _ ordering.Orders = orders{}

// Orders gives the port that reads orders.
func (s *Store) Orders() ordering.Orders { return orders{s} }

// Order gives an order and its payments as they were at one moment.
func (o orders) Order(ctx context.Context, id ref.OrderID) (ordering.Order, []ordering.Payment, error) {
	sale, err := view(ctx, o.store, func() (ordering.Sale, error) {
		state := &o.store.ordering
		if _, known := state.orders[id]; !known {
			return ordering.Sale{}, fault.Missing.New("there is no such order")
		}
		return state.sale(id), nil
	})
	return sale.Order, sale.Payments, err
}

// Figures gives sums over all orders, without those that are nothing.
func (o orders) Figures(ctx context.Context) (ordering.Figures, error) {
	return view(ctx, o.store, func() (ordering.Figures, error) {
		f := o.store.ordering.figures
		out := ordering.Figures{Orders: maps.Clone(f.Orders), Revenue: maps.Clone(f.Revenue)}
		maps.DeleteFunc(out.Orders, func(_ ordering.Status, n int64) bool { return n == 0 })
		maps.DeleteFunc(out.Revenue, func(_ string, n int64) bool { return n == 0 })
		return out, nil
	})
}
