package portstest

import (
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
)

// OutboxSweeperClauses are the clauses of ports.OutboxSweeper.
func OutboxSweeperClauses() []Clause[Harness] {
	return []Clause[Harness]{
		{ID: "outbox-sweep", Case: "old ones that all have taken", Run: sweepsTaken},
		{ID: "outbox-sweep", Case: "what is owed stays", Run: sweepsNothingOwed},
		{ID: "outbox-sweep", Case: "what is parked stays", Run: sweepsNothingParked},
		{ID: "outbox-sweep", Case: "cursors stay", Run: sweepKeepsCursors},
		{ID: "outbox-forget", Case: "it owes nothing", Run: forgets},
	}
}

// sweep deletes old events, and checks how many.
func (w *world) sweep(before time.Time, limit, want int) {
	w.Helper()
	n, err := w.OutboxSweeper.SweepEvents(w.Context(), before, limit)
	w.must("Sweep", err)
	w.same("deleted", n, want)
}

// takeAll reads n events and takes them.
func (r *relay) takeAll(n int) {
	r.Helper()
	r.take(r.await(n).Fresh...)
}

func sweepsTaken(t TB, open func(TB) Harness) {
	w := begin(t, open)
	r := w.relay(consumer, 1)
	events := []event.Event{about(1, near(1)), about(2, far(1)), about(3, near(2)), about(4, far(2))}
	w.tell(events...)
	r.takeAll(4)
	w.sweep(after(1), 10, 0)
	w.sweep(after(4), 2, 2)
	w.same("left", len(w.pending("who comes later", 2, 10)), 2)
	w.sweep(after(4), 10, 1)
	w.wantEvents("left", w.pending("who comes later", 1, 10), events[3])
	w.sweep(after(4), 10, 0)
	_, err := w.OutboxSweeper.SweepEvents(w.gone(), after(100), 10)
	w.wantGone("Sweep", err)
	w.wantEvents("left", w.pending("who comes later", 1, 10), events[3])
}

func sweepsNothingOwed(t TB, open func(TB) Harness) {
	w := begin(t, open)
	r, other := w.relay(consumer, 1), w.relay("another", 1)
	events := []event.Event{about(1, near(1)), about(2, near(2)), about(3, far(1))}
	w.tell(events...)
	r.takeAll(3)
	w.sweep(after(100), 10, 0)
	got := other.await(3).Fresh
	other.take(got[0])
	w.sweep(after(100), 10, 1)
	w.wantEvents("owed", other.read(10).Fresh, events[1:]...)
	other.take(got[2])
	w.sweep(after(100), 10, 1)
	w.wantEvents("owed", other.read(10).Fresh, events[1])
}

func sweepsNothingParked(t TB, open func(TB) Harness) {
	w := begin(t, open)
	r := w.relay(consumer, 1)
	first, second := about(1, near(1)), about(2, near(2))
	w.tell(first, second)
	got := r.await(2).Fresh
	r.fail(got[0], 1, base)
	r.take(got[1])
	w.sweep(after(100), 10, 1)
	r.wantDue(1, false, 10, first)
	w.must("Skip", w.skip(first, "spoilt", base))
	w.sweep(after(100), 10, 1)
}

func sweepKeepsCursors(t TB, open func(TB) Harness) {
	w := begin(t, open)
	r := w.relay(consumer, 1)
	w.tell(about(1, "x_1"), about(2, "x_1"))
	r.takeAll(2)
	w.sweep(after(100), 10, 2)
	w.wantEvents("fresh", r.read(10).Fresh)
	w.tell(about(3, "x_1"))
	w.wantEvents("fresh", r.await(1).Fresh, about(3, "x_1"))
}

func forgets(t TB, open func(TB) Harness) {
	w := begin(t, open)
	r, other := w.relay(consumer, 1), w.relay("another", 1)
	w.tell(about(1, near(1)), about(2, near(2)))
	r.takeAll(2)
	got := other.await(2).Fresh
	other.fail(got[0], 1, base)
	w.must("Forget", w.OutboxSweeper.Forget(w.Context(), "another"))
	w.must("Forget nobody", w.OutboxSweeper.Forget(w.Context(), "nobody"))
	w.wantEvents("owed to one of that name", w.pending("another", 2, 10), about(1, near(1)), about(2, near(2)))
	w.sweep(after(100), 10, 2)
	anew := w.relay("another", 2)
	w.same("partitions", anew.partitions(), everyPartition())
	w.same("fresh", len(anew.read(10).Fresh), 0)
	w.same("parked", len(anew.read(10).Due), 0)
	w.wantGone("Forget", w.OutboxSweeper.Forget(w.gone(), consumer))
}
