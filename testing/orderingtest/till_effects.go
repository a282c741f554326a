package orderingtest

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

var (
	_ ordering.Capturer      = (*Till)(nil)
	_ ordering.Voider        = (*Till)(nil)
	_ ordering.Refunder      = (*Till)(nil)
	_ ordering.WebhookParser = (*Till)(nil)
)

// tillEffect is by what the till knows a capture, a void or a refund.
type tillEffect struct {
	payment ref.PaymentID
	capture ref.CaptureID
	refund  ref.RefundID
}

// Capture takes what is held.
func (t *Till) Capture(_ context.Context, c ordering.CaptureCall) (ordering.EffectResult, error) {
	return t.effect(tillEffect{c.Payment, c.ID, ref.RefundID{}}, func(m *Moved) bool {
		if c.Amount.Minor() > m.Held-m.Captured-m.Voided {
			return false
		}
		m.Captured += c.Amount.Minor()
		return true
	})
}

// Void gives up what is held and was not captured.
func (t *Till) Void(_ context.Context, c ordering.VoidCall) (ordering.EffectResult, error) {
	return t.effect(tillEffect{payment: c.Payment}, func(m *Moved) bool {
		open := m.Held - m.Captured - m.Voided
		m.Voided += open
		return open > 0
	})
}

// Refund sends back what was captured.
func (t *Till) Refund(_ context.Context, c ordering.RefundCall) (ordering.EffectResult, error) {
	return t.effect(tillEffect{c.Payment, ref.CaptureID{}, c.ID}, func(m *Moved) bool {
		if c.Amount.Minor() > m.Captured-m.Refunded {
			return false
		}
		m.Refunded += c.Amount.Minor()
		return true
	})
}

// effect does a thing once.
func (t *Till) effect(key tillEffect, do func(*Moved) bool) (ordering.EffectResult, error) {
	t.interrupt()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.calls[key]++
	failure := t.failure()
	if failure.err != nil && !failure.stand {
		return ordering.EffectResult{}, failure.err
	}
	result, again := t.effects[key]
	if !again {
		m := t.moved[key.payment]
		result = ordering.EffectResult{State: ordering.EffectSucceeded, Reference: fmt.Sprintf("till-%d", len(t.effects)+10)}
		if !do(&m) {
			result = ordering.EffectResult{State: ordering.EffectFailed, Message: "there is not so much"}
		} else {
			t.moved[key.payment] = m
		}
		if result.State == ordering.EffectSucceeded || !key.capture.IsZero() || !key.refund.IsZero() {
			t.effects[key] = result
		}
	}
	if failure.err != nil {
		return ordering.EffectResult{}, failure.err
	}
	return result, nil
}

// tillSecret signs the till's messages.
const tillSecret = "the till's own" //nolint:gosec // Of tests.

// tillMessage is what the till sends.
type tillMessage struct {
	At    time.Time             `json:"at"`
	Type  string                `json:"type"`
	Event ordering.PaymentEvent `json:"event"`
}

// Webhook makes the message that tells of an event, signed at a time.
func (t *Till) Webhook(at time.Time, e ordering.PaymentEvent) ordering.Webhook {
	body, err := json.Marshal(tillMessage{At: at, Type: "payment", Event: e})
	if err != nil {
		panic("orderingtest: an event does not encode: " + err.Error())
	}
	return t.Signed(at, body)
}

// Signed makes a message with a body of anybody's, signed by the till.
func (t *Till) Signed(at time.Time, body []byte) ordering.Webhook {
	m := hmac.New(sha256.New, []byte(tillSecret))
	m.Write(body)
	signature := hex.EncodeToString(m.Sum(nil))
	return ordering.Webhook{Body: body, At: at, Header: func(name string) string {
		if name == "Till-Signature" {
			return signature
		}
		return ""
	}}
}

// Spoil makes the till's books say something else, as a broken one would.
func (t *Till) Spoil(payment ref.PaymentID, m Moved) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.moved[payment] = m
}

// ParseWebhook reads the till's messages.
func (t *Till) ParseWebhook(w ordering.Webhook) ([]ordering.PaymentEvent, error) {
	given, err := hex.DecodeString(w.Header("Till-Signature"))
	m := hmac.New(sha256.New, []byte(tillSecret))
	m.Write(w.Body)
	if err != nil || !hmac.Equal(given, m.Sum(nil)) {
		return nil, ordering.WebhookRefused.New("the till did not sign that")
	}
	var message tillMessage
	if err := json.NewDecoder(bytes.NewReader(w.Body)).Decode(&message); err != nil {
		return nil, ordering.MalformedWebhook.New("that is no message").Because(err)
	}
	switch age := w.At.Sub(message.At); {
	case age > ordering.WebhookAge || age < -ordering.WebhookAge:
		return nil, ordering.WebhookRefused.New("the message is too old")
	case message.Type != "payment":
		return nil, nil
	}
	return []ordering.PaymentEvent{message.Event}, nil
}

// Calls is how often the till was asked for an effect: Capture, Refund or, with neither, Void of a payment.
func (t *Till) Calls(payment ref.PaymentID, capture ref.CaptureID, refund ref.RefundID) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.calls[tillEffect{payment, capture, refund}]
}
