package ordering

import (
	"context"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// amendTries is how often a change of an order is decided anew while others change it.
const amendTries = 8

// codeClaimSettled is the code with which the rule of stock refuses to hold a claim for good that was taken away.
const codeClaimSettled = "claim_settled"

// decided is what a change of a sale came to.
type decided struct {
	Sale
	changed bool
	replay  *ports.CommandRecord // Of a change with a command that somebody answered before; then nothing was written.
}

// amend decides on a sale and commits; anew, on what it is by then, while others change it. Do gives false for nothing
// to write. A placement whose claims turn out to be gone is decided anew with claims of its own, and then without any.
func (s *Service) amend(ctx context.Context, sale Sale, do func(Sale, Moment) (Sale, Commit, bool, error)) (decided, error) {
	m := s.moment()
	var err error
	for range amendTries {
		next, c, changed, refusal := do(sale, m)
		if refusal != nil || !changed {
			return decided{Sale: sale}, refusal
		}
		var out Outcome
		out, err = s.parts.Committer.Commit(ctx, c)
		placing := sale.Order.Status == Pending && (next.Order.Status == Placed || next.Order.Status == Completed)
		switch {
		case err == nil:
			next.Order = next.Order.owing(out.Backordered)
			return decided{Sale: next, changed: out.Replay == nil, replay: out.Replay}, nil
		case placing && fault.CodeOf(err) == codeClaimSettled && m.Claims == ClaimsHeld:
			m.Claims = ClaimsAgain
		case placing && fault.Is(err, OutOfStock):
			m.Claims = ClaimsLost
		case fault.Is(err, fault.VersionConflict), fault.Is(err, CartCompleted):
			if sale, err = s.sale(ctx, sale.Order.ID); err != nil {
				return decided{}, err
			}
			m.Claims = ClaimsHeld
		default:
			return decided{Sale: sale}, err
		}
		m.At = s.now()
	}
	return decided{Sale: sale}, err
}

// amendOf is amend of an order that was not read yet.
func (s *Service) amendOf(ctx context.Context, id ref.OrderID, do func(Sale, Moment) (Sale, Commit, bool, error)) (decided, error) {
	sale, err := s.sale(ctx, id)
	if err != nil {
		return decided{}, err
	}
	return s.amend(ctx, sale, do)
}

// sale reads an order with its payments.
func (s *Service) sale(ctx context.Context, id ref.OrderID) (Sale, error) {
	o, payments, err := s.parts.Orders.Order(ctx, id)
	return Sale{o, payments}, err
}

// moment is now, for a decision.
func (s *Service) moment() Moment {
	return Moment{At: s.now(), NextID: s.parts.IDs.New, Complete: s.complete}
}

// cartOf reads the cart that is to be opened again should the order be given up unpaid; none for an order that will not
// be.
func (s *Service) cartOf(ctx context.Context, o Order) (Cart, error) {
	if o.Cart.IsZero() || o.Status != Pending && o.Status != Claiming {
		return Cart{}, nil
	}
	c, err := s.parts.Carts.Cart(ctx, o.Cart)
	if fault.Is(err, fault.Missing) {
		return Cart{}, nil
	}
	return c, err
}

// PlacedOrder is an order with all that is shown of it. Replayed tells that an earlier request made it.
type PlacedOrder struct {
	Order    Order
	Payments []Payment
	Token    string
	Replayed bool
}

// shows gives a sale with its token.
func (s *Service) shows(x Sale) PlacedOrder {
	return PlacedOrder{Order: x.Order, Payments: x.Payments, Token: s.parts.Tokens.Sign(x.Order.ID)}
}
