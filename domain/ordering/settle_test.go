package ordering_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/domain/statemachine"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
)

// TestSweepSettlesLostAnswers: an unknown outcome is settled by asking, within a minute.
func TestSweepSettlesLostAnswers(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		token   string
		stand   bool
		status  ordering.Status
		payment ordering.PaymentStatus
		left    int64
	}{
		"captured":    {orderingtest.TillCaptures, true, ordering.Placed, ordering.PaymentPaid, 2},
		"authorized":  {orderingtest.TillAuthorizes, true, ordering.Placed, ordering.PaymentAuthorized, 2},
		"declined":    {orderingtest.TillDeclines, true, ordering.Cancelled, ordering.PaymentNone, 0},
		"not charged": {orderingtest.TillCaptures, false, ordering.Cancelled, ordering.PaymentNone, 0},
		"undecided":   {orderingtest.TillWaits, true, ordering.Pending, ordering.PaymentPending, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			s.till.Fail(fault.Lost.New("lost"), tc.stand)
			r := request(s.cart(t, 2), tc.token)
			p := s.checkout(t, r)
			if swept := s.sweep(t, ordering.SettleAfter-time.Microsecond); swept.Orders != 0 {
				t.Errorf("%d orders were looked at too early", swept.Orders)
			}
			if swept := s.sweep(t, time.Microsecond); swept.Orders != 1 {
				t.Errorf("%d orders were looked at, want 1", swept.Orders)
			}
			s.stands(t, p.Order.ID, tc.status, tc.payment)
			s.reserved(t, tc.left)
			cart, err := s.parts.Carts.Cart(t.Context(), r.Cart)
			if open := cart.Status == ordering.CartActive; err != nil || open != (tc.status == ordering.Cancelled) {
				t.Errorf("the cart is %s, %v", cart.Status, err)
			}
			if again := s.checkout(t, r); !again.Replayed || again.Order.Status != tc.status {
				t.Errorf("a replay: %+v", again)
			}
			if swept := s.sweep(t); swept.Orders != 0 {
				t.Errorf("%d orders are looked at once more at once", swept.Orders)
			}
		})
	}
}

// TestSweepFinishesWhatWasCutOff kills a checkout at each step and lets nobody come back but the sweeper.
func TestSweepFinishesWhatWasCutOff(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		kill   func(s *shop)
		status ordering.Status
	}{
		"once claimed": {func(s *shop) { s.faults.Inject(ordering.AfterCommit, errors.New("power cut")) }, ordering.Cancelled},
		"once charged": {func(s *shop) {
			s.till.Before(func() { s.faults.Inject(ordering.BeforeCommit, errors.New("power cut")) })
		}, ordering.Placed},
		"once finalized": {func(s *shop) {
			s.till.Before(func() { s.faults.Inject(ordering.AfterCommit, errors.New("power cut")) })
		}, ordering.Placed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			r := request(s.cart(t, 2), orderingtest.TillCaptures)
			tc.kill(s)
			if _, err := s.Checkout(t.Context(), scope(), r); fault.KindOf(err) != fault.Unknown {
				t.Fatal(err)
			}
			id := s.orderOf(t, r.Cart)
			s.sweep(t, ordering.SettleAfter)
			sale := s.read(t, id)
			if sale.Order.Status != tc.status || len(sale.Order.Open) != 0 || !sale.Order.Due.IsZero() {
				t.Errorf("the order is %s, its commands %v, due %v", sale.Order.Status, sale.Order.Open, sale.Order.Due)
			}
			p, err := s.Checkout(t.Context(), scope(), r)
			if declined := fault.Is(err, ordering.PaymentDeclined); declined != (tc.status == ordering.Cancelled) || !p.Replayed || p.Order.ID != id {
				t.Errorf("the same key gives %+v, %v", p, err)
			}
			if n := len(s.till.Taken()); n != map[ordering.Status]int{ordering.Placed: 1, ordering.Cancelled: 0}[tc.status] {
				t.Errorf("%d charges", n)
			}
		})
	}
}

// orderOf is the order of a cart.
func (s *shop) orderOf(t *testing.T, id ref.CartID) ref.OrderID {
	t.Helper()
	c, err := s.parts.Carts.Cart(t.Context(), id)
	if err != nil || c.Order.IsZero() {
		t.Fatalf("the cart has the order %v, %v", c.Order, err)
	}
	return c.Order
}

// TestSweepLeavesWhoIsAtWork does not take a charge for missing that is about to be made.
func TestSweepLeavesWhoIsAtWork(t *testing.T) {
	t.Parallel()
	s := open(t)
	slow := ordering.NewService(s.parts, &ordering.Options{Lease: time.Minute})
	s.till.Before(func() {
		s.clock.Advance(ordering.SettleAfter)
		if _, err := slow.SweepOrders(t.Context(), 9); err != nil {
			t.Error(err)
		}
	})
	if p, err := slow.Checkout(t.Context(), scope(), request(s.cart(t, 1), orderingtest.TillCaptures)); err != nil || p.Order.Status != ordering.Placed {
		t.Errorf("got %s, %v", p.Order.Status, err)
	}
}

// TestChargeAfterGivenUp: an attempt that slept so long that its order was given up charges all the same, and what it
// took goes back.
func TestChargeAfterGivenUp(t *testing.T) {
	t.Parallel()
	s := open(t)
	r := request(s.cart(t, 2), orderingtest.TillCaptures)
	s.till.Before(func() { s.sweep(t, ordering.SettleAfter) })
	p, err := s.Checkout(t.Context(), scope(), r)
	wantClass(t, err, ordering.PaymentDeclined)
	s.stands(t, p.Order.ID, ordering.Cancelled, ordering.PaymentRefunded)
	s.moved(t, p.Order.ID, orderingtest.Moved{Held: 1998, Captured: 1998, Refunded: 1998})
	s.reserved(t, 0)
}

// TestSleptBeforeCharge charges nothing once the lease is over.
func TestSleptBeforeCharge(t *testing.T) {
	t.Parallel()
	s := open(t)
	parts := s.parts
	first := true
	parts.Committer = after{parts.Committer, func() {
		if first {
			first = false
			s.clock.Advance(ordering.DefaultLease)
		}
	}}
	r := request(s.cart(t, 1), orderingtest.TillCaptures)
	if _, err := ordering.NewService(parts, nil).Checkout(t.Context(), scope(), r); fault.KindOf(err) != fault.Unknown || len(s.till.Taken()) != 0 {
		t.Errorf("got %v, %d charges", err, len(s.till.Taken()))
	}
	if p := s.checkout(t, r); p.Order.Status != ordering.Placed {
		t.Errorf("the same key gives %s", p.Order.Status)
	}
}

// after calls something after each commit of an order.
type after struct {
	ordering.Committer
	do func()
}

func (a after) Commit(ctx context.Context, c ordering.Commit) (ordering.Outcome, error) {
	out, err := a.Committer.Commit(ctx, c)
	if len(c.Orders) > 0 {
		a.do()
	}
	return out, err
}

// lapsed is a pending order whose claims were taken away.
func (s *shop) lapsed(t *testing.T) ordering.PlacedOrder {
	t.Helper()
	p := s.places(t, orderingtest.TillWaits)
	s.sweep(t, ordering.ClaimTTL)
	if sale := s.stands(t, p.Order.ID, ordering.Pending, ordering.PaymentPending); sale.Order.Holding != ordering.HoldingLapsed {
		t.Errorf("it holds %s", sale.Order.Holding)
	}
	return p
}

// TestPaidLate: money that comes when the claims were taken away claims anew, and goes back when nothing is left.
func TestPaidLate(t *testing.T) {
	t.Parallel()
	for token, back := range map[string]orderingtest.Moved{
		orderingtest.TillCaptures:   {Held: 1998, Captured: 1998, Refunded: 1998},
		orderingtest.TillAuthorizes: {Held: 1998, Voided: 1998},
	} {
		t.Run(token, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			there := s.lapsed(t)
			s.reserved(t, 0)
			s.decides(t, there, token, "evt_1")
			if sale := s.read(t, there.Order.ID); sale.Order.Status != ordering.Placed || sale.Order.Holding != ordering.HoldingOwn ||
				sale.Order.Lines[0].Claim == there.Order.Lines[0].Claim {
				t.Errorf("with stock left: %+v", sale.Order)
			}
			s.reserved(t, 2)
			gone := s.lapsed(t)
			s.checkout(t, request(s.cart(t, 8), orderingtest.TillCaptures)) // Somebody else has the rest.
			s.decides(t, gone, token, "evt_2")
			sale := s.read(t, gone.Order.ID)
			if sale.Order.Status != ordering.Cancelled || sale.Order.Reason != ordering.ReasonStockLost || !sale.Order.Due.IsZero() {
				t.Errorf("without stock: %s, %s, due %v", sale.Order.Status, sale.Order.Reason, sale.Order.Due)
			}
			s.moved(t, gone.Order.ID, back)
			s.reserved(t, 10)
		})
	}
}

// TestClaimsTakenByOthers: somebody else's sweep took the claims away, and the order does not know it.
func TestClaimsTakenByOthers(t *testing.T) {
	t.Parallel()
	for name, left := range map[string]bool{"with stock": true, "without": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			p := s.places(t, orderingtest.TillWaits)
			s.clock.Advance(ordering.ClaimTTL)
			_, err := s.parts.Committer.Commit(t.Context(), ordering.Commit{At: s.clock.Now(), Stock: []ordering.StockEffect{{
				Kind: ordering.StockExpire, Claim: p.Order.Lines[0].Claim, Order: p.Order.ID, SKU: item(1).SKU,
			}}})
			if err != nil {
				t.Fatal(err)
			}
			if !left {
				s.checkout(t, request(s.cart(t, 9), orderingtest.TillCaptures))
			}
			s.decides(t, p, orderingtest.TillCaptures, "evt_1")
			sale := s.read(t, p.Order.ID)
			if left && sale.Order.Status != ordering.Placed || !left && sale.Order.Reason != ordering.ReasonStockLost {
				t.Errorf("the order is %s, %s", sale.Order.Status, sale.Order.Reason)
			}
		})
	}
}

// TestMoneyForACancelledOrder goes back, whatever and whenever it is.
func TestMoneyForACancelledOrder(t *testing.T) {
	t.Parallel()
	for token, back := range map[string]orderingtest.Moved{
		orderingtest.TillCaptures:   {Held: 1998, Captured: 1998, Refunded: 1998},
		orderingtest.TillAuthorizes: {Held: 1998, Voided: 1998},
	} {
		for name, fail := range map[string]error{"at once": nil, "by the sweeper": fault.Down.New("down"), "answer lost": fault.Lost.New("lost")} {
			t.Run(token+" "+name, func(t *testing.T) {
				t.Parallel()
				s := open(t)
				p := s.places(t, orderingtest.TillWaits)
				if _, err := s.Cancel(t.Context(), p.Order.ID, "changed their mind"); err != nil {
					t.Fatal(err)
				}
				s.reserved(t, 0)
				if fail != nil {
					s.till.Fail(fail, fault.KindOf(fail) == fault.Unknown)
				}
				s.decides(t, p, token, "evt_1")
				s.decides(t, p, token, "evt_1")
				s.sweep(t, ordering.SettleAfter)
				s.moved(t, p.Order.ID, back)
				sale := s.read(t, p.Order.ID)
				if sale.Order.Status != ordering.Cancelled || !sale.Order.Due.IsZero() {
					t.Errorf("the order is %s, due %v", sale.Order.Status, sale.Order.Due)
				}
			})
		}
	}
}

// TestCancelWhileNobodyKnows: the provider took the money, its answer was lost, the order is given up; nobody tells of it
// but the provider's books.
func TestCancelWhileNobodyKnows(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.till.Fail(fault.Lost.New("lost"), true)
	p := s.places(t, orderingtest.TillCaptures)
	if _, err := s.Cancel(t.Context(), p.Order.ID, "no"); err != nil {
		t.Fatal(err)
	}
	s.sweep(t, ordering.SettleAfter)
	s.stands(t, p.Order.ID, ordering.Cancelled, ordering.PaymentRefunded)
	s.moved(t, p.Order.ID, orderingtest.Moved{Held: 1998, Captured: 1998, Refunded: 1998})
}

// TestVoidThatFailsIsLeftToStaff is not asked for again and again.
func TestVoidThatFailsIsLeftToStaff(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := s.places(t, orderingtest.TillAuthorizes)
	s.till.Spoil(p.Payments[0].ID, orderingtest.Moved{})
	if _, err := s.Cancel(t.Context(), p.Order.ID, "no"); err != nil {
		t.Fatal(err)
	}
	if err := s.ApplyEvent(t.Context(), told(p.Payments[0], "evt_1", ordering.EventCaptured, 100)); err != nil {
		t.Fatal(err)
	}
	sale := s.read(t, p.Order.ID)
	if n := s.till.Calls(p.Payments[0].ID, ref.CaptureID{}, ref.RefundID{}); n != 1 || sale.Payments[0].Balance().Voiding {
		t.Errorf("it was asked for %d times, balance %+v", n, sale.Payments[0].Balance())
	}
}

// TestRefundThatFailsIsLeftToStaff is not asked for again and again.
func TestRefundThatFailsIsLeftToStaff(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := s.places(t, orderingtest.TillWaits)
	if _, err := s.Cancel(t.Context(), p.Order.ID, "no"); err != nil {
		t.Fatal(err)
	}
	s.till.Before(func() { s.till.Spoil(p.Payments[0].ID, orderingtest.Moved{}) })
	s.decides(t, p, orderingtest.TillCaptures, "evt_1")
	sale := s.stands(t, p.Order.ID, ordering.Cancelled, ordering.PaymentPaid)
	if e := sale.Payments[0].Effects(); len(e) != 1 || e[0].State != ordering.EffectFailed || !sale.Order.Due.IsZero() {
		t.Errorf("effects %+v, due %v", e, sale.Order.Due)
	}
	s.till.Spoil(p.Payments[0].ID, orderingtest.Moved{Held: 1998, Captured: 1998})
	if got, err := s.Refund(t.Context(), refund(p.Order.ID, "1", 0)); err != nil || got.State != ordering.EffectSucceeded {
		t.Errorf("by hand: %s, %v", got.State, err)
	}
}

func TestCancel(t *testing.T) {
	t.Parallel()
	for token, want := range map[string]struct {
		moved   orderingtest.Moved
		payment ordering.PaymentStatus
	}{
		orderingtest.TillCaptures:   {orderingtest.Moved{Held: 1998, Captured: 1998, Refunded: 1998}, ordering.PaymentRefunded},
		orderingtest.TillAuthorizes: {orderingtest.Moved{Held: 1998, Voided: 1998}, ordering.PaymentVoided},
		"":                          {orderingtest.Moved{}, ordering.PaymentNone},
	} {
		s := open(t)
		p := s.places(t, token)
		sale, err := s.Cancel(t.Context(), p.Order.ID, "changed their mind")
		if err != nil || sale.Order.Status != ordering.Cancelled || sale.Order.Reason != "changed their mind" {
			t.Fatalf("%q: %+v, %v", token, sale.Order, err)
		}
		s.stands(t, p.Order.ID, ordering.Cancelled, want.payment)
		s.moved(t, p.Order.ID, want.moved)
		s.reserved(t, 0)
		if c, err := s.parts.Carts.Cart(t.Context(), p.Order.Cart); err != nil || c.Status != ordering.CartDone {
			t.Errorf("%q: its cart is %s, %v", token, c.Status, err)
		}
		if sale := s.read(t, p.Order.ID); !sale.Order.Due.IsZero() {
			t.Errorf("%q: due %v", token, sale.Order.Due)
		}
		_, err = s.Cancel(t.Context(), p.Order.ID, "again")
		wantClass(t, err, statemachine.IllegalTransition)
	}
	s := open(t)
	_, err := s.Cancel(t.Context(), s.places(t, "").Order.ID, " ")
	wantFields(t, err, "reason")
}

// TestCancelWhileCapturing: what the capture comes to is dealt with when it is known.
func TestCancelWhileCapturing(t *testing.T) {
	t.Parallel()
	for name, stand := range map[string]bool{"it stands": true, "it does not": false} {
		s := open(t)
		id := s.places(t, orderingtest.TillAuthorizes).Order.ID
		s.till.Fail(fault.Lost.New("lost"), stand)
		if _, err := s.Capture(t.Context(), capture(id, "1", 500)); err != nil {
			t.Fatal(err)
		}
		s.till.Fail(fault.Down.New("down"), false)
		if _, err := s.Cancel(t.Context(), id, "no"); err != nil {
			t.Fatal(err)
		}
		s.sweep(t, ordering.SettleAfter)
		s.sweep(t, ordering.SettleAfter)
		s.moved(t, id, orderingtest.Moved{Held: 1998, Captured: 500, Voided: 1498, Refunded: 500})
		if sale := s.read(t, id); !sale.Order.Due.IsZero() {
			t.Errorf("%s: due %v, effects %+v", name, sale.Order.Due, sale.Payments[0].Effects())
		}
	}
}

func TestSettlePayment(t *testing.T) {
	t.Parallel()
	for state, want := range map[ordering.ChargeState]ordering.Status{
		ordering.ChargeCaptured: ordering.Placed, ordering.ChargeAuthorized: ordering.Placed, ordering.ChargeDeclined: ordering.Cancelled,
	} {
		s := open(t)
		r := request(s.cart(t, 1), orderingtest.TillCaptures)
		r.Provider = "blind"
		s.till.Fail(fault.Lost.New("lost"), false)
		p := s.checkout(t, r)
		s.sweep(t, time.Hour) // Nobody can be asked.
		s.stands(t, p.Order.ID, ordering.Pending, ordering.PaymentPending)
		for _, bad := range []ordering.ChargeState{ordering.ChargePending, ""} {
			_, err := s.SettlePayment(t.Context(), p.Order.ID, p.Payments[0].ID, ordering.ChargeResult{State: bad})
			wantFields(t, err, "state")
		}
		_, err := s.SettlePayment(t.Context(), p.Order.ID, ref.NewID[ref.PaymentKind](uuid(99)), ordering.ChargeResult{State: state})
		wantClass(t, err, fault.Missing)
		sale, err := s.SettlePayment(t.Context(), p.Order.ID, p.Payments[0].ID, ordering.ChargeResult{State: state})
		if err != nil || sale.Order.Status != want {
			t.Errorf("%s: %s, %v", state, sale.Order.Status, err)
		}
	}
}

// TestNobodyPays gives an order up that its provider leaves undecided for too long; should the money come it goes back.
func TestNobodyPays(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := s.places(t, orderingtest.TillWaits)
	looked := 0
	for range 1000 {
		s.clock.Advance(10 * time.Minute)
		looked += s.sweep(t).Orders
	}
	s.stands(t, p.Order.ID, ordering.Pending, ordering.PaymentPending)
	if looked > 200 {
		t.Errorf("it was looked at %d times in a week", looked)
	}
	s.sweep(t, time.Hour)
	s.sweep(t, time.Hour)
	s.stands(t, p.Order.ID, ordering.Cancelled, ordering.PaymentNone)
	s.decides(t, p, orderingtest.TillCaptures, "evt_1")
	s.stands(t, p.Order.ID, ordering.Cancelled, ordering.PaymentRefunded)
}

// TestSweepGoesOn: one order that cannot be settled keeps no other waiting, and waits longer each time.
func TestSweepGoesOn(t *testing.T) {
	t.Parallel()
	s := open(t)
	first, second := s.places(t, orderingtest.TillWaits), s.places(t, orderingtest.TillWaits)
	s.till.Decide(second.Payments[0].ID, orderingtest.TillCaptures)
	s.till.Fail(fault.Down.New("down"), false)
	s.clock.Advance(ordering.SettleAfter)
	swept, err := s.SweepOrders(t.Context(), 9)
	if !fault.Is(errorsOf(err), fault.Down) || swept.Orders != 2 {
		t.Errorf("swept %+v, %v", swept, err)
	}
	s.stands(t, second.Order.ID, ordering.Placed, ordering.PaymentPaid)
	if sale := s.read(t, first.Order.ID); !sale.Order.Due.After(s.clock.Now()) {
		t.Errorf("it is due %v, and it is %v", sale.Order.Due, s.clock.Now())
	}
}

func TestSweepIsBounded(t *testing.T) {
	t.Parallel()
	s := open(t)
	for range 3 {
		s.places(t, orderingtest.TillWaits)
	}
	s.clock.Advance(ordering.SettleAfter)
	for i, want := range []int{2, 1, 0} {
		swept, err := s.SweepOrders(t.Context(), 2)
		if err != nil || swept.Orders != want {
			t.Errorf("sweep %d looked at %d, %v; want %d", i, swept.Orders, err, want)
		}
	}
}
