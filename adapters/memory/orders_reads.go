package memory

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// OfPayment gives the order of a payment, and all of its payments, as they were at one moment.
func (o orders) OfPayment(ctx context.Context, id ref.PaymentID) (ordering.Order, []ordering.Payment, error) {
	sale, err := view(ctx, o.store, func() (ordering.Sale, error) {
		state := &o.store.ordering
		p, known := state.payments[id]
		if !known {
			return ordering.Sale{}, fault.Missing.New("there is no such payment")
		}
		return state.sale(p.Order), nil
	})
	return sale.Order, sale.Payments, err
}

// sale copies an order with its payments.
func (o *orderingState) sale(id ref.OrderID) ordering.Sale {
	out := ordering.Sale{Order: copyOrder(o.orders[id])}
	for _, p := range o.byOrder[id] {
		out.Payments = append(out.Payments, copyPayment(o.payments[p]))
	}
	return out
}

// List gives a page of orders. It looks at all of them, as a store in memory may.
func (o orders) List(ctx context.Context, q ordering.OrderQuery) (ordering.OrderListing, error) {
	return view(ctx, o.store, func() (ordering.OrderListing, error) {
		state := &o.store.ordering
		var found []ordering.OrderCursor
		for _, order := range state.orders {
			if c := q.Cursor(order); q.Matches(order) && (q.After == nil || q.CompareTo(c, *q.After) > 0) {
				found = append(found, c)
			}
		}
		slices.SortFunc(found, q.CompareTo)
		var out ordering.OrderListing
		if len(found) > q.Limit {
			found = found[:q.Limit]
			out.Next = &found[q.Limit-1]
		}
		for _, c := range found {
			out.Items = append(out.Items, state.sale(c.ID))
		}
		return out, nil
	})
}

// Unsettled gives the orders whose time has come.
func (o orders) Unsettled(ctx context.Context, at time.Time, limit int) ([]ref.OrderID, error) {
	return view(ctx, o.store, func() ([]ref.OrderID, error) {
		due := o.store.ordering.due
		var out []ref.OrderID
		for id, when := range due {
			if !when.After(at) {
				out = append(out, id)
			}
		}
		slices.SortFunc(out, func(a, b ref.OrderID) int { return cmp.Or(due[a].Compare(due[b]), a.Compare(b)) })
		return out[:min(len(out), limit)], nil
	})
}

// inboxKey is by what an event of a provider is known.
type inboxKey struct{ provider, id string }

// inbox reads the events that wait.
type inbox struct{ store *Store }

var (
	_ ordering.PaymentInbox = inbox{}
	_ ordering.InboxSweeper = inbox{}
)

// PaymentInbox gives the port that reads the events of providers that wait to be applied.
func (s *Store) PaymentInbox() ordering.PaymentInbox { return inbox{s} }

// Waiting gives the events whose time has come.
func (i inbox) Waiting(ctx context.Context, at time.Time, limit int) ([]ordering.InboxEvent, error) {
	return view(ctx, i.store, func() ([]ordering.InboxEvent, error) {
		var out []ordering.InboxEvent
		for _, e := range i.store.ordering.inbox {
			if !e.Due.IsZero() && !e.Due.After(at) {
				out = append(out, e)
			}
		}
		slices.SortFunc(out, func(a, b ordering.InboxEvent) int {
			return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Event.Provider, b.Event.Provider), cmp.Compare(a.Event.ID, b.Event.ID))
		})
		return out[:min(len(out), limit)], nil
	})
}

// SweepInbox deletes old events that are done with.
func (i inbox) SweepInbox(ctx context.Context, before time.Time, limit int) (n int, err error) {
	err = i.store.update(ctx, func() (func(), error) {
		return func() {
			for key, e := range i.store.ordering.inbox {
				if n < limit && e.Due.IsZero() && e.KeptAt.Before(before) {
					delete(i.store.ordering.inbox, key)
					n++
				}
			}
		}, nil
	})
	return n, err
}
