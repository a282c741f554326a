package memory

import (
	"cmp"
	"context"
	"slices"
	"sort"
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/ports"
)

// outboxState holds the events in the order of their commits, dealt to partitions; the position of an event is its
// number among all that were ever told, from 1.
type outboxState struct {
	last      uint64
	rows      [ports.OutboxPartitions][]outboxRow
	consumers map[string]*consumerState
}

// outboxRow is an event and its place.
type outboxRow struct {
	position uint64
	event    event.Event
}

// consumerState is what one consumer took, and who delivers to it.
type consumerState struct {
	relays  map[[16]byte]time.Time // Until when each takes part.
	leases  [ports.OutboxPartitions]ports.Lease
	cursors [ports.OutboxPartitions]uint64
	parked  map[string]*parkedState
	skipped []ports.SkippedEvent
}

// parkedState is an aggregate whose events wait.
type parkedState struct {
	since, due time.Time
	attempts   int
	cause      string
	waiting    []uint64 // Positions, ascending; never empty.
}

func newOutboxState() outboxState { return outboxState{consumers: map[string]*consumerState{}} }

// newConsumer has taken nothing.
func newConsumer(name string) *consumerState {
	c := &consumerState{relays: map[[16]byte]time.Time{}, parked: map[string]*parkedState{}}
	for i := range c.leases {
		c.leases[i].Consumer, c.leases[i].Partition = name, i
	}
	return c
}

// tell writes events and wakes the relays. The caller is publishing.
func (s *Store) tell(events []event.Event) {
	if len(events) == 0 {
		return
	}
	for _, e := range events {
		s.outbox.last++
		p := ports.PartitionOf(e.Aggregate)
		s.outbox.rows[p] = append(s.outbox.rows[p], outboxRow{s.outbox.last, copyEvent(e)})
	}
	s.told.ring()
}

// behind gives the rows of a partition behind a position.
func (o *outboxState) behind(partition int, position uint64) []outboxRow {
	rows := o.rows[partition]
	return rows[sort.Search(len(rows), func(i int) bool { return rows[i].position > position }):]
}

// at finds the row at a position.
func (o *outboxState) at(partition int, position uint64) (outboxRow, bool) {
	rows := o.behind(partition, position-1)
	if len(rows) == 0 || rows[0].position != position {
		return outboxRow{}, false
	}
	return rows[0], true
}

// delivery shows a row.
func (r outboxRow) delivery(partition int, parked bool) ports.Delivery {
	return ports.Delivery{Event: copyEvent(r.event), Cursor: ports.Cursor{Position: r.position}, Partition: partition, Parked: parked}
}

// waiting shows up to limit events of a parked aggregate.
func (o *outboxState) waiting(aggregate string, p *parkedState, limit int) []ports.Delivery {
	var out []ports.Delivery
	partition := ports.PartitionOf(aggregate)
	for _, position := range p.waiting[:min(limit, len(p.waiting))] {
		if row, found := o.at(partition, position); found {
			out = append(out, row.delivery(partition, true))
		}
	}
	return out
}

// Outbox reads the events of a store: ports.Outbox, ports.ParkedEvents and ports.OutboxSweeper.
type Outbox struct{ store *Store }

var (
	_ ports.Outbox        = Outbox{}
	_ ports.ParkedEvents  = Outbox{}
	_ ports.OutboxSweeper = Outbox{}
)

// Outbox gives the ports that read the events that commits wrote.
func (s *Store) Outbox() Outbox { return Outbox{s} }

// Pending gives at most limit events that the consumer has not taken.
func (o Outbox) Pending(ctx context.Context, consumer string, limit int) ([]ports.Delivery, error) {
	return view(ctx, o.store, func() ([]ports.Delivery, error) {
		var owed []ports.Delivery
		for partition := range o.store.outbox.rows {
			o.store.outbox.owed(consumer, partition, func(row outboxRow, parked bool) {
				owed = append(owed, row.delivery(partition, parked))
			})
		}
		slices.SortFunc(owed, func(a, b ports.Delivery) int { return cmp.Compare(a.Cursor.Position, b.Cursor.Position) })
		return owed[:min(max(limit, 0), len(owed))], nil
	})
}

// Oldest gives when the oldest event that the consumer has not taken happened.
func (o Outbox) Oldest(ctx context.Context, consumer string) (time.Time, error) {
	return view(ctx, o.store, func() (oldest time.Time, err error) {
		for partition := range o.store.outbox.rows {
			o.store.outbox.owed(consumer, partition, func(row outboxRow, _ bool) { oldest = earlier(oldest, row.event.At) })
		}
		return oldest, nil
	})
}

// owed visits the events of a partition that the consumer has not taken.
func (o *outboxState) owed(consumer string, partition int, visit func(row outboxRow, parked bool)) {
	c, known := o.consumers[consumer]
	if !known {
		c = newConsumer(consumer)
	}
	for aggregate, p := range c.parked {
		if ports.PartitionOf(aggregate) != partition {
			continue
		}
		for _, position := range p.waiting {
			if row, found := o.at(partition, position); found {
				visit(row, true)
			}
		}
	}
	for _, row := range o.behind(partition, c.cursors[partition]) {
		visit(row, c.parked[row.event.Aggregate] != nil)
	}
}

// Wake is closed when a commit wrote events.
func (o Outbox) Wake() <-chan struct{} { return o.store.told.listen() }
