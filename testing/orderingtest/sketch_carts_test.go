package orderingtest_test

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
)

// cloneCart shares nothing with the cart.
func cloneCart(c ordering.Cart) ordering.Cart {
	c.Lines, c.Metadata = slices.Clone(c.Lines), maps.Clone(c.Metadata)
	for i, l := range c.Lines {
		if l.Agreed != nil {
			price := *l.Agreed
			c.Lines[i].Agreed = &price
		}
		c.Lines[i].Custom, c.Lines[i].Metadata = maps.Clone(l.Custom), maps.Clone(l.Metadata)
	}
	return c
}

// cloneOrder shares nothing with the order.
func cloneOrder(o ordering.Order) ordering.Order {
	o.Lines, o.Shipping, o.Timeline = slices.Clone(o.Lines), slices.Clone(o.Shipping), slices.Clone(o.Timeline)
	o.Taxes, o.Metadata = slices.Clone(o.Taxes), maps.Clone(o.Metadata)
	for i, l := range o.Lines {
		o.Lines[i].Custom, o.Lines[i].Metadata = maps.Clone(l.Custom), maps.Clone(l.Metadata)
	}
	o.Open, o.Notes, o.Fulfilments = slices.Clone(o.Open), slices.Clone(o.Notes), slices.Clone(o.Fulfilments)
	for i := range o.Fulfilments {
		f := &o.Fulfilments[i]
		f.Lines = slices.Clone(f.Lines)
		if f.Tracking != nil {
			tracking := *f.Tracking
			f.Tracking = &tracking
		}
	}
	if o.BillingAddress != nil {
		billing := *o.BillingAddress
		o.BillingAddress = &billing
	}
	return o
}

// cartFact is what Decide is told of a cart.
func (s *sketch) cartFact(id ref.CartID) (ordering.CartFact, bool) {
	c, known := s.carts[id]
	f := ordering.CartFact{Version: c.Version, Status: c.Status, Channel: c.Channel, Currency: c.Currency}
	if s.flaw == anyScope {
		f.Currency = money.Currency{}
	}
	if s.flaw == movesAnywhere && c.Status == ordering.CartMerged {
		f.Status = ordering.CartExpired
	}
	return f, known
}

// owned refuses a second open cart of a customer.
func (s *sketch) owned(c ordering.Commit) error {
	if s.flaw == manyOpenCarts {
		return nil
	}
	takes := func(c ordering.Cart) bool {
		return !c.Customer.IsZero() && c.Status.Open() && (!c.Reopened || s.flaw == reopenedCounts)
	}
	for _, w := range c.Carts {
		for _, o := range s.carts {
			same := o.Customer == w.State.Customer && o.Channel == w.State.Channel && o.Currency == w.State.Currency
			if same && o.ID != w.State.ID && takes(o) && takes(w.State) {
				return ordering.CustomerHasCart.New("the customer has another open cart")
			}
		}
	}
	return nil
}

// purge deletes carts.
func (s *sketch) purge(purges []ordering.CartPurge) {
	for _, p := range purges {
		if s.flaw != forgetsPurge {
			delete(s.carts, p.Cart)
		}
	}
}

// purgeFacts reads the carts that are to be purged.
func (s *sketch) purgeFacts(c ordering.Commit, into map[ref.CartID]ordering.CartFact) {
	for _, p := range c.Purges {
		if f, known := s.cartFact(p.Cart); known {
			if s.flaw == purgesAny && f.Version == p.Expected {
				f.Status = ordering.CartExpired
			}
			into[p.Cart] = f
		}
	}
}

// found gives copies of the carts that match.
func (s *sketch) found(match func(ordering.Cart) bool) []ordering.Cart {
	var out []ordering.Cart
	for _, c := range s.carts {
		if match(c) {
			out = append(out, cloneCart(c))
		}
	}
	slices.SortFunc(out, func(a, b ordering.Cart) int { return a.UpdatedAt.Compare(b.UpdatedAt) })
	return out
}

// OfCustomer is ordering.Carts's.
func (s *sketch) OfCustomer(_ context.Context, customer ref.CustomerID, channel ref.Channel, currency money.Currency) ([]ordering.Cart, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if customer.IsZero() && s.flaw != guestsAreOne {
		return nil, nil
	}
	out := s.found(func(c ordering.Cart) bool {
		return c.Customer == customer && (c.Status.Open() || s.flaw == closedCarts && c.Status == ordering.CartExpired) &&
			(c.Channel == channel || s.flaw == anyChannel) && (c.Currency == currency || s.flaw == anyCurrency)
	})
	if s.flaw != oldestCartFirst {
		slices.Reverse(out)
	}
	return out, nil
}

// Idle is ordering.Carts's.
func (s *sketch) Idle(_ context.Context, q ordering.IdleCarts) ([]ordering.Cart, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := s.found(func(c ordering.Cart) bool {
		if c.UpdatedAt.Equal(q.Until) && s.flaw == idleBefore {
			return false
		}
		return c.Status == q.Status && ((len(c.Lines) == 0) == q.Empty || s.flaw == idleWithAnyLines) && !c.UpdatedAt.After(q.Until)
	})
	if s.flaw == idleNewestFirst {
		slices.Reverse(out)
	}
	if s.flaw == idleWithoutLimit {
		return out, nil
	}
	return out[:min(len(out), q.Limit)], nil
}

// sketchCustomers is the sketch as ordering.CustomerOrders.
type sketchCustomers struct{ *sketch }

// OfCustomer is ordering.CustomerOrders's.
func (s sketchCustomers) OfCustomer(_ context.Context, customer ref.CustomerID, after *ordering.OrderPlace, limit int) (ordering.OrderPage, error) {
	if customer.IsZero() && s.flaw != guestsAreOneCustomer {
		return ordering.OrderPage{}, nil
	}
	return s.page(func(o ordering.Order) bool {
		return o.Customer == customer || s.flaw == ordersOfAll && !o.Customer.IsZero()
	}, after, limit)
}

// OfGuest is ordering.CustomerOrders's.
func (s sketchCustomers) OfGuest(_ context.Context, email ref.Email, after *ordering.OrderPlace, limit int) (ordering.OrderPage, error) {
	return s.page(func(o ordering.Order) bool {
		if !o.Customer.IsZero() && s.flaw != claimedAreGuests {
			return false
		}
		switch s.flaw {
		case exactAddress:
			return o.Email == email.String()
		case foldsAll:
			return strings.EqualFold(o.Email, email.String())
		default:
			return ref.CanonicalEmail(o.Email) == email.String()
		}
	}, after, limit)
}

func (s sketchCustomers) page(match func(ordering.Order) bool, after *ordering.OrderPlace, limit int) (ordering.OrderPage, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	newest := func(at ordering.OrderPlace, b ordering.Order) int {
		if s.flaw == placesByTime {
			return b.CreatedAt.Compare(at.CreatedAt)
		}
		return cmp.Or(b.CreatedAt.Compare(at.CreatedAt), b.ID.Compare(at.ID))
	}
	var all []ordering.Order
	for _, o := range s.orders {
		if match(o) {
			all = append(all, cloneOrder(o))
		}
	}
	slices.SortFunc(all, func(a, b ordering.Order) int {
		return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), b.ID.Compare(a.ID))
	})
	if after != nil {
		all = slices.DeleteFunc(all, func(o ordering.Order) bool { return newest(*after, o) >= 0 })
	}
	var out ordering.OrderPage
	for _, o := range all[:min(len(all), limit)] {
		item := ordering.ListedOrder{Order: o}
		if s.flaw != forgetsPayments {
			item.Payments = slices.Clone(s.payments[o.ID])
		}
		out.Items = append(out.Items, item)
	}
	if n := len(out.Items); n > 0 && (n < len(all) || n == limit && s.flaw == nextOnLast) {
		out.Next = &ordering.OrderPlace{CreatedAt: all[n-1].CreatedAt, ID: all[n-1].ID}
	}
	return out, nil
}

// brokenStock is a Shelf's stock that is broken where something is set.
type brokenStock struct {
	*orderingtest.Shelf
	answer func(skus []ref.SKU, facts map[ref.SKU]ordering.StockFact)
}

func (b brokenStock) Stock(ctx context.Context, skus []ref.SKU) (map[ref.SKU]ordering.StockFact, error) {
	out, err := b.Shelf.Stock(ctx, skus)
	if b.answer != nil && err == nil {
		b.answer(skus, out)
	}
	return out, err
}

// stockHarness has stock on the shelf.
func stockHarness(b brokenStock) orderingtest.AvailabilityHarness {
	b.Shelf = orderingtest.NewShelf()
	facts := map[ref.SKU]ordering.StockFact{}
	change := func(sku ref.SKU, there, beyond int64) {
		f := facts[sku]
		f.Available += there
		f.Beyond += beyond
		facts[sku] = f
		b.Stocks(sku, f)
	}
	return orderingtest.AvailabilityHarness{
		Stock:   b,
		Put:     func(_ orderingtest.TB, sku ref.SKU, quantity int64) { change(sku, quantity, 0) },
		Take:    func(_ orderingtest.TB, sku ref.SKU, quantity int64) { change(sku, -quantity, 0) },
		Promise: func(_ orderingtest.TB, sku ref.SKU, quantity int64) { change(sku, 0, quantity) },
	}
}
