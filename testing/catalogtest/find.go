package catalogtest

import (
	"reflect"
	"slices"
	"strings"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

func findClauses() []Clause {
	return []Clause{
		{ID: "products-find", Case: "whole products", Run: findWhole},
		{ID: "products-find", Case: "products with all there is", Run: findFull},
		{ID: "products-find", Case: "products with nothing optional", Run: findBare},
		{ID: "products-find", Case: "the present name of the brand", Run: findBranded},
		{ID: "products-find", Case: "what is not there", Run: findMissing},
		{ID: "products-find", Case: "what nobody else can change", Run: findCopies},
		{ID: "products-find", Case: "each sellable variant once", Run: findSellable},
		{ID: "products-find", Case: "the caller is gone", Run: findGone},
	}
}

func draftClauses() []Clause {
	return []Clause{
		{ID: "products-draft", Case: "found whatever its status", Run: draftFound},
		{ID: "products-draft", Case: "counted in all", Run: draftCounted},
	}
}

func findWhole(t TB, open func(TB) Harness) {
	h := open(t)
	p := product(1)
	h.save(t, p, product(2))
	p = next(p)
	p.Slug, p.Title, p.Tags, p.Media = "renamed", "Renamed", []string{"one"}, p.Media[:1]
	p.Variants[1].SKU = "P1-XL"
	h.save(t, p)
	got, err := h.Products.ByID(t.Context(), front(), p.ID)
	if err != nil {
		t.Fatalf("ByID: %v", err)
	}
	same(t, got, p)
	got, err = h.Products.BySlug(t.Context(), front(), "renamed")
	if err != nil {
		t.Fatalf("BySlug: %v", err)
	}
	same(t, got, p)
	got, err = h.Products.Get(t.Context(), p.ID)
	if err != nil {
		t.Fatalf("Get: %v", err)
	}
	same(t, got, p)
	page, err := h.Products.List(t.Context(), front(), catalog.ListQuery{Limit: 2})
	if err != nil || len(page.Items) != 2 {
		t.Fatalf("List: %d items, %v", len(page.Items), err)
	}
	same(t, page.Items[0], product(2))
	same(t, page.Items[1], p)
	_, err = h.Products.BySlug(t.Context(), front(), "product-1")
	wantKind(t, err, fault.NotFound)
}

func findFull(t TB, open func(TB) Harness) {
	h := open(t)
	p := full()
	h.accept(t, with(writes(p), brand(1), category(1, 0), category(2, 1)))
	same(t, h.stored(t, p.Slug), p)
	got, err := h.Products.Get(t.Context(), p.ID)
	if err != nil {
		t.Fatalf("Get: %v", err)
	}
	same(t, got, p)
	want, _ := p.In(front())
	if got, err = h.Products.ByID(t.Context(), front(), p.ID); err != nil {
		t.Fatalf("ByID: %v", err)
	}
	same(t, got, want)
	bare := next(p)
	bare.BrandID, bare.Brand, bare.Categories, bare.Collections, bare.Metadata = ref.BrandID{}, "", nil, nil, nil
	bare.Listings, bare.Translations, bare.Publication, bare.Due = nil, nil, catalog.Window{}, product(1).Due
	bare.SEO, bare.TaxCategory = catalog.SEO{}, ""
	bare.Variants[0].Channels, bare.Variants[0].Metadata = nil, nil
	h.save(t, bare)
	same(t, h.stored(t, p.Slug), bare)
}

func findBare(t TB, open func(TB) Harness) {
	h := open(t)
	p := catalog.Product{
		ID: productID(1), Version: 1, Slug: "bare", Title: "Bare", Status: catalog.Active,
		Variants:  []catalog.Variant{{ID: variantID(1, 0), SKU: "BARE"}},
		CreatedAt: base, UpdatedAt: base,
	}
	h.save(t, p)
	same(t, h.stored(t, "bare"), p)
}

func findBranded(t TB, open func(TB) Harness) {
	h := open(t)
	p := product(1)
	p.BrandID, p.Brand = brand(1).ID, brand(1).Name
	h.accept(t, with(writes(p), brand(1)))
	renamed := brand(1)
	renamed.Version, renamed.Name = 2, "Ebb Lane"
	h.accept(t, with(catalog.Commit{}, renamed))
	for how, read := range map[string]func() (catalog.Product, error){
		"ByID": func() (catalog.Product, error) { return h.Products.ByID(t.Context(), front(), p.ID) },
		"Get":  func() (catalog.Product, error) { return h.Products.Get(t.Context(), p.ID) },
		"Find": func() (catalog.Product, error) { return h.Products.Find(t.Context(), p.Slug) },
	} {
		if got, err := read(); err != nil || got.Brand != "Ebb Lane" || got.Version != 1 {
			t.Errorf("%s: brand %q, version %d, %v", how, got.Brand, got.Version, err)
		}
	}
}

func findMissing(t TB, open func(TB) Harness) {
	h := open(t)
	h.save(t, product(1))
	for how, read := range map[string]func() (catalog.Product, error){
		"ByID":            func() (catalog.Product, error) { return h.Products.ByID(t.Context(), front(), productID(2)) },
		"ByID of none":    func() (catalog.Product, error) { return h.Products.ByID(t.Context(), front(), ref.ProductID{}) },
		"BySlug":          func() (catalog.Product, error) { return h.Products.BySlug(t.Context(), front(), "product-2") },
		"BySlug of none":  func() (catalog.Product, error) { return h.Products.BySlug(t.Context(), front(), "") },
		"BySlug in caps":  func() (catalog.Product, error) { return h.Products.BySlug(t.Context(), front(), "PRODUCT-1") },
		"Find":            func() (catalog.Product, error) { return h.Products.Find(t.Context(), "product-2") },
		"Get":             func() (catalog.Product, error) { return h.Products.Get(t.Context(), productID(2)) },
		"Get of none":     func() (catalog.Product, error) { return h.Products.Get(t.Context(), ref.ProductID{}) },
		"Find of nothing": func() (catalog.Product, error) { return h.Products.Find(t.Context(), "") },
	} {
		if _, err := read(); err == nil || fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s: got %v, want kind not_found", how, err)
		}
	}
}

func findCopies(t TB, open func(TB) Harness) {
	h := open(t)
	p, want := product(1), product(1)
	p.Metadata, want.Metadata = catalog.Metadata{"a": "b"}, catalog.Metadata{"a": "b"}
	p.Translations, want.Translations = full().Translations, full().Translations
	h.save(t, p)
	spoil := func(p catalog.Product) {
		p.Tags[0], p.Options[0], p.Media[0].Alt, p.Variants[0].SKU, p.Variants[0].Options[0] = "x", "x", "x", "x", "x"
		p.Metadata["a"] = "x"
		p.Translations["fr"].Options[0].Values["Small"] = "x"
		delete(p.Translations, "fr-CA")
	}
	spoil(p)
	for range 2 {
		got, err := h.Products.ByID(t.Context(), front(), want.ID)
		if err != nil {
			t.Fatalf("ByID: %v", err)
		}
		same(t, got, want)
		spoil(got)
	}
}

func findSellable(t TB, open func(TB) Harness) {
	h := open(t)
	a, b, c := product(1), product(2), product(3)
	h.save(t, a, b, c)
	for _, tc := range []struct {
		name string
		ids  []ref.VariantID
		skus []ref.SKU
		want []catalog.Sellable
	}{
		{"by id", []ref.VariantID{a.Variants[0].ID}, nil, []catalog.Sellable{a.Sellable(a.Variants[0])}},
		{"by SKU", nil, []ref.SKU{b.Variants[1].SKU}, []catalog.Sellable{b.Sellable(b.Variants[1])}},
		{
			"named twice",
			[]ref.VariantID{a.Variants[0].ID, a.Variants[1].ID, a.Variants[0].ID},
			[]ref.SKU{a.Variants[0].SKU},
			[]catalog.Sellable{a.Sellable(a.Variants[0]), a.Sellable(a.Variants[1])},
		},
		{
			"both ways",
			[]ref.VariantID{c.Variants[0].ID},
			[]ref.SKU{a.Variants[0].SKU, "NONE"},
			[]catalog.Sellable{a.Sellable(a.Variants[0]), c.Sellable(c.Variants[0])},
		},
		{"unknown", []ref.VariantID{product(9).Variants[0].ID}, []ref.SKU{"NONE", "p1-s"}, nil},
		{"nothing", nil, nil, nil},
	} {
		found, err := h.Products.Sellable(t.Context(), front(), tc.ids, tc.skus)
		if err != nil {
			t.Errorf("%s: %v", tc.name, err)
			continue
		}
		bySKU := func(x, y catalog.Sellable) int { return strings.Compare(string(x.SKU), string(y.SKU)) }
		slices.SortFunc(found, bySKU)
		slices.SortFunc(tc.want, bySKU)
		if !slices.EqualFunc(found, tc.want, func(x, y catalog.Sellable) bool { return reflect.DeepEqual(x, y) }) {
			t.Errorf("%s: got %+v, want %+v", tc.name, found, tc.want)
		}
	}
}

func findGone(t TB, open func(TB) Harness) {
	h := open(t)
	p := product(1)
	h.save(t, p)
	ctx := gone(t)
	for name, read := range map[string]func() error{
		"List":     func() error { _, err := h.Products.List(ctx, front(), catalog.ListQuery{Limit: 1}); return err },
		"ByID":     func() error { _, err := h.Products.ByID(ctx, front(), p.ID); return err },
		"BySlug":   func() error { _, err := h.Products.BySlug(ctx, front(), p.Slug); return err },
		"Moved":    func() error { _, err := h.Products.Moved(ctx, front(), p.Slug); return err },
		"Sellable": func() error { _, err := h.Products.Sellable(ctx, front(), nil, []ref.SKU{"P1-S"}); return err },
		"Get":      func() error { _, err := h.Products.Get(ctx, p.ID); return err },
		"Find":     func() error { _, err := h.Products.Find(ctx, p.Slug); return err },
		"SKUs":     func() error { _, err := h.Products.SKUs(ctx, []ref.SKU{"P1-S"}); return err },
	} {
		if err := read(); err == nil || fault.KindOf(err) != fault.Unavailable {
			t.Errorf("%s: got error %v, want one of kind unavailable", name, err)
		}
	}
}

func draftFound(t TB, open func(TB) Harness) {
	h := open(t)
	for i, status := range []catalog.Status{catalog.Draft, catalog.Active, catalog.Archived} {
		p := product(i + 1)
		p.Status = status
		h.save(t, p)
		for how, read := range map[string]func() (catalog.Product, error){
			"Find": func() (catalog.Product, error) { return h.Products.Find(t.Context(), p.Slug) },
			"Get":  func() (catalog.Product, error) { return h.Products.Get(t.Context(), p.ID) },
		} {
			if got, err := read(); err != nil || got.ID != p.ID || got.Status != status {
				t.Errorf("%s of a product that is %s: %s that is %s, %v", how, status, got.ID, got.Status, err)
			}
		}
		owners, err := h.Products.SKUs(t.Context(), []ref.SKU{p.Variants[0].SKU, p.Variants[1].SKU, "NONE"})
		if err != nil || len(owners) != 2 || owners[p.Variants[0].SKU] != p.ID || owners[p.Variants[1].SKU] != p.ID {
			t.Errorf("SKUs of a product that is %s: %v, %v", status, owners, err)
		}
	}
}

func draftCounted(t TB, open func(TB) Harness) {
	h := open(t)
	count := func() [2]int64 {
		all, active, err := h.Products.Count(t.Context())
		if err != nil {
			t.Fatalf("Count: %v", err)
		}
		return [2]int64{all, active}
	}
	if got := count(); got != [2]int64{} {
		t.Errorf("Count of nothing: %v", got)
	}
	draft := product(1)
	draft.Status = catalog.Draft
	h.save(t, draft, product(2), product(3))
	if got, want := count(), [2]int64{3, 2}; got != want {
		t.Errorf("Count: got %v, want %v", got, want)
	}
	archived := next(product(2))
	archived.Status = catalog.Archived
	h.save(t, archived)
	if got, want := count(), [2]int64{3, 1}; got != want {
		t.Errorf("Count: got %v, want %v", got, want)
	}
}
