package fiberhttp_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"github.com/ipswich-retail/commerce/adapters/fiberhttp"
	"github.com/ipswich-retail/commerce/domain/fault"
)

var moment = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

// shop is a server with a few operations of every sort.
type shop struct {
	*fiberhttp.Server

	logs *observer.ObservedLogs

	mu   sync.Mutex
	seen []string // Ids that handlers kept beyond their request.

	entered chan struct{} // Takes one value when /slow is entered.
	release chan struct{} // Closed to let /slow answer.
}

var (
	outOfStock = fault.Define(fault.Conflict, "out_of_stock", "Less is in stock than a line asks for.")
	declined   = fault.Define(fault.Conflict, "payment_declined", "The payment was declined.")
	changed    = fault.Define(fault.Conflict, "price_changed", "The total changed.")
	mismatch   = fault.Define(fault.Invalid, "idempotency_mismatch", "The key was used with another request.")
	malformed  = fault.Define(fault.Invalid, "malformed_amount", "The amount is malformed.")
	limited    = fault.Define(fault.Exhausted, "rate_limited", "Too many requests.")
	stale      = fault.Define(fault.Precondition, "precondition_failed", "The version is not the present one.")
	nobody     = fault.Define(fault.Unauthenticated, "unauthenticated", "Nobody.")
	refused    = fault.Define(fault.Denied, "denied", "Not allowed.")
	broken     = fault.Define(fault.Internal, "malformed_commit", "A defect.")
)

// failures are what GET /fail/{case} answers with.
var failures = map[string]error{
	"stock": outOfStock.New("some lines are short").Listing(
		outOfStock.New("only 3 left").At("lines[0].quantity").With("sku", "MUG").With("available", 3)),
	"one-line":  outOfStock.New("only 3 left").At("lines[0].quantity").With("sku", "MUG"),
	"declined":  declined.New("the card was declined"),
	"price":     changed.New("the total is now 21.00").With("current_total", map[string]string{"amount": "21.00", "currency": "GBP"}).With("status", "hidden"),
	"mismatch":  mismatch.New("use a new key"),
	"amount":    malformed.New("write 19.99").At("expected_total.amount"),
	"limited":   limited.New("wait").With("retry_after", 7),
	"stale":     stale.New("it has version 3"),
	"nobody":    nobody.New("sign in"),
	"refused":   refused.New("needs a permission"),
	"missing":   fault.Missing.New("no such cart"),
	"down":      fault.Down.New("the database is not reachable").Because(errors.New("dial tcp 10.0.0.7: refused")),
	"lost":      fault.Lost.New("the answer was lost"),
	"broken":    broken.New("secret detail").Because(errors.New("secret cause")),
	"plain":     errors.New("secret plain"),
	"nested":    fault.Bad.New("x").Listing(fault.Bad.New("y").Listing(malformed.New("z").At("a.b"))),
	"many":      fault.Bad.New("many").Listing(many()...),
	"no-json":   changed.New("x").With("channel", make(chan int)),
	"no-json-2": outOfStock.New("x").At("y").With("channel", make(chan int)),
}

func many() []*fault.Error {
	out := make([]*fault.Error, 500)
	for i := range out {
		out[i] = fault.Bad.New("wrong").At("lines[" + strconv.Itoa(i) + "]")
	}
	return out
}

type shade struct{ name string }

func (s *shade) UnmarshalJSON(data []byte) error {
	if err := json.Unmarshal(data, &s.name); err != nil || s.name == "mauve" {
		return malformed.New("no such shade").At("name").Because(err)
	}
	return nil
}

type shadeDoc string

type orderLine struct {
	SKU      string `json:"sku" minLength:"1" maxLength:"64" pattern:"^[A-Z-]+$"`
	Quantity int    `json:"quantity" minimum:"1" maximum:"10000"`
	Gift     bool   `json:"gift,omitempty"`
}

type orderInput struct {
	fiberhttp.Idempotent

	ID   string `path:"id"`
	Body struct {
		Email   string            `json:"email" format:"email"`
		Lines   []orderLine       `json:"lines" minItems:"1" maxItems:"1000"`
		Address *address          `json:"address,omitempty"`
		Big     int64             `json:"big,omitempty"`
		Tiny    int8              `json:"tiny,omitempty"`
		Shade   *shade            `json:"shade,omitempty"`
		Notes   map[string]string `json:"notes,omitempty"`
	}
}

type address struct {
	City string `json:"city" minLength:"1"`
}

type echo struct {
	Body struct {
		ID string `json:"id"`
	}
}

func echoOf(id string) *echo {
	out := &echo{}
	out.Body.ID = id
	return out
}

type listInput struct {
	fiberhttp.Conditional

	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
	Cursor string `query:"cursor"`
}

type page struct {
	Items []string `json:"items"`
}

type failInput struct {
	Case string `path:"case"`
}

type idInput struct {
	ID string `path:"id" maxLength:"40"`
}

// slow is the time that a server test waits for something before it is lost.
const slow = 20 * time.Second

func newShop(tb testing.TB, change ...func(*fiberhttp.Options)) *shop {
	tb.Helper()
	core, logs := observer.New(zapcore.DebugLevel)
	var counter atomic.Int64
	options := fiberhttp.Options{
		Logger: zap.New(core), Registry: prometheus.NewRegistry(), Version: "1.2.3",
		NewID: func() string { return "made-" + strconv.FormatInt(counter.Add(1), 10) },
		Now:   func() time.Time { return moment },
	}
	for _, f := range change {
		f(&options)
	}
	server, err := fiberhttp.New(options)
	if err != nil {
		tb.Fatal(err)
	}
	s := &shop{Server: server, logs: logs, entered: make(chan struct{}, 1), release: make(chan struct{})}
	s.register()
	return s
}

func (s *shop) register() {
	fiberhttp.Describe[shade, shadeDoc](s.Server)
	fiberhttp.Op(s.Server, fiberhttp.Route{
		ID: "order", Method: http.MethodPost, Path: "/api/v1/carts/{id}/checkout", Tag: "Carts", Summary: "Order", Success: http.StatusCreated,
		Problems: []fault.Class{outOfStock, declined, fault.Unexpected, fault.Down, fault.Lost},
	}, func(_ context.Context, in *orderInput) (*echo, error) { return echoOf(in.ID), nil })
	fiberhttp.Op(s.Server, fiberhttp.Route{
		ID: "list", Method: http.MethodGet, Path: "/api/v1/products", Tag: "Products", Summary: "List", Body: page{},
		Also: map[int]string{http.StatusNotModified: "Unchanged"},
	}, func(_ context.Context, in *listInput) (*fiberhttp.Raw, error) {
		body := []byte(`{"items":["` + strconv.Itoa(in.Limit) + `"]}`)
		return fiberhttp.Tagged(in.IfNoneMatch, body, "public, max-age=5"), nil
	})
	fiberhttp.Op(s.Server, fiberhttp.Route{ID: "keep", Method: http.MethodGet, Path: "/api/v1/keep/{id}", Tag: "Test", Summary: "Keep"},
		func(_ context.Context, in *idInput) (*echo, error) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.seen = append(s.seen, in.ID)
			return echoOf(in.ID), nil
		})
	fiberhttp.Op(s.Server, fiberhttp.Route{ID: "fail", Method: http.MethodGet, Path: "/api/v1/fail/{case}", Tag: "Test", Summary: "Fail"},
		func(_ context.Context, in *failInput) (*echo, error) { return nil, failures[in.Case] })
	fiberhttp.Op(s.Server, fiberhttp.Route{ID: "panic", Method: http.MethodPost, Path: "/api/v1/panic", Tag: "Test", Summary: "Panic"},
		func(context.Context, *struct{}) (*echo, error) { panic("secret panic") })
	wait := func(ctx context.Context, _ *struct{}) (*echo, error) {
		s.entered <- struct{}{}
		select {
		case <-s.release:
			return echoOf("slow"), nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	fiberhttp.Op(s.Server, fiberhttp.Route{ID: "slow", Method: http.MethodGet, Path: "/api/v1/slow", Tag: "Test", Summary: "Slow", Timeout: slow}, wait)
	fiberhttp.Op(s.Server, fiberhttp.Route{ID: "late", Method: http.MethodGet, Path: "/api/v1/late", Tag: "Test", Summary: "Late", Timeout: time.Millisecond}, wait)
	fiberhttp.Op(s.Server, fiberhttp.Route{ID: "late-write", Method: http.MethodPost, Path: "/api/v1/late", Tag: "Test", Summary: "Late", Timeout: time.Millisecond}, wait)
}

// answer is a response that was read.
type answer struct {
	status int
	header http.Header
	body   []byte
	closes bool // It said Connection: close.
}

// problem reads a problem detail.
func (a answer) problem(t *testing.T) map[string]any {
	t.Helper()
	if got := a.header.Get("Content-Type"); got != "application/problem+json" {
		t.Fatalf("%d %s: %s", a.status, got, a.body)
	}
	var out map[string]any
	if err := json.Unmarshal(a.body, &out); err != nil {
		t.Fatalf("%v: %s", err, a.body)
	}
	if out["status"] != float64(a.status) || out["request_id"] != a.header.Get("X-Request-Id") || out["type"] != "/docs#error-"+out["code"].(string) {
		t.Errorf("the problem contradicts the answer: %d %v %s", a.status, a.header, a.body)
	}
	return out
}

// call sends a request without a socket. Pairs are header names and values.
func (s *shop) call(t *testing.T, method, target, body string, pairs ...string) answer {
	t.Helper()
	request := httptest.NewRequestWithContext(t.Context(), method, target, bytes.NewBufferString(body))
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			request.Header.Del(pairs[i])
			continue
		}
		request.Header.Add(pairs[i], pairs[i+1])
	}
	response, err := s.App().Test(request, int(slow.Milliseconds())) //nolint:bodyclose // readAnswer closes it.
	if err != nil {
		t.Fatal(err)
	}
	return readAnswer(t, response)
}

func readAnswer(t *testing.T, response *http.Response) answer {
	t.Helper()
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header, body, response.Close}
}

// listen serves on a free port until the test ends.
func (s *shop) listen(t *testing.T) string {
	t.Helper()
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- s.Listen(listener) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), slow)
		defer cancel()
		if err := s.Shutdown(ctx); err != nil {
			t.Errorf("shutdown: %v", err)
		}
		if err := <-ended; err != nil {
			t.Errorf("listen: %v", err)
		}
	})
	return listener.Addr().String()
}
