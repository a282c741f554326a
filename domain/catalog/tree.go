package catalog

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// The bounds of the tree: it is read as a whole, and a path of slugs stays an address.
const (
	CategoriesMax = 10_000
	DepthMax      = 12
)

// Tree is the shop's categories as a tree. It is a value that nobody changes: Put, Move and Remove give what would
// have to be written. Safe for concurrent use.
type Tree struct {
	nodes    map[ref.CategoryID]Category
	children map[ref.CategoryID][]ref.CategoryID // In their order; those of no category are the roots.
}

// NewTree makes a tree of categories in any order. It takes whatever is stored; Check tells whether that is sound.
func NewTree(categories []Category) Tree {
	t := Tree{nodes: make(map[ref.CategoryID]Category, len(categories)), children: map[ref.CategoryID][]ref.CategoryID{}}
	for _, c := range categories {
		t.nodes[c.ID] = c
	}
	for id, c := range t.nodes {
		t.children[c.Parent] = append(t.children[c.Parent], id)
	}
	for _, siblings := range t.children {
		slices.SortFunc(siblings, func(a, b ref.CategoryID) int {
			return cmp.Or(cmp.Compare(t.nodes[a].Position, t.nodes[b].Position), a.Compare(b))
		})
	}
	return t
}

// Get gives a category, and whether there is such a one.
func (t Tree) Get(id ref.CategoryID) (Category, bool) {
	c, ok := t.nodes[id]
	return c, ok
}

// BySlug gives the category with the slug, and whether there is such a one.
func (t Tree) BySlug(slug string) (Category, bool) {
	for _, c := range t.nodes {
		if c.Slug == slug {
			return c, true
		}
	}
	return Category{}, false
}

// Len is the number of categories.
func (t Tree) Len() int { return len(t.nodes) }

// Children lists what stands below a category, in order; for the zero id the roots.
func (t Tree) Children(id ref.CategoryID) []Category {
	out := make([]Category, len(t.children[id]))
	for i, c := range t.children[id] {
		out[i] = t.nodes[c]
	}
	return out
}

// Path lists the categories from the root to the category itself; empty for one that is not there.
func (t Tree) Path(id ref.CategoryID) []Category {
	var out []Category
	for c, ok := t.nodes[id]; ok && len(out) <= DepthMax; c, ok = t.nodes[c.Parent] {
		out = append(out, c)
	}
	slices.Reverse(out)
	return out
}

// SlugPath is the category's path of slugs, such as "kitchen/mugs".
func (t Tree) SlugPath(id ref.CategoryID) string {
	var slugs []string
	for _, c := range t.Path(id) {
		slugs = append(slugs, c.Slug)
	}
	return strings.Join(slugs, "/")
}

// Subtree lists the category and all below it, parents before children and siblings in order; empty for one that is
// not there, and everything for the zero id.
func (t Tree) Subtree(id ref.CategoryID) []Category {
	var out []Category
	seen := map[ref.CategoryID]bool{}
	todo := []ref.CategoryID{id}
	for len(todo) > 0 {
		next := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if seen[next] {
			continue // A cycle, which no tree that was made here has.
		}
		seen[next] = true
		if c, ok := t.nodes[next]; ok {
			out = append(out, c)
		} else if !next.IsZero() {
			continue
		}
		for _, child := range slices.Backward(t.children[next]) {
			todo = append(todo, child)
		}
	}
	return out
}

// Put gives what must be written to make a category new, at the end of its parent's children. Errors: Missing when
// the parent is not there, TreeTooDeep, TreeTooLarge.
func (t Tree) Put(c Category) (Category, error) {
	if len(t.nodes) >= CategoriesMax {
		return Category{}, TreeTooLarge.Newf("a shop has at most %d categories", CategoriesMax)
	}
	if err := t.below(c.Parent, 1); err != nil {
		return Category{}, err
	}
	siblings := t.children[c.Parent]
	c.Position = 0
	if n := len(siblings); n > 0 {
		c.Position = t.nodes[siblings[n-1]].Position + 1
	}
	return c, nil
}

// Move gives what must be written to bring a category, with all below it, to a place among the children of another
// parent or of its own; a place beyond the last is the last. The category itself comes first; siblings whose place
// changes follow. It is empty when all is so already. Errors: Missing, CategoryCycle, TreeTooDeep.
func (t Tree) Move(id, parent ref.CategoryID, place int) ([]Category, error) {
	moved, ok := t.nodes[id]
	if !ok {
		return nil, fault.Missing.New("there is no such category")
	}
	for _, above := range t.Path(parent) {
		if above.ID == id {
			return nil, CategoryCycle.New("a category cannot stand below itself; choose another parent").At("parent")
		}
	}
	if err := t.below(parent, t.height(id)); err != nil {
		return nil, err
	}
	siblings := slices.DeleteFunc(slices.Clone(t.children[parent]), func(s ref.CategoryID) bool { return s == id })
	siblings = slices.Insert(siblings, min(max(place, 0), len(siblings)), id)
	var out []Category
	for i, s := range siblings {
		c := t.nodes[s]
		if c.Position == i && c.Parent == parent {
			continue
		}
		c.Position, c.Parent = i, parent
		if s == id {
			out = slices.Insert(out, 0, c)
		} else {
			out = append(out, c)
		}
	}
	if len(out) > 0 && out[0].ID != id { // It stays where it is while others close a gap.
		out = slices.Insert(out, 0, moved)
	}
	return out, nil
}

// below checks that a parent can take children of so many levels.
func (t Tree) below(parent ref.CategoryID, levels int) error {
	if _, ok := t.nodes[parent]; !ok && !parent.IsZero() {
		return fault.Missing.New("there is no such parent category").At("parent")
	}
	if len(t.Path(parent))+levels > DepthMax {
		return TreeTooDeep.Newf("categories stand at most %d deep", DepthMax).At("parent")
	}
	return nil
}

// height is the number of levels from the category down.
func (t Tree) height(id ref.CategoryID) int {
	above, most := len(t.Path(id)), 0
	for _, c := range t.Subtree(id) {
		most = max(most, len(t.Path(c.ID)))
	}
	return most - above + 1
}

// Check lists what is wrong with the tree: a category whose parent is not there, one that stands below itself or too
// deep, two of one slug. Nil when all is well.
func (t Tree) Check() []string {
	var found []string
	slugs := map[string]ref.CategoryID{}
	reached := map[ref.CategoryID]bool{}
	for _, c := range t.Subtree(ref.CategoryID{}) {
		reached[c.ID] = true
		if other, taken := slugs[c.Slug]; taken {
			found = append(found, fmt.Sprintf("categories %s and %s have the slug %s", other, c.ID, c.Slug))
		}
		slugs[c.Slug] = c.ID
		if len(t.Path(c.ID)) > DepthMax {
			found = append(found, fmt.Sprintf("category %s stands too deep", c.ID))
		}
	}
	for id, c := range t.nodes {
		if !reached[id] {
			found = append(found, fmt.Sprintf("category %s is not reached from a root; its parent is %s", id, c.Parent))
		}
	}
	slices.Sort(found)
	return found
}
