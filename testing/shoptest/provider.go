package shoptest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// ProviderName is the name of Provider.
const ProviderName = "scripted"

// Provider is a payment provider that does what it is told and keeps a journal of what really happened, which is the
// truth that a shop's own record is measured by. It can all that the toolkit knows of: charges, captures, voids, refunds,
// lookups, and messages of its own, which wait in Outgoing until somebody delivers them. Made by NewProvider; safe for
// concurrent use.
type Provider struct {
	clock ports.Clock

	mu       sync.Mutex
	script   []Behaviour
	effects  []EffectBehaviour
	charges  map[ref.PaymentID]*charge
	order    []ref.PaymentID
	journal  []JournalEntry
	outgoing []ordering.PaymentEvent
	told     int
}

// charge is what the provider knows of one payment.
type charge struct {
	ordering.Charge
	behaviour Behaviour
	calls     int
	result    ordering.ChargeResult
	held      int64 // In minor units: authorised, in all,
	taken     int64 // captured, in all,
	freed     int64 // given up,
	returned  int64 // and sent back.
	made      map[string]*effect
	order     []string
}

// JournalEntry is something that happened to money.
type JournalEntry struct {
	At      time.Time
	Payment ref.PaymentID
	Kind    ordering.PaymentEntryKind // Authorized, captured, declined, voided or refunded.
	Amount  money.Money
	Effect  string // The public id of the capture or refund, if it was asked for.
}

var (
	_ ordering.PaymentProvider = (*Provider)(nil)
	_ ordering.ChargeLookup    = (*Provider)(nil)
	_ ordering.TokenChecker    = (*Provider)(nil)
	_ ordering.Capturer        = (*Provider)(nil)
	_ ordering.Voider          = (*Provider)(nil)
	_ ordering.Refunder        = (*Provider)(nil)
	_ ordering.WebhookParser   = (*Provider)(nil)
)

// NewProvider has charged nothing.
func NewProvider(clock ports.Clock) *Provider {
	return &Provider{clock: clock, charges: map[ref.PaymentID]*charge{}}
}

// Name is ProviderName.
func (*Provider) Name() string { return ProviderName }

// TokenRule allows behaviours, and no token for Captures.
func (*Provider) TokenRule(token string) string {
	if token == "" {
		return ""
	}
	return tokenRule(token)
}

// Script says what comes of the next charges, whatever their tokens.
func (p *Provider) Script(b ...Behaviour) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.script = append(p.script, b...)
}

// Charge does what the script, else the token says, once for each payment. Errors: kind Unknown where the behaviour says
// so, Rule for another token.
func (p *Provider) Charge(_ context.Context, c ordering.Charge) (ordering.ChargeResult, error) {
	if rule := p.TokenRule(c.Token); rule != "" {
		return ordering.ChargeResult{}, ordering.Rule.New(rule).At("payment.token")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	known, again := p.charges[c.Payment]
	if !again {
		known = &charge{Charge: c, behaviour: p.behaviour(c), made: map[string]*effect{}}
		p.charges[c.Payment] = known
		p.order = append(p.order, c.Payment)
	}
	known.calls++
	if known.behaviour == TimesOut && known.calls == 1 {
		return ordering.ChargeResult{}, fault.Lost.New("the provider did not answer")
	}
	p.decide(known, false)
	if known.calls == 1 && (known.behaviour == LosesAnswer || known.behaviour == LosesDecline) {
		return ordering.ChargeResult{}, fault.Lost.New("the provider's answer was lost")
	}
	return known.result, nil
}

// behaviour is what is to come of a new charge.
func (p *Provider) behaviour(c ordering.Charge) Behaviour {
	if len(p.script) > 0 {
		next := p.script[0]
		p.script = p.script[1:]
		return next
	}
	if c.Token == "" {
		return Captures
	}
	return Behaviour(c.Token)
}

// decide settles a charge by its behaviour, unless it is settled; one that is decided later only when that is asked for.
func (p *Provider) decide(c *charge, settle bool) {
	if c.result.State != "" && c.result.State != ordering.ChargePending {
		return
	}
	state, kind := ordering.ChargeCaptured, ordering.EntryCaptured
	switch c.behaviour {
	case Authorizes:
		state, kind = ordering.ChargeAuthorized, ordering.EntryAuthorized
	case Declines, LosesDecline, DeclinesLater:
		state, kind = ordering.ChargeDeclined, ordering.EntryDeclined
	default:
	}
	reference := "psp_" + c.Payment.String()
	if c.behaviour.later() && !settle {
		c.result = ordering.ChargeResult{State: ordering.ChargePending, Reference: reference}
		return
	}
	c.result = ordering.ChargeResult{State: state, Reference: reference}
	switch state {
	case ordering.ChargeDeclined:
		c.result = ordering.ChargeResult{State: state, Message: "the card was declined"}
	case ordering.ChargeCaptured:
		c.held, c.taken = c.Amount.Minor(), c.Amount.Minor()
	default:
		c.held = c.Amount.Minor()
	}
	p.happened(c, kind, c.Amount, "")
	p.tell(c, ordering.PaymentEvent{Kind: ordering.PaymentEventKind(kind), Amount: c.Amount, Reference: c.result.Reference, Message: c.result.Message})
}

// happened writes into the journal.
func (p *Provider) happened(c *charge, kind ordering.PaymentEntryKind, amount money.Money, id string) {
	p.journal = append(p.journal, JournalEntry{At: p.clock.Now(), Payment: c.Payment, Kind: kind, Amount: amount, Effect: id})
}

// tell puts a message into the queue.
func (p *Provider) tell(c *charge, e ordering.PaymentEvent) {
	p.told++
	e.Provider, e.ID, e.Payment, e.At = ProviderName, fmt.Sprintf("evt_%d", p.told), c.Payment, p.clock.Now()
	p.outgoing = append(p.outgoing, e)
}

// Lookup tells what came of a charge. One that timed out was never seen.
func (p *Provider) Lookup(_ context.Context, payment ref.PaymentID) (r ordering.ChargeResult, found bool, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	c, known := p.charges[payment]
	if !known || c.result.State == "" {
		return ordering.ChargeResult{}, false, nil
	}
	return c.result, true, nil
}

// Settle decides a charge that was to be decided later, and gives what it decided; found is false for one that the
// provider never saw.
func (p *Provider) Settle(payment ref.PaymentID) (r ordering.ChargeResult, found bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	c, known := p.charges[payment]
	if !known || c.result.State == "" {
		return ordering.ChargeResult{}, false
	}
	p.decide(c, true)
	return c.result, true
}

// Undecided lists the payments that wait for Settle, oldest first.
func (p *Provider) Undecided() []ref.PaymentID {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []ref.PaymentID
	for _, id := range p.order {
		if p.charges[id].result.State == ordering.ChargePending {
			out = append(out, id)
		}
	}
	return out
}

// Journal lists what happened to money, in order.
func (p *Provider) Journal() []JournalEntry {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.journal)
}

// JournalSince lists what happened after the first n entries.
func (p *Provider) JournalSince(n int) []JournalEntry {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.journal[min(n, len(p.journal)):])
}
