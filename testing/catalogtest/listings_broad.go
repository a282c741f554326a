package catalogtest

import (
	"strconv"
	"strings"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/testing/clausetest"
)

// listingsBroadClauses prove [listings-broad].
func listingsBroadClauses() []clausetest.Clause[ListingsHarness] {
	return listingCases("listings-broad",
		listingCase{"the newest are ranked", broadRanked},
		listingCase{"of those that pass", broadFiltered},
		listingCase{"in another order all are there", broadSorted},
		listingCase{"at its end", broadEnd},
		listingCase{"the newest are counted", broadFacets},
	)
}

// approximate fails unless the list is that of the slugs and says that it is approximate, or not.
func (w *listingWorld) approximate(what string, q catalog.ListingQuery, approximate bool, want string) {
	w.Helper()
	q.Limit = catalog.PageMax
	page, err := w.h.Listings.List(w.Context(), web(), q)
	if err != nil {
		w.Fatalf("List: %v", err)
	}
	var got []string
	for _, l := range page.Items {
		got = append(got, l.Slug)
	}
	if strings.Join(got, " ") != want || page.Approximate != approximate || page.Next != nil {
		w.Errorf("%s: the list is %v, approximate %v, next %v; want %s, %v", what, got, page.Approximate, page.Next, want, approximate)
	}
}

// shelf puts five products on sale that a search for mug finds, the old ones best, and one that it does not find.
func (w *listingWorld) shelf() {
	w.Helper()
	var products []catalog.Product
	for n, title := range []string{"Mug", "Mug", "Cup", "Cup", "Saucer", "Bowl"} {
		p := goods(n + 1)
		p.Title, p.Featured = title, n%2 == 0
		switch n {
		case 2:
			p.Variants[0].Barcode = "mug"
		case 3, 4:
			p.Tags = []string{"mug"}
		}
		products = append(products, p)
	}
	w.sold(products...)
}

// broad searches for mugs by relevance among so many.
func broad(breadth int) catalog.ListingQuery {
	return catalog.ListingQuery{Text: "mug", Sort: catalog.SortRelevance, Breadth: breadth}
}

func broadRanked(w *listingWorld) {
	w.shelf()
	w.approximate("three", broad(3), true, "p3 p5 p4")
	w.approximate("four", broad(4), true, "p2 p3 p5 p4")
	w.approximate("as many as there are", broad(5), false, "p2 p1 p3 p5 p4")
	w.approximate("more", broad(0), false, "p2 p1 p3 p5 p4")
	none := broad(1)
	none.Text = " - "
	w.approximate("no words", none, false, "p6 p5 p4 p3 p2 p1")
}

func broadFiltered(w *listingWorld) {
	w.shelf()
	q := broad(3)
	q.Featured = yes()
	w.approximate("featured", q, false, "p1 p3 p5")
	q.Breadth = 2
	w.approximate("fewer of them", q, true, "p3 p5")
	q.Featured, q.PriceMax = nil, quid(2)
	w.approximate("cheap", q, false, "p2 p1")
}

func broadSorted(w *listingWorld) {
	w.shelf()
	for _, sort := range []catalog.ListingSort{"", catalog.SortNewest, catalog.SortPriceDown} {
		q := broad(2)
		q.Sort = sort
		w.approximate(string(sort), q, false, "p5 p4 p3 p2 p1")
	}
}

// broadEnd reads the last page, and behind it.
func broadEnd(w *listingWorld) {
	w.shelf()
	q := broad(4)
	q.Limit = 4
	for _, what := range []string{"the last page", "behind the end"} {
		page, err := w.h.Listings.List(w.Context(), web(), q)
		if err != nil || !page.Approximate {
			w.Fatalf("%s: approximate %v, %v", what, page.Approximate, err)
		}
		if len(page.Items) > 0 {
			q.After = &page.Items[len(page.Items)-1].Place
		}
	}
}

func broadFacets(w *listingWorld) {
	w.furnished()
	for _, tc := range []struct {
		q           catalog.ListingQuery
		featured    string // The counts of those that are and those that are not.
		approximate bool
	}{
		{catalog.ListingQuery{Breadth: 6}, "3 3", false},
		{catalog.ListingQuery{Breadth: 3}, "2 1", true},
		{catalog.ListingQuery{Breadth: 3, Text: "thing"}, "2 1", true},
		{catalog.ListingQuery{Breadth: 3, Text: "thing", Sort: catalog.SortRelevance, PriceMax: quid(5)}, "1 2", true},
		{catalog.ListingQuery{Breadth: 3, Brands: []string{"a"}}, "1 2", true}, // Of all brands there are more.
		{catalog.ListingQuery{Breadth: 4, Brands: []string{"a"}, PriceMax: quid(4)}, "1 2", false},
		{catalog.ListingQuery{Breadth: 1, Brands: []string{"b"}, InStock: yes(), Categories: []string{"toys"}}, "1", false},
	} {
		facets, err := w.h.Listings.Facets(w.Context(), web(), tc.q)
		if err != nil || len(facets.Items) != 4 {
			w.Fatalf("Facets: %+v, %v", facets, err)
		}
		var counts []string
		for _, v := range facets.Items[3].Values {
			counts = append(counts, strconv.FormatInt(v.Count, 10))
		}
		if got := strings.Join(counts, " "); got != tc.featured || facets.Approximate != tc.approximate {
			w.Errorf("%+v: %s, approximate %v; want %s, %v", tc.q, got, facets.Approximate, tc.featured, tc.approximate)
		}
	}
}
