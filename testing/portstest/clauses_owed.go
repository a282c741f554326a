package portstest

import (
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/ports"
)

// owedClauses prove [outbox-owed] and [outbox-oldest].
func owedClauses() []Clause[Harness] {
	return []Clause[Harness]{
		{ID: "outbox-owed", Case: "to who never claimed", Run: owesAll},
		{ID: "outbox-owed", Case: "what was not taken, parked ones too", Run: owesParked},
		{ID: "outbox-oldest", Case: "moves with what is taken", Run: oldest},
		{ID: "outbox-oldest", Case: "a parked one counts", Run: oldestParked},
	}
}

// pending reads what is owed to the consumer, once it is n events or more.
func (w *world) pending(consumer string, n, limit int) []ports.Delivery {
	w.Helper()
	for start := time.Now(); ; time.Sleep(time.Millisecond) {
		got, err := w.Outbox.Pending(w.Context(), consumer, limit)
		w.must("Pending", err)
		if len(got) >= min(n, limit) {
			return got
		}
		if time.Since(start) > patience {
			w.Fatalf("%d events are owed after %s, want %d", len(got), patience, n)
		}
	}
}

func owesAll(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.wantEvents("of nothing", w.pending(consumer, 0, 10))
	events := []event.Event{about(3, near(1)), about(1, far(1)), about(2, near(2))}
	w.tell(events...)
	got := w.pending(consumer, 3, 10)
	w.wantEvents("owed", got, events...)
	for i, d := range got {
		w.wantWhole(d.Event, events[i])
		w.same("place", [2]any{d.Partition, d.Parked}, [2]any{ports.PartitionOf(events[i].Aggregate), false})
	}
	w.wantEvents("two of them", w.pending(consumer, 3, 2), events[:2]...)
	_, err := w.Outbox.Pending(w.gone(), consumer, 1)
	w.wantGone("Pending", err)
}

func owesParked(t TB, open func(TB) Harness) {
	w := begin(t, open)
	r := w.relay(consumer, 1)
	events := []event.Event{about(1, near(1)), about(2, near(2)), about(3, far(1)), about(4, near(1))}
	w.tell(events...)
	got := r.await(4).Fresh
	r.fail(got[0], 1, time.Time{})
	r.take(got[1])
	owed := w.pending(consumer, 3, 10)
	w.wantEvents("owed", owed, events[0], events[2], events[3])
	w.same("parked", [3]bool{owed[0].Parked, owed[1].Parked, owed[2].Parked}, [3]bool{true, false, true})
	w.wantEvents("one of them", w.pending(consumer, 3, 1), events[0])
}

// oldestAt asks for the oldest that is owed.
func (w *world) oldestAt(consumer string) time.Time {
	w.Helper()
	at, err := w.Outbox.Oldest(w.Context(), consumer)
	w.must("Oldest", err)
	return at
}

func oldest(t TB, open func(TB) Harness) {
	w := begin(t, open)
	r := w.relay(consumer, 1)
	w.same("of nothing", w.oldestAt(consumer), time.Time{})
	w.tell(about(1, near(1)), about(2, far(1)), about(3, near(2)))
	got := r.await(3).Fresh
	w.same("the oldest", w.oldestAt(consumer), after(1))
	w.same("the oldest of who never claimed", w.oldestAt("another"), after(1))
	r.take(got[0])
	w.same("the oldest behind the first", w.oldestAt(consumer), after(2))
	r.take(got[1])
	w.same("the oldest behind the second", w.oldestAt(consumer), after(3))
	r.take(got[2])
	w.same("of nothing", w.oldestAt(consumer), time.Time{})
	_, err := w.Outbox.Oldest(w.gone(), consumer)
	w.wantGone("Oldest", err)
}

func oldestParked(t TB, open func(TB) Harness) {
	w := begin(t, open)
	r := w.relay(consumer, 1)
	w.tell(about(1, near(1)), about(2, near(2)))
	got := r.await(2).Fresh
	r.fail(got[0], 1, time.Time{})
	r.take(got[1])
	w.same("the oldest", w.oldestAt(consumer), after(1))
}

// wakeClauses prove [outbox-wake].
func wakeClauses() []Clause[Harness] {
	return []Clause[Harness]{{ID: "outbox-wake", Case: "everyone, each time", Run: wakes}}
}

// wantWoken fails unless the channel is closed soon.
func (w *world) wantWoken(what string, wake <-chan struct{}) {
	w.Helper()
	select {
	case <-wake:
	case <-time.After(patience):
		w.Fatalf("nothing woke %s", what)
	}
}

func wakes(t TB, open func(TB) Harness) {
	w := begin(t, open)
	for n := range 3 {
		one, two := w.Outbox.Wake(), w.Outbox.Wake()
		w.tell(about(n+1, "x_1"))
		w.wantWoken("the first", one)
		w.wantWoken("the second", two)
	}
}
