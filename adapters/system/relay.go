package system

import (
	"context"
	"fmt"
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/ports"
)

// The defaults of a Relay, and its bounds.
const (
	RelayPoll   = time.Second // How long an event of another process waits at most.
	RelayBatch  = 100         // Events read at once.
	backoffMost = 5           // A failure is waited out at most 2⁵ polls.
	ackTime     = 5 * time.Second
)

// Handler takes one event. Delivery is at least once: it drops an event whose ID it has seen. An error, or a panic,
// means that the event was not taken and comes again.
type Handler func(ctx context.Context, e event.Event) error

// RelayOptions tune a Relay; nil, and each zero field, means the default.
type RelayOptions struct {
	Poll    time.Duration   // How often the outbox is read when nothing wakes the relay; the first wait after a failure.
	Batch   int             // How many events are read at once.
	OnError func(err error) // Told of each failure, from the goroutine of Run; for logs.
}

// Relay carries events from an outbox to one consumer, one after the other, in the outbox's order, at least once. An
// event that is not taken is tried again, each time after twice the wait, and nothing behind it is delivered
// meanwhile.
type Relay struct {
	outbox   ports.Outbox
	consumer string
	handle   Handler
	opts     RelayOptions
}

// NewRelay makes a relay; Run starts it. The consumer's name keys its cursor in the outbox: keep it over restarts,
// and run one relay of a name at a time.
func NewRelay(outbox ports.Outbox, consumer string, handle Handler, opts *RelayOptions) *Relay {
	r := &Relay{outbox: outbox, consumer: consumer, handle: handle}
	if opts != nil {
		r.opts = *opts
	}
	if r.opts.Poll <= 0 {
		r.opts.Poll = RelayPoll
	}
	if r.opts.Batch <= 0 {
		r.opts.Batch = RelayBatch
	}
	if r.opts.OnError == nil {
		r.opts.OnError = func(error) {}
	}
	return r
}

// Run delivers until the context ends, and then gives the context's error; it stops for no other reason. An event
// that the handler has when the context ends is finished first.
func (r *Relay) Run(ctx context.Context) error {
	failures := 0
	for ctx.Err() == nil {
		taken, err := r.deliver(ctx)
		switch {
		case ctx.Err() != nil:
		case err != nil:
			r.opts.OnError(err)
			if taken > 0 {
				failures = 0
			}
			r.wait(ctx, nil, r.opts.Poll<<min(failures, backoffMost))
			failures++
		case taken < r.opts.Batch:
			failures = 0
			r.wait(ctx, r.outbox.Wake(), r.opts.Poll)
		default:
			failures = 0 // A full batch: more may be there already.
		}
	}
	return ctx.Err()
}

// wait lasts until the time is over, the context ends or something wakes it.
func (r *Relay) wait(ctx context.Context, wake <-chan struct{}, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-wake:
	case <-timer.C:
	}
}

// deliver hands one batch to the handler up to the first failure, acknowledges what was taken, and counts it.
func (r *Relay) deliver(ctx context.Context) (taken int, err error) {
	pending, err := r.outbox.Pending(ctx, r.consumer, r.opts.Batch)
	if err != nil {
		return 0, fmt.Errorf("relay %s: reading the outbox: %w", r.consumer, err)
	}
	var failure error
	for _, d := range pending {
		if ctx.Err() != nil {
			break
		}
		if err := r.take(ctx, d.Event); err != nil {
			failure = fmt.Errorf("relay %s: event %s (%s): %w", r.consumer, d.Event.ID, d.Event.Name, err)
			break
		}
		taken++
	}
	if taken > 0 {
		if err := r.ack(ctx, pending[taken-1].Cursor); err != nil && failure == nil {
			failure = fmt.Errorf("relay %s: acknowledging: %w", r.consumer, err)
		}
	}
	return taken, failure
}

// take calls the handler; a panic of it is a failure, since one bad event must not end the process.
func (r *Relay) take(ctx context.Context, e event.Event) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the handler panicked: %v", p)
		}
	}()
	return r.handle(ctx, e)
}

// ack keeps what was taken, also when the context just ended: a clean stop should not deliver anything twice.
func (r *Relay) ack(ctx context.Context, through ports.Cursor) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), ackTime)
	defer cancel()
	return r.outbox.Ack(ctx, r.consumer, through)
}
