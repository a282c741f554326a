package system

import (
	"context"
	"sync"
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/ports"
)

// The defaults of a Relay, and its bounds.
const (
	RelayPoll     = time.Second      // How long an event of another process waits at most.
	RelayBatch    = 100              // Events read at once, of each partition.
	RelayLease    = 30 * time.Second // How long a relay that crashed keeps its partitions.
	RelayAttempts = 12               // Then an event waits until somebody looks: after a quarter of an hour.
	RelayParallel = 4                // Partitions that are delivered side by side.
	// RelayPace lies between two readings: while orders come in all the time each would else find one event or two, and
	// cost as much as one that finds a hundred.
	RelayPace = 50 * time.Millisecond

	attemptWait = 5 * time.Minute // The longest wait between two attempts at an event.
	backoffMost = 5               // A consumer that takes nothing is left alone for at most 2⁵ polls.
	outageMost  = 2               // A store that is down for 2²: work goes on soon after it is back.
	strikes     = 5               // So many aggregates that fail, and nothing that does not: it is not the events.
	settleWait  = 10 * time.Millisecond
	ackTime     = 5 * time.Second
)

// Handler takes one event. Delivery is at least once: it drops an event whose ID it has seen. An error, or a panic,
// means that the event was not taken and comes again. Events of different aggregates may come at once.
type Handler func(ctx context.Context, e event.Event) error

// Consumer is who takes events. Its name keys its cursors in the outbox: keep it over restarts.
type Consumer struct {
	Name   string
	Handle Handler
}

// RelayOptions tune a Relay; nil, and each zero field, means the default.
type RelayOptions struct {
	Poll     time.Duration // How often the outbox is read when nothing wakes the relay; the first wait after a failure.
	Lease    time.Duration // How long partitions are claimed for; renewed after a third. A handler has half of it.
	Batch    int           // How many events are read at once, of each partition.
	Attempts int           // After so many failures an event waits until somebody looks after it; see ports.ParkedEvents.
	Pace     time.Duration // How long after a reading the next one begins at the earliest, unless there was more to read; Run keeps it.
	Parallel int           // How many partitions are delivered side by side; 1 in Step means that nothing runs beside its caller.
	// OnError is told of each failure, for logs; OnEvent of each attempt to deliver, for figures, with the handler's
	// error. Both may be called by several goroutines at once.
	OnError func(err error)
	OnEvent func(consumer string, e event.Event, err error)
}

// withDefaults fills in what is not set.
func (o *RelayOptions) withDefaults() RelayOptions {
	var out RelayOptions
	if o != nil {
		out = *o
	}
	if out.Poll <= 0 {
		out.Poll = RelayPoll
	}
	if out.Lease <= 0 {
		out.Lease = RelayLease
	}
	if out.Batch <= 0 {
		out.Batch = RelayBatch
	}
	if out.Attempts <= 0 {
		out.Attempts = RelayAttempts
	}
	if out.Pace <= 0 {
		out.Pace = RelayPace
	}
	if out.Parallel <= 0 {
		out.Parallel = RelayParallel
	}
	if out.OnError == nil {
		out.OnError = func(error) {}
	}
	if out.OnEvent == nil {
		out.OnEvent = func(string, event.Event, error) {}
	}
	return out
}

// Relay carries events from an outbox to consumers, at least once and in order for each aggregate. Any number of
// relays, of as many servers, share the work by leases.
//
// An event that is not taken is kept aside with those of its aggregate that follow, and tried again after a wait that
// doubles; all others flow. After some attempts it waits for a person. When nothing at all is taken the consumer is
// left alone for a while, and its events keep their attempts.
type Relay struct {
	outbox   ports.Outbox
	clock    ports.Clock
	owner    [16]byte
	opts     RelayOptions
	carriers []*carrier
}

// NewRelay makes a relay. The owner names it among the relays of all servers: a fresh id. Run starts it; Step is for
// who keeps the time himself, such as a simulation. The one or the other, and by one goroutine at a time.
func NewRelay(outbox ports.Outbox, clock ports.Clock, owner [16]byte, consumers []Consumer, opts *RelayOptions) *Relay {
	r := &Relay{outbox: outbox, clock: clock, owner: owner, opts: opts.withDefaults()}
	for _, c := range consumers {
		r.carriers = append(r.carriers, &carrier{Relay: r, Consumer: c})
	}
	return r
}

// Run delivers until the context ends, hands the leases back, and then gives the context's error; it stops for no other
// reason. Events that handlers have when the context ends are finished first. Consumers do not wait for each other.
func (r *Relay) Run(ctx context.Context) error {
	var all sync.WaitGroup
	for _, c := range r.carriers {
		c.timed = true
		all.Go(func() { c.run(ctx) })
	}
	all.Wait()
	return ctx.Err()
}

// Step does what is to be done now, one consumer after the other, and tells whether anything was: then more may be to be
// done. It starts nothing that goes on after it, and no timer.
func (r *Relay) Step(ctx context.Context) (progress bool, err error) {
	var failed failures
	for _, c := range r.carriers {
		did, err := c.step(ctx)
		progress = progress || did
		failed.add(err)
	}
	return progress, failed.err()
}

// Next is when Step has something to do at the latest, if nothing wakes the outbox before.
func (r *Relay) Next() time.Time {
	var next time.Time
	for _, c := range r.carriers {
		if next.IsZero() || c.next.Before(next) {
			next = c.next
		}
	}
	return next
}

// Release hands the leases back, so that others go on at once.
func (r *Relay) Release(ctx context.Context) error {
	var failed failures
	for _, c := range r.carriers {
		failed.add(c.release(ctx))
	}
	return failed.err()
}

// within bounds a call, unless the caller keeps the time himself.
func within(ctx context.Context, timed bool, d time.Duration) (context.Context, context.CancelFunc) {
	if !timed {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, d)
}

// wait lasts until a time, or until something wakes it or the context ends.
func wait(ctx context.Context, wake <-chan struct{}, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-wake:
	case <-timer.C:
	}
}
