package fiberhttp

import (
	"context"
	"errors"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/valyala/fasthttp"
	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/ports/observe"
)

// Tracing makes spans of requests; the zero value makes none, and costs nothing.
type Tracing struct {
	// Request begins the span of a request. It is given the traceparent that the caller sent, or "", and never blocks.
	Request func(traceparent string) RequestSpan
	// Trace begins the spans below it: one for what an operation asks the services for.
	Trace observe.Trace
}

// RequestSpan is the span of one request. It is used by one goroutine at a time.
type RequestSpan interface {
	// In puts the span into a context, so that spans further below belong to it.
	In(ctx context.Context) context.Context
	// IDs are the ids of the trace and the span, in hexadecimal, and whether they are kept.
	IDs() (trace, span string, sampled bool)
	// End ends the span with what became of the request.
	End(RequestEnd)
}

// RequestEnd is what became of a request: what the line of the access log says too.
type RequestEnd struct {
	Method, Route, Code, Actor, RequestID string
	Status                                int
}

// What is read off a request to tell whose it is, and the headers of traces: what a caller sends, and what an answer
// says of where its request is to be found.
const (
	traceHeader  = "traceparent"
	traceAnswer  = "traceresponse"
	orderToken   = "X-Order-Token" //nolint:gosec // The name of a header.
	cartsRoute   = apiPath + "/carts/{"
	sessionRoute = apiPath + "/sessions"
)

// follow begins the span of a request, if requests are traced.
func (s *Server) follow(fctx *fasthttp.RequestCtx, x *exchange) {
	if s.options.Tracing.Request == nil {
		return
	}
	x.span = s.options.Tracing.Request(string(fctx.Request.Header.Peek(traceHeader)))
	x.traceID, x.spanID, x.sampled = x.span.IDs()
}

// within puts what ties lines and spans to the request into a context.
func (x *exchange) within(ctx context.Context) context.Context {
	ctx = observe.With(withExchange(ctx, x), observe.Correlation{RequestID: x.id, TraceID: x.traceID, SpanID: x.spanID, Sampled: x.sampled})
	if x.span != nil {
		ctx = x.span.In(ctx)
	}
	return ctx
}

// The kinds of who asks that are no principal.
const (
	anonymous = "anonymous"
	guest     = "guest" // Whoever shows the credential of a cart or of an order.
)

// actor tells what kind of somebody asked.
func (x *exchange) actor(request *fasthttp.Request) string {
	switch {
	case x.principal.Kind != "":
		return string(x.principal.Kind)
	case strings.HasPrefix(x.route, cartsRoute), len(request.Header.Peek(orderToken)) > 0:
		return guest
	}
	return anonymous
}

// fields are what every line of a request begins with.
func (x *exchange) fields(more ...zap.Field) []zap.Field {
	out := make([]zap.Field, 0, len(more)+4)
	out = append(out, zap.String(observe.RequestID, x.id), zap.String(observe.Route, x.route))
	if x.traceID != "" {
		out = append(out, zap.String(observe.TraceID, x.traceID), zap.String(observe.SpanID, x.spanID))
	}
	return append(out, more...)
}

// tell writes the line of a request, and one more when it is something that who guards a shop wants to know. It is never
// sampled away.
func (s *Server) tell(fctx *fasthttp.RequestCtx, x *exchange, status int, elapsed time.Duration) {
	who := x.actor(&fctx.Request)
	if line := s.options.Logger.Check(zap.InfoLevel, observe.Request); line != nil {
		fields := x.fields(
			zap.String(observe.Method, x.method), zap.Int(observe.Status, status),
			zap.Float64(observe.Duration, float64(elapsed.Microseconds())/1000), zap.Int(observe.Bytes, sizeOf(&fctx.Response)),
			zap.String(observe.Actor, who),
		)
		if x.code != "" {
			fields = append(fields, zap.String(observe.Code, x.code))
		}
		line.Write(fields...)
	}
	if message := alarm(fctx, x, status); message != "" {
		s.options.Logger.Warn(message, x.fields(zap.String(observe.Actor, who), zap.String(observe.Code, x.code))...)
	}
	if x.span != nil {
		x.span.End(RequestEnd{Method: x.method, Route: x.route, Code: x.code, Actor: who, RequestID: x.id, Status: status})
	}
}

// sizeOf is the size of an answer's body, without reading one that is a stream.
func sizeOf(response *fasthttp.Response) int {
	if response.IsBodyStream() {
		return max(response.Header.ContentLength(), 0)
	}
	return len(response.Body())
}

// alarm names what happened to the safety of the shop, or "".
func alarm(fctx *fasthttp.RequestCtx, x *exchange, status int) string {
	header := &fctx.Request.Header
	switch {
	case status == http.StatusTooManyRequests:
		return observe.LimitReached
	case x.code == access.Denied.Code():
		return observe.PermissionDenied
	case status != http.StatusUnauthorized:
		return ""
	case strings.HasPrefix(x.route, sessionRoute), len(header.Peek(fasthttp.HeaderAuthorization)) > 0, len(header.Peek(keyAPIHeader)) > 0:
		return observe.SignInFailed
	}
	return "" // Nothing was shown that could be wrong.
}

// panicked logs a defect that a handler met. The value that it panicked with stays out: it may hold anything.
func (s *Server) panicked(x *exchange, value any) {
	s.options.Logger.Error(observe.Panic, x.fields(
		zap.String(observe.Error, observe.Panicked(value).Error()), zap.ByteString(observe.Stack, debug.Stack()))...)
}

// report notes the problem that a request is answered with, and logs those that somebody should look at, with their cause.
func (s *Server) report(x *exchange, p *Problem) {
	x.met(p)
	if p.Status < http.StatusInternalServerError || p.Status == http.StatusNotImplemented {
		return
	}
	fields := x.fields(zap.String(observe.Code, p.Code), zap.String(observe.Error, observe.Reason(p.cause)))
	if p.Status == http.StatusInternalServerError {
		s.options.Logger.Error(observe.RequestError, fields...)
		return
	}
	s.options.Logger.Warn(observe.Unavailable, fields...)
}

// met notes the problem and gives it the id under which the trace is found.
func (x *exchange) met(p *Problem) {
	if x == nil {
		return
	}
	x.code = p.Code
	if x.sampled {
		p.TraceID = x.traceID
	}
}

// errUnfinished is what the span of an operation ends with that panicked.
var errUnfinished = errors.New("panic")

// traced calls a handler within the span of its operation.
func traced[I, O any](s *Server, name string, handler func(context.Context, *I) (*O, error)) func(context.Context, *I) (*O, error) {
	if s.options.Tracing.Trace == nil {
		return handler
	}
	return func(ctx context.Context, in *I) (out *O, err error) {
		ctx, end := s.options.Tracing.Trace.Begin(ctx, observe.Operation, name)
		err = errUnfinished
		defer func() { end(err) }()
		out, err = handler(ctx, in)
		return out, err
	}
}
