package integration_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func TestHTTPChangesPrices(t *testing.T) {
	t.Parallel()
	s := newHTTPShop(t)
	mug := s.wantAdmin(t, http.StatusOK, http.MethodGet, "/products?q=MUG", "").text(t, "items", 0, "id")
	variant := s.wantAdmin(t, http.StatusOK, http.MethodGet, "/products/"+mug, "").text(t, "variants", 0, "id")
	at := "/products/" + mug + "/variants/" + variant + "/prices"
	if got := s.wantAdmin(t, http.StatusOK, http.MethodGet, at, ""); got.pounds(t, "now") != "12.50" || got.at(t, "version") != 1.0 {
		t.Errorf("the price: %s", got.body)
	}
	set := s.wantAdmin(t, http.StatusOK, http.MethodPut, at, `{"amount":{"amount":"10.00","currency":"GBP"},"compare_at":{"amount":"12.50","currency":"GBP"},"why":"spring"}`, "If-Match", `"1"`)
	if set.pounds(t, "now") != "10.00" || set.pounds(t, "lowest_30_days") != "12.50" || set.at(t, "version") != 2.0 {
		t.Errorf("set: %s", set.body)
	}
	if got := s.want(t, http.StatusOK, http.MethodGet, productsPath+"/mug", ""); got.pounds(t, "price")+got.pounds(t, "compare_at")+got.pounds(t, "lowest_30_days") != "10.0012.5012.50" {
		t.Errorf("shown: %s", got.body)
	}
	const far = `"from":"2199-01-01T00:00:00Z","until":"2199-02-01T00:00:00Z"`
	planned := s.wantAdmin(t, http.StatusOK, http.MethodPut, at, `{"amount":{"amount":"5.00","currency":"GBP"},`+far+`}`)
	if planned.text(t, "prices", 0, "from") != "2199-01-01T00:00:00Z" || planned.pounds(t, "now") != "10.00" {
		t.Errorf("planned: %s", planned.body)
	}
	if got := s.wantAdmin(t, http.StatusOK, http.MethodDelete, at+"?from=2199-01-01T00:00:00Z&until=2199-02-01T00:00:00Z", ""); len(got.at(t, "prices").([]any)) != 1 {
		t.Errorf("ended: %s", got.body)
	}
	history := s.wantAdmin(t, http.StatusOK, http.MethodGet, at+"/history", "")
	if got := history.pounds(t, "items", 0, "amount") + history.pounds(t, "items", 1, "amount") + history.text(t, "items", 1, "why"); got != "12.5010.00spring" || !strings.HasPrefix(history.text(t, "items", 1, "by"), "key_") {
		t.Errorf("history: %s", history.body)
	}
	if got := s.wantAdmin(t, http.StatusOK, http.MethodDelete, at, ""); got.at(t, "now") != nil {
		t.Errorf("the standing price ended: %s", got.body)
	}
	if got := s.wantAdmin(t, http.StatusOK, http.MethodPut, at, `{"amount":{"amount":"9.00","currency":"EUR"},"channel":"b2b"}`); got.text(t, "channel")+got.text(t, "currency") != "b2bEUR" {
		t.Errorf("another list: %s", got.body)
	}
	for body, want := range map[string]string{
		`{}`: "422 invalid amount=invalid",
		`{"amount":{"amount":"-1.00","currency":"GBP"}}`:                                                             "422 invalid amount=price_rule",
		`{"amount":{"amount":"1.00","currency":"XXX"}}`:                                                              "422 invalid amount.currency=unknown_currency",
		`{"amount":{"amount":"1.00","currency":"GBP"},"compare_at":{"amount":"2.00","currency":"EUR"}}`:              "422 invalid compare_at=price_rule",
		`{"amount":{"amount":"1.00","currency":"GBP"},"from":"2199-01-02T00:00:00Z","until":"2199-01-01T00:00:00Z"}`: "422 invalid until=price_rule",
		`{"amount":{"amount":"1.00","currency":"GBP"},"until":"2001-01-01T00:00:00Z"}`:                               "422 invalid until=price_rule",
		`{"amount":{"amount":"1.00","currency":"GBP"},"from":"1950-01-01T00:00:00Z"}`:                                "422 invalid from=invalid",
		`{"amount":{"amount":"1.00","currency":"GBP"},"version":9}`:                                                  "409 version_conflict version=version_conflict",
	} {
		if got := s.admin(t, http.MethodPut, at, body).problem(t); got != want {
			t.Errorf("%s: %s, want %s", body, got, want)
		}
	}
	for _, path := range []string{strings.Replace(at, variant, "x", 1), strings.Replace(at, mug, "prd_01jd8x5v9ke2vbrwkxtq4m6h3m", 1)} {
		if got := s.admin(t, http.MethodGet, path, "").problem(t); got != "404 not_found" {
			t.Errorf("%s: %s", path, got)
		}
	}
	if got := s.admin(t, http.MethodGet, at+"?currency=zz", "").problem(t); !strings.HasPrefix(got, "422 invalid currency=") {
		t.Errorf("no currency: %s", got)
	}
}

func TestHTTPMovesStock(t *testing.T) {
	t.Parallel()
	s := newHTTPShop(t)
	step := func(path, body string, onHand float64) httpAnswer {
		t.Helper()
		a := s.wantAdmin(t, http.StatusOK, http.MethodPost, "/stock/"+path, body)
		if a.at(t, "on_hand") != onHand {
			t.Errorf("%s %s: %s, want %v on hand", path, body, a.body, onHand)
		}
		return a
	}
	step("adjustments", `{"sku":"MUG","delta":-3,"reason":"lost"}`, 7)
	step("counts", `{"sku":"MUG","expected":7,"quantity":6,"reason":"inventory"}`, 6)
	step("counts", `{"sku":"GHOST","quantity":2}`, 2)
	step("receipts", `{"sku":"MUG","quantity":4}`, 10)
	step("damages", `{"sku":"MUG","quantity":1,"reason":"broken"}`, 9)
	s.wantAdmin(t, http.StatusCreated, http.MethodPost, "/locations", `{"location":"shop-2","name":"Second shop","priority":5}`)
	moved := step("transfers", `{"sku":"MUG","from":"main","to":"shop-2","quantity":4}`, 9)
	if got := fmt.Sprint(moved.at(t, "levels", 1, "location"), moved.at(t, "levels", 1, "on_hand")); got != "shop-2 4" && got != "shop-24" {
		t.Errorf("moved: %s", moved.body)
	}
	page := s.wantAdmin(t, http.StatusOK, http.MethodGet, "/stock/MUG?limit=3", "")
	if page.text(t, "movements", 0, "kind") != "transfer" || page.text(t, "movements", 2, "reason") != "broken" {
		t.Errorf("the ledger: %s", page.body)
	}
	rest := s.wantAdmin(t, http.StatusOK, http.MethodGet, "/stock/MUG?limit=100&cursor="+page.text(t, "next_cursor"), "")
	if got := len(rest.at(t, "movements").([]any)); got != 4 || rest.at(t, "next_cursor") != nil {
		t.Errorf("%d further movements: %s", got, rest.body)
	}
	policy := s.wantAdmin(t, http.StatusOK, http.MethodPut, "/stock/SHIRT-M/policy", `{"kind":"backorder","limit":5}`)
	if policy.text(t, "policy", "kind") != "backorder" || policy.at(t, "policy", "version") != 1.0 || policy.at(t, "counted") != false {
		t.Errorf("a policy: %s", policy.body)
	}
	s.cart(t, `{"sku":"SHIRT-M","quantity":5}`)
	for _, c := range []struct{ method, path, body, want string }{
		{http.MethodPost, "/stock/adjustments", `{"sku":"MUG","delta":-100,"reason":"x"}`, "409 stock_below_reserved"},
		{http.MethodPost, "/stock/adjustments", `{"sku":"MUG","delta":-1}`, "422 invalid reason=invalid"},
		{http.MethodPost, "/stock/adjustments", `{"sku":"NOBODY","delta":1,"reason":"x"}`, "422 invalid sku=unknown_reference"},
		{http.MethodPost, "/stock/adjustments", `{"sku":" ","delta":1,"reason":"x"}`, "422 invalid sku=malformed_sku"},
		{http.MethodPost, "/stock/adjustments", `{"sku":"MUG","location":"moon","delta":1,"reason":"x"}`, "422 invalid location=unknown_location"},
		{http.MethodPost, "/stock/counts", `{"sku":"MUG","expected":99,"quantity":1}`, "409 count_changed"},
		{http.MethodPost, "/stock/counts", `{"sku":"MUG","quantity":1}`, "409 count_changed"},
		{http.MethodPost, "/stock/transfers", `{"sku":"MUG","from":"main","to":"main","quantity":1}`, "422 invalid to=stock_rule"},
		{http.MethodPost, "/stock/transfers", `{"sku":"MUG","from":"main","to":"shop-2","quantity":100}`, "409 stock_below_reserved"},
		{http.MethodPut, "/stock/SHIRT-M/policy", `{"kind":"deny","version":9}`, "409 version_conflict version=version_conflict"},
		{http.MethodPut, "/stock/SHIRT-M/policy", `{"kind":"preorder","limit":1}`, "422 invalid until=stock_rule"},
		{http.MethodPut, "/stock/SHIRT-M/policy", `{"kind":"deny","limit":1}`, "422 invalid limit=stock_rule"},
		{http.MethodPut, "/stock/NOBODY/policy", `{"kind":"deny"}`, "404 not_found"},
		{http.MethodGet, "/stock/NOBODY", "", "404 not_found"},
		{http.MethodGet, "/stock/MUG?cursor=x", "", "400 invalid_cursor cursor=invalid_cursor"},
		{http.MethodPost, "/locations", `{"location":"shop-2","name":"Again"}`, "409 location_taken location=location_taken"},
		{http.MethodPost, "/locations", `{"location":"Shop 3","name":""}`, "422 invalid location=stock_rule name=stock_rule"},
		{http.MethodPatch, "/locations/nowhere", `{"name":"x"}`, "404 not_found"},
		{http.MethodPatch, "/locations/shop-2", `{"name":"x","version":9}`, "409 version_conflict version=version_conflict"},
		{http.MethodPatch, "/locations/shop-2", `{"name":""}`, "422 invalid name=stock_rule"},
		{http.MethodPost, "/locations/shop-2/status", `{"event":"close"}`, "409 location_in_use"},
		{http.MethodPost, "/locations/shop-2/status", `{"event":"reopen"}`, "409 illegal_transition"},
	} {
		if got := s.admin(t, c.method, c.path, c.body).problem(t); got != c.want {
			t.Errorf("%s %s %s: %s, want %s", c.method, c.path, c.body, got, c.want)
		}
	}
	if got := s.wantAdmin(t, http.StatusOK, http.MethodPatch, "/locations/shop-2", `{"name":"Corner shop","priority":-1}`); got.text(t, "name") != "Corner shop" {
		t.Errorf("renamed: %s", got.body)
	}
	if got := s.wantAdmin(t, http.StatusOK, http.MethodGet, "/locations", ""); got.text(t, "items", 0, "location") != "shop-2" {
		t.Errorf("the first to draw on: %s", got.body)
	}
	step("transfers", `{"sku":"MUG","from":"shop-2","to":"main","quantity":4}`, 9)
	s.wantAdmin(t, http.StatusOK, http.MethodPost, "/locations/shop-2/status", `{"event":"close"}`)
	if got := s.admin(t, http.MethodPost, "/stock/receipts", `{"sku":"MUG","location":"shop-2","quantity":4}`).problem(t); got != "409 location_closed location=location_closed" {
		t.Errorf("into a closed one: %s", got)
	}
	s.wantAdmin(t, http.StatusOK, http.MethodPost, "/locations/shop-2/status", `{"event":"reopen"}`)
}

func TestHTTPEditsTheStructure(t *testing.T) {
	t.Parallel()
	s := newHTTPShop(t)
	kitchen := s.wantAdmin(t, http.StatusCreated, http.MethodPost, "/categories", `{"name":"Kitchen","translations":{"fr":{"name":"Cuisine"}}}`).text(t, "id")
	mugs := s.wantAdmin(t, http.StatusCreated, http.MethodPost, "/categories", `{"name":"Mugs","parent":"`+kitchen+`"}`)
	at := "/categories/" + mugs.text(t, "id")
	if got := s.wantAdmin(t, http.StatusOK, http.MethodPatch, at, `{"slug":"cups","description":"All of them"}`); got.text(t, "slug")+got.text(t, "name")+got.text(t, "parent") != "cupsMugs"+kitchen {
		t.Errorf("changed: %s", got.body)
	}
	if got := s.wantAdmin(t, http.StatusOK, http.MethodPost, at+"/move", `{"position":0}`); got.text(t, "parent") != "" || got.at(t, "position") != 0.0 {
		t.Errorf("moved: %s", got.body)
	}
	if got := s.wantAdmin(t, http.StatusOK, http.MethodGet, "/categories", "").slugsOf(t); got != "cups kitchen" {
		t.Errorf("the tree: %s", got)
	}
	if moved := s.call(t, http.MethodGet, "/api/v1/categories/mugs", ""); moved.status != http.StatusMovedPermanently {
		t.Errorf("an old slug: %d", moved.status)
	}
	brand := s.wantAdmin(t, http.StatusCreated, http.MethodPost, "/brands", `{"name":"Ebb Lane"}`)
	s.wantAdmin(t, http.StatusOK, http.MethodPatch, "/brands/"+brand.text(t, "id"), `{"slug":"ebb"}`)
	if got := s.everyAdminPage(t, "/brands?limit=1"); got != "ebb orwell" {
		t.Errorf("brands: %s", got)
	}
	products := s.wantAdmin(t, http.StatusOK, http.MethodGet, "/products", "")
	id := func(i int) string { return products.text(t, "items", i, "id") }
	byHand := s.wantAdmin(t, http.StatusCreated, http.MethodPost, "/collections", `{"name":"Spring","products":["`+id(3)+`","`+id(1)+`"],"metadata":{"a":"b"}}`)
	if got := s.everyPage(t, "/api/v1/collections/spring?limit=1"); got != "pin crème_brûlée.1" {
		t.Errorf("members: %s", got)
	}
	deep := `{"op":"featured"}`
	for range 7 {
		deep = `{"op":"not","rules":[` + deep + `]}`
	}
	ruled := s.wantAdmin(t, http.StatusCreated, http.MethodPost, "/collections", `{"name":"Ruled","rule":`+deep+`}`)
	if got := ruled.text(t, "rule", "rules", 0, "op"); got != "not" {
		t.Errorf("a rule: %s", ruled.body)
	}
	hand := "/collections/" + byHand.text(t, "id")
	if got := s.wantAdmin(t, http.StatusOK, http.MethodPatch, hand, `{"slug":"summer","products":["`+id(1)+`"],"publication":{"until":"2199-01-01T00:00:00Z"}}`); len(got.at(t, "products").([]any)) != 1 {
		t.Errorf("changed: %s", got.body)
	}
	if got := s.everyAdminPage(t, "/collections?limit=1"); got != "ruled summer" {
		t.Errorf("collections: %s", got)
	}
	s.wantAdmin(t, http.StatusOK, http.MethodGet, hand, "")
	for _, c := range []struct{ method, path, body, want string }{
		{http.MethodPost, "/categories", `{"name":"X","slug":"cups"}`, "409 category_taken slug=category_taken"},
		{http.MethodPost, "/categories", `{"name":"X","parent":"cat_01jd8x5v9ke2vbrwkxtq4m6h3m"}`, "422 invalid parent=unknown_reference"},
		{http.MethodPost, "/categories", `{"name":"X","parent":"x"}`, "422 invalid parent=unknown_reference"},
		{http.MethodPost, "/categories", `{}`, "422 invalid slug=product_rule name=product_rule"},
		{http.MethodPost, at + "/move", `{"parent":"` + mugs.text(t, "id") + `"}`, "422 invalid parent=category_cycle"},
		{http.MethodPatch, at, `{"name":"x","version":1}`, "409 version_conflict version=version_conflict"},
		{http.MethodDelete, at + "?version=1", "", "409 version_conflict version=version_conflict"},
		{http.MethodGet, "/categories/x", "", "404 not_found"},
		{http.MethodPost, "/brands", `{"name":"EBB  lane"}`, "409 brand_taken name=brand_taken"},
		{http.MethodPost, "/brands", `{"name":" "}`, "422 invalid name=product_rule"},
		{http.MethodDelete, "/brands/brd_01jd8x5v9ke2vbrwkxtq4m6h3m", "", "404 not_found"},
		{http.MethodPost, "/collections", `{"name":"X","slug":"summer"}`, "409 collection_taken slug=collection_taken"},
		{http.MethodPost, "/collections", `{"name":"X","products":["x"]}`, "422 invalid products[0]=unknown_reference"},
		{http.MethodPost, "/collections", `{"name":"X","rule":{"op":"brand","value":"x"}}`, "422 invalid rule.value=product_rule"},
		{http.MethodPost, "/collections", `{"name":"X","rule":{"op":"maybe"}}`, "422 invalid rule.op=invalid"},
		{http.MethodPatch, hand, `{"rule":{"op":"featured"}}`, "422 invalid rule=product_rule"},
	} {
		if got := s.admin(t, c.method, c.path, c.body).problem(t); got != c.want {
			t.Errorf("%s %s %s: %s, want %s", c.method, c.path, c.body, got, c.want)
		}
	}
	orwell := s.wantAdmin(t, http.StatusOK, http.MethodGet, "/brands", "").text(t, "items", 1, "id")
	if got := s.admin(t, http.MethodDelete, "/brands/"+orwell, "").problem(t); got != "409 in_use" {
		t.Errorf("a brand in use: %s", got)
	}
	for _, path := range []string{at, "/brands/" + brand.text(t, "id"), hand} {
		s.wantAdmin(t, http.StatusNoContent, http.MethodDelete, path, "")
		if got := s.admin(t, http.MethodGet, path, "").problem(t); got != "404 not_found" {
			t.Errorf("%s is there still: %s", path, got)
		}
	}
}
