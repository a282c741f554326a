package catalogtest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/clausetest"
)

// listingsFacetClauses prove [listings-facets].
func listingsFacetClauses() []clausetest.Clause[ListingsHarness] {
	return listingCases("listings-facets",
		listingCase{"of everything", facetsAll},
		listingCase{"but the facet's own filter", facetsDisjunctive},
		listingCase{"in the scope's locale", facetsLocale},
		listingCase{"at the scope's moment", facetsMoment},
	)
}

// facets fails unless these are the facets, such as "brand: a=3 b=1*", the star for what is selected.
func (w *listingWorld) facets(what string, scope ref.Scope, q catalog.ListingQuery, want ...string) {
	w.Helper()
	facets, err := w.h.Listings.Facets(w.Context(), scope, q)
	if err != nil {
		w.Fatalf("Facets: %v", err)
	}
	var got []string
	for _, f := range facets.Items {
		line := []string{f.Name + ":"}
		for _, v := range f.Values {
			value := fmt.Sprintf("%s=%d", v.Value, v.Count)
			if v.Selected {
				value += "*"
			}
			line = append(line, value)
		}
		got = append(got, strings.Join(line, " "))
	}
	if !slices.Equal(got, want) {
		w.Errorf("%s: the facets are\n%s\nwant\n%s", what, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func facetsAll(w *listingWorld) {
	w.facets("nothing", web(), everything, "category:", "brand:", "in_stock:", "featured:")
	w.furnished()
	w.facets("everything", web(), everything,
		"category: kitchen=3 mugs=2 small-mugs=1 toys=2", "brand: a=3 b=1", "in_stock: true=3 false=3", "featured: true=3 false=3")
	w.facets("nowhere", within("market", web().Currency), everything, "category:", "brand:", "in_stock:", "featured:")
}

func facetsDisjunctive(w *listingWorld) {
	w.furnished()
	w.facets("a brand", web(), catalog.ListingQuery{Brands: []string{"a"}},
		"category: kitchen=3 mugs=2 small-mugs=1 toys=1", "brand: a=3* b=1", "in_stock: false=3", "featured: true=1 false=2")
	w.facets("a category", web(), catalog.ListingQuery{Categories: []string{"toys"}},
		"category: kitchen=3 mugs=2 small-mugs=1 toys=2*", "brand: a=1 b=1", "in_stock: true=1 false=1", "featured: true=1 false=1")
	w.facets("two of each", web(), catalog.ListingQuery{Categories: []string{"toys", "garden"}, Brands: []string{"b", "c", "x"}},
		"category: toys=1* garden=0*", "brand: a=1 b=1* c=0*", "in_stock: true=1", "featured: true=1")
	w.facets("stock and featured", web(), catalog.ListingQuery{InStock: yes(), Featured: no()},
		"category:", "brand:", "in_stock: true=1* false=2", "featured: true=2 false=1*")
	w.facets("words and prices", web(), catalog.ListingQuery{Text: "thing", PriceMin: quid(2), PriceMax: quid(4), InStock: no()},
		"category: kitchen=2 mugs=2 small-mugs=1 toys=1", "brand: a=2", "in_stock: true=1 false=2*", "featured: true=1 false=1")
	w.facets("no such words", web(), catalog.ListingQuery{Text: "other", InStock: yes()}, "category:", "brand:", "in_stock: true=0*", "featured:")
}

func facetsLocale(w *listingWorld) {
	b, c := brandOf(1, "Marsh"), categoryOf(1, 0, "kitchen")
	b.Translations, c.Translations = map[string]catalog.Text{"fr": {Name: "Marais"}}, map[string]catalog.Text{"fr": {Name: "Cuisine"}}
	w.putBrand(b)
	w.putCategories(c)
	p := goods(1)
	p.BrandID, p.Brand, p.Categories = b.ID, "Marsh", []ref.CategoryID{c.ID}
	w.sold(p)
	for locale, want := range map[string]string{"en-GB": "KITCHEN Marsh", "fr-CA": "Cuisine Marais"} {
		scope := web()
		scope.Locale = locale
		facets, err := w.h.Listings.Facets(w.Context(), scope, everything)
		if err != nil || len(facets.Items) != 4 || len(facets.Items[0].Values) != 1 || len(facets.Items[1].Values) != 1 {
			w.Fatalf("Facets: %+v, %v", facets, err)
		}
		if got := facets.Items[0].Values[0].Name + " " + facets.Items[1].Values[0].Name; got != want {
			w.Errorf("in %s: %s, want %s", locale, got, want)
		}
	}
}

func facetsMoment(w *listingWorld) {
	b := brandOf(1, "A")
	w.putBrand(b)
	p := goods(1)
	p.BrandID, p.Brand = b.ID, "A"
	w.put(p)
	w.costs(during(price(1, 0, web(), 100), 0, 2), price(1, 0, web(), 900))
	cheap := catalog.ListingQuery{Brands: []string{"a"}, PriceMax: quid(1)}
	w.facets("before", onDay(1), cheap, "category:", "brand: a=1*", "in_stock: false=1", "featured: false=1")
	w.facets("after", onDay(2), cheap, "category:", "brand: a=0*", "in_stock:", "featured:")
}
