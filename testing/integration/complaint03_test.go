package integration_test

import (
	"errors"
	"fmt"
	"strconv"
	"sync"
	"testing"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
)

// TestComplaint03PaidWithoutOrder kills a checkout at every step, loses every answer, and lets the provider tell of it
// first, second, twice or never; the buyer comes back or does not. In the end, a minute later, there is one order: paid
// and holding its goods, or given up with nobody's money and all goods back. Never is money taken without an order.
func TestComplaint03PaidWithoutOrder(t *testing.T) {
	t.Parallel()
	cut := errors.New("power cut")
	kills := map[string]func(d *office){
		"nothing fails":               func(*office) {},
		"the charge is not made":      func(d *office) { d.till.Fail(fault.Lost.New("lost"), false) },
		"the charge's answer is lost": func(d *office) { d.till.Fail(fault.Lost.New("lost"), true) },
		"the provider is down":        func(d *office) { d.till.Fail(fault.Down.New("down"), false) },
	}
	for _, p := range ordering.Points() {
		kills[fmt.Sprintf("the claim fails at %s", p)] = func(d *office) { d.Faults.Inject(p, cut) }
		kills[fmt.Sprintf("the end fails at %s", p)] = func(d *office) {
			d.till.Before(func() { d.Faults.Inject(p, cut) })
		}
	}
	onBoth(t, func(t *testing.T, d *office) {
		t.Helper()
		for kill, do := range kills {
			for _, told := range []string{"never", "first", "second", "twice", "at once"} {
				for _, token := range []string{orderingtest.TillCaptures, orderingtest.TillAuthorizes, orderingtest.TillDeclines, orderingtest.TillWaits} {
					for _, back := range []bool{true, false} {
						name := fmt.Sprintf("%s, %s, told %s, comes back %v", kill, token, told, back)
						if !t.Run(name, func(t *testing.T) { paidWithoutOrder(t, d, do, told, token, back) }) {
							return
						}
					}
				}
			}
		}
	})
}

func paidWithoutOrder(t *testing.T, d *office, kill func(*office), told, token string, back bool) {
	t.Helper()
	defer d.Faults.Clear()
	item := d.goods(t, 5)
	r := d.request(t, item, 2, token)
	kill(d)
	var telling sync.WaitGroup
	if told == "first" { // The message overtakes the answer.
		d.till.Meanwhile(func(id ref.PaymentID) {
			for range 2 { // What meets the fault is sent again.
				if _, payments, err := d.Harness.Orders.OfPayment(t.Context(), id); err == nil {
					d.webhook(t, payments[0])
					return
				}
			}
		})
	}
	first, err := d.Checkout(t.Context(), tillScope(), r)
	d.till.Before(nil)
	d.till.Meanwhile(nil)
	orders := d.ordersOf(t, item.SKU)
	for _, o := range orders {
		p := o.Payments[0]
		d.till.Decide(p.ID, orderingtest.TillCaptures)
		switch told {
		case "never":
		case "at once":
			for range 4 {
				telling.Go(func() { d.webhook(t, p) })
			}
		case "twice":
			d.webhook(t, p)
			d.webhook(t, p)
		default:
			d.webhook(t, p)
		}
	}
	if back {
		d.clock.Advance(ordering.DefaultLease)
		again, againErr := d.Checkout(t.Context(), tillScope(), r)
		if againErr == nil && err == nil && again.Order.ID != first.Order.ID {
			t.Errorf("the same key gives %s and then %s", first.Order.Number, again.Order.Number)
		}
	}
	telling.Wait()
	d.Faults.Clear()
	for _, o := range d.ordersOf(t, item.SKU) {
		d.till.Decide(o.Payments[0].ID, orderingtest.TillCaptures)
	}
	d.sweep(t, 2) // A minute.
	orders = d.ordersOf(t, item.SKU)
	if len(orders) > 1 || len(orders) == 0 && (err == nil || back) {
		t.Fatalf("%d orders; the checkout said %v", len(orders), err)
	}
	charges := 0
	for _, o := range orders {
		s := d.books(t, o.Order.ID)
		m := d.till.Moved()[s.Payments[0].ID]
		if m.Held > 0 {
			charges++
		}
		switch s.Order.Status {
		case ordering.Placed:
			if m.Held != s.Order.Totals.Total.Minor() || m.Voided+m.Refunded > 0 {
				t.Errorf("it is placed with %+v of %s", m, s.Order.Totals.Total)
			}
			d.stock(t, item.SKU, 5, 2)
		case ordering.Cancelled:
			d.stock(t, item.SKU, 5, 0)
		default:
			t.Errorf("a minute later it is %s", s.Order.Status)
		}
	}
	if len(orders) == 0 {
		d.stock(t, item.SKU, 5, 0)
	}
	if charges > 1 {
		t.Errorf("it was charged %d times", charges)
	}
}

// TestLostAnswersOfEveryKind loses the answer of every charge, capture and refund of many orders: the provider made each
// of them once, and a minute after the last one all books agree.
func TestLostAnswersOfEveryKind(t *testing.T) {
	t.Parallel()
	const orders = 100
	onBoth(t, func(t *testing.T, d *office) {
		t.Helper()
		item := d.goods(t, orders)
		var ids []ref.OrderID
		lose := func() { d.till.Fail(fault.Lost.New("lost"), true) }
		for range orders {
			r := d.request(t, item, 1, orderingtest.TillAuthorizes)
			lose()
			p, err := d.Checkout(t.Context(), tillScope(), r)
			if err != nil || p.Order.Status != ordering.Pending {
				t.Fatalf("a checkout: %s, %v", p.Order.Status, err)
			}
			ids = append(ids, p.Order.ID)
		}
		d.sweep(t, 1)
		for i, id := range ids {
			lose()
			if got, err := d.Capture(t.Context(), ordering.CaptureRequest{Order: id, Actor: "stf_1", Key: "c"}); err != nil || got.State != ordering.EffectUnknown {
				t.Fatalf("order %d: a capture: %s, %v", i, got.State, err)
			}
		}
		d.sweep(t, 1)
		for i, id := range ids {
			lose()
			if got, err := d.Refund(t.Context(), ordering.RefundRequest{Order: id, Actor: "stf_1", Key: "r"}); err != nil || got.State != ordering.EffectUnknown {
				t.Fatalf("order %d: a refund: %s, %v", i, got.State, err)
			}
		}
		d.sweep(t, 1)
		for _, id := range ids {
			s := d.books(t, id)
			if s.PaymentStatus() != ordering.PaymentRefunded || s.Order.Status != ordering.Placed {
				t.Errorf("order %s is %s and %s", s.Order.Number, s.Order.Status, s.PaymentStatus())
			}
			if m := d.till.Moved()[s.Payments[0].ID]; m != (orderingtest.Moved{Held: 999, Captured: 999, Refunded: 999}) {
				t.Errorf("the till moved %+v", m)
			}
		}
	})
}

// TestAllAtOnceOnOneOrder finalizes, cancels, captures, refunds, tells and sweeps one order at once, many times: nothing
// waits for ever, and afterwards there is one truth.
func TestAllAtOnceOnOneOrder(t *testing.T) {
	t.Parallel()
	const rounds = 25
	onBoth(t, func(t *testing.T, d *office) {
		t.Helper()
		item := d.goods(t, 2*rounds)
		tokens := []string{orderingtest.TillCaptures, orderingtest.TillAuthorizes, orderingtest.TillDeclines}
		for round := range rounds {
			token := tokens[round%len(tokens)]
			r := d.request(t, item, 1, orderingtest.TillWaits)
			p, err := d.Checkout(t.Context(), tillScope(), r)
			if err != nil {
				t.Fatalf("a checkout: %v", err)
			}
			id, pay := p.Order.ID, p.Payments[0]
			d.till.Decide(pay.ID, token)
			d.clock.Advance(ordering.SettleAfter)
			var all sync.WaitGroup
			for i := range 3 {
				all.Go(func() { d.webhook(t, pay) })
				all.Go(func() { _, _ = d.SweepOrders(t.Context(), 100) })
				all.Go(func() {
					_, _ = d.Capture(t.Context(), ordering.CaptureRequest{Order: id, Actor: "stf_1", Key: strconv.Itoa(i)})
				})
				all.Go(func() {
					_, _ = d.Refund(t.Context(), ordering.RefundRequest{Order: id, Actor: "stf_1", Key: strconv.Itoa(i)})
				})
				all.Go(func() { _, _ = d.Checkout(t.Context(), tillScope(), r) })
			}
			all.Go(func() { _, _ = d.Cancel(t.Context(), id, "changed their mind") })
			all.Go(func() { _, _, _ = d.Fulfil(t.Context(), id, nil, nil) })
			all.Wait()
			d.sweep(t, 4)
			s := d.books(t, id)
			for _, l := range s.Order.Lines {
				c, known, err := d.Claim(t.Context(), l.Claim)
				if err != nil || !known {
					t.Fatalf("reading a claim: %v", err)
				}
				if held := c.Held() > 0; held != (s.Order.Status == ordering.Placed && len(s.Order.Fulfilments) == 0) {
					t.Errorf("order %s is %s, sent %v, and its claim is %s", s.Order.Number, s.Order.Status, len(s.Order.Fulfilments) > 0, c.State)
				}
			}
		}
	})
}
