package fiberhttp

import (
	"context"
	"net/http"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/domain/statemachine"
)

const (
	adminOrdersTag  = "Admin: orders"
	adminOrdersPath = adminPath + "/orders"
	adminOrderPath  = adminOrdersPath + "/{order}"
	// staffOrdersList is the name of the list of orders for staff.
	staffOrdersList = "admin/orders"
)

type listOrdersInput struct {
	Paged

	Status string `query:"status" enum:"claiming,pending,placed,completed,cancelled" doc:"Those of a status; without it all."`
	Query  string `query:"q" maxLength:"254" doc:"The beginning of the number, such as 261123-7K, or of the e-mail address."`
}

type ordersAnswer struct {
	Body struct {
		Items      []orderSummary `json:"items"`
		NextCursor *string        `json:"next_cursor" doc:"Where the next page starts; null on the last one."`
	}
}

// OrderAddress is embedded in the input of every call of staff to an order.
type OrderAddress struct {
	Order string `path:"order" doc:"Its id."`
}

type adminOrderInput struct{ OrderAddress }

type adminOrderAnswer struct{ Body adminOrder }

type cancelOrderInput struct {
	OrderAddress

	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"255" example:"The buyer changed their mind."`
	}
}

type completeOrderInput struct {
	OrderAddress

	Body struct {
		GiveUp bool `json:"give_up,omitempty" doc:"Give up what was not sent and what is not paid; refund it beforehand."`
	}
}

type noteInput struct {
	OrderAddress

	Body struct {
		Text string `json:"text" minLength:"1" maxLength:"4000" doc:"For staff; the buyer does not see it."`
	}
}

// orderPlace is a place in the list of orders.
type orderPlace struct {
	Key string      `json:"k,omitempty"`
	ID  ref.OrderID `json:"i"`
}

func (p orderPlace) sound() bool { return storable(p.Key) }

func (r *routes) mountAdminOrders() {
	Op(r.server, Route{
		ID: "admin-list-orders", Method: http.MethodGet, Path: adminOrdersPath, Tag: adminOrdersTag, Permission: access.OrdersRead,
		Summary:     "Orders, the newest first",
		Description: "With `q` those whose number or e-mail address begins with it, in the order of what it matches.",
		Problems:    also(staffReads, catalog.InvalidCursor),
	}, r.listOrders)
	Op(r.server, Route{
		ID: "admin-get-order", Method: http.MethodGet, Path: adminOrderPath, Tag: adminOrdersTag, Permission: access.OrdersRead,
		Summary: "An order with its payments, fulfilments and notes, and what can be done to it", Problems: also(staffReads, fault.Missing),
	}, r.getAdminOrder)
	Command(r, Route{
		ID: "admin-cancel-order", Method: http.MethodPost, Path: adminOrderPath + "/cancel", Tag: adminOrdersTag, Permission: access.OrdersCancel,
		Summary:     "Give an order up",
		Description: "Its goods are for others again, what is held for it is given up, and what was taken goes back.",
		Problems:    also(staffWrites, fault.Missing, statemachine.IllegalTransition, ordering.OrderSent),
	}, r.cancelOrder, showsOrder[cancelOrderInput](r))
	Command(r, Route{
		ID: "admin-complete-order", Method: http.MethodPost, Path: adminOrderPath + "/complete", Tag: adminOrdersTag, Permission: access.OrdersWrite,
		Summary: "End an order that is paid and sent, or give up the rest", Problems: also(staffWrites, fault.Missing, statemachine.IllegalTransition, ordering.OrderUnfinished),
	}, r.completeOrder, showsOrder[completeOrderInput](r))
	Command(r, Route{
		ID: "admin-add-order-note", Method: http.MethodPost, Path: adminOrderPath + "/notes", Tag: adminOrdersTag, Permission: access.OrdersWrite,
		Summary: "Write a note for other staff", Success: http.StatusCreated, Problems: also(staffWrites, fault.Missing),
	}, r.addOrderNote, showsOrder[noteInput](r))
	Command(r, Route{
		ID: "admin-settle-order", Method: http.MethodPost, Path: adminOrderPath + "/settle", Tag: adminOrdersTag, Permission: access.OrdersWrite,
		Summary:     "Do now what the shop would do for the order by and by",
		Description: "Asks providers for what is not known yet, and does what waits for it. What cannot be settled stays as it is.",
		Problems:    also(staffWrites, fault.Missing), Timeout: checkoutTimeout,
	}, r.settleOrder, showsOrder[adminOrderInput](r))
}

// ordersOrder is the order that a path names.
func (in OrderAddress) id() (ref.OrderID, error) { return idOf[ref.OrderKind](in.Order, "order") }

func (in OrderAddress) address() OrderAddress { return in }

// showsOrder shows the order of a repeated command as it is now.
func showsOrder[I any, P interface {
	*I
	address() OrderAddress
}](r *routes) func(context.Context, *I, string) (*adminOrderAnswer, error) {
	return func(ctx context.Context, in *I, _ string) (*adminOrderAnswer, error) {
		return r.getAdminOrder(ctx, &adminOrderInput{P(in).address()})
	}
}

// orderCommand runs a command of staff about an order between two entries of the audit log. Of one that an earlier
// attempt may have done already, done tells whether the order is where it leads to.
func (r *routes) orderCommand(ctx context.Context, at OrderAddress, perm access.Permission, action string, a Attempt, done func(ordering.Sale) bool, do func(context.Context, ref.OrderID) (ordering.Sale, error)) (*adminOrderAnswer, string, error) {
	id, err := at.id()
	if err != nil {
		return nil, "", err
	}
	x, err := audited(ctx, r, perm, action, id.String(), func(ctx context.Context) (ordering.Sale, error) {
		x, err := do(ctx, id)
		if done == nil || !a.Again || err == nil || fault.KindOf(err).Retryable() {
			return x, err
		}
		// The earlier attempt was not refused, so what is there now is its doing.
		now, failed := r.Ordering.Sale(ctx, id)
		if failed != nil || !done(now) {
			return x, err
		}
		return now, nil
	})
	if err != nil {
		return nil, "", err
	}
	return &adminOrderAnswer{Body: adminOrderOf(x)}, id.String(), nil
}

func (r *routes) listOrders(ctx context.Context, in *listOrdersInput) (*ordersAnswer, error) {
	q := ordering.OrderQuery{Status: ordering.Status(in.Status), Prefix: in.Query, Limit: in.Limit}
	if in.Cursor != "" {
		after, err := parsePlace[orderPlace](staffOrdersList, in.Cursor)
		if err != nil {
			return nil, err
		}
		q.After = (*ordering.OrderCursor)(&after)
	}
	page, err := r.Ordering.Orders(ctx, q)
	if err != nil {
		return nil, err
	}
	out := &ordersAnswer{}
	out.Body.Items = make([]orderSummary, len(page.Items))
	for i, x := range page.Items {
		out.Body.Items[i] = orderSummaryOf(x)
	}
	if page.Next != nil {
		next := formatPlace(staffOrdersList, orderPlace(*page.Next))
		out.Body.NextCursor = &next
	}
	return out, nil
}

func (r *routes) getAdminOrder(ctx context.Context, in *adminOrderInput) (*adminOrderAnswer, error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	x, err := r.Ordering.Sale(ctx, id)
	if err != nil {
		return nil, err
	}
	return &adminOrderAnswer{Body: adminOrderOf(x)}, nil
}

func (r *routes) cancelOrder(ctx context.Context, in *cancelOrderInput, a Attempt) (*adminOrderAnswer, string, error) {
	cancelled := func(x ordering.Sale) bool { return x.Order.Status == ordering.Cancelled }
	return r.orderCommand(ctx, in.OrderAddress, access.OrdersCancel, "ordering.order_cancelled", a, cancelled, func(ctx context.Context, id ref.OrderID) (ordering.Sale, error) {
		return r.Ordering.Cancel(ctx, id, in.Body.Reason)
	})
}

func (r *routes) completeOrder(ctx context.Context, in *completeOrderInput, a Attempt) (*adminOrderAnswer, string, error) {
	completed := func(x ordering.Sale) bool { return x.Order.Status == ordering.Completed }
	return r.orderCommand(ctx, in.OrderAddress, access.OrdersWrite, "ordering.order_completed", a, completed, func(ctx context.Context, id ref.OrderID) (ordering.Sale, error) {
		return r.Ordering.Complete(ctx, id, in.Body.GiveUp)
	})
}

func (r *routes) addOrderNote(ctx context.Context, in *noteInput, a Attempt) (*adminOrderAnswer, string, error) {
	return r.orderCommand(ctx, in.OrderAddress, access.OrdersWrite, "ordering.note_added", a, nil, func(ctx context.Context, id ref.OrderID) (ordering.Sale, error) {
		return r.Ordering.AddNoteAs(ctx, id, a.Key("note"), PrincipalOf(ctx).Actor().ID, in.Body.Text)
	})
}

func (r *routes) settleOrder(ctx context.Context, in *adminOrderInput, a Attempt) (*adminOrderAnswer, string, error) {
	return r.orderCommand(ctx, in.OrderAddress, access.OrdersWrite, "ordering.order_settled", a, nil, func(ctx context.Context, id ref.OrderID) (ordering.Sale, error) {
		if err := r.Ordering.SettleOrder(ctx, id); err != nil {
			return ordering.Sale{}, err
		}
		return r.Ordering.Sale(ctx, id)
	})
}
