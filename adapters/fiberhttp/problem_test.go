package fiberhttp_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/adapters/fiberhttp"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/ports/observe"
)

func TestFaultsBecomeProblems(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	for name, c := range map[string]struct {
		status int
		code   string
		fields string
		holds  []string
		retry  string
	}{
		"stock":     {409, "out_of_stock", "lines[0].quantity out_of_stock", []string{`"available":3`, `"sku":"MUG"`, `"title":"Out of stock"`}, ""},
		"one-line":  {409, "out_of_stock", "lines[0].quantity out_of_stock", []string{`"message":"only 3 left","sku":"MUG"`}, ""},
		"declined":  {402, "payment_declined", "", []string{"the card was declined"}, ""},
		"price":     {409, "price_changed", "", []string{`"current_total":{"amount":"21.00","currency":"GBP"}`}, ""},
		"mismatch":  {422, "idempotency_mismatch", "", nil, ""},
		"amount":    {422, "invalid", "expected_total.amount malformed_amount", nil, ""},
		"nested":    {422, "invalid", "a.b malformed_amount", nil, ""},
		"limited":   {429, "rate_limited", "", nil, "7"},
		"stale":     {412, "precondition_failed", "", nil, ""},
		"nobody":    {401, "unauthenticated", "", nil, ""},
		"refused":   {403, "denied", "", nil, ""},
		"missing":   {404, "not_found", "", nil, ""},
		"down":      {503, "unavailable", "", nil, "1"},
		"lost":      {503, "outcome_unknown", "", nil, "1"},
		"broken":    {500, "internal", "", []string{fault.Unexpected.Meaning()}, ""},
		"plain":     {500, "internal", "", nil, ""},
		"no-json":   {500, "internal", "", nil, ""},
		"no-json-2": {500, "internal", "", nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := s.call(t, http.MethodGet, "/api/v1/fail/"+name, "")
			if got.status != c.status {
				t.Fatalf("%d, want %d: %s", got.status, c.status, got.body)
			}
			checkProblem(t, got, c.code, c.fields)
			for _, want := range c.holds {
				if !strings.Contains(string(got.body), want) {
					t.Errorf("%s is not in %s", want, got.body)
				}
			}
			if got.header.Get("Retry-After") != c.retry {
				t.Errorf("Retry-After %q, want %q", got.header.Get("Retry-After"), c.retry)
			}
			if strings.Contains(string(got.body), "10.0.0.7") {
				t.Errorf("leaks the cause: %s", got.body)
			}
		})
	}
	t.Run("many", func(t *testing.T) {
		t.Parallel()
		got := s.call(t, http.MethodGet, "/api/v1/fail/many", "")
		if entries := got.problem(t)["errors"].([]any); len(entries) != 100 {
			t.Errorf("%d entries", len(entries))
		}
	})
}

func TestFailuresAreLoggedWithTheirCause(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	for name, level := range map[string]string{"plain": "error", "broken": "error", "down": "warn"} {
		got := s.call(t, http.MethodGet, "/api/v1/fail/"+name, "", "X-Request-Id", "brought-"+name)
		if got.header.Get("X-Request-Id") != "brought-"+name {
			t.Errorf("X-Request-Id %q", got.header.Get("X-Request-Id"))
		}
		found := false
		for _, entry := range s.logs.All() {
			fields := entry.ContextMap()
			if entry.Message != observe.Request && fields["request_id"] == "brought-"+name {
				found = true
				cause, _ := fields["error"].(string)
				if entry.Level.String() != level || cause == "" || fields["route"] != "/api/v1/fail/{case}" {
					t.Errorf("%s: %s %v", name, entry.Level, fields)
				}
			}
		}
		if !found {
			t.Errorf("%s: nothing logged", name)
		}
	}
	before := len(s.logs.All())
	s.call(t, http.MethodGet, "/api/v1/fail/missing", "")
	if after := s.logs.All()[before:]; len(after) != 1 || after[0].Message != observe.Request {
		t.Errorf("a caller's mistake is logged as ours: %v", after)
	}
}

func TestPanicBecomesAnInternalProblem(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	got := s.call(t, http.MethodPost, "/api/v1/panic", "")
	if got.status != 500 {
		t.Fatalf("%d %s", got.status, got.body)
	}
	checkProblem(t, got, "internal", "")
	panics := s.logs.FilterMessage("panic").All()
	if len(panics) != 1 {
		t.Fatalf("%d panics logged", len(panics))
	}
	fields := panics[0].ContextMap()
	if fields["error"] != "panic with a value of type string" || strings.Contains(fmt.Sprint(fields), "secret panic") || !strings.Contains(fields["stack"].(string), "shop_test.go") ||
		fields["request_id"] != got.header.Get("X-Request-Id") || fields["route"] != "/api/v1/panic" {
		t.Errorf("%v", fields)
	}
	if again := s.call(t, http.MethodGet, "/api/v1/products", ""); again.status != 200 {
		t.Errorf("afterwards: %d", again.status)
	}
}

func TestDeadlines(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	read := s.call(t, http.MethodGet, "/api/v1/late", "")
	<-s.entered
	write := s.call(t, http.MethodPost, "/api/v1/late", "")
	<-s.entered
	if read.status != 503 || write.status != 503 || read.header.Get("Retry-After") == "" || write.header.Get("Retry-After") == "" {
		t.Errorf("%d %v, %d %v", read.status, read.header, write.status, write.header)
	}
	checkProblem(t, read, "unavailable", "")
	checkProblem(t, write, "outcome_unknown", "")
}

func TestEveryKindHasAStatus(t *testing.T) {
	t.Parallel()
	want := map[fault.Kind]int{
		fault.Internal: 500, fault.Invalid: 422, fault.Unauthenticated: 401, fault.Denied: 403, fault.NotFound: 404,
		fault.Conflict: 409, fault.Precondition: 412, fault.Exhausted: 429, fault.Unavailable: 503, fault.Unknown: 503,
	}
	for _, kind := range fault.Kinds() {
		if got := fiberhttp.StatusOf(fault.Define(kind, "some_case", "")); got != want[kind] {
			t.Errorf("%v: %d, want %d", kind, got, want[kind])
		}
	}
	for code, status := range map[string]int{"invalid_cursor": 400, "payment_declined": 402} {
		if got := fiberhttp.StatusOf(fault.Define(fault.Conflict, code, "")); got != status {
			t.Errorf("%s: %d", code, got)
		}
	}
}
