package catalog

import (
	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Write is one aggregate in a commit: its new state, and the version that it replaces, 0 for none.
type Write[T any] struct {
	State    T
	Expected ref.Version
}

// Removal takes away a brand, a category or a collection: the one whose id is set. Products are never removed, they are
// archived.
type Removal struct {
	Brand      ref.BrandID
	Category   ref.CategoryID
	Collection ref.CollectionID
	Expected   ref.Version
}

// Commit is all that must become true together.
type Commit struct {
	Products    []Write[Product]
	Brands      []Write[Brand]
	Categories  []Write[Category]
	Collections []Write[Collection]
	Removals    []Removal
	// Former are slugs that led to things elsewhere, and from now on lead to them here.
	Former []NamedSlug
	// Structure is the version of the structure that this was decided on; nil when it depends on none.
	Structure *ref.Version
	// Sweep is how far the sweep of products is with this commit; nil leaves it.
	Sweep  *Sweep
	Events []event.Event
}

// Structural tells whether the commit changes the structure, and so raises its version.
func (c Commit) Structural() bool {
	for _, r := range c.Removals {
		if !r.Category.IsZero() || !r.Collection.IsZero() {
			return true
		}
	}
	return len(c.Categories)+len(c.Collections) > 0
}

// NamedSlug is a slug that a thing has after a commit, or had once.
type NamedSlug struct {
	Kind SlugKind
	ID   ref.UUID
	Slug string
}

// Slugs lists the slugs of the brands, categories and collections that the commit writes, for stores that keep where old
// ones lead; those of products are kept with the products.
func (c Commit) Slugs() []NamedSlug {
	var out []NamedSlug
	for _, w := range c.Brands {
		out = append(out, NamedSlug{BrandSlugs, w.State.ID.UUID(), w.State.Slug})
	}
	for _, w := range c.Categories {
		out = append(out, NamedSlug{CategorySlugs, w.State.ID.UUID(), w.State.Slug})
	}
	for _, w := range c.Collections {
		out = append(out, NamedSlug{CollectionSlugs, w.State.ID.UUID(), w.State.Slug})
	}
	return out
}
