package shoptest

import (
	"context"

	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// EffectBehaviour is what comes of a capture, a void or a refund at Provider.
type EffectBehaviour string

// The behaviours of effects; without a script they succeed.
const (
	Succeeds      EffectBehaviour = "succeeds"
	Fails         EffectBehaviour = "fails"          // It is refused, and that is final.
	SucceedsLater EffectBehaviour = "succeeds_later" // It is taken on, and done at SettleEffects.
	FailsLater    EffectBehaviour = "fails_later"    // It is taken on, and refused at SettleEffects.
)

// EffectBehaviours lists the behaviours in order.
func EffectBehaviours() []EffectBehaviour {
	return []EffectBehaviour{Succeeds, Fails, SucceedsLater, FailsLater}
}

// effect is a capture, a void or a refund.
type effect struct {
	kind      ordering.PaymentEntryKind
	behaviour EffectBehaviour
	amount    money.Money
	capture   ref.CaptureID
	refund    ref.RefundID
	result    ordering.EffectResult
}

// ScriptEffects says what comes of the next captures, voids and refunds.
func (p *Provider) ScriptEffects(b ...EffectBehaviour) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.effects = append(p.effects, b...)
}

// Capture takes money that is held.
func (p *Provider) Capture(_ context.Context, c ordering.CaptureCall) (ordering.EffectResult, error) {
	return p.effect(c.Payment, c.ID.String(), &effect{kind: ordering.EntryCaptured, amount: c.Amount, capture: c.ID})
}

// Void gives up what is held and was not taken.
func (p *Provider) Void(_ context.Context, c ordering.VoidCall) (ordering.EffectResult, error) {
	return p.effect(c.Payment, "void", &effect{kind: ordering.EntryVoided})
}

// Refund sends money back.
func (p *Provider) Refund(_ context.Context, c ordering.RefundCall) (ordering.EffectResult, error) {
	return p.effect(c.Payment, c.ID.String(), &effect{kind: ordering.EntryRefunded, amount: c.Amount, refund: c.ID})
}

// effect does an effect once, and gives its result again. A void that failed is done anew.
func (p *Provider) effect(payment ref.PaymentID, key string, e *effect) (ordering.EffectResult, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	c, known := p.charges[payment]
	if !known || c.result.State == "" {
		return ordering.EffectResult{State: ordering.EffectFailed, Message: "there is no such charge"}, nil
	}
	if made, again := c.made[key]; again && (key != "void" || made.result.State != ordering.EffectFailed) {
		return made.result, nil
	}
	if _, again := c.made[key]; !again {
		c.order = append(c.order, key)
	}
	c.made[key] = e
	e.behaviour = Succeeds
	if len(p.effects) > 0 {
		e.behaviour, p.effects = p.effects[0], p.effects[1:]
	}
	e.result = ordering.EffectResult{State: ordering.EffectRequested, Reference: "psp_" + key}
	if e.behaviour == Succeeds || e.behaviour == Fails {
		p.finish(c, key, e)
	}
	return e.result, nil
}

// finish ends an effect.
func (p *Provider) finish(c *charge, key string, e *effect) {
	event := ordering.PaymentEvent{Kind: ordering.PaymentEventKind(e.kind), Capture: e.capture, Refund: e.refund, Reference: e.result.Reference}
	reason := p.refuses(c, e)
	if e.behaviour == Fails || e.behaviour == FailsLater {
		reason = "it was refused"
	}
	if reason != "" {
		e.result.State, e.result.Message = ordering.EffectFailed, reason
		event.Kind = map[ordering.PaymentEntryKind]ordering.PaymentEventKind{
			ordering.EntryCaptured: ordering.EventCaptureFailed, ordering.EntryVoided: ordering.EventVoidFailed, ordering.EntryRefunded: ordering.EventRefundFailed,
		}[e.kind]
		event.Amount, event.Message = e.amount, reason
		p.tell(c, event)
		return
	}
	e.result.State = ordering.EffectSucceeded
	switch e.kind {
	case ordering.EntryCaptured:
		c.taken += e.amount.Minor()
	case ordering.EntryRefunded:
		c.returned += e.amount.Minor()
	default:
		e.amount = money.New(c.held-c.taken-c.freed, c.Amount.Currency())
		c.freed += e.amount.Minor()
	}
	event.Amount = e.amount
	p.happened(c, e.kind, e.amount, key)
	p.tell(c, event)
}

// refuses gives why an effect cannot be, or "".
func (*Provider) refuses(c *charge, e *effect) string {
	switch {
	case e.kind == ordering.EntryCaptured && c.taken+c.freed+e.amount.Minor() > c.held:
		return "more than is held"
	case e.kind == ordering.EntryRefunded && c.returned+e.amount.Minor() > c.taken:
		return "more than was taken"
	case e.kind == ordering.EntryVoided && c.held-c.taken-c.freed <= 0:
		return "nothing is held"
	}
	return ""
}

// SettleEffects ends what was to be done later, at most n of them, and tells how many it ended.
func (p *Provider) SettleEffects(n int) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	done := 0
	for _, id := range p.order {
		c := p.charges[id]
		for _, key := range c.order {
			if e := c.made[key]; done < n && e.result.State == ordering.EffectRequested {
				p.finish(c, key, e)
				done++
			}
		}
	}
	return done
}
