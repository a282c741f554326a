package fiberhttp_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/adapters/fiberhttp"
)

func TestRequestIDs(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	for brought, kept := range map[string]bool{
		"abc-DEF_1.2": true, strings.Repeat("x", 64): true,
		strings.Repeat("x", 65): false, "a b": false, "a\tb": false, `{"a":1}`: false, "é": false, "a;b": false,
	} {
		got := s.call(t, http.MethodGet, "/health/live", "", "X-Request-Id", brought).header.Get("X-Request-Id")
		if (got == brought) != kept || got == "" {
			t.Errorf("%q became %q", brought, got)
		}
	}
	for _, target := range []string{"/", "/nowhere", "/metrics", "/docs", "/media/drawn/a.svg", "/media/none.svg"} {
		if s.call(t, http.MethodGet, target, "").header.Get("X-Request-Id") == "" {
			t.Errorf("%s has none", target)
		}
	}
}

func TestSecurityHeaders(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	for _, target := range []string{"/", "/nowhere", "/api/v1/products", "/docs", "/api/v1/fail/plain", "/media/drawn/a.svg"} {
		header := s.call(t, http.MethodGet, target, "").header
		if header.Get("X-Content-Type-Options") != "nosniff" || header.Get("Referrer-Policy") != "same-origin" ||
			!strings.HasPrefix(header.Get("Content-Security-Policy"), "default-src 'none'") || header.Get("Server") != "" {
			t.Errorf("%s: %v", target, header)
		}
	}
	if got := s.call(t, http.MethodPost, "/api/v1/panic", "").header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("a failure may be cached: %q", got)
	}
}

func TestAccessLogHoldsNoPersonalData(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.call(t, http.MethodGet, "/api/v1/keep/secret-id", "", "X-Request-Id", "r1", "Authorization", "Bearer secret-token")
	s.call(t, http.MethodGet, "/api/v1/products?cursor=secret-query", "", "X-Request-Id", "r2")
	s.call(t, http.MethodGet, "/secret-address", "", "X-Request-Id", "r3")
	s.call(t, "SECRET-METHOD", "/", "", "X-Request-Id", "r4")
	want := map[string]string{
		"r1": "GET /api/v1/keep/{id} 200", "r2": "GET /api/v1/products 200", "r3": "GET unmatched 404", "r4": "OTHER unmatched 501",
	}
	for _, entry := range s.logs.FilterMessage("request").All() {
		fields := entry.ContextMap()
		got := fmt.Sprint(fields["method"], " ", fields["route"], " ", fields["status"])
		id := fields["request_id"].(string)
		if got != want[id] {
			t.Errorf("%s: %s", id, got)
		}
		delete(want, id)
		if strings.Contains(fmt.Sprint(fields), "secret") || len(fields) > 8 {
			t.Errorf("%v", fields)
		}
	}
	if len(want) > 0 {
		t.Errorf("not logged: %v", want)
	}
}

func TestMetrics(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	for i := range 3 {
		s.call(t, http.MethodGet, "/api/v1/keep/"+strconv.Itoa(i), "")
		s.call(t, http.MethodGet, "/made/up/"+strconv.Itoa(i), "")
	}
	s.call(t, "FROB", "/", "")
	got := s.call(t, http.MethodGet, "/metrics", "")
	for _, line := range []string{
		`http_requests_total{code="200",method="GET",route="/api/v1/keep/{id}"} 3`,
		`http_requests_total{code="404",method="GET",route="unmatched"} 3`,
		`http_requests_total{code="501",method="OTHER",route="unmatched"} 1`,
		`http_request_duration_seconds_count{route="/api/v1/keep/{id}"} 3`,
	} {
		if !strings.Contains(string(got.body), line+"\n") {
			t.Errorf("no line %s in\n%s", line, got.body)
		}
	}
	if strings.Contains(string(got.body), "made/up") {
		t.Errorf("an address became a label:\n%s", got.body)
	}
}

func TestNewRefusesWrongOptions(t *testing.T) {
	t.Parallel()
	good := fiberhttp.Options{Logger: zap.NewNop(), Registry: prometheus.NewRegistry(), NewID: func() string { return "x" }, Now: newClock}
	for name, change := range map[string]func(*fiberhttp.Options){
		"logger":   func(o *fiberhttp.Options) { o.Logger = nil },
		"registry": func(o *fiberhttp.Options) { o.Registry = nil },
		"ids":      func(o *fiberhttp.Options) { o.NewID = nil },
		"clock":    func(o *fiberhttp.Options) { o.Now = nil },
		"drain":    func(o *fiberhttp.Options) { o.Drain = -1 },
		"body":     func(o *fiberhttp.Options) { o.BodyLimit = -1 },
	} {
		options := good
		change(&options)
		if _, err := fiberhttp.New(options); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, err := fiberhttp.New(good); err != nil {
		t.Fatal(err)
	}
	if _, err := fiberhttp.New(good); err == nil {
		t.Error("two servers count into one registry")
	}
}
