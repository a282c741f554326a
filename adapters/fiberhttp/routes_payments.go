package fiberhttp

import (
	"context"
	"net/http"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

const paymentsTag = "Payments"

// anyMedia stands for a body of whatever media type, which its handler reads byte for byte.
const anyMedia = "*/*"

type webhookInput struct {
	Provider string `path:"provider" doc:"Name of the payment provider."`
}

type testEventInput struct {
	Body struct {
		OrderID string `json:"order_id" example:"ord_01jd8x5v9ke2vbrwkxtq4m6h3m"`
		Outcome string `json:"outcome" enum:"succeeded,failed" doc:"What becomes of its undecided payment."`
	}
}

// SettleTest decides a charge of the test provider, as payments.Test.Settle does.
type SettleTest func(payment ref.PaymentID, succeeded bool) (ordering.PaymentEvent, bool)

func (r *routes) mountPayments() {
	Op(r.server, Route{
		ID: "receive-webhook", Method: http.MethodPost, Path: apiPath + "/payments/{provider}/webhooks", Tag: paymentsTag, Success: http.StatusNoContent,
		anyBody: true, Summary: "Take a message of a payment provider",
		Description: "Providers send it, signed in their own way. A good answer means that everything is written down; what cannot be " +
			"applied yet, such as an event that came before its payment, is kept and applied later. The same message again changes nothing.",
		Problems: []fault.Class{
			fault.Missing, ordering.WebhookRefused, ordering.MalformedWebhook, BodyTooLarge, UnsupportedMediaType, fault.Unexpected, fault.Down, fault.Lost,
		},
	}, r.receiveWebhook)
	if r.SettleTest == nil {
		return
	}
	Op(r.server, Route{
		ID: "decide-test-payment", Method: http.MethodPost, Path: apiPath + "/payments/test/events", Tag: paymentsTag, Success: http.StatusNoContent,
		Summary: "Decide a payment that the test provider left undecided", Description: "Only where the test provider is on offer, which it never is in production.",
		Problems: []fault.Class{fault.Missing, fault.Unexpected, fault.Down, fault.Lost},
	}, r.decideTestPayment)
}

func (r *routes) receiveWebhook(ctx context.Context, in *webhookInput) (*struct{}, error) {
	request := exchangeIn(ctx).request
	_, err := r.Ordering.Webhook(ctx, in.Provider, ordering.Webhook{
		Body: request.Body(), Header: func(name string) string { return string(request.Header.Peek(name)) },
	})
	return nil, err
}

// decideTestPayment decides the newest payment of the order that the test provider was asked for. Whoever knows the
// order may: no money is moved by it.
func (r *routes) decideTestPayment(ctx context.Context, in *testEventInput) (*struct{}, error) {
	unknown := fault.Missing.New("there is no such order, or the test provider was not asked for its payment")
	id, err := ref.ParseID[ref.OrderKind](in.Body.OrderID)
	if err != nil {
		return nil, unknown
	}
	x, err := r.Ordering.Sale(ctx, id)
	if err != nil {
		return nil, err
	}
	for i := len(x.Payments) - 1; i >= 0; i-- {
		if event, charged := r.SettleTest(x.Payments[i].ID, in.Body.Outcome == "succeeded"); charged {
			return nil, r.Ordering.ApplyEvent(ctx, event)
		}
	}
	return nil, unknown
}
