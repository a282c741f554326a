package catalogtest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/testing/clausetest"
)

// listingsSortClauses prove [listings-sort] and [listings-keyset].
func listingsSortClauses() []clausetest.Clause[ListingsHarness] {
	return slices.Concat(
		listingCases("listings-sort",
			listingCase{"in every order", sortEvery},
			listingCase{"names by their bytes", sortNames},
		),
		listingCases("listings-keyset",
			listingCase{"page by page", keysetWalk},
			listingCase{"while the list changes", keysetChanges},
			listingCase{"a page that is just full", keysetFull},
			listingCase{"of what is found too often", keysetBroad},
		),
	)
}

func sortEvery(w *listingWorld) {
	titles, costs := []string{"Cup", "bowl", "Ewer", "bowl", "Dish"}, []int64{300, 100, 200, 300, 100}
	for i, title := range titles {
		p := goods(i + 1)
		p.Title = title
		if i >= 3 { // Made at the same moment as the third.
			p.CreatedAt = goods(3).CreatedAt
		}
		w.put(p)
		w.costs(price(i+1, 0, web(), costs[i]))
	}
	for sort, want := range map[catalog.ListingSort]string{
		"": "p5 p4 p3 p2 p1", catalog.SortNewest: "p5 p4 p3 p2 p1", catalog.SortPrice: "p2 p5 p3 p1 p4", catalog.SortPriceDown: "p4 p1 p3 p5 p2",
		catalog.SortName: "p2 p4 p1 p5 p3", catalog.SortRelevance: "p5 p4 p3 p2 p1",
	} {
		w.lists(string(sort), web(), catalog.ListingQuery{Sort: sort}, want)
	}
}

func sortNames(w *listingWorld) {
	for i, title := range []string{"Zebra", "été", "a b", "A  B c", "ab", "_", "Éclair", "10", "9"} {
		p := goods(i + 1)
		p.Title = title
		w.sold(p)
	}
	w.lists("by name", web(), catalog.ListingQuery{Sort: catalog.SortName}, "p8 p9 p6 p3 p4 p5 p1 p7 p2")
}

// pages reads a list page by page and gives the slugs; between does something after each page.
func (w *listingWorld) pages(q catalog.ListingQuery, between func(page int)) []string {
	w.Helper()
	var out []string
	for page := range 1000 {
		got, err := w.h.Listings.List(w.Context(), web(), q)
		if err != nil {
			w.Fatalf("List: %v", err)
		}
		for _, l := range got.Items {
			out = append(out, l.Slug)
		}
		switch {
		case len(got.Items) > q.Limit, got.Next != nil && len(got.Items) < q.Limit:
			w.Fatalf("a page of %d has %d products", q.Limit, len(got.Items))
		case got.Next == nil:
			return out
		case *got.Next != got.Items[len(got.Items)-1].Place:
			w.Errorf("the next page begins at %+v and not behind %+v", *got.Next, got.Items[len(got.Items)-1].Place)
		}
		q.After = got.Next
		between(page)
	}
	w.Fatalf("the list has no end")
	return nil
}

// nothing is done between pages.
func nothing(int) {}

// stocks makes so many products, with few different prices, names, ranks and moments.
func (w *listingWorld) stocks(many int) {
	w.Helper()
	var products []catalog.Product
	for n := 1; n <= many; n++ {
		products = append(products, various(n))
	}
	w.put(products...)
	for n := 1; n <= many; n++ {
		w.costs(price(n, 0, web(), int64(n%3)))
	}
}

// various is the n-th of stocks.
func various(n int) catalog.Product {
	p := goods(n)
	p.Title, p.CreatedAt = fmt.Sprint("Thing ", n%3), dayOf(n%4)
	if n%5 == 0 {
		p.Title, p.Tags = fmt.Sprint("Stuff ", n%3), []string{"thing"}
	}
	return p
}

func keysetWalk(w *listingWorld) {
	const many = 23
	w.stocks(many)
	for _, text := range []string{"", "thing"} {
		for _, sort := range catalog.ListingSorts() {
			q := catalog.ListingQuery{Text: text, Sort: sort, Limit: catalog.PageMax}
			whole := w.pages(q, nothing)
			for _, limit := range []int{1, 4, 7} {
				q.Limit = limit
				if got := w.pages(q, nothing); !slices.Equal(got, whole) || len(got) != many {
					w.Errorf("%q by %s in pages of %d: %v, and in one %v", text, sort, limit, got, whole)
				}
			}
		}
	}
}

func keysetChanges(w *listingWorld) {
	w.stocks(9)
	here := func(slug string) bool { return slug == "p7" }
	for _, sort := range catalog.ListingSorts() {
		q := catalog.ListingQuery{Text: "thing", Sort: sort, Limit: 3}
		stay := slices.DeleteFunc(w.pages(q, nothing), here)
		comes := various(7)
		got := w.pages(q, func(page int) { // It goes and comes back.
			comes.Status = []catalog.Status{catalog.Archived, catalog.Active}[page%2]
			w.put(comes)
		})
		if got = slices.DeleteFunc(got, here); !slices.Equal(got, stay) {
			w.Errorf("by %s: %v of those that stay, want %v", sort, got, stay)
		}
		comes.Status = catalog.Active
		w.put(comes)
	}
}

func keysetBroad(w *listingWorld) {
	w.stocks(9)
	q := catalog.ListingQuery{Text: "thing", Sort: catalog.SortRelevance, Breadth: 7, Limit: catalog.PageMax}
	whole := w.pages(q, nothing)
	for q.Limit = 1; q.Limit < 8; q.Limit++ {
		if got := w.pages(q, nothing); !slices.Equal(got, whole) {
			w.Errorf("in pages of %d: %v, and in one %v", q.Limit, got, whole)
		}
	}
}

func keysetFull(w *listingWorld) {
	w.stocks(4)
	for _, sort := range catalog.ListingSorts() {
		q := catalog.ListingQuery{Sort: sort, Limit: 4}
		page, err := w.h.Listings.List(w.Context(), web(), q)
		if err != nil || len(page.Items) != 4 || page.Next != nil {
			w.Fatalf("by %s: %d products and next %v, %v; want the last page", sort, len(page.Items), page.Next, err)
		}
		q.After = &page.Items[3].Place
		if rest := w.pages(q, nothing); len(rest) > 0 {
			w.Errorf("by %s: behind the last comes %s", sort, strings.Join(rest, " "))
		}
	}
}
