package pricingtest_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/clausetest"
	"github.com/ipswich-retail/commerce/testing/pricingtest"
)

// flaw names what is broken in a sketch; "" is nothing.
type flaw string

const (
	anyChannel       flaw = "the channel is not asked for"
	anyCurrency      flaw = "the currency is not asked for"
	inventsPlans     flaw = "a variant without prices has an empty plan"
	hundredPlans     flaw = "a hundred plans at most"
	firstPlan        flaw = "the first version is given"
	dropsCompareAt   flaw = "the former price is dropped"
	cutsPlanTimes    flaw = "the time of a plan has milliseconds"
	dropsPast        flaw = "the past is dropped"
	dropsReason      flaw = "the reason is dropped"
	hidesEmpty       flaw = "a plan without prices is not given"
	sharesPlan       flaw = "a plan shares its lists with its readers"
	keepsCallersPlan flaw = "a plan shares its lists with its writer"
	cutsHistory      flaw = "a window that is over is dropped from the history"
	rewritesHistory  flaw = "the history has the present note"
	historyOldest    flaw = "the oldest of many versions are given"
	historyBackwards flaw = "the newest version comes first"
	historyShared    flaw = "the history shares its lists with its readers"
	writesBefore     flaw = "what comes before a stale plan is written"
	tellsRefused     flaw = "a refused commit tells its events"
	tellsBackwards   flaw = "events are told backwards"
	ignoresGone      flaw = "who is gone is served"
	takesOlder       flaw = "an older version is replaced"
	takesNone        flaw = "a version of what does not exist is written"
	takesTwice       flaw = "a plan is written twice"
	judgesEarly      flaw = "the version is judged before the commit's turn"
)

// sketch is the smallest store that keeps the contract, with places where it can be broken.
type sketch struct {
	flaw    flaw
	meeting clausetest.Meeting
	mu      sync.Mutex
	plans   map[pricing.Key][]pricing.Plan
	events  []event.Event
}

func (s *sketch) Plans(ctx context.Context, scope ref.Scope, variants []ref.VariantID) (map[ref.VariantID]pricing.Plan, error) {
	if ctx.Err() != nil {
		return nil, fault.Down.New("the caller has left")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.flaw == hundredPlans {
		variants = variants[:min(len(variants), 100)]
	}
	out := map[ref.VariantID]pricing.Plan{}
	for key, versions := range s.plans {
		wrong := !slices.Contains(variants, key.Variant) || key.Channel != scope.Channel && s.flaw != anyChannel ||
			key.Currency != scope.Currency && s.flaw != anyCurrency
		if wrong {
			continue
		}
		p := versions[len(versions)-1]
		if s.flaw == firstPlan {
			p = versions[0]
		}
		if len(p.Prices) > 0 || s.flaw != hidesEmpty {
			out[key.Variant] = s.given(p)
		}
	}
	for _, v := range variants {
		if _, known := out[v]; !known && s.flaw == inventsPlans {
			out[v] = pricing.Plan{}
		}
	}
	return out, nil
}

// given is a plan as a reader gets it.
func (s *sketch) given(p pricing.Plan) pricing.Plan {
	if s.flaw != sharesPlan {
		p = own(p)
	}
	switch s.flaw {
	case dropsCompareAt:
		for i := range p.Prices {
			p.Prices[i].CompareAt = nil
		}
	case cutsPlanTimes:
		p.Since = p.Since.Truncate(time.Millisecond)
	case dropsPast:
		p.Past = nil
	case dropsReason:
		p.Note.Why = ""
	default:
	}
	return p
}

func (s *sketch) History(ctx context.Context, key pricing.Key) ([]pricing.Entry, error) {
	if ctx.Err() != nil {
		return nil, fault.Down.New("the caller has left")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	versions := s.plans[key]
	if over := len(versions) - pricing.HistoryMax; over > 0 && s.flaw != historyOldest {
		versions = versions[over:]
	} else if over > 0 {
		versions = versions[:pricing.HistoryMax]
	}
	var out []pricing.Entry
	for _, p := range versions {
		e := own(p).Entry()
		switch s.flaw {
		case cutsHistory:
			e.Prices = slices.DeleteFunc(e.Prices, func(price pricing.Price) bool { return !price.Window.Always() })
		case rewritesHistory:
			e.Note = versions[len(versions)-1].Note
		case historyShared:
			e = p.Entry()
		default:
		}
		out = append(out, e)
	}
	if s.flaw == historyBackwards {
		slices.Reverse(out)
	}
	return out, nil
}

func (s *sketch) Commit(ctx context.Context, c pricing.Commit) error {
	if ctx.Err() != nil && s.flaw != ignoresGone {
		return fault.Down.New("the caller has left")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.flaw == judgesEarly {
		if err := s.judge(c); err != nil {
			return err
		}
		s.mu.Unlock()
		leave := s.meeting.Wait()
		s.mu.Lock()
		defer leave()
	} else if err := s.judge(c); err != nil {
		if s.flaw == tellsRefused {
			s.events = append(s.events, c.Events...)
		}
		return err
	}
	s.write(c.Plans)
	if s.flaw == tellsBackwards {
		c.Events = slices.Clone(c.Events)
		slices.Reverse(c.Events)
	}
	s.events = append(s.events, c.Events...)
	return nil
}

func (s *sketch) judge(c pricing.Commit) error {
	for i, w := range c.Plans {
		stored := ref.Version(len(s.plans[w.State.Key]))
		twice := slices.ContainsFunc(c.Plans[:i], func(o pricing.Write) bool { return o.State.Key == w.State.Key })
		switch {
		case s.flaw == takesOlder && stored > 0 && w.Expected < stored, s.flaw == takesNone && stored == 0, s.flaw == takesTwice && twice:
		case twice, stored != w.Expected:
			if s.flaw == writesBefore {
				s.write(c.Plans[:i])
			}
			return fault.VersionConflict.New("the plan was changed")
		}
	}
	return nil
}

func (s *sketch) write(plans []pricing.Write) {
	for _, w := range plans {
		p := w.State
		if s.flaw != keepsCallersPlan {
			p = own(p)
		}
		s.plans[p.Key] = append(s.plans[p.Key], p)
	}
}

// own is a plan with lists and pointers of its own.
func own(p pricing.Plan) pricing.Plan {
	p.Prices, p.Past = slices.Clone(p.Prices), slices.Clone(p.Past)
	for i, price := range p.Prices {
		if price.CompareAt != nil {
			former := money.NewUnitPrice(price.CompareAt.Micro(), price.CompareAt.Currency())
			p.Prices[i].CompareAt = &former
		}
	}
	return p
}

// mutant makes a sketch with a flaw.
func mutant(f flaw, kills ...string) clausetest.Mutant[pricingtest.Harness] {
	return clausetest.Mutant[pricingtest.Harness]{
		Name: string(f), Kills: kills, Open: func(pricingtest.TB) pricingtest.Harness {
			s := &sketch{flaw: f, plans: map[pricing.Key][]pricing.Plan{}}
			return pricingtest.Harness{Prices: s, Committer: s, Events: func(pricingtest.TB) []event.Event {
				s.mu.Lock()
				defer s.mu.Unlock()
				return slices.Clone(s.events)
			}}
		},
	}
}

func TestPricesMutants(t *testing.T) {
	t.Parallel()
	clausetest.TestMutants(t, pricingtest.PricesClauses(), []clausetest.Mutant[pricingtest.Harness]{
		mutant(""),
		mutant(anyChannel, "prices-scope"),
		mutant(anyCurrency, "prices-scope"),
		mutant(inventsPlans, "prices-scope"),
		mutant(hundredPlans, "prices-scope"),
		mutant(firstPlan, "prices-plan"),
		// Which is to forget a part of what a plan is in any scope.
		mutant(dropsCompareAt, "prices-plan"),
		mutant(cutsPlanTimes, "prices-plan", "prices-scope"),
		mutant(dropsPast, "prices-plan"),
		mutant(dropsReason, "prices-plan"),
		mutant(hidesEmpty, "prices-plan"),
		mutant(sharesPlan, "prices-plan"),
		mutant(keepsCallersPlan, "prices-plan"),
		mutant(cutsHistory, "prices-history"),
		mutant(rewritesHistory, "prices-history"),
		mutant(historyOldest, "prices-history"),
		mutant(historyBackwards, "prices-history"),
		mutant(historyShared, "prices-history"),
	})
}

func TestCommitterMutants(t *testing.T) {
	t.Parallel()
	clausetest.TestMutants(t, pricingtest.CommitterClauses(), []clausetest.Mutant[pricingtest.Harness]{
		mutant(""),
		mutant(writesBefore, "pricing-atomic"),
		mutant(tellsRefused, "pricing-atomic"),
		mutant(tellsBackwards, "pricing-atomic"),
		mutant(ignoresGone, "pricing-atomic"),
		mutant(takesOlder, "pricing-version"),
		mutant(takesNone, "pricing-version"),
		mutant(takesTwice, "pricing-version"),
		mutant(judgesEarly, "pricing-version"),
	})
}
