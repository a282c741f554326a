package simulation

import (
	"context"
	"fmt"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/testing/shoptest"
)

// checkout orders the cart under a new key.
func (s *shopper) checkout(ss *session) {
	w := s.world
	if len(ss.attempts) >= 6 {
		return
	}
	a := &attempt{request: ordering.CheckoutRequest{
		Cart: ss.cart, Key: fmt.Sprintf("k%d", len(ss.attempts)+1), Details: shoptest.Details(s.name + "@example.org"),
		Provider: shoptest.ProviderName, Token: string(w.behaviour()),
	}}
	if w.oneIn(2) {
		a.request.ExpectedTotal = ss.total
	}
	ss.attempts = append(ss.attempts, a)
	s.try(ss, a)
	if w.oneIn(5) && s.busy < busyMost {
		s.try(ss, a) // A double click.
	}
}

// behaviour draws what comes of a payment: mostly it goes well.
func (w *world) behaviour() shoptest.Behaviour {
	if w.random.IntN(10) < 6 {
		return shoptest.Captures
	}
	return pick(w, shoptest.Behaviours())
}

// again asks for something that was asked for before: a checkout with its key, or the order that it made.
func (s *shopper) again(ss *session) {
	w := s.world
	if len(ss.attempts) == 0 {
		return
	}
	a := pick(w, ss.attempts)
	if a.settled && a.token != "" && w.oneIn(2) {
		s.read(ss, a)
		return
	}
	s.try(ss, a)
}

// try sends the checkout. Whoever asks the same gets the same, however often.
func (s *shopper) try(ss *session, a *attempt) {
	a.inFlight++
	a.tries++
	before := a.settled
	var placed ordering.PlacedOrder
	s.call(fmt.Sprintf("checkout %s %s %s try %d", ss.name, a.request.Key, a.request.Token, a.tries), func(ctx context.Context, srv *server) (err error) {
		placed, err = srv.Ordering.Checkout(ctx, s.world.scope(), a.request)
		return err
	}, func(err error) {
		a.inFlight--
		s.world.answered(ss, a, placed, err, before)
	})
}

// answered takes the answer of a checkout, which was asked for before or after the key had its answer.
func (w *world) answered(ss *session, a *attempt, placed ordering.PlacedOrder, err error, after bool) {
	subject := ss.name + " " + a.request.Key
	switch {
	case err == nil:
		a.token = placed.Token
		w.settled(subject, a, placed, "")
	case fault.Is(err, ordering.PaymentDeclined):
		a.token = placed.Token
		w.settled(subject, a, placed, ordering.PaymentDeclined.Code())
	case fault.KindOf(err) == fault.Unknown, fault.Is(err, ordering.InProgress):
		a.unresolved = true
	case fault.KindOf(err) == fault.Unavailable:
		// Nothing was done this time.
	case fault.Is(err, ordering.OutOfStock), fault.Is(err, ordering.CartCompleted), fault.Is(err, ordering.CartChanged),
		fault.Is(err, ordering.PriceChanged), fault.Is(err, ordering.RequirementsUnmet), fault.Is(err, ordering.CartSuperseded),
		fault.Is(err, fault.Missing) && w.purged[ss.cart]:
		if after {
			w.find("answer-changed", subject, fmt.Sprintf("it was order %s and is %s", a.order, fault.CodeOf(err)))
		}
	default:
		w.find("unexpected-error", subject, err.Error())
	}
}

// settled takes an answer that names an order.
func (w *world) settled(subject string, a *attempt, placed ordering.PlacedOrder, code string) {
	id := placed.Order.ID
	if a.settled && (a.order != id || a.code != code) {
		w.find("answer-changed", subject, fmt.Sprintf("it was order %s with %q and is %s with %q", a.order, a.code, id, code))
	}
	a.settled, a.order, a.code, a.unresolved = true, id, code, false
	if _, known := w.orders[id]; !known {
		w.find("order-lost", subject, fmt.Sprintf("was told of order %s, which is not there", id))
	}
	if expected := a.request.ExpectedTotal; expected != nil && *expected != placed.Order.Totals.Total {
		w.find("price-drift", subject, fmt.Sprintf("agreed to %s and ordered for %s", expected, placed.Order.Totals.Total))
	}
}

// read comes back for an order with its token.
func (s *shopper) read(ss *session, a *attempt) {
	w := s.world
	var placed ordering.PlacedOrder
	s.call("read "+ss.name+" "+a.request.Key, func(ctx context.Context, srv *server) (err error) {
		placed, err = srv.Ordering.Order(ctx, a.order, a.token)
		return err
	}, func(err error) {
		if fault.Is(err, fault.Missing) {
			w.find("order-lost", ss.name+" "+a.request.Key, fmt.Sprintf("order %s cannot be read with its token", a.order))
		}
		if err == nil && placed.Order.Cart != ss.cart {
			w.find("order-foreign", ss.name, fmt.Sprintf("order %s is of another cart", a.order))
		}
	})
}
