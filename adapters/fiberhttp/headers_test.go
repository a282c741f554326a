package fiberhttp_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/adapters/fiberhttp"
)

// holdSecurityHeaders checks what every answer has, whatever it is.
func holdSecurityHeaders(t *testing.T, what string, a answer, tlsOnly bool) {
	t.Helper()
	policy := a.header.Get("Content-Security-Policy")
	for _, part := range []string{"default-src 'none'", "object-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"} {
		if !strings.Contains(policy, part) {
			t.Errorf("%s: the content security policy lacks %s: %s", what, part, policy)
		}
	}
	for name, want := range map[string]string{
		"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin", "Set-Cookie": "", "Server": "", "X-Powered-By": "",
	} {
		if strings.HasPrefix(what, "media") && name == "Cross-Origin-Resource-Policy" {
			want = "cross-origin"
		}
		if got := a.header.Get(name); got != want {
			t.Errorf("%s: %s %q, want %q", what, name, got, want)
		}
	}
	if !strings.Contains(a.header.Get("Permissions-Policy"), "camera=()") {
		t.Errorf("%s: Permissions-Policy %q", what, a.header.Get("Permissions-Policy"))
	}
	want := ""
	if tlsOnly {
		want = "max-age=63072000; includeSubDomains"
	}
	if got := a.header.Get("Strict-Transport-Security"); got != want {
		t.Errorf("%s: Strict-Transport-Security %q, want %q", what, got, want)
	}
	if a.status >= 400 && a.header.Get("Cache-Control") != "no-store" {
		t.Errorf("%s: Cache-Control %q of a failure", what, a.header.Get("Cache-Control"))
	}
}

// TestEveryAnswerIsProtected asks for answers of every origin: handlers, routing, the edge, a panic, media, pages,
// preflights, and requests that could not be read.
func TestEveryAnswerIsProtected(t *testing.T) {
	t.Parallel()
	for _, tlsOnly := range []bool{false, true} {
		s := newShop(t, func(o *fiberhttp.Options) {
			o.TLSOnly, o.Origins, o.BodyLimit, o.Timeouts.Read = tlsOnly, []string{listed}, 10_000, 100*time.Millisecond
		})
		address := s.listen(t)
		const host = " HTTP/1.1\r\nHost: x\r\n"
		etag := s.call(t, http.MethodGet, "/docs", "").header.Get("ETag")
		for what, c := range map[string]struct {
			raw    string
			status int
		}{
			"good":           {"GET /api/v1/products" + host + "\r\n", 200},
			"not modified":   {"GET /docs" + host + "If-None-Match: " + etag + "\r\n\r\n", 304},
			"landing":        {"GET /" + host + "\r\n", 200},
			"docs":           {"GET /docs" + host + "\r\n", 200},
			"openapi":        {"GET /openapi.json" + host + "\r\n", 200},
			"metrics":        {"GET /metrics" + host + "\r\n", 200},
			"health":         {"GET /health" + host + "\r\n", 200},
			"media":          {"GET /media/drawn/a.svg" + host + "\r\n", 200},
			"no media":       {"GET /media/none.svg" + host + "\r\n", 404},
			"nowhere":        {"GET /nowhere" + host + "\r\n", 404},
			"method":         {"DELETE /api/v1/products" + host + "\r\n", 405},
			"unknown method": {"FROB /" + host + "\r\n", 501},
			"options":        {"OPTIONS /api/v1/products" + host + "\r\n", 405},
			"preflight":      {"OPTIONS /api/v1/products" + host + "Origin: " + listed + "\r\nAccess-Control-Request-Method: GET\r\n\r\n", 204},
			"cross-site":     {"POST /api/v1/panic" + host + "Origin: null\r\nContent-Length: 0\r\n\r\n", 403},
			"panic":          {"POST /api/v1/panic" + host + "Content-Length: 0\r\n\r\n", 500},
			"failure":        {"GET /api/v1/fail/plain" + host + "\r\n", 500},
			"encoded":        {"GET /" + host + "Content-Encoding: gzip\r\n\r\n", 415},
			"malformed path": {"GET /%zz" + host + "\r\n", 400},
			"garbage":        {"\x16\x03\x01\r\n\r\n", 400},
			"no host":        {"GET / HTTP/1.1\r\n\r\n", 400},
			"headers":        {"GET /" + host + "X-Big: " + strings.Repeat("h", 20_000) + "\r\n\r\n", 431},
			"body":           {"POST " + orderPath + host + "Content-Length: 2000000\r\n\r\n" + strings.Repeat("x", 2_000_000), 413},
		} {
			got := exchangeRaw(t, address, c.raw)
			if len(got) != 1 || got[0].status != c.status {
				t.Errorf("%s: %+v, want %d", what, got, c.status)
				continue
			}
			holdSecurityHeaders(t, what, got[0], tlsOnly)
		}
		holdSecurityHeaders(t, "head", s.call(t, http.MethodHead, "/api/v1/products", ""), tlsOnly)
		conn := dial(t, address)
		if _, err := io.WriteString(conn, "GET /"+host+"X-A: "); err != nil {
			t.Fatal(err)
		}
		if got := answers(t, conn); len(got) != 1 || got[0].status != 408 {
			t.Errorf("late: %+v", got)
		} else {
			holdSecurityHeaders(t, "late", got[0], tlsOnly)
		}
	}
}

// What an operation answers that looks at credentials is for who asked alone, whatever its handler says of caching.
func TestAnswersToCredentialsAreNotKept(t *testing.T) {
	t.Parallel()
	s := newGuardedShop(t)
	for _, key := range []string{"", "nonsense"} {
		for _, operation := range []string{"optional", "customer", "session", "permission"} {
			a := s.call(t, http.MethodPost, "/api/v1/who/"+operation, "", "X-API-Key", key)
			if got := a.header.Get("Cache-Control"); got != "no-store" {
				t.Errorf("%s with %q: %d, Cache-Control %q", operation, key, a.status, got)
			}
		}
	}
}
