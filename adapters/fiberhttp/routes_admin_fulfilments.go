package fiberhttp

import (
	"context"
	"net/http"
	"strconv"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/domain/statemachine"
)

const fulfilmentPath = adminOrderPath + "/fulfilments/{fulfilment}"

// lineQuantity is a quantity of a line of an order.
type lineQuantity struct {
	ID       string `json:"id" doc:"Of the order's line."`
	Quantity int64  `json:"quantity" minimum:"1" maximum:"1000000"`
}

type fulfilInput struct {
	OrderAddress

	Body struct {
		Lines    []lineQuantity `json:"lines,omitempty" maxItems:"1000" doc:"What leaves; without it all that is there and has not left."`
		Tracking *tracking      `json:"tracking,omitempty"`
	}
}

// fulfilmentMade is a new fulfilment and its order.
type fulfilmentMade struct {
	Fulfilment fulfilment `json:"fulfilment"`
	Order      adminOrder `json:"order"`
}

type fulfilAnswer struct{ Body fulfilmentMade }

// FulfilmentAddress is embedded in the input of every call to a fulfilment.
type FulfilmentAddress struct {
	OrderAddress

	Fulfilment string `path:"fulfilment" doc:"Its id."`
}

type fulfilmentInput struct{ FulfilmentAddress }

type trackInput struct {
	FulfilmentAddress

	Body tracking
}

type callBackInput struct {
	FulfilmentAddress

	Body struct {
		Damaged []lineQuantity `json:"damaged,omitempty" maxItems:"1000" doc:"What came back and is not fit to be sold."`
	}
}

func (r *routes) mountAdminFulfilments() {
	steps := also(staffWrites, fault.Missing, statemachine.IllegalTransition)
	Command(r, Route{
		ID: "admin-fulfil-order", Method: http.MethodPost, Path: adminOrderPath + "/fulfilments", Tag: adminOrdersTag, Permission: access.OrdersFulfil,
		Summary: "Tell that goods of an order left", Success: http.StatusCreated, Problems: steps,
		Description: "An order that is paid and of which nothing is left to be sent is completed, if the shop does so.",
	}, r.fulfil, r.showFulfilment)
	Command(r, Route{
		ID: "admin-track-fulfilment", Method: http.MethodPost, Path: fulfilmentPath + "/tracking", Tag: adminOrdersTag, Permission: access.OrdersFulfil,
		Summary: "Tell how a fulfilment under way is followed", Problems: steps,
	}, r.trackFulfilment, showsOrder[trackInput](r))
	Command(r, Route{
		ID: "admin-deliver-fulfilment", Method: http.MethodPost, Path: fulfilmentPath + "/delivered", Tag: adminOrdersTag, Permission: access.OrdersFulfil,
		Summary: "Tell that a fulfilment arrived", Problems: steps,
	}, r.deliverFulfilment, showsOrder[fulfilmentInput](r))
	Command(r, Route{
		ID: "admin-cancel-fulfilment", Method: http.MethodPost, Path: fulfilmentPath + "/cancel", Tag: adminOrdersTag, Permission: access.OrdersFulfil,
		Summary: "Call goods back that were not delivered", Problems: also(steps, ordering.OutOfStock),
		Description: "They are in stock again, but for the damaged ones, and the order is to be sent again.",
	}, r.cancelFulfilment, showsOrder[callBackInput](r))
}

// id is the fulfilment that a path names.
func (in FulfilmentAddress) fulfilmentID() (ref.FulfilmentID, error) {
	return idOf[ref.FulfilmentKind](in.Fulfilment, "fulfilment")
}

// sendLines reads quantities of lines below a path. Errors: ordering.Rule.
func sendLines(field string, lines []lineQuantity) ([]ordering.SendLine, error) {
	out := make([]ordering.SendLine, len(lines))
	var wrong []*fault.Error
	for i, l := range lines {
		id, err := ref.ParseID[ref.LineKind](l.ID)
		if err != nil {
			wrong = append(wrong, ordering.Rule.New("it is no line of the order").At(field+"["+strconv.Itoa(i)+"].id"))
		}
		out[i] = ordering.SendLine{Line: id, Quantity: l.Quantity}
	}
	return out, fault.Collect(wrong)
}

func (r *routes) fulfil(ctx context.Context, in *fulfilInput, a Attempt) (*fulfilAnswer, string, error) {
	lines, err := sendLines("lines", in.Body.Lines)
	if err != nil {
		return nil, "", err
	}
	made := ref.NewID[ref.FulfilmentKind](a.ID("fulfilment"))
	out, _, err := r.orderCommand(ctx, in.OrderAddress, access.OrdersFulfil, "ordering.order_fulfilled", a, nil, func(ctx context.Context, id ref.OrderID) (ordering.Sale, error) {
		x, _, err := r.Ordering.FulfilAs(ctx, id, made, lines, (*ordering.Tracking)(in.Body.Tracking))
		return x, err
	})
	if err != nil {
		return nil, "", err
	}
	return fulfilmentIn(out.Body, made.String()), made.String(), nil
}

// fulfilmentIn shows a fulfilment of an order.
func fulfilmentIn(o adminOrder, id string) *fulfilAnswer {
	out := &fulfilAnswer{Body: fulfilmentMade{Order: o}}
	for _, f := range o.Fulfilments {
		if f.ID == id {
			out.Body.Fulfilment = f
		}
	}
	return out
}

func (r *routes) showFulfilment(ctx context.Context, in *fulfilInput, subject string) (*fulfilAnswer, error) {
	out, err := r.getAdminOrder(ctx, &adminOrderInput{in.OrderAddress})
	if err != nil {
		return nil, err
	}
	return fulfilmentIn(out.Body, subject), nil
}

// fulfilmentCommand runs a command about a fulfilment, which leads it to a state.
func (r *routes) fulfilmentCommand(ctx context.Context, at FulfilmentAddress, action string, a Attempt, leads ordering.FulfilmentState, do func(context.Context, ref.OrderID, ref.FulfilmentID) (ordering.Sale, error)) (*adminOrderAnswer, string, error) {
	of, err := at.fulfilmentID()
	if err != nil {
		return nil, "", err
	}
	there := func(x ordering.Sale) bool {
		f, known := x.Order.Fulfilment(of)
		return known && f.State == leads
	}
	return r.orderCommand(ctx, at.OrderAddress, access.OrdersFulfil, action, a, there, func(ctx context.Context, id ref.OrderID) (ordering.Sale, error) {
		return do(ctx, id, of)
	})
}

func (r *routes) trackFulfilment(ctx context.Context, in *trackInput, a Attempt) (*adminOrderAnswer, string, error) {
	return r.fulfilmentCommand(ctx, in.FulfilmentAddress, "ordering.fulfilment_tracked", a, ordering.FulfilmentSent, func(ctx context.Context, id ref.OrderID, of ref.FulfilmentID) (ordering.Sale, error) {
		return r.Ordering.SetTracking(ctx, id, of, ordering.Tracking(in.Body))
	})
}

func (r *routes) deliverFulfilment(ctx context.Context, in *fulfilmentInput, a Attempt) (*adminOrderAnswer, string, error) {
	return r.fulfilmentCommand(ctx, in.FulfilmentAddress, "ordering.fulfilment_delivered", a, ordering.FulfilmentDelivered, r.Ordering.MarkDelivered)
}

func (r *routes) cancelFulfilment(ctx context.Context, in *callBackInput, a Attempt) (*adminOrderAnswer, string, error) {
	damaged, err := sendLines("damaged", in.Body.Damaged)
	if err != nil {
		return nil, "", err
	}
	return r.fulfilmentCommand(ctx, in.FulfilmentAddress, "ordering.fulfilment_cancelled", a, ordering.FulfilmentCalledBack, func(ctx context.Context, id ref.OrderID, of ref.FulfilmentID) (ordering.Sale, error) {
		return r.Ordering.CancelFulfilment(ctx, id, of, damaged)
	})
}
