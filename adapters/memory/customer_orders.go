package memory

import (
	"cmp"
	"context"
	"slices"

	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// buyer is whose an order is: a customer's, or a guest's with an address.
type buyer struct {
	customer ref.CustomerID
	email    string // Canonical; "" for a customer's.
}

func buyerOf(o ordering.Order) buyer {
	if !o.Customer.IsZero() {
		return buyer{customer: o.Customer}
	}
	return buyer{email: ref.CanonicalEmail(o.Email)}
}

// list keeps an order in its buyer's list, newest first, or takes it out.
func (o *orderingState) list(order ordering.Order, in bool) {
	b := buyerOf(order)
	place := ordering.OrderPlace{CreatedAt: order.CreatedAt, ID: order.ID}
	i, found := slices.BinarySearchFunc(o.buyers[b], place, newest)
	switch {
	case in && !found:
		o.buyers[b] = slices.Insert(o.buyers[b], i, place)
	case !in && found && len(o.buyers[b]) == 1:
		delete(o.buyers, b)
	case !in && found:
		o.buyers[b] = slices.Delete(o.buyers[b], i, i+1)
	}
}

// newest orders places as lists go.
func newest(a, b ordering.OrderPlace) int {
	return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), b.ID.Compare(a.ID))
}

// customerOrders reads the orders of one person.
type customerOrders struct{ store *Store }

var _ ordering.CustomerOrders = customerOrders{}

// CustomerOrders gives the port that reads the orders of one person.
func (s *Store) CustomerOrders() ordering.CustomerOrders { return customerOrders{s} }

// OfCustomer gives a page of a customer's orders.
func (c customerOrders) OfCustomer(ctx context.Context, customer ref.CustomerID, after *ordering.OrderPlace, limit int) (ordering.OrderPage, error) {
	if customer.IsZero() {
		return ordering.OrderPage{}, ended(ctx)
	}
	return c.page(ctx, buyer{customer: customer}, after, limit)
}

// OfGuest gives a page of the orders that guests made with an address.
func (c customerOrders) OfGuest(ctx context.Context, email ref.Email, after *ordering.OrderPlace, limit int) (ordering.OrderPage, error) {
	return c.page(ctx, buyer{email: email.String()}, after, limit)
}

func (c customerOrders) page(ctx context.Context, b buyer, after *ordering.OrderPlace, limit int) (ordering.OrderPage, error) {
	return view(ctx, c.store, func() (ordering.OrderPage, error) {
		state := &c.store.ordering
		places := state.buyers[b]
		if after != nil {
			i, found := slices.BinarySearchFunc(places, *after, newest)
			if found {
				i++
			}
			places = places[i:]
		}
		var out ordering.OrderPage
		for _, place := range places[:min(len(places), max(limit, 0))] {
			item := ordering.ListedOrder{Order: copyOrder(state.orders[place.ID])}
			for _, p := range state.byOrder[place.ID] {
				item.Payments = append(item.Payments, copyPayment(state.payments[p]))
			}
			out.Items = append(out.Items, item)
		}
		if n := len(out.Items); n > 0 && n < len(places) {
			out.Next = &ordering.OrderPlace{CreatedAt: places[n-1].CreatedAt, ID: places[n-1].ID}
		}
		return out, nil
	})
}
