package fiberhttp

import (
	"context"
	"net/http"
	"time"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// myOrderSummary is an order in a list.
type myOrderSummary struct {
	ID               string      `json:"id" example:"ord_01jd8x5v9ke2vbrwkxtq4m6h3m"`
	Number           string      `json:"number" example:"261123-7K3M9Q2X"`
	Status           string      `json:"status" enum:"claiming,pending,placed,completed,cancelled"`
	PaymentStatus    string      `json:"payment_status" enum:"none,pending,authorized,partially_paid,paid,partially_refunded,refunded,overpaid,voided"`
	FulfilmentStatus string      `json:"fulfilment_status" enum:"unfulfilled,backordered,partial,fulfilled,delivered,returned,cancelled"`
	Lines            int         `json:"lines" doc:"How many there are."`
	Total            money.Money `json:"total"`
	CreatedAt        time.Time   `json:"created_at"`
}

// myOrderOf shows an order in a list.
func myOrderOf(o ordering.Order, payments []ordering.Payment) myOrderSummary {
	return myOrderSummary{
		ID: o.ID.String(), Number: o.Number, Status: string(o.Status), PaymentStatus: string(ordering.PaymentStatusOf(o, payments)),
		FulfilmentStatus: string(ordering.FulfilmentStatusOf(o)), Lines: len(o.Lines), Total: o.Totals.Total, CreatedAt: o.CreatedAt.UTC(),
	}
}

type myOrdersInput struct{ Paged }

type myOrdersAnswer struct {
	Body struct {
		Items []myOrderSummary `json:"items"`
		Next  *string          `json:"next_cursor" doc:"Where the next page begins; null on the last one."`
	}
}

type myOrderInput struct {
	Order string `path:"order" doc:"Its id."`
}

type myCartInput struct{ Scoped }

type takeCartInput struct {
	Scoped

	Body struct {
		Cart string `json:"cart,omitempty" maxLength:"255" doc:"Id of a guest's cart, which becomes the customer's or goes into it."`
	}
}

func (r *routes) mountMyOrders() {
	reads := []fault.Class{fault.Unexpected, fault.Down}
	Op(r.server, Route{
		ID: "list-my-orders", Method: http.MethodGet, Path: mePath + "/orders", Tag: meTag, Auth: CustomerOnly,
		Summary: "The own orders, newest first", Problems: append([]fault.Class{catalog.InvalidCursor, fault.Bad}, reads...),
	}, r.myOrders)
	Op(r.server, Route{
		ID: "get-my-order", Method: http.MethodGet, Path: mePath + "/orders/{order}", Tag: meTag, Auth: CustomerOnly,
		Summary: "One of the own orders", Problems: append([]fault.Class{fault.Missing}, reads...),
	}, r.myOrder)
	Op(r.server, Route{
		ID: "get-my-cart", Method: http.MethodGet, Path: mePath + "/cart", Tag: meTag, Auth: CustomerOnly,
		Summary: "The own cart, on whatever device it was begun", Description: "404 while there is none; a `POST` makes one.",
		Problems: append([]fault.Class{fault.Missing, money.Overflow}, reads...),
	}, r.myCart)
	Command(r, Route{
		ID: "take-my-cart", Method: http.MethodPost, Path: mePath + "/cart", Tag: meTag, Auth: CustomerOnly,
		Summary: "The own cart, made when there is none, with the lines of a guest's",
		Description: "Safe to repeat. A guest's cart becomes the customer's, or goes into the one that they have and is then " +
			"`merged`; what could not be kept is among the warnings.",
		Problems: []fault.Class{fault.Missing, ordering.CartCompleted, money.Overflow, fault.Unexpected, fault.Down, fault.Lost},
	}, r.takeMyCart, func(ctx context.Context, in *takeCartInput, _ string) (*cartAnswer, error) {
		return r.myCart(ctx, &myCartInput{in.Scoped})
	})
}

func (r *routes) myOrders(ctx context.Context, in *myOrdersInput) (*myOrdersAnswer, error) {
	var after *ordering.OrderPlace
	if in.Cursor != "" {
		at, id, err := parsePoint(myOrdersList, in.Cursor)
		if err != nil {
			return nil, err
		}
		after = &ordering.OrderPlace{CreatedAt: at, ID: ref.NewID[ref.OrderKind](id)}
	}
	page, err := r.Ordering.CustomerOrders(ctx, PrincipalOf(ctx).Customer, after, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &myOrdersAnswer{}
	out.Body.Items = make([]myOrderSummary, len(page.Items))
	for i, o := range page.Items {
		out.Body.Items[i] = myOrderOf(o.Order, o.Payments)
	}
	if page.Next != nil {
		out.Body.Next = formatPoint(myOrdersList, page.Next.CreatedAt, page.Next.ID.UUID())
	}
	return out, nil
}

func (r *routes) myOrder(ctx context.Context, in *myOrderInput) (*orderAnswer, error) {
	id, err := ref.ParseID[ref.OrderKind](in.Order)
	if err != nil {
		return nil, fault.Missing.New("there is no such order, or the token is not its own")
	}
	placed, err := r.Ordering.CustomerOrder(ctx, PrincipalOf(ctx).Customer, id)
	if err != nil {
		return nil, err
	}
	return &orderAnswer{Body: orderOf(placed)}, nil
}

func (r *routes) myCart(ctx context.Context, in *myCartInput) (*cartAnswer, error) {
	scope, err := r.scope(in.Scoped)
	if err != nil {
		return nil, err
	}
	return shownCart(r.Ordering.PresentCart(ctx, scope, PrincipalOf(ctx).Customer))
}

// takeMyCart is safe to repeat as it is. Its subject is the customer: the id of a cart is a credential, which no record of
// a command holds.
func (r *routes) takeMyCart(ctx context.Context, in *takeCartInput, _ Attempt) (*cartAnswer, string, error) {
	scope, err := r.scope(in.Scoped)
	if err != nil {
		return nil, "", err
	}
	customer := PrincipalOf(ctx).Customer
	q, err := r.takenCart(ctx, scope, customer, in.Body.Cart)
	out, err := shownCart(q, busy(err))
	return out, customer.String(), err
}

// takenCart is the customer's cart, with the lines of the guest's that is named, if any.
func (r *routes) takenCart(ctx context.Context, scope ref.Scope, customer ref.CustomerID, text string) (ordering.Quote, error) {
	if text == "" {
		return r.Ordering.CustomerCart(ctx, scope, customer)
	}
	guest, err := ref.ParseCartID(text)
	if err != nil {
		return ordering.Quote{}, fault.Missing.New("there is no such cart")
	}
	return r.Ordering.AdoptCart(ctx, scope, customer, guest)
}
