package otel

// Sending lets tests take the spans themselves.
var Sending = sending
