package shoptest

import (
	"context"
	"time"

	"github.com/ipswich-retail/commerce/adapters/bridge"
	"github.com/ipswich-retail/commerce/adapters/system"
	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/ports"
)

// Work is what a shop's process does without being asked: it hands events to consumers and does jobs. Nothing of it runs
// by itself: Step does what is due.
type Work struct {
	Relay *system.Relay
	Jobs  *system.JobRunner
}

// peopleConsumer is the name of the cursors of bridge.People.
const peopleConsumer = "people"

// sweepBatch is how much one step of a sweep does.
const sweepBatch = 500

// NewWork makes the relay and the runner of a process, with every sweep and consumer that a shop has, and further
// consumers, whose names are those of their cursors in the outbox.
func NewWork(p Ports, s Services, consumers ...system.Consumer) Work {
	backorders := bridge.NewBackorders(s.Ordering, s.Inventory)
	consumers = append([]system.Consumer{
		{Name: bridge.BackordersConsumer, Handle: backorders.Handle}, {Name: peopleConsumer, Handle: s.People.Handle},
	}, consumers...)
	w := Work{
		Relay: system.NewRelay(p.Outbox, p.Clock, p.IDs.New(), consumers, &system.RelayOptions{Parallel: 1}),
		Jobs:  system.NewJobRunner(p.Jobs, p.Clock, p.IDs, nil),
	}
	every := func(name string, d time.Duration, step func(ctx context.Context, limit int) (int, error)) {
		w.Jobs.Every(name, d, func(ctx context.Context, _ ports.JobRun) error {
			for {
				if n, err := step(ctx, sweepBatch); err != nil || n < sweepBatch {
					return err
				}
			}
		})
	}
	every("ports.sweep_commands", 10*time.Minute, func(ctx context.Context, limit int) (int, error) {
		return p.OldCommands.SweepCommands(ctx, p.Clock.Now().Add(-ports.CommandTTL), limit)
	})
	every("ports.sweep_events", 10*time.Minute, func(ctx context.Context, limit int) (int, error) {
		return p.OldEvents.SweepEvents(ctx, p.Clock.Now().Add(-ports.OutboxTTL), limit)
	})
	every("access.sweep_sessions", 10*time.Minute, s.Access.SweepSessions)
	every("catalog.publish_due", time.Minute, s.Catalog.PublishDue)
	every("catalog.sweep_collections", time.Minute, func(ctx context.Context, limit int) (int, error) {
		swept, err := s.Catalog.Sweep(ctx, limit)
		if err != nil || swept.Done {
			return 0, err
		}
		return limit, nil
	})
	every("ordering.sweep_orders", 10*time.Second, func(ctx context.Context, limit int) (int, error) {
		done, err := s.Ordering.SweepOrders(ctx, limit)
		return done.Orders + done.Events, err
	})
	every("ordering.sweep_carts", time.Minute, func(ctx context.Context, limit int) (int, error) {
		done, err := s.Ordering.SweepCarts(ctx, limit)
		return done.All(), err
	})
	return w
}

// Step does what is due now, once, and tells whether anything was: then there may be more.
func (w Work) Step(ctx context.Context) (progress bool, err error) {
	moved, err := w.Relay.Step(ctx)
	ran, jobErr := w.Jobs.Step(ctx)
	if err == nil {
		err = jobErr
	}
	return moved || ran, err
}

// Next is when Step has something to do at the latest, and the zero time when that is not known.
func (w Work) Next() time.Time {
	relay, jobs := w.Relay.Next(), w.Jobs.Next()
	if relay.IsZero() || !jobs.IsZero() && jobs.Before(relay) {
		return jobs
	}
	return relay
}

// Consume hands the shop's events to a consumer, from the first on, whenever Work or Advance is called.
func (s *Shop) Consume(name string, handle func(e event.Event) error) {
	s.consumers = append(s.consumers, system.Consumer{Name: name, Handle: func(_ context.Context, e event.Event) error { return handle(e) }})
	s.work = NewWork(s.Ports, s.Services, s.consumers...)
}

// workMost is how many steps what is due takes at most.
const workMost = 10_000

// Work does all that is due now: events are handed to consumers, jobs are done. It gives the first error and goes on
// behind it as far as it can; what failed is due again later.
func (s *Shop) Work(ctx context.Context) error {
	var first error
	for range workMost {
		progress, err := s.work.Step(ctx)
		if first == nil {
			first = err
		}
		if !progress {
			break
		}
	}
	return first
}
