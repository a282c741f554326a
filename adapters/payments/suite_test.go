package payments_test

import (
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/adapters/payments"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
)

func openManual(*testing.T) orderingtest.ProviderHarness {
	return orderingtest.ProviderHarness{Provider: payments.Manual{}}
}

func openTest(*testing.T) orderingtest.ProviderHarness {
	p := payments.NewTestWith(payments.TestOptions{Secret: []byte("between us and the provider")})
	return orderingtest.ProviderHarness{
		Provider: p, Good: payments.TokenOK, Declined: payments.TokenDecline, Held: payments.TokenAuthorize,
		Taken: func(orderingtest.TB) map[ref.PaymentID]money.Money {
			out := map[ref.PaymentID]money.Money{}
			for _, c := range p.Charges() {
				if c.Held > 0 {
					out[c.Payment] = c.Amount
				}
			}
			return out
		},
		Moved: func(orderingtest.TB) map[ref.PaymentID]orderingtest.Moved {
			out := map[ref.PaymentID]orderingtest.Moved{}
			for _, c := range p.Charges() {
				out[c.Payment] = orderingtest.Moved{Held: c.Held, Captured: c.Captured, Voided: c.Voided, Refunded: c.Refunded}
			}
			return out
		},
		Sends: &orderingtest.Sender{
			Event: func(t orderingtest.TB, at time.Time, e ordering.PaymentEvent) ordering.Webhook {
				t.Helper()
				signature, body, err := p.Message(at, e)
				if err != nil {
					t.Fatalf("making a message: %v", err)
				}
				return message(signature, body, at)
			},
			Garbage: func(_ orderingtest.TB, at time.Time) ordering.Webhook { return signed(p, at, "no { json") },
			Strange: func(_ orderingtest.TB, at time.Time) ordering.Webhook {
				return signed(p, at, `{"events":[{"id":"evt_9","payment":"`+ref.NewID[ref.PaymentKind](ref.UUID{9}).String()+`","kind":"payout"}]}`)
			},
		},
	}
}

// message is a webhook as it comes in.
func message(signature string, body []byte, at time.Time) ordering.Webhook {
	return ordering.Webhook{Body: body, At: at, Header: func(name string) string {
		if name == payments.TestSignature {
			return signature
		}
		return ""
	}}
}

// signed is a webhook with a body that the provider signed.
func signed(p *payments.Test, at time.Time, body string) ordering.Webhook {
	return message(p.Sign(at, []byte(body)), []byte(body), at)
}

func TestManualProvider(t *testing.T) {
	t.Parallel()
	orderingtest.TestPaymentProvider(t, openManual, orderingtest.ProviderFeatures{
		NoDecline: "nobody is asked", NoFaults: "nobody is asked", NoTaken: "it takes nothing",
	})
}

func TestTestProvider(t *testing.T) {
	t.Parallel()
	f := orderingtest.ProviderFeatures{NoFaults: "its answers get lost by token alone"}
	orderingtest.TestPaymentProvider(t, openTest, f)
	orderingtest.TestPaymentEffects(t, openTest, f)
	orderingtest.TestWebhookParser(t, openTest)
}

func TestCapabilities(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(*testing.T) orderingtest.ProviderHarness{"manual": openManual, "test": openTest} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			orderingtest.TestPaymentCapabilities(t, open, "tok_of_someone_else")
		})
	}
}
