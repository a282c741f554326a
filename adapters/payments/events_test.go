package payments_test

import (
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/adapters/payments"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
)

// TestLostAnswers charges with the tokens whose answers get lost: one charges and one does not.
func TestLostAnswers(t *testing.T) {
	t.Parallel()
	p := payments.NewTest()
	for i, token := range []string{payments.TokenTimeout, payments.TokenUnknown} {
		stands := token == payments.TokenUnknown
		c := charge(byte(i+1), token)
		if _, err := p.Charge(t.Context(), c); err == nil || fault.KindOf(err) != fault.Unknown {
			t.Errorf("%s: %v, want kind unknown", token, err)
		}
		r, found, err := p.Lookup(t.Context(), c.Payment)
		if err != nil || found != stands || stands && r.State != ordering.ChargeCaptured {
			t.Errorf("%s is looked up as %+v, %v, %v", token, r, found, err)
		}
		r, err = p.Charge(t.Context(), c)
		if stands && (err != nil || r.State != ordering.ChargeCaptured) || !stands && fault.KindOf(err) != fault.Unknown {
			t.Errorf("%s again: %+v, %v", token, r, err)
		}
	}
	if n := len(p.Charges()); n != 1 {
		t.Errorf("%d charges, want 1", n)
	}
}

func TestSettle(t *testing.T) {
	t.Parallel()
	for succeeded, want := range map[bool]ordering.PaymentEventKind{true: ordering.EventCaptured, false: ordering.EventDeclined} {
		p := payments.NewTest()
		c := charge(1, payments.TokenAsync)
		if r, err := p.Charge(t.Context(), c); err != nil || r.State != ordering.ChargePending {
			t.Fatalf("got %+v, %v; want it pending", r, err)
		}
		first, found := p.Settle(c.Payment, succeeded)
		if !found || first.Kind != want || first.ID == "" || first.Provider != payments.TestName || first.Payment != c.Payment || first.Amount != c.Amount {
			t.Errorf("the event is %+v, %v", first, found)
		}
		if again, _ := p.Settle(c.Payment, !succeeded); again != first {
			t.Errorf("a charge that was decided as %+v is told of as %+v", first, again)
		}
		if got := p.Events(); len(got) != 2 || got[0] != first || len(p.Events()) != 0 {
			t.Errorf("the queue is %+v", got)
		}
		var delivered []ordering.PaymentEvent
		p.Subscribe(func(e ordering.PaymentEvent) { delivered = append(delivered, e) })
		p.Settle(c.Payment, succeeded)
		if len(delivered) != 1 || len(p.Events()) != 0 {
			t.Errorf("the subscriber got %+v", delivered)
		}
	}
	if _, found := payments.NewTest().Settle(ref.NewID[ref.PaymentKind](ref.UUID{9}), true); found {
		t.Error("what was never charged is settled")
	}
}

func TestNoSecretNoWebhooks(t *testing.T) {
	t.Parallel()
	p := payments.NewTest()
	if _, err := p.ParseWebhook(signed(p, orderingtest.Moment(), `{"events":[]}`)); !fault.Is(err, ordering.WebhookRefused) {
		t.Errorf("got %v", err)
	}
}

func FuzzParseWebhook(f *testing.F) {
	p := payments.NewTestWith(payments.TestOptions{Secret: []byte("between us and the provider")})
	good, body, err := p.Message(orderingtest.Moment(), ordering.PaymentEvent{ID: "evt_1", Payment: charge(1, "").Payment, Kind: ordering.EventCaptured})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good, body)
	f.Add("t=1,v1=00", []byte(`{}`))
	f.Add("", []byte(nil))
	f.Fuzz(func(t *testing.T, signature string, body []byte) {
		events, err := p.ParseWebhook(message(signature, body, orderingtest.Moment()))
		if err != nil && len(events) > 0 {
			t.Errorf("%d events with %v", len(events), err)
		}
		if err == nil && signature != p.Sign(orderingtest.Moment(), body) && len(events) > 0 {
			// Only another time within the age can be signed too, and nobody here knows the secret.
			t.Errorf("a forged message gives %+v", events)
		}
		// Signed, whatever it says gives an error or events that name what they must.
		events, err = p.ParseWebhook(signed(p, orderingtest.Moment().Add(time.Second), string(body)))
		for _, e := range events {
			if err != nil || e.ID == "" || e.Payment.IsZero() || e.Provider != payments.TestName {
				t.Errorf("an event %+v, %v", e, err)
			}
		}
	})
}
