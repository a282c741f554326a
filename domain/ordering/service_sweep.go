package ordering

import (
	"context"
	"errors"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// Swept is what a sweep did.
type Swept struct {
	Orders int // That it looked at.
	Events int // That it took out of the inbox, or tried to.
}

// SweepOrders brings to an end what nobody else does any more, at most limit orders and limit kept events a call, those
// first that wait longest. Call it every ten seconds or so, from any number of processes: each thing it does can be done
// twice. It applies events that came too early; asks the provider for payments whose answer is missing; takes the claims
// of unpaid orders away once ClaimTTL is over; asks the outside stock holder for what it was not asked for, and tells it
// what it was not told; asks for captures, voids and refunds that are not settled; and answers the commands whose caller
// left. What cannot be settled now is looked at again later, for longer intervals the longer that goes on. Nothing is
// guessed: while the provider does not say what became of the money, the order waits.
//
// The error joins those of single orders, which kept none of the others waiting.
func (s *Service) SweepOrders(ctx context.Context, limit int) (Swept, error) {
	var out Swept
	var failed []error
	if s.parts.Inbox != nil {
		events, err := s.parts.Inbox.Waiting(ctx, s.now(), limit)
		if err != nil {
			return out, err
		}
		for _, e := range events {
			if err := s.applyKept(ctx, e); err != nil {
				failed = append(failed, err)
			}
			out.Events++
		}
	}
	ids, err := s.parts.Orders.Unsettled(ctx, s.now(), limit)
	if err != nil {
		return out, errors.Join(append(failed, err)...)
	}
	for _, id := range ids {
		if ctx.Err() != nil {
			break
		}
		if err := s.SettleOrder(ctx, id); err != nil {
			failed = append(failed, err)
		}
		out.Orders++
	}
	return out, errors.Join(failed...)
}

// settleRounds is how often an order is looked at in one go: what one task did may call for another.
const settleRounds = 8

// SettleOrder does for one order what SweepOrders does, now. Errors: Missing; of the parts that did not answer.
func (s *Service) SettleOrder(ctx context.Context, id ref.OrderID) error {
	sale, err := s.sale(ctx, id)
	if err != nil {
		return err
	}
	var failed []error
	tried := map[Task]bool{}
	for range settleRounds {
		next, ok := sale.untried(s.now(), tried)
		if !ok {
			break
		}
		tried[next.key()] = true
		after, err := s.do(ctx, sale, next)
		if err != nil {
			if !fault.Is(err, ProviderLacks) { // That is for staff, see SettleEffect.
				failed = append(failed, err)
			}
			if after, err = s.sale(ctx, id); err != nil {
				return errors.Join(append(failed, err)...)
			}
		}
		sale = after
	}
	if due := sale.Order.Due; !due.IsZero() && !due.After(s.now()) {
		_, err = s.amend(ctx, sale, func(x Sale, m Moment) (Sale, Commit, bool, error) {
			next, c := Postpone(x, m.At)
			return next, c, !x.Order.Due.After(m.At), nil
		})
		failed = append(failed, err)
	}
	return errors.Join(failed...)
}

// untried is the first task that was not tried in this go.
func (s Sale) untried(at time.Time, tried map[Task]bool) (Task, bool) {
	for _, t := range s.Tasks(at) {
		if !tried[t.key()] {
			return t, true
		}
	}
	return Task{}, false
}

// key is the task without how far it has come.
func (t Task) key() Task {
	t.Effect = Effect{Kind: t.Effect.Kind, Capture: t.Effect.Capture, Refund: t.Effect.Refund}
	return t
}

// do does a task for a sale, and gives the sale as it is then.
func (s *Service) do(ctx context.Context, sale Sale, t Task) (Sale, error) {
	switch t.Kind {
	case TaskHold:
		done, err := s.hold(ctx, attempt{}, sale)
		return done.Sale, err
	case TaskConfirm:
		return s.tellHolder(ctx, sale, HoldingConfirms)
	case TaskRelease:
		return s.tellHolder(ctx, sale, HoldingReleases)
	case TaskEffect:
		return s.effect(ctx, sale, t)
	case TaskAsk:
		return s.lookUp(ctx, sale, t)
	case TaskExpire:
		return s.expire(ctx, sale)
	default:
		return s.answerFor(ctx, sale, t)
	}
}

// lookUp asks the provider what came of a charge, and applies what it says. One that it never saw will not come; one
// that it leaves undecided for longer than PaymentTTL is given up.
func (s *Service) lookUp(ctx context.Context, sale Sale, t Task) (Sale, error) {
	p := sale.Payments[sale.payment(t.Payment)]
	at := s.now()
	lookup, ok := ports.As[ChargeLookup](s.providers[p.Provider])
	// Who made the order may still be about to charge; what is not there yet must not be taken for what never comes.
	if !ok || at.Before(sale.Order.CreatedAt.Add(max(SettleAfter, 2*s.lease))) {
		return sale, nil
	}
	asking, cancel := context.WithTimeout(ctx, ProviderTimeout)
	defer cancel()
	result, found, err := lookup.Lookup(asking, p.ID)
	if err != nil {
		return sale, err
	}
	event := ChargeEvent(p, result)
	switch {
	case !found:
		event = PaymentEvent{Provider: p.Provider, Payment: p.ID, Kind: EventDeclined, Message: "the payment was never made"}
	case event.Kind == EventWaiting && at.Sub(sale.Order.CreatedAt) > PaymentTTL:
		event.Kind, event.Message = EventDeclined, "nobody paid in time"
	}
	done, err := s.apply(ctx, sale, InboxEvent{Event: event})
	return done.Sale, err
}

// expire takes claims away. Where that has been done by others it is only noted.
func (s *Service) expire(ctx context.Context, sale Sale) (Sale, error) {
	done, err := s.amend(ctx, sale, func(x Sale, m Moment) (Sale, Commit, bool, error) {
		next, c, changed := Expire(x, m)
		return next, c, changed, nil
	})
	return done.Sale, err
}

// answerFor answers a command whose caller left, once its lease is over: with what it came to.
func (s *Service) answerFor(ctx context.Context, sale Sale, t Task) (Sale, error) {
	record, err := s.parts.Commands.Find(ctx, t.Command)
	at := s.now()
	if err != nil || record != nil && record.Answer == nil && record.Lease.After(at) {
		return sale, err
	}
	owner := s.parts.IDs.New()
	done, err := s.amend(ctx, sale, func(x Sale, m Moment) (Sale, Commit, bool, error) {
		next, c := x.answered(t.Command).touch(m)
		if record != nil && record.Answer == nil {
			answer := x.answerTo(*record)
			c.Command = &ports.Command{
				Step: ports.CommandTake, Key: record.Key, Fingerprint: record.Fingerprint, Owner: owner, At: m.At, Lease: m.At, Answer: &answer,
			}
		}
		return next, c, true, nil
	})
	if err == nil && done.replay != nil {
		return s.sale(ctx, sale.Order.ID) // Its caller is back, or another sweep was faster.
	}
	return done.Sale, err
}

// answerTo is what a command about the sale came to.
func (s Sale) answerTo(r ports.CommandRecord) ports.Answer {
	if r.Key.Route == checkoutRoute {
		return s.answer()
	}
	for _, p := range s.Payments {
		for _, e := range p.Effects() {
			if e.State == EffectFailed && (e.Capture.String() == r.Subject || e.Refund.String() == r.Subject) {
				return ports.Answer{Code: EffectRejected.Code(), Detail: e.Message}
			}
		}
	}
	return ports.Answer{}
}
