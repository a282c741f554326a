package inventory

import (
	"slices"

	"github.com/ipswich-retail/commerce/domain/fault"
)

// Commit judges a commit and applies all of it, or nothing when a part of it is refused. It is the meaning of a commit,
// for every store.
//
// Errors, each with the path of the part that it is about, such as "adjustments[0].location": VersionConflict,
// LocationInUse, LocationClosed, UnknownLocation, CountChanged, BelowZero, BrokenRule and ref.MalformedSKU.
func (l *Ledger) Commit(c Commit) error {
	return l.wholly(c.At, func() (bool, error) {
		before := len(l.movements) + len(l.events)
		if err := l.write(c); err != nil {
			return false, err
		}
		for _, k := range c.Lapsed {
			if claim, known := l.claims.get(k.ID); known && claim.Lapsed(l.at) {
				if err := l.expire(claim); err != nil {
					return false, err
				}
			}
		}
		for _, sku := range c.Fill {
			if !slices.Contains(l.incoming, sku) {
				l.incoming = append(l.incoming, sku)
			}
		}
		l.fillIncoming()
		if len(c.Sites)+len(c.Policies) > 0 || len(l.movements)+len(l.events) > before {
			l.events = append(l.events, c.Events...)
		}
		return true, nil
	})
}

// write makes what the commit says of locations, policies and what is on hand.
func (l *Ledger) write(c Commit) error {
	if len(c.Adjustments) > AdjustmentsMax || len(c.Policies) > PoliciesMax || len(c.Lapsed) > LapsedMax {
		return BrokenRule.Newf("a commit has at most %d adjustments, %d policies and %d lapsed claims", AdjustmentsMax, PoliciesMax, LapsedMax)
	}
	for i, w := range c.Sites {
		if err := l.writeSite(w); err != nil {
			return err.Under(at("sites", i))
		}
	}
	for i, w := range c.Policies {
		if err := l.writePolicy(w); err != nil {
			return err.Under(at("policies", i))
		}
	}
	for i, a := range c.Adjustments {
		if err := l.adjust(a); err != nil {
			return err.Under(at("adjustments", i))
		}
	}
	return nil
}

// writeSite makes a location as it should be.
func (l *Ledger) writeSite(w Write[Site]) *fault.Error {
	if violations := w.State.violations(); len(violations) > 0 {
		return violations[0]
	}
	stored, _ := l.sites.get(w.State.Location)
	switch {
	case stored.Version != w.Expected || w.State.Version != w.Expected+1:
		return fault.VersionConflict.New("the location was changed meanwhile; read it again").With("location", string(w.State.Location))
	case w.State.State != SiteOpen && w.State.State != SiteClosed:
		return BrokenRule.New("a location is open or closed").At("state")
	case w.State.State == SiteClosed && l.occupied[w.State.Location]:
		return LocationInUse.Newf("stock lies at %q; move it first", w.State.Location)
	}
	l.sites.set(w.State.Location, w.State)
	for sku := range l.places {
		l.order(sku)
	}
	return nil
}

// writePolicy makes a policy as it should be; what is owed stays.
func (l *Ledger) writePolicy(w Write[Policy]) *fault.Error {
	if violations := w.State.violations(); len(violations) > 0 {
		return violations[0]
	}
	stored, _ := l.promises.get(w.State.SKU)
	if stored.Version != w.Expected || w.State.Version != w.Expected+1 {
		return fault.VersionConflict.New("the policy was changed meanwhile; read it again").With("sku", string(w.State.SKU))
	}
	stored.Policy = w.State
	l.promises.set(w.State.SKU, stored)
	return nil
}
