package catalogtest

import (
	"slices"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// CategoriesClauses are the clauses of catalog.Categories.
func CategoriesClauses() []Clause {
	return []Clause{
		{ID: "categories-structure", Case: "all of it", Run: structureWhole},
		{ID: "categories-structure", Case: "nothing", Run: structureEmpty},
		{ID: "categories-subtree", Case: "itself and all below", Run: subtreeBelow},
		{ID: "categories-subtree", Case: "after a move", Run: subtreeMoved},
		{ID: "categories-ids", Case: "those that are there", Run: categoriesByIDs},
		{ID: "categories-locale", Case: "each read", Run: categoriesLocale},
	}
}

// tree is seven categories: 1 over 2 and 3, 2 over 4, 4 over 5; 6 alone; and 12, whose slug begins as that of 1 does.
func tree() []any {
	return []any{category(1, 0), category(2, 1), category(3, 1), category(4, 2), category(5, 4), category(6, 0), category(12, 0)}
}

func structureWhole(t TB, open func(TB) Harness) {
	h := open(t)
	h.accept(t, with(catalog.Commit{}, append(tree(), ruled(2), collection(1), ruled(3))...))
	got := h.structure(t)
	want := catalog.Structure{Version: 1, Ruled: []catalog.Ruled{
		{ID: ruled(2).ID, Rule: *ruled(2).Rule}, {ID: ruled(3).ID, Rule: *ruled(3).Rule},
	}}
	for _, c := range tree() {
		want.Categories = append(want.Categories, c.(catalog.Category))
	}
	same(t, got, want)
}

func structureEmpty(t TB, open func(TB) Harness) {
	h := open(t)
	same(t, h.structure(t), catalog.Structure{})
	_, err := h.Categories.Structure(gone(t))
	wantKind(t, err, fault.Unavailable)
}

// below checks the categories of a subtree, by their numbers.
func (h Harness) below(t TB, slug string, want ...int) {
	t.Helper()
	got, err := h.Categories.Subtree(t.Context(), front(), slug)
	if err != nil {
		t.Errorf("Subtree(%q): %v", slug, err)
		return
	}
	var ids, wanted []ref.CategoryID
	for _, c := range got {
		ids = append(ids, c.ID)
	}
	for _, n := range want {
		wanted = append(wanted, category(n, 0).ID)
	}
	if len(ids) > 0 && ids[0] != wanted[0] {
		t.Errorf("Subtree(%q) begins with %s, want itself", slug, ids[0])
	}
	slices.SortFunc(ids, ref.CategoryID.Compare)
	slices.SortFunc(wanted, ref.CategoryID.Compare)
	if !slices.Equal(ids, wanted) {
		t.Errorf("Subtree(%q): got %v, want %v", slug, ids, wanted)
	}
}

func subtreeBelow(t TB, open func(TB) Harness) {
	h := open(t)
	h.accept(t, with(catalog.Commit{}, tree()...))
	h.below(t, "category-1", 1, 2, 3, 4, 5)
	h.below(t, "category-2", 2, 4, 5)
	h.below(t, "category-5", 5)
	h.below(t, "category-12", 12)
	got, err := h.Categories.Subtree(t.Context(), front(), "category-6")
	if err != nil || len(got) != 1 {
		t.Fatalf("Subtree: %d, %v", len(got), err)
	}
	same(t, got[0], category(6, 0))
	_, err = h.Categories.Subtree(t.Context(), front(), "category-9")
	wantKind(t, err, fault.NotFound)
}

func subtreeMoved(t TB, open func(TB) Harness) {
	h := open(t)
	h.accept(t, with(catalog.Commit{}, tree()...))
	moved, text := category(2, 6), category(4, 2)
	moved.Version, text.Version, text.Name = 2, 2, "Renamed"
	h.accept(t, with(catalog.Commit{}, moved, text))
	h.below(t, "category-1", 1, 3)
	h.below(t, "category-6", 6, 2, 4, 5)
	top := category(4, 0)
	top.Version = 3
	h.accept(t, with(catalog.Commit{}, top))
	h.below(t, "category-6", 6, 2)
	h.below(t, "category-4", 4, 5)
}

func categoriesByIDs(t TB, open func(TB) Harness) {
	h := open(t)
	h.accept(t, with(catalog.Commit{}, tree()...))
	ids := []ref.CategoryID{category(5, 0).ID, category(1, 0).ID, category(5, 0).ID, category(9, 0).ID, {}}
	got, err := h.Categories.ByIDs(t.Context(), front(), ids)
	if err != nil || len(got) != 2 {
		t.Fatalf("ByIDs: %d, %v; want 2", len(got), err)
	}
	slices.SortFunc(got, func(a, b catalog.Category) int { return a.ID.Compare(b.ID) })
	same(t, got, []catalog.Category{category(1, 0), category(5, 4)})
	if got, err := h.Categories.ByIDs(t.Context(), front(), nil); err != nil || len(got) != 0 {
		t.Errorf("ByIDs of none: %d, %v", len(got), err)
	}
}

func categoriesLocale(t TB, open func(TB) Harness) {
	h := open(t)
	h.accept(t, with(catalog.Commit{}, tree()...))
	got, err := h.Categories.Subtree(t.Context(), french("fr-CA"), "category-1")
	if err != nil || len(got) != 5 || got[0].Name != "Rayon 1" || got[1].Description != "All of it" {
		t.Errorf("Subtree: %+v, %v", got, err)
	}
	got, err = h.Categories.ByIDs(t.Context(), french("fr"), []ref.CategoryID{category(2, 0).ID})
	if err != nil || len(got) != 1 || got[0].Name != "Rayon 2" {
		t.Errorf("ByIDs: %+v, %v", got, err)
	}
	if s := h.structure(t); slices.ContainsFunc(s.Categories, func(c catalog.Category) bool { return c.Name == "Rayon 1" }) {
		t.Errorf("Structure gives translated names")
	}
}
