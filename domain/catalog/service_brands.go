package catalog

import (
	"context"
	"reflect"
	"strings"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// SaveBrand makes a brand (Version 0) or replaces the version it was read with, and gives it back as stored. Without a
// slug a new one gets one of its name. Products show the new name from then on. Errors: Bad with the fields,
// BrandTaken, VersionConflict.
func (s *Service) SaveBrand(ctx context.Context, b Brand) (Brand, error) {
	now := s.parts.Clock.Now()
	expected := b.Version
	if expected == 0 {
		if b.ID.IsZero() {
			b.ID = ref.NewID[ref.BrandKind](s.parts.IDs.New())
		}
		b.CreatedAt = now
		if err := s.nameBrand(ctx, &b); err != nil {
			return Brand{}, err
		}
	} else {
		stored, err := s.parts.Brands.Get(ctx, b.ID)
		if err == nil {
			err = current(expected, stored.Version, "brand")
		}
		if err != nil {
			return Brand{}, err
		}
		b.CreatedAt, b.UpdatedAt = stored.CreatedAt, stored.UpdatedAt
		if reflect.DeepEqual(b, stored) {
			return stored, nil
		}
	}
	b.Version, b.UpdatedAt = expected+1, now
	if err := b.Validate(); err != nil {
		return Brand{}, err
	}
	err := s.parts.Committer.Commit(ctx, Commit{
		Brands: []Write[Brand]{{State: b, Expected: expected}},
		Events: s.tell(b.ID.String(), now, BrandSaved{Brand: b.ID, Slug: b.Slug, Version: b.Version}),
	})
	if err != nil {
		return Brand{}, err
	}
	return b, nil
}

// RemoveBrand removes a brand that no product names. Errors: Missing, VersionConflict, InUse.
func (s *Service) RemoveBrand(ctx context.Context, id ref.BrandID, expected ref.Version) error {
	b, err := s.parts.Brands.Get(ctx, id)
	if err == nil {
		err = current(expected, b.Version, "brand")
	}
	if err != nil {
		return err
	}
	return s.parts.Committer.Commit(ctx, Commit{
		Removals: []Removal{{Brand: id, Expected: expected}},
		Events:   s.tell(id.String(), s.parts.Clock.Now(), BrandRemoved{Brand: id, Slug: b.Slug}),
	})
}

// brandOf finds the brand of a name, or makes one that is in no store yet.
func (s *Service) brandOf(ctx context.Context, name string, now time.Time) (b Brand, made bool, err error) {
	b, err = s.parts.Brands.ByName(ctx, name)
	if !fault.Is(err, fault.Missing) {
		return b, false, err
	}
	b = Brand{
		ID: ref.NewID[ref.BrandKind](s.parts.IDs.New()), Version: 1, Text: Text{Name: strings.Join(strings.Fields(name), " ")},
		CreatedAt: now, UpdatedAt: now,
	}
	if err := s.nameBrand(ctx, &b); err != nil {
		return Brand{}, false, err
	}
	return b, true, b.Validate()
}

// nameBrand gives a brand without a slug one of its name that is free.
func (s *Service) nameBrand(ctx context.Context, b *Brand) error {
	if b.Slug != "" || b.Name == "" {
		return nil
	}
	var err error
	b.Slug, err = freeSlug(s.slug(b.Name, b.ID.String()), func(slug string) (bool, error) {
		return absent(s.parts.Brands.BySlug(ctx, ref.Scope{}, slug))
	})
	return err
}
