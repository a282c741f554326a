package catalog

import (
	"context"
	"fmt"

	"github.com/ipswich-retail/commerce/domain/fault"
)

// FormerMax is the most slugs that one call of Forward takes: far more than a page of products gave up, and one commit.
const FormerMax = 1000

// FormerSlugs gives a page of the slugs that were given up and lead to things of a kind, in the order of their bytes.
// Errors: Bad for a limit outside 1 to FormerMax.
func (s *Service) FormerSlugs(ctx context.Context, kind SlugKind, after string, limit int) ([]NamedSlug, error) {
	if limit < 1 || limit > FormerMax {
		return nil, fault.Collect([]*fault.Error{BrokenRule.Newf("a page has 1 to %d items", FormerMax).At("limit")})
	}
	return s.parts.Directory.Former(ctx, kind, after, limit)
}

// Forward lets slugs lead to things, as though these had given them up: a shop that moved keeps the addresses that people
// and search engines know. A slug that a thing of its kind has stays that one's, whoever it is to lead to, and one whose
// thing is not there leads nowhere. One commit; a repetition changes nothing. Errors: Bad with "slugs[i]" paths.
func (s *Service) Forward(ctx context.Context, former []NamedSlug) error {
	if len(former) == 0 {
		return nil
	}
	c := &check{}
	c.count("slugs", len(former), 1, FormerMax)
	violations := c.violations
	for i, n := range former {
		one := &check{}
		one.slug(n.Slug)
		switch n.Kind {
		case ProductSlugs, BrandSlugs, CategorySlugs, CollectionSlugs:
		default:
			one.add("kind", fmt.Sprintf("nothing of the kind %q has slugs", n.Kind))
		}
		for _, v := range one.violations {
			violations = append(violations, v.Under(fmt.Sprintf("slugs[%d]", i)))
		}
	}
	if err := fault.Collect(violations); err != nil {
		return err
	}
	return s.parts.Committer.Commit(ctx, Commit{Former: former})
}
