// Package traced puts spans around ports: a decorator for every port whose calls take a context, named by the port and the
// method, without arguments. It knows no tracer, only observe.Trace; package otel has one.
//
// Decorators hide nothing: ports.As finds the capabilities of what is decorated, and those have spans too. A call of which
// no request is traced costs a look into its context. The files whose names end in _gen.go are written from the ports by
// make generate; a test fails while a port has none.
package traced

import (
	"context"

	"github.com/ipswich-retail/commerce/ports/observe"
)

// begin begins the span of a call, if it belongs to a trace that is kept.
func begin(ctx context.Context, trace observe.Trace, name string) (context.Context, func(error)) {
	if !observe.Of(ctx).Sampled {
		return ctx, noEnd
	}
	return trace.Begin(ctx, observe.Port, name)
}

func noEnd(error) {}
