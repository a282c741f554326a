package ordering

import (
	"context"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/ports"
)

// Webhook takes a message of a provider as it came: it checks the signature, applies the events and gives how many there
// were. Answer the provider with success only when there is no error: then everything is written, and what could not be
// applied yet is kept.
//
// Errors: Missing for a provider that is not known or sends none; WebhookRefused; MalformedWebhook; kinds Unavailable and
// Unknown, upon which the provider sends it again.
func (s *Service) Webhook(ctx context.Context, provider string, w Webhook) (int, error) {
	parser, ok := ports.As[WebhookParser](s.providers[provider])
	if !ok {
		return 0, fault.Missing.New("no such provider sends messages")
	}
	w.At = s.now()
	events, err := parser.ParseWebhook(w)
	if err != nil {
		return 0, err
	}
	for _, e := range events {
		e.Provider = provider // Nobody speaks for another.
		if err := s.ApplyEvent(ctx, e); err != nil {
			return 0, err
		}
	}
	return len(events), nil
}

// ApplyEvent makes true what became known of a payment, see ApplyPaymentEvent. Whatever comes first, comes twice or comes
// late, the outcome is what the provider says. An event whose payment is not known, or that contradicts what is, is kept
// and tried again by SweepOrders, if it has an id of its own. What the event asks for, such as a refund of money that
// came too late, is carried out at once, and by the sweeper should that fail.
//
// Errors: PaymentContradiction and Missing for an event without an id; kinds Unavailable and Unknown: tell it again.
func (s *Service) ApplyEvent(ctx context.Context, e PaymentEvent) error {
	return s.applyKept(ctx, InboxEvent{Event: e})
}

// applyKept applies an event that may have been kept before.
func (s *Service) applyKept(ctx context.Context, kept InboxEvent) error {
	o, payments, err := s.parts.Orders.OfPayment(ctx, kept.Event.Payment)
	var done decided
	if err == nil {
		done, err = s.apply(ctx, Sale{o, payments}, kept)
	}
	if kept.Event.ID != "" && kept.Event.Provider != "" && (fault.Is(err, fault.Missing) || fault.Is(err, PaymentContradiction)) {
		_, err = s.parts.Committer.Commit(ctx, kept.keep(s.now(), err))
		return err
	}
	if err == nil && done.changed {
		s.carryOut(ctx, done.Sale)
	}
	return err
}

// apply applies an event to a sale. One that was kept is done with in the same commit.
func (s *Service) apply(ctx context.Context, sale Sale, kept InboxEvent) (decided, error) {
	return s.amend(ctx, sale, func(x Sale, m Moment) (Sale, Commit, bool, error) {
		cart, err := s.cartOf(ctx, x.Order)
		if err != nil {
			return x, Commit{}, false, err
		}
		a, err := ApplyPaymentEvent(Settlement{Sale: x, Moment: m, Cart: cart}, kept.Event)
		if err != nil {
			return x, Commit{}, false, err
		}
		if !kept.KeptAt.IsZero() {
			a.Commit.At, a.Changed = m.At, true
			a.Commit.Inbox = []InboxEvent{kept.done()}
		}
		return a.Sale, a.Commit, a.Changed, nil
	})
}
