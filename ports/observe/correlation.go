package observe

import "context"

// Correlation ties what is logged to the request and the trace that it belongs to. Its fields are "" where there is none.
type Correlation struct {
	RequestID string
	TraceID   string
	SpanID    string
	Sampled   bool // The trace is kept, so spans are worth their making.
}

type correlationKey struct{}

// With puts a correlation into a context, for whoever logs further below.
func With(ctx context.Context, c Correlation) context.Context {
	return context.WithValue(ctx, correlationKey{}, c)
}

// Of is the correlation of a context.
func Of(ctx context.Context) Correlation {
	c, _ := ctx.Value(correlationKey{}).(Correlation)
	return c
}
