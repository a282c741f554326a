package bridge

import (
	"context"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// bearer is the id of what has a slug; zero for nothing.
func (w *walk) bearer(ctx context.Context, kind catalog.SlugKind, slug string) (ref.UUID, error) {
	switch kind {
	case catalog.BrandSlugs:
		err := w.world.makers(ctx)
		return w.world.brands[slug].ID.UUID(), err
	case catalog.CategorySlugs:
		err := w.world.categories(ctx)
		return w.world.slugs[slug].UUID(), err
	case catalog.CollectionSlugs:
		err := w.world.sets(ctx)
		return w.world.collections[slug].UUID(), err
	case catalog.ProductSlugs:
	}
	p, err := w.catalog.Find(ctx, slug)
	if missing(err) {
		return ref.UUID{}, nil
	}
	return p.ID.UUID(), err
}

// oldSlugs reads which slugs lead to things of a kind, once.
func (w *world) oldSlugs(ctx context.Context, kind catalog.SlugKind) error {
	if w.former == nil {
		w.former = map[string]ref.UUID{}
	}
	if _, read := w.former[string(kind)]; read {
		return nil
	}
	for after := ""; ; {
		page, err := w.catalog.FormerSlugs(ctx, kind, after, catalog.FormerMax)
		if err != nil {
			return err
		}
		for _, n := range page {
			w.former[string(kind)+"\n"+n.Slug], after = n.ID, n.Slug
		}
		if len(page) < catalog.FormerMax {
			w.former[string(kind)] = ref.UUID{}
			return nil
		}
	}
}
