package pricing

import (
	"context"
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Adopt takes over plans as another shop has them, each with its Since and its Past, so that what a variant costs and the
// lowest price of the 30 days before go on as though it had always been here: who moves must not lose what Art. 6a asks
// for. The first version of such a plan is the one that it had there; versions before it stay where they were. A plan that
// there is already is passed over, for its past is its own, so that a repetition does no harm. One commit; gives how many
// it took over. Errors: Bad with "plans[i]" paths, VersionConflict when someone else priced a variant meanwhile.
func (s *Service) Adopt(ctx context.Context, plans []Plan) (int, error) {
	now := ref.Instant(s.clock.Now())
	violations := s.note.violations()
	byList := map[List][]ref.VariantID{}
	adopted := make([]Plan, len(plans))
	seen := map[Key]bool{}
	for i, p := range plans {
		p = p.adopted()
		err := p.Adoptable(now)
		if err == nil && seen[p.Key] {
			err = fault.Collect([]*fault.Error{BrokenRule.New("a variant has one plan in a channel and a currency").At("variant")})
		}
		if err != nil {
			violations = append(violations, prefixed("plans", i, err)...)
		}
		seen[p.Key], adopted[i] = true, p
		at := List{p.Channel, p.Currency}
		byList[at] = append(byList[at], p.Variant)
	}
	if err := fault.Collect(violations); err != nil || len(plans) == 0 {
		return 0, err
	}
	known := map[Key]bool{}
	for at, variants := range byList {
		stored, err := s.plans(ctx, ref.Scope{Channel: at.Channel, Currency: at.Currency}, variants)
		if err != nil {
			return 0, err
		}
		for _, p := range stored {
			known[p.Key] = true
		}
	}
	var c Commit
	for _, p := range adopted {
		if known[p.Key] {
			continue
		}
		p.Version, p.Note = 1, s.note
		c.Plans = append(c.Plans, Write{State: p})
		for _, payload := range p.tell(now) {
			c.Events = append(c.Events, event.New(ref.NewID[ref.EventKind](s.ids.New()), p.Variant.String(), now, payload))
		}
	}
	if len(c.Plans) == 0 {
		return 0, nil
	}
	return len(c.Plans), s.committer.Commit(ctx, c)
}

// tell gives what there is to tell of a plan that is taken over: each of its prices that holds or will.
func (p Plan) tell(now time.Time) []event.Payload {
	var out []event.Payload
	for _, price := range p.live(now) {
		if price.Window.standing(now) {
			out = append(out, PriceSet{Variant: p.Variant, Channel: p.Channel, Currency: p.Currency.Code(), Amount: price.Amount.Decimal()})
			continue
		}
		out = append(out, PriceScheduled{
			Variant: p.Variant, Channel: p.Channel, Currency: p.Currency.Code(), Amount: price.Amount.Decimal(),
			From: price.Window.From, Until: price.Window.Until,
		})
	}
	return out
}
