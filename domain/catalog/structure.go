package catalog

import (
	"slices"

	"github.com/ipswich-retail/commerce/domain/ref"
)

// RuledMax is the most collections by rule of a shop: each product that is saved is held against all of them.
const RuledMax = 1000

// Structure is what decides where products belong: the tree of categories and the rules of collections. It has one
// version for all of it, so that a decision that was made on it (a category moved, a product put into collections) can
// be refused when it changed meanwhile.
type Structure struct {
	Version    ref.Version // Raised by each commit that writes or removes a category or collection; 0 at first.
	Categories []Category
	Ruled      []Ruled
	Sweep      Sweep
}

// Ruled is a collection by rule, as far as it decides who is in.
type Ruled struct {
	ID   ref.CollectionID
	Rule Rule
}

// Sweep is how far the products were held against the rules as they are now. A change of a rule or of the tree starts
// it anew; Service.Sweep goes on with it in batches, in the order of the products' ids.
type Sweep struct {
	Running bool
	After   ref.ProductID // The last one that was looked at.
}

// Tree is the structure's categories as a tree.
func (s Structure) Tree() Tree { return NewTree(s.Categories) }

// collectionsOf gives the collections by rule that a product is in, in ascending order. Products are held one by one
// against all rules, never the catalogue against one.
func collectionsOf(p Product, t Tree, ruled []Ruled) []ref.CollectionID {
	if len(ruled) == 0 {
		return nil
	}
	subject := SubjectOf(p, t)
	var out []ref.CollectionID
	for _, r := range ruled {
		if r.Rule.Holds(subject) {
			out = append(out, r.ID)
		}
	}
	slices.SortFunc(out, ref.CollectionID.Compare)
	return out
}
