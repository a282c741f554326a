package otel

import (
	"net/http"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// Transport makes the calls of an HTTP client part of the trace of the request that makes them: a span each, named by the
// method and the host, and a traceparent for whoever is called, such as a payment provider. Put it around the transport of
// the client that an adapter takes; nil is http.DefaultTransport.
func (t *Tracing) Transport(next http.RoundTripper) http.RoundTripper {
	if next == nil {
		next = http.DefaultTransport
	}
	return transport{next: next, tracer: t.tracer}
}

type transport struct {
	next   http.RoundTripper
	tracer trace.Tracer
}

// RoundTrip makes one call.
func (t transport) RoundTrip(request *http.Request) (*http.Response, error) {
	ctx := request.Context()
	if !trace.SpanContextFromContext(ctx).IsValid() {
		return t.next.RoundTrip(request)
	}
	ctx, span := t.tracer.Start(ctx, request.Method+" "+request.URL.Host, trace.WithSpanKind(trace.SpanKindClient))
	defer span.End()
	request = request.Clone(ctx) // A transport changes no request that it is given.
	propagation.TraceContext{}.Inject(ctx, propagation.HeaderCarrier(request.Header))
	response, err := t.next.RoundTrip(request)
	if err != nil {
		span.SetStatus(codes.Error, "no answer")
		return nil, err
	}
	span.SetAttributes(attribute.Int("http.response.status_code", response.StatusCode))
	if response.StatusCode >= serverError {
		span.SetStatus(codes.Error, "")
	}
	return response, nil
}
