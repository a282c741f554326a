package memory

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/ports"
)

// Parked lists a consumer's parked aggregates by name.
func (o Outbox) Parked(ctx context.Context, consumer, after string, limit int) ([]ports.ParkedAggregate, error) {
	return view(ctx, o.store, func() ([]ports.ParkedAggregate, error) {
		c, known := o.store.outbox.consumers[consumer]
		if !known {
			return nil, nil
		}
		var out []ports.ParkedAggregate
		for _, name := range slices.Sorted(maps.Keys(c.parked)) {
			if name <= after || len(out) >= limit {
				continue
			}
			p := c.parked[name]
			first := o.store.outbox.waiting(name, p, 1)[0].Event
			out = append(out, ports.ParkedAggregate{
				Aggregate: name, Since: p.since, Attempts: p.attempts, Cause: p.cause, Due: p.due, Events: len(p.waiting), First: first,
			})
		}
		return out, nil
	})
}

// Skipped lists what was not delivered, newest first.
func (o Outbox) Skipped(ctx context.Context, consumer string, limit int) ([]ports.SkippedEvent, error) {
	return view(ctx, o.store, func() ([]ports.SkippedEvent, error) {
		c, known := o.store.outbox.consumers[consumer]
		if !known {
			return nil, nil
		}
		out := slices.Clone(c.skipped)
		slices.Reverse(out)
		return out[:min(max(limit, 0), len(out))], nil
	})
}

// Retry makes a parked aggregate due.
func (o Outbox) Retry(ctx context.Context, consumer, aggregate string, at time.Time) error {
	s := o.store
	return s.update(ctx, func() (func(), error) {
		p, err := s.outbox.parked(consumer, aggregate)
		if err != nil {
			return nil, err
		}
		return func() {
			p.due, p.attempts = at, 0
			s.told.ring()
		}, nil
	})
}

// Skip takes a waiting event away.
func (o Outbox) Skip(ctx context.Context, skip ports.EventSkip) error {
	if skip.Reason == "" {
		return fault.Bad.New("say why the event is skipped").At("reason")
	}
	s := o.store
	return s.update(ctx, func() (func(), error) {
		p, err := s.outbox.parked(skip.Consumer, skip.Aggregate)
		if err != nil {
			return nil, err
		}
		for _, d := range s.outbox.waiting(skip.Aggregate, p, len(p.waiting)) {
			if [16]byte(d.Event.ID.UUID()) == skip.Event {
				return func() {
					s.outbox.skip(skip, p, d)
					s.told.ring()
				}, nil
			}
		}
		return nil, fault.Missing.New("no such event waits")
	})
}

// skip notes the reason and makes what is left due.
func (o *outboxState) skip(skip ports.EventSkip, p *parkedState, d ports.Delivery) {
	c := o.consumers[skip.Consumer]
	c.skipped = append(c.skipped, ports.SkippedEvent{
		Event: skip.Event, Name: d.Event.Name, Aggregate: skip.Aggregate, Reason: skip.Reason, At: skip.At,
	})
	p.due, p.attempts = skip.At, 0
	c.unpark(skip.Aggregate, d.Cursor.Position)
}

// parked finds a parked aggregate.
func (o *outboxState) parked(consumer, aggregate string) (*parkedState, error) {
	if c := o.consumers[consumer]; c != nil && c.parked[aggregate] != nil {
		return c.parked[aggregate], nil
	}
	return nil, fault.Missing.New("the aggregate is not parked")
}

// SweepEvents deletes old events that every known consumer has taken.
func (o Outbox) SweepEvents(ctx context.Context, before time.Time, limit int) (int, error) {
	s := o.store
	deleted := 0
	err := s.update(ctx, func() (func(), error) {
		return func() {
			for partition, rows := range s.outbox.rows {
				s.outbox.rows[partition] = slices.DeleteFunc(rows, func(row outboxRow) bool {
					old := deleted < limit && row.event.At.Before(before) && s.outbox.needless(partition, row)
					if old {
						deleted++
					}
					return old
				})
			}
		}, nil
	})
	return deleted, err
}

// needless tells whether no consumer needs the row any more.
func (o *outboxState) needless(partition int, row outboxRow) bool {
	for _, c := range o.consumers {
		if row.position > c.cursors[partition] {
			return false
		}
		if p := c.parked[row.event.Aggregate]; p != nil && slices.Contains(p.waiting, row.position) {
			return false
		}
	}
	return true
}

// Forget ends a consumer.
func (o Outbox) Forget(ctx context.Context, consumer string) error {
	s := o.store
	return s.update(ctx, func() (func(), error) {
		return func() { delete(s.outbox.consumers, consumer) }, nil
	})
}
