package ordering_test

import (
	"reflect"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
)

// told is an event of the till about a payment.
func told(p ordering.Payment, id string, kind ordering.PaymentEventKind, minor int64) ordering.PaymentEvent {
	e := ordering.PaymentEvent{Provider: p.Provider, ID: id, Payment: p.ID, Kind: kind, Reference: string(kind) + id}
	if minor > 0 {
		e.Amount = gbp(minor)
	}
	return e
}

// permutations are all orders of n things.
func permutations(n int) [][]int {
	if n == 0 {
		return [][]int{{}}
	}
	var out [][]int
	for _, p := range permutations(n - 1) {
		for i := range n {
			out = append(out, slices.Insert(slices.Clone(p), i, n-1))
		}
	}
	return out
}

// TestEventsInAnyOrder tells what happened to a payment in every order, each event twice: the ledger comes to the same,
// which is what the provider says.
func TestEventsInAnyOrder(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		events func(ordering.Payment) []ordering.PaymentEvent
		want   ordering.Balance
		status ordering.PaymentStatus
	}{
		"captured": {func(p ordering.Payment) []ordering.PaymentEvent {
			return []ordering.PaymentEvent{told(p, "1", ordering.EventAuthorized, 0), told(p, "2", ordering.EventCaptured, 0)}
		}, ordering.Balance{Authorized: 4995, Captured: 4995}, ordering.PaymentPaid},
		"captured in part and the rest voided": {func(p ordering.Payment) []ordering.PaymentEvent {
			return []ordering.PaymentEvent{
				told(p, "1", ordering.EventAuthorized, 4995), told(p, "2", ordering.EventCaptured, 500), told(p, "3", ordering.EventVoided, 4495),
			}
		}, ordering.Balance{Authorized: 4995, Captured: 500, Voided: 4495}, ordering.PaymentPartiallyPaid},
		"refunded in part": {func(p ordering.Payment) []ordering.PaymentEvent {
			return []ordering.PaymentEvent{
				told(p, "1", ordering.EventAuthorized, 0), told(p, "2", ordering.EventCaptured, 0), told(p, "3", ordering.EventRefunded, 500),
			}
		}, ordering.Balance{Authorized: 4995, Captured: 4995, Refunded: 500}, ordering.PaymentPartiallyRefunded},
		"captured and refunded in pieces": {func(p ordering.Payment) []ordering.PaymentEvent {
			return []ordering.PaymentEvent{
				told(p, "1", ordering.EventAuthorized, 0), told(p, "2", ordering.EventCaptured, 1000), told(p, "3", ordering.EventCaptured, 998),
				told(p, "4", ordering.EventRefunded, 500), told(p, "5", ordering.EventRefunded, 500),
			}
		}, ordering.Balance{Authorized: 4995, Captured: 1998, Refunded: 1000}, ordering.PaymentPartiallyRefunded},
		"refunded": {func(p ordering.Payment) []ordering.PaymentEvent {
			return []ordering.PaymentEvent{told(p, "1", ordering.EventCaptured, 0), told(p, "2", ordering.EventRefunded, 4995)}
		}, ordering.Balance{Authorized: 4995, Captured: 4995, Refunded: 4995}, ordering.PaymentRefunded},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			events := tc.events(settlement(t).Payments[0])
			for _, order := range permutations(len(events)) {
				if events[order[0]].Kind == ordering.EventVoided {
					continue // All that is known then is that the money will not come; see TestVoidedAtTheProvider.
				}
				s := settlement(t)
				for _, i := range append(order, order...) {
					a, err := ordering.ApplyPaymentEvent(s, events[i])
					if err != nil {
						t.Fatalf("%v: event %d: %v", order, i, err)
					}
					if err := a.Commit.Validate(); err != nil {
						t.Fatalf("%v: event %d: %v", order, i, err)
					}
					s.Sale = a.Sale
				}
				if got := s.Payments[0].Balance(); got != tc.want || s.PaymentStatus() != tc.status || s.Order.Status != ordering.Placed {
					t.Fatalf("%v: %+v, %s, %s", order, got, s.PaymentStatus(), s.Order.Status)
				}
			}
		})
	}
}

// TestEventThatCannotBe is refused and changes nothing.
func TestEventThatCannotBe(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*ordering.PaymentEvent){
		"more than is to be paid":     func(e *ordering.PaymentEvent) { e.Amount = gbp(4996) },
		"another currency":            func(e *ordering.PaymentEvent) { e.Amount = money.New(4995, money.MustCurrency("EUR")) },
		"another provider's word":     func(e *ordering.PaymentEvent) { e.Provider = "barter" },
		"less than nothing":           func(e *ordering.PaymentEvent) { e.Amount = gbp(-1) },
		"more back than there can be": func(e *ordering.PaymentEvent) { e.Kind, e.Amount = ordering.EventRefunded, gbp(4996) },
	} {
		s := settlement(t)
		e := told(s.Payments[0], "1", ordering.EventCaptured, 0)
		spoil(&e)
		a, err := ordering.ApplyPaymentEvent(s, e)
		if !fault.Is(err, ordering.PaymentContradiction) || a.Changed || !reflect.DeepEqual(a.Sale, s.Sale) {
			t.Errorf("%s: %v, changed %v", name, err, a.Changed)
		}
	}
	// Money that is spoken for cannot go back at the provider's desk too, until it is known what came of that.
	s := settlement(t)
	s.Sale = apply(t, s, ordering.ChargeResult{State: ordering.ChargeCaptured}).Sale
	next, id, c, err := ordering.Refund(s.Sale, ordering.RefundOrder{}, s.Moment)
	if err != nil || c.Validate() != nil {
		t.Fatal(err)
	}
	s.Sale = next
	desk := told(s.Payments[0], "1", ordering.EventRefunded, 100)
	if _, err := ordering.ApplyPaymentEvent(s, desk); !fault.Is(err, ordering.PaymentContradiction) {
		t.Errorf("got %v", err)
	}
	failed := ordering.PaymentEvent{Payment: s.Payments[0].ID, Kind: ordering.EventRefundFailed, Refund: id}
	a, err := ordering.ApplyPaymentEvent(s, failed)
	if err != nil {
		t.Fatal(err)
	}
	s.Sale = a.Sale
	if a, err := ordering.ApplyPaymentEvent(s, desk); err != nil || !a.Changed {
		t.Errorf("got %v, %v", a.Changed, err)
	}
}

// TestStaleEvents say nothing new.
func TestStaleEvents(t *testing.T) {
	t.Parallel()
	captured := settlement(t)
	captured.Sale = apply(t, captured, ordering.ChargeResult{State: ordering.ChargeCaptured, Reference: "ch_1"}).Sale
	p := captured.Payments[0]
	for name, e := range map[string]ordering.PaymentEvent{
		"declined before":               told(p, "1", ordering.EventDeclined, 0),
		"the same capture":              {Payment: p.ID, Kind: ordering.EventCaptured, Reference: "ch_1", ID: "2"},
		"the same without a reference":  {Payment: p.ID, Kind: ordering.EventCaptured, ID: "3"},
		"a capture nobody asked for":    {Payment: p.ID, Kind: ordering.EventCaptureFailed, Capture: ref.NewID[ref.CaptureKind](uuid(9)), ID: "4"},
		"a refund nobody asked for":     {Payment: p.ID, Kind: ordering.EventRefundUnknown, Refund: ref.NewID[ref.RefundKind](uuid(9)), ID: "5"},
		"a void nobody asked for":       {Payment: p.ID, Kind: ordering.EventVoidFailed, ID: "6"},
		"nothing":                       {Payment: p.ID, Kind: ordering.EventWaiting, ID: "7"},
		"something that nobody knows":   {Payment: p.ID, Kind: "chargeback", ID: "8"},
		"a capture of nothing named it": {Payment: p.ID, Kind: ordering.EventCaptured, Amount: gbp(4995), Reference: "ch_1"},
	} {
		if a, err := ordering.ApplyPaymentEvent(captured, e); err != nil || a.Changed {
			t.Errorf("%s: changed %v, %v", name, a.Changed, err)
		}
	}
}

// TestSameEventAgain is known by its id, whatever else it says.
func TestSameEventAgain(t *testing.T) {
	t.Parallel()
	s := settlement(t)
	e := told(s.Payments[0], "1", ordering.EventCaptured, 100)
	a, err := ordering.ApplyPaymentEvent(s, e)
	if err != nil || !a.Changed {
		t.Fatalf("changed %v, %v", a.Changed, err)
	}
	s.Sale = a.Sale
	e.Reference = "another"
	if a, err := ordering.ApplyPaymentEvent(s, e); err != nil || a.Changed {
		t.Errorf("the same event again: changed %v, %v", a.Changed, err)
	}
	e.ID = "2"
	if a, err := ordering.ApplyPaymentEvent(s, e); err != nil || !a.Changed || a.Payments[0].Balance().Captured != 200 {
		t.Errorf("another event: changed %v, %v", a.Changed, err)
	}
}

// TestMoneyAfterADecline: a payer tries again with another card under the same payment, after its order was given up.
func TestMoneyAfterADecline(t *testing.T) {
	t.Parallel()
	s := settlement(t)
	s.Sale = apply(t, s, ordering.ChargeResult{State: ordering.ChargeDeclined}).Sale
	a := apply(t, s, ordering.ChargeResult{State: ordering.ChargeCaptured})
	if a.Order.Status != ordering.Cancelled || a.Payments[0].Balance().Refunding != a.Order.Totals.Total.Minor() || a.Order.Due.IsZero() {
		t.Errorf("the order is %s, balance %+v, due %v", a.Order.Status, a.Payments[0].Balance(), a.Order.Due)
	}
}

// TestVoidedAtTheProvider ends a pending order, and no placed one.
func TestVoidedAtTheProvider(t *testing.T) {
	t.Parallel()
	s := settlement(t)
	a, err := ordering.ApplyPaymentEvent(s, told(s.Payments[0], "1", ordering.EventVoided, 0))
	if err != nil || a.Order.Status != ordering.Cancelled || a.Order.Reason != ordering.ReasonVoided || len(a.Commit.Carts) != 1 {
		t.Errorf("pending: %+v, %v", a.Order, err)
	}
	s.Sale = apply(t, s, ordering.ChargeResult{State: ordering.ChargeAuthorized}).Sale
	a, err = ordering.ApplyPaymentEvent(s, told(s.Payments[0], "1", ordering.EventVoided, 0))
	if err != nil || a.Order.Status != ordering.Placed || a.PaymentStatus() != ordering.PaymentVoided {
		t.Errorf("placed: %s, %s, %v", a.Order.Status, a.PaymentStatus(), err)
	}
}

func TestWebhook(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := s.places(t, orderingtest.TillWaits)
	s.till.Decide(p.Payments[0].ID, orderingtest.TillCaptures)
	e := told(p.Payments[0], "evt_1", ordering.EventCaptured, 0)
	w := s.till.Webhook(s.clock.Now(), e)
	bad := w
	bad.Header = func(string) string { return "" }
	_, err := s.Webhook(t.Context(), "till", bad)
	wantClass(t, err, ordering.WebhookRefused)
	_, err = s.Webhook(t.Context(), "cash", w)
	wantClass(t, err, fault.Missing)
	_, err = s.Webhook(t.Context(), "barter", w)
	wantClass(t, err, fault.Missing)
	s.stands(t, p.Order.ID, ordering.Pending, ordering.PaymentPending)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if n, err := s.Webhook(t.Context(), "till", w); n != 1 || err != nil {
				t.Errorf("%d events, %v", n, err)
			}
		})
	}
	all.Wait()
	sale := s.stands(t, p.Order.ID, ordering.Placed, ordering.PaymentPaid)
	if n := len(sale.Payments[0].Entries); n != 2 || sale.Order.Version != 3 {
		t.Errorf("%d entries, version %d", n, sale.Order.Version)
	}
	s.clock.Advance(ordering.WebhookAge + time.Second)
	_, err = s.Webhook(t.Context(), "till", w)
	wantClass(t, err, ordering.WebhookRefused)
}

// TestEventBeforeItsOrder is kept, and applied once the order is there.
func TestEventBeforeItsOrder(t *testing.T) {
	t.Parallel()
	s := open(t)
	_, pay, c := ordering.Place(placement(t, false))
	e := told(pay, "evt_1", ordering.EventCaptured, 0)
	for range 3 {
		if err := s.ApplyEvent(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	if swept := s.sweep(t, ordering.InboxAgain); swept.Events != 1 {
		t.Errorf("%d events were tried, want 1", swept.Events)
	}
	if swept := s.sweep(t); swept.Events != 0 {
		t.Errorf("%d events are tried at once again", swept.Events)
	}
	cart := filled(t, 2, 3) // Its order appears.
	cart.Version = 1
	if _, err := s.parts.Committer.Commit(t.Context(), ordering.Commit{At: now(), Carts: []ordering.Write[ordering.Cart]{{State: cart}}}); err != nil {
		t.Fatal(err)
	}
	c.Carts[0].State.Version, c.Carts[0].Expected = 2, 1
	if _, err := s.parts.Committer.Commit(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	s.sweep(t, ordering.InboxAgain)
	s.stands(t, c.Orders[0].State.ID, ordering.Placed, ordering.PaymentPaid)
	waiting, err := s.parts.Inbox.Waiting(t.Context(), s.clock.Now().Add(1000*time.Hour), 9)
	if err != nil || len(waiting) != 0 {
		t.Errorf("%d events wait, %v", len(waiting), err)
	}
	if err := s.ApplyEvent(t.Context(), ordering.PaymentEvent{Payment: ref.NewID[ref.PaymentKind](uuid(77)), Kind: ordering.EventCaptured}); !fault.Is(err, fault.Missing) {
		t.Errorf("an event without an id of a payment that is not known: %v", err)
	}
}

// TestContradictionIsKept for somebody to look into, and tried again now and then.
func TestContradictionIsKept(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := s.places(t, orderingtest.TillCaptures)
	e := told(p.Payments[0], "evt_1", ordering.EventCaptured, 1999)
	if err := s.ApplyEvent(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	tried := 0
	for range 48 {
		tried += s.sweep(t, 30*time.Minute).Events
	}
	waiting, err := s.parts.Inbox.Waiting(t.Context(), s.clock.Now().Add(time.Hour), 9)
	if err != nil || len(waiting) != 1 || waiting[0].Event != e || waiting[0].Note == "" || tried < 20 || tried > 40 {
		t.Errorf("%d wait, %v; it was tried %d times in a day", len(waiting), err, tried)
	}
	s.stands(t, p.Order.ID, ordering.Placed, ordering.PaymentPaid)
}

// TestMachinesDriveTheLedger walks payments at random: each step is one that the machine knows, and the sums stay sound.
func TestMachinesDriveTheLedger(t *testing.T) {
	t.Parallel()
	reached := map[ordering.PaymentState]bool{}
	effects := map[ordering.EffectState]bool{}
	for seed := range uint64(300) {
		r := chance(seed)
		s := settlement(t)
		for step := range 25 {
			p := s.Payments[0]
			was := p.State()
			reached[was] = true
			e := told(p, strconv.Itoa(r.IntN(12)), pick(r, allEvents()...), int64(r.IntN(6000)))
			if known := p.Effects(); len(known) > 0 && r.IntN(2) == 0 {
				x := pick(r, known...)
				e.Capture, e.Refund, e.Amount = x.Capture, x.Refund, money.Money{}
			}
			m := s.Moment
			var next ordering.Sale
			var c ordering.Commit
			var err error
			switch r.IntN(6) {
			case 0:
				next, _, c, err = ordering.Capture(s.Sale, amount(1+int64(r.IntN(3000))), m)
			case 1:
				next, _, c, err = ordering.Refund(s.Sale, ordering.RefundOrder{Amount: amount(1 + int64(r.IntN(3000)))}, m)
			case 2:
				next, c, _ = ordering.Void(s.Sale, m)
			default:
				var a ordering.Applied
				a, err = ordering.ApplyPaymentEvent(s, e)
				next, c = a.Sale, a.Commit
			}
			if err != nil {
				continue
			}
			if err := c.Validate(); err != nil {
				t.Fatalf("seed %d, step %d: %v", seed, step, err)
			}
			s.Sale = next
			for _, x := range next.Payments[0].Effects() {
				effects[x.State] = true
			}
			b := next.Payments[0].Balance()
			total := next.Payments[0].Amount.Minor()
			if b.Captured+b.Capturing > b.Authorized || b.Authorized > total || b.Refunded+b.Refunding > b.Captured || min(b.Captured, b.Refunded, b.Capturing, b.Refunding) < 0 {
				t.Fatalf("seed %d, step %d: %+v of %d", seed, step, b, total)
			}
			if now := next.Payments[0].State(); now != was && !leads(was, now) {
				t.Fatalf("seed %d, step %d: %s became %s, which the machine does not know", seed, step, was, now)
			}
		}
	}
	for _, want := range ordering.PaymentMachine.States() {
		if !reached[want] {
			t.Errorf("no walk reached %s", want)
		}
	}
	for _, want := range ordering.EffectMachine.States() {
		if !effects[want] {
			t.Errorf("no walk had an effect that is %s", want)
		}
	}
}

// leads tells whether the payment's machine has an edge between the states.
func leads(from, to ordering.PaymentState) bool {
	return slices.ContainsFunc(ordering.PaymentMachine.Edges, func(e statemachineEdge) bool { return e.From == from && e.To == to })
}
