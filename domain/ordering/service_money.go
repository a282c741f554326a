package ordering

import (
	"context"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// CaptureRequest asks to take money that is held for an order.
type CaptureRequest struct {
	Order  ref.OrderID
	Amount *money.Money // Nil for all that is held.
	Actor  string       // Who asks: the public id of the member of staff or of the key.
	Key    string       // The idempotency key, 1 to KeyMax bytes, in the scope of actor and order.
}

// RefundRequest asks to send money of an order back.
type RefundRequest struct {
	Order  ref.OrderID
	Amount *money.Money // Nil for all that is left, unless Lines are given.
	Lines  []RefundLine // For what they cost; then without Amount.
	Reason string       // For who looks into it later, at most ReasonMax characters.
	Actor  string
	Key    string
}

// Moved is what came of a capture or a refund. Of several payments that are part of it the least settled counts.
type Moved struct {
	Sale
	Capture  ref.CaptureID
	Refund   ref.RefundID
	State    EffectState
	Replayed bool // An earlier request made it.
}

// Capture takes money that a provider holds: it is written down as requested, the provider is called with nothing held,
// and what it says is written down. An answer that is lost leaves it unknown, its amount spoken for, until the provider
// tells or is asked again by the sweeper. The same key and request gives the same answer again and finishes what an
// earlier attempt left.
//
// Errors: Missing; statemachine.IllegalTransition for an order that is not placed; NotCapturable; ProviderLacks;
// EffectRejected; Bad; IdempotencyMismatch; InProgress; kinds Unavailable and Unknown (retry with the same key).
func (s *Service) Capture(ctx context.Context, r CaptureRequest) (Moved, error) {
	return s.move(ctx, order{r.Order, r.Actor, r.Key, "capture", struct{ Amount *money.Money }{r.Amount}}, func(x Sale, m Moment) (Sale, Moved, Commit, error) {
		for _, p := range x.Payments {
			if _, ok := ports.As[Capturer](s.providers[p.Provider]); !ok && p.Balance().Capturable() > 0 {
				return x, Moved{}, Commit{}, ProviderLacks.Newf("the provider %s takes nothing that it holds", p.Provider)
			}
		}
		next, id, c, err := Capture(x, r.Amount, m)
		return next, Moved{Capture: id}, c, err
	})
}

// Refund sends money back, in the same steps as Capture takes it. From its first commit on no other refund can have the
// amount. Where the provider cannot send money back it stays requested until SettleEffect says that somebody did.
//
// Errors: as of Capture, with NotRefundable.
func (s *Service) Refund(ctx context.Context, r RefundRequest) (Moved, error) {
	if rule := textRule(r.Reason, false, ReasonMax); rule != "" {
		return Moved{}, one("reason", rule)
	}
	meaning := struct {
		Amount *money.Money
		Lines  []RefundLine
		Reason string
	}{r.Amount, r.Lines, r.Reason}
	return s.move(ctx, order{r.Order, r.Actor, r.Key, "refund", meaning}, func(x Sale, m Moment) (Sale, Moved, Commit, error) {
		next, id, c, err := Refund(x, RefundOrder{Amount: r.Amount, Lines: r.Lines, Reason: r.Reason}, m)
		return next, Moved{Refund: id}, c, err
	})
}

// order is a command about an order under an idempotency key.
type order struct {
	id      ref.OrderID
	actor   string
	key     string
	route   string
	meaning any
}

// begin makes the Begin of the command. Its route names the order, as the path of a request does.
func (s *Service) begin(o order) (ports.Command, error) {
	var wrong []*fault.Error
	if rule := textRule(o.key, true, KeyMax); rule != "" {
		wrong = append(wrong, Rule.New(rule).At("Idempotency-Key"))
	}
	if rule := textRule(o.actor, true, ReasonMax); rule != "" {
		wrong = append(wrong, Rule.New(rule).At("actor"))
	}
	if err := fault.Collect(wrong); err != nil {
		return ports.Command{}, err
	}
	now := s.now()
	return ports.Command{
		Step: ports.CommandBegin, Key: ports.CommandKey{Actor: o.actor, Route: o.route + ":" + o.id.String(), Key: o.key},
		Fingerprint: fingerprint(o.meaning), Owner: s.parts.IDs.New(), At: now, Lease: now.Add(s.lease),
	}, nil
}

// move runs a command that moves money: request, ask, settle.
func (s *Service) move(ctx context.Context, o order, request func(Sale, Moment) (Sale, Moved, Commit, error)) (Moved, error) {
	cmd, err := s.begin(o)
	if err != nil {
		return Moved{}, err
	}
	// An earlier request with this key counts before what the order has become.
	record, err := s.parts.Commands.Find(ctx, cmd.Key)
	if err != nil {
		return Moved{}, err
	}
	if record != nil {
		return s.moveAgain(ctx, o.id, *record, cmd)
	}
	var moved Moved
	begun, err := s.amendOf(ctx, o.id, func(x Sale, m Moment) (Sale, Commit, bool, error) {
		next, made, c, err := request(x.opened(cmd.Key), m)
		moved = made
		step := cmd
		step.Subject = made.subject()
		c.Command = &step
		return next, c, true, err
	})
	switch {
	case err != nil:
		return Moved{}, err
	case begun.replay != nil:
		return s.moveAgain(ctx, o.id, *begun.replay, cmd)
	}
	return s.moveOn(ctx, cmd, begun.Sale, moved)
}

// subject is the public id of what the command made.
func (m Moved) subject() string {
	if !m.Capture.IsZero() {
		return m.Capture.String()
	}
	return m.Refund.String()
}

// moveAgain answers a request whose command was begun before: with its answer, with InProgress while another attempt is
// at work, or by taking over and finishing the work.
func (s *Service) moveAgain(ctx context.Context, id ref.OrderID, record ports.CommandRecord, cmd ports.Command) (Moved, error) {
	if record.Fingerprint != cmd.Fingerprint {
		return Moved{}, IdempotencyMismatch.New("this Idempotency-Key was used with another request; use a new key")
	}
	if record.Answer == nil {
		taken, err := s.take(ctx, &record, cmd)
		if err != nil {
			return Moved{}, err
		}
		if taken {
			sale, err := s.sale(ctx, id)
			if err != nil {
				return Moved{}, err
			}
			return s.moveOn(ctx, cmd, sale, movedOf(record))
		}
	}
	sale, err := s.sale(ctx, id)
	if err != nil {
		return Moved{}, err
	}
	moved := movedOf(record).in(sale)
	moved.Replayed = true
	return moved, answerError(*record.Answer)
}

// movedOf is what the record says that its command made.
func movedOf(r ports.CommandRecord) (m Moved) {
	m.Capture, _ = ref.ParseID[ref.CaptureKind](r.Subject)
	m.Refund, _ = ref.ParseID[ref.RefundKind](r.Subject)
	return m
}

// moveOn asks the providers for what was requested, writes down what they say, and answers the command. Once they were
// asked the caller's leaving stops nothing.
func (s *Service) moveOn(ctx context.Context, cmd ports.Command, sale Sale, moved Moved) (Moved, error) {
	for _, t := range sale.Tasks(s.now()) {
		if t.Kind != TaskEffect || t.Effect.Capture != moved.Capture || t.Effect.Refund != moved.Refund {
			continue
		}
		if next, err := s.effect(ctx, sale, t); err == nil {
			sale = next
		} else if sale, err = s.sale(ctx, sale.Order.ID); err != nil {
			return Moved{}, lostMove(err)
		}
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	done, err := s.amend(ctx, sale, func(x Sale, m Moment) (Sale, Commit, bool, error) {
		next, c := x.answered(cmd.Key).touch(m)
		c.Command = finish(cmd, m, x.answerTo(ports.CommandRecord{Subject: moved.subject()}))
		return next, c, true, nil
	})
	switch {
	case err != nil:
		return Moved{}, lostMove(err)
	case done.replay != nil:
		return s.moveAgain(ctx, sale.Order.ID, *done.replay, cmd)
	}
	moved = moved.in(done.Sale)
	return moved, answerError(done.answerTo(ports.CommandRecord{Subject: moved.subject()}))
}

// lostMove is the error of a command whose money may have moved and whose record is not certain.
func lostMove(err error) error {
	return fault.Lost.New("it was sent and its record is not certain; retry with the same key").Because(err)
}

// in reads the state of what was moved.
func (m Moved) in(x Sale) Moved {
	m.Sale = x
	for _, p := range x.Payments {
		for _, e := range p.Effects() {
			if e.Kind == EffectVoid || e.Capture != m.Capture || e.Refund != m.Refund {
				continue
			}
			if m.State == "" || e.Open() || !e.Open() && m.State == EffectSucceeded {
				m.State = e.State
			}
		}
	}
	return m
}
