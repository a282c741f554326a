package bridge

import (
	"context"
	"fmt"
	"slices"

	"github.com/ipswich-retail/commerce/domain/ref"
)

// What a shop brings along when it moves: ids, plans of prices with their past, and slugs that it gave up.

// identify takes the ids of a product from the source where nothing else has them: a shop that moves keeps them, and one
// that has things of its own gives new ones.
func (w *walk) identify(ctx context.Context, p *plan) error {
	fresh := func() {
		p.source.ID, p.source.Variants = ref.ProductID{}, slices.Clone(p.source.Variants) // They may be the caller's.
		for i := range p.source.Variants {
			p.source.Variants[i].ID = ref.VariantID{}
		}
	}
	if p.stored != nil {
		return nil
	}
	if p.source.ID.IsZero() {
		if slices.ContainsFunc(p.source.Variants, func(v ImportVariant) bool { return !v.ID.IsZero() }) {
			fresh()
		}
		return nil
	}
	twice := w.world.given.seen(p.source.ID.String())
	for _, v := range p.source.Variants {
		twice = !v.ID.IsZero() && w.world.given.seen(v.ID.String()) || twice
	}
	if twice {
		w.refuse(p.violation(ImportConflict.New("another product of the file has this id, or a variant with an id of this one; leave the ids out of what was copied").At("id")))
		fresh()
		return nil
	}
	switch _, err := w.catalog.Get(ctx, p.source.ID); {
	case err == nil:
		fresh()
	case !missing(err):
		return fmt.Errorf("looking for product %s: %w", p.source.ID, err)
	}
	return nil
}
