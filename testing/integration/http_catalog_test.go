package integration_test

import (
	"net/http"
	"testing"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

func TestHTTPShowsWhereAProductBelongs(t *testing.T) {
	t.Parallel()
	s := newHTTPShop(t)
	c, err := s.Catalog.SaveCategory(t.Context(), catalog.Category{
		Text: catalog.Text{Name: "Mugs & jugs"}, Translations: map[string]catalog.Text{"fr": {Name: "Tasses"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.Catalog.Find(t.Context(), "mug")
	if err != nil {
		t.Fatal(err)
	}
	p.Categories = []ref.CategoryID{c.ID}
	if _, err := s.Catalog.Save(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	for language, name := range map[string]string{"en-GB": "Mugs & jugs", "fr-CA": "Tasses"} {
		got := s.want(t, http.StatusOK, http.MethodGet, productsPath+"/mug", "", "Accept-Language", language)
		if text := got.text(t, "categories", 0, "name") + " " + got.text(t, "categories", 0, "slug"); text != name+" mugs-jugs" {
			t.Errorf("in %s: %s", language, text)
		}
	}
}

func TestHTTPRedirectsAnOldSlug(t *testing.T) {
	t.Parallel()
	s := newHTTPShop(t)
	p, err := s.Catalog.Find(t.Context(), "mug")
	if err != nil {
		t.Fatal(err)
	}
	for _, slug := range []string{"crème-mug", "stoneware-mug"} {
		p.Slug = slug
		if p, err = s.Catalog.Save(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	for _, old := range []string{"mug", "cr%C3%A8me-mug"} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			got := s.call(t, method, productsPath+"/"+old, "")
			if got.status != http.StatusMovedPermanently || got.header.Get("Location") != productsPath+"/stoneware-mug" || got.body != "" ||
				got.header.Get("Cache-Control") != "no-cache" {
				t.Errorf("%s %s: %d %v %s", method, old, got.status, got.header, got.body)
			}
		}
	}
	p.Status = catalog.Draft
	if _, err = s.Catalog.Save(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if got := s.call(t, http.MethodGet, productsPath+"/mug", "").problem(t); got != "404 not_found" {
		t.Errorf("an old slug of a draft: %s", got)
	}
}
