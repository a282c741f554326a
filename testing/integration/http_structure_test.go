package integration_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// slugsOf are the slugs of a list.
func (a httpAnswer) slugsOf(t *testing.T) string {
	t.Helper()
	var out []string
	items, _ := a.at(t, "items").([]any)
	for i := range items {
		out = append(out, a.text(t, "items", i, "slug"))
	}
	return strings.Join(out, " ")
}

// everyPage reads a list to its end and gives the slugs of all pages.
func (s *httpShop) everyPage(t *testing.T, target string) string {
	t.Helper()
	var out []string
	next := target
	for range 50 {
		a := s.want(t, http.StatusOK, http.MethodGet, next, "")
		if slugs := a.slugsOf(t); slugs != "" {
			out = append(out, slugs)
		}
		if a.at(t, "next_cursor") == nil {
			return strings.Join(out, " ")
		}
		next = target + "&cursor=" + a.text(t, "next_cursor")
	}
	t.Fatalf("%s does not end", target)
	return ""
}

// edit changes a product as stored.
func (s *httpShop) edit(t *testing.T, slug string, change func(p *catalog.Product)) {
	t.Helper()
	p, err := s.Catalog.Find(t.Context(), slug)
	if err != nil {
		t.Fatal(err)
	}
	change(&p)
	if _, err := s.Catalog.Save(t.Context(), p); err != nil {
		t.Fatal(err)
	}
}

func TestHTTPNarrowsAndSortsTheList(t *testing.T) {
	t.Parallel()
	s := newHTTPShop(t)
	kitchen, err := s.Catalog.SaveCategory(t.Context(), catalog.Category{Text: catalog.Text{Name: "Kitchen"}})
	if err != nil {
		t.Fatal(err)
	}
	mugs, err := s.Catalog.SaveCategory(t.Context(), catalog.Category{Parent: kitchen.ID, Text: catalog.Text{Name: "Mugs"}})
	if err != nil {
		t.Fatal(err)
	}
	s.edit(t, "mug", func(p *catalog.Product) { p.Categories, p.Featured = []ref.CategoryID{mugs.ID}, true })
	s.edit(t, "pin", func(p *catalog.Product) { p.Categories = []ref.CategoryID{kitchen.ID} })
	for query, want := range map[string]string{
		"sort=price":                     "pin crème_brûlée.1 mug shirt",
		"sort=-price":                    "shirt mug crème_brûlée.1 pin",
		"sort=name":                      "crème_brûlée.1 mug pin shirt",
		"sort=relevance&q=the":           "crème_brûlée.1 pin shirt mug",
		"q=shi":                          "shirt",
		"q=SHIRT-M":                      "shirt",
		"q=shrit":                        "shirt",
		"q=shrit&featured=true":          "",
		"q=nothing":                      "",
		"category=kitchen&sort=name":     "mug pin",
		"category=mugs":                  "mug",
		"category=mugs,nowhere":          "mug",
		"category=nowhere":               "",
		"brand=orwell":                   "mug",
		"price_min=4&sort=price":         "crème_brûlée.1 mug shirt",
		"price_max=12.50&sort=price":     "pin crème_brûlée.1 mug",
		"price_min=4.01&price_max=17.98": "mug",
		"in_stock=false":                 "",
		"in_stock=true&featured=true":    "mug",
		"featured=false&sort=name":       "crème_brûlée.1 pin shirt",
	} {
		for _, limit := range []string{"1", "100"} {
			if got := s.everyPage(t, productsPath+"?limit="+limit+"&"+query); got != want {
				t.Errorf("%s in pages of %s: %q, want %q", query, limit, got, want)
			}
		}
	}
	a := s.want(t, http.StatusOK, http.MethodGet, productsPath+"?facets=true&category=mugs&limit=1", "")
	var facets []string
	for i := range a.at(t, "facets").([]any) {
		for j := range a.at(t, "facets", i, "values").([]any) {
			facets = append(facets, fmt.Sprintf("%s=%s:%v:%v", a.text(t, "facets", i, "name"), a.text(t, "facets", i, "values", j, "value"),
				a.at(t, "facets", i, "values", j, "count"), a.at(t, "facets", i, "values", j, "selected")))
		}
	}
	want := []string{"category=kitchen:2:false", "category=mugs:1:true", "brand=orwell:1:false", "in_stock=true:1:false", "featured=true:1:false"}
	if !slices.Equal(facets, want) {
		t.Errorf("facets %v, want %v", facets, want)
	}
	if plain := s.want(t, http.StatusOK, http.MethodGet, productsPath, ""); strings.Contains(plain.body, "facets") {
		t.Errorf("facets that nobody asked for: %s", plain.body)
	}
}

func TestHTTPCategories(t *testing.T) {
	t.Parallel()
	s := newHTTPShop(t)
	var ids []ref.CategoryID
	for _, name := range []string{"Kitchen", "Mugs", "Tiny mugs"} {
		c := catalog.Category{Text: catalog.Text{Name: name, SEO: catalog.SEO{Title: name + "!"}}, Translations: map[string]catalog.Text{"fr": {Name: name + " (fr)"}}}
		if len(ids) > 0 {
			c.Parent = ids[len(ids)-1]
		}
		saved, err := s.Catalog.SaveCategory(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, saved.ID)
	}
	tree := s.want(t, http.StatusOK, http.MethodGet, "/api/v1/categories", "", "Accept-Language", "fr")
	if got := tree.text(t, "items", 0, "children", 0, "children", 0, "name"); got != "Tiny mugs (fr)" {
		t.Errorf("the tree: %s", tree.body)
	}
	mugs := s.want(t, http.StatusOK, http.MethodGet, "/api/v1/categories/mugs", "")
	if got := mugs.text(t, "name") + mugs.text(t, "seo", "title") + mugs.text(t, "path", 0, "slug") + mugs.text(t, "children", 0, "slug"); got != "MugsMugs!kitchentiny-mugs" {
		t.Errorf("a category: %s", mugs.body)
	}
	c, err := s.Catalog.Tree(t.Context(), ref.Scope{})
	if err != nil {
		t.Fatal(err)
	}
	renamed, _ := c.BySlug("mugs")
	renamed.Slug = "crème-mugs"
	if _, err := s.Catalog.SaveCategory(t.Context(), renamed); err != nil {
		t.Fatal(err)
	}
	moved := s.call(t, http.MethodGet, "/api/v1/categories/mugs", "")
	if moved.status != http.StatusMovedPermanently || moved.header.Get("Location") != "/api/v1/categories/cr%C3%A8me-mugs" {
		t.Errorf("an old slug: %d %v", moved.status, moved.header)
	}
	if got := s.call(t, http.MethodGet, "/api/v1/categories/none", "").problem(t); got != "404 not_found" {
		t.Error(got)
	}
}

func TestHTTPBrandsAndCollections(t *testing.T) {
	t.Parallel()
	s := newHTTPShop(t)
	for _, name := range []string{"Ebb", "Ålesund", "Zed"} {
		if _, err := s.Catalog.SaveBrand(t.Context(), catalog.Brand{Text: catalog.Text{Name: name, Description: "Made by hand"}}); err != nil {
			t.Fatal(err)
		}
	}
	if got := s.everyPage(t, "/api/v1/brands?limit=2"); got != "ebb orwell zed ålesund" && got != "ebb orwell zed alesund" {
		t.Errorf("brands: %s", got)
	}
	brand := s.want(t, http.StatusOK, http.MethodGet, "/api/v1/brands/ebb", "")
	if brand.text(t, "name")+brand.text(t, "description") != "EbbMade by hand" {
		t.Errorf("a brand: %s", brand.body)
	}
	if got := s.want(t, http.StatusOK, http.MethodGet, productsPath+"/mug", "").text(t, "brand_slug"); got != "orwell" {
		t.Errorf("the brand of a product: %s", got)
	}
	b, err := s.Catalog.Brand(t.Context(), ref.Scope{}, "ebb")
	if err != nil {
		t.Fatal(err)
	}
	b.Slug = "ebb-lane"
	if _, err := s.Catalog.SaveBrand(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	if moved := s.call(t, http.MethodGet, "/api/v1/brands/ebb", ""); moved.status != http.StatusMovedPermanently || moved.header.Get("Location") != "/api/v1/brands/ebb-lane" {
		t.Errorf("an old slug: %d %v", moved.status, moved.header)
	}
	var chosen []ref.ProductID
	for _, slug := range []string{"mug", "hidden", "shirt", "pin"} {
		p, err := s.Catalog.Find(t.Context(), slug)
		if err != nil {
			t.Fatal(err)
		}
		chosen = append(chosen, p.ID)
	}
	spring, err := s.Catalog.SaveCollection(t.Context(), catalog.Collection{Text: catalog.Text{Name: "Spring"}, Products: chosen})
	if err != nil {
		t.Fatal(err)
	}
	secret := catalog.Collection{Text: catalog.Text{Name: "Secret"}, Listings: []catalog.Listing{{Channel: "b2b", Published: true}}}
	if _, err := s.Catalog.SaveCollection(t.Context(), secret); err != nil {
		t.Fatal(err)
	}
	if got := s.everyPage(t, "/api/v1/collections?limit=1"); got != "spring" {
		t.Errorf("collections: %s", got)
	}
	for _, limit := range []int{1, 2, 3, 10} {
		if got := s.everyPage(t, fmt.Sprintf("/api/v1/collections/spring?limit=%d", limit)); got != "mug shirt pin" {
			t.Errorf("members in pages of %d: %s", limit, got)
		}
	}
	members := s.want(t, http.StatusOK, http.MethodGet, "/api/v1/collections/spring", "")
	if got := members.pounds(t, "items", 1, "price") + members.text(t, "name"); got != "17.99Spring" || members.at(t, "items", 0, "in_stock") != true {
		t.Errorf("a collection: %s", members.body)
	}
	spring.Slug = "summer"
	if _, err := s.Catalog.SaveCollection(t.Context(), spring); err != nil {
		t.Fatal(err)
	}
	if moved := s.call(t, http.MethodGet, "/api/v1/collections/spring", ""); moved.status != http.StatusMovedPermanently || moved.header.Get("Location") != "/api/v1/collections/summer" {
		t.Errorf("an old slug: %d %v", moved.status, moved.header)
	}
	for _, path := range []string{"/api/v1/collections/secret", "/api/v1/collections/none", "/api/v1/brands/none"} {
		if got := s.call(t, http.MethodGet, path, "").problem(t); got != "404 not_found" {
			t.Errorf("%s: %s", path, got)
		}
	}
}
