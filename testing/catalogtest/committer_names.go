package catalogtest

import (
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

func slugClauses() []Clause {
	return []Clause{
		{ID: "catalog-slug", Case: "the slug of another", Run: slugTaken},
		{ID: "catalog-slug", Case: "the SKU of another", Run: skuTaken},
		{ID: "catalog-slug", Case: "free again when given up", Run: slugFreed},
		{ID: "catalog-slug", Case: "exchanged in one commit", Run: slugExchanged},
		{ID: "catalog-slug", Case: "one of many gets it", Run: slugRace},
	}
}

func historyClauses() []Clause {
	return []Clause{
		{ID: "catalog-history", Case: "until a product takes it", Run: historyTaken},
		{ID: "catalog-history", Case: "taken back", Run: historyBack},
		{ID: "catalog-history", Case: "exchanged in one commit", Run: historyExchanged},
	}
}

func nameClauses() []Clause {
	return []Clause{
		{ID: "catalog-names", Case: "of another", Run: namesTaken},
		{ID: "catalog-names", Case: "free again when given up", Run: namesFreed},
		{ID: "catalog-names", Case: "one of many gets it", Run: namesRace},
	}
}

func slugTaken(t TB, open func(TB) Harness) {
	h := open(t)
	a, b := product(1), product(2)
	h.save(t, a, b)
	thief := product(3)
	thief.Slug = a.Slug
	h.refuse(t, writes(thief), catalog.SlugTaken)
	h.refuse(t, writes(renamed(b, a.Slug)), catalog.SlugTaken)
	one, two := product(4), product(5)
	two.Slug = one.Slug
	h.refuse(t, writes(one, two), catalog.SlugTaken)
	same(t, h.stored(t, a.Slug), a)
	same(t, h.stored(t, b.Slug), b)
}

func skuTaken(t TB, open func(TB) Harness) {
	h := open(t)
	a, b := product(1), product(2)
	a.Status = catalog.Archived // What is archived keeps its names.
	a.Variants[1].Retired = true
	h.save(t, a, b)
	thief := product(3)
	thief.Variants[1].SKU = a.Variants[0].SKU
	h.refuse(t, writes(thief), catalog.SKUTaken)
	changed := next(b)
	changed.Variants[0].SKU = a.Variants[1].SKU
	h.refuse(t, writes(changed), catalog.SKUTaken)
	one, two := product(4), product(5)
	two.Variants[0].SKU = one.Variants[0].SKU
	h.refuse(t, writes(one, two), catalog.SKUTaken)
	kidnapper := product(7)
	kidnapper.Variants[0].ID = b.Variants[0].ID
	h.refuse(t, writes(kidnapper), fault.VersionConflict)
	other := product(6)
	other.Variants[0].SKU = "p2-s" // SKUs differ by case.
	h.save(t, other)
	same(t, h.stored(t, b.Slug), b)
}

func slugFreed(t TB, open func(TB) Harness) {
	h := open(t)
	a := product(1)
	h.save(t, a)
	moved := renamed(a, "elsewhere")
	moved.Variants = moved.Variants[:1]
	h.save(t, moved)
	heir := product(2)
	heir.Slug, heir.Variants[0].SKU = "product-1", "P1-L"
	h.save(t, heir)
	same(t, h.stored(t, "elsewhere"), moved)
	same(t, h.stored(t, "product-1"), heir)
}

func slugExchanged(t TB, open func(TB) Harness) {
	h := open(t)
	h.save(t, product(1), product(2), product(3))
	a, b, c := renamed(product(1), "product-2"), renamed(product(2), "product-3"), renamed(product(3), "product-1")
	a.Variants[0].SKU, b.Variants[0].SKU = b.Variants[0].SKU, a.Variants[0].SKU
	h.save(t, a, b, c)
	same(t, h.stored(t, "product-2"), a)
	same(t, h.stored(t, "product-3"), b)
	same(t, h.stored(t, "product-1"), c)
	h.sees(t, front(), a, 0, 1)
}

func slugRace(t TB, open func(TB) Harness) {
	h := open(t)
	won := h.race(t, catalog.SlugTaken, func(i int) catalog.Commit {
		p := product(i + 1)
		p.Slug = "wanted"
		return writes(p)
	})
	if won != 1 {
		t.Errorf("%d products have the slug, want one", won)
	}
}

func historyTaken(t TB, open func(TB) Harness) {
	h := open(t)
	h.save(t, product(1), product(2))
	h.save(t, renamed(product(1), "second"))
	h.leads(t, front(), "product-1", "second")
	heir := renamed(product(2), "product-1")
	h.save(t, heir)
	h.leads(t, front(), "product-1", "")
	h.leads(t, front(), "product-2", "product-1")
	h.save(t, renamed(heir, "third")) // Who gave it up last is whom it leads to.
	h.leads(t, front(), "product-1", "third")
	fresh := product(3)
	fresh.Slug = "product-1"
	h.save(t, fresh)
	h.leads(t, front(), "product-1", "")
}

func historyBack(t TB, open func(TB) Harness) {
	h := open(t)
	p := product(1)
	h.save(t, p)
	p = renamed(p, "second")
	h.save(t, p)
	p = renamed(p, "product-1")
	h.save(t, p)
	h.leads(t, front(), "product-1", "")
	h.leads(t, front(), "second", "product-1")
}

func historyExchanged(t TB, open func(TB) Harness) {
	h := open(t)
	h.save(t, product(1), product(2))
	h.save(t, renamed(product(1), "product-2"), renamed(product(2), "product-1"))
	h.leads(t, front(), "product-1", "")
	h.leads(t, front(), "product-2", "")
}

func namesTaken(t TB, open func(TB) Harness) {
	h := open(t)
	h.accept(t, with(catalog.Commit{}, named(1, "Ebb Lane"), category(1, 0), collection(1)))
	same1 := named(2, " EBB  lane")
	h.refuse(t, with(catalog.Commit{}, same1), catalog.BrandTaken)
	slug := brand(3)
	slug.Slug = "brand-1"
	h.refuse(t, with(catalog.Commit{}, slug), catalog.BrandTaken)
	h.refuse(t, with(catalog.Commit{}, named(4, "One"), named(5, "one")), catalog.BrandTaken)
	k := category(2, 1) // Whatever its parent.
	k.Slug = "category-1"
	h.refuse(t, with(catalog.Commit{}, k), catalog.CategoryTaken)
	c := collection(2)
	c.Slug = "collection-1"
	h.refuse(t, with(catalog.Commit{}, c), catalog.CollectionTaken)
	p := product(1) // Those of others are others'.
	p.Slug = "brand-1"
	k.Slug, c.Slug = "collection-1", "category-1"
	h.accept(t, with(writes(p), k, c))
}

func namesFreed(t TB, open func(TB) Harness) {
	h := open(t)
	h.accept(t, with(catalog.Commit{}, brand(1), category(1, 0), collection(1)))
	b, k, c := brand(1), category(1, 0), collection(1)
	b.Version, b.Slug, b.Name = 2, "b", "B"
	k.Version, k.Slug = 2, "k"
	c.Version, c.Slug = 2, "c"
	b2, k2, c2 := brand(2), category(2, 0), collection(2)
	b2.Slug, b2.Name, k2.Slug, c2.Slug = "brand-1", brand(1).Name, "category-1", "collection-1"
	h.accept(t, with(catalog.Commit{}, b, b2, k, k2, c, c2))
	h.accept(t, catalog.Commit{Removals: []catalog.Removal{
		{Brand: b2.ID, Expected: 1}, {Category: k2.ID, Expected: 1}, {Collection: c2.ID, Expected: 1},
	}})
	b3, k3, c3 := brand(3), category(3, 0), collection(3)
	b3.Slug, b3.Name, k3.Slug, c3.Slug = b2.Slug, b2.Name, k2.Slug, c2.Slug
	h.accept(t, with(catalog.Commit{}, b3, k3, c3))
}

func namesRace(t TB, open func(TB) Harness) {
	h := open(t)
	won := h.race(t, catalog.BrandTaken, func(i int) catalog.Commit {
		b := named(i+1, "Wanted")
		b.ID = ref.NewID[ref.BrandKind](uuid(i + 1))
		return with(catalog.Commit{}, b)
	})
	if won != 1 {
		t.Errorf("%d brands have the name, want one", won)
	}
}
