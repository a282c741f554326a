package catalog_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
)

func categoryOf(n byte) ref.CategoryID { return ref.NewID[ref.CategoryKind](ref.UUID{n}) }

// kitchen has mugs below it.
func kitchen() catalog.Tree {
	return catalog.NewTree([]catalog.Category{
		{ID: categoryOf(1), Slug: "kitchen"}, {ID: categoryOf(2), Parent: categoryOf(1), Slug: "mugs"}, {ID: categoryOf(3), Slug: "toys", Position: 1},
	})
}

// candidates are four products that cost 1 to 4 pounds: the first two of a brand, the second in two categories, the even
// ones in stock, the last featured and of a brand by name only.
func candidates() []catalog.Candidate {
	denby := &catalog.Brand{ID: ref.NewID[ref.BrandKind](ref.UUID{1}), Slug: "denby", Text: catalog.Text{Name: "Denby"}, Translations: map[string]catalog.Text{"fr": {Name: "Denbi"}}}
	var out []catalog.Candidate
	for n := range int64(4) {
		p := mug()
		p.ID, p.Slug, p.Title = ref.NewID[ref.ProductKind](ref.UUID{byte(n + 1)}), fmt.Sprint("p", n+1), fmt.Sprint("Mug ", n+1)
		p.Translations = map[string]catalog.Translation{"fr": {Title: fmt.Sprint("Tasse ", n+1)}}
		p.CreatedAt = day.Add(time.Duration(n) * time.Second)
		c := catalog.Candidate{Product: p, Price: costing((n + 1) * 100), InStock: n%2 == 1}
		switch n {
		case 0:
			c.Product.Categories = []ref.CategoryID{categoryOf(1)}
		case 1:
			c.Product.Categories = []ref.CategoryID{categoryOf(2), categoryOf(3)}
		case 3:
			c.Product.Featured, c.Product.Brand = true, "Orwell"
		}
		if n < 2 {
			c.Brand, c.Product.BrandID, c.Product.Brand = denby, denby.ID, "as it was"
		}
		out = append(out, c)
	}
	return out
}

func TestFilterList(t *testing.T) {
	t.Parallel()
	yes, no := true, false
	two, three := money.NewUnitPrice(2_000_000, money.GBP), money.NewUnitPrice(3_000_000, money.GBP)
	for want, q := range map[string]catalog.ListingQuery{
		"p4 p3 p2 p1": {}, "p1 p2 p3 p4": {Sort: catalog.SortPrice}, "p2 p1": {Brands: []string{"denby"}}, "p2": {Categories: []string{"mugs", "none"}},
		"p3 p2": {PriceMin: &two, PriceMax: &three}, "p4 p2": {InStock: &yes}, "p3 p1": {InStock: &no}, "p4": {Featured: &yes}, "p3 p2 p1": {Featured: &no},
		"p1 p2": {Text: "den", Sort: catalog.SortName}, "p2 p4": {Text: "mug", InStock: &yes, Sort: catalog.SortPrice}, "": {Text: "bowl"},
	} {
		q.Limit = catalog.PageMax
		var got []string
		for _, l := range catalog.NewFilter(q, kitchen()).List(candidates(), ref.Scope{Locale: "en-GB"}).Items {
			got = append(got, l.Slug)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%+v: got %v, want %s", q, got, want)
		}
	}
}

func TestFilterListPages(t *testing.T) {
	t.Parallel()
	q, slugs := catalog.ListingQuery{Sort: catalog.SortPriceDown, Limit: 3}, []string{}
	for range 2 {
		page := catalog.NewFilter(q, kitchen()).List(candidates(), ref.Scope{Locale: "fr-CA"})
		for _, l := range page.Items {
			slugs = append(slugs, l.Slug+"="+l.Title+" "+l.Brand)
		}
		if (page.Next == nil) != (q.After != nil) {
			t.Errorf("behind %v comes %v", q.After, page.Next)
		}
		q.After = page.Next
	}
	if want := []string{"p4=Tasse 4 Orwell", "p3=Tasse 3 ", "p2=Tasse 2 Denbi", "p1=Tasse 1 Denbi"}; !slices.Equal(slugs, want) {
		t.Errorf("got %q, want %q", slugs, want)
	}
}

func TestFilterTally(t *testing.T) {
	t.Parallel()
	yes := true
	q := catalog.ListingQuery{Text: "mug", Brands: []string{"denby"}, Categories: []string{"kitchen"}, InStock: &yes}
	all := candidates()
	facets := catalog.NewFilter(q, kitchen()).Tally(all).Facets(q, []catalog.Brand{{ID: all[0].Brand.ID, Slug: "denby"}, {Slug: "other"}}, kitchen())
	want := catalog.Facets{Items: []catalog.Facet{
		{Name: catalog.FacetCategory, Values: []catalog.FacetValue{{Value: "kitchen", Count: 1, Selected: true}, {Value: "mugs", Count: 1}, {Value: "toys", Count: 1}}},
		{Name: catalog.FacetBrand, Values: []catalog.FacetValue{{Value: "denby", Count: 1, Selected: true}}},
		{Name: catalog.FacetInStock, Values: []catalog.FacetValue{{Value: "true", Count: 1, Selected: true}, {Value: "false", Count: 1}}},
		{Name: catalog.FacetFeatured, Values: []catalog.FacetValue{{Value: "false", Count: 1}}},
	}}
	if !reflect.DeepEqual(facets, want) {
		t.Errorf("got %+v, want %+v", facets, want)
	}
	q.Text = "bowl"
	if tally := catalog.NewFilter(q, kitchen()).Tally(all); len(tally.Brands)+len(tally.Categories)+len(tally.InStock)+len(tally.Featured) > 0 {
		t.Errorf("counts of what has not the words: %+v", tally)
	}
}
