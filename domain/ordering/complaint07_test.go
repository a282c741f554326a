package ordering_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
)

// errCut ends an attempt.
var errCut = errors.New("power cut")

// deed is something that can happen to an order; whether it is possible is the order's to say.
type deed struct {
	name string
	do   func(t *testing.T, s *shop, h *shyHolder, id ref.OrderID)
}

// deeds are what buyers, staff, providers and chance do.
func deeds() []deed {
	payment := func(t *testing.T, s *shop, id ref.OrderID) ordering.Payment {
		t.Helper()
		return s.read(t, id).Payments[0]
	}
	tell := func(token string) func(*testing.T, *shop, *shyHolder, ref.OrderID) {
		return func(t *testing.T, s *shop, _ *shyHolder, id ref.OrderID) {
			t.Helper()
			p := payment(t, s, id)
			e := ordering.ChargeEvent(p, s.till.Decide(p.ID, token))
			e.ID = "evt_" + string(e.Kind)
			_ = s.ApplyEvent(t.Context(), e)
		}
	}
	lost := func(stand bool, do func(*testing.T, *shop, ref.OrderID)) func(*testing.T, *shop, *shyHolder, ref.OrderID) {
		return func(t *testing.T, s *shop, _ *shyHolder, id ref.OrderID) {
			t.Helper()
			s.till.Before(func() { s.till.Fail(fault.Lost.New("lost"), stand) })
			do(t, s, id)
			s.till.Before(nil)
		}
	}
	key := func(s *shop) string { return s.clock.Now().String() }
	captures := func(t *testing.T, s *shop, id ref.OrderID) {
		t.Helper()
		_, _ = s.Capture(t.Context(), capture(id, key(s), 700))
	}
	refunds := func(t *testing.T, s *shop, id ref.OrderID) {
		t.Helper()
		_, _ = s.Refund(t.Context(), refund(id, key(s), 300))
	}
	plain := func(do func(*testing.T, *shop, ref.OrderID)) func(*testing.T, *shop, *shyHolder, ref.OrderID) {
		return func(t *testing.T, s *shop, _ *shyHolder, id ref.OrderID) { t.Helper(); do(t, s, id) }
	}
	return []deed{
		{"captured", tell(orderingtest.TillCaptures)},
		{"authorized", tell(orderingtest.TillAuthorizes)},
		{"declined", tell(orderingtest.TillDeclines)},
		{"voided at the provider", plain(func(t *testing.T, s *shop, id ref.OrderID) {
			t.Helper()
			_ = s.ApplyEvent(t.Context(), told(payment(t, s, id), "evt_void", ordering.EventVoided, 0))
		})},
		{"refunded at the provider", plain(func(t *testing.T, s *shop, id ref.OrderID) {
			t.Helper()
			_ = s.ApplyEvent(t.Context(), told(payment(t, s, id), "evt_refund", ordering.EventRefunded, 100))
		})},
		{"capture", plain(captures)},
		{"capture, lost", lost(true, captures)},
		{"capture, never made", lost(false, captures)},
		{"refund", plain(refunds)},
		{"refund, lost", lost(true, refunds)},
		{"refund, cut off", plain(func(t *testing.T, s *shop, id ref.OrderID) {
			t.Helper()
			s.faults.Inject(ordering.AfterCommit, errCut)
			refunds(t, s, id)
			s.faults.Clear()
		})},
		{"void, lost", lost(true, func(t *testing.T, s *shop, id ref.OrderID) { t.Helper(); _, _ = s.Void(t.Context(), id) })},
		{"cancel", plain(func(t *testing.T, s *shop, id ref.OrderID) { t.Helper(); _, _ = s.Cancel(t.Context(), id, "no") })},
		{"cancel, cut off", plain(func(t *testing.T, s *shop, id ref.OrderID) {
			t.Helper()
			s.faults.Inject(ordering.AfterCommit, errCut)
			_, _ = s.Cancel(t.Context(), id, "no")
			s.faults.Clear()
		})},
		{"send one", plain(func(t *testing.T, s *shop, id ref.OrderID) {
			t.Helper()
			_, _, _ = s.Fulfil(t.Context(), id, some(s.read(t, id).Order, 1), nil)
		})},
		{"send all", plain(func(t *testing.T, s *shop, id ref.OrderID) { t.Helper(); _, _, _ = s.Fulfil(t.Context(), id, nil, nil) })},
		{"deliver", plain(func(t *testing.T, s *shop, id ref.OrderID) {
			t.Helper()
			for _, f := range s.read(t, id).Order.Fulfilments {
				_, _ = s.MarkDelivered(t.Context(), id, f.ID)
			}
		})},
		{"call back", plain(func(t *testing.T, s *shop, id ref.OrderID) {
			t.Helper()
			for _, f := range s.read(t, id).Order.Fulfilments {
				_, _ = s.CancelFulfilment(t.Context(), id, f.ID, nil)
			}
		})},
		{"money by other ways", plain(func(t *testing.T, s *shop, id ref.OrderID) {
			t.Helper()
			_, _ = s.RecordPayment(t.Context(), id, "cash", ordering.Receipt{Amount: gbp(1000), Reference: key(s)})
		})},
		{"sweep", plain(func(t *testing.T, s *shop, _ ref.OrderID) {
			t.Helper()
			s.clock.Advance(ordering.SettleAfter)
			_, _ = s.SweepOrders(t.Context(), 9)
		})},
		{"time passes", plain(func(t *testing.T, s *shop, _ ref.OrderID) {
			t.Helper()
			s.clock.Advance(ordering.ClaimTTL)
			_, _ = s.SweepOrders(t.Context(), 9)
		})},
		{"the goods go to others", plain(func(t *testing.T, s *shop, _ ref.OrderID) {
			t.Helper()
			for n := int64(10); n > 0; n-- {
				if _, err := s.Checkout(t.Context(), scope(), request(s.cart(t, n), orderingtest.TillCaptures)); err == nil {
					return
				}
			}
		})},
	}
}

// beginnings are the ways in which an order comes to be.
func beginnings() map[string]func(t *testing.T) (*shop, *shyHolder, ref.OrderID) {
	begin := func(token string, open func(t *testing.T) (*shop, *shyHolder), cut func(*shop, *shyHolder)) func(t *testing.T) (*shop, *shyHolder, ref.OrderID) {
		return func(t *testing.T) (*shop, *shyHolder, ref.OrderID) {
			t.Helper()
			s, h := open(t)
			r := request(s.cart(t, 2), token)
			if token == "" {
				r.Provider = "cash"
			}
			if cut != nil {
				cut(s, h)
			}
			_, _ = s.Checkout(t.Context(), scope(), r)
			s.faults.Clear()
			return s, h, s.orderOf(t, r.Cart)
		}
	}
	own := func(t *testing.T) (*shop, *shyHolder) { t.Helper(); return open(t), nil }
	return map[string]func(t *testing.T) (*shop, *shyHolder, ref.OrderID){
		"waiting":         begin(orderingtest.TillWaits, own, nil),
		"authorized":      begin(orderingtest.TillAuthorizes, own, nil),
		"paid":            begin(orderingtest.TillCaptures, own, nil),
		"by other ways":   begin("", own, nil),
		"cut off":         begin(orderingtest.TillCaptures, own, func(s *shop, _ *shyHolder) { s.faults.Inject(ordering.AfterCommit, errCut) }),
		"outside":         begin(orderingtest.TillAuthorizes, outside, nil),
		"outside waiting": begin(orderingtest.TillWaits, outside, nil),
		"outside cut off": begin(orderingtest.TillCaptures, outside, func(_ *shop, h *shyHolder) { h.after = fault.Lost.New("lost") }),
	}
}

// signature is the state of a sale, as far as it decides what can be done.
func signature(x ordering.Sale) string {
	o := x.Order
	out := []string{string(o.Status), string(o.Holding), string(x.PaymentStatus()), string(ordering.FulfilmentStatusOf(o))}
	for _, p := range x.Payments {
		out = append(out, string(p.State()))
		for _, e := range p.Effects() {
			out = append(out, string(e.Kind)+" "+string(e.State))
		}
	}
	for _, f := range o.Fulfilments {
		out = append(out, string(f.State))
	}
	slices.Sort(out[4:])
	return strings.Join(slices.Compact(out), ", ") + fmt.Sprintf(", %d open, due %v", len(o.Open), !o.Due.IsZero())
}

// wayOut brings an order to its end with what staff and the sweeper can do, and gives what is in the way.
func wayOut(t *testing.T, s *shop, id ref.OrderID) string {
	t.Helper()
	ctx := t.Context()
	for range 12 {
		s.clock.Advance(2 * time.Hour)
		_, _ = s.SweepOrders(ctx, 100)
		x := s.read(t, id)
		for _, p := range x.Payments {
			for _, e := range p.Effects() {
				if e.Open() {
					name := e.Capture.String()
					if e.Kind == ordering.EffectRefund {
						name = e.Refund.String()
					}
					_, _ = s.SettleEffect(ctx, id, name, ordering.EffectResult{State: ordering.EffectSucceeded})
				}
			}
			if !p.Settled() && x.Order.Status == ordering.Cancelled {
				_, _ = s.SettlePayment(ctx, id, p.ID, ordering.ChargeResult{State: ordering.ChargeDeclined})
			}
		}
		x = s.read(t, id)
		if ordering.OrderMachine.Rests(x.Order.Status) && x.Order.Due.IsZero() && len(x.Order.Open) == 0 {
			return ""
		}
		if _, err := s.Cancel(ctx, id, "the way out"); fault.Is(err, ordering.OrderSent) {
			_, _ = s.Complete(ctx, id, true)
		}
	}
	return signature(s.read(t, id)) + fmt.Sprintf(", tasks %+v", s.read(t, id).Tasks(s.clock.Now()))
}

// atRest checks what must be true of an order at its end: its books are the provider's, a cancelled one has no money of
// anybody's and holds nothing.
func atRest(t *testing.T, s *shop, id ref.OrderID, foreign bool) string {
	t.Helper()
	x := s.read(t, id)
	for _, p := range x.Payments {
		b := p.Balance()
		if x.Order.Status == ordering.Cancelled && (b.Captured != b.Refunded || b.Open() > 0) {
			return fmt.Sprintf("it is cancelled with %+v", b)
		}
		moved := s.till.Moved()[p.ID]
		if foreign || p.Provider != "till" {
			continue
		}
		if ours := (orderingtest.Moved{Held: b.Authorized, Captured: b.Captured, Voided: b.Voided, Refunded: b.Refunded}); ours != moved {
			return fmt.Sprintf("its books say %+v and the till %+v", ours, moved)
		}
	}
	for _, l := range x.Order.Lines {
		c, known, err := s.store.Claim(t.Context(), l.Claim)
		if err != nil {
			t.Fatal(err)
		}
		if known && c.Held() > 0 {
			return fmt.Sprintf("it is %s and holds %d", x.Order.Status, c.Held())
		}
	}
	return ""
}

// TestComplaint07StuckState goes from every beginning through all that can happen, and from every state that this
// reaches there is a way to rest: with what the sweeper does and what staff can do.
func TestComplaint07StuckState(t *testing.T) {
	t.Parallel()
	const depth = 3
	for name, begin := range beginnings() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all := deeds()
			seen := map[string]bool{}
			paths := [][]int{{}}
			for level := 0; level <= depth; level++ {
				var next [][]int
				for _, path := range paths {
					s, h, id := begin(t)
					for _, d := range path {
						all[d].do(t, s, h, id)
					}
					now := signature(s.read(t, id))
					if seen[now] {
						continue
					}
					seen[now] = true
					var names []string
					for _, d := range path {
						names = append(names, all[d].name)
					}
					stuck := wayOut(t, s, id)
					if stuck == "" {
						stuck = atRest(t, s, id, strings.Contains(strings.Join(names, ""), "at the provider"))
					}
					if stuck != "" {
						t.Fatalf("after %s the order is %s, and ends as %s", strings.Join(names, ", then "), now, stuck)
					}
					for d := range all {
						next = append(next, append(slices.Clone(path), d))
					}
				}
				paths = next
			}
			if len(seen) < 15 {
				t.Errorf("only %d states were reached: %v", len(seen), seen)
			}
			t.Logf("%d states", len(seen))
		})
	}
}
