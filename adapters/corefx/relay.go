package corefx

import (
	"context"

	"go.uber.org/fx"
	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/adapters/bridge"
	"github.com/ipswich-retail/commerce/adapters/system"
	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/ports/observe"
)

// Consumer adds who takes the shop's events, at least once and in order per aggregate. The name is that of its cursors in
// the outbox: keep it over releases.
func Consumer(name string, handler func(log *zap.Logger) system.Handler) fx.Option {
	return fx.Provide(fx.Annotate(func(log *zap.Logger) system.Consumer {
		return system.Consumer{Name: name, Handle: handler(log)}
	}, fx.ResultTags(`group:"outbox_consumers"`)))
}

// Backorders adds the consumer that tells orders of goods that came in for them.
func Backorders() fx.Option {
	return fx.Provide(fx.Annotate(func(b *bridge.Backorders) system.Consumer {
		return system.Consumer{Name: bridge.BackordersConsumer, Handle: b.Handle}
	}, fx.ResultTags(`group:"outbox_consumers"`)))
}

// relayParams are the parts of a relay.
type relayParams struct {
	fx.In

	Lifecycle fx.Lifecycle
	Outbox    ports.Outbox
	Clock     ports.Clock
	IDs       ports.IDs
	Log       *zap.Logger
	Consumers []system.Consumer    `group:"outbox_consumers"`
	Options   *system.RelayOptions `optional:"true"`
	Trace     observe.Trace        `optional:"true"`
}

// Relay runs one relay for all consumers from start to stop, which hands its leases back. Relays of other servers share
// the work.
func Relay() fx.Option {
	return fx.Invoke(func(p relayParams) {
		var opts system.RelayOptions
		if p.Options != nil {
			opts = *p.Options
		}
		if opts.OnError == nil {
			opts.OnError = func(err error) {
				if err = untold(err); err != nil {
					p.Log.Warn(observe.RelayFailed, zap.String(observe.Error, observe.Reason(err)))
				}
			}
		}
		consumers := make([]system.Consumer, len(p.Consumers))
		for i, c := range p.Consumers {
			consumers[i] = observedConsumer(c, p.Log, p.Trace)
		}
		relay := system.NewRelay(p.Outbox, p.Clock, p.IDs.New(), consumers, &opts)
		whileOpen(p.Lifecycle, relay.Run)
	})
}

// whileOpen runs something from start to stop, and waits for its end.
func whileOpen(lc fx.Lifecycle, run func(context.Context) error) {
	var cancel context.CancelFunc
	ended := make(chan struct{})
	lc.Append(fx.Hook{
		OnStart: func(ctx context.Context) error {
			ctx, cancel = context.WithCancel(context.WithoutCancel(ctx))
			go func() {
				defer close(ended)
				_ = run(ctx) // It ends with its context, whose error it gives.
			}()
			return nil
		},
		OnStop: func(ctx context.Context) error {
			cancel()
			select {
			case <-ended:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		},
	})
}
