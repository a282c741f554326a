package fiberhttp_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

func TestPreflight(t *testing.T) {
	t.Parallel()
	s := newSharedShop(t)
	for _, path := range []string{"/api/v1/change", "/api/v1/products", "/api/v1/nowhere"} {
		a := s.call(t, http.MethodOptions, path, "", "Origin", listed, "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "content-type")
		if a.status != http.StatusNoContent || len(a.body) != 0 || a.header.Get("Access-Control-Allow-Origin") != listed ||
			a.header.Get("Access-Control-Max-Age") != "7200" || !slices.Contains(a.header.Values("Vary"), "Origin") {
			t.Errorf("%s: %d %v", path, a.status, a.header)
		}
		for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"} {
			if !strings.Contains(a.header.Get("Access-Control-Allow-Methods"), method) {
				t.Errorf("%s: %s is not let through", path, method)
			}
		}
		for _, name := range []string{"Authorization", "Content-Type", "X-Request-Id", "Idempotency-Key", "If-None-Match"} {
			if !strings.Contains(a.header.Get("Access-Control-Allow-Headers"), name) {
				t.Errorf("%s: %s is not let through: %s", path, name, a.header.Get("Access-Control-Allow-Headers"))
			}
		}
	}
	metrics := s.call(t, http.MethodGet, "/metrics", "")
	if !strings.Contains(string(metrics.body), `http_requests_total{code="204",method="OPTIONS",route="preflight"} 3`) {
		t.Error("preflights are not counted by themselves")
	}
}

// strangers are origins that are not on the list, however much they look like it.
var strangers = []string{
	"https://evil.example", "https://shop.example.evil.example", "https://evilshop.example", "http://shop.example", "https://shop.example:443",
	"https://shop.example/", "https://SHOP.EXAMPLE", "https://sub.shop.example", "null", "*", "https://shop.example https://evil.example",
	"https://shop.example, https://evil.example", "https://example.com",
}

func TestCORS(t *testing.T) {
	t.Parallel()
	s := newSharedShop(t)
	type request struct {
		method, path, body string
	}
	requests := []request{
		{http.MethodGet, "/api/v1/products", ""},
		{http.MethodGet, "/api/v1/nowhere", ""},
		{http.MethodGet, "/api/v1/products?x=1", ""},
		{http.MethodDelete, "/api/v1/products", ""},
		{http.MethodPost, "/api/v1/change", ""},
		{http.MethodPost, orderPath, goodOrder},
		{http.MethodGet, "/media/drawn/a.svg", ""},
		{http.MethodOptions, "/api/v1/products", ""},
		{"FROB", "/", ""},
	}
	for _, r := range requests {
		for _, origin := range append([]string{"", listed, "http://localhost:3000"}, strangers...) {
			pairs := []string{"Idempotency-Key", "k"}
			if origin != "" {
				pairs = append(pairs, "Origin", origin)
			}
			a := s.call(t, r.method, r.path, r.body, pairs...)
			shared := a.header.Get("Access-Control-Allow-Origin")
			known := origin == listed || origin == "http://localhost:3000"
			if known && shared != origin || !known && shared != "" {
				t.Errorf("%s %s from %q is shared with %q", r.method, r.path, origin, shared)
			}
			if exposed := a.header.Get("Access-Control-Expose-Headers"); (exposed == "X-Request-Id, Location, ETag, Retry-After, Idempotent-Replayed") != known {
				t.Errorf("%s %s from %q exposes %q", r.method, r.path, origin, exposed)
			}
			if a.header.Get("Access-Control-Allow-Credentials") != "" {
				t.Errorf("%s %s from %q lets credentials through", r.method, r.path, origin)
			}
			if vary := a.header.Values("Vary"); len(vary) != 1 || !strings.HasSuffix(vary[0], "Origin") {
				t.Errorf("%s %s from %q varies by %q", r.method, r.path, origin, vary)
			}
		}
	}
	for _, origin := range strangers {
		a := s.call(t, http.MethodOptions, "/api/v1/change", "", "Origin", origin, "Access-Control-Request-Method", "POST")
		if a.status < 400 || a.header.Get("Access-Control-Allow-Methods") != "" || a.header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("a preflight from %q: %d %v", origin, a.status, a.header)
		}
	}
}

// Without a list nothing is shared, and no cache needs to tell origins apart.
func TestNothingIsSharedWithoutAList(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	for _, method := range []string{http.MethodGet, http.MethodOptions, http.MethodPost} {
		a := s.call(t, method, "/api/v1/products", "", "Origin", listed, "Access-Control-Request-Method", "GET")
		for name := range a.header {
			if strings.HasPrefix(name, "Access-Control-") || name == "Vary" {
				t.Errorf("%s answers %s: %s", method, name, a.header.Get(name))
			}
		}
	}
}
