package ordering_test

import (
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
)

func TestPlacePending(t *testing.T) {
	t.Parallel()
	p := placement(t, false)
	o, pay, c := ordering.Place(p)
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	if o.Status != ordering.Pending || o.Version != 1 || o.Totals.Total != gbp(5*999) || o.Currency().Code() != "GBP" || !o.Live() {
		t.Errorf("order %+v", o)
	}
	if len(o.Number) != 15 || o.Number[:7] != "261123-" {
		t.Errorf("number %q", o.Number)
	}
	if pay.Amount != o.Totals.Total || pay.Settled() || pay.Order != o.ID || len(pay.Entries) != 1 {
		t.Errorf("payment %+v", pay)
	}
	if len(c.Stock) != 2 {
		t.Fatalf("stock %+v", c.Stock)
	}
	for i, e := range c.Stock {
		l := o.Lines[i]
		if e.Kind != ordering.StockClaim || e.Claim != l.Claim || e.SKU != l.SKU || e.Quantity != l.Quantity || e.Until != now().Add(ordering.ClaimTTL) {
			t.Errorf("effect %+v", e)
		}
	}
	cart := c.Carts[0]
	if cart.State.Status != ordering.CartDone || cart.State.Order != o.ID || cart.Expected != p.Quote.Cart.Version || cart.State.Version != cart.Expected+1 {
		t.Errorf("cart %+v", cart)
	}
	if c.Command.Subject != o.ID.String() || c.Command.Answer != nil || c.Command.Key != p.Command.Key {
		t.Errorf("command %+v", c.Command)
	}
	if len(c.Events) != 1 || c.Events[0].Name != "ordering.order_pending" || c.Events[0].Aggregate != o.ID.String() {
		t.Errorf("events %+v", c.Events)
	}
}

func TestPlaceOffline(t *testing.T) {
	t.Parallel()
	o, pay, c := ordering.Place(placement(t, true))
	if o.Status != ordering.Placed || c.Command.Answer == nil || c.Command.Answer.Code != "" || !c.Stock[0].Until.IsZero() {
		t.Errorf("order %s, answer %v, until %v", o.Status, c.Command.Answer, c.Stock[0].Until)
	}
	if c.Events[0].Name != "ordering.order_placed" || o.Timeline[0].Kind != ordering.TimelinePlaced {
		t.Errorf("event %s, timeline %v", c.Events[0].Name, o.Timeline)
	}
	if s := ordering.PaymentStatusOf(o, []ordering.Payment{pay}); s != ordering.PaymentPending {
		t.Errorf("payment status %s", s)
	}
}

func TestPlaceDrawsNumbers(t *testing.T) {
	t.Parallel()
	p := placement(t, true)
	seen := map[string]bool{}
	for range 100 {
		o, _, _ := ordering.Place(p)
		if seen[o.Number] {
			t.Fatalf("number %s came twice", o.Number)
		}
		seen[o.Number] = true
	}
}

// settlement is of a pending order.
func settlement(t *testing.T) ordering.Settlement {
	t.Helper()
	o, pay, c := ordering.Place(placement(t, false))
	ids := &orderingtest.Sequence{}
	return ordering.Settlement{
		Sale: ordering.Sale{Order: o, Payments: []ordering.Payment{pay}}, Cart: c.Carts[0].State,
		Moment: ordering.Moment{At: now().Add(time.Second), NextID: ids.New},
	}
}

// apply applies what a charge of the first payment came to.
func apply(t *testing.T, s ordering.Settlement, r ordering.ChargeResult) ordering.Applied {
	t.Helper()
	a, err := ordering.ApplyPaymentEvent(s, ordering.ChargeEvent(s.Payments[0], r))
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Commit.Validate(); err != nil {
		t.Fatal(err)
	}
	return a
}

func TestApplyPaymentEventPaid(t *testing.T) {
	t.Parallel()
	for state, wanted := range map[ordering.ChargeState]struct {
		entry    ordering.PaymentEntryKind
		timeline string
		status   ordering.PaymentStatus
	}{
		ordering.ChargeCaptured:   {ordering.EntryCaptured, ordering.TimelinePaid, ordering.PaymentPaid},
		ordering.ChargeAuthorized: {ordering.EntryAuthorized, ordering.TimelineAuthorized, ordering.PaymentAuthorized},
	} {
		s := settlement(t)
		a := apply(t, s, ordering.ChargeResult{State: state, Reference: "ch_1"})
		o, c := a.Order, a.Commit
		if !a.Changed || o.Status != ordering.Placed || o.Version != 2 || s.Order.Status != ordering.Pending {
			t.Fatalf("%s: %v, order %+v", state, a.Changed, o)
		}
		pay := c.Payments[0].State
		if e := pay.Entries[1]; e.Kind != wanted.entry || e.Reference != "ch_1" || e.Amount != o.Totals.Total || len(s.Payments[0].Entries) != 1 {
			t.Errorf("%s: entry %+v", state, e)
		}
		if o.Timeline[1].Kind != wanted.timeline || o.Timeline[2].Kind != ordering.TimelinePlaced || len(s.Order.Timeline) != 1 {
			t.Errorf("%s: timeline %+v", state, o.Timeline)
		}
		if len(c.Stock) != 2 || c.Stock[0].Kind != ordering.StockExtend || !c.Stock[0].Until.IsZero() || len(c.Carts) != 0 {
			t.Errorf("%s: stock %+v, carts %v", state, c.Stock, c.Carts)
		}
		if len(c.Events) != 2 || c.Events[0].Name != "ordering.payment_recorded" || c.Events[1].Name != "ordering.order_placed" {
			t.Errorf("%s: events %+v", state, c.Events)
		}
		if got := a.PaymentStatus(); got != wanted.status {
			t.Errorf("%s: payment status %s", state, got)
		}
	}
}

func TestApplyPaymentEventDeclined(t *testing.T) {
	t.Parallel()
	s := settlement(t)
	a := apply(t, s, ordering.ChargeResult{State: ordering.ChargeDeclined, Message: "no funds"})
	o, c := a.Order, a.Commit
	if !a.Changed || o.Status != ordering.Cancelled || o.Reason != "payment_declined" || o.Live() {
		t.Fatalf("%v, order %+v", a.Changed, o)
	}
	cart := c.Carts[0].State
	if cart.Status != ordering.CartActive || !cart.Order.IsZero() || cart.Version != s.Cart.Version+1 || len(cart.Lines) != 2 {
		t.Errorf("cart %+v", cart)
	}
	if c.Stock[0].Kind != ordering.StockRelease || c.Events[1].Name != "ordering.order_cancelled" || o.Timeline[1].Message != "no funds" {
		t.Errorf("stock %+v, events %+v, timeline %+v", c.Stock, c.Events, o.Timeline)
	}
	if got := ordering.FulfilmentStatusOf(o); got != ordering.FulfilmentCancelled {
		t.Errorf("fulfilment %s", got)
	}
	if got := ordering.FulfilmentStatusOf(s.Order); got != ordering.Unfulfilled {
		t.Errorf("fulfilment %s", got)
	}
	s.Cart.Order = ref.NewID[ref.OrderKind](uuid(99)) // Another order has the cart by now.
	if a := apply(t, s, ordering.ChargeResult{State: ordering.ChargeDeclined}); len(a.Commit.Carts) != 0 {
		t.Errorf("the cart of another order was opened")
	}
}

func TestApplyPaymentEventNothing(t *testing.T) {
	t.Parallel()
	captured := ordering.ChargeResult{State: ordering.ChargeCaptured}
	waits := settlement(t)
	for _, state := range []ordering.ChargeState{ordering.ChargePending, "", "other"} {
		if a := apply(t, waits, ordering.ChargeResult{State: state}); a.Changed {
			t.Errorf("%q changed the order", state)
		}
	}
	settled := settlement(t)
	settled.Sale = apply(t, settled, captured).Sale
	if a := apply(t, settled, captured); a.Changed {
		t.Error("a settled payment was settled again")
	}
	stranger := ordering.PaymentEvent{Payment: ref.NewID[ref.PaymentKind](uuid(99)), Kind: ordering.EventCaptured}
	if _, err := ordering.ApplyPaymentEvent(waits, stranger); !fault.Is(err, fault.Missing) {
		t.Errorf("an event of another payment: %v", err)
	}
}
