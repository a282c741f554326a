package catalog

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Save makes a product (Version 0) or replaces the version it was read with, and gives it back as stored; one that is
// the same as stored is not written again. Without a slug a new product gets one of its title; new variants and pictures
// get the ids that they lack. A Brand that was changed
// means the brand of that name, which is made when there is none; else BrandID decides. Who is in which collections is
// decided with it.
//
// Errors: Bad with the fields, SlugTaken, SKUTaken, VersionConflict, UnknownReference, VariantKept for a variant that
// is missing.
func (s *Service) Save(ctx context.Context, p Product) (Product, error) {
	if p.Version == 0 {
		if p.ID.IsZero() {
			p.ID = ref.NewID[ref.ProductKind](s.parts.IDs.New())
		}
		return s.write(ctx, nil, p)
	}
	stored, err := s.read(ctx, p.ID, p.Version)
	if err != nil {
		return Product{}, err
	}
	if err := stored.keeps(p); err != nil {
		return Product{}, err
	}
	return s.write(ctx, &stored, p)
}

// Change gives the product's status an event, such as Publish. Errors: Missing, VersionConflict,
// statemachine.IllegalTransition.
func (s *Service) Change(ctx context.Context, id ref.ProductID, expected ref.Version, on StatusEvent) (Product, error) {
	return s.edit(ctx, id, expected, func(p Product) (Product, error) { return p.Changed(on) })
}

// RetireVariant takes a variant off sale; it stays for the orders that name it. Errors: Missing, VersionConflict.
func (s *Service) RetireVariant(ctx context.Context, id ref.ProductID, expected ref.Version, variant ref.VariantID) (Product, error) {
	return s.edit(ctx, id, expected, func(p Product) (Product, error) { return p.Retired(variant) })
}

// ReinstateVariant puts a retired variant on sale again. Errors: Missing, VersionConflict.
func (s *Service) ReinstateVariant(ctx context.Context, id ref.ProductID, expected ref.Version, variant ref.VariantID) (Product, error) {
	return s.edit(ctx, id, expected, func(p Product) (Product, error) { return p.Reinstated(variant) })
}

// RemoveVariant removes a retired variant that no order names, which the caller finds out; see Product.Removed. Errors:
// Missing, VersionConflict, VariantKept, Bad for the last one.
func (s *Service) RemoveVariant(ctx context.Context, id ref.ProductID, expected ref.Version, variant ref.VariantID, ordered bool) (Product, error) {
	return s.edit(ctx, id, expected, func(p Product) (Product, error) { return p.Removed(variant, ordered) })
}

// read gives the product in the expected version.
func (s *Service) read(ctx context.Context, id ref.ProductID, expected ref.Version) (Product, error) {
	p, err := s.parts.Products.Get(ctx, id)
	if err == nil {
		err = current(expected, p.Version, "product")
	}
	return p, err
}

// edit reads the product in the expected version, changes it and writes it.
func (s *Service) edit(ctx context.Context, id ref.ProductID, expected ref.Version, change func(Product) (Product, error)) (Product, error) {
	stored, err := s.read(ctx, id, expected)
	if err != nil {
		return Product{}, err
	}
	p, err := change(stored)
	if err != nil {
		return Product{}, err
	}
	return s.write(ctx, &stored, p)
}

// write commits a product with what it brings along; before is nil for a new one.
func (s *Service) write(ctx context.Context, before *Product, p Product) (Product, error) {
	now := s.parts.Clock.Now()
	p = s.identified(p)
	if before == nil {
		p.CreatedAt = now
		if err := s.nameProduct(ctx, &p); err != nil {
			return Product{}, err
		}
	} else {
		p.CreatedAt, p.UpdatedAt, p.Due = before.CreatedAt, before.UpdatedAt, before.Due
	}
	out := p
	err := s.decided(ctx, func(on *placing) (Commit, error) {
		var c Commit
		var err error
		if out, err = s.branded(ctx, before, p, now, &c); err != nil {
			return Commit{}, err
		}
		out.Collections = collectionsOf(out, on.tree, on.Ruled)
		out = out.normal()
		if before != nil && reflect.DeepEqual(before.normal(), out) {
			return Commit{}, nil
		}
		expected := ref.Version(0)
		if before != nil {
			expected = before.Version
		}
		out.Version, out.UpdatedAt, out.Due = expected+1, now, out.Next(now)
		if err := out.Validate(); err != nil {
			return Commit{}, err
		}
		c.Products = []Write[Product]{{State: out, Expected: expected}}
		c.Events = append(c.Events, s.tell(out.ID.String(), now, told(before, out, now)...)...)
		return c, nil
	})
	if err != nil {
		return Product{}, err
	}
	return out, nil
}

// identified gives what is new of a product the ids that it lacks.
func (s *Service) identified(p Product) Product {
	p.Variants, p.Media = slices.Clone(p.Variants), slices.Clone(p.Media)
	for i := range p.Variants {
		if p.Variants[i].ID.IsZero() {
			p.Variants[i].ID = ref.NewID[ref.VariantKind](s.parts.IDs.New())
		}
	}
	for i := range p.Media {
		if p.Media[i].ID.IsZero() {
			p.Media[i].ID = ref.NewID[ref.MediaKind](s.parts.IDs.New())
		}
	}
	return p
}

// nameProduct gives a product without a slug one of its title that is free.
func (s *Service) nameProduct(ctx context.Context, p *Product) error {
	if p.Slug != "" || p.Title == "" {
		return nil
	}
	var err error
	p.Slug, err = freeSlug(s.slug(p.Title, p.ID.String()), func(slug string) (bool, error) {
		return absent(s.parts.Products.Find(ctx, slug))
	})
	return err
}

// branded gives the product with the brand that it means, and adds a brand to the commit when it has to be made.
func (s *Service) branded(ctx context.Context, before *Product, p Product, now time.Time, c *Commit) (Product, error) {
	same := before != nil && p.BrandID == before.BrandID
	switch {
	case same && p.Brand == before.Brand:
		return p, nil
	case !same && !p.BrandID.IsZero():
		b, err := s.parts.Brands.Get(ctx, p.BrandID)
		if fault.Is(err, fault.Missing) {
			err = UnknownReference.New("there is no such brand").At("brand")
		}
		p.Brand = b.Name
		return p, err
	case NameKey(p.Brand) == "":
		p.Brand, p.BrandID = "", ref.BrandID{}
		return p, nil
	}
	b, made, err := s.brandOf(ctx, p.Brand, now)
	if err != nil {
		return Product{}, err
	}
	p.Brand, p.BrandID = b.Name, b.ID
	if made {
		c.Brands = []Write[Brand]{{State: b}}
		c.Events = s.tell(b.ID.String(), now, BrandSaved{Brand: b.ID, Slug: b.Slug, Version: b.Version})
	}
	return p, nil
}

// slug makes a slug of a text, or of the id when nothing of the text can stand in one.
func (s *Service) slug(text, id string) string {
	if slug := s.parts.Slugger.Slug(text); slug != "" {
		return slug
	}
	return strings.ReplaceAll(id, "_", "-")
}
