package ordering

import (
	"context"
	"time"

	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Capturer is the capability of a provider that takes money which it holds, all at once or in pieces. Find it with
// ports.As.
//
// Contract: [capture-once] the same Payment and ID are one capture, however often it is asked for, and give the same
// result again; [capture-part] captures of one payment take their amounts each, and together no more than was held: one
// beyond is refused (EffectFailed with a message), and takes nothing; [capture-unknown] an error of kind Unknown means
// that it may stand, any other that it does not and can be asked for again. Safe for concurrent use.
type Capturer interface {
	Capture(ctx context.Context, c CaptureCall) (EffectResult, error)
}

// CaptureCall asks a provider to take money that it holds.
type CaptureCall struct {
	Payment   ref.PaymentID
	ID        ref.CaptureID // The idempotency key, together with the payment.
	Reference string        // The provider's id of the charge, as far as it is known.
	Amount    money.Money
}

// Voider is the capability of a provider that gives up what it holds and has not taken. Find it with ports.As.
//
// Contract: [void-rest] Void gives up all that is held and was not captured, and leaves what was; [void-once] asked again
// it gives the same result again; [void-none] of a payment of which nothing is held it is refused, and nothing changes;
// [void-unknown] as of Capturer. Safe for concurrent use.
type Voider interface {
	Void(ctx context.Context, c VoidCall) (EffectResult, error)
}

// VoidCall asks a provider to give up what it holds.
type VoidCall struct {
	Payment   ref.PaymentID // The idempotency key.
	Reference string        // The provider's id of the charge, as far as it is known.
}

// Refunder is the capability of a provider that sends money back which it took. Find it with ports.As.
//
// Contract: [refund-once] the same Payment and ID are one refund, however often it is asked for, and give the same result
// again; [refund-part] refunds of one payment send their amounts back each, and together no more than was taken: one
// beyond is refused, and sends nothing; [refund-unknown] as of Capturer. Safe for concurrent use.
type Refunder interface {
	Refund(ctx context.Context, c RefundCall) (EffectResult, error)
}

// RefundCall asks a provider to send money back.
type RefundCall struct {
	Payment   ref.PaymentID
	ID        ref.RefundID // The idempotency key, together with the payment.
	Reference string       // The provider's id of the charge, as far as it is known.
	Amount    money.Money
}

// EffectResult is what a provider answered to a capture, a void or a refund.
type EffectResult struct {
	State     EffectState // Succeeded; failed, and final; or requested, when it will be told by an event or by asking again.
	Reference string      // The provider's id of it.
	Message   string      // Why it failed.
}

// WebhookParser is the capability of a provider that tells of itself what happens to payments. Find it with ports.As.
//
// Contract: [webhook-signed] what is not signed by the provider, was changed on its way or is older than WebhookAge is
// refused with WebhookRefused, whatever it says; comparing takes the same time wherever the difference is;
// [webhook-shape] what is signed and cannot be read is refused with MalformedWebhook; a message of no kind that is known
// is no event and no error; [webhook-names] an event bears the provider's name and its own id for it, the payment, the
// capture or refund of ours that it is about, and the references that the answers to calls bear. It asks nobody and
// changes nothing. Safe for concurrent use.
type WebhookParser interface {
	ParseWebhook(w Webhook) ([]PaymentEvent, error)
}

// Webhook is a message of a provider, as it came.
type Webhook struct {
	Header func(name string) string // A header's value by its name, whatever the case; "" for none.
	Body   []byte                   // As it was signed, byte for byte.
	At     time.Time                // When it came.
}

// WebhookAge is how old a message may be: a stolen one cannot be sent again later.
const WebhookAge = 5 * time.Minute
