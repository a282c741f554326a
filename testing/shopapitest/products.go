package shopapitest

import (
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func productClauses() []clause {
	return []clause{
		{"products/shape", productShape},
		{"products/limit", productLimits},
		{"products/keyset", productKeyset},
		{"products/parameters", productParameters},
		{"products/search", productSearch},
		{"products/detail", productDetails},
		{"products/conditional", productConditional},
		{"products/scope", productScope},
		{"products/missing", productMissing},
	}
}

// priceShape checks a price that may be absent.
func priceShape(t *testing.T, what string, price *amount) {
	t.Helper()
	if price != nil && price.value(t, what, finer).Sign() < 0 {
		t.Errorf("%s: the price %s is negative", what, price.Amount)
	}
}

func productShape(t *testing.T, s *suite) {
	t.Helper()
	a := s.call(t, http.MethodGet, "/api/v1/products", "")
	var p page
	a.read(t, http.StatusOK, &p)
	members := a.members(t)
	wantMembers(t, "a page", members, "items", "next_cursor")
	for name := range members {
		if name != "items" && name != "next_cursor" {
			t.Errorf("a page has the member %s; lists hold no counts", name)
		}
	}
	list, ok := members["items"].([]any)
	if !ok || len(list) == 0 || len(list) > 20 {
		t.Fatalf("%s: want 1 to 20 items without a limit", a)
	}
	for i, item := range list {
		wantMembers(t, "a summary", item, "id", "slug", "title", "brand", "price", "compare_at", "in_stock", "featured", "image")
		priceShape(t, p.Items[i].Slug, p.Items[i].Price)
		if p.Items[i].ID == "" || p.Items[i].Slug == "" || p.Items[i].Title == "" {
			t.Errorf("a summary lacks its id, slug or title: %s", brief(item))
		}
	}
	if got := s.call(t, http.MethodGet, "/api/v1/products?sort=newest", ""); string(got.body) != string(a.body) && !s.moves(t, a, got) {
		t.Errorf("without sort the list is not that of newest: %s and %s", a, got)
	}
}

// moves tells whether two lists differ only in what other calls of the suite change: stock.
func (s *suite) moves(t *testing.T, a, b answer) bool {
	t.Helper()
	var one, other page
	a.read(t, http.StatusOK, &one)
	b.read(t, http.StatusOK, &other)
	for i := range one.Items {
		one.Items[i].InStock = false
	}
	for i := range other.Items {
		other.Items[i].InStock = false
	}
	return reflect.DeepEqual(one, other)
}

func productLimits(t *testing.T, s *suite) {
	t.Helper()
	for _, limit := range []int{1, 2, 100} {
		var p page
		s.call(t, http.MethodGet, listPath(limit, ""), "").read(t, http.StatusOK, &p)
		if len(p.Items) > limit || len(p.Items) < limit && p.Next != nil {
			t.Errorf("limit %d gives %d items, next_cursor %v", limit, len(p.Items), p.Next)
		}
	}
	for _, limit := range []string{"0", "-1", "101", "1000000", "x", "1.5", "1e1", "0x10", "%2B1", "01", "-0", "99999999999999999999", "%20"} {
		s.call(t, http.MethodGet, "/api/v1/products?limit="+limit, "").refused(t, http.StatusUnprocessableEntity, "invalid", "limit")
	}
}

// productKeyset walks the list in pages of two sizes, of which the larger goes to the end: no product comes twice, none
// is left out, and both walks see the same order.
func productKeyset(t *testing.T, s *suite) {
	t.Helper()
	walk := func(limit, pages int) (ids []string, whole bool) {
		cursor := ""
		for range pages {
			var p page
			s.call(t, http.MethodGet, listPath(limit, cursor), "").read(t, http.StatusOK, &p)
			if len(p.Items) == 0 && cursor != "" {
				t.Errorf("the page behind %q is empty; the one before should have ended the list", cursor)
			}
			for _, item := range p.Items {
				if slices.Contains(ids, item.ID) {
					t.Errorf("%s comes twice with pages of %d", item.ID, limit)
				}
				ids = append(ids, item.ID)
			}
			if p.Next == nil {
				return ids, true
			}
			if *p.Next == "" {
				t.Fatalf("next_cursor is empty; at the end it is null")
			}
			cursor = *p.Next
		}
		return ids, false
	}
	large, _ := walk(100, 20)
	small, whole := walk(3, 20)
	if len(small) > len(large) || !slices.Equal(small, large[:len(small)]) || whole && len(small) != len(large) {
		t.Errorf("pages of 3 give %v, pages of 100 %v", small, large)
	}
}

func productParameters(t *testing.T, s *suite) {
	t.Helper()
	for query, field := range map[string]string{"page=2": "page", "Limit=5": "Limit", "limit=5&limit=5": "limit", "limit=1&offset=0": "offset"} {
		s.call(t, http.MethodGet, "/api/v1/products?"+query, "").refused(t, http.StatusBadRequest, "unknown_parameter", field)
	}
	for _, sort := range []string{"bogus", "NEWEST", "newest,price"} {
		s.call(t, http.MethodGet, "/api/v1/products?sort="+sort, "").refused(t, http.StatusUnprocessableEntity, "invalid", "sort")
	}
	var p page
	s.call(t, http.MethodGet, listPath(1, ""), "").read(t, http.StatusOK, &p)
	cursors := []string{"x", "AAAA", strings.Repeat("A", 50), "\u00e9", strings.Repeat("z", 2000)}
	if p.Next != nil {
		cursors = append(cursors, *p.Next+"A", (*p.Next)[:len(*p.Next)-1], flipped(*p.Next))
	}
	for _, cursor := range cursors {
		s.call(t, http.MethodGet, listPath(1, cursor), "").refused(t, http.StatusBadRequest, "invalid_cursor")
	}
	for _, query := range []string{"limit=%00", "cursor=%ff", "limit=%zz"} {
		if a := s.call(t, http.MethodGet, "/api/v1/products?"+query, ""); a.status != http.StatusBadRequest {
			t.Errorf("%s: want 400", a)
		}
	}
}

// flipped changes one character in the middle.
func flipped(text string) string {
	i := len(text) / 2
	other := "A"
	if text[i] == 'A' {
		other = "B"
	}
	return text[:i] + other + text[i+1:]
}

func productDetails(t *testing.T, s *suite) {
	t.Helper()
	want := s.shelf.product
	byID := s.call(t, http.MethodGet, productPath(want.ID), "")
	bySlug := s.call(t, http.MethodGet, productPath(want.Slug), "")
	for _, a := range []answer{byID, bySlug} {
		var p product
		a.read(t, http.StatusOK, &p)
		members := a.members(t)
		wantMembers(t, "a product", members, "id", "slug", "title", "brand", "price", "compare_at", "in_stock", "featured", "image",
			"description", "categories", "media", "variants")
		if p.ID != want.ID || p.Slug != want.Slug || p.Title != want.Title || len(p.Variants) == 0 {
			t.Errorf("%s: want the product %s, %s", a, want.ID, want.Slug)
		}
		variants, _ := members["variants"].([]any)
		for i, v := range variants {
			wantMembers(t, "a variant", v, "id", "sku", "title", "options", "price", "compare_at", "in_stock", "available")
			shown := p.Variants[i]
			priceShape(t, shown.SKU, shown.Price)
			if shown.Available != nil && shown.InStock != (*shown.Available > 0) {
				t.Errorf("%s: in_stock %v with %d available", shown.SKU, shown.InStock, *shown.Available)
			}
			object, _ := v.(map[string]any)
			options, _ := object["options"].([]any)
			for _, option := range options {
				wantMembers(t, "an option", option, "name", "value")
			}
		}
	}
}

func productConditional(t *testing.T, s *suite) {
	t.Helper()
	for _, path := range []string{"/api/v1/products?limit=100", productPath(s.shelf.product.ID)} {
		s.holdConditional(t, path, true)
	}
}

// holdConditional reads an address, then again with its ETag and as HEAD. What other calls change may change meanwhile;
// then it is tried again.
func (s *suite) holdConditional(t *testing.T, path string, changes bool) {
	t.Helper()
	for attempt := 0; ; attempt++ {
		first := s.call(t, http.MethodGet, path, "").want(t, http.StatusOK)
		etag := first.header.Get("ETag")
		if !strings.HasPrefix(strings.TrimPrefix(etag, "W/"), `"`) {
			t.Fatalf("GET %s: ETag %q", path, etag)
		}
		again := s.call(t, http.MethodGet, path, "", "If-None-Match", etag)
		head := s.call(t, http.MethodHead, path, "")
		last := s.call(t, http.MethodGet, path, "").want(t, http.StatusOK)
		if changes && last.header.Get("ETag") != etag && attempt < 20 {
			continue
		}
		if again.status != http.StatusNotModified || again.header.Get("ETag") != etag {
			t.Errorf("%s with the ETag %s: want 304, ETag %q", again, etag, again.header.Get("ETag"))
		}
		if head.status != http.StatusOK || head.header.Get("ETag") != etag {
			t.Errorf("%s: want 200, ETag %s, is %s", head, etag, head.header.Get("ETag"))
		}
		for name, value := range map[string]string{"list": `"x", W/` + etag, "any": "*"} {
			if got := s.call(t, http.MethodHead, path, "", "If-None-Match", value); got.status != http.StatusNotModified && !changes {
				t.Errorf("%s: If-None-Match as %s: want 304", got, name)
			}
		}
		s.call(t, http.MethodGet, path, "", "If-None-Match", `"another"`).want(t, http.StatusOK)
		return
	}
}

// productScope sends the headers of the scope: what the shop does not have is refused, what browsers send is not.
func productScope(t *testing.T, s *suite) {
	t.Helper()
	path := productPath(s.shelf.product.Slug)
	currency := s.shelf.first.Price.Currency
	good := map[string]string{
		"X-Currency": currency, "X-Country": "DE", "Accept-Language": "de-CH, fr;q=0.9, en;q=0.8, *;q=0.5",
	}
	for _, name := range slices.Sorted(maps.Keys(good)) {
		s.call(t, http.MethodGet, path, "", name, good[name]).want(t, http.StatusOK)
	}
	s.call(t, http.MethodGet, path, "", "Accept-Language", ";;q=,,").want(t, http.StatusOK)
	for name, value := range map[string]string{"X-Channel": "no such channel", "X-Currency": "XTS", "X-Country": "gb"} {
		s.call(t, http.MethodGet, path, "", name, value).refused(t, http.StatusUnprocessableEntity, "invalid", name)
	}
}

func productMissing(t *testing.T, s *suite) {
	t.Helper()
	for _, name := range []string{
		"no-such-product", "prd_00000000000000000000000000", "prd_x", s.shelf.first.ID, "%20", "..%2F..", "a%2Fb",
		"%F0%9F%AB%96", "'%20OR%201=1%20--", strings.Repeat("x", 3000), strings.ToUpper(s.shelf.product.Slug),
	} {
		s.call(t, http.MethodGet, "/api/v1/products/"+name, "").refused(t, http.StatusNotFound, "not_found")
	}
	for _, name := range []string{"%00", "a%0Ab", "%ff%fe", "%zz"} {
		if a := s.call(t, http.MethodGet, "/api/v1/products/"+strings.ReplaceAll(name, "%zz", "%7F"), ""); a.status != http.StatusBadRequest && a.status != http.StatusNotFound {
			t.Errorf("%s: want 400 or 404", a)
		}
	}
}
