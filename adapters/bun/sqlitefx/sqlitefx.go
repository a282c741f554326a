// Package sqlitefx plugs the SQLite store into fx.
package sqlitefx

import (
	"context"

	"go.uber.org/fx"
	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/adapters/bun/sqlite"
	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/customers"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/ports/observe"
)

// Module provides the store and its ports. What must be true together comes from one store, so it is one module. It
// needs a *zap.Logger and a ports.Clock; the store is closed when the application stops.
func Module(cfg sqlite.Config) fx.Option {
	return fx.Module("sqlite",
		fx.Provide(
			func(p openParams) (*sqlite.Store, error) { return open(cfg, p) },
			as[catalog.Products]((*sqlite.Store).Products),
			as[catalog.Upkeep]((*sqlite.Store).Upkeep),
			as[catalog.Categories]((*sqlite.Store).Categories),
			as[catalog.Brands]((*sqlite.Store).Brands),
			as[catalog.Collections]((*sqlite.Store).Collections),
			as[catalog.Listings]((*sqlite.Store).Listings),
			as[catalog.Directory]((*sqlite.Store).Directory),
			as[catalog.Committer]((*sqlite.Store).Catalog),
			as[pricing.Prices]((*sqlite.Store).Prices),
			as[pricing.Committer]((*sqlite.Store).Pricing),
			as[inventory.Stock]((*sqlite.Store).Stock),
			as[ordering.Carts]((*sqlite.Store).Carts),
			as[ordering.Orders]((*sqlite.Store).Orders),
			as[ordering.CustomerOrders]((*sqlite.Store).CustomerOrders),
			as[ordering.PaymentInbox]((*sqlite.Store).PaymentInbox),
			as[ordering.Committer]((*sqlite.Store).Ordering),
			as[access.Committer]((*sqlite.Store).Access),
			as[access.Accounts]((*sqlite.Store).Accounts),
			as[access.Sessions]((*sqlite.Store).Sessions),
			as[access.Roles]((*sqlite.Store).Accounts),
			as[access.APIKeys]((*sqlite.Store).Accounts),
			as[access.AuditLog]((*sqlite.Store).AuditLog),
			as[customers.Committer]((*sqlite.Store).People),
			as[customers.Customers]((*sqlite.Store).Customers),
			as[ports.RateLimiter]((*sqlite.Store).RateLimiter),
			as[ports.Blobs]((*sqlite.Store).Blobs),
			as[ports.Commands]((*sqlite.Store).Commands),
			as[ports.CommandDesk]((*sqlite.Store).Commands),
			as[ports.CommandSweeper]((*sqlite.Store).Commands),
			as[ports.Outbox]((*sqlite.Store).Outbox),
			as[ports.ParkedEvents]((*sqlite.Store).Outbox),
			as[ports.OutboxSweeper]((*sqlite.Store).Outbox),
			as[ports.Jobs]((*sqlite.Store).Jobs),
			as[ports.JobsDesk]((*sqlite.Store).Jobs),
		),
	)
}

// as provides what the method gives as a port.
func as[Port, Impl any](method func(*sqlite.Store) Impl) any {
	return fx.Annotate(method, fx.As(new(Port)))
}

// openParams are what a store is made of besides its configuration.
type openParams struct {
	fx.In

	Lifecycle fx.Lifecycle
	Log       *zap.Logger
	Clock     ports.Clock
	Trace     observe.Trace `optional:"true"`
}

// open makes the store, opens its file when the application starts, and closes it at the end.
func open(cfg sqlite.Config, p openParams) (*sqlite.Store, error) {
	cfg.Logger, cfg.Clock, cfg.Trace = p.Log, p.Clock, p.Trace
	store, err := sqlite.New(cfg)
	if err != nil {
		return nil, err
	}
	p.Lifecycle.Append(fx.Hook{
		OnStart: store.Start,
		OnStop: func(context.Context) error {
			store.Close()
			return nil
		},
	})
	return store, nil
}
