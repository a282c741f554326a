package inventory

import (
	"context"
	"slices"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Locations gives all locations, in the order in which claims draw on them.
func (s *Service) Locations(ctx context.Context) ([]Site, error) { return s.stock.Locations(ctx) }

// OpenLocation makes a location, open, with a name and a priority. Errors: LocationTaken; Bad with fields.
func (s *Service) OpenLocation(ctx context.Context, l Site) (Site, error) {
	l.State, l.Version = LocationMachine.Initial, 1
	if err := fault.Collect(l.violations()); err != nil {
		return Site{}, err
	}
	if _, err := s.site(ctx, l.Location); !fault.Is(err, fault.Missing) {
		if err == nil {
			err = LocationTaken.Newf("there is a location %q already", l.Location).At("location")
		}
		return Site{}, err
	}
	return s.writeSite(ctx, l)
}

// ChangeLocation gives a location another name or priority, over the version that the caller read; with version 0 over
// any. Errors: Missing, VersionConflict; Bad with fields.
func (s *Service) ChangeLocation(ctx context.Context, at Location, version ref.Version, name string, priority int32) (Site, error) {
	l, err := s.site(ctx, at)
	if err != nil {
		return Site{}, err
	}
	if version != 0 && version != l.Version {
		return Site{}, fault.VersionConflict.New("the location was changed meanwhile; read it again")
	}
	l.Name, l.Priority = name, priority
	l.Version++
	if err := fault.Collect(l.violations()); err != nil {
		return Site{}, err
	}
	return s.writeSite(ctx, l)
}

// CloseLocation takes an empty location out of the shop's stock. Errors: Missing; LocationInUse when something lies
// there; statemachine.IllegalTransition when it is closed; VersionConflict.
func (s *Service) CloseLocation(ctx context.Context, at Location) (Site, error) {
	return s.turn(ctx, at, SiteClose)
}

// ReopenLocation lets a closed location take stock again. Errors: Missing; statemachine.IllegalTransition when it is
// open; VersionConflict.
func (s *Service) ReopenLocation(ctx context.Context, at Location) (Site, error) {
	return s.turn(ctx, at, SiteReopen)
}

// turn moves a location through its machine.
func (s *Service) turn(ctx context.Context, at Location, on SiteEvent) (Site, error) {
	l, err := s.site(ctx, at)
	if err != nil {
		return Site{}, err
	}
	if l.State, err = LocationMachine.Apply(l.State, on); err != nil {
		return Site{}, err
	}
	l.Version++
	return s.writeSite(ctx, l)
}

// site reads one location.
func (s *Service) site(ctx context.Context, at Location) (Site, error) {
	all, err := s.stock.Locations(ctx)
	if err != nil {
		return Site{}, err
	}
	if i := slices.IndexFunc(all, func(l Site) bool { return l.Location == at }); i >= 0 {
		return all[i], nil
	}
	return Site{}, fault.Missing.New("there is no such location")
}

// writeSite commits a location over the version before its own.
func (s *Service) writeSite(ctx context.Context, l Site) (Site, error) {
	c := Commit{At: s.now(), Sites: []Write[Site]{{State: l, Expected: l.Version - 1}}}
	c.Events = append(c.Events, s.event("location:"+string(l.Location), c.At,
		LocationWritten{Location: l.Location, Name: l.Name, State: l.State, Priority: l.Priority}))
	return l, s.stock.Commit(ctx, c)
}

// SetPolicies says how SKUs are sold beyond their stock, all in one commit, and gives how many of them that changed. A
// policy is set over the version that it names; with version 0 over any. What says the same already is not written. Set
// a SKU's policy before its first sale, after it or without a level: promises that were made stand in any case.
//
// Errors: Bad with fields, such as "policies[0].limit"; VersionConflict.
func (s *Service) SetPolicies(ctx context.Context, policies []Policy) (int, error) {
	if len(policies) == 0 {
		return 0, nil
	}
	if len(policies) > PoliciesMax {
		return 0, fault.Collect([]*fault.Error{BrokenRule.Newf("at most %d at once", PoliciesMax).At("policies")})
	}
	skus := make([]ref.SKU, len(policies))
	var violations []*fault.Error
	for i, p := range policies {
		skus[i] = p.SKU
		for _, v := range p.violations() {
			violations = append(violations, v.Under(at("policies", i)))
		}
	}
	if len(violations) > 0 {
		return 0, fault.Collect(violations)
	}
	stored, err := s.stock.Availability(ctx, skus)
	if err != nil {
		return 0, err
	}
	c := Commit{At: s.now()}
	for i, p := range policies {
		before := stored[p.SKU].Policy
		switch {
		case p.Version != 0 && p.Version != before.Version:
			return 0, fault.VersionConflict.New("the policy was changed meanwhile; read it again").Under(at("policies", i))
		case before.Version != 0 && p.same(before), before.Version == 0 && p.Kind == Deny:
			continue
		}
		if !p.Until.IsZero() {
			p.Until = ref.Instant(p.Until)
		}
		p.Version = before.Version + 1
		c.Policies = append(c.Policies, Write[Policy]{State: p, Expected: before.Version})
		c.Events = append(c.Events, s.event("sku:"+string(p.SKU), c.At, PolicySet{SKU: p.SKU, Kind: p.Kind, Limit: p.Limit, Until: p.Until}))
	}
	if len(c.Policies) == 0 {
		return 0, nil
	}
	return len(c.Policies), s.stock.Commit(ctx, c)
}
