package catalogtest

import (
	"slices"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// BrandsClauses are the clauses of catalog.Brands.
func BrandsClauses() []Clause {
	return []Clause{
		{ID: "brands-list", Case: "by name in pages of any size", Run: brandsPages},
		{ID: "brands-list", Case: "names of any letters", Run: brandsNames},
		{ID: "brands-find", Case: "by slug, name and id", Run: brandsFound},
		{ID: "brands-find", Case: "what is not there", Run: brandsMissing},
		{ID: "brands-locale", Case: "each read", Run: brandsLocale},
	}
}

// named is the n-th brand with another name.
func named(n int, name string) catalog.Brand {
	b := brand(n)
	b.Name = name
	return b
}

// brandWalk reads all brands in pages and gives their ids.
func (h Harness) brandWalk(t TB, limit int) []ref.BrandID {
	t.Helper()
	var out []ref.BrandID
	after := ""
	for range 100 {
		page, err := h.Brands.List(t.Context(), front(), catalog.BrandQuery{Limit: limit, After: after})
		if err != nil || len(page.Items) > limit {
			t.Fatalf("List: %d of %d, %v", len(page.Items), limit, err)
		}
		for _, b := range page.Items {
			out = append(out, b.ID)
		}
		if page.Next == "" {
			return out
		}
		after = page.Next
	}
	t.Fatalf("the list does not end")
	return nil
}

func brandsPages(t TB, open func(TB) Harness) {
	h := open(t)
	var want []ref.BrandID
	for n := 7; n > 0; n-- {
		h.accept(t, with(catalog.Commit{}, brand(n)))
		want = append(want, brand(n).ID)
	}
	slices.Reverse(want)
	for limit := 1; limit <= 8; limit++ {
		if got := h.brandWalk(t, limit); !slices.Equal(got, want) {
			t.Errorf("limit %d: got %v, want %v", limit, got, want)
		}
	}
	page, err := h.Brands.List(t.Context(), front(), catalog.BrandQuery{Limit: 7})
	if err != nil || page.Next != "" {
		t.Errorf("a page that is the last has the next place %q, %v", page.Next, err)
	}
}

func brandsNames(t TB, open func(TB) Harness) {
	h := open(t)
	var want []ref.BrandID
	for n, name := range []string{"& Sons", "1st", "Acme", "acme-two", "ACME Zoo", "Zeta", "Éclair", "日本"} {
		h.accept(t, with(catalog.Commit{}, named(n+1, name)))
	}
	for _, n := range []int{1, 2, 3, 5, 4, 6, 7, 8} { // By the bytes of the names in lower case.
		want = append(want, brand(n).ID)
	}
	for _, limit := range []int{1, 3, 100} {
		if got := h.brandWalk(t, limit); !slices.Equal(got, want) {
			t.Errorf("limit %d: got %v, want %v", limit, got, want)
		}
	}
}

func brandsFound(t TB, open func(TB) Harness) {
	h := open(t)
	b := named(1, "Ebb  Lane")
	h.accept(t, with(catalog.Commit{}, b, brand(2)))
	for how, read := range map[string]func() (catalog.Brand, error){
		"by slug":         func() (catalog.Brand, error) { return h.Brands.BySlug(t.Context(), front(), "brand-1") },
		"by name":         func() (catalog.Brand, error) { return h.Brands.ByName(t.Context(), "Ebb  Lane") },
		"by another name": func() (catalog.Brand, error) { return h.Brands.ByName(t.Context(), " EBB lane ") },
		"by id":           func() (catalog.Brand, error) { return h.Brands.Get(t.Context(), b.ID) },
	} {
		got, err := read()
		if err != nil {
			t.Errorf("%s: %v", how, err)
		}
		same(t, got, b)
	}
	changed := b
	changed.Version, changed.Slug, changed.Name, changed.Description = 2, "ebb", "Ebb", "New"
	h.accept(t, with(catalog.Commit{}, changed))
	got, err := h.Brands.ByName(t.Context(), "ebb")
	if err != nil {
		t.Errorf("by its new name: %v", err)
	}
	same(t, got, changed)
	_, err = h.Brands.ByName(t.Context(), "Ebb Lane")
	wantKind(t, err, fault.NotFound)
	_, err = h.Brands.BySlug(t.Context(), front(), "brand-1")
	wantKind(t, err, fault.NotFound)
}

func brandsMissing(t TB, open func(TB) Harness) {
	h := open(t)
	h.accept(t, with(catalog.Commit{}, brand(1)))
	for how, read := range map[string]func() (catalog.Brand, error){
		"by slug":   func() (catalog.Brand, error) { return h.Brands.BySlug(t.Context(), front(), "brand-2") },
		"by name":   func() (catalog.Brand, error) { return h.Brands.ByName(t.Context(), "Brand 02") },
		"by nobody": func() (catalog.Brand, error) { return h.Brands.ByName(t.Context(), "") },
		"by id":     func() (catalog.Brand, error) { return h.Brands.Get(t.Context(), brand(2).ID) },
	} {
		if _, err := read(); err == nil || fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s: got %v, want kind not_found", how, err)
		}
	}
	_, err := h.Brands.List(gone(t), front(), catalog.BrandQuery{Limit: 1})
	wantKind(t, err, fault.Unavailable)
}

func brandsLocale(t TB, open func(TB) Harness) {
	h := open(t)
	h.accept(t, with(catalog.Commit{}, brand(1)))
	got, err := h.Brands.BySlug(t.Context(), french("fr-CA"), "brand-1")
	if err != nil || got.Name != "Marque 1" || got.Description != "Made by hand" {
		t.Errorf("BySlug: %+v, %v", got, err)
	}
	page, err := h.Brands.List(t.Context(), french("fr"), catalog.BrandQuery{Limit: 5})
	if err != nil || len(page.Items) != 1 || page.Items[0].Name != "Marque 1" {
		t.Errorf("List: %+v, %v", page, err)
	}
	if got, err := h.Brands.Get(t.Context(), brand(1).ID); err != nil || got.Name != brand(1).Name {
		t.Errorf("Get: %+v, %v", got, err)
	}
}
