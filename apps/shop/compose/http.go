package compose

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/fx"
	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/adapters/bridge"
	"github.com/ipswich-retail/commerce/adapters/corefx"
	"github.com/ipswich-retail/commerce/adapters/fiberhttp"
	"github.com/ipswich-retail/commerce/adapters/fiberhttp/fiberhttpfx"
	"github.com/ipswich-retail/commerce/adapters/otel"
	"github.com/ipswich-retail/commerce/adapters/payments"
	"github.com/ipswich-retail/commerce/adapters/system"
	"github.com/ipswich-retail/commerce/apps/shop/demo"
	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/customers"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// ShutdownTime bounds the wait for requests in flight at the end: longer than the longest, a checkout whose payment
// provider is slow.
const ShutdownTime = 20 * time.Second

// lateAfter is how old an event may be that the relay still owes before the shop says that it is late.
const lateAfter = time.Minute

// HTTP composes the server over a shop, with its routes and metrics; Serve makes it listen.
func HTTP(s Settings, version string, drain time.Duration) fx.Option {
	return fx.Options(
		fiberhttpfx.Module(),
		Imports(),
		fx.Provide(
			Registry,
			func(p optionParams) fiberhttp.Options { return p.options(version, drain) },
			func(p optionParams) fiberhttpfx.OutboxAge { return p.outboxAge },
			func(p optionParams) fiberhttpfx.Jobs { return p.jobFigures },
			func(p optionParams) fiberhttpfx.Parked { return p.parked },
			func(p serviceParams) fiberhttp.Services { return p.services(s) },
		),
		fiberhttpfx.Shop(),
		fx.Invoke(registerPools),
	)
}

// Ready calls back when all is started that can take long. It comes right before Serve, which begins what works in the
// background and listens.
func Ready(call func()) fx.Option {
	return fx.Invoke(func(lc fx.Lifecycle) { lc.Append(fx.StartHook(call)) })
}

// Serve adds what runs while the shop is open: the relay of the outbox, the jobs, and the server as the last to start and
// the first to stop.
func Serve(address string) fx.Option {
	return fx.Options(
		fx.Supply(fiberhttpfx.Address(address)),
		hearEvents(),
		corefx.Backorders(),
		corefx.Relay(),
		corefx.Sweeps(),
		importJobs(),
		corefx.Jobs(),
		fx.Invoke(fiberhttpfx.Serve),
	)
}

// optionParams are what the server's options are made of.
type optionParams struct {
	fx.In

	Log      *zap.Logger
	Registry *prometheus.Registry
	Clock    ports.Clock
	IDs      ports.IDs
	Outbox   ports.Outbox
	Jobs     ports.JobsDesk
	Parked   ports.ParkedEvents
	Access   *access.Service
	Database Database          `optional:"true"`
	Tracing  *otel.Tracing     `optional:"true"`
	Load     LoadSettings      `optional:"true"`
	Keeping  fiberhttp.Keeping `optional:"true"`

	Consumers []system.Consumer `group:"outbox_consumers"`
}

func (p optionParams) options(version string, drain time.Duration) fiberhttp.Options {
	out := fiberhttp.Options{
		Logger: p.Log, Registry: p.Registry, Now: p.Clock.Now, Version: version, Drain: drain, Shutdown: ShutdownTime, Media: demo.Media(),
		NewID:   func() string { return ref.UUID(p.IDs.New()).String() },
		Tracing: p.tracing(), Keeping: p.Keeping,
		Health: p.health, Authenticate: p.Access.Authenticate,
	}
	p.Load.apply(&out)
	return out
}

// health asks the store, the outbox and the jobs.
func (p optionParams) health(ctx context.Context) []fiberhttp.ServiceHealth {
	database := fiberhttp.ServiceHealth{Name: "database", State: "up", Well: true, Vital: true}
	if p.Database != nil && p.Database.Ping(ctx) != nil {
		database.State, database.Well = "down", false
	}
	outbox := fiberhttp.ServiceHealth{Name: "outbox", State: "late"}
	if database.Well { // Else there is nothing to be asked, and nobody to wait for.
		if age, err := p.outboxAge(ctx); err == nil && age <= lateAfter {
			outbox.State, outbox.Well = "up", true
		}
	}
	return []fiberhttp.ServiceHealth{database, outbox, p.jobsHealth(ctx)}
}

// outboxAge is how long the relay owes its oldest event, to whichever consumer.
func (p optionParams) outboxAge(ctx context.Context) (time.Duration, error) {
	var age time.Duration
	for _, c := range p.Consumers {
		oldest, err := p.Outbox.Oldest(ctx, c.Name)
		if err != nil {
			return 0, err
		}
		if !oldest.IsZero() {
			age = max(age, p.Clock.Now().Sub(oldest))
		}
	}
	return age, nil
}

// jobFigures tells how the jobs do.
func (p optionParams) jobFigures(ctx context.Context) (fiberhttp.JobFigures, error) {
	now := p.Clock.Now()
	figures, err := p.Jobs.Figures(ctx, now)
	out := fiberhttp.JobFigures{Waiting: figures.Waiting, Dead: figures.Dead}
	if !figures.Oldest.IsZero() {
		out.Late = now.Sub(figures.Oldest)
	}
	return out, err
}

// serviceParams are what the routes call.
type serviceParams struct {
	fx.In

	Catalog   *catalog.Service
	Pricing   *pricing.Service
	Inventory *inventory.Service
	Ordering  *ordering.Service
	Access    *access.Service
	Customers *customers.Service
	Desk      ports.CommandDesk
	People    *bridge.People
	Launcher  *bridge.Launcher
	Imports   *bridge.Imports
	Exporter  *bridge.Exporter
	Clock     ports.Clock
	IDs       ports.IDs
	Providers []ordering.PaymentProvider `group:"payment_providers"`
	Operated
}

// settleTest decides charges of the test provider, if that is on offer. Who asks for it applies what it tells.
func settleTest(providers []ordering.PaymentProvider) fiberhttp.SettleTest {
	for _, p := range providers {
		if test, ok := ports.As[*payments.Test](p); ok {
			test.Subscribe(func(ordering.PaymentEvent) {}) // Or what it tells would be kept for nobody.
			return test.Settle
		}
	}
	return nil
}

func (p serviceParams) services(s Settings) fiberhttp.Services {
	scope := s.Scope(p.Clock.Now())
	return fiberhttp.Services{
		Catalog: p.Catalog, Pricing: p.Pricing, Inventory: p.Inventory, Ordering: p.Ordering, Now: p.Clock.Now,
		Access: p.Access, Customers: p.Customers, Verify: p.People.Verify, Desk: p.Desk, IDs: p.IDs,
		SettleTest: settleTest(p.Providers), Launcher: p.Launcher, Operations: p.operations(), Imports: p.Imports, Exports: exports{p.Exporter},
		SetCustomerStatus: p.People.SetCustomerStatus,
		Scope:             fiberhttp.ScopeDefaults{Channel: scope.Channel, Currency: scope.Currency, Locale: scope.Locale, Country: scope.Country},
	}
}
