package fiberhttp_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/ipswich-retail/commerce/adapters/fiberhttp"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/ports/observe"
)

// requests are the fields of the access log.
func (s *shop) requests() []map[string]any {
	var out []map[string]any
	for _, entry := range s.logs.FilterMessage(observe.Request).All() {
		out = append(out, entry.ContextMap())
	}
	return out
}

func TestAccessLogTellsWhatBecameOfARequest(t *testing.T) {
	t.Parallel()
	s := newGuardedShop(t)
	for _, test := range []struct {
		method, path string
		headers      []string
		want         string
	}{
		{http.MethodGet, "/api/v1/products", nil, "GET /api/v1/products 200 anonymous <nil>"},
		{http.MethodGet, "/api/v1/products?x=1", nil, "GET /api/v1/products 400 anonymous unknown_parameter"},
		{http.MethodGet, "/api/v1/products?limit=no", nil, "GET /api/v1/products 422 anonymous invalid"},
		{http.MethodGet, "/api/v1/fail/stock", nil, "GET /api/v1/fail/{case} 409 anonymous out_of_stock"},
		{http.MethodGet, "/api/v1/fail/plain", nil, "GET /api/v1/fail/{case} 500 anonymous internal"},
		{http.MethodPost, "/api/v1/panic", nil, "POST /api/v1/panic 500 anonymous internal"},
		{http.MethodGet, "/api/v1/slow-not", nil, "GET unmatched 404 anonymous not_found"},
		{http.MethodDelete, "/api/v1/products", nil, "DELETE unmatched 405 anonymous method_not_allowed"},
		{http.MethodPost, "/api/v1/carts/c1/checkout", nil, "POST /api/v1/carts/{id}/checkout 400 guest malformed_json"},
		{http.MethodGet, "/api/v1/keep/1", []string{"X-Order-Token", "secret"}, "GET /api/v1/keep/{id} 200 guest <nil>"},
		{http.MethodPost, "/api/v1/who/optional", []string{"Authorization", "Bearer customer"}, "POST /api/v1/who/optional 200 customer <nil>"},
		{http.MethodPost, "/api/v1/who/permission", []string{"Authorization", "Bearer clerk"}, "POST /api/v1/who/permission 200 staff <nil>"},
		{http.MethodPost, "/api/v1/who/permission", []string{"X-API-Key", "key"}, "POST /api/v1/who/permission 200 api_key <nil>"},
		{http.MethodPost, "/api/v1/who/permission", []string{"Authorization", "Bearer other"}, "POST /api/v1/who/permission 403 staff denied"},
	} {
		a := s.call(t, test.method, test.path, "", test.headers...)
		lines := s.requests()
		f := lines[len(lines)-1]
		if got := fmt.Sprint(f["method"], " ", f["route"], " ", f["status"], " ", f["actor"], " ", f["code"]); got != test.want {
			t.Errorf("%s %s: %s, want %s", test.method, test.path, got, test.want)
		}
		if f["bytes"] != int64(len(a.body)) || f["request_id"] != a.header.Get("X-Request-Id") || f["trace_id"] != nil || a.header.Get("traceresponse") != "" {
			t.Errorf("%s %s: %v of %d bytes", test.method, test.path, f, len(a.body))
		}
	}
}

func TestWhoGuardsAShopIsTold(t *testing.T) {
	t.Parallel()
	s := newGuardedShop(t)
	for path, test := range map[string]struct {
		header, value string
		want          []string
	}{
		"/api/v1/who/permission?1": {"Authorization", "Bearer nonsense", []string{observe.SignInFailed}},
		"/api/v1/who/permission?2": {"X-API-Key", "nonsense", []string{observe.SignInFailed}},
		"/api/v1/who/permission?3": {"Accept", "*/*", nil},
		"/api/v1/who/permission?4": {"Authorization", "Bearer other", []string{observe.PermissionDenied}},
		"/api/v1/who/permission":   {"Authorization", "Bearer clerk", nil},
	} {
		before := s.logs.Len()
		s.call(t, http.MethodPost, path, "", test.header, test.value)
		var got []string
		for _, entry := range s.logs.All()[before:] {
			if entry.Message != observe.Request {
				got = append(got, entry.Message)
			}
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", path, got, test.want)
		}
	}
	s.call(t, http.MethodGet, "/api/v1/fail/limited", "")
	if len(s.logs.FilterMessage(observe.LimitReached).All()) != 1 {
		t.Error("a limit was reached and nobody is told")
	}
	if strings.Contains(fmt.Sprint(s.logs.All()), "nonsense") {
		t.Error("a credential is logged")
	}
}

// TestOneLineForEachEntry sends line breaks and control characters wherever a caller can.
func TestOneLineForEachEntry(t *testing.T) {
	t.Parallel()
	var log lockedBuffer
	cfg := zap.NewProductionEncoderConfig()
	s := newShop(t, func(o *fiberhttp.Options) {
		o.Logger = zap.New(zapcore.NewCore(zapcore.NewJSONEncoder(cfg), &log, zapcore.DebugLevel))
	})
	forged := "a\r\n{\"level\":\"info\",\"msg\":\"forged\"}\u2028\x1b[31m\x00"
	failures := map[string]error{
		"line": fault.Down.New("x").Because(errors.New(forged)), "defect": errors.New(forged),
	}
	fiberhttp.Op(s.Server, fiberhttp.Route{ID: "forge", Method: http.MethodGet, Path: "/api/v1/forge/{case}", Tag: "Test", Summary: "Forge"},
		func(_ context.Context, in *failInput) (*echo, error) { return nil, failures[in.Case] })
	escaped := "a%0D%0A%7B%22msg%22%3A%22forged%22%7D"
	for _, path := range []string{"/api/v1/keep/" + escaped, "/" + escaped, "/api/v1/products?cursor=" + escaped, "/api/v1/products?" + escaped + "=1", "/api/v1/forge/line", "/api/v1/forge/defect"} {
		s.call(t, http.MethodGet, path, "")
	}
	s.call(t, http.MethodGet, "/health/live", "", "X-Request-Id", "a\tb", "traceparent", "00-\t", "User-Agent", "a\tforged")
	s.call(t, http.MethodPost, "/api/v1/carts/c/checkout", `{"a\nforged":1,"email":"`+"a\\r\\nforged"+`"}`, "Idempotency-Key", "k")
	lines := strings.Split(strings.TrimSuffix(log.String(), "\n"), "\n")
	if len(lines) != 10 { // One for each request, and one for each of the two failures.
		t.Errorf("%d lines:\n%s", len(lines), log.String())
	}
	for _, line := range lines {
		var entry map[string]any
		if err := json.Unmarshal([]byte(line), &entry); err != nil || entry["msg"] == "forged" || strings.ContainsAny(line, "\r\x00\x1b\u2028") {
			t.Errorf("%v: %q", err, line)
		}
	}
}

// lockedBuffer is a buffer that several write to.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) Sync() error { return nil }

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// TestOddRequestsMakeNoSeries sends thousands of requests of which no two are alike.
func TestOddRequestsMakeNoSeries(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	count := func() int { return bytes.Count(s.call(t, http.MethodGet, "/metrics", "").body, []byte("\nhttp_")) }
	odd := func(n string) {
		s.call(t, http.MethodGet, "/api/v1/keep/"+n, "")
		s.call(t, http.MethodGet, "/odd/"+n+"/", "")
		s.call(t, http.MethodGet, "/api/v1/products?cursor="+n+"&"+n+"=1", "")
		s.call(t, "ODD"+n, "/api/v1/products", "")
		s.call(t, http.MethodGet, "/media/"+n, "")
		s.call(t, http.MethodGet, "/health/live", "", "Host", n+".example", "X-Request-Id", n, "User-Agent", n)
	}
	odd("first")
	count() // The scrape itself is counted, and now has its series.
	before := count()
	for i := range 500 {
		odd(strconv.Itoa(i))
	}
	if after := count(); after != before {
		t.Errorf("%d lines before, %d after", before, after)
	}
}

// spans is a tracer that remembers.
type spans struct {
	mu    sync.Mutex
	asked []string
	ended []string
}

type spanKey struct{}

func (s *spans) note(list *[]string, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	*list = append(*list, text)
}

// requestSpan is a span of spans.
type requestSpan struct{ *spans }

func (requestSpan) In(ctx context.Context) context.Context {
	return context.WithValue(ctx, spanKey{}, "request")
}

func (requestSpan) IDs() (trace, span string, sampled bool) {
	return strings.Repeat("a", 32), strings.Repeat("b", 16), true
}

func (r requestSpan) End(e fiberhttp.RequestEnd) {
	r.note(&r.ended, fmt.Sprint(e.Method, " ", e.Route, " ", e.Status, " ", e.Code, " ", e.Actor))
}

func TestRequestsAreTraced(t *testing.T) {
	t.Parallel()
	traced := &spans{}
	s := newShop(t, func(o *fiberhttp.Options) {
		o.Tracing = fiberhttp.Tracing{
			Request: func(parent string) fiberhttp.RequestSpan {
				traced.note(&traced.asked, parent)
				return requestSpan{traced}
			},
			Trace: func(ctx context.Context, layer observe.Layer, name string) (context.Context, func(error)) {
				parent, _ := ctx.Value(spanKey{}).(string)
				return ctx, func(err error) {
					traced.note(&traced.ended, fmt.Sprint(parent, " ", layer, " ", name, " ", err != nil))
				}
			},
		}
	})
	var seen observe.Correlation
	fiberhttp.Op(s.Server, fiberhttp.Route{ID: "see", Method: http.MethodGet, Path: "/api/v1/see", Tag: "Test", Summary: "See"},
		func(ctx context.Context, _ *struct{}) (*echo, error) {
			seen = observe.Of(ctx)
			return echoOf("x"), nil
		})
	parent := "00-" + strings.Repeat("c", 32) + "-" + strings.Repeat("d", 16) + "-01"
	a := s.call(t, http.MethodGet, "/api/v1/see", "", "traceparent", parent, "X-Request-Id", "r1")
	if want := "00-" + strings.Repeat("a", 32) + "-" + strings.Repeat("b", 16) + "-01"; a.header.Get("traceresponse") != want {
		t.Errorf("traceresponse %q", a.header.Get("traceresponse"))
	}
	if seen != (observe.Correlation{RequestID: "r1", TraceID: strings.Repeat("a", 32), SpanID: strings.Repeat("b", 16), Sampled: true}) {
		t.Errorf("%+v", seen)
	}
	for _, path := range []string{"/api/v1/fail/missing", "/api/v1/products?limit=x", "/nowhere", "/api/v1/fail/plain"} {
		if got := s.call(t, http.MethodGet, path, "").problem(t)["trace_id"]; got != strings.Repeat("a", 32) {
			t.Errorf("%s: trace_id %v", path, got)
		}
	}
	if got := s.call(t, http.MethodPost, "/api/v1/panic", "").problem(t)["trace_id"]; got != strings.Repeat("a", 32) {
		t.Errorf("a panic: trace_id %v", got)
	}
	want := []string{
		"request service see false", "GET /api/v1/see 200  anonymous",
		"request service fail true", "GET /api/v1/fail/{case} 404 not_found anonymous", "GET /api/v1/products 422 invalid anonymous",
		"GET unmatched 404 not_found anonymous", "request service fail true", "GET /api/v1/fail/{case} 500 internal anonymous",
		"request service panic true", "POST /api/v1/panic 500 internal anonymous",
	}
	if !slices.Equal(traced.ended, want) {
		t.Errorf("ended\n%s\nwant\n%s", strings.Join(traced.ended, "\n"), strings.Join(want, "\n"))
	}
	if traced.asked[0] != parent || traced.asked[1] != "" {
		t.Errorf("asked with %q", traced.asked)
	}
	for _, f := range s.requests() {
		if f["trace_id"] != strings.Repeat("a", 32) || f["span_id"] != strings.Repeat("b", 16) {
			t.Errorf("%v", f)
		}
	}
}
