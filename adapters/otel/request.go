package otel

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
)

// RequestSpan is the span of a request to the shop.
type RequestSpan struct {
	span trace.Span
}

// Request begins the span of a request; traceparent is what its caller sent, or "". Its name comes with its end, when it
// is known which route took it.
func (t *Tracing) Request(traceparent string) *RequestSpan {
	_, span := t.tracer.Start(t.parentOf(detached(), traceparent), "request", trace.WithSpanKind(trace.SpanKindServer))
	return &RequestSpan{span}
}

// In puts the span into a context.
func (r *RequestSpan) In(ctx context.Context) context.Context {
	return trace.ContextWithSpan(ctx, r.span)
}

// IDs are the ids of the trace and of the span, and whether they are kept.
func (r *RequestSpan) IDs() (traceID, spanID string, sampled bool) {
	c := r.span.SpanContext()
	return c.TraceID().String(), c.SpanID().String(), c.IsSampled()
}

// serverError is the first status that is the server's fault.
const serverError = 500

// End ends the span with what became of the request; route is the template of the address, code that of the problem or "".
func (r *RequestSpan) End(method, route, code, actor, requestID string, status int) {
	if !r.span.IsRecording() {
		r.span.End()
		return
	}
	r.span.SetName(method + " " + route)
	r.span.SetAttributes(
		attribute.String("http.request.method", method), attribute.String("http.route", route),
		attribute.Int("http.response.status_code", status), attribute.String("shop.actor", actor), attribute.String("shop.request_id", requestID),
	)
	if code != "" {
		r.span.SetAttributes(attribute.String("error.type", code))
	}
	if status >= serverError {
		r.span.SetStatus(codes.Error, code)
	}
	r.span.End()
}
