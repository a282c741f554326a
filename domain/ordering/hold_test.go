package ordering_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/adapters/memory"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
)

// shyHolder is a stock holder that fails when it is told to, before or after it did what it was asked.
type shyHolder struct {
	*memory.Holder
	before, after error
	silent        bool // Whether it cannot be told anything at the moment.
}

// ask does a thing and fails as it was told, once.
func (h *shyHolder) ask(do func() error) error {
	if err := h.before; err != nil {
		h.before = nil
		return err
	}
	err := do()
	if h.after != nil {
		err, h.after = h.after, nil
	}
	return err
}

func (h *shyHolder) Hold(ctx context.Context, c ordering.HoldCall) (short []ordering.Shortage, err error) {
	err = h.ask(func() (err error) {
		short, err = h.Holder.Hold(ctx, c)
		return err
	})
	return short, err
}

func (h *shyHolder) Confirm(ctx context.Context, id ref.OrderID) error {
	if h.silent {
		return fault.Down.New("nobody listens")
	}
	return h.ask(func() error { return h.Holder.Confirm(ctx, id) })
}

func (h *shyHolder) Release(ctx context.Context, id ref.OrderID) error {
	return h.ask(func() error { return h.Holder.Release(ctx, id) })
}

// outside makes a shop whose goods are an ERP's: ten of item 1.
func outside(t *testing.T) (*shop, *shyHolder) {
	t.Helper()
	s := open(t)
	h := &shyHolder{Holder: memory.NewHolder(s.clock)}
	h.Receive(item(1).SKU, 10)
	s.parts.Holder = h
	s.Service = ordering.NewService(s.parts, nil)
	return s, h
}

// holds checks how many of item 1 the holder has left, and how the order stands with it.
func (s *shop) holds(t *testing.T, h *shyHolder, id ref.OrderID, free int64, want ordering.Holding) {
	t.Helper()
	o := s.read(t, id).Order
	if got := h.Free(item(1).SKU); got != free || o.Holding != want {
		t.Errorf("%d are free and the order's are %s, want %d and %s", got, o.Holding, free, want)
	}
}

func TestOutsideStock(t *testing.T) {
	t.Parallel()
	for token, status := range map[string]ordering.Status{
		orderingtest.TillCaptures: ordering.Placed, orderingtest.TillAuthorizes: ordering.Placed, "": ordering.Placed, orderingtest.TillWaits: ordering.Pending,
	} {
		s, h := outside(t)
		r := request(s.cart(t, 2), token)
		if token == "" {
			r.Provider = "cash"
		}
		p := s.checkout(t, r)
		if p.Order.Status != status || p.Replayed {
			t.Fatalf("%q: %s", token, p.Order.Status)
		}
		want := ordering.HoldingReserved
		if status == ordering.Placed {
			want = ordering.HoldingConfirmed
		}
		s.holds(t, h, p.Order.ID, 8, want)
		s.reserved(t, 0) // The shop's own stock is not touched.
		if again := s.checkout(t, r); !again.Replayed || again.Order.ID != p.Order.ID {
			t.Errorf("%q: a replay: %+v", token, again)
		}
		if _, err := s.Cancel(t.Context(), p.Order.ID, "no"); err != nil {
			t.Fatal(err)
		}
		s.holds(t, h, p.Order.ID, 10, ordering.HoldingReleased)
	}
}

func TestOutsideStockIsConfirmedAtOnce(t *testing.T) {
	t.Parallel()
	s, h := outside(t)
	p := s.places(t, orderingtest.TillCaptures)
	s.holds(t, h, p.Order.ID, 8, ordering.HoldingConfirmed)
	if sale := s.read(t, p.Order.ID); !sale.Order.Due.IsZero() {
		t.Errorf("due %v", sale.Order.Due)
	}
}

func TestOutsideStockIsShort(t *testing.T) {
	t.Parallel()
	s, h := outside(t)
	r := request(s.cart(t, 11), orderingtest.TillCaptures)
	for i := range 2 {
		p, err := s.Checkout(t.Context(), scope(), r)
		wantClass(t, err, ordering.OutOfStock)
		if p.Order.Status != ordering.Cancelled || p.Order.Reason != ordering.ReasonNoStock || p.Replayed != (i == 1) {
			t.Errorf("time %d: %+v", i, p.Order)
		}
		s.holds(t, h, p.Order.ID, 10, ordering.HoldingReleased)
	}
	c, err := s.parts.Carts.Cart(t.Context(), r.Cart)
	if err != nil || c.Status != ordering.CartActive {
		t.Errorf("the cart is %s, %v", c.Status, err)
	}
	if len(s.till.Taken()) != 0 {
		t.Error("it was charged")
	}
	h.Receive(item(1).SKU, 1)
	r.Key = "k2"
	if p := s.checkout(t, r); p.Order.Status != ordering.Placed {
		t.Errorf("with more stock: %s", p.Order.Status)
	}
}

// TestOutsideStockDeclined gives the goods back.
func TestOutsideStockDeclined(t *testing.T) {
	t.Parallel()
	s, h := outside(t)
	p, err := s.Checkout(t.Context(), scope(), request(s.cart(t, 2), orderingtest.TillDeclines))
	wantClass(t, err, ordering.PaymentDeclined)
	s.holds(t, h, p.Order.ID, 10, ordering.HoldingReleased)
}

// TestOutsideStockIsCutOff kills a checkout between any two steps; the buyer comes back, or the sweeper finishes.
func TestOutsideStockIsCutOff(t *testing.T) {
	t.Parallel()
	cut := errors.New("power cut")
	for name, kill := range map[string]func(s *shop, h *shyHolder){
		"once it is written":         func(s *shop, _ *shyHolder) { s.faults.Inject(ordering.AfterCommit, cut) },
		"before it is held":          func(_ *shop, h *shyHolder) { h.before = fault.Down.New("down") },
		"the hold's answer is lost":  func(_ *shop, h *shyHolder) { h.after = fault.Lost.New("lost") },
		"before the charge is noted": func(s *shop, _ *shyHolder) { s.till.Before(func() { s.faults.Inject(ordering.BeforeCommit, cut) }) },
		"once the charge is noted":   func(s *shop, _ *shyHolder) { s.till.Before(func() { s.faults.Inject(ordering.AfterCommit, cut) }) },
		"before it is confirmed":     func(s *shop, h *shyHolder) { s.till.Before(func() { h.before = fault.Down.New("down") }) },
		"the word's answer is lost":  func(s *shop, h *shyHolder) { s.till.Before(func() { h.after = fault.Lost.New("lost") }) },
	} {
		for _, back := range []bool{true, false} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				s, h := outside(t)
				r := request(s.cart(t, 2), orderingtest.TillCaptures)
				kill(s, h)
				_, err := s.Checkout(t.Context(), scope(), r)
				if err != nil && fault.KindOf(err) != fault.Unknown {
					t.Fatalf("got %v", err)
				}
				id := s.orderOf(t, r.Cart)
				if back {
					s.clock.Advance(ordering.DefaultLease)
					s.checkout(t, r)
				}
				for range 4 {
					s.sweep(t, ordering.SettleAfter)
				}
				sale := s.read(t, id)
				charged := len(s.till.Taken()) == 1
				switch {
				case !sale.Order.Due.IsZero(), len(sale.Order.Open) > 0, back && !charged:
					t.Errorf("it does not rest: %s, due %v, open %v", sale.Order.Status, sale.Order.Due, sale.Order.Open)
				case charged:
					s.stands(t, id, ordering.Placed, ordering.PaymentPaid)
					s.holds(t, h, id, 8, ordering.HoldingConfirmed)
				default:
					s.stands(t, id, ordering.Cancelled, ordering.PaymentNone)
					s.holds(t, h, id, 10, ordering.HoldingReleased)
				}
			})
		}
	}
}

// TestOutsideStockPaidLate: the holder gave the goods up before the money came.
func TestOutsideStockPaidLate(t *testing.T) {
	t.Parallel()
	for name, left := range map[string]bool{"and has them still": true, "and has them no more": false} {
		s, h := outside(t)
		p := s.places(t, orderingtest.TillWaits)
		s.clock.Advance(ordering.ClaimTTL + time.Second)
		if !left {
			s.checkout(t, request(s.cart(t, 10), orderingtest.TillCaptures))
		}
		s.decides(t, p, orderingtest.TillCaptures, "evt_1")
		s.sweep(t, ordering.SettleAfter)
		if left {
			s.stands(t, p.Order.ID, ordering.Placed, ordering.PaymentPaid)
			s.holds(t, h, p.Order.ID, 8, ordering.HoldingConfirmed)
			continue
		}
		sale := s.stands(t, p.Order.ID, ordering.Cancelled, ordering.PaymentRefunded)
		if sale.Order.Reason != ordering.ReasonStockLost {
			t.Errorf("%s: %s", name, sale.Order.Reason)
		}
	}
}

// TestOutsideStockLostUnpaid: an order that is paid by other ways loses its goods before they were confirmed.
func TestOutsideStockLostUnpaid(t *testing.T) {
	t.Parallel()
	s, h := outside(t)
	r := request(s.cart(t, 2), "")
	r.Provider = "cash"
	h.silent = true
	id := s.checkout(t, r).Order.ID
	s.holds(t, h, id, 8, ordering.HoldingReserved)
	h.silent = false
	s.clock.Advance(ordering.ClaimTTL)
	s.checkout(t, request(s.cart(t, 10), orderingtest.TillCaptures))
	s.sweep(t, ordering.SettleAfter)
	sale := s.stands(t, id, ordering.Cancelled, ordering.PaymentNone)
	if sale.Order.Reason != ordering.ReasonStockLost || !sale.Order.Due.IsZero() || !sale.Payments[0].Settled() {
		t.Errorf("%s, due %v, payment %s", sale.Order.Reason, sale.Order.Due, sale.Payments[0].State())
	}
}

// TestCancelWhileAsking: somebody gives the order up while the holder is asked, who then holds nothing in the end.
func TestCancelWhileAsking(t *testing.T) {
	t.Parallel()
	s, h := outside(t)
	h.after = fault.Lost.New("lost")
	r := request(s.cart(t, 2), orderingtest.TillCaptures)
	if _, err := s.Checkout(t.Context(), scope(), r); fault.KindOf(err) != fault.Unknown {
		t.Fatal(err)
	}
	id := s.orderOf(t, r.Cart)
	s.stands(t, id, ordering.Claiming, ordering.PaymentPending)
	if _, err := s.Cancel(t.Context(), id, "no"); err != nil {
		t.Fatal(err)
	}
	s.holds(t, h, id, 10, ordering.HoldingReleased)
	s.clock.Advance(ordering.DefaultLease)
	p := s.checkout(t, r)
	if p.Order.Status != ordering.Cancelled || len(s.till.Taken()) != 0 {
		t.Errorf("the buyer comes back: %s, %d charges", p.Order.Status, len(s.till.Taken()))
	}
}

// TestHolderIsGone: a shop that took its holder away settles what is left by hand.
func TestHolderIsGone(t *testing.T) {
	t.Parallel()
	s, h := outside(t)
	h.before = fault.Down.New("down")
	r := request(s.cart(t, 2), orderingtest.TillCaptures)
	if _, err := s.Checkout(t.Context(), scope(), r); fault.KindOf(err) != fault.Unknown {
		t.Fatal(err)
	}
	id := s.orderOf(t, r.Cart)
	s.parts.Holder = nil
	without := ordering.NewService(s.parts, nil)
	s.clock.Advance(ordering.SettleAfter)
	if _, err := without.SweepOrders(t.Context(), 9); !fault.Is(errorsOf(errorsOf(err)), fault.Down) {
		t.Errorf("got %v", err)
	}
	if _, err := without.Cancel(t.Context(), id, "no"); err != nil {
		t.Fatal(err)
	}
	s.stands(t, id, ordering.Cancelled, ordering.PaymentNone)
}
