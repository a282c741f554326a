package memory

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/ports"
)

// Read gives what is to be delivered under leases.
func (o Outbox) Read(ctx context.Context, r ports.OutboxRead) (ports.Reading, error) {
	return view(ctx, o.store, func() (ports.Reading, error) {
		var out ports.Reading
		state := &o.store.outbox
		c := state.consumers[r.Consumer]
		var held [ports.OutboxPartitions]bool
		for _, l := range r.Leases {
			if l.Consumer != r.Consumer || !c.holds(l) {
				continue
			}
			held[l.Partition] = true
			rows := state.behind(l.Partition, c.cursors[l.Partition])
			for _, row := range rows[:min(max(r.Limit, 0), len(rows))] {
				out.Fresh = append(out.Fresh, row.delivery(l.Partition, c.parked[row.event.Aggregate] != nil))
			}
		}
		slices.SortFunc(out.Fresh, func(a, b ports.Delivery) int { return cmp.Compare(a.Cursor.Position, b.Cursor.Position) })
		if c != nil {
			state.due(c, r, held, &out)
		}
		return out, nil
	})
}

// due adds the parked aggregates of the held partitions whose time has come, the longest due first.
func (o *outboxState) due(c *consumerState, r ports.OutboxRead, held [ports.OutboxPartitions]bool, out *ports.Reading) {
	var names []string
	for aggregate, p := range c.parked {
		switch {
		case p.due.IsZero() || !held[ports.PartitionOf(aggregate)]:
		case p.due.After(r.At):
			out.NextDue = earlier(out.NextDue, p.due)
		default:
			names = append(names, aggregate)
		}
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(c.parked[a].due.Compare(c.parked[b].due), cmp.Compare(a, b))
	})
	for i, aggregate := range names {
		p := c.parked[aggregate]
		if i >= r.Limit {
			out.NextDue = earlier(out.NextDue, p.due)
			break
		}
		out.Due = append(out.Due, ports.DueAggregate{
			Aggregate: aggregate, Partition: ports.PartitionOf(aggregate), Attempts: p.attempts,
			Events: o.waiting(aggregate, p, r.Limit), More: len(p.waiting) > r.Limit,
		})
	}
}

// earlier gives the earlier of two times; zero is none.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// Ack makes a relay's progress true.
func (o Outbox) Ack(ctx context.Context, p ports.Progress) error {
	s := o.store
	return s.update(ctx, func() (func(), error) {
		c := s.outbox.consumers[p.Lease.Consumer]
		if !c.holds(p.Lease) {
			return nil, ports.LeaseLost.New("another relay delivers this partition's events now")
		}
		return func() { c.ack(p, s.outbox.last) }, nil
	})
}

// ack changes the cursor, never beyond the last position, and what waits.
func (c *consumerState) ack(p ports.Progress, last uint64) {
	cursor := &c.cursors[p.Lease.Partition]
	*cursor = max(*cursor, min(p.Through.Position, last))
	for _, d := range p.Kept {
		parked := c.parked[d.Event.Aggregate]
		if parked == nil {
			parked = &parkedState{since: p.At, due: p.At}
			c.parked[d.Event.Aggregate] = parked
		}
		if i, found := slices.BinarySearch(parked.waiting, d.Cursor.Position); !found {
			parked.waiting = slices.Insert(parked.waiting, i, d.Cursor.Position)
		}
	}
	for _, d := range p.Took {
		c.unpark(d.Event.Aggregate, d.Cursor.Position)
	}
	for _, f := range p.Failed {
		if parked := c.parked[f.Aggregate]; parked != nil {
			parked.attempts, parked.cause, parked.due = f.Attempts, f.Cause, f.Due
		}
	}
}

// unpark takes a waiting event away, and its aggregate's record with the last one.
func (c *consumerState) unpark(aggregate string, position uint64) {
	parked := c.parked[aggregate]
	if parked == nil {
		return
	}
	if i, found := slices.BinarySearch(parked.waiting, position); found {
		parked.waiting = slices.Delete(parked.waiting, i, i+1)
	}
	if len(parked.waiting) == 0 {
		delete(c.parked, aggregate)
	}
}
