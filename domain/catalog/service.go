package catalog

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// Service is the one way into the catalogue. Each command is one commit. Safe for concurrent use.
type Service struct {
	parts Parts
	// placing is what the last command decided on. It may be old: commits name its version, and are decided anew when it
	// is.
	placing atomic.Pointer[placing]
}

// Parts are what a Service is made of. A program that calls only some of its methods needs the parts of those alone.
type Parts struct {
	Products    Products
	Upkeep      Upkeep
	Categories  Categories
	Brands      Brands
	Collections Collections
	Listings    Listings
	Directory   Directory
	Committer   Committer
	Slugger     Slugger
	Clock       ports.Clock
	IDs         ports.IDs
}

// NewService makes a service of its parts.
func NewService(parts Parts) *Service { return &Service{parts: parts} }

// placing is the structure with its tree, ready to place products.
type placing struct {
	Structure

	tree Tree
}

// decideAttempts bounds how often a command is decided anew because the structure changed while it was committed.
const decideAttempts = 5

// decided makes a decision on the structure and commits it, again when the structure was changed meanwhile. A decision
// without writes is not committed. One that refuses, or finds nothing to do, counts only on a view that was just read:
// nothing else would tell that the view is old.
func (s *Service) decided(ctx context.Context, decide func(on *placing) (Commit, error)) error {
	on, err := s.placing.Load(), error(nil)
	for attempt := 0; attempt < decideAttempts; attempt++ {
		fresh := on == nil
		if fresh {
			if on, err = s.look(ctx); err != nil {
				return err
			}
		}
		var c Commit
		c, err = decide(on)
		nothing := err != nil || len(c.Events) == 0 && c.Sweep == nil
		switch {
		case nothing && fresh:
			return err
		case nothing:
			on = nil
			continue
		}
		version := on.Version
		c.Structure = &version
		if err = s.parts.Committer.Commit(ctx, c); err == nil && c.Structural() {
			s.placing.CompareAndSwap(on, nil)
		}
		if !decidesAnew(err, c) {
			return err
		}
		on = nil
	}
	return err
}

// decidesAnew tells whether a refused commit comes of an old view that another look mends: an old structure, or a brand
// that somebody else made at the same time.
func decidesAnew(err error, c Commit) bool {
	return fault.Is(err, StructureChanged) || fault.Is(err, BrandTaken) && len(c.Products) > 0 && len(c.Brands) > 0
}

// look reads the structure and keeps it.
func (s *Service) look(ctx context.Context) (*placing, error) {
	st, err := s.parts.Categories.Structure(ctx)
	if err != nil {
		return nil, err
	}
	on := &placing{Structure: st, tree: st.Tree()}
	s.placing.Store(on)
	return on, nil
}

// tell makes events of what happened to one aggregate.
func (s *Service) tell(aggregate string, at time.Time, payloads ...event.Payload) []event.Event {
	out := make([]event.Event, len(payloads))
	for i, p := range payloads {
		out[i] = event.New(ref.NewID[ref.EventKind](s.parts.IDs.New()), aggregate, at, p)
	}
	return out
}

// limited checks the size of a page.
func limited(limit int) error {
	if limit < 1 || limit > PageMax {
		return fault.Collect([]*fault.Error{BrokenRule.Newf("a page has 1 to %d items", PageMax).At("limit")})
	}
	return nil
}

// current refuses an expected version that is not the present one.
func current(expected, present ref.Version, what string) error {
	if expected != present {
		return fault.VersionConflict.Newf("the %s was changed meanwhile; read it again", what)
	}
	return nil
}
