package catalog_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

func shelf(n int) ref.CategoryID {
	if n == 0 {
		return ref.CategoryID{}
	}
	return ref.NewID[ref.CategoryKind](ref.UUID{0: byte(n >> 8), 1: byte(n)})
}

// treeOf makes a tree of "child<parent" pairs, siblings in order; 0 is none.
func treeOf(pairs ...[2]int) catalog.Tree {
	var all []catalog.Category
	for i, p := range pairs {
		all = append(all, catalog.Category{
			ID: shelf(p[0]), Parent: shelf(p[1]), Version: 1, Position: i, Slug: fmt.Sprintf("c%d", p[0]), Text: catalog.Text{Name: "C"},
		})
	}
	return catalog.NewTree(all)
}

// family is 1 over 2 and 3, 2 over 4, 4 over 5; 6 alone.
func family() catalog.Tree {
	return treeOf([2]int{1, 0}, [2]int{2, 1}, [2]int{3, 1}, [2]int{4, 2}, [2]int{5, 4}, [2]int{6, 0})
}

func slugsOf(all []catalog.Category) string {
	var out []string
	for _, c := range all {
		out = append(out, c.Slug)
	}
	return strings.Join(out, " ")
}

func TestTreeReads(t *testing.T) {
	t.Parallel()
	tree := family()
	for what, tc := range map[string][2]string{
		"roots":          {slugsOf(tree.Children(shelf(0))), "c1 c6"},
		"children":       {slugsOf(tree.Children(shelf(1))), "c2 c3"},
		"path":           {slugsOf(tree.Path(shelf(5))), "c1 c2 c4 c5"},
		"slug path":      {tree.SlugPath(shelf(4)), "c1/c2/c4"},
		"subtree":        {slugsOf(tree.Subtree(shelf(1))), "c1 c2 c4 c5 c3"},
		"everything":     {slugsOf(tree.Subtree(shelf(0))), "c1 c2 c4 c5 c3 c6"},
		"nobody's":       {slugsOf(tree.Subtree(shelf(9))), ""},
		"path to nobody": {slugsOf(tree.Path(shelf(9))), ""},
	} {
		if tc[0] != tc[1] {
			t.Errorf("%s: got %q, want %q", what, tc[0], tc[1])
		}
	}
	if c, ok := tree.BySlug("c4"); !ok || c.ID != shelf(4) || tree.Len() != 6 {
		t.Errorf("BySlug: %+v, %t; Len %d", c, ok, tree.Len())
	}
	if _, ok := tree.BySlug("none"); ok {
		t.Error("BySlug finds what is not there")
	}
	if wrong := tree.Check(); wrong != nil {
		t.Errorf("Check: %v", wrong)
	}
}

func TestTreeMoves(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		id, parent, place int
		want              string // The tree afterwards, depth first.
		class             fault.Class
	}{
		"to another parent":    {2, 6, 0, "c1 c3 c6 c2 c4 c5", fault.Class{}},
		"to the top":           {4, 0, 1, "c1 c2 c3 c4 c5 c6", fault.Class{}},
		"among its siblings":   {3, 1, 0, "c1 c3 c2 c4 c5 c6", fault.Class{}},
		"beyond the last":      {6, 1, 99, "c1 c2 c4 c5 c3 c6", fault.Class{}},
		"before the first":     {6, 1, -1, "c1 c6 c2 c4 c5 c3", fault.Class{}},
		"below itself":         {2, 2, 0, "", catalog.CategoryCycle},
		"below its grandchild": {1, 5, 0, "", catalog.CategoryCycle},
		"to a parent unknown":  {2, 9, 0, "", fault.Missing},
		"of one unknown":       {9, 1, 0, "", fault.Missing},
	} {
		tree := family()
		changed, err := tree.Move(shelf(tc.id), shelf(tc.parent), tc.place)
		if tc.want == "" {
			if !fault.Is(err, tc.class) || changed != nil {
				t.Errorf("%s: got %v, want %s", name, err, tc.class.Code())
			}
			continue
		}
		if err != nil || len(changed) == 0 || changed[0].ID != shelf(tc.id) {
			t.Errorf("%s: %v, %v", name, slugsOf(changed), err)
			continue
		}
		after := replaced(tree, changed)
		if got := slugsOf(after.Subtree(shelf(0))); got != tc.want || after.Check() != nil {
			t.Errorf("%s: got %q, want %q; wrong: %v", name, got, tc.want, after.Check())
		}
	}
	even, err := replaced(family(), must(family().Move(shelf(2), shelf(1), 0))).Move(shelf(2), shelf(1), 0)
	if err != nil || len(even) != 0 {
		t.Errorf("a move to where it is: %v, %v", slugsOf(even), err)
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// replaced is the tree with categories changed.
func replaced(t catalog.Tree, changed []catalog.Category) catalog.Tree {
	all := t.Subtree(ref.CategoryID{})
	for _, c := range changed {
		i := slices.IndexFunc(all, func(o catalog.Category) bool { return o.ID == c.ID })
		if i < 0 {
			all = append(all, c)
		} else {
			all[i] = c
		}
	}
	return catalog.NewTree(all)
}

func TestTreeBounds(t *testing.T) {
	t.Parallel()
	var chain [][2]int
	for n := 1; n <= catalog.DepthMax; n++ {
		chain = append(chain, [2]int{n, n - 1})
	}
	deep := treeOf(append(chain, [2]int{50, 0}, [2]int{51, 50})...)
	if _, err := deep.Put(catalog.Category{ID: shelf(99), Parent: shelf(catalog.DepthMax)}); !fault.Is(err, catalog.TreeTooDeep) {
		t.Errorf("one more level: %v", err)
	}
	if _, err := deep.Move(shelf(50), shelf(catalog.DepthMax-1), 0); !fault.Is(err, catalog.TreeTooDeep) {
		t.Errorf("two levels in the place of one: %v", err)
	}
	if _, err := deep.Move(shelf(51), shelf(catalog.DepthMax-1), 0); err != nil {
		t.Errorf("the last level: %v", err)
	}
	if _, err := deep.Put(catalog.Category{Parent: shelf(98)}); !fault.Is(err, fault.Missing) {
		t.Errorf("below nobody: %v", err)
	}
	var many [][2]int
	for n := range catalog.CategoriesMax {
		many = append(many, [2]int{n + 1, 0})
	}
	if _, err := treeOf(many...).Put(catalog.Category{}); !fault.Is(err, catalog.TreeTooLarge) {
		t.Errorf("one category more: %v", err)
	}
}

func TestTreeCheckFinds(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		tree catalog.Tree
		part string
	}{
		"a ring":         {treeOf([2]int{1, 0}, [2]int{2, 3}, [2]int{3, 2}), "not reached"},
		"an orphan":      {treeOf([2]int{1, 0}, [2]int{2, 9}), "not reached"},
		"its own parent": {treeOf([2]int{1, 1}), "not reached"},
		"a slug twice": {catalog.NewTree([]catalog.Category{
			{ID: shelf(1), Slug: "a"}, {ID: shelf(2), Slug: "a"},
		}), "have the slug a"},
	} {
		if got := strings.Join(tc.tree.Check(), "; "); !strings.Contains(got, tc.part) {
			t.Errorf("%s: %q, want %q", name, got, tc.part)
		}
		tc.tree.Subtree(shelf(2)) // Ends.
		if _, err := tc.tree.Move(shelf(1), shelf(2), 0); err == nil && name == "its own parent" {
			t.Errorf("%s: moved", name)
		}
	}
}

// TestTreeWalk makes and moves categories at random: the tree stays a tree, and a refused move was one into itself, too
// deep or of nobody.
func TestTreeWalk(t *testing.T) {
	t.Parallel()
	for seed := range uint64(50) {
		random := rand.New(rand.NewPCG(seed, 3))
		tree := catalog.NewTree(nil)
		for step := range 60 {
			made := tree.Len()
			id, parent := shelf(1+random.IntN(made+1)), shelf(random.IntN(made+1))
			var changed []catalog.Category
			var err error
			if random.IntN(3) == 0 {
				var c catalog.Category
				c, err = tree.Put(catalog.Category{ID: shelf(made + 1), Parent: parent, Slug: strconv.Itoa(step)})
				changed = []catalog.Category{c}
			} else {
				changed, err = tree.Move(id, parent, random.IntN(made+2)-1)
			}
			if err != nil {
				if !fault.Is(err, catalog.CategoryCycle) && !fault.Is(err, catalog.TreeTooDeep) && !fault.Is(err, fault.Missing) {
					t.Fatalf("seed %d step %d: %v", seed, step, err)
				}
				continue
			}
			tree = replaced(tree, changed)
			if wrong := tree.Check(); wrong != nil {
				t.Fatalf("seed %d step %d: %v", seed, step, wrong)
			}
			for _, c := range tree.Subtree(ref.CategoryID{}) {
				for i, child := range tree.Children(c.ID) {
					if i > 0 && child.Position == tree.Children(c.ID)[i-1].Position {
						t.Fatalf("seed %d step %d: two siblings at %d", seed, step, child.Position)
					}
				}
			}
		}
	}
}
