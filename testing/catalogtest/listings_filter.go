package catalogtest

import (
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/clausetest"
)

// listingsFilterClauses prove [listings-filter].
func listingsFilterClauses() []clausetest.Clause[ListingsHarness] {
	return listingCases("listings-filter",
		listingCase{"each by itself", filterEach},
		listingCase{"all at once", filterTogether},
		listingCase{"by a category that moves", filterMoved},
		listingCase{"as last committed", filterCommitted},
	)
}

func yes() *bool {
	v := true
	return &v
}

func no() *bool {
	v := false
	return &v
}

// quid is a price in whole pounds.
func quid(n int64) *money.UnitPrice {
	u := money.NewUnitPrice(n*1_000_000, money.GBP)
	return &u
}

// furnished has six products that cost 1 to 6 pounds: the first three of brand a, the fourth of brand b, the last of a
// brand by name only, and nobody's of brand c; categories kitchen (1, 2), mugs (2) and small mugs (3) below it, toys (3, 4),
// and garden, which is empty; the even ones featured, those from the fourth on in stock.
func (w *listingWorld) furnished() []catalog.Product {
	w.Helper()
	for n, name := range []string{"A", "B", "C"} {
		w.putBrand(brandOf(n+1, name))
	}
	w.putCategories(categoryOf(1, 0, "kitchen"), categoryOf(2, 1, "mugs"), categoryOf(3, 0, "toys"), categoryOf(4, 0, "garden"), categoryOf(5, 2, "small-mugs"))
	categories := map[int][]int{1: {1}, 2: {2, 1}, 3: {5, 3}, 4: {3}}
	var out []catalog.Product
	for n := 1; n <= 6; n++ {
		p := goods(n)
		p.Featured = n%2 == 0
		switch {
		case n <= 3:
			p.BrandID, p.Brand = listingID[ref.BrandKind](1), "A"
		case n == 4:
			p.BrandID, p.Brand = listingID[ref.BrandKind](2), "B"
		case n == 6:
			p.Brand = "B"
		}
		for _, c := range categories[n] {
			p.Categories = append(p.Categories, listingID[ref.CategoryKind](c))
		}
		if n >= 4 {
			w.stock(skuOf(n, 0), "a", 1)
		}
		out = append(out, p)
	}
	w.sold(out...)
	return out
}

func filterEach(w *listingWorld) {
	w.furnished()
	for want, queries := range map[string][]catalog.ListingQuery{
		"p6 p5 p4 p3 p2 p1": {{}, {PriceMin: quid(0)}, {PriceMax: quid(6)}},
		"p3 p2 p1":          {{Brands: []string{"a"}}, {PriceMax: quid(3)}, {InStock: no()}, {Categories: []string{"kitchen"}}},
		"p4 p3 p2 p1":       {{Brands: []string{"b", "a"}}, {Categories: []string{"toys", "kitchen"}}, {Categories: []string{"mugs", "kitchen", "toys"}}},
		"p4":                {{Brands: []string{"b"}}, {Brands: []string{"b", "c", "x"}}, {PriceMin: quid(4), PriceMax: quid(4)}},
		"p3 p2":             {{Categories: []string{"mugs"}}, {PriceMin: quid(2), PriceMax: quid(3)}},
		"p4 p3":             {{Categories: []string{"toys", "x"}}},
		"p3":                {{Categories: []string{"small-mugs"}}},
		"p6 p5 p4":          {{InStock: yes()}, {PriceMin: quid(4)}},
		"p6 p4 p2":          {{Featured: yes()}},
		"p5 p3 p1":          {{Featured: no()}},
		"":                  {{Brands: []string{"c"}}, {Brands: []string{"x"}}, {Categories: []string{"garden"}}, {Categories: []string{"x"}}, {PriceMin: quid(7)}},
	} {
		for _, q := range queries {
			w.lists("filtered", web(), q, want)
		}
	}
}

func filterTogether(w *listingWorld) {
	w.furnished()
	w.lists("two", web(), catalog.ListingQuery{Brands: []string{"a"}, Categories: []string{"toys"}}, "p3")
	w.lists("three", web(), catalog.ListingQuery{Brands: []string{"a", "b"}, Categories: []string{"toys"}, Featured: yes()}, "p4")
	every := catalog.ListingQuery{
		Brands: []string{"a", "b"}, Categories: []string{"toys"}, Featured: yes(), InStock: yes(), PriceMin: quid(4), PriceMax: quid(4),
	}
	w.lists("all", web(), every, "p4")
	for _, q := range []func(q *catalog.ListingQuery){
		func(q *catalog.ListingQuery) { q.Brands = q.Brands[:1] },
		func(q *catalog.ListingQuery) { q.Categories = []string{"kitchen"} },
		func(q *catalog.ListingQuery) { q.Featured = no() },
		func(q *catalog.ListingQuery) { q.InStock = no() },
		func(q *catalog.ListingQuery) { q.PriceMin, q.PriceMax = quid(5), quid(6) },
	} {
		one := every
		q(&one)
		w.lists("all but one", web(), one, "")
	}
}

func filterMoved(w *listingWorld) {
	w.furnished()
	mugs := categoryOf(2, 4, "mugs")
	w.putCategories(mugs)
	w.lists("below the garden", web(), catalog.ListingQuery{Categories: []string{"garden"}}, "p3 p2")
	w.lists("no longer in the kitchen", web(), catalog.ListingQuery{Categories: []string{"kitchen"}}, "p2 p1")
	mugs.Slug = "cups"
	w.putCategories(mugs)
	w.lists("under another slug", web(), catalog.ListingQuery{Categories: []string{"cups"}}, "p3 p2")
	w.lists("not under the old one", web(), catalog.ListingQuery{Categories: []string{"mugs"}}, "")
}

func filterCommitted(w *listingWorld) {
	p := w.furnished()[4]
	p.BrandID, p.Brand, p.Featured, p.Categories = listingID[ref.BrandKind](3), "C", true, []ref.CategoryID{listingID[ref.CategoryKind](4)}
	w.put(p)
	w.lists("its brand", web(), catalog.ListingQuery{Brands: []string{"c"}}, "p5")
	w.lists("its category", web(), catalog.ListingQuery{Categories: []string{"garden"}}, "p5")
	w.lists("featured", web(), catalog.ListingQuery{Featured: yes()}, "p6 p5 p4 p2")
}
