package ordering

import (
	"context"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Void gives up what providers hold for an order and have not taken. Asked again it gives what there is. Errors: Missing;
// kinds Unavailable and Unknown.
func (s *Service) Void(ctx context.Context, id ref.OrderID) (Sale, error) {
	return s.staff(ctx, id, func(x Sale, m Moment) (Sale, Commit, bool, error) {
		next, c, changed := Void(x, m)
		return next, c, changed, nil
	})
}

// Cancel gives an order up for a reason in words, 1 to ReasonMax characters: see the function Cancel. What its payments ask
// for is carried out at once, and by the sweeper should that fail. Errors: Missing; Bad; statemachine.IllegalTransition;
// OrderSent; kinds Unavailable and Unknown.
func (s *Service) Cancel(ctx context.Context, id ref.OrderID, reason string) (Sale, error) {
	if rule := textRule(reason, true, ReasonMax); rule != "" {
		return Sale{}, one("reason", rule)
	}
	return s.staff(ctx, id, func(x Sale, m Moment) (Sale, Commit, bool, error) {
		next, c, err := Cancel(x, reason, m)
		return next, c, true, err
	})
}

// RecordPayment writes down money that came by other ways, for a provider that needs no call, see Record. Give each
// receipt the reference of the bank, or another text of its own: it is recorded once under it. Errors: Missing; Bad;
// ProviderLacks for a provider that tells of its money itself; statemachine.IllegalTransition; kinds Unavailable and
// Unknown.
func (s *Service) RecordPayment(ctx context.Context, id ref.OrderID, provider string, r Receipt) (Sale, error) {
	known, ok := s.providers[provider]
	var wrong []*fault.Error
	if !ok {
		wrong = append(wrong, Rule.New("no such payment provider").At("provider"))
	}
	if rule := textRule(r.Reference, true, TokenMax); rule != "" {
		wrong = append(wrong, Rule.New(rule).At("reference"))
	}
	if err := fault.Collect(wrong); err != nil {
		return Sale{}, err
	}
	if !offline(known) {
		return Sale{}, ProviderLacks.Newf("the provider %s tells of its money itself", provider)
	}
	return s.staff(ctx, id, func(x Sale, m Moment) (Sale, Commit, bool, error) { return Record(x, provider, r, m) })
}

// SettlePayment tells what the provider's own books say of a charge that nobody can ask for: authorised, captured or
// declined, the whole amount. It is for an operator who looked. Errors: Missing; Bad; kinds Unavailable and Unknown.
func (s *Service) SettlePayment(ctx context.Context, id ref.OrderID, payment ref.PaymentID, r ChargeResult) (Sale, error) {
	return s.staff(ctx, id, func(x Sale, m Moment) (Sale, Commit, bool, error) {
		i := x.payment(payment)
		if i < 0 {
			return x, Commit{}, false, noPayment()
		}
		e := ChargeEvent(x.Payments[i], r)
		if e.Kind == EventWaiting {
			return x, Commit{}, false, one("state", "the outcome is authorized, captured or declined")
		}
		return s.settled(ctx, x, m, e)
	})
}

// SettleEffect tells what became of a capture, a void or a refund that is not settled, for an operator who looked into the
// provider's books or moved the money himself. ID is the public id of the capture or refund, or of the payment that was
// to be voided. Errors: Missing; Bad; kinds Unavailable and Unknown.
func (s *Service) SettleEffect(ctx context.Context, id ref.OrderID, effect string, r EffectResult) (Sale, error) {
	return s.staff(ctx, id, func(x Sale, m Moment) (Sale, Commit, bool, error) {
		if r.State != EffectSucceeded && r.State != EffectFailed {
			return x, Commit{}, false, one("state", "the outcome is succeeded or failed")
		}
		var commits []PaymentEvent
		for _, p := range x.Payments {
			for _, e := range p.Effects() {
				if e.Named(p) != effect || !e.Open() {
					continue
				}
				kind := effectEvents[e.Kind].done
				if r.State == EffectFailed {
					kind = effectEvents[e.Kind].failed
				}
				commits = append(commits, PaymentEvent{
					Provider: p.Provider, Payment: p.ID, Kind: kind, Amount: e.Amount, Capture: e.Capture, Refund: e.Refund,
					Reference: r.Reference, Message: r.Message,
				})
			}
		}
		if len(commits) == 0 {
			return x, Commit{}, false, fault.Missing.New("the order has no such capture, void or refund that is not settled")
		}
		return s.settled(ctx, x, m, commits...)
	})
}

// Named is the public id by which an effect of the payment is known, see Service.SettleEffect.
func (e Effect) Named(p Payment) string {
	switch e.Kind {
	case EffectCapture:
		return e.Capture.String()
	case EffectRefund:
		return e.Refund.String()
	default:
		return p.ID.String()
	}
}

// settled applies what an operator tells, one event for each payment that is part of it, in one commit.
func (s *Service) settled(ctx context.Context, x Sale, m Moment, events ...PaymentEvent) (Sale, Commit, bool, error) {
	cart, err := s.cartOf(ctx, x.Order)
	if err != nil {
		return x, Commit{}, false, err
	}
	a, err := ApplyPaymentEvents(Settlement{Sale: x, Moment: m, Cart: cart}, events)
	return a.Sale, a.Commit, a.Changed, err
}

// Fulfil tells that goods of an order left: those of the lines, or all that is there when none are named. See the
// function Fulfil. Errors: Missing; Bad; statemachine.IllegalTransition; kinds Unavailable and Unknown.
func (s *Service) Fulfil(ctx context.Context, id ref.OrderID, lines []SendLine, tracking *Tracking) (Sale, Fulfilment, error) {
	return s.FulfilAs(ctx, id, ref.NewID[ref.FulfilmentKind](s.parts.IDs.New()), lines, tracking)
}

// SetTracking tells how a fulfilment under way is followed; told again it changes nothing. Errors: Missing; Bad;
// statemachine.IllegalTransition; kinds Unavailable and Unknown.
func (s *Service) SetTracking(ctx context.Context, id ref.OrderID, fulfilment ref.FulfilmentID, t Tracking) (Sale, error) {
	return s.staff(ctx, id, func(x Sale, m Moment) (Sale, Commit, bool, error) {
		if f, known := x.Order.Fulfilment(fulfilment); known && f.State == FulfilmentSent && f.Tracking != nil && *f.Tracking == t {
			return x, Commit{}, false, nil
		}
		next, c, err := SetTracking(x, fulfilment, &t, m)
		return next, c, true, err
	})
}

// MarkDelivered tells that a fulfilment arrived. Errors: Missing; statemachine.IllegalTransition; kinds Unavailable and
// Unknown.
func (s *Service) MarkDelivered(ctx context.Context, id ref.OrderID, fulfilment ref.FulfilmentID) (Sale, error) {
	return s.staff(ctx, id, func(x Sale, m Moment) (Sale, Commit, bool, error) {
		next, c, err := MarkDelivered(x, fulfilment, m)
		return next, c, true, err
	})
}

// CancelFulfilment calls goods back that were not delivered, see the function CancelFulfilment. Errors: Missing; Bad;
// statemachine.IllegalTransition; OutOfStock; kinds Unavailable and Unknown.
func (s *Service) CancelFulfilment(ctx context.Context, id ref.OrderID, fulfilment ref.FulfilmentID, damaged []SendLine) (Sale, error) {
	return s.staff(ctx, id, func(x Sale, m Moment) (Sale, Commit, bool, error) {
		next, c, err := CancelFulfilment(x, fulfilment, damaged, m)
		return next, c, true, err
	})
}

// Complete ends an order by hand, see the function Complete. Errors: Missing; OrderUnfinished;
// statemachine.IllegalTransition; kinds Unavailable and Unknown.
func (s *Service) Complete(ctx context.Context, id ref.OrderID, giveUp bool) (Sale, error) {
	return s.staff(ctx, id, func(x Sale, m Moment) (Sale, Commit, bool, error) {
		next, c, err := Complete(x, giveUp, m)
		return next, c, true, err
	})
}

// AddNote writes a note of staff on an order. Buyers do not see it. Errors: Missing; Bad; kinds Unavailable and Unknown.
func (s *Service) AddNote(ctx context.Context, id ref.OrderID, author, text string) (Sale, error) {
	return s.AddNoteAs(ctx, id, "", author, text)
}

// Orders gives a page of orders for staff. A limit outside 1 to PageMax is Bad, with "limit" as field.
func (s *Service) Orders(ctx context.Context, q OrderQuery) (OrderListing, error) {
	if q.Limit < 1 || q.Limit > PageMax {
		return OrderListing{}, fault.Collect([]*fault.Error{Rule.Newf("a page has 1 to %d orders", PageMax).At("limit")})
	}
	if rule := textRule(q.Prefix, false, ref.EmailMax); rule != "" {
		return OrderListing{}, one("q", rule)
	}
	return s.parts.Orders.List(ctx, q)
}

// Sale gives an order with its payments for staff; buyers have Order. Errors: Missing.
func (s *Service) Sale(ctx context.Context, id ref.OrderID) (Sale, error) { return s.sale(ctx, id) }

// staff runs a command of staff in one commit, and then does what it calls for.
func (s *Service) staff(ctx context.Context, id ref.OrderID, do func(Sale, Moment) (Sale, Commit, bool, error)) (Sale, error) {
	done, err := s.amendOf(ctx, id, do)
	if err != nil || !done.changed {
		return done.Sale, err
	}
	return s.carryOut(ctx, done.Sale), nil
}
