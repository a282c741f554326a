package inventorytest_test

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/clausetest"
	"github.com/ipswich-retail/commerce/testing/inventorytest"
)

// flaw names what is broken in a sketch; "" is nothing.
type flaw string

// sketch is the smallest store that keeps the contract, with places where it can be broken.
type sketch struct {
	flaw    flaw
	turn    sync.Mutex         // Held by a commit from its facts on.
	meeting clausetest.Meeting // Of callers of a commit, where a flaw needs two.
	mu      sync.RWMutex

	sites     map[inventory.Location]inventory.Site
	promises  map[ref.SKU]inventory.Promise
	levels    map[inventory.LevelKey]inventory.Level
	claims    map[ref.ClaimID]inventory.Claim
	movements []inventory.Movement
	keys      map[string]string
	events    []event.Event
}

func newSketch(f flaw) *sketch {
	return &sketch{
		flaw: f, sites: map[inventory.Location]inventory.Site{}, promises: map[ref.SKU]inventory.Promise{},
		levels: map[inventory.LevelKey]inventory.Level{}, claims: map[ref.ClaimID]inventory.Claim{}, keys: map[string]string{},
	}
}

// harness is the sketch as the suite sees it.
func (s *sketch) harness() inventorytest.Harness {
	return inventorytest.Harness{
		Stock: s, Ordering: sketchOrders{s},
		Claim: func(_ context.Context, id ref.ClaimID) (inventory.Claim, bool, error) {
			s.mu.RLock()
			defer s.mu.RUnlock()
			c, found := s.claims[id]
			return c, found, nil
		},
		Events: func(inventorytest.TB) []event.Event {
			s.mu.RLock()
			defer s.mu.RUnlock()
			return slices.Clone(s.events)
		},
		Reopen: func(inventorytest.TB) inventorytest.Harness {
			switch s.flaw {
			case forgetsKeys:
				clear(s.keys)
			case forgetsPolicies:
				clear(s.promises)
			case forgetsPlaces:
				clear(s.sites)
			default:
			}
			return s.harness()
		},
	}
}

// facts reads everything.
func (s *sketch) facts() inventory.Facts {
	s.mu.RLock()
	defer s.mu.RUnlock()
	f := inventory.Facts{
		Levels: slices.Collect(maps.Values(s.levels)), Sites: slices.Collect(maps.Values(s.sites)), Promises: slices.Collect(maps.Values(s.promises)),
		Applied: slices.Collect(maps.Keys(s.keys)),
	}
	for _, c := range s.claims {
		f.Claims = append(f.Claims, c.Clone())
	}
	f.Owed = s.waiting()
	for _, l := range s.levels {
		if l.OnHand > 0 && s.flaw != closesOccupied {
			f.Occupied = append(f.Occupied, l.Location)
		}
	}
	if s.flaw == closesClaimed {
		f.Occupied = slices.DeleteFunc(f.Occupied, func(at inventory.Location) bool {
			for _, l := range s.levels {
				if l.Location == at && l.Available() > 0 {
					return false
				}
			}
			return true
		})
	}
	return f
}

// waiting gives, of each SKU, the claims that are owed some and come first.
func (s *sketch) waiting() []inventory.Claim {
	var all []inventory.Claim
	for _, c := range s.claims {
		if c.Owed > 0 {
			all = append(all, c.Clone())
		}
	}
	slices.SortFunc(all, func(a, b inventory.Claim) int { return a.ID.Compare(b.ID) })
	if s.flaw == fillsNewest {
		slices.Reverse(all)
		return all[:min(len(all), 1)]
	}
	of := map[ref.SKU]int{}
	return slices.DeleteFunc(all, func(c inventory.Claim) bool {
		of[c.SKU]++
		return of[c.SKU] > inventory.FillMax
	})
}

// prepared is what a flaw does to the facts of a commit; stale were read before its turn.
func (s *sketch) prepared(f, stale inventory.Facts) inventory.Facts {
	switch s.flaw {
	case staleKeys:
		f.Applied = stale.Applied
	case opensClosed:
		for i := range f.Sites {
			f.Sites[i].State = inventory.SiteOpen
		}
	case ignoresPriority:
		for i := range f.Sites {
			f.Sites[i].Priority = 0
		}
	case preordersForEver:
		for i, p := range f.Promises {
			if p.Kind == inventory.Preorder {
				f.Promises[i].Kind = inventory.Backorder
			}
		}
	case sweepsConsumed:
		for i, c := range f.Claims {
			if c.State == inventory.Consumed {
				f.Claims[i].State, f.Claims[i].Parts, f.Claims[i].Sent = inventory.Held, c.Sent, nil
			}
		}
	default:
	}
	return f
}

// claiming is what a flaw does to the facts of an order that claims.
func (s *sketch) claiming(f, stale inventory.Facts) inventory.Facts {
	switch {
	case s.flaw == staleLevels && len(f.Promises) == 0:
		f.Levels = stale.Levels
	case s.flaw == stalePromises:
		owed := map[ref.SKU]int64{}
		for _, p := range stale.Promises {
			owed[p.SKU] = p.Owed
		}
		for i, p := range f.Promises { // The limit is held against what was owed then.
			f.Promises[i].Limit += p.Owed - owed[p.SKU]
		}
	case s.flaw == fillsLater:
		f.Owed = nil
	}
	return f
}

// Commit is inventory.Stock's.
func (s *sketch) Commit(ctx context.Context, c inventory.Commit) error {
	if ctx.Err() != nil && s.flaw != ignoresGone {
		return fault.Down.New("the caller has left")
	}
	stale := s.facts()
	defer s.meet()()
	s.turn.Lock()
	defer s.turn.Unlock()
	f := s.prepared(s.facts(), stale)
	s.versions(&c, f)
	if s.flaw == countsAnyway {
		for i, a := range c.Adjustments {
			if a.Expected != nil {
				n := s.levels[a.LevelKey].OnHand
				c.Adjustments[i].Expected = &n
			}
		}
	}
	if s.flaw == staysHome {
		for i, a := range c.Adjustments {
			if a.Kind == inventory.MoveTransfer && a.Delta > 1 {
				c.Adjustments[i].Delta--
			}
		}
	}
	l := inventory.NewLedger(f)
	err := l.Commit(c)
	if err != nil {
		s.refused(c, err)
		return err
	}
	changes := l.Changes()
	if s.flaw == tellsAgain {
		for _, a := range c.Adjustments {
			if _, done := s.keys[a.Key]; done && a.Event.Name != "" {
				changes.Events = append(changes.Events, a.Event)
			}
		}
	}
	if s.flaw == tellsNothing && len(changes.Movements)+len(changes.Sites) == 0 {
		changes.Events = append(changes.Events, c.Events...)
	}
	s.publish(changes)
	return nil
}

// meet makes a race of callers who are there together, if the flaw needs one. What it gives is called when the caller
// leaves.
func (s *sketch) meet() (leave func()) {
	if !s.raced() {
		return func() {}
	}
	return s.meeting.Wait()
}

// raced tells whether the flaw shows under a race.
func (s *sketch) raced() bool {
	return slices.Contains([]flaw{staleLevels, stalePromises, staleKeys}, s.flaw)
}

// versions makes a flawed sketch take any version.
func (s *sketch) versions(c *inventory.Commit, f inventory.Facts) {
	if s.flaw == takesAnySite {
		c.Sites = slices.Clone(c.Sites)
		for i, w := range c.Sites {
			for _, have := range f.Sites {
				if have.Location == w.State.Location {
					c.Sites[i].Expected, c.Sites[i].State.Version = have.Version, have.Version+1
				}
			}
		}
	}
	if s.flaw == takesAnyPolicy {
		c.Policies = slices.Clone(c.Policies)
		for i, w := range c.Policies {
			for _, have := range f.Promises {
				if have.SKU == w.State.SKU {
					c.Policies[i].Expected, c.Policies[i].State.Version = have.Version, have.Version+1
				}
			}
		}
	}
}

// refused is what a flaw keeps of a commit that was refused.
func (s *sketch) refused(c inventory.Commit, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.flaw == keepsRefusedPlaces && fault.Is(err, inventory.BelowZero):
		for _, w := range c.Sites {
			s.sites[w.State.Location] = w.State
		}
	case s.flaw == tellsRefused:
		s.events = append(s.events, c.Events...)
	default:
	}
}

// publish makes changes true.
func (s *sketch) publish(c inventory.Changes) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, w := range c.Sites {
		s.sites[w.Location] = w
	}
	for _, p := range c.Promises {
		if was, known := s.promises[p.SKU]; known && was.Version == p.Version {
			p.Policy = was.Policy // Whatever a flaw made of it.
		}
		if s.flaw == forgetsOwed && p.Owed < s.promises[p.SKU].Owed {
			p.Owed = s.promises[p.SKU].Owed
		}
		s.promises[p.SKU] = p
	}
	for _, l := range c.Levels {
		s.levels[l.LevelKey] = l
	}
	for _, claim := range c.Claims {
		if s.flaw == forgetsSent {
			claim.Damaged = 0
		}
		s.claims[claim.ID] = claim.Clone()
	}
	for _, m := range c.Movements {
		if s.flaw == forgetsRelease && m.Kind == inventory.MoveRelease {
			continue
		}
		s.movements = append(s.movements, m)
	}
	for _, key := range c.Applied {
		s.keys[key] = key
	}
	for _, e := range c.Events {
		if s.flaw == hidesFills && e.Name == (inventory.BackorderFilled{}).EventName() {
			continue
		}
		s.events = append(s.events, e)
	}
}

// sketchOrders is the sketch as ordering.Committer, as far as stock is meant.
type sketchOrders struct{ *sketch }

// Commit is ordering.Committer's.
func (s sketchOrders) Commit(ctx context.Context, c ordering.Commit) (ordering.Outcome, error) {
	if ctx.Err() != nil {
		return ordering.Outcome{}, fault.Down.New("the caller has left")
	}
	stale := s.facts()
	defer s.meet()()
	s.turn.Lock()
	defer s.turn.Unlock()
	f := s.facts()
	if s.flaw != sweepsConsumed {
		f = s.prepared(f, stale)
	}
	if len(c.Stock) > 0 && (c.Stock[0].Kind == ordering.StockClaim || s.flaw == fillsLater) {
		f = s.claiming(f, stale)
	}
	l := inventory.NewLedger(f)
	v := ordering.Decide([]ordering.Commit{c}, ordering.Facts{}, ordering.Rules{Stock: s.rule(l)})[0]
	if !v.Accepted() {
		return ordering.Outcome{}, v.Err
	}
	s.publish(l.Changes())
	return ordering.Outcome{Backordered: v.Backordered}, nil
}

// rule is inventory's rule in ordering's words.
func (s *sketch) rule(l *inventory.Ledger) func(time.Time, []ordering.StockEffect) (ordering.StockVerdict, error) {
	return func(at time.Time, effects []ordering.StockEffect) (ordering.StockVerdict, error) {
		var in []inventory.Effect
		for _, e := range effects {
			if s.flaw == releasesAll && e.Kind == ordering.StockRelease && s.claims[e.Claim].Gone() > 0 {
				e.Quantity = 0
			}
			in = append(in, inventory.Effect{
				Kind: inventory.EffectKind(e.Kind), Claim: e.Claim, Owner: e.Order.String(), SKU: e.SKU, Quantity: e.Quantity, Damaged: e.Damaged, Until: e.Until,
			})
		}
		granted, err := l.Apply(at, in)
		out := ordering.StockVerdict{Backordered: granted.Owed, Steady: granted.Steady}
		for _, short := range granted.Short {
			out.Short = append(out.Short, ordering.Shortage(short))
		}
		return out, err
	}
}

// compareLevels orders levels by their locations.
func compareLevels(a, b inventory.Level) int { return cmp.Compare(a.Location, b.Location) }
