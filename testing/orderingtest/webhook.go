package orderingtest

import (
	"slices"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Sender makes the messages of a provider, as they come in.
type Sender struct {
	// Event tells of an event, signed at a time.
	Event func(t TB, at time.Time, e ordering.PaymentEvent) ordering.Webhook
	// Garbage is signed and cannot be read.
	Garbage func(t TB, at time.Time) ordering.Webhook
	// Strange is signed and of a kind that nobody knows.
	Strange func(t TB, at time.Time) ordering.Webhook
}

// TestWebhookParser proves an ordering.WebhookParser. Of the harness it needs Provider and Sends.
func TestWebhookParser(t *testing.T, open func(t *testing.T) ProviderHarness) {
	t.Helper()
	run(t, WebhookClauses(), open)
}

// WebhookClauses are the clauses of ordering.WebhookParser.
func WebhookClauses() []Clause[ProviderHarness] {
	return []Clause[ProviderHarness]{
		{ID: "webhook-signed", Case: "not signed", Run: webhookUnsigned},
		{ID: "webhook-signed", Case: "changed on its way", Run: webhookChanged},
		{ID: "webhook-signed", Case: "too old", Run: webhookOld},
		{ID: "webhook-shape", Case: "garbage", Run: webhookGarbage},
		{ID: "webhook-shape", Case: "of no kind that is known", Run: webhookStrange},
		{ID: "webhook-names", Case: "what it is about", Run: webhookNames},
	}
}

// parser finds the parser of a provider.
func parser(t TB, open func(TB) ProviderHarness) (ProviderHarness, ordering.WebhookParser, bool) {
	t.Helper()
	h := open(t)
	p, ok := capability[ordering.WebhookParser](t, h)
	return h, p, ok && h.Sends != nil
}

// happened is an event of a provider.
func happened(h ProviderHarness) ordering.PaymentEvent {
	return ordering.PaymentEvent{
		Provider: h.Provider.Name(), ID: "evt_1", Payment: charge(1, "", 1).Payment, Kind: ordering.EventRefunded,
		Amount: money.New(400, money.GBP), Refund: ref.NewID[ref.RefundKind]([16]byte{0: 3, 6: 0x70, 8: 0x80, 15: 1}), Reference: "re_1",
	}
}

// refuses checks that a message is refused for its signature.
func refusesWebhook(t TB, p ordering.WebhookParser, w ordering.Webhook, what string) {
	t.Helper()
	if got, err := p.ParseWebhook(w); !fault.Is(err, ordering.WebhookRefused) || len(got) > 0 {
		t.Errorf("%s is answered with %d events, %v", what, len(got), err)
	}
}

func webhookUnsigned(t TB, open func(TB) ProviderHarness) {
	h, p, ok := parser(t, open)
	if !ok {
		return
	}
	w := h.Sends.Event(t, Moment(), happened(h))
	other := w
	other.Header = func(string) string { return "" }
	refusesWebhook(t, p, other, "a message without a signature")
	for _, forged := range []string{"t=0,v1=", "00", "ünïcødé", w.Header("")} {
		other.Header = func(string) string { return forged }
		refusesWebhook(t, p, other, "a message signed "+forged)
	}
	other = h.Sends.Event(t, Moment(), ordering.PaymentEvent{Provider: h.Provider.Name(), ID: "evt_2", Payment: charge(2, "", 1).Payment, Kind: ordering.EventCaptured})
	other.Header = w.Header
	refusesWebhook(t, p, other, "a message with the signature of another")
}

func webhookChanged(t TB, open func(TB) ProviderHarness) {
	h, p, ok := parser(t, open)
	if !ok {
		return
	}
	w := h.Sends.Event(t, Moment(), happened(h))
	for i := range w.Body {
		changed := w
		changed.Body = slices.Clone(w.Body)
		changed.Body[i] ^= 1
		refusesWebhook(t, p, changed, "a message that was changed")
	}
	longer := w
	longer.Body = append(slices.Clone(w.Body), ' ')
	refusesWebhook(t, p, longer, "a message with more at its end")
}

func webhookOld(t TB, open func(TB) ProviderHarness) {
	h, p, ok := parser(t, open)
	if !ok {
		return
	}
	w := h.Sends.Event(t, Moment(), happened(h))
	w.At = Moment().Add(ordering.WebhookAge - time.Second)
	if got, err := p.ParseWebhook(w); err != nil || len(got) != 1 {
		t.Errorf("a message that is not too old is answered with %d events, %v", len(got), err)
	}
	w.At = Moment().Add(ordering.WebhookAge + 2*time.Second)
	refusesWebhook(t, p, w, "a message that is too old")
}

func webhookGarbage(t TB, open func(TB) ProviderHarness) {
	h, p, ok := parser(t, open)
	if !ok {
		return
	}
	if got, err := p.ParseWebhook(h.Sends.Garbage(t, Moment())); !fault.Is(err, ordering.MalformedWebhook) || len(got) > 0 {
		t.Errorf("garbage is answered with %d events, %v", len(got), err)
	}
}

func webhookStrange(t TB, open func(TB) ProviderHarness) {
	h, p, ok := parser(t, open)
	if !ok {
		return
	}
	if got, err := p.ParseWebhook(h.Sends.Strange(t, Moment())); err != nil || len(got) > 0 {
		t.Errorf("a message of no kind that is known is answered with %d events, %v", len(got), err)
	}
}

func webhookNames(t TB, open func(TB) ProviderHarness) {
	h, p, ok := parser(t, open)
	if !ok {
		return
	}
	refund := happened(h)
	capture := refund
	capture.ID, capture.Kind, capture.Reference = "evt_2", ordering.EventCaptured, "ch_1"
	capture.Refund, capture.Capture = ref.RefundID{}, ref.NewID[ref.CaptureKind]([16]byte{0: 2, 6: 0x70, 8: 0x80, 15: 1})
	declined := ordering.PaymentEvent{
		Provider: refund.Provider, ID: "evt_3", Payment: refund.Payment, Kind: ordering.EventDeclined, Amount: refund.Amount, Message: "no funds",
	}
	for _, e := range []ordering.PaymentEvent{refund, capture, declined} {
		got, err := p.ParseWebhook(h.Sends.Event(t, Moment(), e))
		if err != nil || len(got) != 1 {
			t.Fatalf("a message is answered with %d events, %v", len(got), err)
		}
		got[0].At = e.At
		if got[0] != e {
			t.Errorf("the event is %+v, want %+v", got[0], e)
		}
	}
}
