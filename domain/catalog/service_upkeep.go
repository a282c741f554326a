package catalog

import (
	"context"
	"slices"

	"github.com/ipswich-retail/commerce/domain/fault"
)

// BatchMax is the most products that one call of PublishDue or Sweep takes up; Sweep writes them in one commit.
const BatchMax = 500

// PublishDue tells of products that the clock put on show or took off it since they were last written, the longest due
// first, at most limit of them, and gives how many it took up: a job calls it until that is below the limit. What a
// scope sees never waits for it; it is for those who hear events. Each product is a commit of its own; one that somebody
// else writes meanwhile is left to them.
func (s *Service) PublishDue(ctx context.Context, limit int) (int, error) {
	now := s.parts.Clock.Now()
	due, err := s.parts.Upkeep.Due(ctx, now, min(max(limit, 1), BatchMax))
	if err != nil {
		return 0, err
	}
	for _, p := range due {
		after := p
		after.Version, after.Due = p.Version+1, p.Next(now)
		err := s.parts.Committer.Commit(ctx, Commit{
			Products: []Write[Product]{{State: after, Expected: p.Version}},
			Events:   s.tell(p.ID.String(), now, toldChannels(p.lastTold(now), after, now)...),
		})
		if err != nil && !fault.Is(err, fault.VersionConflict) {
			return 0, err
		}
	}
	return len(due), nil
}

// Swept tells what a call of Sweep did.
type Swept struct {
	Looked  int // Products that were held against the rules.
	Changed int // Those that are in other collections now.
	Done    bool
}

// Sweep goes on with the sweep that a changed rule or a moved category began, by one batch of at most limit products
// and in one commit; a job calls it until it is Done. Products that are saved meanwhile are held against the same rules,
// so that nobody waits for it but those that nobody touches. Errors: VersionConflict when products of the batch were
// changed meanwhile; call again.
func (s *Service) Sweep(ctx context.Context, limit int) (Swept, error) {
	now := s.parts.Clock.Now()
	limit = min(max(limit, 1), BatchMax)
	var out Swept
	if _, err := s.look(ctx); err != nil { // How far it is, is never taken from an old view.
		return out, err
	}
	err := s.decided(ctx, func(on *placing) (Commit, error) {
		out = Swept{Done: !on.Structure.Sweep.Running}
		if out.Done {
			return Commit{}, nil
		}
		batch, err := s.parts.Upkeep.Walk(ctx, on.Structure.Sweep.After, limit)
		if err != nil {
			return Commit{}, err
		}
		c := Commit{Sweep: &Sweep{}}
		for _, p := range batch {
			after := p
			after.Collections = collectionsOf(p, on.tree, on.Ruled)
			if slices.Equal(p.Collections, after.Collections) {
				continue
			}
			after.Version, after.UpdatedAt = p.Version+1, now
			c.Products = append(c.Products, Write[Product]{State: after, Expected: p.Version})
			c.Events = append(c.Events, s.tell(p.ID.String(), now,
				ProductUpdated{Product: p.ID, Slug: p.Slug, Status: p.Status, Version: after.Version})...)
		}
		out = Swept{Looked: len(batch), Changed: len(c.Products), Done: len(batch) < limit}
		if !out.Done {
			c.Sweep = &Sweep{Running: true, After: batch[len(batch)-1].ID}
		}
		return c, nil
	})
	if err != nil {
		return Swept{}, err
	}
	return out, nil
}
