package fiberhttp

import (
	"context"
	"net/http"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

const (
	ordersTag = "Orders"
	// replayedHeader marks the answer to a repeated request.
	replayedHeader = "Idempotent-Replayed"
	// checkoutTimeout is for what comes before the payment: from then on ordering keeps the time, ProviderTimeout for the
	// call and 1.25 seconds to write down what came of it. So an answer comes within three seconds and the provider's time.
	checkoutTimeout = 1500 * time.Millisecond
)

type checkoutInput struct {
	CartAddress
	Idempotent

	Body struct {
		Email           string         `json:"email" example:"ann@example.com" minLength:"1" maxLength:"254"`
		ShippingAddress postalAddress  `json:"shipping_address"`
		BillingAddress  *postalAddress `json:"billing_address,omitempty" doc:"Without it the shipping address."`
		ShippingOption  string         `json:"shipping_option,omitempty" example:"standard" doc:"Without it the cheapest."`
		Payment         paymentRequest `json:"payment"`
		ExpectedTotal   *money.Money   `json:"expected_total,omitempty" doc:"The total that the buyer saw; 409 when it is another now."`
	}
}

type paymentRequest struct {
	Provider string `json:"provider" example:"manual" doc:"One of the shop's payment providers."`
	Token    string `json:"token,omitempty" doc:"What the buyer's browser got from the provider."`
}

type orderInput struct {
	Order string `path:"order" doc:"Its id."`
	Token string `header:"X-Order-Token" doc:"The token that checkout gave; without it, or with another one, the order does not exist for who is not its customer."`
}

type orderAnswer struct{ Body order }

type newOrderAnswer struct {
	Location string `header:"Location" doc:"Address of the order."`
	Replayed string `header:"Idempotent-Replayed" doc:"true when an earlier request with this key made the order."`
	Body     order
}

func (r *routes) mountOrders() {
	Op(r.server, Route{
		ID: "checkout", Method: http.MethodPost, Path: cartPath + "/checkout", Tag: cartsTag,
		Summary: "Order a cart", Success: http.StatusCreated, Timeout: checkoutTimeout, Auth: MayBeCustomer, Class: Buying,
		Description: "Safe to repeat: the same `Idempotency-Key` with the same body gives the same answer, marked by " +
			"`Idempotent-Replayed: true`, and finishes what an interrupted attempt left. After 402 the cart is open " +
			"again; try with a new key. A cart is checked out 120 times a minute at most, replays not counted.",
		Problems: []fault.Class{
			ordering.PaymentDeclined, fault.Missing, ordering.RateLimited, ordering.InProgress, ordering.CartCompleted, ordering.CartSuperseded, ordering.CartChanged,
			ordering.PriceChanged, ordering.OutOfStock, ordering.IdempotencyMismatch, ordering.RequirementsUnmet,
			money.Overflow, fault.Unexpected, fault.Down, fault.Lost,
		},
	}, r.checkout)
	Op(r.server, Route{
		ID: "get-order", Method: http.MethodGet, Path: apiPath + "/orders/{order}", Tag: ordersTag,
		Summary: "An order, for who holds its token, or for its customer", Auth: MayBeCustomer,
		Problems: []fault.Class{fault.Missing, fault.Unexpected, fault.Down},
	}, r.getOrder)
}

func (r *routes) checkout(ctx context.Context, in *checkoutInput) (*newOrderAnswer, error) {
	scope, id, err := r.cart(in.CartAddress)
	if err != nil {
		return nil, err
	}
	body := &in.Body
	placed, err := r.shopper(ctx).Checkout(ctx, scope, ordering.CheckoutRequest{
		Cart: id, Key: in.IdempotencyKey,
		Details: ordering.Details{
			Email: body.Email, ShippingAddress: ordering.Address(body.ShippingAddress),
			BillingAddress: (*ordering.Address)(body.BillingAddress), ShippingOption: body.ShippingOption,
		},
		Provider: body.Payment.Provider, Token: body.Payment.Token, ExpectedTotal: body.ExpectedTotal,
	})
	if err != nil {
		problem := ProblemOf(err, http.MethodPost, RequestID(ctx))
		if placed.Replayed {
			problem.header.Set(replayedHeader, "true")
		}
		return nil, problem
	}
	shown := orderOf(placed)
	out := &newOrderAnswer{Location: apiPath + "/orders/" + shown.ID, Body: shown}
	if placed.Replayed {
		out.Replayed = "true"
	}
	return out, nil
}

func (r *routes) getOrder(ctx context.Context, in *orderInput) (*orderAnswer, error) {
	id, err := ref.ParseID[ref.OrderKind](in.Order)
	if err != nil {
		return nil, fault.Missing.New("there is no such order, or the token is not its own")
	}
	placed, err := r.Ordering.Order(ctx, id, in.Token)
	if customer := PrincipalOf(ctx).Customer; fault.Is(err, fault.Missing) && !customer.IsZero() {
		placed, err = r.Ordering.CustomerOrder(ctx, customer, id)
	}
	if err != nil {
		return nil, err
	}
	return &orderAnswer{Body: orderOf(placed)}, nil
}
