package ordering

import (
	"context"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/ports"
)

// carryOut does what is left to be done for a sale that just changed, as well as it can: what fails is the sweeper's.
func (s *Service) carryOut(ctx context.Context, sale Sale) Sale {
	for _, t := range sale.Tasks(s.now()) {
		switch t.Kind {
		case TaskEffect, TaskConfirm, TaskRelease:
			if next, err := s.do(ctx, sale, t); err == nil {
				sale = next
			}
		default: // Somebody is at it, or it is not time.
		}
	}
	return sale
}

// effect asks the provider for a capture, a void or a refund, with nothing held, and writes down what came of it. Once it
// is asked the caller's leaving stops nothing.
func (s *Service) effect(ctx context.Context, sale Sale, t Task) (Sale, error) {
	i := sale.payment(t.Payment)
	if i < 0 {
		return sale, noPayment()
	}
	event, err := s.ask(ctx, sale.Payments[i], t.Effect)
	if err != nil {
		return sale, err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	done, err := s.apply(ctx, sale, InboxEvent{Event: event})
	if err != nil {
		return sale, err
	}
	return done.Sale, nil
}

// ask calls the provider for an effect, and gives what is known then. An error means that it was surely not done.
func (s *Service) ask(ctx context.Context, p Payment, e Effect) (PaymentEvent, error) {
	event := PaymentEvent{Provider: p.Provider, Payment: p.ID, Amount: e.Amount, Capture: e.Capture, Refund: e.Refund}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), ProviderTimeout)
	defer cancel()
	provider := s.providers[p.Provider]
	var result EffectResult
	err := error(ProviderLacks.New("the provider " + p.Provider + " cannot do that"))
	kinds := effectEvents[e.Kind]
	switch e.Kind {
	case EffectCapture:
		if c, ok := ports.As[Capturer](provider); ok {
			result, err = c.Capture(ctx, CaptureCall{Payment: p.ID, ID: e.Capture, Reference: p.reference(), Amount: e.Amount})
		}
	case EffectVoid:
		if c, ok := ports.As[Voider](provider); ok {
			result, err = c.Void(ctx, VoidCall{Payment: p.ID, Reference: p.reference()})
		}
	case EffectRefund:
		if c, ok := ports.As[Refunder](provider); ok {
			result, err = c.Refund(ctx, RefundCall{Payment: p.ID, ID: e.Refund, Reference: p.reference(), Amount: e.Amount})
		}
	}
	event.Reference, event.Message = result.Reference, result.Message
	switch {
	case err != nil && (fault.KindOf(err) == fault.Unknown || fault.KindOf(err) == fault.Internal):
		event.Kind = kinds.unknown
	case err != nil:
		return event, err
	case result.State == EffectSucceeded:
		event.Kind = kinds.done
	case result.State == EffectFailed:
		event.Kind = kinds.failed
	default:
		event.Kind = EventWaiting
	}
	return event, nil
}

// effectEvents are the events of each kind of effect.
var effectEvents = map[EffectKind]struct{ done, failed, unknown PaymentEventKind }{
	EffectCapture: {EventCaptured, EventCaptureFailed, EventCaptureUnknown},
	EffectVoid:    {EventVoided, EventVoidFailed, EventVoidUnknown},
	EffectRefund:  {EventRefunded, EventRefundFailed, EventRefundUnknown},
}

// reference is the provider's id of the charge, as far as it was told.
func (p Payment) reference() string {
	for _, e := range p.Entries {
		if e.Reference != "" && e.Capture.IsZero() && e.Refund.IsZero() {
			return e.Reference
		}
	}
	return ""
}
