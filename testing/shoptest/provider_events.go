package shoptest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/ipswich-retail/commerce/domain/ordering"
)

// The headers of the provider's messages.
const (
	signatureHeader = "Scripted-Signature"
	timeHeader      = "Scripted-Time"
)

// Outgoing lists the messages that nobody took yet, oldest first. A provider keeps sending a message until it is taken;
// see Taken.
func (p *Provider) Outgoing() []ordering.PaymentEvent {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.outgoing)
}

// Taken ends the sending of a message, by its id.
func (p *Provider) Taken(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.outgoing = slices.DeleteFunc(p.outgoing, func(e ordering.PaymentEvent) bool { return e.ID == id })
}

// Message is an event as the provider sends it: signed, now.
func (p *Provider) Message(e ordering.PaymentEvent) ordering.Webhook {
	body, err := json.Marshal(e)
	if err != nil {
		panic("shoptest: an event does not encode: " + err.Error())
	}
	return p.Signed(p.clock.Now(), body)
}

// Signed is a message with any body, signed at a time: for who wants to see what becomes of one that the provider would
// not send.
func (*Provider) Signed(at time.Time, body []byte) ordering.Webhook {
	when := at.Format(time.RFC3339Nano)
	signature := hex.EncodeToString(sign(when, body))
	return ordering.Webhook{Body: body, At: at, Header: func(name string) string {
		switch {
		case strings.EqualFold(name, signatureHeader):
			return signature
		case strings.EqualFold(name, timeHeader):
			return when
		}
		return ""
	}}
}

func sign(at string, body []byte) []byte {
	mac := hmac.New(sha256.New, []byte("a key that everybody knows"))
	mac.Write([]byte(at + "."))
	mac.Write(body)
	return mac.Sum(nil)
}

// ParseWebhook reads what Message made. Errors: WebhookRefused; MalformedWebhook.
func (*Provider) ParseWebhook(w ordering.Webhook) ([]ordering.PaymentEvent, error) {
	at := w.Header(timeHeader)
	given, err := hex.DecodeString(w.Header(signatureHeader))
	if err != nil || !hmac.Equal(given, sign(at, w.Body)) {
		return nil, ordering.WebhookRefused.New("the signature is not the provider's")
	}
	if made, err := time.Parse(time.RFC3339Nano, at); err != nil || w.At.Sub(made) > ordering.WebhookAge {
		return nil, ordering.WebhookRefused.New("the message is old")
	}
	var e ordering.PaymentEvent
	if err := json.Unmarshal(w.Body, &e); err != nil {
		return nil, ordering.MalformedWebhook.New("the message cannot be read").Because(err)
	}
	if !slices.Contains(kinds, e.Kind) {
		return nil, nil
	}
	return []ordering.PaymentEvent{e}, nil
}

// kinds are the kinds of events that the provider sends.
var kinds = []ordering.PaymentEventKind{
	ordering.EventAuthorized, ordering.EventCaptured, ordering.EventDeclined, ordering.EventVoided, ordering.EventRefunded,
	ordering.EventCaptureFailed, ordering.EventVoidFailed, ordering.EventRefundFailed,
}
