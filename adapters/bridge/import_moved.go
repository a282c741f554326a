package bridge

import (
	"context"
	"fmt"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// moved lets a slug that was given up lead to what has another one now. One that something of the shop has stays that
// one's.
func (w *walk) moved(ctx context.Context, m ImportMoved) (ImportChange, error) {
	c := ImportChange{Kind: "moved", Name: m.Slug, What: ChangeNone, Fields: []FieldChange{}}
	id, err := w.bearer(ctx, m.Kind, m.To)
	switch {
	case err != nil:
		return c, err
	case id == ref.UUID{} && !(w.phase != ImportWrites && m.Kind == catalog.ProductSlugs && w.world.products.has(m.To)):
		return c, fault.Collect([]*fault.Error{catalog.UnknownReference.Newf("there is no %s %q; it stands before the slug that leads to it", m.Kind, m.To).At("to")})
	}
	if err := w.world.oldSlugs(ctx, m.Kind); err != nil {
		return c, err
	}
	had, err := w.bearer(ctx, m.Kind, m.Slug)
	if err != nil {
		return c, err
	}
	if had != (ref.UUID{}) || m.Kind == catalog.ProductSlugs && w.world.products.has(m.Slug) {
		if w.phase != ImportJudges {
			w.report.warn("%s: the slug is that of a %s, and leads nowhere else", m.Slug, m.Kind)
		}
		return c, nil
	}
	key := string(m.Kind) + "\n" + m.Slug
	before, known := w.world.former[key]
	if known && before == id {
		return c, nil
	}
	c.What, c.Fields = what(!known, true), []FieldChange{{Field: "to", To: m.To}}
	w.world.former[key] = id
	if w.phase == ImportWrites {
		w.forward = append(w.forward, catalog.NamedSlug{Kind: m.Kind, ID: id, Slug: m.Slug})
		if len(w.forward) == catalog.FormerMax {
			err = w.forwarded(ctx)
		}
	}
	return c, err
}

// forwarded writes the former slugs that were gathered.
func (w *walk) forwarded(ctx context.Context) error {
	if len(w.forward) == 0 {
		return nil
	}
	err := w.catalog.Forward(ctx, w.forward)
	if w.forward = nil; err != nil {
		return fmt.Errorf("importing former slugs: %w", err)
	}
	return nil
}
