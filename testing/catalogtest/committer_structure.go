package catalogtest

import (
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

func structureClauses() []Clause {
	return []Clause{
		{ID: "catalog-reference", Case: "what is not there", Run: referenceMissing},
		{ID: "catalog-reference", Case: "what comes along", Run: referenceTogether},
		{ID: "catalog-remove", Case: "taken away", Run: removeTakes},
		{ID: "catalog-remove", Case: "what is in use", Run: removeInUse},
		{ID: "catalog-structure", Case: "raised by one", Run: structureRaised},
		{ID: "catalog-structure", Case: "another version", Run: structureChanged},
		{ID: "catalog-structure", Case: "one of many wins", Run: structureRace},
		{ID: "catalog-sweep", Case: "stored with the commit", Run: sweepStored},
	}
}

func referenceMissing(t TB, open func(TB) Harness) {
	h := open(t)
	p := product(1)
	p.BrandID = brand(1).ID
	h.refuse(t, writes(p), catalog.UnknownReference)
	p = product(1)
	p.Categories = []ref.CategoryID{category(1, 0).ID}
	h.refuse(t, writes(p), catalog.UnknownReference)
	h.refuse(t, with(catalog.Commit{}, category(2, 1)), catalog.UnknownReference)
	h.refuse(t, with(catalog.Commit{}, byHand(1, 1)), catalog.UnknownReference)
	h.save(t, product(1))
	h.refuse(t, with(catalog.Commit{}, byHand(1, 1, 2)), catalog.UnknownReference)
	h.accept(t, with(catalog.Commit{}, brand(1), category(1, 0)))
	p = next(product(1))
	p.BrandID, p.Brand = brand(1).ID, brand(1).Name
	p.Categories = []ref.CategoryID{category(1, 0).ID}
	h.save(t, p)
	p = next(p)
	p.Categories = append(p.Categories, category(2, 0).ID)
	h.refuse(t, writes(p), catalog.UnknownReference)
}

func referenceTogether(t TB, open func(TB) Harness) {
	h := open(t)
	p := full()
	h.accept(t, with(writes(p), brand(1), category(2, 1), category(1, 0), byHand(1, 1)))
	h.contains(t, front(), 1, 1)
	h.below(t, "category-1", 1, 2)
}

func removeTakes(t TB, open func(TB) Harness) {
	h := open(t)
	h.save(t, product(1))
	h.accept(t, with(catalog.Commit{}, brand(1), category(1, 0), byHand(1, 1), ruled(2)))
	h.accept(t, catalog.Commit{Removals: []catalog.Removal{
		{Brand: brand(1).ID, Expected: 1},
		{Category: category(1, 0).ID, Expected: 1},
		{Collection: collection(1).ID, Expected: 1},
		{Collection: collection(2).ID, Expected: 1},
	}})
	if _, err := h.Brands.Get(t.Context(), brand(1).ID); !fault.Is(err, fault.Missing) {
		t.Errorf("the brand: %v", err)
	}
	for n := 1; n <= 2; n++ {
		if _, err := h.Collections.Get(t.Context(), collection(n).ID); !fault.Is(err, fault.Missing) {
			t.Errorf("collection %d: %v", n, err)
		}
	}
	if s := h.structure(t); len(s.Categories) != 0 || len(s.Ruled) != 0 {
		t.Errorf("left in the structure: %+v", s)
	}
}

func removeInUse(t TB, open func(TB) Harness) {
	h := open(t)
	p := product(1)
	p.BrandID, p.Brand, p.Categories = brand(1).ID, brand(1).Name, []ref.CategoryID{category(2, 0).ID}
	p.Status = catalog.Archived
	h.accept(t, with(writes(p), brand(1), category(1, 0), category(2, 1)))
	removal := func(r catalog.Removal) catalog.Commit {
		r.Expected = 1
		return catalog.Commit{Removals: []catalog.Removal{r}}
	}
	h.refuse(t, removal(catalog.Removal{Brand: brand(1).ID}), catalog.InUse)
	h.refuse(t, removal(catalog.Removal{Category: category(1, 0).ID}), catalog.InUse)
	h.refuse(t, removal(catalog.Removal{Category: category(2, 0).ID}), catalog.InUse)
	bare := next(p)
	bare.BrandID, bare.Brand, bare.Categories = ref.BrandID{}, "", nil
	h.save(t, bare)
	h.accept(t, removal(catalog.Removal{Brand: brand(1).ID}))
	h.accept(t, removal(catalog.Removal{Category: category(2, 0).ID}))
	h.accept(t, removal(catalog.Removal{Category: category(1, 0).ID}))
}

// on is the commit as decided on a version of the structure.
func on(version ref.Version, c catalog.Commit) catalog.Commit {
	c.Structure = &version
	return c
}

func structureRaised(t TB, open func(TB) Harness) {
	h := open(t)
	second := category(1, 0)
	second.Version = 2
	for i, c := range []struct {
		commit catalog.Commit
		want   ref.Version
	}{
		{with(writes(product(1)), brand(1)), 0},
		{with(catalog.Commit{}, category(1, 0), category(2, 0)), 1},
		{with(catalog.Commit{}, ruled(1)), 2},
		{with(catalog.Commit{}, byHand(2, 1)), 3},
		{with(catalog.Commit{}, second), 4},
		{writes(next(product(1))), 4},
		{catalog.Commit{Removals: []catalog.Removal{{Brand: brand(1).ID, Expected: 1}}}, 4},
		{catalog.Commit{Removals: []catalog.Removal{{Category: category(2, 0).ID, Expected: 1}}}, 5},
		{catalog.Commit{Removals: []catalog.Removal{{Collection: ruled(1).ID, Expected: 1}}}, 6},
	} {
		h.accept(t, c.commit)
		if got := h.structure(t).Version; got != c.want {
			t.Errorf("after commit %d the structure has version %d, want %d", i, got, c.want)
		}
	}
}

func structureChanged(t TB, open func(TB) Harness) {
	h := open(t)
	h.accept(t, on(0, writes(product(1))))
	h.accept(t, on(0, with(catalog.Commit{}, category(1, 0))))
	for _, version := range []ref.Version{0, 2} {
		h.refuse(t, on(version, writes(product(2))), catalog.StructureChanged)
		h.refuse(t, on(version, with(catalog.Commit{}, category(2, 0))), catalog.StructureChanged)
		h.refuse(t, on(version, writes(product(1))), catalog.StructureChanged) // Before the product's own version.
	}
	h.accept(t, on(1, writes(product(2))))
	h.accept(t, on(1, with(catalog.Commit{}, category(2, 0))))
}

// structureRace moves each of many categories below the next one at once, which together would be a ring.
func structureRace(t TB, open func(TB) Harness) {
	h := open(t)
	var all []any
	for n := 1; n <= racers; n++ {
		all = append(all, category(n, 0))
	}
	h.accept(t, with(catalog.Commit{}, all...))
	won := h.race(t, catalog.StructureChanged, func(i int) catalog.Commit {
		moved := category(i+1, (i+1)%racers+1)
		moved.Version = 2
		return on(1, with(catalog.Commit{}, moved))
	})
	if s := h.structure(t); won != 1 || s.Version != 2 || len(s.Tree().Check()) != 0 {
		t.Errorf("%d commits on one structure won, its version is %d and wrong in it %v; want one, 2 and nothing", won, s.Version, s.Tree().Check())
	}
}

func sweepStored(t TB, open func(TB) Harness) {
	h := open(t)
	h.save(t, product(1))
	for i, c := range []struct {
		commit catalog.Commit
		want   catalog.Sweep
	}{
		{catalog.Commit{Sweep: &catalog.Sweep{Running: true}}, catalog.Sweep{Running: true}},
		{catalog.Commit{Sweep: &catalog.Sweep{Running: true, After: productID(1)}}, catalog.Sweep{Running: true, After: productID(1)}},
		{writes(product(2)), catalog.Sweep{Running: true, After: productID(1)}},
		{with(catalog.Commit{}, category(1, 0)), catalog.Sweep{Running: true, After: productID(1)}},
		{catalog.Commit{Sweep: &catalog.Sweep{}}, catalog.Sweep{}},
	} {
		h.accept(t, c.commit)
		if got := h.structure(t).Sweep; got != c.want {
			t.Errorf("after commit %d the sweep is %+v, want %+v", i, got, c.want)
		}
	}
}
