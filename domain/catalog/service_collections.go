package catalog

import (
	"context"
	"reflect"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// SaveCollection makes a collection (Version 0) or replaces the version it was read with, and gives it back as stored.
// Without a slug a new one gets one of its name. Who is in one by rule follows with Sweep, in batches, and meanwhile
// with each product that is saved. Errors: Bad with the fields, CollectionTaken, VersionConflict, UnknownReference.
func (s *Service) SaveCollection(ctx context.Context, c Collection) (Collection, error) {
	now := s.parts.Clock.Now()
	var before Collection
	if c.Version == 0 {
		if c.ID.IsZero() {
			c.ID = ref.NewID[ref.CollectionKind](s.parts.IDs.New())
		}
		c.CreatedAt = now
		if err := s.nameCollection(ctx, &c); err != nil {
			return Collection{}, err
		}
	} else {
		var err error
		if before, err = s.parts.Collections.Get(ctx, c.ID); err == nil {
			err = current(c.Version, before.Version, "collection")
		}
		if err != nil {
			return Collection{}, err
		}
		c.CreatedAt, c.UpdatedAt = before.CreatedAt, before.UpdatedAt
		if reflect.DeepEqual(c, before) {
			return before, nil
		}
		if (c.Rule == nil) != (before.Rule == nil) {
			return Collection{}, fault.Collect([]*fault.Error{
				BrokenRule.New("a collection stays by hand or by rule; make another one").At("rule"),
			})
		}
	}
	out := c
	out.Version, out.UpdatedAt = c.Version+1, now
	if err := out.Validate(); err != nil {
		return Collection{}, err
	}
	err := s.decided(ctx, func(on *placing) (Commit, error) {
		if c.Version == 0 && c.Rule != nil && len(on.Ruled) >= RuledMax {
			return Commit{}, fault.Collect([]*fault.Error{BrokenRule.Newf("a shop has at most %d collections by rule", RuledMax).At("rule")})
		}
		return Commit{
			Collections: []Write[Collection]{{State: out, Expected: c.Version}},
			Sweep:       sweepAnew(c.Rule != nil && (before.Rule == nil || !c.Rule.same(*before.Rule))),
			Events: s.tell(out.ID.String(), now,
				CollectionSaved{Collection: out.ID, Slug: out.Slug, Ruled: out.Rule != nil, Version: out.Version}),
		}, nil
	})
	if err != nil {
		return Collection{}, err
	}
	return out, nil
}

// nameCollection gives a collection without a slug one of its name that is free.
func (s *Service) nameCollection(ctx context.Context, c *Collection) error {
	if c.Slug != "" || c.Name == "" {
		return nil
	}
	var err error
	c.Slug, err = freeSlug(s.slug(c.Name, c.ID.String()), func(slug string) (bool, error) {
		return absent(s.parts.Collections.Find(ctx, slug))
	})
	return err
}

// RemoveCollection removes a collection; its products stay. Errors: Missing, VersionConflict.
func (s *Service) RemoveCollection(ctx context.Context, id ref.CollectionID, expected ref.Version) error {
	c, err := s.parts.Collections.Get(ctx, id)
	if err == nil {
		err = current(expected, c.Version, "collection")
	}
	if err != nil {
		return err
	}
	return s.decided(ctx, func(*placing) (Commit, error) {
		return Commit{
			Removals: []Removal{{Collection: id, Expected: expected}},
			Sweep:    sweepAnew(c.Rule != nil),
			Events:   s.tell(id.String(), s.parts.Clock.Now(), CollectionRemoved{Collection: id, Slug: c.Slug}),
		}, nil
	})
}

// GetCollection gives the whole collection in the shop's own language, whatever its window. Errors: Missing.
func (s *Service) GetCollection(ctx context.Context, id ref.CollectionID) (Collection, error) {
	return s.parts.Collections.Get(ctx, id)
}

// sweepAnew starts the sweep anew when who belongs where has changed, and leaves it else.
func sweepAnew(changed bool) *Sweep {
	if !changed {
		return nil
	}
	return &Sweep{Running: true}
}
