package integration_test

import (
	"bytes"
	"compress/gzip"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	trace "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// receiver takes traces as an OpenTelemetry collector does.
type receiver struct {
	*httptest.Server

	mu    sync.Mutex
	spans []*trace.Span
	raw   bytes.Buffer // Everything that came, for who looks for what must not be in it.
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		var body io.Reader = request.Body
		if request.Header.Get("Content-Encoding") == "gzip" {
			unzipped, err := gzip.NewReader(body)
			if err != nil {
				t.Errorf("the receiver: %v", err)
				return
			}
			body = unzipped
		}
		raw, err := io.ReadAll(body)
		message := &collector.ExportTraceServiceRequest{}
		if err != nil || proto.Unmarshal(raw, message) != nil || request.URL.Path != "/v1/traces" {
			t.Errorf("the receiver: %s %v", request.URL.Path, err)
			return
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.raw.Write(raw)
		for _, of := range message.GetResourceSpans() {
			for _, scope := range of.GetScopeSpans() {
				r.spans = append(r.spans, scope.GetSpans()...)
			}
		}
		w.WriteHeader(http.StatusOK)
	}))
	t.Cleanup(r.Close)
	return r
}

// trace gives the spans of a trace.
func (r *receiver) trace(id string) []*trace.Span {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(r.spans), func(s *trace.Span) bool { return hex.EncodeToString(s.GetTraceId()) != id })
}

// words is a span in words: its name and its layer.
func words(s *trace.Span) string {
	for _, a := range s.GetAttributes() {
		if a.GetKey() == "shop.layer" {
			return a.GetValue().GetStringValue() + " " + s.GetName()
		}
	}
	return "http " + s.GetName()
}

// path is how a span is reached from outside, by what is around it.
func path(spans []*trace.Span, s *trace.Span) string {
	for _, parent := range spans {
		if bytes.Equal(parent.GetSpanId(), s.GetParentSpanId()) {
			return path(spans, parent) + " > " + words(s)
		}
	}
	return words(s)
}

// TestOneTraceForOneCheckout follows a checkout from its caller to the statements: everything that the shop did for it is
// one trace, which the caller's continues.
func TestOneTraceForOneCheckout(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	to := newReceiver(t)
	p := startShop(t, "--migrate", "--database-url", address(t, database(t)).String(), "--otlp-endpoint", to.URL,
		"--seed", seedFile(t, map[string]int64{"it": 5}))
	c := newClient(t, p.base)
	cart := c.mustCart(t, line{"it", 1})
	traceID, caller := strings.Repeat("1a", 16), strings.Repeat("2b", 8)
	answer, err := c.call(t.Context(), http.MethodPost, "/api/v1/carts/"+cart+"/checkout", wish("tok_ok"),
		"Idempotency-Key", "one", "traceparent", "00-"+traceID+"-"+caller+"-00")
	if err != nil || answer.status != http.StatusCreated {
		t.Fatalf("%d %v %s", answer.status, err, answer.body)
	}
	if got := answer.header.Get("traceresponse"); !strings.HasPrefix(got, "00-"+traceID+"-") || !strings.HasSuffix(got, "-01") {
		t.Errorf("traceresponse %q", got)
	}
	bad, err := c.call(t.Context(), http.MethodGet, "/api/v1/carts/"+cart+"?x=1", nil, "traceparent", "00-"+traceID+"-"+caller+"-00")
	var problem struct {
		TraceID string `json:"trace_id"`
	}
	if err != nil || json.Unmarshal(bad.body, &problem) != nil || problem.TraceID != traceID {
		t.Errorf("a problem without its trace: %v %s", err, bad.body)
	}
	p.stop(t) // Sends what waits.
	spans := to.trace(traceID)
	paths := map[string]bool{}
	for _, s := range spans {
		paths[path(spans, s)] = true
		if root := path(spans, s); !strings.HasPrefix(root, "http POST /api/v1/carts/{cart}/checkout") && !strings.HasPrefix(root, "http GET /api/v1/carts/{cart}") {
			t.Errorf("not connected: %s", root)
		}
		if words(s) == "http POST /api/v1/carts/{cart}/checkout" && hex.EncodeToString(s.GetParentSpanId()) != caller {
			t.Errorf("the caller's span is not the parent")
		}
	}
	const service = "http POST /api/v1/carts/{cart}/checkout > service checkout"
	for _, want := range []string{
		service,
		service + " > port ordering.Carts.Cart > sql batch SELECT carts",
		service + " > port ordering.PaymentProvider.Charge",
		service + " > port ordering.Committer.Commit > sql batch SELECT commands",
		service + " > port ordering.Committer.Commit > sql batch UPDATE orders",
	} {
		if !paths[want] {
			t.Errorf("no span %s in\n%s", want, strings.Join(sorted(paths), "\n"))
		}
	}
	to.mu.Lock()
	defer to.mu.Unlock()
	for _, secret := range []string{cart, "tok_ok", "example.com", "Quay"} {
		if bytes.Contains(to.raw.Bytes(), []byte(secret)) {
			t.Errorf("%s is in the traces", secret)
		}
	}
	if !bytes.Contains(to.raw.Bytes(), []byte("ordering.Service.Checkout")) {
		t.Error("no span names the service's method")
	}
}

func sorted(of map[string]bool) []string {
	var out []string
	for k := range of {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// TestReceiverThatHangs serves while the receiver of traces takes connections and never answers: requests do not wait,
// and neither does the end, but for a bounded time.
func TestReceiverThatHangs(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	hanging := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer hanging.Close()
	defer close(release)
	p := startShop(t, "--otlp-endpoint", hanging.URL)
	c := newClient(t, p.base)
	var slowest time.Duration
	for range 2000 {
		began := time.Now()
		if a, err := c.call(t.Context(), http.MethodGet, "/api/v1/products?limit=1", nil); err != nil || a.status != http.StatusOK {
			t.Fatalf("%d %v", a.status, err)
		}
		slowest = max(slowest, time.Since(began))
	}
	if slowest > 2*time.Second {
		t.Errorf("a request took %s", slowest)
	}
	began := time.Now()
	p.stop(t)
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("the end took %s", took)
	}
}

// TestNobodyIsTracedUnlessAsked serves without a receiver and with a share of nothing.
func TestNobodyIsTracedUnlessAsked(t *testing.T) {
	t.Parallel()
	to := newReceiver(t)
	parent := fmt.Sprintf("00-%s-%s-01", strings.Repeat("1a", 16), strings.Repeat("2b", 8))
	for name, args := range map[string][]string{"no receiver": nil, "no share": {"--otlp-endpoint", to.URL, "--trace-ratio", "0"}} {
		p := startShop(t, args...)
		var a answer
		for range 20 {
			var err error
			if a, err = newClient(t, p.base).call(t.Context(), http.MethodGet, "/api/v1/products", nil, "traceparent", parent); err != nil {
				t.Fatal(err)
			}
		}
		if a.status != http.StatusOK || a.header.Get("traceresponse") != "" {
			t.Errorf("%s: %d, traceresponse %q", name, a.status, a.header.Get("traceresponse"))
		}
		p.stop(t)
	}
	if n := len(to.trace(strings.Repeat("1a", 16))); n > 0 {
		t.Errorf("%d spans although the caller's flag is not obeyed", n)
	}
}
