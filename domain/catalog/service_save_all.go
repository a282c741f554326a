package catalog

import (
	"context"
	"reflect"
	"time"

	"github.com/ipswich-retail/commerce/domain/ref"
)

// SaveAll is Save for several products in one commit, all of them or none: an import writes by it, at the cost of one commit
// for many. A product that is named twice is a VersionConflict. Errors: those of Save, with "products[i]" paths of fields.
func (s *Service) SaveAll(ctx context.Context, products []Product) ([]Product, error) {
	now := s.parts.Clock.Now()
	before := make([]*Product, len(products))
	out := make([]Product, len(products))
	slugs, made := map[string]bool{}, time.Time{}
	for i, p := range products {
		if p.Version > 0 {
			stored, err := s.read(ctx, p.ID, p.Version)
			if err == nil {
				err = stored.keeps(p)
			}
			if err != nil {
				return nil, under(i, err)
			}
			before[i] = &stored
		} else if p.ID.IsZero() {
			p.ID = ref.NewID[ref.ProductKind](s.parts.IDs.New())
		}
		p = s.identified(p)
		if before[i] == nil {
			if p.CreatedAt = s.parts.Clock.Now(); !p.CreatedAt.After(made) { // Lists go by age: in the order in which they are given.
				p.CreatedAt = made.Add(time.Microsecond)
			}
			made = p.CreatedAt
			if err := s.nameAmong(ctx, &p, slugs); err != nil {
				return nil, err
			}
		} else {
			p.CreatedAt, p.UpdatedAt, p.Due = before[i].CreatedAt, before[i].UpdatedAt, before[i].Due
		}
		slugs[p.Slug], out[i] = true, p
	}
	given := out
	err := s.decided(ctx, func(on *placing) (Commit, error) {
		var c Commit
		made := map[string]Brand{}
		out = make([]Product, len(given))
		for i, p := range given {
			p, err := s.place(ctx, on, before[i], p, now, &c, made)
			if err != nil {
				return Commit{}, under(i, err)
			}
			out[i] = p
		}
		return c, nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// place adds a product to a commit, with the brand that has to be made for it, unless it is the same as stored.
func (s *Service) place(ctx context.Context, on *placing, before *Product, p Product, now time.Time, c *Commit, made map[string]Brand) (Product, error) {
	var one Commit
	anew := before == nil && p.BrandID.IsZero() || before != nil && p.BrandID == before.BrandID && p.Brand != before.Brand
	if b, known := made[NameKey(p.Brand)]; known && anew {
		p.Brand, p.BrandID = b.Name, b.ID
	} else {
		var err error
		if p, err = s.branded(ctx, before, p, now, &one); err != nil {
			return Product{}, err
		}
		if err = s.brandAmong(ctx, &one, made); err != nil {
			return Product{}, err
		}
		if anew && !p.BrandID.IsZero() {
			made[NameKey(p.Brand)] = Brand{ID: p.BrandID, Text: Text{Name: p.Brand}}
		}
		for _, w := range one.Brands {
			made[NameKey(w.State.Name)] = w.State
		}
	}
	p.Collections = collectionsOf(p, on.tree, on.Ruled)
	p = p.normal()
	if before != nil && reflect.DeepEqual(before.normal(), p) {
		return p, nil
	}
	w := Write[Product]{}
	if before != nil {
		w.Expected = before.Version
	}
	if before == nil {
		now = p.CreatedAt
	}
	p.Version, p.UpdatedAt, p.Due = w.Expected+1, now, p.Next(now)
	if err := p.Validate(); err != nil {
		return Product{}, err
	}
	w.State = p
	c.Brands = append(c.Brands, one.Brands...)
	c.Products = append(c.Products, w)
	c.Events = append(append(c.Events, one.Events...), s.tell(p.ID.String(), now, told(before, p, now)...)...)
	return p, nil
}
