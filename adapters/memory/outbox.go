package memory

import (
	"context"
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/ports"
)

// outboxState holds the events in the order of their commits; the position of an event is its place in it, from 1.
type outboxState struct {
	rows    []outboxRow
	cursors map[string]uint64
}

// outboxRow is an event and when it was written.
type outboxRow struct {
	event event.Event
	at    time.Time
}

func newOutboxState() outboxState { return outboxState{cursors: map[string]uint64{}} }

// tell writes events and wakes the relay. The caller is publishing.
func (s *Store) tell(events []event.Event) {
	if len(events) == 0 {
		return
	}
	now := s.clock.Now()
	for _, e := range events {
		s.outbox.rows = append(s.outbox.rows, outboxRow{copyEvent(e), now})
	}
	select {
	case s.wake <- struct{}{}:
	default: // It is awake already.
	}
}

// outbox reads the events of a store.
type outbox struct{ store *Store }

var _ ports.Outbox = outbox{}

// Outbox gives the port that reads the events that commits wrote.
func (s *Store) Outbox() ports.Outbox { return outbox{s} }

// Pending gives at most limit events after the consumer's cursor.
func (o outbox) Pending(ctx context.Context, consumer string, limit int) ([]ports.Delivery, error) {
	return view(ctx, o.store, func() ([]ports.Delivery, error) {
		state := &o.store.outbox
		start := state.cursors[consumer]
		end := min(start+uint64(max(limit, 0)), uint64(len(state.rows)))
		out := make([]ports.Delivery, 0, end-start)
		for i := start; i < end; i++ {
			out = append(out, ports.Delivery{Event: copyEvent(state.rows[i].event), Cursor: ports.Cursor{Position: i + 1}})
		}
		return out, nil
	})
}

// Ack moves the consumer's cursor forward, never beyond what there is.
func (o outbox) Ack(ctx context.Context, consumer string, through ports.Cursor) error {
	s := o.store
	return s.update(ctx, func() (func(), error) {
		position := min(through.Position, uint64(len(s.outbox.rows)))
		return func() {
			s.outbox.cursors[consumer] = max(s.outbox.cursors[consumer], position)
		}, nil
	})
}

// Oldest gives when the oldest event that the consumer owes was written.
func (o outbox) Oldest(ctx context.Context, consumer string) (time.Time, error) {
	return view(ctx, o.store, func() (time.Time, error) {
		state := &o.store.outbox
		if next := state.cursors[consumer]; next < uint64(len(state.rows)) {
			return state.rows[next].at, nil
		}
		return time.Time{}, nil
	})
}

// Wake has a value soon after a commit wrote events.
func (o outbox) Wake() <-chan struct{} { return o.store.wake }
