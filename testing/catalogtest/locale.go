package catalogtest

import (
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

func localeClauses() []Clause {
	return []Clause{
		{ID: "products-locale", Case: "each read", Run: localeReads},
		{ID: "products-locale", Case: "the next best", Run: localeFallback},
	}
}

// translated is the first product with French texts, and others in Canada.
func translated() catalog.Product {
	p := product(1)
	p.Translations = full().Translations
	return p
}

func localeReads(t TB, open func(TB) Harness) {
	h := open(t)
	p := translated()
	h.save(t, p)
	want, _ := p.In(french("fr"))
	for how, read := range map[string]func() (catalog.Product, error){
		"ByID":   func() (catalog.Product, error) { return h.Products.ByID(t.Context(), french("fr"), p.ID) },
		"BySlug": func() (catalog.Product, error) { return h.Products.BySlug(t.Context(), french("fr"), p.Slug) },
		"List": func() (catalog.Product, error) {
			page, err := h.Products.List(t.Context(), french("fr"), catalog.ListQuery{Limit: 1})
			return append(page.Items, catalog.Product{})[0], err
		},
	} {
		got, err := read()
		if err != nil {
			t.Errorf("%s: %v", how, err)
		}
		same(t, got, want)
	}
	same(t, h.stored(t, p.Slug), p)
	if want.Title != "Tasse" || want.Options[0] != "Taille" || want.Variants[1].Options[0] != "Grande" {
		t.Errorf("In gives %+v", want)
	}
}

func localeFallback(t TB, open func(TB) Harness) {
	h := open(t)
	p := translated()
	h.save(t, p, product(2))
	for locale, want := range map[string][2]string{
		"fr-CA": {"Tasse d'ici", "Petite"}, "fr-BE": {"Tasse", "Petite"}, "fr": {"Tasse", "Petite"}, "de": {"Product 1", "Small"}, "": {"Product 1", "Small"},
	} {
		got, err := h.Products.ByID(t.Context(), french(locale), p.ID)
		if err != nil || got.Title != want[0] || got.Variants[0].Options[0] != want[1] {
			t.Errorf("ByID in %q: %q, %v, %v; want %v", locale, got.Title, got.Variants, err, want)
		}
		for _, skus := range [][]ref.SKU{nil, {p.Variants[0].SKU}} {
			ids := []ref.VariantID{p.Variants[0].ID}
			if skus != nil {
				ids = nil
			}
			sold, err := h.Products.Sellable(t.Context(), french(locale), ids, skus)
			if err != nil || len(sold) != 1 || sold[0].Title != want[0] || sold[0].Options[0] != want[1] {
				t.Errorf("Sellable in %q: %+v, %v; want %v", locale, sold, err, want)
			}
		}
	}
	if got, err := h.Products.ByID(t.Context(), french("fr"), product(2).ID); err != nil || got.Title != "Product 2" {
		t.Errorf("a product without translations: %q, %v", got.Title, err)
	}
}
