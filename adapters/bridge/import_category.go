package bridge

import (
	"context"
	"fmt"
	"slices"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// shelves are the root categories of the shop by their names, as one import knows them: read once, when first needed.
type shelves struct {
	catalog *catalog.Service
	byName  map[string]ref.CategoryID // By catalog.NameKey; nil until read.
}

// find gives the category of the name; the zero id when there is none.
func (s *shelves) find(ctx context.Context, name string) (ref.CategoryID, error) {
	if s.byName == nil {
		tree, err := s.catalog.Tree(ctx, ref.Scope{})
		if err != nil {
			return ref.CategoryID{}, err
		}
		s.byName = map[string]ref.CategoryID{}
		for _, c := range tree.Children(ref.CategoryID{}) {
			s.byName[catalog.NameKey(c.Name)] = c.ID
		}
	}
	return s.byName[catalog.NameKey(name)], nil
}

// make gives the category of the name, which it makes when there is none.
func (s *shelves) make(ctx context.Context, name string) (ref.CategoryID, error) {
	id, err := s.find(ctx, name)
	if err != nil || !id.IsZero() {
		return id, err
	}
	c, err := s.catalog.EnsureCategory(ctx, name)
	if err == nil {
		s.byName[catalog.NameKey(name)] = c.ID
	}
	return c.ID, err
}

// shelfOf names the category of a product: its type, else its first tag.
func shelfOf(p catalog.Product) string {
	if catalog.NameKey(p.Type) != "" || len(p.Tags) == 0 {
		return p.Type
	}
	return p.Tags[0]
}

// categorise puts the target into the category that its type names, in the place of the one that it was in for the same
// reason. Where the shop put it besides, it stays.
func (p *plan) categorise(ctx context.Context, s *shelves) error {
	name, before := shelfOf(p.target), ""
	if p.stored != nil {
		before = shelfOf(*p.stored)
	}
	same := catalog.NameKey(name) == catalog.NameKey(before)
	if catalog.NameKey(name) == "" || same && len(p.target.Categories) > 0 {
		return nil
	}
	id, err := s.make(ctx, name)
	if err != nil {
		return fmt.Errorf("making category %q: %w", name, err)
	}
	out := slices.Clone(p.target.Categories)
	if !same && before != "" {
		left, err := s.find(ctx, before)
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
