package payments

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Settle decides a charge of TokenAsync: the money is captured, or the charge declined. It gives the event that tells of
// it, which goes to the subscriber too, or waits in Events without one. A charge that is decided is told of again, under
// the same id. Found is false for a payment that was never charged.
func (t *Test) Settle(payment ref.PaymentID, succeeded bool) (e ordering.PaymentEvent, found bool) {
	t.mu.Lock()
	i, known := t.byID[payment]
	if !known {
		t.mu.Unlock()
		return ordering.PaymentEvent{}, false
	}
	c := &t.charges[i]
	if c.Result.State == ordering.ChargePending {
		c.Result.State, c.Held, c.Captured = ordering.ChargeCaptured, c.Amount.Minor(), c.Amount.Minor()
		if !succeeded {
			c.Result, c.Held, c.Captured = ordering.ChargeResult{State: ordering.ChargeDeclined, Message: DeclineMessage}, 0, 0
		}
	}
	e = ordering.ChargeEvent(ordering.Payment{ID: payment, Provider: TestName, Amount: c.Amount}, c.Result)
	e.ID = "evt_" + string(c.Result.State) + "_" + payment.String()
	deliver := t.deliver
	if deliver == nil {
		t.queue = append(t.queue, e)
	}
	t.mu.Unlock()
	if deliver != nil {
		deliver(e)
	}
	return e, true
}

// Subscribe has events delivered to the function, with nothing held, from now on.
func (t *Test) Subscribe(deliver func(ordering.PaymentEvent)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.deliver = deliver
}

// Events takes the events that nobody was told of yet, oldest first.
func (t *Test) Events() []ordering.PaymentEvent {
	t.mu.Lock()
	defer t.mu.Unlock()
	out := t.queue
	t.queue = nil
	return out
}

// TestSignature is the header that holds the signature of a webhook: t=<seconds>,v1=<HMAC-SHA256 of "<seconds>.<body>">.
const TestSignature = "X-Test-Signature"

// TestMessage is what Test sends: its events.
type TestMessage struct {
	Events []ordering.PaymentEvent `json:"events"`
}

// Message makes the webhook that tells of events, signed at a time: the value of the header TestSignature, and the body.
func (t *Test) Message(at time.Time, events ...ordering.PaymentEvent) (signature string, body []byte, err error) {
	body, err = json.Marshal(TestMessage{Events: events})
	if err != nil {
		return "", nil, err
	}
	return t.Sign(at, body), body, nil
}

// Sign makes the signature of a body.
func (t *Test) Sign(at time.Time, body []byte) string {
	seconds := strconv.FormatInt(at.Unix(), 10)
	return "t=" + seconds + ",v1=" + hex.EncodeToString(t.mac(seconds, body))
}

func (t *Test) mac(seconds string, body []byte) []byte {
	m := hmac.New(sha256.New, t.secret)
	m.Write([]byte(seconds + "."))
	m.Write(body)
	return m.Sum(nil)
}

// ParseWebhook checks the signature and reads the events. Errors: WebhookRefused, MalformedWebhook.
func (t *Test) ParseWebhook(w ordering.Webhook) ([]ordering.PaymentEvent, error) {
	refused := ordering.WebhookRefused.New("the message is not signed by the provider, or too old")
	stamp, sum, _ := strings.Cut(w.Header(TestSignature), ",")
	seconds, stamped := strings.CutPrefix(stamp, "t=")
	text, signed := strings.CutPrefix(sum, "v1=")
	given, err := hex.DecodeString(text)
	if len(t.secret) == 0 || !stamped || !signed || err != nil || !hmac.Equal(given, t.mac(seconds, w.Body)) {
		return nil, refused
	}
	n, err := strconv.ParseInt(seconds, 10, 64)
	if age := w.At.Sub(time.Unix(n, 0)); err != nil || age > ordering.WebhookAge || age < -ordering.WebhookAge {
		return nil, refused
	}
	var m TestMessage
	if err := json.Unmarshal(w.Body, &m); err != nil {
		return nil, ordering.MalformedWebhook.New("the message is not JSON of events").Because(err)
	}
	var out []ordering.PaymentEvent
	for _, e := range m.Events {
		if e.ID == "" || e.Payment.IsZero() {
			return nil, ordering.MalformedWebhook.New("an event has an id and a payment")
		}
		if !known(e.Kind) {
			continue
		}
		e.Provider = TestName
		out = append(out, e)
	}
	return out, nil
}

// known tells whether Test sends events of the kind.
func known(k ordering.PaymentEventKind) bool {
	switch k {
	case ordering.EventAuthorized, ordering.EventCaptured, ordering.EventDeclined, ordering.EventVoided, ordering.EventRefunded,
		ordering.EventCaptureFailed, ordering.EventVoidFailed, ordering.EventRefundFailed:
		return true
	default:
		return false
	}
}
