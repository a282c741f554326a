package catalogtest

import (
	"fmt"
	"slices"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

func formerClauses() []Clause {
	return []Clause{
		{ID: "catalog-former", Case: "it leads to its product", Run: formerLeads},
		{ID: "catalog-former", Case: "a product has it", Run: formerHad},
		{ID: "catalog-former", Case: "its product is not there", Run: formerGone},
	}
}

// led is a former slug of a product.
func led(slug string, n int) catalog.NamedSlug {
	return catalog.NamedSlug{Kind: catalog.ProductSlugs, ID: productID(n).UUID(), Slug: slug}
}

func formerLeads(t TB, open func(TB) Harness) {
	h := open(t)
	c := writes(product(1), product(2))
	c.Former = []catalog.NamedSlug{led("old", 1), led("older", 1)}
	h.accept(t, c) // With the products that they lead to.
	h.leads(t, front(), "old", "product-1")
	h.accept(t, catalog.Commit{Former: []catalog.NamedSlug{led("older", 2)}})
	h.leads(t, front(), "older", "product-2") // The last one counts.
}

func formerHad(t TB, open func(TB) Harness) {
	h := open(t)
	h.save(t, product(1), product(2))
	fresh := writes(product(3))
	fresh.Former = []catalog.NamedSlug{led("product-1", 2), led("product-3", 1), led("free", 2)}
	h.accept(t, fresh)
	for _, had := range []string{"product-1", "product-3"} { // Before the commit, and by it.
		h.leads(t, front(), had, "")
	}
	h.leads(t, front(), "free", "product-2")
}

func formerGone(t TB, open func(TB) Harness) {
	h := open(t)
	h.save(t, product(1))
	h.accept(t, catalog.Commit{Former: []catalog.NamedSlug{led("nowhere", 2), led("old", 1)}})
	h.leads(t, front(), "nowhere", "")
	h.leads(t, front(), "old", "product-1")
	h.save(t, product(2)) // Too late.
	h.leads(t, front(), "nowhere", "")
}

// thingID is the id of the first thing of a kind.
func thingID(kind catalog.SlugKind) ref.UUID {
	switch kind { //nolint:exhaustive // Products are found by their numbers.
	case catalog.BrandSlugs:
		return brand(1).ID.UUID()
	case catalog.CategorySlugs:
		return category(1, 0).ID.UUID()
	case catalog.CollectionSlugs:
		return collection(1).ID.UUID()
	}
	return productID(1).UUID()
}

func slugsForwarded(t TB, open func(TB) Harness) {
	h := open(t)
	for _, kind := range slugKinds {
		h.accept(t, with(catalog.Commit{}, slugged(kind, 1, 1, "first"), slugged(kind, 2, 1, "other")))
		h.accept(t, catalog.Commit{Former: []catalog.NamedSlug{
			{Kind: kind, ID: thingID(kind), Slug: "old"}, {Kind: kind, ID: thingID(kind), Slug: "other"}, {Kind: kind, ID: productID(9).UUID(), Slug: "nowhere"},
		}})
		h.follow(t, kind, "old", "first")
		h.follow(t, kind, "other", "") // Another has it.
		h.follow(t, kind, "nowhere", "")
	}
}

func formerPages(t TB, open func(TB) Harness) {
	h := open(t)
	c := writes(product(1), product(2))
	archived := product(3)
	archived.Status = catalog.Archived
	c.Products = append(c.Products, catalog.Write[catalog.Product]{State: archived})
	var products []catalog.NamedSlug
	for _, slug := range []string{"_b", "a-b", "a.b", "z", "\u00e9", "ab"} { // Bytes, not any collation.
		products = append(products, led(slug, 1+len(slug)))
	}
	for i := range products {
		products[i].ID = productID(1 + i%3).UUID()
	}
	c.Former = products
	h.accept(t, c)
	want := map[catalog.SlugKind][]catalog.NamedSlug{catalog.ProductSlugs: products}
	for _, kind := range slugKinds {
		h.accept(t, with(catalog.Commit{}, slugged(kind, 1, 1, "one")))
		h.accept(t, with(catalog.Commit{}, slugged(kind, 1, 2, "two")))
		n := catalog.NamedSlug{Kind: kind, ID: thingID(kind), Slug: fmt.Sprintf("three-of-%s", kind)}
		h.accept(t, catalog.Commit{Former: []catalog.NamedSlug{n}})
		want[kind] = []catalog.NamedSlug{{Kind: kind, ID: n.ID, Slug: "one"}, n}
	}
	for kind, all := range want {
		slices.SortFunc(all, func(a, b catalog.NamedSlug) int {
			if a.Slug < b.Slug {
				return -1
			}
			return 1
		})
		for limit := 1; limit <= len(all)+1; limit++ {
			if got := h.former(t, kind, limit); !slices.Equal(got, all) {
				t.Errorf("former slugs of kind %s in pages of %d: %v, want %v", kind, limit, got, all)
			}
		}
	}
}

// former reads all former slugs of a kind in pages.
func (h Harness) former(t TB, kind catalog.SlugKind, limit int) []catalog.NamedSlug {
	t.Helper()
	var out []catalog.NamedSlug
	for after := ""; ; {
		page, err := h.Directory.Former(t.Context(), kind, after, limit)
		if err != nil || len(page) > limit || len(out) > 100 {
			t.Fatalf("Former: %d of %d, %v", len(page), limit, err)
		}
		if len(page) == 0 {
			return out
		}
		out = append(out, page...)
		after = page[len(page)-1].Slug
	}
}
