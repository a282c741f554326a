// Package postgresfx plugs the PostgreSQL store into fx.
package postgresfx

import (
	"context"

	"go.uber.org/fx"
	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/adapters/bun/postgres"
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
func Module(cfg postgres.Config) fx.Option {
	return fx.Module("postgres",
		fx.Provide(
			func(p openParams) (*postgres.Store, error) { return open(cfg, p) },
			as[catalog.Products]((*postgres.Store).Products),
			as[catalog.Upkeep]((*postgres.Store).Upkeep),
			as[catalog.Categories]((*postgres.Store).Categories),
			as[catalog.Brands]((*postgres.Store).Brands),
			as[catalog.Collections]((*postgres.Store).Collections),
			as[catalog.Listings]((*postgres.Store).Listings),
			as[catalog.Directory]((*postgres.Store).Directory),
			as[catalog.Committer]((*postgres.Store).Catalog),
			as[pricing.Prices]((*postgres.Store).Prices),
			as[pricing.Committer]((*postgres.Store).Pricing),
			as[inventory.Stock]((*postgres.Store).Stock),
			as[ordering.Carts]((*postgres.Store).Carts),
			as[ordering.Orders]((*postgres.Store).Orders),
			as[ordering.CustomerOrders]((*postgres.Store).CustomerOrders),
			as[ordering.PaymentInbox]((*postgres.Store).PaymentInbox),
			as[ordering.Committer]((*postgres.Store).Ordering),
			as[access.Committer]((*postgres.Store).Access),
			as[access.Accounts]((*postgres.Store).Accounts),
			as[access.Sessions]((*postgres.Store).Sessions),
			as[access.Roles]((*postgres.Store).Accounts),
			as[access.APIKeys]((*postgres.Store).Accounts),
			as[access.AuditLog]((*postgres.Store).AuditLog),
			as[customers.Committer]((*postgres.Store).People),
			as[customers.Customers]((*postgres.Store).Customers),
			as[ports.RateLimiter]((*postgres.Store).RateLimiter),
			as[ports.Blobs]((*postgres.Store).Blobs),
			as[ports.Commands]((*postgres.Store).Commands),
			as[ports.CommandDesk]((*postgres.Store).Commands),
			as[ports.CommandSweeper]((*postgres.Store).Commands),
			as[ports.Outbox]((*postgres.Store).Outbox),
			as[ports.ParkedEvents]((*postgres.Store).Outbox),
			as[ports.OutboxSweeper]((*postgres.Store).Outbox),
			as[ports.Jobs]((*postgres.Store).Jobs),
			as[ports.JobsDesk]((*postgres.Store).Jobs),
		),
	)
}

// as provides what the method gives as a port.
func as[Port, Impl any](method func(*postgres.Store) Impl) any {
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

// open makes the store, within the time that a connection may take, and closes it at the end.
func open(cfg postgres.Config, p openParams) (*postgres.Store, error) {
	cfg.Logger, cfg.Clock, cfg.Trace = p.Log, p.Clock, p.Trace
	store, err := postgres.New(cfg)
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
