package otel_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/otel/codes"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/ipswich-retail/commerce/adapters/otel"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/ports/observe"
)

// tracing makes a Tracing, and a function that gives what it sent, which ends it.
func tracing(t *testing.T, ratio float64) (*otel.Tracing, func() tracetest.SpanStubs) {
	t.Helper()
	out := &keeping{}
	made := otel.Sending(otel.Config{Ratio: ratio, Service: "shop", Version: "1"}, out)
	return made, func() tracetest.SpanStubs {
		if err := made.Close(t.Context()); err != nil {
			t.Error(err)
		}
		return out.spans
	}
}

// keeping keeps spans; unlike the SDK's own it has them after its end.
type keeping struct{ spans tracetest.SpanStubs }

func (k *keeping) ExportSpans(_ context.Context, spans []sdk.ReadOnlySpan) error {
	k.spans = append(k.spans, tracetest.SpanStubsFromReadOnlySpans(spans)...)
	return nil
}

func (k *keeping) Shutdown(context.Context) error { return nil }

var (
	callersTrace = strings.Repeat("1a", 16)
	callersSpan  = strings.Repeat("2b", 8)
)

func TestACallersTraceIsContinuedAndNotObeyed(t *testing.T) {
	t.Parallel()
	for _, flag := range []string{"00", "01"} {
		for ratio, kept := range map[float64]bool{0: false, 1: true} {
			made, sent := tracing(t, ratio)
			span := made.Request("00-" + callersTrace + "-" + callersSpan + "-" + flag)
			trace, own, sampled := span.IDs()
			if trace != callersTrace || own == callersSpan || sampled != kept {
				t.Errorf("flag %s, share %v: %s %s %v", flag, ratio, trace, own, sampled)
			}
			span.End(http.MethodGet, "/x", "", "anonymous", "r", http.StatusOK)
			if n := len(sent()); (n == 1) != kept {
				t.Errorf("flag %s, share %v: %d spans", flag, ratio, n)
			}
		}
	}
	made, _ := tracing(t, 1)
	for _, wrong := range []string{"", "x", "00-" + strings.Repeat("0", 32) + "-" + callersSpan + "-01", "00-" + callersTrace + "-01", strings.Repeat("00-", 1000)} {
		if trace, _, sampled := made.Request(wrong).IDs(); trace == callersTrace || len(trace) != 32 || !sampled {
			t.Errorf("%.40q: trace %s", wrong, trace)
		}
	}
}

func TestSpansSayWhatBecameOfARequest(t *testing.T) {
	t.Parallel()
	made, sent := tracing(t, 1)
	span := made.Request("")
	ctx := span.In(observe.With(t.Context(), observe.Correlation{RequestID: "r", Sampled: true}))
	ctx, endPort := made.Trace(ctx, observe.Port, "ordering.Carts.Cart")
	_, endSQL := made.Trace(ctx, observe.SQL, "SELECT carts")
	endSQL(fault.Down.New("secret").Because(errors.New("secret")))
	endPort(fault.Missing.New("secret"))
	span.End(http.MethodGet, "/carts/{cart}", "unavailable", "guest", "r", http.StatusServiceUnavailable)
	spans := sent()
	if len(spans) != 3 {
		t.Fatalf("%d spans", len(spans))
	}
	for i, want := range []string{
		"SELECT carts client Error unavailable map[db.query.summary:SELECT carts db.system.name:postgresql error.type:unavailable shop.layer:sql]",
		"ordering.Carts.Cart internal Unset  map[error.type:not_found shop.layer:port]",
		"GET /carts/{cart} server Error unavailable map[error.type:unavailable http.request.method:GET http.response.status_code:503 http.route:/carts/{cart} shop.actor:guest shop.request_id:r]",
	} {
		s := spans[i]
		attributes := map[string]string{}
		for _, a := range s.Attributes {
			attributes[string(a.Key)] = a.Value.String()
		}
		if got := fmt.Sprint(s.Name, " ", s.SpanKind, " ", s.Status.Code, " ", s.Status.Description, " ", attributes); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		if i < 2 && s.Parent.SpanID() != spans[i+1].SpanContext.SpanID() {
			t.Errorf("%s is not below %s", s.Name, spans[i+1].Name)
		}
		if len(s.Events) > 0 {
			t.Errorf("%s has events: %v", s.Name, s.Events)
		}
	}
}

func TestWorkBeginsTracesAndPortsDoNot(t *testing.T) {
	t.Parallel()
	made, sent := tracing(t, 1)
	if ctx, end := made.Trace(t.Context(), observe.Port, "ports.Jobs.Claim"); ctx != t.Context() {
		t.Error("a call that belongs to nothing begins a trace")
	} else {
		end(nil)
	}
	ctx, end := made.Trace(t.Context(), observe.Work, "ordering.sweep_orders")
	c := observe.Of(ctx)
	if len(c.TraceID) != 32 || len(c.SpanID) != 16 || !c.Sampled {
		t.Errorf("lines of a job are not tied to it: %+v", c)
	}
	end(nil)
	spans := sent()
	if len(spans) != 1 || spans[0].Status.Code != codes.Unset || spans[0].SpanContext.TraceID().String() != c.TraceID {
		t.Errorf("%+v", spans)
	}
}

func TestClientsTellWhoseCallItIs(t *testing.T) {
	t.Parallel()
	seen := make(chan string, 2)
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen <- r.Header.Get("traceparent")
		w.WriteHeader(http.StatusInternalServerError)
	}))
	defer provider.Close()
	made, sent := tracing(t, 1)
	client := &http.Client{Transport: made.Transport(nil)}
	call := func(ctx context.Context) *http.Request {
		request, err := http.NewRequestWithContext(ctx, http.MethodPost, provider.URL+"/secret?secret", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		response, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		if err := response.Body.Close(); err != nil {
			t.Fatal(err)
		}
		return request
	}
	call(t.Context())
	if got := <-seen; got != "" {
		t.Errorf("a call of nobody's trace says %q", got)
	}
	span := made.Request("")
	trace, _, _ := span.IDs()
	request := call(span.In(t.Context()))
	if got := <-seen; !strings.HasPrefix(got, "00-"+trace+"-") || !strings.HasSuffix(got, "-01") {
		t.Errorf("traceparent %q of trace %s", got, trace)
	}
	if request.Header.Get("traceparent") != "" {
		t.Error("the caller's own request was changed")
	}
	spans := sent()
	if len(spans) != 1 || strings.Contains(fmt.Sprint(spans), "secret") || spans[0].Status.Code != codes.Error {
		t.Errorf("%+v", spans)
	}
	provider.Close()
	request, err := http.NewRequestWithContext(span.In(t.Context()), http.MethodGet, provider.URL, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	if response, err := client.Do(request); err == nil {
		_ = response.Body.Close()
		t.Error("nobody listens and somebody answers")
	}
}

func TestEndpoints(t *testing.T) {
	t.Parallel()
	for endpoint, good := range map[string]bool{
		"http://localhost:4318": true, "https://otlp.example/v1/traces": true, "http://[::1]:4318/": true,
		"": false, "localhost:4318": false, "grpc://localhost:4317": false, "http://": false, "http://a:secret@localhost": false,
		"http://localhost?x=1": false, "http://localhost#x": false, "http://local host": false,
	} {
		made, err := otel.New(otel.Config{Endpoint: endpoint})
		if (err == nil) != good {
			t.Errorf("%s: %v", endpoint, err)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("the error holds the address: %v", err)
		}
		if made != nil {
			if err := made.Close(t.Context()); err != nil {
				t.Error(err)
			}
		}
	}
}

// TestReceiverThatIsAway tells the log once, not for each message, and ends in time.
func TestReceiverThatIsAway(t *testing.T) {
	t.Parallel()
	core, logs := observer.New(zap.DebugLevel)
	away := httptest.NewServer(http.NotFoundHandler())
	away.Close()
	made, err := otel.New(otel.Config{Endpoint: away.URL, Ratio: 1, Logger: zap.New(core)})
	if err != nil {
		t.Fatal(err)
	}
	for range 5000 { // More than one message holds, and more than the queue.
		made.Request("").End(http.MethodGet, "/x", "", "anonymous", "r", http.StatusOK)
	}
	began := time.Now()
	if err := made.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took > otel.CloseTime {
		t.Errorf("the end took %s", took)
	}
	if logs.FilterMessage(observe.TraceError).Len() != 1 || logs.Len() != 1 {
		t.Errorf("%d lines", logs.Len())
	}
}
