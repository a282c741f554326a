package pricing

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// NoteMax is the longest part of a note in characters.
const NoteMax = 500

// Ending names a price to end by its window; the zero Window is the standing price.
type Ending struct {
	Variant ref.VariantID
	Window  Window
}

// Set makes the standing prices what they should be in the scope's channel and currency, from now on, in one commit,
// and reports how many it changed: a price that is already so is not written again. It takes the place of the price
// that always holds and of those that began without an end; prices with an end stay, so a sale goes on. Errors: Bad
// with "prices[i]" paths, VersionConflict when someone else changed one meanwhile.
func (s *Service) Set(ctx context.Context, scope ref.Scope, prices []Price) (int, error) {
	changes := make([]change, len(prices))
	for i, p := range prices {
		p.Channel, p.Currency = scope.Channel, scope.Currency
		changes[i] = change{variant: p.Variant, apply: func(plan Plan, now time.Time) ([]Price, event.Payload, error) {
			if err := always(p); err != nil {
				return nil, nil, err
			}
			out, changed := plan.set(p, now)
			if !changed {
				return nil, nil, nil
			}
			return out, PriceSet{Variant: p.Variant, Channel: p.Channel, Currency: p.Currency.Code(), Amount: p.Amount.Decimal()}, nil
		}}
	}
	return s.change(ctx, scope, "prices", changes)
}

// Schedule plans prices for their windows in the scope's channel and currency, in one commit, and reports how many it
// changed. A price with the same window as one that is planned takes its place. A window that has begun holds from now
// on. One without an end begins later than now, and takes the place of the standing price for good when it does. Errors:
// as of Set; also Bad for a window that is over or is always, and for more than WindowsMax prices of one variant.
func (s *Service) Schedule(ctx context.Context, scope ref.Scope, prices []Price) (int, error) {
	changes := make([]change, len(prices))
	for i, p := range prices {
		p.Channel, p.Currency = scope.Channel, scope.Currency
		p.Window = p.Window.instant()
		changes[i] = change{variant: p.Variant, apply: func(plan Plan, now time.Time) ([]Price, event.Payload, error) {
			if err := ahead(p, now); err != nil {
				return nil, nil, err
			}
			out, changed := plan.schedule(p, now)
			if !changed {
				return nil, nil, nil
			}
			return out, PriceScheduled{
				Variant: p.Variant, Channel: p.Channel, Currency: p.Currency.Code(), Amount: p.Amount.Decimal(),
				From: p.Window.From, Until: p.Window.Until,
			}, nil
		}}
	}
	return s.change(ctx, scope, "prices", changes)
}

// End takes prices out of their plans in the scope's channel and currency, in one commit, and reports how many: one
// that has begun holds no more, one that has not never will. What is not there is passed over, so that a repetition does
// no harm. Without a standing price a variant is on sale in its windows only. Errors: VersionConflict.
func (s *Service) End(ctx context.Context, scope ref.Scope, endings []Ending) (int, error) {
	changes := make([]change, len(endings))
	for i, e := range endings {
		w := e.Window.instant()
		changes[i] = change{variant: e.Variant, apply: func(plan Plan, now time.Time) ([]Price, event.Payload, error) {
			out, changed := plan.end(w, now)
			if !changed {
				return nil, nil, nil
			}
			return out, PriceEnded{
				Variant: e.Variant, Channel: scope.Channel, Currency: scope.Currency.Code(), From: w.From, Until: w.Until,
			}, nil
		}}
	}
	return s.change(ctx, scope, "endings", changes)
}

// instant brings the ends to the form of ref.Instant; an open one stays so.
func (w Window) instant() Window {
	return Window{From: ref.Instant(w.From), Until: ref.Instant(w.Until)}
}

// always is the rule of Set.
func always(p Price) error {
	if err := p.Validate(); err != nil || p.Window.Always() {
		return err
	}
	return fault.Collect([]*fault.Error{BrokenRule.New("a standing price has no window; schedule it").At("from")})
}

// ahead is the rule of Schedule.
func ahead(p Price, now time.Time) error {
	switch err := p.Validate(); {
	case err != nil:
		return err
	case p.Window.Always():
		return fault.Collect([]*fault.Error{BrokenRule.New("a scheduled price begins or ends at some time").At("from")})
	case p.Window.standing(now):
		return fault.Collect([]*fault.Error{BrokenRule.New("a price without an end begins later than now; set it").At("from")})
	case p.Window.over(now):
		return fault.Collect([]*fault.Error{BrokenRule.New("the time of a price to schedule is not over").At("until")})
	}
	return nil
}

// change is one change of one plan: apply gives the prices after it and what to tell, or nothing to tell.
type change struct {
	variant ref.VariantID
	apply   func(plan Plan, now time.Time) ([]Price, event.Payload, error)
}

// change makes the changes in one commit, several of one plan as one version, and gives their number.
func (s *Service) change(ctx context.Context, scope ref.Scope, list string, changes []change) (int, error) {
	variants := make([]ref.VariantID, len(changes))
	for i, c := range changes {
		variants[i] = c.variant
	}
	violations := s.note.violations()
	stored, err := s.plans(ctx, scope, variants)
	if err != nil {
		return 0, err
	}
	now := ref.Instant(s.clock.Now())
	var c Commit
	written := map[ref.VariantID]int{}
	for i, ch := range changes {
		plan, known := stored[ch.variant]
		if !known {
			plan.Key = Key{Variant: ch.variant, Channel: scope.Channel, Currency: scope.Currency}
		}
		at, again := written[ch.variant]
		if again {
			plan.Prices = c.Plans[at].State.Prices
		}
		prices, payload, err := ch.apply(plan, now)
		if err == nil && len(prices) > WindowsMax {
			err = fault.Collect([]*fault.Error{BrokenRule.Newf("a variant has at most %d prices in a channel and a currency", WindowsMax).At("from")})
		}
		if err != nil {
			violations = append(violations, prefixed(list, i, err)...)
			continue
		}
		if payload == nil {
			continue
		}
		plan.Prices = stored[ch.variant].Prices // What was in force until now.
		w := Write{State: plan.next(prices, now, s.note), Expected: plan.Version}
		if again {
			c.Plans[at] = w
		} else {
			written[ch.variant] = len(c.Plans)
			c.Plans = append(c.Plans, w)
		}
		c.Events = append(c.Events, event.New(ref.NewID[ref.EventKind](s.ids.New()), ch.variant.String(), now, payload))
	}
	if err := fault.Collect(violations); err != nil || len(c.Plans) == 0 {
		return 0, err
	}
	if err := s.committer.Commit(ctx, c); err != nil {
		return 0, err
	}
	return len(c.Events), nil
}

// violations checks the rules of a note.
func (n Note) violations() []*fault.Error {
	var out []*fault.Error
	for _, part := range []struct{ field, text string }{{"by", n.By}, {"why", n.Why}} {
		if utf8.RuneCountInString(part.text) > NoteMax || !utf8.ValidString(part.text) || strings.ContainsRune(part.text, 0) {
			out = append(out, BrokenRule.New(fmt.Sprintf("it is valid UTF-8 without NUL, of at most %d characters", NoteMax)).At(part.field))
		}
	}
	return out
}
