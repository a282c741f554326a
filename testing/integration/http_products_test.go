package integration_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/domain/catalog"
)

const productsPath = "/api/v1/products"

func TestHTTPListsProducts(t *testing.T) {
	t.Parallel()
	s := newHTTPShop(t)
	a := s.want(t, http.StatusOK, http.MethodGet, productsPath, "")
	var slugs []string
	for i := range a.at(t, "items").([]any) {
		slugs = append(slugs, a.text(t, "items", i, "slug"))
	}
	if want := []string{"crème_brûlée.1", "pin", "shirt", "mug"}; !slices.Equal(slugs, want) {
		t.Errorf("newest first, without the ghost, which has no price: %v, want %v", slugs, want)
	}
	if a.at(t, "next_cursor") != nil {
		t.Errorf("the only page has a next: %s", a.body)
	}
	for i, want := range []struct {
		price, was any
		inStock    bool
		image      string
	}{
		{"4.00", nil, true, "/media/drawn/cr-me-br-l-e-1.svg"},
		{"0.001", nil, true, "/media/drawn/pin.svg"},
		{"17.99", "24.00", true, "/media/demo/shirt%20blue.svg"},
		{"12.50", nil, true, "/media/drawn/mug.svg"},
	} {
		for member, amount := range map[string]any{"price": want.price, "compare_at": want.was} {
			switch got := a.at(t, "items", i, member); {
			case amount == nil && got != nil, amount != nil && (got == nil || a.pounds(t, "items", i, member) != amount):
				t.Errorf("%s %s: %v, want %v", slugs[i], member, got, amount)
			}
		}
		if got := a.at(t, "items", i, "in_stock"); got != want.inStock {
			t.Errorf("%s in_stock: %v", slugs[i], got)
		}
		image := a.text(t, "items", i, "image")
		if image != want.image {
			t.Errorf("%s image: %s, want %s", slugs[i], image, want.image)
		}
		if strings.HasPrefix(image, "/media/drawn/") {
			if got := s.rawStatus(t, image); got != http.StatusOK {
				t.Errorf("%s: %d", image, got)
			}
		}
	}
	if strings.Contains(a.body, "example") {
		t.Errorf("a foreign host is shown: %s", a.body)
	}
}

// rawStatus fetches what is not JSON.
func (s *httpShop) rawStatus(t *testing.T, target string) int {
	t.Helper()
	request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, target, http.NoBody)
	response, err := s.App().Test(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	return response.StatusCode
}

func TestHTTPShowsAProduct(t *testing.T) {
	t.Parallel()
	s := newHTTPShop(t)
	a := s.want(t, http.StatusOK, http.MethodGet, productsPath+"/shirt", "")
	if got := s.want(t, http.StatusOK, http.MethodGet, productsPath+"/"+a.text(t, "id"), ""); got.body != a.body {
		t.Errorf("by id %s, by slug %s", got.body, a.body)
	}
	if got := a.text(t, "media", 0, "url") + " " + a.text(t, "media", 0, "alt"); got != "/media/demo/shirt%20blue.svg A blue shirt" || len(a.at(t, "media").([]any)) != 1 {
		t.Errorf("media %v", a.at(t, "media"))
	}
	if got := fmt.Sprint(a.at(t, "categories")); got != "[]" {
		t.Errorf("categories %s", got)
	}
	for i, want := range []struct {
		sku, title string
		priced     bool
		available  float64
	}{{"SHIRT-S", "S / Blue", true, 3}, {"SHIRT-M", "M / Blue", true, 0}, {"SHIRT-X", "X / Blue", false, 1}} {
		at := func(member string) any { return a.at(t, "variants", i, member) }
		if at("sku") != want.sku || at("title") != want.title || (at("price") != nil) != want.priced ||
			at("available") != want.available || at("in_stock") != (want.available > 0) {
			t.Errorf("variant %d: %v", i, a.at(t, "variants", i))
		}
		if got := a.text(t, "variants", i, "options", 1, "name") + "=" + a.text(t, "variants", i, "options", 1, "value"); got != "Colour=Blue" {
			t.Errorf("variant %d: option %s", i, got)
		}
	}
	mug := s.want(t, http.StatusOK, http.MethodGet, productsPath+"/mug", "")
	if got := mug.text(t, "categories", 0, "name") + "," + mug.text(t, "variants", 0, "title") + "," + mug.text(t, "brand"); got != "Kitchen,The mug,Orwell" {
		t.Error(got)
	}
	if got := s.want(t, http.StatusOK, http.MethodGet, productsPath+"/cr%C3%A8me_br%C3%BBl%C3%A9e.1", "").text(t, "variants", 0, "sku"); got != "CREME" {
		t.Error(got)
	}
	for _, none := range []string{"hidden", "none", "prd_00000000000000000000000000", "a%2Fb", "%20"} {
		if got := s.call(t, http.MethodGet, productsPath+"/"+none, "").problem(t); got != "404 not_found" {
			t.Errorf("%s: %s", none, got)
		}
	}
}

func TestHTTPCatalogueReadsAreConditional(t *testing.T) {
	t.Parallel()
	s := newHTTPShop(t)
	for _, path := range []string{productsPath, productsPath + "/mug"} {
		first := s.want(t, http.StatusOK, http.MethodGet, path, "")
		etag := first.header.Get("ETag")
		if etag == "" || first.header.Get("Cache-Control") != "no-cache" || !strings.Contains(first.header.Get("Vary"), "Accept-Language") {
			t.Errorf("%s: %v", path, first.header)
		}
		held := s.call(t, http.MethodGet, path, "", "If-None-Match", `"other", W/`+etag)
		if held.status != http.StatusNotModified || held.body != "" || held.header.Get("ETag") != etag {
			t.Errorf("%s held: %d %s %v", path, held.status, held.body, held.header)
		}
		head := s.call(t, http.MethodHead, path, "")
		if head.status != http.StatusOK || head.body != "" || head.header.Get("ETag") != etag {
			t.Errorf("%s HEAD: %d %s %v", path, head.status, head.body, head.header)
		}
	}
	etag := s.want(t, http.StatusOK, http.MethodGet, productsPath+"/mug", "").header.Get("ETag")
	cart, _ := s.cart(t, `{"sku":"MUG","quantity":1}`)
	s.want(t, http.StatusCreated, http.MethodPost, cart+"/checkout", checkoutBody("manual", "", ""), "Idempotency-Key", "k")
	s.want(t, http.StatusOK, http.MethodGet, productsPath+"/mug", "", "If-None-Match", etag) // One less is in stock.
}

func TestHTTPPagesToTheEnd(t *testing.T) {
	t.Parallel()
	s := newHTTPShop(t)
	for i := range 18 {
		s.stock(t, goods{slug: fmt.Sprintf("more-%d", i), variants: []goodsVariant{{sku: fmt.Sprintf("MORE-%d", i), price: "1.00"}}})
	}
	all := s.want(t, http.StatusOK, http.MethodGet, productsPath+"?limit=100&sort=newest", "")
	for _, limit := range []int{1, 4, 11, 22} {
		var slugs []string
		for cursor, pages := "", 0; ; pages++ {
			if pages > 30 {
				t.Fatal("the list does not end")
			}
			a := s.want(t, http.StatusOK, http.MethodGet, fmt.Sprintf("%s?limit=%d%s", productsPath, limit, cursor), "")
			for i := range a.at(t, "items").([]any) {
				slugs = append(slugs, a.text(t, "items", i, "slug"))
			}
			if pages == 0 { // What comes in front of a page moves none of those behind.
				s.stock(t, goods{slug: fmt.Sprintf("late-%d", limit), status: catalog.Draft, variants: []goodsVariant{{sku: fmt.Sprintf("LATE-%d", limit)}}})
			}
			if a.at(t, "next_cursor") == nil {
				break
			}
			cursor = "&cursor=" + a.text(t, "next_cursor")
		}
		if len(slugs) != 22 {
			t.Errorf("limit %d: %d products", limit, len(slugs))
		}
		for i, slug := range slugs {
			if want := all.text(t, "items", i, "slug"); slug != want {
				t.Errorf("limit %d: %d is %s, want %s", limit, i, slug, want)
			}
		}
	}
	if got := len(s.want(t, http.StatusOK, http.MethodGet, productsPath, "").at(t, "items").([]any)); got != 20 {
		t.Errorf("the default page has %d", got)
	}
}

func TestHTTPRefusesListParameters(t *testing.T) {
	t.Parallel()
	s := newHTTPShop(t)
	cursor := s.want(t, http.StatusOK, http.MethodGet, productsPath+"?limit=1", "").text(t, "next_cursor")
	changed := []byte(cursor)
	changed[20] ^= 3
	for query, want := range map[string]string{
		"limit=0":                             "422 invalid limit=invalid",
		"limit=101":                           "422 invalid limit=invalid",
		"limit=x":                             "422 invalid limit=invalid",
		"sort=bogus":                          "422 invalid sort=invalid",
		"colour=blue":                         "400 unknown_parameter colour=unknown_parameter",
		"price_min=x":                         "422 invalid price_min=malformed_amount",
		"price_min=-1":                        "422 invalid price_min=product_rule",
		"price_min=2&price_max=1":             "422 invalid price_max=product_rule",
		"in_stock=yes":                        "422 invalid in_stock=invalid",
		"featured=1":                          "422 invalid featured=invalid",
		"q=" + strings.Repeat("x", 256):       "422 invalid q=invalid",
		"q=a+b+c+d+e+f+g+h+i+j+k+l+m+n+o+p+q": "422 invalid q=product_rule",
		"breadth=1":                           "400 unknown_parameter breadth=unknown_parameter",
		"facets=maybe":                        "422 invalid facets=invalid",
		"category=a,,b":                       "422 invalid category=product_rule",
		"brand=a&brand=b":                     "400 unknown_parameter brand=unknown_parameter",
		"sort=name&cursor=" + cursor:          "400 invalid_cursor cursor=invalid_cursor",
		"limit=1&limit=2":                     "400 unknown_parameter limit=unknown_parameter",
		"cursor=x":                            "400 invalid_cursor cursor=invalid_cursor",
		"cursor=" + string(changed):           "400 invalid_cursor cursor=invalid_cursor",
		"cursor=" + cursor + "A":              "400 invalid_cursor cursor=invalid_cursor",
		"cursor=" + cursor[1:] + "A":          "400 invalid_cursor cursor=invalid_cursor",
	} {
		if got := s.call(t, http.MethodGet, productsPath+"?"+query, "").problem(t); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
}

func TestHTTPScope(t *testing.T) {
	t.Parallel()
	s := newHTTPShop(t)
	for _, path := range []string{productsPath, productsPath + "/mug"} {
		s.want(t, http.StatusOK, http.MethodGet, path, "", "X-Channel", "web", "X-Currency", "GBP", "X-Country", "DE", "Accept-Language", "de;q=x, *, fr-CH;q=0.8")
		for _, c := range []struct{ name, value, want string }{
			{"X-Channel", "shop", "422 invalid X-Channel=invalid"},
			{"X-Currency", "EUR", "422 invalid X-Currency=invalid"},
			{"X-Currency", "gbp", "422 invalid X-Currency=invalid"},
			{"X-Country", "gb", "422 invalid X-Country=invalid"},
			{"X-Country", "GBR", "422 invalid X-Country=invalid"},
		} {
			if got := s.call(t, http.MethodGet, path, "", c.name, c.value).problem(t); got != c.want {
				t.Errorf("%s %s: %s, want %s", c.name, c.value, got, c.want)
			}
		}
	}
}
