package otel

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"sync"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/ports/observe"
)

// Config tells where traces go and which are kept.
type Config struct {
	// Endpoint is the address of the receiver, such as http://localhost:4318; the path /v1/traces is added unless it has one.
	Endpoint string
	// Ratio is the share of requests whose traces are kept, from 0 to 1.
	Ratio float64
	// Service and Version name the program in the traces.
	Service, Version string
	// Logger is told when the receiver does not take spans.
	Logger *zap.Logger
}

// The bounds of what waits to be sent.
const (
	queueMost  = 4096            // Spans that wait; more are dropped.
	batchMost  = 512             // Spans in one message.
	batchWait  = 2 * time.Second // The longest that a span waits for others.
	exportTime = 5 * time.Second // How long one message may take.
	tellPause  = time.Minute     // Between two lines of the log about a receiver that is away.
)

// CloseTime is how long the end of a program should wait for the last spans to be taken.
const CloseTime = 3 * time.Second

// Tracing makes and sends spans. Make it with New and Close it; safe for concurrent use.
type Tracing struct {
	provider *sdk.TracerProvider
	tracer   trace.Tracer
	ratio    float64
}

// scope names who made the spans.
const scope = "github.com/ipswich-retail/commerce/adapters/otel"

// New makes a Tracing. It fails when the endpoint is no address; whether somebody listens there it finds out later.
func New(cfg Config) (*Tracing, error) {
	if err := CheckEndpoint(cfg.Endpoint); err != nil {
		return nil, err
	}
	address, err := url.Parse(cfg.Endpoint)
	if err != nil {
		return nil, errNoEndpoint
	}
	if address.Path == "" || address.Path == "/" {
		address.Path = "/v1/traces"
	}
	to, err := newReceiver(address.String(), os.Getenv)
	if err != nil {
		return nil, err
	}
	exporter, err := otlptrace.New(detached(), to)
	if err != nil {
		return nil, fmt.Errorf("otel: the exporter: %w", err)
	}
	return sending(cfg, exporter), nil
}

// sending makes a Tracing that sends with an exporter.
func sending(cfg Config, exporter sdk.SpanExporter) *Tracing {
	log := cfg.Logger
	if log == nil {
		log = zap.NewNop()
	}
	provider := sdk.NewTracerProvider(
		sdk.WithResource(resource.NewSchemaless(
			attribute.String("service.name", cfg.Service), attribute.String("service.version", cfg.Version))),
		sdk.WithSampler(sdk.ParentBased(sdk.TraceIDRatioBased(cfg.Ratio))),
		sdk.WithSpanProcessor(sdk.NewBatchSpanProcessor(&telling{SpanExporter: exporter, log: log},
			sdk.WithMaxQueueSize(queueMost), sdk.WithMaxExportBatchSize(batchMost), sdk.WithBatchTimeout(batchWait), sdk.WithExportTimeout(exportTime))),
	)
	return &Tracing{provider: provider, tracer: provider.Tracer(scope), ratio: cfg.Ratio}
}

var errNoEndpoint = errors.New("otel: the endpoint is no address such as http://localhost:4318")

// CheckEndpoint refuses what is no address of a receiver. The error holds nothing of the address.
func CheckEndpoint(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return errNoEndpoint
	}
	return nil
}

// Close sends what waits, until its context ends, and then sends nothing more.
func (t *Tracing) Close(ctx context.Context) error {
	if err := t.provider.Shutdown(ctx); err != nil {
		return fmt.Errorf("otel: the last spans: %w", err)
	}
	return nil
}

// detached is the context of what belongs to no caller.
func detached() context.Context {
	return context.Background() //nolint:forbidigo // There is no caller whose context it could take.
}

// parentOf reads a caller's traceparent. The trace is the caller's; whether it is kept is decided here.
func (t *Tracing) parentOf(ctx context.Context, traceparent string) context.Context {
	if traceparent == "" {
		return ctx
	}
	ctx = propagation.TraceContext{}.Extract(ctx, propagation.MapCarrier{"traceparent": traceparent})
	parent := trace.SpanContextFromContext(ctx)
	if !parent.IsValid() {
		return ctx
	}
	flags := trace.TraceFlags(0)
	if rand.Float64() < t.ratio { //nolint:gosec // Nobody gains by guessing it.
		flags = trace.FlagsSampled
	}
	return trace.ContextWithRemoteSpanContext(ctx, parent.WithTraceFlags(flags).WithTraceState(trace.TraceState{}))
}

// correlate puts the ids of the context's span where logs look for them.
func correlate(ctx context.Context) context.Context {
	c, span := observe.Of(ctx), trace.SpanContextFromContext(ctx)
	c.TraceID, c.SpanID, c.Sampled = span.TraceID().String(), span.SpanID().String(), span.IsSampled()
	return observe.With(ctx, c)
}

// telling tells the log, now and then, that the receiver does not take spans. The SDK would tell its own global logger.
type telling struct {
	sdk.SpanExporter

	log *zap.Logger

	mu   sync.Mutex
	told time.Time
}

// ExportSpans sends spans.
func (e *telling) ExportSpans(ctx context.Context, spans []sdk.ReadOnlySpan) error {
	err := e.SpanExporter.ExportSpans(ctx, spans)
	if err == nil {
		return nil
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.told.IsZero() || time.Since(e.told) >= tellPause {
		e.told = time.Now() //nolint:forbidigo // The pause between two lines of the log is the machine's time.
		e.log.Warn(observe.TraceError, zap.String(observe.Error, observe.Reason(err)))
	}
	return nil
}
