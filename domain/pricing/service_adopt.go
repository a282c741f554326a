package pricing

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
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

// adopted is the plan in the form in which plans are stored.
func (p Plan) adopted() Plan {
	p.Since = ref.Instant(p.Since)
	p.Prices = slices.Clone(p.Prices)
	for i := range p.Prices {
		p.Prices[i].Key, p.Prices[i].Window = p.Key, p.Prices[i].Window.instant()
	}
	p.Past = slices.Clone(p.Past)
	for i := range p.Past {
		p.Past[i].From, p.Past[i].Until = ref.Instant(p.Past[i].From), ref.Instant(p.Past[i].Until)
	}
	sorted(p.Prices)
	return p
}

// Adoptable holds a plan of another shop against the rules of Adopt, and reports all violations with their fields.
func (p Plan) Adoptable(now time.Time) error {
	p = p.adopted()
	var out []*fault.Error
	broken := func(field, rule string) { out = append(out, BrokenRule.New(rule).At(field)) }
	if p.Variant.IsZero() || p.Channel == "" || p.Currency.IsZero() {
		broken("variant", "a plan names its variant, channel and currency")
	}
	if p.Since.IsZero() || p.Since.After(now) {
		broken("since", "a plan was made at some time, and not later than now")
	}
	if len(p.Prices) > WindowsMax {
		broken("prices", fmt.Sprintf("a variant has at most %d prices in a channel and a currency", WindowsMax))
	}
	for i, price := range p.Prices {
		if err := price.Validate(); err != nil {
			out = append(out, prefixed("prices", i, err)...)
		}
		if i > 0 && p.Prices[i-1].Window.Equal(price.Window) {
			broken(fmt.Sprintf("prices[%d].from", i), "two prices of a plan hold at the same times; one of them is enough")
		}
	}
	return fault.Collect(append(out, p.remembers()...))
}

// remembers holds the past of a plan of another shop against the rules.
func (p Plan) remembers() []*fault.Error {
	var out []*fault.Error
	if len(p.Past) > SpansMax {
		out = append(out, BrokenRule.Newf("a plan remembers at most %d spans", SpansMax).At("past"))
	}
	var until time.Time
	for i, s := range p.Past {
		if !s.From.Before(s.Until) || s.From.Before(until) || s.Until.After(p.Since) {
			out = append(out, BrokenRule.New("spans of the past follow each other, each ends after it begins, and none after the plan was made").
				At(fmt.Sprintf("past[%d].from", i)))
		}
		if until = s.Until; s.Amount.Currency() != p.Currency || s.Amount.IsNegative() {
			out = append(out, BrokenRule.New("a price is in the currency that it is for, and not negative").At(fmt.Sprintf("past[%d].amount", i)))
		}
	}
	return out
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

// List is a channel and a currency in which there are prices.
type List struct {
	Channel  ref.Channel
	Currency money.Currency
}

// listsPage is how many keys are read at once to find the lists of a shop.
const listsPage = 1000

// Lists gives the channels and currencies in which the shop has prices, in ascending order. It goes through all of them,
// and is for who takes a shop elsewhere. Of a store that is no Auditor it knows none.
func (s *Service) Lists(ctx context.Context) ([]List, error) {
	auditor, ok := ports.As[Auditor](s.prices)
	if !ok {
		return nil, nil
	}
	var out []List
	seen := map[List]bool{}
	for after := (Key{}); ; {
		keys, err := auditor.AuditPrices(ctx, after, listsPage)
		if err != nil {
			return nil, err
		}
		for _, k := range keys {
			if at := (List{k.Channel, k.Currency}); !seen[at] {
				seen[at] = true
				out = append(out, at)
			}
			after = k
		}
		if len(keys) < listsPage {
			break
		}
	}
	slices.SortFunc(out, func(a, b List) int {
		return strings.Compare(string(a.Channel)+"\x00"+a.Currency.Code(), string(b.Channel)+"\x00"+b.Currency.Code())
	})
	return out, nil
}
