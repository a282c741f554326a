package corefx

import (
	"context"

	"go.uber.org/fx"
	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/adapters/system"
	"github.com/ipswich-retail/commerce/ports"
)

// Relay runs a relay from start to stop, which hands every event to the handler at least once, in order per aggregate.
// The consumer's name is that of its cursor in the outbox.
func Relay(consumer string, handler func(log *zap.Logger) system.Handler) fx.Option {
	return fx.Invoke(func(lc fx.Lifecycle, outbox ports.Outbox, log *zap.Logger) {
		relay := system.NewRelay(outbox, consumer, handler(log), &system.RelayOptions{
			OnError: func(err error) {
				log.Warn("an event was not delivered and will be again", zap.String("consumer", consumer), zap.Error(err))
			},
		})
		var cancel context.CancelFunc
		ended := make(chan struct{})
		lc.Append(fx.Hook{
			OnStart: func(ctx context.Context) error {
				ctx, cancel = context.WithCancel(context.WithoutCancel(ctx))
				go func() {
					defer close(ended)
					if err := relay.Run(ctx); err != nil && ctx.Err() == nil {
						log.Error("the relay ended", zap.String("consumer", consumer), zap.Error(err))
					}
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
	})
}
