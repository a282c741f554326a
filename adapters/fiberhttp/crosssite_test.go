package fiberhttp_test

import (
	"context"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/adapters/fiberhttp"
)

const listed = "https://shop.example"

// newSharedShop answers at example.com behind a trusted proxy, and lists two origins.
func newSharedShop(t *testing.T) *shop {
	t.Helper()
	s := newShop(t, func(o *fiberhttp.Options) {
		o.Origins = []string{listed, "http://localhost:3000"}
		o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("0.0.0.0/8")} // Where calls without a socket come from.
	})
	change := func(context.Context, *struct{}) (*echo, error) { return echoOf("changed"), nil }
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		fiberhttp.Op(s.Server, fiberhttp.Route{ID: "change-" + method, Method: method, Path: "/api/v1/change", Tag: "Test", Summary: "Change"}, change)
	}
	fiberhttp.Op(s.Server, fiberhttp.Route{ID: "hook", Method: http.MethodPost, Path: "/api/v1/hook", Tag: "Test", Summary: "Hook", CrossSite: true}, change)
	return s
}

func TestCrossSite(t *testing.T) {
	t.Parallel()
	s := newSharedShop(t)
	const own = "https://example.com"
	for _, test := range []struct {
		origin, site string // "-" sends an empty header, "" none.
		refused      bool
	}{
		{"", "", false}, // No browser.
		{own, "", false},
		{own, "same-origin", false},
		{own, "same-site", false},
		{"https://EXAMPLE.com:443", "same-origin", false},
		{"http://example.com", "", false}, // Whether the caller came by TLS is not known here.
		{"", "same-origin", false},
		{"", "none", false},
		{listed, "", false},
		{listed, "cross-site", false},
		{listed, "same-site", false},
		{"http://localhost:3000", "cross-site", false},
		{"", "cross-site", true},
		{"", "same-site", true},
		{"", "other", true},
		{"", "-", true},
		{"-", "", true},
		{"null", "", true},
		{"null", "same-origin", true},
		{"null", "cross-site", true},
		{own, "cross-site", true},
		{"https://evil.example", "", true},
		{"https://evil.example", "cross-site", true},
		{"https://evil.example", "same-site", true},
		{"https://evil.example", "same-origin", true},
		{"https://evil.example", "none", true},
		{"https://example.com.evil.example", "", true},
		{"https://evilexample.com", "", true},
		{"https://example.com:8443", "", true},
		{"https://example.com@evil.example", "", true},
		{"https://shop.example.evil.example", "", true},
		{"https://evilshop.example", "", true},
		{"http://shop.example", "", true},
		{"https://SHOP.example", "", true},
		{"https://shop.example/", "", true},
		{"https://shop.example:443", "", true},
		{"http://localhost:3001", "", true},
		{"https://", "", true},
		{"example.com", "", true},
		{"file://example.com", "", true},
	} {
		var headers []string
		for name, value := range map[string]string{"Origin": test.origin, "Sec-Fetch-Site": test.site} {
			if value != "" {
				headers = append(headers, name, strings.TrimPrefix(value, "-"))
			}
		}
		for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
			a := s.callAs(t, method, "/api/v1/change", headers...)
			if test.refused != (a.status == http.StatusForbidden) || !test.refused && a.status != http.StatusOK {
				t.Errorf("%s from %q, %q: %d %s", method, test.origin, test.site, a.status, a.body)
			} else if test.refused {
				checkProblem(t, a, "cross_site", "")
			}
		}
		for _, path := range []string{"/api/v1/products", "/api/v1/keep/x", "/health"} { // Reading is no change.
			if a := s.callAs(t, http.MethodGet, path, headers...); a.status != http.StatusOK {
				t.Errorf("GET %s from %q, %q: %d %s", path, test.origin, test.site, a.status, a.body)
			}
		}
		if a := s.callAs(t, http.MethodPost, "/api/v1/hook", headers...); a.status != http.StatusOK {
			t.Errorf("a webhook from %q, %q: %d %s", test.origin, test.site, a.status, a.body)
		}
	}
	twice := [][]string{
		{"Origin", own, "Origin", own},
		{"Origin", listed, "Origin", "https://evil.example"},
		{"Sec-Fetch-Site", "same-origin", "Sec-Fetch-Site", "cross-site"},
		{"Origin", listed, "Sec-Fetch-Site", "same-origin", "Sec-Fetch-Site", "cross-site"},
		// Known to have come by TLS, the page of its own host that did not may be anybody's.
		{"Origin", "http://example.com", "X-Forwarded-Proto", "https"},
	}
	for _, headers := range twice {
		if a := s.callAs(t, http.MethodPost, "/api/v1/change", headers...); a.status != http.StatusForbidden {
			t.Errorf("%q: %d %s", headers, a.status, a.body)
		}
	}
}

// A refusal comes before anything else is looked at: who asks, what for, and with what body.
func TestOtherSitesLearnNothing(t *testing.T) {
	t.Parallel()
	s := newGuardedShop(t)
	for _, path := range []string{"/api/v1/who/permission", "/api/v1/who/customer?x=1", "/api/v1/who/public"} {
		a := s.call(t, http.MethodPost, path, `{"x`, "Sec-Fetch-Site", "cross-site", "X-API-Key", "nonsense")
		if a.status != http.StatusForbidden {
			t.Errorf("%s: %d %s", path, a.status, a.body)
			continue
		}
		checkProblem(t, a, "cross_site", "")
	}
}

// TestEveryChangeRefusesOtherSites reads it from the document of a shop's own routes.
func TestEveryChangeRefusesOtherSites(t *testing.T) {
	t.Parallel()
	// Those that machines call, which prove themselves by a signature.
	signed := map[string]bool{}
	for path, operations := range mountedDocument(t).Paths {
		for method, op := range operations {
			refuses := strings.Contains(op.Responses["403"].Description, "`cross_site`")
			if want := method != "get" && !signed[path]; refuses != want {
				t.Errorf("%s %s documents that it refuses other sites: %t, want %t", method, path, refuses, want)
			}
		}
	}
}

// callAs is call without a body. The host of its requests is example.com.
func (s *shop) callAs(t *testing.T, method, target string, pairs ...string) answer {
	t.Helper()
	return s.call(t, method, target, "", keepEmpty(pairs)...)
}

// keepEmpty writes an empty header as one of a space, since call leaves out what is empty.
func keepEmpty(pairs []string) []string {
	out := append([]string(nil), pairs...)
	for i := 1; i < len(out); i += 2 {
		if out[i] == "" {
			out[i] = " "
		}
	}
	return out
}
