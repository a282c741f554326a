package memory

import (
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// givenSlug is a slug that something gave up.
type givenSlug struct {
	kind catalog.SlugKind
	slug string
}

// slugOf gives the present slug of a thing, if it is there.
func (c *catalogState) slugOf(kind catalog.SlugKind, id ref.UUID) (string, bool) {
	switch kind {
	case catalog.ProductSlugs:
		p, there := c.products[ref.NewID[ref.ProductKind](id)]
		return p.Slug, there
	case catalog.BrandSlugs:
		b, there := c.brands[ref.NewID[ref.BrandKind](id)]
		return b.Slug, there
	case catalog.CategorySlugs:
		k, there := c.categories[ref.NewID[ref.CategoryKind](id)]
		return k.Slug, there
	case catalog.CollectionSlugs:
		k, there := c.collections[ref.NewID[ref.CollectionKind](id)]
		return k.Slug, there
	}
	return "", false
}

// giveUp notes the slugs that the things of a commit give up, before it is written; then those that they take lead to
// nobody else, for things of one commit may exchange theirs.
func (c *catalogState) giveUp(commit catalog.Commit) {
	slugs := commit.Slugs()
	for _, s := range slugs {
		if before, there := c.slugOf(s.Kind, s.ID); there && before != s.Slug {
			c.gave[givenSlug{s.Kind, before}] = s.ID
		}
	}
	for _, s := range slugs {
		delete(c.gave, givenSlug{s.Kind, s.Slug})
	}
}
