// Package otelfx plugs the traces of package otel into fx.
package otelfx

import (
	"context"

	"go.uber.org/fx"
	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/adapters/otel"
	"github.com/ipswich-retail/commerce/adapters/otel/traced"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/ports/observe"
)

// Module provides an *otel.Tracing and its observe.Trace, and puts spans around every port of the shop. It needs a
// *zap.Logger. The last spans are sent when the application stops, after all that was given the Tracing before. Leave the
// module out of a shop that nobody traces: then nothing is decorated, and nothing costs anything.
func Module(cfg otel.Config) fx.Option {
	return fx.Options(
		fx.Provide(
			func(lc fx.Lifecycle, log *zap.Logger) (*otel.Tracing, error) { return open(lc, cfg, log) },
			func(t *otel.Tracing) observe.Trace { return t.Trace },
		),
		ports(),
		fx.Decorate(fx.Annotate(providers, fx.ParamTags(`group:"payment_providers"`), fx.ResultTags(`group:"payment_providers"`))),
	)
}

// maybe is a port that a shop may do without.
type maybe[P any] struct {
	fx.In

	Next  P `optional:"true"`
	Trace observe.Trace
}

// decorate puts spans around a port, if there is one.
func decorate[P any](wrap func(P, observe.Trace) P) fx.Option {
	return fx.Decorate(func(m maybe[P]) P {
		if any(m.Next) == nil {
			return m.Next
		}
		return wrap(m.Next, m.Trace)
	})
}

// providers puts spans around each payment provider.
func providers(next []ordering.PaymentProvider, trace observe.Trace) []ordering.PaymentProvider {
	out := make([]ordering.PaymentProvider, len(next))
	for i, p := range next {
		out[i] = traced.OrderingPaymentProvider(p, trace)
	}
	return out
}

// open makes a Tracing that is closed at the end. That the last spans are not taken is in the log, and no failure of the
// shop.
func open(lc fx.Lifecycle, cfg otel.Config, log *zap.Logger) (*otel.Tracing, error) {
	cfg.Logger = log
	t, err := otel.New(cfg)
	if err != nil {
		return nil, err
	}
	lc.Append(fx.StopHook(func(ctx context.Context) {
		ctx, cancel := context.WithTimeout(ctx, otel.CloseTime)
		defer cancel()
		if err := t.Close(ctx); err != nil {
			log.Warn(observe.TraceError, zap.String(observe.Error, observe.Reason(err)))
		}
	}))
	return t, nil
}
