package fiberhttpfx

import (
	"context"
	"time"

	"go.uber.org/fx"
	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/adapters/fiberhttp"
)

// OutboxAge tells how long the relay owes its oldest event, 0 when it owes none.
type OutboxAge func(context.Context) (time.Duration, error)

// Jobs tells how the shop's jobs do; a shop without jobs leaves it out.
type Jobs func(context.Context) (fiberhttp.JobFigures, error)

// Parked counts what consumers of events could not take; a shop that does not count leaves it out.
type Parked func(context.Context) (int, error)

type shopParams struct {
	fx.In

	Server    *fiberhttp.Server
	Options   fiberhttp.Options
	Services  fiberhttp.Services
	OutboxAge OutboxAge
	Jobs      Jobs   `optional:"true"`
	Parked    Parked `optional:"true"`
	Logger    *zap.Logger
}

// Shop mounts the routes of a shop and registers its business metrics; it takes fiberhttp.Services and OutboxAge besides
// what Module needs. A shop that mounts routes of its own leaves it out.
func Shop() fx.Option {
	return fx.Invoke(func(p shopParams) error {
		p.Server.Mount(p.Services)
		figures := fiberhttp.ShopFigures{
			Products: p.Services.Catalog.Count, Orders: p.Services.Ordering.Figures, OutboxAge: p.OutboxAge, Jobs: p.Jobs, Parked: p.Parked,
		}
		if p.Services.Customers != nil {
			figures.Customers = p.Services.Customers.Count
		}
		metrics, err := fiberhttp.NewShopMetrics(p.Options.Version, figures, p.Logger)
		if err != nil {
			return err
		}
		return p.Options.Registry.Register(metrics)
	})
}
