package observe_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/ports/observe"
)

func TestReason(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"dial tcp 10.0.0.7:5432: connection refused": "dial tcp 10.0.0.7:5432: connection refused",
		"550 <ann.reed@example.com> is unknown":      "550 <…@…> is unknown",
		"to=Ann+x@example.com; from=b@c":             "…@…; …@…",
		"a\r\nb\tc\x00\u2028d":                       "a  b c  d",
		"postgres://shop:pass@host/shop":             "postgres://shop:…@…",
		"bad \xff text":                              "bad ? text",
		strings.Repeat("é", 400):                     strings.Repeat("é", 250) + "…",
	} {
		if got := observe.Reason(errors.New(text)); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	if got := observe.Reason(nil); got != "" {
		t.Errorf("no error is %q", got)
	}
}

func TestPanicked(t *testing.T) {
	t.Parallel()
	var list []int
	met := func(do func()) (err error) {
		defer func() { err = observe.Panicked(recover()) }()
		do()
		return nil
	}
	for want, do := range map[string]func(){
		"panic with a value of type string":                            func() { panic("Ann Reed") },
		"panic with a value of type *errors.errorString":               func() { panic(errors.New("Ann Reed")) },
		"panic: runtime error: index out of range [3] with length 0":   func() { _ = list[3] },
		"panic: interface conversion: interface {} is int, not string": func() { _ = any(1).(string) }, //nolint:forcetypeassert // It is to panic.
	} {
		if got := met(do).Error(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestNobodyTraces(t *testing.T) {
	t.Parallel()
	var none observe.Trace
	ctx, end := none.Begin(t.Context(), observe.Port, "x")
	end(errors.New("x"))
	if ctx != t.Context() || observe.Of(ctx) != (observe.Correlation{}) {
		t.Error("something was made of nothing")
	}
	c := observe.Correlation{RequestID: "r", TraceID: "t", SpanID: "s", Sampled: true}
	if got := observe.Of(context.WithoutCancel(observe.With(ctx, c))); got != c {
		t.Errorf("%+v", got)
	}
}
