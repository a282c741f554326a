package integration_test

import (
	"context"
	"time"

	"pgregory.net/rapid"

	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
)

// desk does to an order, as it was once, what staff and providers do.
func (h *history) desk() {
	back := rapid.IntRange(0, min(len(h.sales)-1, 3)).Draw(h.r, "how old")
	s := h.sales[len(h.sales)-1-back]
	m := ordering.Moment{
		At: orderingtest.Moment().Add(time.Duration(rapid.IntRange(0, 20).Draw(h.r, "minutes")) * time.Minute), NextID: h.ids.New,
		Claims: rapid.SampledFrom([]ordering.ClaimMode{ordering.ClaimsHeld, ordering.ClaimsHeld, ordering.ClaimsAgain, ordering.ClaimsLost}).Draw(h.r, "claims"),
	}
	amount := money.New(int64(rapid.IntRange(1, 300).Draw(h.r, "amount")), money.GBP)
	var next ordering.Sale
	var c ordering.Commit
	var err error
	changed := true
	switch rapid.IntRange(0, 11).Draw(h.r, "deed") {
	case 0:
		next, _, c, err = ordering.Capture(s, &amount, m)
	case 1:
		next, _, c, err = ordering.Refund(s, ordering.RefundOrder{Lines: []ordering.RefundLine{{Line: s.Order.Lines[0].ID, Quantity: 1}}}, m)
	case 2:
		next, c, changed = ordering.Void(s, m)
	case 3:
		next, c, err = ordering.Cancel(s, "no", m)
	case 4:
		next, _, c, err = ordering.Fulfil(s, []ordering.SendLine{{Line: s.Order.Lines[0].ID, Quantity: 1}}, &ordering.Tracking{Carrier: "c", Number: "1"}, m)
	case 5:
		next, c, err = h.callBack(s, m)
	case 6:
		next, c, err = ordering.AddNote(s, "Grace", "…\nünïcødé", m)
	case 7:
		next, c, changed, err = ordering.Record(s, "till", ordering.Receipt{Amount: amount, Reference: "r"}, m)
	case 8:
		next, c, changed = ordering.Expire(s, m)
	case 9:
		next, c = ordering.Postpone(s, m.At)
	case 10:
		next, c, err = ordering.Complete(s, true, m)
	default:
		next, c = h.happens(s, m, amount)
	}
	if err != nil || !changed {
		return
	}
	if h.commit(c) {
		h.sales = append(h.sales, next)
	}
}

// callBack calls the last fulfilment back, or marks it delivered.
func (h *history) callBack(s ordering.Sale, m ordering.Moment) (ordering.Sale, ordering.Commit, error) {
	if len(s.Order.Fulfilments) == 0 {
		return ordering.AddNote(s, "Grace", "nothing was sent", m)
	}
	last := s.Order.Fulfilments[len(s.Order.Fulfilments)-1]
	if rapid.IntRange(0, 2).Draw(h.r, "delivered") == 0 {
		return ordering.MarkDelivered(s, last.ID, m)
	}
	return ordering.CancelFulfilment(s, last.ID, nil, m)
}

// happens applies an event of the provider, which may have been kept before.
func (h *history) happens(s ordering.Sale, m ordering.Moment, amount money.Money) (ordering.Sale, ordering.Commit) {
	e := ordering.PaymentEvent{
		Provider: "till", ID: rapid.SampledFrom([]string{"1", "2", "3"}).Draw(h.r, "event"), Payment: s.Payments[0].ID, Amount: amount,
		Kind: rapid.SampledFrom([]ordering.PaymentEventKind{
			ordering.EventAuthorized, ordering.EventCaptured, ordering.EventDeclined, ordering.EventVoided, ordering.EventRefunded,
		}).Draw(h.r, "kind"),
	}
	kept := ordering.InboxEvent{Event: e, KeptAt: m.At, Due: m.At, Note: "kept"}
	a, err := ordering.ApplyPaymentEvent(ordering.Settlement{Sale: s, Moment: m}, e)
	if err == nil && a.Changed {
		kept.Due = time.Time{}
		a.Commit.Inbox = []ordering.InboxEvent{kept}
		return a.Sale, a.Commit
	}
	return s, ordering.Commit{At: m.At, Inbox: []ordering.InboxEvent{kept}}
}

// compareOrders reads what is found of orders from both.
func (h *history) compareOrders() {
	ctx := context.Background()
	late := orderingtest.Moment().Add(1000 * time.Hour)
	h.same("the inbox", func(s orderingtest.Harness) (any, error) {
		waiting, err := s.Inbox.Waiting(ctx, late, 1000)
		return append([]ordering.InboxEvent{}, waiting...), err
	})
	h.same("what is due", func(s orderingtest.Harness) (any, error) {
		due, err := s.Orders.Unsettled(ctx, late, 1000)
		return append([]ref.OrderID{}, due...), err
	})
	for _, q := range []ordering.OrderQuery{
		{Limit: 3}, {Limit: 3, Status: ordering.Cancelled}, {Limit: 3, Prefix: "26"}, {Limit: 3, Prefix: "ADA@", Status: ordering.Placed},
	} {
		h.same("a page of orders", func(s orderingtest.Harness) (any, error) {
			page, err := s.Orders.List(ctx, q)
			page.Items = append([]ordering.Sale{}, page.Items...)
			return page, err
		})
	}
	for _, p := range h.placed {
		h.same("the order of a payment", func(s orderingtest.Harness) (any, error) {
			o, payments, err := s.Orders.OfPayment(ctx, p.payment.ID)
			return []any{o, payments}, err
		})
	}
}
