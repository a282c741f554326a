package compose

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"go.uber.org/fx"
	"go.uber.org/fx/fxevent"
	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/adapters/corefx"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// EventLog is the consumer of the outbox that writes each event to the log; see hearEvents.
const EventLog = "log"

// Core composes a shop without HTTP: services, the chosen store, the payment providers, order tokens. The settings
// were checked before.
func Core(s Settings, providers []string, keys []ordering.TokenKey, lease time.Duration, log *zap.Logger) fx.Option {
	return fx.Options(
		fx.Supply(log, &ordering.Options{Lease: lease}),
		fx.Provide(func(clock ports.Clock) Scope { return Scope(s.Scope(clock.Now())) }),
		fx.WithLogger(func() fxevent.Logger { return quietly(log) }),
		corefx.System(),
		corefx.Services(),
		Passwords(s.PasswordSettings),
		Store(s),
		Providers(providers),
		tokens(s, keys),
	)
}

// The payment providers that a shop can offer.
const (
	ProviderManual = "manual"
	ProviderTest   = "test"
)

// Providers are the modules of the payment providers on offer.
func Providers(names []string) fx.Option {
	var out []fx.Option
	for _, n := range names {
		switch n {
		case ProviderManual:
			out = append(out, corefx.ManualPayments())
		case ProviderTest:
			out = append(out, corefx.TestPayments())
		}
	}
	return fx.Options(out...)
}

// quietly logs what fx does for who debugs it: an error of its comes back to the caller, who tells it once.
func quietly(log *zap.Logger) fxevent.Logger {
	l := &fxevent.ZapLogger{Logger: log}
	l.UseLogLevel(zap.DebugLevel)
	l.UseErrorLevel(zap.DebugLevel)
	return l
}

// keptKey is the name under which a store keeps the generated token key.
const keptKey = "order-token-key"

// tokens provides the order tokens: the keys that are set, else one that the store keeps, else one of this start.
func tokens(s Settings, keys []ordering.TokenKey) fx.Option {
	generated := func() ordering.TokenKey {
		secret := make([]byte, 32)
		_, _ = rand.Read(secret) // Never fails; see its documentation.
		return ordering.TokenKey{ID: "g1", Secret: secret}
	}
	switch {
	case len(keys) > 0:
		return fx.Provide(func() (*ordering.OrderTokens, error) { return ordering.NewOrderTokens(keys) })
	case s.Persistent():
		return fx.Provide(func(store Database) (*ordering.OrderTokens, error) {
			// A lazy signer would need locks on each use; the key is read once, before anything is served.
			ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
			defer cancel()
			key := generated()
			secret, err := store.Keep(ctx, keptKey, key.Secret)
			if err != nil {
				return nil, fmt.Errorf("the kept token key: %w", err)
			}
			key.Secret = secret
			return ordering.NewOrderTokens([]ordering.TokenKey{key})
		})
	default:
		return fx.Provide(func() (*ordering.OrderTokens, error) {
			return ordering.NewOrderTokens([]ordering.TokenKey{generated()})
		})
	}
}

// Scope is the view of the shop's one channel, for what is not a request.
type Scope ref.Scope

// Scope makes the view of the shop's one channel.
func (s Settings) Scope(at time.Time) ref.Scope {
	return ref.Scope{
		Channel: ref.DefaultChannel, Currency: money.MustCurrency(s.Currency), Locale: s.Locale, Country: s.Country, At: ref.Instant(at),
	}
}

// Registry makes the metrics of the process.
func Registry() *prometheus.Registry {
	r := prometheus.NewRegistry()
	r.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return r
}
