package ordering_test

import (
	"errors"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/domain/statemachine"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
)

// places orders two of item 1 for 19.98, under the token.
func (s *shop) places(t *testing.T, token string) ordering.PlacedOrder {
	t.Helper()
	r := request(s.cart(t, 2), token)
	if token == "" {
		r.Provider = "cash"
	}
	return s.checkout(t, r)
}

// read reads a sale.
func (s *shop) read(t *testing.T, id ref.OrderID) ordering.Sale {
	t.Helper()
	sale, err := s.Sale(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return sale
}

// stands checks where an order stands.
func (s *shop) stands(t *testing.T, id ref.OrderID, status ordering.Status, payment ordering.PaymentStatus) ordering.Sale {
	t.Helper()
	sale := s.read(t, id)
	if sale.Order.Status != status || sale.PaymentStatus() != payment {
		t.Errorf("the order is %s and %s, want %s and %s", sale.Order.Status, sale.PaymentStatus(), status, payment)
	}
	return sale
}

// moved checks what the till really did with the money of an order's first payment.
func (s *shop) moved(t *testing.T, id ref.OrderID, want orderingtest.Moved) {
	t.Helper()
	if got := s.till.Moved()[s.read(t, id).Payments[0].ID]; got != want {
		t.Errorf("the till moved %+v, want %+v", got, want)
	}
}

// amount is a pointer to pounds and pence.
func amount(minor int64) *money.Money {
	m := gbp(minor)
	return &m
}

func capture(id ref.OrderID, key string, minor int64) ordering.CaptureRequest {
	r := ordering.CaptureRequest{Order: id, Actor: "stf_1", Key: key}
	if minor > 0 {
		r.Amount = amount(minor)
	}
	return r
}

func refund(id ref.OrderID, key string, minor int64) ordering.RefundRequest {
	r := ordering.RefundRequest{Order: id, Actor: "stf_1", Key: key, Reason: "late"}
	if minor > 0 {
		r.Amount = amount(minor)
	}
	return r
}

func TestCaptureInPieces(t *testing.T) {
	t.Parallel()
	s := open(t)
	id := s.places(t, orderingtest.TillAuthorizes).Order.ID
	first, err := s.Capture(t.Context(), capture(id, "1", 500))
	if err != nil || first.State != ordering.EffectSucceeded || first.Capture.IsZero() || first.Replayed {
		t.Fatalf("got %+v, %v", first, err)
	}
	s.stands(t, id, ordering.Placed, ordering.PaymentPartiallyPaid)
	again, err := s.Capture(t.Context(), capture(id, "1", 500))
	if err != nil || !again.Replayed || again.Capture != first.Capture || again.State != first.State {
		t.Errorf("a replay: %+v, %v", again, err)
	}
	_, err = s.Capture(t.Context(), capture(id, "1", 501))
	wantClass(t, err, ordering.IdempotencyMismatch)
	_, err = s.Capture(t.Context(), capture(id, "2", 1499))
	wantClass(t, err, ordering.NotCapturable)
	if got := fault.Of(err).Details()["available"]; got != gbp(1498) {
		t.Errorf("available %v", got)
	}
	if _, err := s.Capture(t.Context(), capture(id, "3", 0)); err != nil {
		t.Fatal(err)
	}
	sale := s.stands(t, id, ordering.Placed, ordering.PaymentPaid)
	if !sale.Order.Due.IsZero() || len(sale.Order.Open) != 0 {
		t.Errorf("it does not rest: due %v, open %v", sale.Order.Due, sale.Order.Open)
	}
	s.moved(t, id, orderingtest.Moved{Held: 1998, Captured: 1998})
	_, err = s.Capture(t.Context(), capture(id, "4", 0))
	wantClass(t, err, ordering.NotCapturable)
}

func TestCaptureRefuses(t *testing.T) {
	t.Parallel()
	s := open(t)
	waits := s.places(t, orderingtest.TillWaits).Order.ID
	_, err := s.Capture(t.Context(), capture(waits, "1", 0))
	wantClass(t, err, statemachine.IllegalTransition)
	held := s.places(t, orderingtest.TillAuthorizes).Order.ID
	for name, r := range map[string]ordering.CaptureRequest{
		"Idempotency-Key": {Order: held, Actor: "stf_1"},
		"actor":           {Order: held, Key: "1"},
		"amount":          {Order: held, Actor: "stf_1", Key: "1", Amount: amount(-1)},
	} {
		_, err := s.Capture(t.Context(), r)
		wantClass(t, err, fault.Bad)
		wantFields(t, err, name)
	}
	foreign := money.New(1, money.MustCurrency("EUR"))
	_, err = s.Capture(t.Context(), ordering.CaptureRequest{Order: held, Actor: "a", Key: "k", Amount: &foreign})
	wantFields(t, err, "amount")
	_, err = s.Capture(t.Context(), capture(ref.NewID[ref.OrderKind](uuid(99)), "1", 0))
	wantClass(t, err, fault.Missing)
	r := request(s.cart(t, 1), orderingtest.TillAuthorizes)
	r.Provider = "blind"
	_, err = s.Capture(t.Context(), capture(s.checkout(t, r).Order.ID, "1", 0))
	wantClass(t, err, ordering.ProviderLacks)
}

// TestCaptureWhoseAnswerIsLost leaves the amount spoken for until the sweeper learns what became of it.
func TestCaptureWhoseAnswerIsLost(t *testing.T) {
	t.Parallel()
	for name, stand := range map[string]bool{"it stands": true, "it does not": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			id := s.places(t, orderingtest.TillAuthorizes).Order.ID
			s.till.Fail(fault.Lost.New("lost"), stand)
			got, err := s.Capture(t.Context(), capture(id, "1", 1000))
			if err != nil || got.State != ordering.EffectUnknown {
				t.Fatalf("got %s, %v", got.State, err)
			}
			_, err = s.Capture(t.Context(), capture(id, "2", 999))
			wantClass(t, err, ordering.NotCapturable)
			s.sweep(t, ordering.SettleAfter)
			s.stands(t, id, ordering.Placed, ordering.PaymentPartiallyPaid)
			s.moved(t, id, orderingtest.Moved{Held: 1998, Captured: 1000})
			again, err := s.Capture(t.Context(), capture(id, "1", 1000))
			if err != nil || !again.Replayed || again.State != ordering.EffectSucceeded {
				t.Errorf("a replay: %s, %v", again.State, err)
			}
		})
	}
}

// sweep lets time pass and sweeps.
func (s *shop) sweep(t *testing.T, after ...time.Duration) ordering.Swept {
	t.Helper()
	for _, d := range after {
		s.clock.Advance(d)
	}
	swept, err := s.SweepOrders(t.Context(), 100)
	if err != nil {
		t.Fatalf("sweeping: %v", err)
	}
	return swept
}

func TestCaptureThatIsRefused(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := s.places(t, orderingtest.TillAuthorizes)
	s.till.Spoil(p.Payments[0].ID, orderingtest.Moved{Held: 100}) // As if most of it had ended there.
	got, err := s.Capture(t.Context(), capture(p.Order.ID, "1", 1000))
	wantClass(t, err, ordering.EffectRejected)
	if got.State != ordering.EffectFailed {
		t.Errorf("got %s", got.State)
	}
	again, err := s.Capture(t.Context(), capture(p.Order.ID, "1", 1000))
	wantClass(t, err, ordering.EffectRejected)
	if !again.Replayed || fault.Of(err).Message() != "there is not so much" {
		t.Errorf("a replay: %v, %v", again.Replayed, err)
	}
	if got, err := s.Capture(t.Context(), capture(p.Order.ID, "2", 100)); err != nil || got.State != ordering.EffectSucceeded {
		t.Errorf("another: %s, %v", got.State, err)
	}
}

func TestRefundInPieces(t *testing.T) {
	t.Parallel()
	s := open(t)
	id := s.places(t, orderingtest.TillCaptures).Order.ID
	got, err := s.Refund(t.Context(), refund(id, "1", 998))
	if err != nil || got.State != ordering.EffectSucceeded || got.Refund.IsZero() {
		t.Fatalf("got %+v, %v", got, err)
	}
	s.stands(t, id, ordering.Placed, ordering.PaymentPartiallyRefunded)
	again, err := s.Refund(t.Context(), refund(id, "1", 998))
	if err != nil || !again.Replayed || again.Refund != got.Refund {
		t.Errorf("a replay: %+v, %v", again, err)
	}
	_, err = s.Refund(t.Context(), refund(id, "2", 1001))
	wantClass(t, err, ordering.NotRefundable)
	if _, err := s.Refund(t.Context(), refund(id, "2", 0)); err != nil {
		t.Fatal(err)
	}
	s.stands(t, id, ordering.Placed, ordering.PaymentRefunded)
	s.moved(t, id, orderingtest.Moved{Held: 1998, Captured: 1998, Refunded: 1998})
	_, err = s.Refund(t.Context(), refund(id, "3", 0))
	wantClass(t, err, ordering.NotRefundable)
}

// TestRefundsByLines: the shares of a line add up to what it cost, whatever the pieces.
func TestRefundsByLines(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.shelf.Price(ref.DefaultChannel, variant(1), money.NewUnitPrice(3_333_000, money.GBP)) // 3.333 a piece.
	p := s.checkout(t, request(s.cart(t, 3), orderingtest.TillCaptures))
	l := p.Order.Lines[0]
	by := func(key string, quantity int64) (ordering.Moved, error) {
		return s.Refund(t.Context(), ordering.RefundRequest{
			Order: p.Order.ID, Actor: "a", Key: key, Lines: []ordering.RefundLine{{Line: l.ID, Quantity: quantity}},
		})
	}
	for i, want := range []int64{333, 334, 333} {
		if got, err := by(string(rune('a'+i)), 1); err != nil || got.Payments[0].Effects()[i].Amount != gbp(want) {
			t.Errorf("piece %d: %v, %+v", i, err, got.Payments)
		}
	}
	s.stands(t, p.Order.ID, ordering.Placed, ordering.PaymentRefunded)
	_, err := by("d", 1)
	wantFields(t, err, "lines[0].quantity")
	both := refund(p.Order.ID, "e", 1)
	both.Lines = []ordering.RefundLine{{Line: l.ID, Quantity: 1}}
	_, err = s.Refund(t.Context(), both)
	wantFields(t, err, "amount")
	_, err = s.Refund(t.Context(), ordering.RefundRequest{Order: p.Order.ID, Actor: "a", Key: "f", Lines: []ordering.RefundLine{
		{Line: line(9), Quantity: 1}, {Line: l.ID, Quantity: 0}, {Line: l.ID, Quantity: 1},
	}})
	wantFields(t, err, "lines[0].id", "lines[1].quantity", "lines[2].id")
}

// TestRefundReservesItsAmount asks for a second refund while the first one's answer is out.
func TestRefundReservesItsAmount(t *testing.T) {
	t.Parallel()
	s := open(t)
	id := s.places(t, orderingtest.TillCaptures).Order.ID
	var inner, same error
	s.till.Before(func() {
		_, inner = s.Refund(t.Context(), refund(id, "2", 1000))
		_, same = s.Refund(t.Context(), refund(id, "1", 1000))
	})
	if _, err := s.Refund(t.Context(), refund(id, "1", 1000)); err != nil {
		t.Fatal(err)
	}
	wantClass(t, inner, ordering.NotRefundable)
	wantClass(t, same, ordering.InProgress)
	s.moved(t, id, orderingtest.Moved{Held: 1998, Captured: 1998, Refunded: 1000})
}

// TestRefundIsTakenOver kills an attempt at each step; the same key finishes the work, and money goes back once.
func TestRefundIsTakenOver(t *testing.T) {
	t.Parallel()
	for name, kill := range map[string]func(s *shop){
		"after its request": func(s *shop) { s.faults.Inject(ordering.AfterCommit, errors.New("power cut")) },
		"after its answer": func(s *shop) {
			s.till.Before(func() { s.faults.Inject(ordering.BeforeCommit, errors.New("power cut")) })
		},
		"after all was written": func(s *shop) {
			s.till.Before(func() { s.faults.Inject(ordering.AfterCommit, errors.New("power cut")) })
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			id := s.places(t, orderingtest.TillCaptures).Order.ID
			kill(s)
			first, err := s.Refund(t.Context(), refund(id, "1", 1000))
			if err != nil && fault.KindOf(err) != fault.Unknown {
				t.Fatalf("got %v", err)
			}
			s.clock.Advance(ordering.DefaultLease)
			got, err := s.Refund(t.Context(), refund(id, "1", 1000))
			if err != nil || !first.Refund.IsZero() && first.Refund != got.Refund {
				t.Errorf("got %s and %s, %v", first.Refund, got.Refund, err)
			}
			s.sweep(t, ordering.SettleAfter) // What an attempt said of itself before it could be written stands.
			if got, err = s.Refund(t.Context(), refund(id, "1", 1000)); err != nil || got.State != ordering.EffectSucceeded {
				t.Errorf("in the end it is %s, %v", got.State, err)
			}
			s.moved(t, id, orderingtest.Moved{Held: 1998, Captured: 1998, Refunded: 1000})
			sale := s.stands(t, id, ordering.Placed, ordering.PaymentPartiallyRefunded)
			if len(sale.Order.Open) != 0 || !sale.Order.Due.IsZero() {
				t.Errorf("it does not rest: %v, %v", sale.Order.Open, sale.Order.Due)
			}
		})
	}
}

// TestRefundThatNobodyFinishes is finished by the sweeper, its command answered.
func TestRefundThatNobodyFinishes(t *testing.T) {
	t.Parallel()
	s := open(t)
	id := s.places(t, orderingtest.TillCaptures).Order.ID
	s.faults.Inject(ordering.AfterCommit, errors.New("power cut"))
	if _, err := s.Refund(t.Context(), refund(id, "1", 1000)); fault.KindOf(err) != fault.Unknown {
		t.Fatal(err)
	}
	s.sweep(t, ordering.SettleAfter)
	sale := s.stands(t, id, ordering.Placed, ordering.PaymentPartiallyRefunded)
	if len(sale.Order.Open) != 0 {
		t.Errorf("its command is open: %v", sale.Order.Open)
	}
	if got, err := s.Refund(t.Context(), refund(id, "1", 1000)); err != nil || !got.Replayed {
		t.Errorf("a replay: %+v, %v", got, err)
	}
	s.moved(t, id, orderingtest.Moved{Held: 1998, Captured: 1998, Refunded: 1000})
}

func TestRefundByHand(t *testing.T) {
	t.Parallel()
	for outcome, want := range map[ordering.EffectState]ordering.PaymentStatus{
		ordering.EffectSucceeded: ordering.PaymentPartiallyRefunded, ordering.EffectFailed: ordering.PaymentPaid,
	} {
		s := open(t)
		id := s.places(t, "").Order.ID
		if _, err := s.RecordPayment(t.Context(), id, "cash", ordering.Receipt{Amount: gbp(1998), Reference: "till roll 1"}); err != nil {
			t.Fatal(err)
		}
		got, err := s.Refund(t.Context(), refund(id, "1", 500))
		if err != nil || got.State != ordering.EffectRequested {
			t.Fatalf("got %s, %v", got.State, err)
		}
		if swept := s.sweep(t, ordering.SettleAfter); swept.Orders != 1 {
			t.Errorf("the sweeper looked at %d orders", swept.Orders)
		}
		for _, r := range []ordering.EffectResult{{State: ordering.EffectRequested}, {}} {
			_, err = s.SettleEffect(t.Context(), id, got.Refund.String(), r)
			wantFields(t, err, "state")
		}
		if _, err = s.SettleEffect(t.Context(), id, got.Refund.String(), ordering.EffectResult{State: outcome, Message: "closed account"}); err != nil {
			t.Fatal(err)
		}
		s.stands(t, id, ordering.Placed, want)
		_, err = s.SettleEffect(t.Context(), id, got.Refund.String(), ordering.EffectResult{State: outcome})
		wantClass(t, err, fault.Missing)
	}
}

// errorsOf is the first error of a joined one.
func errorsOf(err error) error {
	var many interface{ Unwrap() []error }
	if errors.As(err, &many) && len(many.Unwrap()) > 0 {
		return many.Unwrap()[0]
	}
	return err
}

func TestVoid(t *testing.T) {
	t.Parallel()
	s := open(t)
	id := s.places(t, orderingtest.TillAuthorizes).Order.ID
	if _, err := s.Capture(t.Context(), capture(id, "1", 500)); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := s.Void(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		s.stands(t, id, ordering.Placed, ordering.PaymentPartiallyPaid)
		s.moved(t, id, orderingtest.Moved{Held: 1998, Captured: 500, Voided: 1498})
	}
	other := s.places(t, orderingtest.TillAuthorizes).Order.ID
	s.till.Fail(fault.Lost.New("lost"), true)
	if _, err := s.Void(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	s.stands(t, other, ordering.Placed, ordering.PaymentAuthorized)
	_, err := s.Capture(t.Context(), capture(other, "1", 1))
	wantClass(t, err, ordering.NotCapturable)
	s.sweep(t, ordering.SettleAfter)
	s.stands(t, other, ordering.Placed, ordering.PaymentVoided)
}

// TestVoidThatFails is asked for again only by somebody.
func TestVoidThatFails(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := s.places(t, orderingtest.TillAuthorizes)
	id, pay := p.Order.ID, p.Payments[0].ID
	s.till.Spoil(pay, orderingtest.Moved{})
	if _, err := s.Void(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	sale := s.stands(t, id, ordering.Placed, ordering.PaymentAuthorized)
	if e := sale.Payments[0].Effects(); len(e) != 1 || e[0].State != ordering.EffectFailed || !sale.Order.Due.IsZero() {
		t.Errorf("effects %+v, due %v", e, sale.Order.Due)
	}
	s.till.Spoil(pay, orderingtest.Moved{Held: 1998})
	if _, err := s.Void(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	s.stands(t, id, ordering.Placed, ordering.PaymentVoided)
}

func TestRecordPayment(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		receipts []int64
		want     ordering.PaymentStatus
		payments int
	}{
		"exactly":            {[]int64{1998}, ordering.PaymentPaid, 1},
		"too little":         {[]int64{1000}, ordering.PaymentPartiallyPaid, 1},
		"in two pieces":      {[]int64{1000, 998}, ordering.PaymentPaid, 1},
		"too much":           {[]int64{2500}, ordering.PaymentOverpaid, 2},
		"too much in two":    {[]int64{1500, 1500}, ordering.PaymentOverpaid, 2},
		"once more":          {[]int64{1998, 1998}, ordering.PaymentOverpaid, 2},
		"once more, twice":   {[]int64{1998, 1, 1}, ordering.PaymentOverpaid, 3},
		"a penny too little": {[]int64{1997}, ordering.PaymentPartiallyPaid, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			id := s.places(t, "").Order.ID
			for i, n := range tc.receipts {
				for range 2 { // The same receipt again is the same money.
					if _, err := s.RecordPayment(t.Context(), id, "cash", ordering.Receipt{Amount: gbp(n), Reference: string(rune('a' + i))}); err != nil {
						t.Fatal(err)
					}
				}
			}
			if sale := s.stands(t, id, ordering.Placed, tc.want); len(sale.Payments) != tc.payments {
				t.Errorf("%d payments, want %d", len(sale.Payments), tc.payments)
			}
		})
	}
}

func TestRecordPaymentRefuses(t *testing.T) {
	t.Parallel()
	s := open(t)
	id := s.places(t, "").Order.ID
	receipt := ordering.Receipt{Amount: gbp(1), Reference: "1"}
	_, err := s.RecordPayment(t.Context(), id, "barter", receipt)
	wantFields(t, err, "provider")
	_, err = s.RecordPayment(t.Context(), id, "cash", ordering.Receipt{Amount: gbp(1)})
	wantFields(t, err, "reference")
	_, err = s.RecordPayment(t.Context(), id, "cash", ordering.Receipt{Amount: gbp(0), Reference: "1"})
	wantFields(t, err, "amount")
	_, err = s.RecordPayment(t.Context(), id, "cash", ordering.Receipt{Amount: money.New(1, money.MustCurrency("EUR")), Reference: "1"})
	wantFields(t, err, "amount")
	_, err = s.RecordPayment(t.Context(), id, "till", receipt)
	wantClass(t, err, ordering.ProviderLacks)
	_, err = s.RecordPayment(t.Context(), ref.NewID[ref.OrderKind](uuid(99)), "cash", receipt)
	wantClass(t, err, fault.Missing)
}

// TestRefundOfTwoPayments goes back in the parts in which it came.
func TestRefundOfTwoPayments(t *testing.T) {
	t.Parallel()
	s := open(t)
	id := s.places(t, "").Order.ID
	if _, err := s.RecordPayment(t.Context(), id, "cash", ordering.Receipt{Amount: gbp(2500), Reference: "1"}); err != nil {
		t.Fatal(err)
	}
	got, err := s.Refund(t.Context(), refund(id, "1", 2400))
	if err != nil || got.State != ordering.EffectRequested {
		t.Fatalf("got %s, %v", got.State, err)
	}
	_, err = s.Refund(t.Context(), refund(id, "2", 101))
	wantClass(t, err, ordering.NotRefundable)
	if _, err := s.SettleEffect(t.Context(), id, got.Refund.String(), ordering.EffectResult{State: ordering.EffectSucceeded}); err != nil {
		t.Fatal(err)
	}
	sale := s.stands(t, id, ordering.Placed, ordering.PaymentPartiallyRefunded)
	if a, b := sale.Payments[0].Balance().Refunded, sale.Payments[1].Balance().Refunded; a != 1998 || b != 402 {
		t.Errorf("%d and %d went back", a, b)
	}
}

// TestPaidTwice pays a pending order by other ways, and then the card comes through too.
func TestPaidTwice(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := s.places(t, orderingtest.TillWaits)
	if _, err := s.RecordPayment(t.Context(), p.Order.ID, "cash", ordering.Receipt{Amount: gbp(1998), Reference: "1"}); err != nil {
		t.Fatal(err)
	}
	s.stands(t, p.Order.ID, ordering.Placed, ordering.PaymentPaid)
	s.decides(t, p, orderingtest.TillCaptures, "evt_1")
	s.stands(t, p.Order.ID, ordering.Placed, ordering.PaymentOverpaid)
}

// decides lets the till decide a charge that waits, and tells of it.
func (s *shop) decides(t *testing.T, p ordering.PlacedOrder, token, event string) {
	t.Helper()
	r := s.till.Decide(p.Payments[0].ID, token)
	e := ordering.ChargeEvent(p.Payments[0], r)
	e.ID = event
	if err := s.ApplyEvent(t.Context(), e); err != nil {
		t.Fatalf("applying an event: %v", err)
	}
}
