package corefx

import (
	"context"
	"time"

	"go.uber.org/fx"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/ports"
)

// The names of the sweeps, under which their jobs are kept: they stay as they are over releases.
const (
	SweepCommands    = "ports.sweep_commands"
	SweepEvents      = "ports.sweep_events"
	PublishDue       = "catalog.publish_due"
	SweepCollections = "catalog.sweep_collections"
	SweepCarts       = "ordering.sweep_carts"
	SweepOrders      = "ordering.sweep_orders"
	SweepInbox       = "ordering.sweep_inbox"
)

// housekeeping is how often old rows are deleted: nobody waits for it.
const housekeeping = 10 * time.Minute

// unsettled is how often orders are looked at whose payment or stock nobody knows for certain: often enough that a buyer
// whose answer was lost is told within a minute.
const unsettled = 10 * time.Second

// Sweeps adds everything that the services of Services and the store want done again and again. Jobs runs it.
func Sweeps() fx.Option {
	return fx.Options(
		Sweep(SweepCommands, housekeeping, func(p commandSweep) SweepStep {
			return func(ctx context.Context, limit int) (int, error) {
				return p.Commands.SweepCommands(ctx, p.Clock.Now().Add(-ports.CommandTTL), limit)
			}
		}),
		Sweep(SweepEvents, housekeeping, func(p eventSweep) SweepStep {
			return func(ctx context.Context, limit int) (int, error) {
				return p.Events.SweepEvents(ctx, p.Clock.Now().Add(-ports.OutboxTTL), limit)
			}
		}),
		Sweep(PublishDue, time.Minute, func(s *catalog.Service) SweepStep { return s.PublishDue }),
		Sweep(SweepCollections, time.Minute, func(s *catalog.Service) SweepStep {
			return func(ctx context.Context, limit int) (int, error) {
				swept, err := s.Sweep(ctx, limit)
				if err != nil || swept.Done {
					return 0, err
				}
				return limit, nil
			}
		}),
		Sweep(SweepCarts, housekeeping, func(s *ordering.Service) SweepStep {
			return func(ctx context.Context, limit int) (int, error) {
				swept, err := s.SweepCarts(ctx, limit)
				return swept.All(), err
			}
		}),
		Sweep(SweepInbox, housekeeping, func(p inboxSweep) SweepStep {
			return func(ctx context.Context, limit int) (int, error) {
				sweeper, ok := ports.As[ordering.InboxSweeper](p.Inbox)
				if !ok {
					return 0, nil // A store of the adopter's own that forgets by itself, or keeps all.
				}
				return sweeper.SweepInbox(ctx, p.Clock.Now().Add(-ordering.InboxTTL), limit)
			}
		}),
		// Its claims end with an order's payment, so that no order believes to hold what was taken away behind its back.
		Sweep(SweepOrders, unsettled, func(s *ordering.Service) SweepStep {
			return func(ctx context.Context, limit int) (int, error) {
				swept, err := s.SweepOrders(ctx, limit)
				return max(swept.Orders, swept.Events), err
			}
		}),
	)
}

type commandSweep struct {
	fx.In

	Commands ports.CommandSweeper
	Clock    ports.Clock
}

type inboxSweep struct {
	fx.In

	Inbox ordering.PaymentInbox
	Clock ports.Clock
}

type eventSweep struct {
	fx.In

	Events ports.OutboxSweeper
	Clock  ports.Clock
}
