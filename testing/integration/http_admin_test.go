package integration_test

import (
	"net/http"
	"strings"
	"testing"
)

// admin calls an operation for staff, with a key that may do everything.
func (s *httpShop) admin(t *testing.T, method, path, body string, pairs ...string) httpAnswer {
	t.Helper()
	return s.call(t, method, "/api/v1/admin"+path, body, append([]string{"X-API-Key", adminKey}, pairs...)...)
}

// wantAdmin is admin for a call that must succeed.
func (s *httpShop) wantAdmin(t *testing.T, status int, method, path, body string, pairs ...string) httpAnswer {
	t.Helper()
	a := s.admin(t, method, path, body, pairs...)
	if a.status != status {
		t.Fatalf("%s %s %s: %d %s, want %d", method, path, body, a.status, a.body, status)
	}
	return a
}

func TestHTTPMakesAProductThatCanBeBought(t *testing.T) {
	t.Parallel()
	s := newHTTPShop(t)
	a := s.wantAdmin(t, http.StatusCreated, http.MethodPost, "/products", `{"title":"Blue jug","brand":"Ebb Lane","type":"Jug","options":["Size"],
		"seo":{"title":"Jugs"},"metadata":{"kiln":"2"},"translations":{"fr":{"title":"Cruche","options":[{"name":"Taille","values":{"Large":"Grande"}}]}},
		"media":[{"key":"demo/jug.svg","alt":"A jug"}],"variants":[
		{"sku":"JUG-L","options":["Large"],"price":{"amount":"12.50","currency":"GBP"},"compare_at":{"amount":"15.00","currency":"GBP"},"stock":3},
		{"sku":"JUG-S","options":["Small"]}]}`)
	if got := a.text(t, "slug") + a.text(t, "status") + a.text(t, "brand") + a.text(t, "seo", "title"); got != "blue-jugactiveEbb LaneJugs" {
		t.Errorf("made: %s", a.body)
	}
	if a.header.Get("Location") != "/api/v1/admin/products/"+a.text(t, "id") {
		t.Errorf("Location %q", a.header.Get("Location"))
	}
	shown := s.want(t, http.StatusOK, http.MethodGet, productsPath+"/blue-jug", "", "Accept-Language", "fr-CA")
	if got := shown.text(t, "title") + " " + shown.text(t, "variants", 0, "title") + " " + shown.pounds(t, "price") + " " + shown.pounds(t, "compare_at"); got != "Cruche Grande 12.50 15.00" {
		t.Errorf("shown: %s", shown.body)
	}
	cart, _ := s.cart(t, `{"sku":"JUG-L","quantity":2}`)
	s.want(t, http.StatusCreated, http.MethodPost, cart+"/checkout", checkoutBody("manual", "", ""), "Idempotency-Key", "k")
	if got := s.want(t, http.StatusOK, http.MethodGet, productsPath+"/blue-jug", "").at(t, "variants", 0, "available"); got != 1.0 {
		t.Errorf("%v are left", got)
	}
}

func TestHTTPRefusesAProductWholly(t *testing.T) {
	t.Parallel()
	s := newHTTPShop(t)
	const price = `"price":{"amount":"1.00","currency":"GBP"}`
	for body, want := range map[string]string{
		`{"title":"X","variants":[{"sku":"MUG",` + price + `}]}`:                                                                 "409 sku_taken sku=sku_taken",
		`{"title":"X","variants":[{"sku":"MUG","stock":5}]}`:                                                                     "422 invalid variants[0].stock=count_changed",
		`{"title":"X","slug":"mug","variants":[{"sku":"N1"}]}`:                                                                   "409 slug_taken slug=slug_taken",
		`{"title":"","variants":[{"sku":"N1"}]}`:                                                                                 "422 invalid title=product_rule slug=product_rule",
		`{"title":"X","variants":[]}`:                                                                                            "422 invalid variants=invalid",
		`{"title":"X","variants":[{}]}`:                                                                                          "422 invalid variants[0].sku=malformed_sku",
		`{"title":"X","variants":[{"sku":"N1","price":{"amount":"1.00","currency":"EUR"}}]}`:                                     "422 invalid variants[0].price=price_rule",
		`{"title":"X","variants":[{"sku":"N1","price":{"amount":"-1.00","currency":"GBP"}}]}`:                                    "422 invalid variants[0].price=price_rule",
		`{"title":"X","variants":[{"sku":"N1","price":{"amount":"1,00","currency":"GBP"}}]}`:                                     "422 invalid variants[0].price.amount=malformed_amount",
		`{"title":"X","variants":[{"sku":"N1","compare_at":{"amount":"1.00","currency":"GBP"}}]}`:                                "422 invalid variants[0].compare_at=invalid",
		`{"title":"X","variants":[{"sku":"N1","stock":-1}]}`:                                                                     "422 invalid variants[0].stock=invalid",
		`{"title":"X","variants":[{"sku":"N1","stock":1,"location":"moon"}]}`:                                                    "422 invalid variants[0].location=unknown_location",
		`{"title":"X","variants":[{"sku":"N1","location":"main"}]}`:                                                              "422 invalid variants[0].location=invalid",
		`{"title":"X","categories":["cat_x"],"brand_id":"brd_x","variants":[{"sku":"N1"}]}`:                                      "422 invalid brand_id=unknown_reference categories[0]=unknown_reference",
		`{"title":"X","categories":["cat_01jd8x5v9ke2vbrwkxtq4m6h3m"],"variants":[{"sku":"N1"}]}`:                                "422 invalid categories=unknown_reference",
		`{"title":"X","brand":"A","brand_id":"brd_01jd8x5v9ke2vbrwkxtq4m6h3m","variants":[{"sku":"N1"}]}`:                        "422 invalid brand_id=invalid",
		`{"title":"X","publication":{"from":"0001-01-02T00:00:00Z"},"variants":[{"sku":"N1"}]}`:                                  "422 invalid publication.from=invalid",
		`{"title":"X","publication":{"from":"9999-12-31T23:59:59-01:00"},"variants":[{"sku":"N1"}]}`:                             "422 invalid publication.from=invalid",
		`{"title":"X","listings":[{"channel":"web","published":true,"until":"1969-12-31T23:59:59Z"}],"variants":[{"sku":"N1"}]}`: "422 invalid listings[0].until=invalid",
		`{"title":"X","media":[{"id":"med_01jd8x5v9ke2vbrwkxtq4m6h3m"}],"variants":[{"sku":"N1"}]}`:                              "422 invalid media[0].id=unknown_reference",
		`{"title":"X","translations":{"FR":{"title":"x"}},"variants":[{"sku":"N1"}]}`:                                            "422 invalid translations.FR=product_rule",
		`{"title":"X","status":"archived","variants":[{"sku":"N1"}]}`:                                                            "422 invalid status=invalid",
	} {
		if got := s.admin(t, http.MethodPost, "/products", body).problem(t); got != want {
			t.Errorf("%s: %s, want %s", body, got, want)
		}
	}
	if got := s.wantAdmin(t, http.StatusOK, http.MethodGet, "/products?q=N1", "").slugsOf(t); got != "" {
		t.Errorf("refused and made: %s", got)
	}
}

func TestHTTPEditsAProduct(t *testing.T) {
	t.Parallel()
	s := newHTTPShop(t)
	list := s.wantAdmin(t, http.StatusOK, http.MethodGet, "/products?status=draft", "")
	if list.slugsOf(t) != "hidden" || list.text(t, "items", 0, "status") != "draft" {
		t.Errorf("drafts: %s", list.body)
	}
	if got := s.everyAdminPage(t, "/products?limit=2"); got != "hidden crème_brûlée.1 ghost pin shirt mug" {
		t.Errorf("all: %s", got)
	}
	shirt := s.wantAdmin(t, http.StatusOK, http.MethodGet, "/products?q=SHIRT-X", "")
	at := "/products/" + shirt.text(t, "items", 0, "id")
	before := s.wantAdmin(t, http.StatusOK, http.MethodGet, at, "")
	s.wantAdmin(t, http.StatusOK, http.MethodPatch, at, `{"slug":"tee","tags":["soft"],"tax_category":"clothes","publication":{"from":"2020-01-01T00:00:00Z"},
		"listings":[{"channel":"web","published":true}],"variants":[{"id":"`+before.text(t, "variants", 0, "id")+`","grams":120}]}`, "If-Match", `"1"`)
	after := s.wantAdmin(t, http.StatusOK, http.MethodGet, at, "")
	if after.at(t, "version") != 2.0 || after.at(t, "variants", 0, "grams") != 120.0 || after.text(t, "title") != before.text(t, "title") ||
		after.text(t, "publication", "from") != "2020-01-01T00:00:00Z" || after.at(t, "publication", "until") != nil || len(after.at(t, "media").([]any)) != 2 {
		t.Errorf("changed: %s", after.body)
	}
	if moved := s.call(t, http.MethodGet, productsPath+"/shirt", ""); moved.status != http.StatusMovedPermanently || moved.header.Get("Location") != productsPath+"/tee" {
		t.Errorf("the old slug: %d %v", moved.status, moved.header)
	}
	for name, c := range map[string]struct{ body, want string }{
		"stale header": {`{"title":"Y"}`, "412 precondition_failed"},
		"stale body":   {`{"title":"Y","version":1}`, "409 version_conflict version=version_conflict"},
	} {
		var pairs []string
		if name == "stale header" {
			pairs = []string{"If-Match", `"1"`}
		}
		if got := s.admin(t, http.MethodPatch, at, c.body, pairs...).problem(t); got != c.want {
			t.Errorf("%s: %s", name, got)
		}
	}
	variant := at + "/variants/" + before.text(t, "variants", 1, "id")
	if got := s.wantAdmin(t, http.StatusOK, http.MethodPatch, variant, `{"retired":true,"barcode":"123"}`); got.at(t, "variants", 1, "retired") != true {
		t.Errorf("retired: %s", got.body)
	}
	s.wantAdmin(t, http.StatusOK, http.MethodPatch, variant, `{"retired":false}`)
	added := s.wantAdmin(t, http.StatusCreated, http.MethodPost, at+"/variants", `{"sku":"SHIRT-XL","options":["XL","Blue"]}`)
	if got := added.text(t, "variants", 3, "sku"); got != "SHIRT-XL" {
		t.Errorf("added: %s", added.body)
	}
	if got := s.admin(t, http.MethodPost, at+"/variants", `{"sku":"SHIRT-2","options":["XL","Blue"]}`).problem(t); got != "422 invalid variants[4].options=product_rule" {
		t.Errorf("the same values twice: %s", got)
	}
	s.wantAdmin(t, http.StatusOK, http.MethodPost, at+"/status", `{"event":"withdraw"}`)
	if got := s.call(t, http.MethodGet, productsPath+"/tee", "").status; got != http.StatusNotFound {
		t.Errorf("a draft is shown: %d", got)
	}
	if got := s.admin(t, http.MethodPost, at+"/status", `{"event":"withdraw"}`).problem(t); !strings.HasPrefix(got, "409 illegal_transition") {
		t.Errorf("withdrawn twice: %s", got)
	}
	for range 2 {
		if got := s.wantAdmin(t, http.StatusOK, http.MethodDelete, at, "").text(t, "status"); got != "archived" {
			t.Errorf("deleted: %s", got)
		}
	}
	for _, path := range []string{"/products/prd_01jd8x5v9ke2vbrwkxtq4m6h3m", "/products/x", at + "/variants/x", at + "/variants/" + "var_01jd8x5v9ke2vbrwkxtq4m6h3m"} {
		if got := s.admin(t, http.MethodPatch, path, `{}`).problem(t); got != "404 not_found" {
			t.Errorf("%s: %s", path, got)
		}
	}
	if got := s.call(t, http.MethodGet, "/api/v1/admin"+at, "").problem(t); got != "401 unauthenticated" {
		t.Errorf("a stranger: %s", got)
	}
}

// everyAdminPage reads a list for staff to its end.
func (s *httpShop) everyAdminPage(t *testing.T, path string) string {
	t.Helper()
	var out []string
	next := path
	for range 50 {
		a := s.wantAdmin(t, http.StatusOK, http.MethodGet, next, "")
		out = append(out, a.slugsOf(t))
		if a.at(t, "next_cursor") == nil {
			return strings.Join(out, " ")
		}
		next = path + "&cursor=" + a.text(t, "next_cursor")
	}
	t.Fatalf("%s does not end", path)
	return ""
}
