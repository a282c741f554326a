// Package otel sends the traces of a shop to a receiver of OpenTelemetry, over OTLP/HTTP.
//
// A trace is what one request, run of a job or delivery of an event did: a span for the request, named by the template of
// its address; one for what it asked the services for, named by the operation; one for each call of a port, named by the
// port and the method; and one for each statement, named by its verb and table. Names are few, and neither they nor
// attributes hold anything that a caller sent. An error is its code, never its text.
//
// # Whom it trusts
//
// A caller's traceparent is continued, so that a request is found from both sides, but not obeyed: whether a trace is
// kept is decided here, by the ratio, with a random number of our own. Else whoever sends a flag, or picks an id, could
// fill the receiver. Tracestate and baggage are not read.
//
// # What it costs
//
// Without an endpoint nothing of this package runs. With one, requests that are not kept cost a random number and an id.
// Spans that are kept go into a bounded queue and are sent by a goroutine: when the receiver is slow or away they are
// dropped, and no request waits. Close sends what is left, within its context.
package otel
