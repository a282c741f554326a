package fiberhttp

import (
	"context"
	"net/http"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
)

type remarkCartInput struct {
	CartAddress
	Expecting

	Body struct {
		Note     *string            `json:"note,omitempty" maxLength:"1000" doc:"What the buyer says to the shop; empty takes it away."`
		Metadata *map[string]string `json:"metadata,omitempty" doc:"Facts of your own, at most 40, which the order has too; replaces all of them."`
	}
}

type confirmPricesInput struct {
	CartAddress
	Expecting
}

// shippingOption is a way in which the order may be sent.
type shippingOption struct {
	Option string      `json:"option" example:"standard" doc:"For shipping_option of the checkout."`
	Price  money.Money `json:"price"`
}

type shippingOptionsAnswer struct {
	Body struct {
		Items []shippingOption `json:"items" doc:"The cheapest first."`
	}
}

func (r *routes) mountCartRemarks() {
	changes := []fault.Class{
		fault.Missing, ordering.CartCompleted, ordering.CartSuperseded, ordering.CustomerHasCart, fault.VersionConflict, ordering.ExpectedVersion, money.Overflow,
		fault.Unexpected, fault.Down, fault.Lost,
	}
	Op(r.server, Route{
		ID: "remark-cart", Method: http.MethodPatch, Path: cartPath, Tag: cartsTag, Auth: MayBeCustomer,
		Summary: "Say something with the order, or keep facts of your own with the cart", Problems: changes,
	}, r.remarkCart)
	Op(r.server, Route{
		ID: "confirm-prices", Method: http.MethodPost, Path: cartPath + "/confirm-prices", Tag: cartsTag, Auth: MayBeCustomer,
		Summary:     "Agree to the present prices",
		Description: "A line keeps the price at which it was put in beside the present one, and a warning says that they differ. This takes the warning away.",
		Problems:    changes,
	}, r.confirmPrices)
	Op(r.server, Route{
		ID: "list-shipping-options", Method: http.MethodGet, Path: cartPath + "/shipping-options", Tag: cartsTag, Auth: MayBeCustomer,
		Summary:     "How the order may be sent, and for what",
		Description: "Until shipping is priced there is one way, for nothing.",
		Problems:    []fault.Class{fault.Missing, money.Overflow, fault.Unexpected, fault.Down},
	}, r.shippingOptions)
}

func (r *routes) remarkCart(ctx context.Context, in *remarkCartInput) (*cartAnswer, error) {
	scope, id, err := r.cart(in.CartAddress)
	if err != nil {
		return nil, err
	}
	return shownCart(r.shopper(ctx).RemarkCart(ctx, scope, id, in.version(), ordering.Remarks{
		Note: in.Body.Note, Metadata: (*ordering.Metadata)(in.Body.Metadata),
	}))
}

func (r *routes) confirmPrices(ctx context.Context, in *confirmPricesInput) (*cartAnswer, error) {
	scope, id, err := r.cart(in.CartAddress)
	if err != nil {
		return nil, err
	}
	return shownCart(r.shopper(ctx).ConfirmPrices(ctx, scope, id, in.version()))
}

func (r *routes) shippingOptions(ctx context.Context, in *readCartInput) (*shippingOptionsAnswer, error) {
	scope, id, err := r.cart(in.CartAddress)
	if err != nil {
		return nil, err
	}
	q, err := r.shopper(ctx).Cart(ctx, scope, id)
	if err != nil {
		return nil, err
	}
	out := &shippingOptionsAnswer{}
	out.Body.Items = []shippingOption{{Option: ordering.StandardShipping, Price: q.Totals.Shipping}}
	return out, nil
}
