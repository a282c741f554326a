package fiberhttp

import (
	"context"
	"net/http"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/domain/statemachine"
)

type captureInput struct {
	OrderAddress
	Idempotent

	Body struct {
		Amount *money.Money `json:"amount,omitempty" doc:"Without it all that is held."`
	}
}

type refundInput struct {
	OrderAddress
	Idempotent

	Body struct {
		Amount *money.Money   `json:"amount,omitempty" doc:"Without it, and without lines, all that is left."`
		Lines  []lineQuantity `json:"lines,omitempty" maxItems:"1000" doc:"For what they cost; then without an amount."`
		Reason string         `json:"reason" minLength:"1" maxLength:"255" doc:"For who looks into it later; the buyer does not see it."`
	}
}

// moneyMoved is a capture or a refund and its order.
type moneyMoved struct {
	ID    string     `json:"id" doc:"Of the capture or refund."`
	State string     `json:"state" enum:"requested,unknown,succeeded,failed" doc:"Requested and unknown ones are on their way and settle by themselves."`
	Order adminOrder `json:"order"`
}

type movedAnswer struct {
	Replayed string `header:"Idempotent-Replayed" doc:"true when an earlier request with this key did it."`
	Body     moneyMoved
}

type receiptInput struct {
	OrderAddress

	Body struct {
		Provider  string      `json:"provider" example:"manual" doc:"One that needs no call."`
		Amount    money.Money `json:"amount"`
		Reference string      `json:"reference" minLength:"1" maxLength:"255" doc:"Of the bank: the same again, with the same provider, is the same money."`
	}
}

type settlePaymentInput struct {
	OrderAddress

	Payment string `path:"payment" doc:"Its id."`
	Body    struct {
		State     string `json:"state" enum:"authorized,captured,declined" doc:"What the provider's own books say of the whole amount."`
		Reference string `json:"reference,omitempty" maxLength:"255" doc:"The provider's id."`
		Message   string `json:"message,omitempty" maxLength:"255" doc:"For the payer, when declined."`
	}
}

type settleEffectInput struct {
	OrderAddress

	Effect string `path:"effect" doc:"Id of the capture or refund, or of the payment that was to be voided."`
	Body   struct {
		State     string `json:"state" enum:"succeeded,failed"`
		Reference string `json:"reference,omitempty" maxLength:"255" doc:"The provider's id."`
		Message   string `json:"message,omitempty" maxLength:"255" doc:"Why it failed."`
	}
}

func (r *routes) mountAdminMoney() {
	moves := also(staffWrites, fault.Missing, ordering.InProgress, ordering.IdempotencyMismatch, ordering.ProviderLacks, ordering.EffectRejected)
	Op(r.server, Route{
		ID: "admin-capture-payment", Method: http.MethodPost, Path: adminOrderPath + "/captures", Tag: adminOrdersTag, Permission: access.OrdersCapture,
		Summary: "Take money that is held for an order", Success: http.StatusCreated, Timeout: checkoutTimeout,
		Description: "Safe to repeat with the same `Idempotency-Key`: money moves once.",
		Problems:    also(moves, statemachine.IllegalTransition, ordering.NotCapturable),
	}, r.capture)
	Op(r.server, Route{
		ID: "admin-refund-payment", Method: http.MethodPost, Path: adminOrderPath + "/refunds", Tag: adminOrdersTag, Permission: access.OrdersRefund,
		Summary: "Send money of an order back", Success: http.StatusCreated, Timeout: checkoutTimeout,
		Description: "Of an amount or for lines. Safe to repeat with the same `Idempotency-Key`: money moves once. Where the provider " +
			"cannot send money back it stays requested until somebody tells that it was done.",
		Problems: also(moves, ordering.NotRefundable),
	}, r.refund)
	Command(r, Route{
		ID: "admin-void-payments", Method: http.MethodPost, Path: adminOrderPath + "/void", Tag: adminOrdersTag, Permission: access.OrdersCapture,
		Summary: "Give up what is held for an order and was not taken", Timeout: checkoutTimeout, Problems: also(staffWrites, fault.Missing),
	}, r.void, showsOrder[adminOrderInput](r))
	Command(r, Route{
		ID: "admin-record-payment", Method: http.MethodPost, Path: adminOrderPath + "/payments", Tag: adminOrdersTag, Permission: access.OrdersCapture,
		Summary: "Write down money that came by other ways, such as a bank transfer", Success: http.StatusCreated,
		Problems: also(staffWrites, fault.Missing, statemachine.IllegalTransition, ordering.ProviderLacks),
	}, r.recordPayment, showsOrder[receiptInput](r))
	Command(r, Route{
		ID: "admin-settle-payment", Method: http.MethodPost, Path: adminOrderPath + "/payments/{payment}/settle", Tag: adminOrdersTag, Permission: access.OrdersCapture,
		Summary:  "Tell what the provider's books say of a charge that nobody can ask for",
		Problems: also(staffWrites, fault.Missing, ordering.PaymentContradiction),
	}, r.settlePayment, showsOrder[settlePaymentInput](r))
	Command(r, Route{
		ID: "admin-settle-effect", Method: http.MethodPost, Path: adminOrderPath + "/effects/{effect}/settle", Tag: adminOrdersTag, Permission: access.OrdersRefund,
		Summary:  "Tell what became of a capture, a void or a refund that is not settled",
		Problems: also(staffWrites, fault.Missing, ordering.PaymentContradiction),
	}, r.settleEffect, showsOrder[settleEffectInput](r))
}

// actorKey names who calls, as the scope of their idempotency keys.
func actorKey(ctx context.Context) string {
	actor := PrincipalOf(ctx).Actor()
	return actor.Kind + ":" + actor.ID
}

// moveMoney runs a capture or a refund, whose record rides in its commit.
func (r *routes) moveMoney(ctx context.Context, perm access.Permission, action string, id ref.OrderID, move func(context.Context) (ordering.Moved, error)) (*movedAnswer, error) {
	moved, err := audited(ctx, r, perm, action, id.String(), move)
	if err != nil {
		problem := ProblemOf(err, http.MethodPost, RequestID(ctx))
		if moved.Replayed {
			problem.header.Set(replayedHeader, "true")
		}
		return nil, problem
	}
	out := &movedAnswer{Body: moneyMoved{ID: moved.Refund.String(), State: string(moved.State), Order: adminOrderOf(moved.Sale)}}
	if !moved.Capture.IsZero() {
		out.Body.ID = moved.Capture.String()
	}
	if moved.Replayed {
		out.Replayed = "true"
	}
	return out, nil
}

func (r *routes) capture(ctx context.Context, in *captureInput) (*movedAnswer, error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	return r.moveMoney(ctx, access.OrdersCapture, "ordering.payment_captured", id, func(ctx context.Context) (ordering.Moved, error) {
		return r.Ordering.Capture(ctx, ordering.CaptureRequest{Order: id, Amount: in.Body.Amount, Actor: actorKey(ctx), Key: in.IdempotencyKey})
	})
}

func (r *routes) refund(ctx context.Context, in *refundInput) (*movedAnswer, error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	lines, err := sendLines("lines", in.Body.Lines)
	if err != nil {
		return nil, err
	}
	asked := ordering.RefundRequest{Order: id, Amount: in.Body.Amount, Reason: in.Body.Reason, Actor: actorKey(ctx), Key: in.IdempotencyKey}
	for _, l := range lines {
		asked.Lines = append(asked.Lines, ordering.RefundLine(l))
	}
	return r.moveMoney(ctx, access.OrdersRefund, "ordering.payment_refunded", id, func(ctx context.Context) (ordering.Moved, error) {
		return r.Ordering.Refund(ctx, asked)
	})
}

func (r *routes) void(ctx context.Context, in *adminOrderInput, a Attempt) (*adminOrderAnswer, string, error) {
	return r.orderCommand(ctx, in.OrderAddress, access.OrdersCapture, "ordering.payments_voided", a, nil, r.Ordering.Void)
}

func (r *routes) recordPayment(ctx context.Context, in *receiptInput, a Attempt) (*adminOrderAnswer, string, error) {
	return r.orderCommand(ctx, in.OrderAddress, access.OrdersCapture, "ordering.payment_recorded", a, nil, func(ctx context.Context, id ref.OrderID) (ordering.Sale, error) {
		return r.Ordering.RecordPayment(ctx, id, in.Body.Provider, ordering.Receipt{Amount: in.Body.Amount, Reference: in.Body.Reference})
	})
}

func (r *routes) settlePayment(ctx context.Context, in *settlePaymentInput, a Attempt) (*adminOrderAnswer, string, error) {
	payment, err := idOf[ref.PaymentKind](in.Payment, "payment")
	if err != nil {
		return nil, "", err
	}
	return r.orderCommand(ctx, in.OrderAddress, access.OrdersCapture, "ordering.payment_settled", a, nil, func(ctx context.Context, id ref.OrderID) (ordering.Sale, error) {
		return r.Ordering.SettlePayment(ctx, id, payment, ordering.ChargeResult{
			State: ordering.ChargeState(in.Body.State), Reference: in.Body.Reference, Message: in.Body.Message,
		})
	})
}

func (r *routes) settleEffect(ctx context.Context, in *settleEffectInput, a Attempt) (*adminOrderAnswer, string, error) {
	settled := func(x ordering.Sale) bool {
		for _, p := range x.Payments {
			for _, e := range p.Effects() {
				if e.Named(p) == in.Effect && string(e.State) == in.Body.State {
					return true
				}
			}
		}
		return false
	}
	return r.orderCommand(ctx, in.OrderAddress, access.OrdersRefund, "ordering.effect_settled", a, settled, func(ctx context.Context, id ref.OrderID) (ordering.Sale, error) {
		return r.Ordering.SettleEffect(ctx, id, in.Effect, ordering.EffectResult{
			State: ordering.EffectState(in.Body.State), Reference: in.Body.Reference, Message: in.Body.Message,
		})
	})
}
