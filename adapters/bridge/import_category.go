package bridge

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// shelfOf names the category of a product: its type, else its first tag.
func shelfOf(p catalog.Product) string {
	if catalog.NameKey(p.Type) != "" || len(p.Tags) == 0 {
		return p.Type
	}
	return p.Tags[0]
}

// categorise puts the target into the categories that the source names.
func (w *walk) categorise(ctx context.Context, p *plan) error {
	switch {
	case p.source.Categories != nil:
		ids, err := w.resolve(ctx, p)
		p.target.Categories = ids
		return err
	case p.source.Shelves != nil:
		return w.shelve(ctx, p)
	case p.source.Unsorted, p.source.Type == nil && p.source.Tags == nil && p.stored != nil:
		return nil
	default:
		return w.sortIn(ctx, p)
	}
}

// shelve puts the target into the categories whose paths the source names, and into no other.
func (w *walk) shelve(ctx context.Context, p *plan) error {
	out := []ref.CategoryID{}
	for i, path := range p.source.Shelves {
		if w.phase == ImportJudges && len(path) > catalog.DepthMax {
			w.refuse(p.violation(catalog.TreeTooDeep.Newf("categories stand at most %d deep", catalog.DepthMax).At("categories[" + strconv.Itoa(i) + "]")))
			continue
		}
		id, err := w.world.shelf(ctx, path)
		switch {
		case invalid(err) && !w.world.writes:
			w.refuse(p.violation(fault.Of(err).At("categories[" + strconv.Itoa(i) + "]")))
			continue
		case err != nil:
			return fmt.Errorf("making category %q: %w", path, err)
		}
		if !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	p.target.Categories = out
	return nil
}

// sortIn puts the target into the category that its type names, in the place of the one that it was in for the same
// reason. Where the shop put it besides, it stays.
func (w *walk) sortIn(ctx context.Context, p *plan) error {
	name, before := shelfOf(p.target), ""
	if p.stored != nil {
		before = shelfOf(*p.stored)
	}
	same := catalog.NameKey(name) == catalog.NameKey(before)
	if catalog.NameKey(name) == "" || same && len(p.target.Categories) > 0 {
		return nil
	}
	id, err := w.world.shelf(ctx, []string{name})
	if invalid(err) && !w.world.writes {
		return nil // The type or the tag is refused for itself.
	}
	if err != nil {
		return fmt.Errorf("making category %q: %w", name, err)
	}
	out := slices.Clone(p.target.Categories)
	if !same && before != "" {
		left, err := w.world.root(ctx, before)
		if err != nil {
			return fmt.Errorf("looking for category %q: %w", before, err)
		}
		out = slices.DeleteFunc(out, func(o ref.CategoryID) bool { return o == left })
	}
	if !slices.Contains(out, id) {
		out = append(out, id)
	}
	p.target.Categories = out
	return nil
}
