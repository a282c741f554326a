package shopapitest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

func securityClauses() []clause {
	return []clause{
		{"security/other sites", securityOtherSites},
		{"security/origins", securityOrigins},
		{"security/cookies", securityCookies},
	}
}

// protection are the headers that each answer has, as far as they are the same everywhere.
var protection = map[string]string{
	"X-Content-Type-Options": "nosniff", "Cross-Origin-Opener-Policy": "same-origin",
	"Set-Cookie": "", "Server": "", "X-Powered-By": "", "Access-Control-Allow-Credentials": "",
}

// personal begin the paths of what is about one buyer, or for those who run the shop.
var personal = []string{
	"/api/v1/carts/", "/api/v1/orders/", "/api/v1/customers", "/api/v1/sessions", "/api/v1/me", "/api/v1/admin/",
}

// securityFlaws lists what an answer lacks that protects who looks at it with a browser.
func (a answer) securityFlaws(path string) []string {
	var wrong []string
	for name, want := range protection {
		if got := a.header.Get(name); got != want {
			wrong = append(wrong, fmt.Sprintf("%s %q, want %q", name, got, want))
		}
	}
	for _, name := range []string{"Referrer-Policy", "Permissions-Policy", "Cross-Origin-Resource-Policy"} {
		if a.header.Get(name) == "" {
			wrong = append(wrong, "has no "+name)
		}
	}
	policy := a.header.Get("Content-Security-Policy")
	for _, part := range []string{"object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"} {
		if !strings.Contains(policy, part) {
			wrong = append(wrong, fmt.Sprintf("Content-Security-Policy without %s: %s", part, policy))
		}
	}
	isPersonal := slices.ContainsFunc(personal, func(prefix string) bool { return strings.HasPrefix(path, prefix) })
	if cache := a.header.Get("Cache-Control"); (isPersonal || a.status >= 400) && cache != "no-store" {
		wrong = append(wrong, fmt.Sprintf("Cache-Control %q of what others must not keep", cache))
	}
	return wrong
}

// securityOtherSites asks each operation for a change as the page of another site makes a browser ask. Whether the request
// is right besides and who asks does not matter, so this holds for operations of administrators too.
func securityOtherSites(t *testing.T, s *suite) {
	t.Helper()
	host := strings.TrimPrefix(strings.TrimPrefix(s.base, "http://"), "https://")
	for _, e := range s.examples(t) {
		pages := [][]string{
			{"Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site"},
			{"Origin", "https://evil.example"},
			{"Origin", "https://" + host + ".evil.example", "Sec-Fetch-Site", "same-site"},
			{"Origin", "null"},
			{"Sec-Fetch-Site", "cross-site"},
			{"Sec-Fetch-Site", "same-site"},
			{"Origin", "https://evil.example", "Content-Type", "text/plain", "Sec-Fetch-Site", "cross-site"},
			{"Origin", "https://evil.example", "Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "cross-site"},
		}
		body := ""
		if e.op.body != nil {
			body = "{}"
		}
		if e.op.method == http.MethodGet || e.op.responses[http.StatusForbidden] == nil {
			if e.op.method != http.MethodGet && !slices.Contains(signed, e.op.path) {
				t.Errorf("%s does not document that it refuses other sites", e.op)
			}
			continue
		}
		for _, page := range pages {
			s.send(t, e, body, page...).refused(t, http.StatusForbidden, "cross_site")
			s.send(t, e, body, append([]string{"X-API-Key", s.adminKey}, page...)...).refused(t, http.StatusForbidden, "cross_site")
		}
		for _, page := range [][]string{{"Origin", s.base, "Sec-Fetch-Site", "same-origin"}, {"Sec-Fetch-Site", "none"}, {"Origin", s.base}} {
			if a := s.send(t, e, `{"no_such_field":`, page...); strings.Contains(string(a.body), "cross_site") {
				t.Errorf("%s: a page of the shop's own is refused", a)
			}
		}
	}
}

// signed are the paths that machines call, which prove themselves by a signature: they take calls from anywhere.
var signed = []string{}

// securityOrigins reads as pages of other sites do: nothing is shared with them, and no preflight lets them ask. A shop
// that lists origins is tested elsewhere.
func securityOrigins(t *testing.T, s *suite) {
	t.Helper()
	for _, origin := range []string{"https://evil.example", "null", "*", s.base + ".evil.example", "http://evil.example@" + strings.TrimPrefix(s.base, "http://")} {
		for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodOptions} {
			a := s.call(t, method, "/api/v1/products", "", "Origin", origin, "Access-Control-Request-Method", "POST")
			for name := range a.header {
				if strings.HasPrefix(name, "Access-Control-") {
					t.Errorf("%s from %q: %s %q", a, origin, name, a.header.Get(name))
				}
			}
		}
	}
}

// securityCookies shows credentials as a cookie to each operation: nothing reads it, so that what takes credentials
// refuses, and what does not answers as without. That no answer sets a cookie holds of all that the suite asks. Each asks
// for something unknown besides, so that nothing is changed.
func securityCookies(t *testing.T, s *suite) {
	t.Helper()
	cookie := "session=" + s.adminKey + "; access_token=" + s.adminKey + "; X-API-Key=" + s.adminKey + "; Authorization=Bearer " + s.adminKey
	for _, e := range s.examples(t) {
		body := ""
		if e.op.body != nil {
			body = "{}"
		}
		e.path += "?no_such_parameter=1"
		without, with := s.send(t, e, body), s.send(t, e, body, "Cookie", cookie)
		if without.status != with.status {
			t.Errorf("%s: %d without a cookie", with, without.status)
		}
	}
}
