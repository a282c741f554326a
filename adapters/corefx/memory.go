package corefx

import (
	"go.uber.org/fx"

	"github.com/ipswich-retail/commerce/adapters/memory"
	"github.com/ipswich-retail/commerce/ports"
)

// Memory provides the memory store and its ports. What must be true together comes from one store, so it is one
// module: replace it by another store's as a whole.
func Memory() fx.Option {
	return fx.Module("memory",
		fx.Provide(
			func(clock ports.Clock) *memory.Store { return memory.New(clock, nil) },
			(*memory.Store).Products,
			(*memory.Store).Upkeep,
			(*memory.Store).Categories,
			(*memory.Store).Brands,
			(*memory.Store).Collections,
			(*memory.Store).Listings,
			(*memory.Store).Directory,
			(*memory.Store).Catalog,
			(*memory.Store).Prices,
			(*memory.Store).Pricing,
			(*memory.Store).Stock,
			(*memory.Store).Carts,
			(*memory.Store).Orders,
			(*memory.Store).CustomerOrders,
			(*memory.Store).PaymentInbox,
			(*memory.Store).Ordering,
			(*memory.Store).Access,
			(*memory.Store).Accounts,
			(*memory.Store).Sessions,
			(*memory.Store).Roles,
			(*memory.Store).APIKeys,
			(*memory.Store).AuditLog,
			(*memory.Store).People,
			(*memory.Store).Customers,
			(*memory.Store).RateLimiter,
			(*memory.Store).Blobs,
			fx.Annotate((*memory.Store).Commands, fx.As(new(ports.Commands)), fx.As(new(ports.CommandDesk)), fx.As(new(ports.CommandSweeper))),
			fx.Annotate((*memory.Store).Outbox, fx.As(new(ports.Outbox)), fx.As(new(ports.ParkedEvents)), fx.As(new(ports.OutboxSweeper))),
			fx.Annotate((*memory.Store).Jobs, fx.As(new(ports.Jobs)), fx.As(new(ports.JobsDesk))),
		),
	)
}
