package observe

import "context"

// Layer is where in the shop a span stands.
type Layer string

// The layers, from outside to inside: a span of HTTP has its own way in, for it has a caller and an answer.
const (
	Operation Layer = "service" // What a route asks the services for, named by the operation.
	Port      Layer = "port"    // A call of a port, named by port and method.
	SQL       Layer = "sql"     // A statement, named by its verb and table.
	Work      Layer = "job"     // A run of a job, named by its kind.
	Delivery  Layer = "event"   // The delivery of an event, named by its consumer and its name.
)

// Trace begins a span in a layer and gives the context for what happens within, and the span's end, which is told the
// error if there was one. Nil means that nobody traces: ask Begin.
//
// A name is one of few and holds nothing that a caller sent. An implementation is safe for concurrent use, never
// blocks, and gives end functions that may be called from another goroutine.
type Trace func(ctx context.Context, layer Layer, name string) (context.Context, func(error))

// Begin begins a span if somebody traces.
func (t Trace) Begin(ctx context.Context, layer Layer, name string) (context.Context, func(error)) {
	if t == nil {
		return ctx, noEnd
	}
	return t(ctx, layer, name)
}

func noEnd(error) {}
