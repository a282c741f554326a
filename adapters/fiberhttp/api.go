package fiberhttp

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"github.com/gofiber/fiber/v2"
)

// The keys of huma.Operation.Metadata that are ours.
const (
	metaOurs  = "fiberhttp"
	metaShape = "fiberhttp.shape"
	metaRoute = "fiberhttp.route"
)

// strictOnce guards the switches that huma keeps as package variables.
var strictOnce sync.Once

// beStrict sets huma's switches for the process: an array is not null, names are case-sensitive, and errors of our
// operations are problems. Operations that other code registers on an API of its own keep that code's errors.
func beStrict() {
	strictOnce.Do(func() {
		huma.DefaultArrayNullable = false
		huma.ValidateStrictCasing = true
		others := huma.NewErrorWithContext
		huma.NewErrorWithContext = func(ctx huma.Context, status int, msg string, errs ...error) huma.StatusError {
			if ctx == nil || ctx.Operation() == nil || ctx.Operation().Metadata[metaOurs] == nil {
				return others(ctx, status, msg, errs...)
			}
			shape, _ := ctx.Operation().Metadata[metaShape].(reflect.Type)
			problem := ofValidation(status, errs, humafiber.Unwrap(ctx).Request().Body(), shape)
			problem.RequestID = RequestID(ctx.Context())
			exchangeIn(ctx.Context()).met(problem)
			return problem
		}
	})
}

// newAPI makes huma's API without its own documents, links and transformers.
func newAPI(app *fiber.App, s *Server, version string) huma.API {
	beStrict()
	registry := huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer)
	format := huma.Format{Marshal: huma.DefaultJSONFormat.Marshal, Unmarshal: json.Unmarshal}
	config := huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI:    "3.1.0",
			Info:       &huma.Info{Title: "Commerce API", Version: version, Description: introduction, License: &huma.License{Name: "MIT", Identifier: "MIT"}},
			Servers:    []*huma.Server{{URL: "/"}},
			Components: &huma.Components{Schemas: registry, SecuritySchemes: securitySchemes()},
		},
		Formats:       map[string]huma.Format{"application/json": format, "json": format},
		DefaultFormat: "application/json",
	}
	plain := humafiber.New(app, huma.Config{OpenAPI: &huma.OpenAPI{}}).Adapter()
	return huma.NewAPI(config, strictAdapter{Adapter: plain, server: s})
}

// introduction opens the OpenAPI document.
const introduction = "Money is `{\"amount\":\"19.99\",\"currency\":\"GBP\"}` with exactly the currency's digits. Ids are " +
	"strings, times RFC 3339 in UTC. Unknown parameters and fields are refused. Every answer carries `X-Request-Id`; " +
	"every error is `application/problem+json` with a stable `code`. Any call may also answer 408, 413, 415 or 431 when " +
	"the request itself is late, too large or encoded, and a HEAD is taken wherever a GET is."

// strictAdapter puts what every operation needs in front of it and answers HEAD wherever GET is answered.
type strictAdapter struct {
	huma.Adapter
	server *Server
}

// Handle registers an operation; a GET also as HEAD, which stays out of the document.
func (a strictAdapter) Handle(op *huma.Operation, handler func(huma.Context)) {
	guarded := a.guard(op, handler)
	a.Adapter.Handle(op, guarded)
	if op.Method == http.MethodGet {
		head := *op
		head.Method = http.MethodHead
		a.Adapter.Handle(&head, guarded)
	}
}

// guard names the route for logs and metrics, gives the request its deadline, refuses other sites, proves who asks and refuses what no
// handler should see: who may not call learns nothing of what else is wrong with the request.
func (a strictAdapter) guard(op *huma.Operation, handler func(huma.Context)) func(huma.Context) {
	route, _ := op.Metadata[metaRoute].(Route)
	limit := route.Timeout
	if limit == 0 {
		limit = a.server.options.Timeouts.Handler
	}
	class := route.class()
	return func(ctx huma.Context) {
		c := humafiber.Unwrap(ctx)
		x := exchangeOf(c.Context())
		x.route, x.personal = op.Path, route.guarded()
		timed, cancel := context.WithTimeout(x.within(c.UserContext()), limit)
		defer cancel()
		if route.guardsSite() {
			if err := a.server.admitSite(&c.Request().Header, x); err != nil {
				a.server.fail(c.Context(), x, err)
				return
			}
		}
		leave, err := a.server.turnstile.enter(timed, class)
		if err != nil {
			a.server.shed(c.Context(), x, err)
			return
		}
		defer leave()
		if route.guarded() {
			who, err := a.server.identify(timed, c.Request(), route)
			x.principal = who
			if err != nil {
				a.server.fail(c.Context(), x, err)
				return
			}
		}
		if err := admit(c, op); err != nil {
			a.server.fail(c.Context(), x, err)
			return
		}
		x.request = c.Request()
		if route.command {
			x.command = commandOf(c)
		}
		c.SetUserContext(timed)
		handler(huma.WithContext(strictContext{humaContext: ctx, request: c}, timed))
		if x.replayed {
			c.Set(replayedHeader, "true")
		}
	}
}

// strictContext mends what humafiber does with a request: path parameters stay encoded, the body is read through a
// call that decompresses, a malformed address is a nil pointer, and a read deadline is set although all is read.
type strictContext struct {
	humaContext

	request *fiber.Ctx
}

// humaContext is huma.Context under a name that does not hide its method Context when embedded.
type humaContext = huma.Context

// Unwrap gives the context below, which humafiber.Unwrap follows.
func (c strictContext) Unwrap() huma.Context { return c.humaContext }

// Param is the decoded path parameter.
func (c strictContext) Param(name string) string {
	raw := c.request.Params(name)
	if decoded, err := url.PathUnescape(raw); err == nil {
		return decoded
	}
	return raw
}

// BodyReader reads the body as it came.
func (c strictContext) BodyReader() io.Reader { return bytes.NewReader(c.request.Request().Body()) }

// SetReadDeadline does nothing: the server's own read timeout stands and the body is in memory.
func (c strictContext) SetReadDeadline(time.Time) error { return nil }

// URL is the address; the edge has refused those that do not parse.
func (c strictContext) URL() url.URL {
	parsed, err := url.ParseRequestURI(string(c.request.Request().RequestURI()))
	if err != nil {
		return url.URL{}
	}
	return *parsed
}
