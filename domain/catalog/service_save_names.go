package catalog

import (
	"context"
	"fmt"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// nameAmong gives a product without a slug one of its title that is free, among those of its commit too.
func (s *Service) nameAmong(ctx context.Context, p *Product, slugs map[string]bool) error {
	if p.Slug != "" || p.Title == "" {
		return nil
	}
	var err error
	p.Slug, err = freeSlug(s.slug(p.Title, p.ID.String()), func(slug string) (bool, error) {
		if slugs[slug] {
			return false, nil
		}
		return absent(s.parts.Products.Find(ctx, slug))
	})
	return err
}

// brandAmong gives a brand that is made a slug that none of its commit has either: two names may have one slug.
func (s *Service) brandAmong(ctx context.Context, c *Commit, made map[string]Brand) error {
	for i := range c.Brands {
		b := &c.Brands[i].State
		var err error
		before := b.Slug
		b.Slug, err = freeSlug(b.Slug, func(slug string) (bool, error) {
			for _, o := range made {
				if o.Slug == slug {
					return false, nil
				}
			}
			if slug == before {
				return true, nil
			}
			return absent(s.parts.Brands.BySlug(ctx, ref.Scope{}, slug))
		})
		if err != nil {
			return err
		}
		if b.Slug != before {
			c.Events = s.tell(b.ID.String(), b.CreatedAt, BrandSaved{Brand: b.ID, Slug: b.Slug, Version: b.Version})
		}
	}
	return nil
}

// under places the violations of the i-th product below its path; an error of another kind stays as it is.
func under(i int, err error) error {
	known, at := fault.Of(err), fmt.Sprintf("products[%d]", i)
	switch {
	case known == nil:
		return err
	case len(known.Violations()) > 0:
		var out []*fault.Error
		for _, v := range known.Violations() {
			out = append(out, v.Under(at))
		}
		return fault.Collect(out)
	case known.Field() == "":
		return err
	}
	return known.Under(at)
}
