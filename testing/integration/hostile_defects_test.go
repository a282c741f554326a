package integration_test

import (
	"bytes"
	"fmt"
	"net"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/ipswich-retail/commerce/testing/shopapitest"
)

// defect is a fault that a server may have: what it does to a request, or to an answer, of the real one.
type defect struct {
	only   string // The operation that is besieged.
	kind   string // How the cases begin that are sent; "" sends all.
	before func(*fasthttp.RequestCtx)
	after  func(*fasthttp.RequestCtx)
	want   string // What is found, in part.
	within time.Duration
}

// requestBody changes the body of a request.
func requestBody(change func([]byte) []byte) func(*fasthttp.RequestCtx) {
	return func(c *fasthttp.RequestCtx) { c.Request.SetBody(change(slices.Clone(c.Request.Body()))) }
}

// answerBody changes the body of an answer.
func answerBody(change func([]byte) []byte) func(*fasthttp.RequestCtx) {
	return func(c *fasthttp.RequestCtx) { c.Response.SetBodyRaw(change(slices.Clone(c.Response.Body()))) }
}

// dropping takes what matches out of a text.
func dropping(pattern string) func([]byte) []byte {
	compiled := regexp.MustCompile(pattern)
	return func(text []byte) []byte { return compiled.ReplaceAll(text, nil) }
}

func isProblem(c *fasthttp.RequestCtx) bool {
	return bytes.Contains(c.Response.Header.ContentType(), []byte("problem"))
}

// putOff answers as a server that has no time now.
func putOff(c *fasthttp.RequestCtx) {
	c.Response.Header.Set("Retry-After", "1")
	c.Response.Header.SetContentType("application/problem+json")
	c.Response.SetStatusCode(fasthttp.StatusServiceUnavailable)
	c.Response.SetBodyString(fmt.Sprintf(`{"type":"/docs#error-unavailable","title":"Unavailable","status":503,"detail":"try again","code":"unavailable","request_id":%q}`,
		c.Response.Header.Peek("X-Request-Id")))
}

// defects are what the siege must find, each one.
var defects = map[string]defect{
	"fails at an emoji": {only: "POST /api/v1/carts/{cart}/checkout", kind: "alphabet", want: "never a failure of the server", after: func(c *fasthttp.RequestCtx) {
		if strings.ContainsFunc(string(c.Request.Body()), func(r rune) bool { return r > 0xFFFF && r != 0xFFFD }) {
			c.Response.SetStatusCode(fasthttp.StatusInternalServerError)
		}
	}},
	"undocumented status": {only: "GET /api/v1/orders/{order}", want: "does not document 202", after: func(c *fasthttp.RequestCtx) {
		if c.Response.StatusCode() == fasthttp.StatusOK && bytes.HasPrefix(c.Path(), []byte("/api/v1/orders/")) {
			c.Response.SetStatusCode(fasthttp.StatusAccepted)
		}
	}},
	"takes unknown fields":        {only: "POST /api/v1/carts", kind: "unknown field", want: "accepted what breaks a rule (no_such_field)", before: requestBody(dropping(`,?"no_such_field":"x"`))},
	"takes other cases of fields": {only: "PATCH /api/v1/carts/{cart}/lines/{line}", kind: "case of", want: "accepted what breaks a rule (Quantity)", before: requestBody(dropping(`"Quantity":[0-9]+,?`))},
	"takes a field twice":         {only: "PATCH /api/v1/carts/{cart}/lines/{line}", kind: "duplicate", want: "accepted what breaks a rule (quantity)", before: requestBody(dropping(`,"quantity":[0-9]+`))},
	"takes half of a pair":        {only: "POST /api/v1/carts/{cart}/checkout", kind: "unreadable", want: "want one of [400]", before: requestBody(dropping(`\\ud83d`))},
	"takes what follows":          {only: "PATCH /api/v1/carts/{cart}/lines/{line}", kind: "document", want: "accepted what breaks a rule", before: requestBody(dropping(`\{"quantity":1\}$`))},
	"untrue to its schema":        {only: "GET /api/v1/carts/{cart}", want: "version: is missing", after: answerBody(dropping(`"version":[0-9]+,`))},
	"more than its schema": {only: "GET /api/v1/carts/{cart}", want: "secret: is not documented", after: answerBody(func(body []byte) []byte {
		return bytes.Replace(body, []byte(`{"id":"crt`), []byte(`{"secret":1,"id":"crt`), 1)
	})},
	"names no field": {only: "GET /api/v1/products", kind: "number into limit", want: "does not name limit", after: answerBody(dropping(`"errors":\[.*?\],|, not [a-z]*limit`))},
	"another media type": {only: "GET /api/v1/carts/{cart}", want: `Content-Type "text/html" of an error`, after: func(c *fasthttp.RequestCtx) {
		if isProblem(c) {
			c.Response.Header.SetContentType("text/html")
		}
	}},
	"no request id": {only: "GET /health/live", want: `X-Request-Id ""`, after: func(c *fasthttp.RequestCtx) { c.Response.Header.Del("X-Request-Id") }},
	"a cookie":      {only: "GET /health/live", want: "sets a cookie", after: func(c *fasthttp.RequestCtx) { c.Response.Header.Set("Set-Cookie", "a=b") }},
	"a stack in an answer": {only: "GET /api/v1/products", kind: "number", want: `shows "goroutine "`, after: answerBody(func(body []byte) []byte {
		return bytes.Replace(body, []byte(`"detail":"`), []byte(`"detail":"goroutine 7 [running]: `), 1)
	})},
	"SQL in an answer": {only: "GET /api/v1/products", kind: "number", want: `shows "SQLSTATE"`, after: answerBody(func(body []byte) []byte {
		return bytes.Replace(body, []byte(`"detail":"`), []byte(`"detail":"SQLSTATE 42601 `), 1)
	})},
	"computes templates": {only: "POST /api/v1/carts/{cart}/checkout", kind: "injection at", want: `shows "3196943"`, before: requestBody(func(body []byte) []byte {
		return bytes.ReplaceAll(body, []byte("{{1787*1789}}"), []byte("3196943"))
	})},
	"composes characters": {only: "POST /api/v1/carts/{cart}/checkout", kind: "alphabet", want: `came back as "é"`, after: answerBody(func(body []byte) []byte {
		return bytes.ReplaceAll(body, []byte("e\u0301"), []byte("é"))
	})},
	"obeys pg_sleep": {only: "GET /api/v1/products", kind: "injection into cursor", want: "no answer in time", within: siegeWithin, after: func(c *fasthttp.RequestCtx) {
		if bytes.Contains(c.QueryArgs().Peek("cursor"), []byte("pg_sleep")) {
			time.Sleep(2 * siegeWithin) // The defect itself: a database that sleeps.
		}
	}},
	"headers out of values": {only: "GET /api/v1/products", kind: "injection into cursor", want: "a header came out of a value", after: func(c *fasthttp.RequestCtx) {
		if _, injected, ok := strings.Cut(string(c.QueryArgs().Peek("cursor")), "\r\nX-Injected: "); ok {
			c.Response.Header.Set("X-Injected", injected)
		}
	}},
	"takes forged cursors": {only: "GET /api/v1/products", kind: "forged", want: "accepted what breaks a rule (invalid_cursor)", before: func(c *fasthttp.RequestCtx) {
		c.QueryArgs().Del("cursor")
		c.Request.SetRequestURI(string(c.Path()) + "?" + c.QueryArgs().String())
	}},
	"takes a value beyond": {only: "PATCH /api/v1/carts/{cart}/lines/{line}", kind: "number", want: "number at quantity: -1", before: requestBody(func(body []byte) []byte {
		return bytes.ReplaceAll(body, []byte("-1"), []byte("1"))
	})},
	"refuses a value at its bound": {only: "PATCH /api/v1/carts/{cart}/lines/{line}", kind: "bound", want: "refuses quantity, which keeps the rules", before: requestBody(func(body []byte) []byte {
		return bytes.ReplaceAll(body, []byte(`:1000000}`), []byte(`:1000001}`))
	})},
	"takes encoded bodies": {only: "POST /api/v1/carts", kind: "content encoding", want: "content encoding", before: func(c *fasthttp.RequestCtx) { c.Request.Header.Del("Content-Encoding") }},
	"takes other charsets": {only: "POST /api/v1/carts", kind: "media type", want: "media type application/json; charset=latin1", before: func(c *fasthttp.RequestCtx) {
		if bytes.Contains(c.Request.Header.ContentType(), []byte("latin1")) {
			c.Request.Header.SetContentType("application/json")
		}
	}},
	"takes other methods": {only: "GET /api/v1/products", kind: "method", want: "method DELETE", before: func(c *fasthttp.RequestCtx) {
		if c.IsDelete() {
			c.Request.Header.SetMethod("GET")
		}
	}},
	"takes any id": {only: "GET /api/v1/carts/{cart}", want: "accepted what breaks a rule", before: func() func(*fasthttp.RequestCtx) {
		var good []byte
		form := regexp.MustCompile(`^/api/v1/carts/crt_[0-9a-z]{32}$`)
		return func(c *fasthttp.RequestCtx) {
			switch path := c.Path(); {
			case form.Match(path):
				good = slices.Clone(path)
			case c.IsGet() && bytes.HasPrefix(path, []byte("/api/v1/carts/")) && good != nil:
				c.Request.SetRequestURIBytes(good)
			}
		}
	}()},
	"puts off for ever": {only: "GET /api/v1/products", kind: "injection into cursor", want: "never a failure of the server", after: func(c *fasthttp.RequestCtx) {
		if bytes.Contains(c.QueryArgs().Peek("cursor"), []byte("pg_sleep")) {
			putOff(c)
		}
	}},
	"refuses all": {only: "POST /api/v1/carts/{cart}/checkout", want: "accepted none of", before: func(c *fasthttp.RequestCtx) { c.Request.Header.Del("Idempotency-Key") }},
	"refuses chunks": {only: "POST /api/v1/carts", kind: "document chunked", want: "refuses how a well-formed request was sent", after: func(c *fasthttp.RequestCtx) {
		if c.Request.Header.ContentLength() == -1 {
			c.Response.SetStatusCode(fasthttp.StatusLengthRequired)
		}
	}},
}

// siegeWithin bounds the answers of a shop that sleeps.
const siegeWithin = 2 * time.Second

// TestHostileFindsDefects plants each defect in the real server: the siege must find it, and find nothing in the server
// as it is.
func TestHostileFindsDefects(t *testing.T) {
	t.Parallel()
	for name, d := range defects {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			report := besiege(t, d)
			if !slices.ContainsFunc(report.Findings, func(f string) bool { return strings.Contains(f, d.want) }) {
				t.Errorf("%d requests did not find %q: %q", report.Sent, d.want, report.Findings)
			}
		})
	}
	sound := make(map[string]bool)
	for _, d := range defects {
		sound[d.only] = true
	}
	for only := range sound { // The others ask for accounts, mails and keys, which this shop has not.
		t.Run("none of "+strings.ReplaceAll(only, "/", " "), func(t *testing.T) {
			t.Parallel()
			for _, finding := range besiege(t, defect{only: only}).Findings {
				t.Error(finding)
			}
		})
	}
}

// TestHostileAsksAgain puts off every other request, which is no defect: the siege asks again.
func TestHostileAsksAgain(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	report := besiege(t, defect{only: "GET /api/v1/products", after: func(c *fasthttp.RequestCtx) {
		if bytes.Equal(c.Path(), []byte("/api/v1/products")) && asked.Add(1)%2 == 0 {
			putOff(c)
		}
	}})
	if asked.Load() <= int64(report.Sent) {
		t.Errorf("%d requests came for %d cases: none was asked again", asked.Load(), report.Sent)
	}
	for _, finding := range report.Findings {
		t.Error(finding)
	}
}

func besiege(t *testing.T, d defect) shopapitest.Report {
	t.Helper()
	s := newHTTPShop(t)
	inner := s.App().Server().Handler
	s.App().Server().Handler = func(c *fasthttp.RequestCtx) {
		if d.before != nil {
			d.before(c)
		}
		if inner(c); d.after != nil {
			d.after(c)
		}
	}
	report, err := shopapitest.Besiege(t.Context(), shopapitest.Target{BaseURL: "http://" + s.listen(t)},
		shopapitest.Siege{Only: d.only, Kind: d.kind, Cases: 500, Within: d.within})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// listen serves the shop on a free port until the end of the test.
func (s *httpShop) listen(t *testing.T) string {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- s.Listen(listener) }()
	t.Cleanup(func() {
		if err := s.Shutdown(anew(t)); err != nil {
			t.Errorf("the end of the server: %v", err)
		}
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return listener.Addr().String()
}
