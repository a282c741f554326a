package ordering

import (
	"context"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// settleTime is how long finalizing may take once the provider has answered, whether the caller still listens or not.
const settleTime = 1250 * time.Millisecond

// attempt is one attempt at a checkout whose order is claimed.
type attempt struct {
	cmd      ports.Command
	provider PaymentProvider
	token    string
	cart     *Cart // As the claim left it; nil when that is not known.
	resumed  bool  // An earlier attempt may have asked the provider.
}

// proceed takes a claimed order to where it rests: its goods held, its payment asked for, the command answered.
func (s *Service) proceed(ctx context.Context, a attempt, sale Sale) (PlacedOrder, error) {
	if sale.Order.Status == Claiming {
		held, err := s.hold(ctx, a, sale)
		if err != nil || held.replay != nil {
			return s.finished(ctx, held, err)
		}
		sale = held.Sale
		if sale.Order.Status != Pending {
			held.Sale = s.carryOut(ctx, sale)
			return s.finished(ctx, held, nil)
		}
		a.cart = nil
	}
	return s.pay(ctx, a, sale)
}

// pay asks the provider, with nothing held, and finalizes. Once the provider was asked the caller's leaving stops
// nothing. Resumed asks first what came of an earlier attempt.
func (s *Service) pay(ctx context.Context, a attempt, sale Sale) (PlacedOrder, error) {
	p := sale.Payments[0]
	result := ChargeResult{State: ChargePending}
	if sale.Order.Status == Pending && !p.Settled() {
		if !s.now().Before(a.cmd.Lease) {
			// Others take this attempt for dead by now; a charge would come too late for them.
			return PlacedOrder{}, fault.Lost.New("the order was not sent in time; retry with the same key")
		}
		result = s.charge(ctx, a, sale.Order, p)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	event := ChargeEvent(p, result)
	done, err := s.amend(ctx, sale, func(x Sale, m Moment) (Sale, Commit, bool, error) {
		x = x.answered(a.cmd.Key)
		cart, err := s.attemptCart(ctx, a, x.Order)
		if err != nil {
			return x, Commit{}, false, err
		}
		applied, err := ApplyPaymentEvent(Settlement{Sale: x, Moment: m, Cart: cart}, event)
		if err != nil || !applied.Changed {
			// What contradicts is left to whoever asks the provider next.
			applied.Sale, applied.Commit = x.touch(m)
		}
		applied.Commit.Command = finish(a.cmd, m, applied.answer())
		return applied.Sale, applied.Commit, true, nil
	})
	switch {
	case err == nil && done.changed:
		done.Sale = s.carryOut(ctx, done.Sale)
	case err == nil:
		// Another attempt answered; what this one learnt of the money counts all the same.
		err = s.ApplyEvent(ctx, event)
	}
	return s.finished(ctx, done, err)
}

// attemptCart is the cart of an attempt's order: as the claim left it as long as nothing changed since.
func (s *Service) attemptCart(ctx context.Context, a attempt, o Order) (Cart, error) {
	if a.cart != nil && o.Version == 1 {
		return *a.cart, nil
	}
	return s.cartOf(ctx, o)
}

// finished gives the answer of a command that this attempt, or another, finished.
func (s *Service) finished(ctx context.Context, done decided, err error) (PlacedOrder, error) {
	switch {
	case err != nil:
		return PlacedOrder{}, fault.Lost.New("the order was sent and its record is not certain; retry with the same key").Because(err)
	case done.replay != nil && done.replay.Answer != nil:
		shown, err := s.replay(ctx, done.Order.ID, *done.replay.Answer)
		if err != nil && shown.Order.ID.IsZero() {
			// The order stands, so this is not for the caller to take for nothing done.
			err = fault.Lost.New("the order stands and cannot be read; retry with the same key").Because(err)
		}
		return shown, err
	}
	return s.shows(done.Sale), answerError(done.answer())
}

// replay gives the answer of the first request, with the order as it is now.
func (s *Service) replay(ctx context.Context, id ref.OrderID, a ports.Answer) (PlacedOrder, error) {
	shown, err := s.shown(ctx, id)
	if err != nil {
		return PlacedOrder{}, err
	}
	shown.Replayed = true
	return shown, answerError(a)
}

// charge asks the provider; an answer that does not come, or is not certain, leaves the charge pending.
func (s *Service) charge(ctx context.Context, a attempt, o Order, p Payment) ChargeResult {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), ProviderTimeout)
	defer cancel()
	resumed := a.resumed
	if lookup, ok := ports.As[ChargeLookup](a.provider); ok && resumed {
		if result, found, err := lookup.Lookup(ctx, p.ID); err != nil || found {
			if err != nil {
				return ChargeResult{State: ChargePending}
			}
			return result
		}
		resumed = false // The provider never saw it.
	}
	result, err := a.provider.Charge(ctx, Charge{Payment: p.ID, Number: o.Number, Amount: p.Amount, Token: a.token})
	switch {
	case err == nil:
		return result
	case resumed, fault.KindOf(err) == fault.Unknown, fault.KindOf(err) == fault.Internal:
		// An earlier attempt's charge may stand, whatever became of this one.
		return ChargeResult{State: ChargePending}
	default:
		return ChargeResult{State: ChargeDeclined, Message: "the payment could not be made; nothing was charged"}
	}
}
