package payments

import (
	"context"
	"fmt"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// effectKey is by what a capture, a void or a refund is known.
type effectKey struct {
	payment ref.PaymentID
	capture ref.CaptureID
	refund  ref.RefundID
}

// Capture takes what is held, once for each payment and id. Errors: kind Unavailable when the context has ended.
func (t *Test) Capture(ctx context.Context, c ordering.CaptureCall) (ordering.EffectResult, error) {
	return t.effect(ctx, effectKey{payment: c.Payment, capture: c.ID}, "test_"+c.ID.String(), func(charge *TestCharge) string {
		if open := charge.Held - charge.Captured - charge.Voided; c.Amount.Minor() > open || c.Amount.Currency() != charge.Amount.Currency() {
			return fmt.Sprintf("%d of it is held and was not captured", open)
		}
		charge.Captured += c.Amount.Minor()
		return ""
	})
}

// Void gives up what is held and was not captured, once for each payment. Errors: as Capture.
func (t *Test) Void(ctx context.Context, c ordering.VoidCall) (ordering.EffectResult, error) {
	return t.effect(ctx, effectKey{payment: c.Payment}, "test_void_"+c.Payment.String(), func(charge *TestCharge) string {
		open := charge.Held - charge.Captured - charge.Voided
		if open <= 0 {
			return "nothing of it is held"
		}
		charge.Voided += open
		return ""
	})
}

// Refund sends back what was captured, once for each payment and id. Errors: as Capture.
func (t *Test) Refund(ctx context.Context, c ordering.RefundCall) (ordering.EffectResult, error) {
	return t.effect(ctx, effectKey{payment: c.Payment, refund: c.ID}, "test_"+c.ID.String(), func(charge *TestCharge) string {
		if left := charge.Captured - charge.Refunded; c.Amount.Minor() > left || c.Amount.Currency() != charge.Amount.Currency() {
			return fmt.Sprintf("%d of it was captured and not refunded", left)
		}
		charge.Refunded += c.Amount.Minor()
		return ""
	})
}

// effect does a thing once: asked again it gives the first result again. Do gives why it is refused, or "".
func (t *Test) effect(ctx context.Context, key effectKey, reference string, do func(*TestCharge) string) (ordering.EffectResult, error) {
	if err := ctx.Err(); err != nil {
		return ordering.EffectResult{}, fault.Down.New("the request ended before the provider was asked; nothing was done").Because(err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if r, again := t.effects[key]; again {
		return r, nil
	}
	refusal := "there is no such charge"
	if i, known := t.byID[key.payment]; known {
		refusal = do(&t.charges[i])
	}
	r := ordering.EffectResult{State: ordering.EffectSucceeded, Reference: reference}
	if refusal != "" {
		r = ordering.EffectResult{State: ordering.EffectFailed, Message: refusal}
	}
	if refusal == "" || !key.capture.IsZero() || !key.refund.IsZero() {
		t.effects[key] = r // A void that was refused has no id of its own to be known by; it may be tried again.
	}
	return r, nil
}
