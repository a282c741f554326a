package system

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/ports/observe"
)

// portion is what is to be delivered of one partition.
type portion struct {
	lease ports.Lease
	due   []ports.DueAggregate
	fresh []ports.Delivery
}

// split deals a reading to partitions, in the order of the leases.
func (c *carrier) split(reading ports.Reading) []portion {
	byPartition := map[int]*portion{}
	work := make([]portion, len(c.leases))
	for i, l := range c.leases {
		work[i].lease = l
		byPartition[l.Partition] = &work[i]
	}
	for _, d := range reading.Due {
		if w := byPartition[d.Partition]; w != nil {
			w.due = append(w.due, d)
		}
	}
	for _, d := range reading.Fresh {
		if w := byPartition[d.Partition]; w != nil {
			w.fresh = append(w.fresh, d)
		}
	}
	var out []portion
	for _, w := range work {
		if len(w.due)+len(w.fresh) > 0 {
			out = append(out, w)
		}
	}
	return out
}

// tally counts what became of a step's events.
type tally struct {
	taken, failed atomic.Int64
	moved         atomic.Bool // Something was acknowledged.
}

// hopeless tells that it is not the events: everything failed.
func (t *tally) hopeless() bool { return t.taken.Load() == 0 && t.failed.Load() >= strikes }

// delivery is the course of one portion.
type delivery struct {
	*carrier
	*tally
	progress ports.Progress
	blocked  map[string]bool // Aggregates of which an event failed just now.
	drained  map[string]bool // Parked aggregates of which nothing waits any more.
	failed   failures
}

// carry delivers a portion.
func (c *carrier) carry(ctx context.Context, w portion, t *tally) *delivery {
	d := &delivery{
		carrier: c, tally: t, progress: ports.Progress{Lease: w.lease}, blocked: map[string]bool{}, drained: map[string]bool{},
	}
	for _, due := range w.due {
		d.again(ctx, due)
	}
	for _, next := range w.fresh {
		if !d.one(ctx, next) {
			break
		}
	}
	return d
}

// goes tells whether another event may be begun: the context lives, the lease need not be renewed first, and not
// everything fails.
func (d *delivery) goes(ctx context.Context) bool {
	return ctx.Err() == nil && d.clock.Now().Before(d.progress.Lease.Until.Add(-d.opts.Lease*2/3)) && !d.hopeless()
}

// again tries what waits of an aggregate, in order.
func (d *delivery) again(ctx context.Context, due ports.DueAggregate) {
	attempts := due.Attempts
	for _, next := range due.Events {
		if !d.goes(ctx) {
			return
		}
		if err := d.take(ctx, next.Event); err != nil {
			d.fail(next.Event, attempts+1, err)
			return
		}
		d.progress.Took = append(d.progress.Took, next)
		attempts = 0
	}
	d.drained[due.Aggregate] = !due.More
}

// one delivers a fresh event, or keeps it; false when it was not begun.
func (d *delivery) one(ctx context.Context, next ports.Delivery) bool {
	aggregate := next.Event.Aggregate
	switch {
	case d.blocked[aggregate] || next.Parked && !d.drained[aggregate]:
		d.progress.Kept = append(d.progress.Kept, next)
	case !d.goes(ctx):
		return false
	default:
		if err := d.take(ctx, next.Event); err != nil {
			d.progress.Kept = append(d.progress.Kept, next)
			d.fail(next.Event, 1, err)
		}
	}
	d.progress.Through = next.Cursor
	return true
}

// take calls the handler; a panic of it is a failure, since one bad event must not end the process.
func (d *delivery) take(ctx context.Context, e event.Event) (err error) {
	ctx, cancel := within(ctx, d.timed, d.opts.Lease/2)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			err = observe.Panicked(p)
		}
		if err == nil {
			d.taken.Add(1)
		}
		d.opts.OnEvent(d.Name, e, err)
	}()
	return d.Handle(ctx, e)
}

// fail notes that an event was not taken, and when it is tried again.
func (d *delivery) fail(e event.Event, attempts int, err error) {
	d.tally.failed.Add(1)
	d.blocked[e.Aggregate] = true
	d.failed.add(fmt.Errorf("relay %s: event %s (%s), attempt %d: %w", d.Name, e.ID, e.Name, attempts, err))
	f := ports.Failure{Aggregate: e.Aggregate, Attempts: attempts, Cause: cause(err)}
	if attempts < d.opts.Attempts {
		f.Due = d.clock.Now().Add(min(d.opts.Poll<<min(attempts-1, 20), attemptWait))
	}
	d.progress.Failed = append(d.progress.Failed, f)
}

// acknowledge makes the progress true, also when the context just ended: a clean stop should deliver nothing twice.
func (d *delivery) acknowledge(ctx context.Context) {
	p := d.progress
	if p.Through == (ports.Cursor{}) && len(p.Took)+len(p.Failed) == 0 {
		return
	}
	p.At = d.clock.Now()
	if d.hopeless() { // Not the events' fault: the attempts do not count.
		for i := range p.Failed {
			p.Failed[i].Attempts--
			p.Failed[i].Due = p.At.Add(d.opts.Poll)
		}
	}
	ctx, cancel := within(context.WithoutCancel(ctx), d.timed, ackTime)
	defer cancel()
	if err := d.outbox.Ack(ctx, p); err != nil {
		d.failed.add(fmt.Errorf("relay %s: acknowledging: %w", d.Name, err))
		return
	}
	d.moved.Store(true)
}

// causeMost is how many bytes are kept of why something failed.
const causeMost = 500

// cause is what a store keeps of an error.
func cause(err error) string {
	text := strings.ToValidUTF8(strings.ReplaceAll(err.Error(), "\x00", ""), "?")
	if len(text) > causeMost {
		text = strings.ToValidUTF8(text[:causeMost], "") + "…"
	}
	return text
}
