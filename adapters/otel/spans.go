package otel

import (
	"context"
	"runtime"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/ports/observe"
)

// Trace is an observe.Trace. A span of a job or of an event begins a trace when there is none; all others belong to one.
func (t *Tracing) Trace(ctx context.Context, layer observe.Layer, name string) (context.Context, func(error)) {
	root := layer == observe.Work || layer == observe.Delivery
	if !trace.SpanContextFromContext(ctx).IsValid() && !root {
		return ctx, func(error) {}
	}
	ctx, span := t.tracer.Start(ctx, name, trace.WithSpanKind(kindOf(layer)))
	if root {
		ctx = correlate(ctx)
	}
	if span.IsRecording() {
		span.SetAttributes(attribute.String("shop.layer", string(layer)))
		if layer == observe.Port {
			if service := caller(); service != "" {
				span.SetAttributes(attribute.String("code.function.name", service))
			}
		}
		if layer == observe.SQL {
			span.SetAttributes(attribute.String("db.system.name", "postgresql"), attribute.String("db.query.summary", name))
		}
	}
	return ctx, func(err error) {
		if err != nil && span.IsRecording() {
			span.SetAttributes(attribute.String("error.type", fault.CodeOf(err)))
			if failed(err) {
				span.SetStatus(codes.Error, fault.CodeOf(err))
			}
		}
		span.End()
	}
}

func kindOf(layer observe.Layer) trace.SpanKind {
	switch layer {
	case observe.SQL:
		return trace.SpanKindClient
	case observe.Delivery:
		return trace.SpanKindConsumer
	case observe.Operation, observe.Port, observe.Work:
		return trace.SpanKindInternal
	}
	return trace.SpanKindInternal
}

// failed tells whether an error means that something does not work: that a cart is not there is an answer.
func failed(err error) bool {
	switch fault.KindOf(err) {
	case fault.Unavailable, fault.Unknown, fault.Internal:
		return true
	default:
		return false
	}
}

// The stack of a port's caller: how far it is looked at, and what names a service's method there.
const (
	deepest = 48
	domain  = "/domain/"
	service = ".(*Service)."
)

// caller is the method of a service on whose behalf a port is called, such as ordering.Service.Checkout: the outermost
// one of the stack, for a service may use its own methods. Services are no ports, so nothing could be put around them.
func caller() string {
	var callers [deepest]uintptr
	frames := runtime.CallersFrames(callers[:runtime.Callers(3, callers[:])])
	found := ""
	for {
		frame, more := frames.Next()
		if _, name, ok := strings.Cut(frame.Function, domain); ok {
			context, method, isService := strings.Cut(name, service)
			method, _, _ = strings.Cut(method, ".") // A closure is its method's.
			if isService && method != "" && method[0] >= 'A' && method[0] <= 'Z' {
				found = context + ".Service." + method
			}
		}
		if !more {
			return found
		}
	}
}
