package compose

import (
	"context"
	"time"

	"go.uber.org/fx"
	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/adapters/fiberhttp"
	"github.com/ipswich-retail/commerce/adapters/otel"
	"github.com/ipswich-retail/commerce/adapters/otel/otelfx"
	"github.com/ipswich-retail/commerce/ports/observe"
)

// WatchSettings are what every command can be told to watch.
type WatchSettings struct {
	SlowQuery time.Duration `help:"From how long on a statement, or a wait for a connection, is logged, without its values; 0s logs none." default:"200ms" placeholder:"TIME" group:"Observability"`
}

// slowMost is the longest that a statement may take anyhow.
const slowMost = time.Minute

// Check refuses settings that are wrong, with a *SettingError.
func (v WatchSettings) Check() error {
	if v.SlowQuery < 0 || v.SlowQuery > slowMost {
		return wrong("--slow-query", "a time from 0s to 1m, such as 200ms")
	}
	return nil
}

// ObserveSettings are what serving needs to be followed by others.
type ObserveSettings struct {
	OTLPEndpoint string  `name:"otlp-endpoint" help:"Receiver of OpenTelemetry's traces over OTLP/HTTP, such as http://localhost:4318; without it none are made. Its credentials, if any, go into OTEL_EXPORTER_OTLP_HEADERS." placeholder:"URL" group:"Observability"`
	TraceRatio   float64 `help:"Share of requests whose traces are kept, from 0 to 1." default:"1" placeholder:"SHARE" group:"Observability"`
}

// Check refuses settings that are wrong, with a *SettingError that holds nothing of the address.
func (v ObserveSettings) Check() error {
	if v.OTLPEndpoint != "" && otel.CheckEndpoint(v.OTLPEndpoint) != nil {
		return wrong("--otlp-endpoint", "an address such as http://localhost:4318, without a name and password in it")
	}
	if !(v.TraceRatio >= 0 && v.TraceRatio <= 1) { // Neither does it take what is no number.
		return wrong("--trace-ratio", "a number from 0 to 1, such as 0.1")
	}
	return nil
}

// service is what the shop calls itself in traces.
const service = "shop"

// Observe sends traces if there is somewhere to send them; else it is nothing, and costs nothing. The settings were
// checked before.
func Observe(v ObserveSettings, version string) fx.Option {
	if v.OTLPEndpoint == "" {
		return fx.Options()
	}
	return fx.Options(
		otelfx.Module(otel.Config{Endpoint: v.OTLPEndpoint, Ratio: v.TraceRatio, Service: service, Version: version}),
		fx.Invoke(func(log *zap.Logger) {
			log.Info(observe.Tracing, zap.String(observe.Endpoint, v.OTLPEndpoint), zap.Float64(observe.Ratio, v.TraceRatio))
		}),
	)
}

// requestSpan is the span of a request in the words of the HTTP adapter.
type requestSpan struct{ *otel.RequestSpan }

// End ends the span.
func (s requestSpan) End(e fiberhttp.RequestEnd) {
	s.RequestSpan.End(e.Method, e.Route, e.Code, e.Actor, e.RequestID, e.Status)
}

// tracing is how the HTTP adapter makes spans, if anybody wants them.
func (p optionParams) tracing() fiberhttp.Tracing {
	if p.Tracing == nil {
		return fiberhttp.Tracing{}
	}
	return fiberhttp.Tracing{
		Request: func(traceparent string) fiberhttp.RequestSpan { return requestSpan{p.Tracing.Request(traceparent)} },
		Trace:   p.Tracing.Trace,
	}
}

// parkedMost bounds how many parked aggregates of a consumer are looked at: beyond it the number says nothing new.
const parkedMost = 200

// parked counts the aggregates whose events consumers gave up: they wait for somebody.
func (p optionParams) parked(ctx context.Context) (int, error) {
	n := 0
	for _, c := range p.Consumers {
		some, err := p.Parked.Parked(ctx, c.Name, "", parkedMost)
		if err != nil {
			return 0, err
		}
		for _, a := range some {
			if a.Due.IsZero() {
				n++
			}
		}
	}
	return n, nil
}

// jobsHealth tells whether jobs are begun when they are due.
func (p optionParams) jobsHealth(ctx context.Context) fiberhttp.ServiceHealth {
	out := fiberhttp.ServiceHealth{Name: "jobs", State: "up", Well: true}
	if figures, err := p.jobFigures(ctx); err != nil || figures.Late > lateAfter {
		out.State, out.Well = "late", false
	}
	return out
}
