package portstest

import (
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/ports"
)

// parkClauses prove [outbox-park].
func parkClauses() []Clause[Harness] {
	const id = "outbox-park"
	return []Clause[Harness]{
		{ID: id, Case: "an event waits for its time", Run: waitsForItsTime},
		{ID: id, Case: "later ones of the aggregate are marked, others are not", Run: marksLater},
		{ID: id, Case: "what waits is due in order", Run: dueInOrder},
		{ID: id, Case: "taken to the last it is parked no longer", Run: unparks},
		{ID: id, Case: "without a failure it is due at once", Run: dueAtOnce},
		{ID: id, Case: "without a time it waits for somebody", Run: waitsForSomebody},
		{ID: id, Case: "of one consumer alone", Run: parksForOne},
		{ID: id, Case: "after a restart", Run: parkedReopened},
	}
}

// fail acknowledges that an event was tried at a time and was not taken.
func (r *relay) fail(d ports.Delivery, attempts int, due time.Time) {
	r.Helper()
	r.ack(d.Event.Aggregate, ports.Progress{
		Through: d.Cursor, Kept: []ports.Delivery{d},
		Failed: []ports.Failure{{Aggregate: d.Event.Aggregate, Attempts: attempts, Cause: "it broke: naïve", Due: due}},
	})
}

// keep acknowledges that fresh events wait behind others of their aggregates.
func (r *relay) keep(deliveries ...ports.Delivery) {
	r.Helper()
	for _, d := range deliveries {
		r.ack(d.Event.Aggregate, ports.Progress{Through: d.Cursor, Kept: []ports.Delivery{d}})
	}
}

// wantDue checks what is due of one aggregate, and gives it.
func (r *relay) wantDue(attempts int, more bool, limit int, want ...event.Event) ports.DueAggregate {
	r.Helper()
	got := r.read(limit)
	if len(got.Due) != 1 {
		r.Fatalf("%d aggregates are due, want 1: %+v", len(got.Due), got.Due)
	}
	d := got.Due[0]
	r.wantEvents("due", d.Events, want...)
	aggregate := want[0].Aggregate
	if d.Aggregate != aggregate || d.Partition != ports.PartitionOf(aggregate) || d.Attempts != attempts || d.More != more {
		r.Errorf("got %+v, want %d attempts at %s, more %t", d, attempts, aggregate, more)
	}
	return d
}

// wantNotDue checks that nothing is due, and when something will be.
func (r *relay) wantNotDue(next time.Time) {
	r.Helper()
	got := r.read(10)
	r.same("due", len(got.Due), 0)
	if !got.NextDue.Equal(next) {
		r.Errorf("the next is due at %v, want %v", got.NextDue, next)
	}
}

func waitsForItsTime(t TB, open func(TB) Harness) {
	w := begin(t, open)
	r := w.relay(consumer, 1)
	w.tell(about(1, "x_1"))
	r.fail(r.await(1).Fresh[0], 3, after(10))
	w.wantEvents("fresh", r.read(10).Fresh)
	r.now = after(10).Add(-time.Microsecond)
	r.wantNotDue(after(10))
	r.now = after(10)
	d := r.wantDue(3, false, 10, about(1, "x_1"))
	w.wantWhole(d.Events[0].Event, about(1, "x_1"))
	r.ack("x_1", ports.Progress{Failed: []ports.Failure{{Aggregate: "x_1", Attempts: 4, Due: after(20)}}})
	r.wantNotDue(after(20))
	r.now = after(21)
	r.wantDue(4, false, 10, about(1, "x_1"))
}

func marksLater(t TB, open func(TB) Harness) {
	w := begin(t, open)
	r := w.relay(consumer, 1)
	w.tell(about(1, near(1)))
	r.fail(r.await(1).Fresh[0], 1, after(10))
	w.tell(about(2, near(2)), about(3, near(1)), about(4, far(1)))
	got := r.await(3).Fresh
	w.wantEvents("fresh", got, about(2, near(2)), about(3, near(1)), about(4, far(1)))
	w.same("parked", [3]bool{got[0].Parked, got[1].Parked, got[2].Parked}, [3]bool{false, true, false})
	r.keep(got[1])
	w.wantEvents("behind it", r.read(10).Fresh, about(4, far(1)))
}

func dueInOrder(t TB, open func(TB) Harness) {
	w := begin(t, open)
	r := w.relay(consumer, 1)
	events := []event.Event{about(5, "x_1"), about(3, "x_1"), about(4, "x_1")}
	w.tell(events...)
	got := r.await(3).Fresh
	r.ack("x_1", ports.Progress{
		Through: got[1].Cursor, Kept: got[:2], Failed: []ports.Failure{{Aggregate: "x_1", Attempts: 1, Due: after(1)}},
	})
	r.keep(got[2])
	r.now = after(1)
	r.wantDue(1, true, 1, events[0])
	r.wantDue(1, true, 2, events[:2]...)
	r.wantDue(1, false, 3, events...)
}

func unparks(t TB, open func(TB) Harness) {
	w := begin(t, open)
	r := w.relay(consumer, 1)
	events := []event.Event{about(1, "x_1"), about(2, "x_1"), about(3, "x_1")}
	w.tell(events...)
	got := r.await(3).Fresh
	r.fail(got[0], 2, after(1))
	r.keep(got[1], got[2])
	r.now = after(1)
	due := r.wantDue(2, false, 10, events...)
	// The first is taken and the second fails.
	r.ack("x_1", ports.Progress{Took: due.Events[:1], Failed: []ports.Failure{{Aggregate: "x_1", Attempts: 1, Due: after(2)}}})
	r.now = after(2)
	due = r.wantDue(1, false, 10, events[1:]...)
	w.tell(about(4, "x_1"))
	w.same("parked", r.await(1).Fresh[0].Parked, true)
	r.ack("x_1", ports.Progress{Took: due.Events})
	r.now = after(1000)
	last := r.await(1)
	w.same("due", len(last.Due), 0)
	w.wantEvents("fresh", last.Fresh, about(4, "x_1"))
	w.same("parked", last.Fresh[0].Parked, false)
}

func dueAtOnce(t TB, open func(TB) Harness) {
	w := begin(t, open)
	r := w.relay(consumer, 1)
	w.tell(about(1, "x_1"))
	r.keep(r.await(1).Fresh[0])
	r.wantDue(0, false, 10, about(1, "x_1"))
}

func waitsForSomebody(t TB, open func(TB) Harness) {
	w := begin(t, open)
	r := w.relay(consumer, 1)
	w.tell(about(1, "x_1"))
	r.fail(r.await(1).Fresh[0], 12, time.Time{})
	r.now = after(1_000_000)
	r.wantNotDue(time.Time{})
	w.tell(about(2, "x_1"))
	w.same("parked", r.await(1).Fresh[0].Parked, true)
}

func parksForOne(t TB, open func(TB) Harness) {
	w := begin(t, open)
	r, other := w.relay(consumer, 1), w.relay("another", 1)
	w.tell(about(1, "x_1"))
	r.fail(r.await(1).Fresh[0], 1, after(0))
	got := other.await(1)
	w.same("due for another", len(got.Due), 0)
	w.same("parked for another", got.Fresh[0].Parked, false)
	other.take(got.Fresh...)
	r.wantDue(1, false, 10, about(1, "x_1"))
}

func parkedReopened(t TB, open func(TB) Harness) {
	w := begin(t, open)
	r := w.relay(consumer, 1)
	w.tell(about(1, "x_1"))
	r.fail(r.await(1).Fresh[0], 5, after(3))
	r.world = w.reopened()
	r.wantNotDue(after(3))
	r.now = after(3)
	r.wantDue(5, false, 10, about(1, "x_1"))
}
