package customadapter

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// committer is the one way in.
type committer struct{ *Store }

var _ catalog.Committer = committer{}

// Committer gives the port that changes the catalogue.
func (s *Store) Committer() catalog.Committer { return committer{s} }

// Commit makes a commit true, wholly or not at all. One lock is held from the first look to the last write, so that what
// was decided on still holds when it is written.
func (s committer) Commit(ctx context.Context, c catalog.Commit) error {
	if err := ended(ctx); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.settle(); err != nil {
		return fault.Down.New("an earlier commit is not carried out yet").Because(err)
	}
	if err := catalog.Decide(c, s.facts()); err != nil {
		return err
	}
	files, err := s.files(c)
	if err != nil {
		return err
	}
	return s.save(files)
}

// facts are what Decide asks for. A bigger store reads only what the commit names; more than that does no harm.
func (s *Store) facts() catalog.Facts {
	f := catalog.Facts{
		Structure: s.book.Structure,
		Products:  map[ref.ProductID]ref.Version{}, Slugs: map[string]ref.ProductID{},
		SKUs: map[ref.SKU]ref.ProductID{}, Variants: map[ref.VariantID]ref.ProductID{},
		Brands: map[ref.BrandID]ref.Version{}, BrandSlugs: map[string]ref.BrandID{}, BrandNames: map[string]ref.BrandID{},
		Categories: map[ref.CategoryID]ref.Version{}, CategorySlugs: map[string]ref.CategoryID{},
		Collections: map[ref.CollectionID]ref.Version{}, CollectionSlugs: map[string]ref.CollectionID{},
		BrandsInUse: map[ref.BrandID]bool{}, CategoriesInUse: map[ref.CategoryID]bool{},
	}
	for id, p := range s.products {
		f.Products[id], f.Slugs[p.Slug] = p.Version, id
		for _, v := range p.Variants {
			f.SKUs[v.SKU], f.Variants[v.ID] = id, id
		}
		f.BrandsInUse[p.BrandID] = true
		for _, category := range p.Categories {
			f.CategoriesInUse[category] = true
		}
	}
	for id, b := range s.brands {
		f.Brands[id], f.BrandSlugs[b.Slug], f.BrandNames[catalog.NameKey(b.Name)] = b.Version, id, id
	}
	for id, c := range s.categories {
		f.Categories[id], f.CategorySlugs[c.Slug] = c.Version, id
		f.CategoriesInUse[c.Parent] = true
	}
	for id, c := range s.collections {
		f.Collections[id], f.CollectionSlugs[c.Slug] = c.Version, id
	}
	delete(f.BrandsInUse, ref.BrandID{}) // Products without a brand, and categories at the top, use nothing.
	delete(f.CategoriesInUse, ref.CategoryID{})
	return f
}

// files are what an accepted commit writes.
func (s *Store) files(c catalog.Commit) (change, error) {
	out := change{}
	var failed []error
	for _, w := range c.Products {
		failed = append(failed, out.put("products/"+w.State.ID.String(), w.State))
	}
	for _, w := range c.Brands {
		failed = append(failed, out.put("brands/"+w.State.ID.String(), w.State))
	}
	for _, w := range c.Categories {
		failed = append(failed, out.put("categories/"+w.State.ID.String(), w.State))
	}
	for _, w := range c.Collections {
		failed = append(failed, out.put("collections/"+w.State.ID.String(), w.State))
	}
	for _, r := range c.Removals {
		switch {
		case !r.Brand.IsZero():
			out.drop("brands/" + r.Brand.String())
		case !r.Category.IsZero():
			out.drop("categories/" + r.Category.String())
		default:
			out.drop("collections/" + r.Collection.String())
		}
	}
	for i, e := range c.Events {
		failed = append(failed, out.put(fmt.Sprintf("events/%09d", len(s.events)+i), e))
	}
	failed = append(failed, out.put("book", s.turned(c)))
	for _, err := range failed {
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// turned is the book after the commit.
func (s *Store) turned(c catalog.Commit) book {
	b := s.book
	b.Moved = maps.Clone(b.Moved)
	// All old slugs go before any new one comes: products of one commit may exchange theirs.
	for _, w := range c.Products {
		if before, known := s.products[w.State.ID]; known {
			b.Moved[before.Slug] = w.State.ID
		}
	}
	for _, w := range c.Products {
		delete(b.Moved, w.State.Slug)
	}
	s.forward(b.Moved, c)
	if c.Structural() {
		b.Structure++
	}
	if c.Sweep != nil {
		b.Sweep = *c.Sweep
	}
	return b
}

// forward lets the former slugs of products lead to them, but those that a product has once the commit is written.
func (s *Store) forward(moved map[string]ref.ProductID, c catalog.Commit) {
	slugs := make(map[ref.ProductID]string, len(s.products)+len(c.Products))
	for id, p := range s.products {
		slugs[id] = p.Slug
	}
	for _, w := range c.Products {
		slugs[w.State.ID] = w.State.Slug
	}
	had := map[string]bool{}
	for _, slug := range slugs {
		had[slug] = true
	}
	for _, n := range c.Former {
		id := ref.NewID[ref.ProductKind](n.ID)
		if _, there := slugs[id]; there && n.Kind == catalog.ProductSlugs && !had[n.Slug] {
			moved[n.Slug] = id
		}
	}
}

// Events gives all events, oldest first. A shop's relay would read them here; see ports.Outbox for what it needs.
func (s *Store) Events() []event.Event {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var out []event.Event
	for _, name := range slices.Sorted(maps.Keys(s.events)) {
		out = append(out, s.events[name])
	}
	return out
}
