package integration_test

import (
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
)

const pageOrigin = "https://shop.example"

// The page of a listed origin may ask what a page of the shop's own may, and no other page; all of it on the program.
func TestPagesOfOtherOrigins(t *testing.T) {
	t.Parallel()
	base := startShop(t, "--store", "memory", "--origins", pageOrigin+",http://localhost:3000", "--trusted-proxies", "127.0.0.1").base
	making := brokenCall{method: http.MethodPost, path: "/api/v1/carts", body: "{}"}
	asking := brokenCall{method: http.MethodOptions, path: "/api/v1/carts"}
	reading := brokenCall{method: http.MethodGet, path: "/api/v1/products"}
	for _, origin := range []string{
		pageOrigin, "http://localhost:3000", "https://evil.example", "https://shop.example.evil.example", "https://evilshop.example",
		"http://shop.example", "https://shop.example:8443", "https://SHOP.example", "null", "*",
	} {
		listed := origin == pageOrigin || origin == "http://localhost:3000"
		page := http.Header{"Origin": {origin}, "Sec-Fetch-Site": {"cross-site"}, "Access-Control-Request-Method": {"POST"}}
		for _, test := range []struct {
			call             brokenCall
			status, stranger int
		}{
			{making, http.StatusCreated, http.StatusForbidden}, {asking, http.StatusNoContent, http.StatusMethodNotAllowed}, {reading, http.StatusOK, http.StatusOK},
		} {
			got := askWith(t, base, test.call, page)
			want := test.stranger
			if listed {
				want = test.status
			}
			if got.status != want {
				t.Errorf("%s %s by a page of %s: %d %s, want %d", test.call.method, test.call.path, origin, got.status, got.body, want)
			}
			if shared := got.header.Get("Access-Control-Allow-Origin"); listed && shared != origin || !listed && shared != "" {
				t.Errorf("%s %s by a page of %s is shared with %q", test.call.method, test.call.path, origin, shared)
			}
			if !strings.HasSuffix(got.header.Get("Vary"), "Origin") || got.header.Get("Access-Control-Allow-Credentials") != "" {
				t.Errorf("%s %s by a page of %s: %v", test.call.method, test.call.path, origin, got.header)
			}
		}
	}
	// Through the trusted proxy, which the test is, requests come by TLS.
	for proto, want := range map[string]string{"https": "max-age=63072000; includeSubDomains", "http": ""} {
		if got := askWith(t, base, reading, http.Header{"X-Forwarded-Proto": {proto}}).header.Get("Strict-Transport-Security"); got != want {
			t.Errorf("by %s: Strict-Transport-Security %q, want %q", proto, got, want)
		}
	}
}

// In production every answer tells browsers to come by TLS alone, whoever spoke TLS before.
func TestProductionComesByTLSAlone(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	secret := make([]byte, 32)
	_, _ = rand.Read(secret)
	key := base64.StdEncoding.EncodeToString(secret)
	base := startShop(t, "--store", "postgres", "--database-url", database(t), "--conns", "4", "--production", "--token-keys", "k1:"+key).base
	for path, status := range map[string]int{"/": 200, "/docs": 200, "/health": 200, "/metrics": 200, "/media/drawn/a.svg": 200, "/api/v1/products": 200, "/nowhere": 404} {
		got := ask(t, base, brokenCall{method: http.MethodGet, path: path})
		if got.status != status || got.header.Get("Strict-Transport-Security") != "max-age=63072000; includeSubDomains" {
			t.Errorf("%s: %d, Strict-Transport-Security %q", path, got.status, got.header.Get("Strict-Transport-Security"))
		}
	}
}
