package portstest

import (
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/ports"
)

// ParkedEventsClauses are the clauses of ports.ParkedEvents.
func ParkedEventsClauses() []Clause[Harness] {
	return []Clause[Harness]{
		{ID: "parked-list", Case: "by name, from behind one on", Run: listsParked},
		{ID: "parked-retry", Case: "due and forgotten", Run: retries},
		{ID: "parked-retry", Case: "what is not parked", Run: retriesNothing},
		{ID: "parked-skip", Case: "one event, for a reason", Run: skips},
		{ID: "parked-skip", Case: "the last one ends the parking", Run: skipsLast},
		{ID: "parked-skip", Case: "what is refused", Run: skipsNothing},
	}
}

// parked lists what is parked.
func (w *world) parked(after string, limit int) []ports.ParkedAggregate {
	w.Helper()
	got, err := w.Parked.Parked(w.Context(), consumer, after, limit)
	w.must("Parked", err)
	return got
}

// names of parked aggregates.
func names(list []ports.ParkedAggregate) []string {
	out := []string{}
	for _, p := range list {
		out = append(out, p.Aggregate)
	}
	return out
}

func listsParked(t TB, open func(TB) Harness) {
	w := begin(t, open)
	r := w.relay(consumer, 1)
	w.same("of nothing", len(w.parked("", 10)), 0)
	w.tell(about(1, "b"), about(2, "a"), about(3, "B"), about(4, "b"))
	got := r.await(4).Fresh
	r.now = after(7)
	r.fail(got[0], 3, after(60))
	r.fail(got[1], 12, time.Time{})
	r.keep(got[2], got[3])
	all := w.parked("", 10)
	w.same("names", names(all), []string{"B", "a", "b"})
	w.same("behind the first", names(w.parked("B", 1)), []string{"a"})
	w.same("behind the second", names(w.parked("a", 10)), []string{"b"})
	w.same("behind the last", len(w.parked("b", 10)), 0)
	for i, want := range []ports.ParkedAggregate{
		{Aggregate: "B", Since: after(7), Due: after(7), Events: 1, First: about(3, "B")},
		{Aggregate: "a", Since: after(7), Attempts: 12, Cause: "it broke: naïve", Events: 1, First: about(2, "a")},
		{Aggregate: "b", Since: after(7), Attempts: 3, Cause: "it broke: naïve", Due: after(60), Events: 2, First: about(1, "b")},
	} {
		w.wantWhole(all[i].First, want.First)
		all[i].First, want.First = event.Event{}, event.Event{}
		w.same("parked", all[i], want)
	}
	_, err := w.Parked.Parked(w.gone(), consumer, "", 10)
	w.wantGone("Parked", err)
}

func retries(t TB, open func(TB) Harness) {
	w := begin(t, open)
	r := w.relay(consumer, 1)
	w.tell(about(1, "x_1"))
	r.fail(r.await(1).Fresh[0], 12, time.Time{})
	wake := w.Outbox.Wake()
	w.must("Retry", w.Parked.Retry(w.Context(), consumer, "x_1", after(5)))
	w.wantWoken("the relay", wake)
	r.wantNotDue(after(5))
	r.now = after(5)
	due := r.wantDue(0, false, 10, about(1, "x_1"))
	r.ack("x_1", ports.Progress{Took: due.Events})
	w.same("parked", len(w.parked("", 10)), 0)
}

func retriesNothing(t TB, open func(TB) Harness) {
	w := begin(t, open)
	r := w.relay(consumer, 1)
	w.refuses("Retry", w.Parked.Retry(w.Context(), consumer, "x_1", base), fault.Missing)
	w.tell(about(1, "x_1"))
	r.fail(r.await(1).Fresh[0], 1, after(100))
	w.refuses("Retry of another's", w.Parked.Retry(w.Context(), "another", "x_1", base), fault.Missing)
	w.wantGone("Retry", w.Parked.Retry(w.gone(), consumer, "x_1", base))
	r.wantNotDue(after(100))
}

// skip skips an event of an aggregate.
func (w *world) skip(e event.Event, reason string, at time.Time) error {
	return w.Parked.Skip(w.Context(), ports.EventSkip{
		Consumer: consumer, Aggregate: e.Aggregate, Event: e.ID.UUID(), Reason: reason, At: at,
	})
}

// skipped lists what was skipped.
func (w *world) skipped(limit int) []ports.SkippedEvent {
	w.Helper()
	got, err := w.Parked.Skipped(w.Context(), consumer, limit)
	w.must("Skipped", err)
	return got
}

func skips(t TB, open func(TB) Harness) {
	w := begin(t, open)
	r := w.relay(consumer, 1)
	events := []event.Event{about(1, "x_1"), about(2, "x_1"), about(3, "x_1")}
	w.tell(events...)
	got := r.await(3).Fresh
	r.fail(got[0], 12, time.Time{})
	r.keep(got[1], got[2])
	w.must("Skip", w.skip(events[1], "naïve, second", after(4)))
	r.now = after(4)
	r.wantDue(0, false, 10, events[0], events[2])
	r.ack("x_1", ports.Progress{Failed: []ports.Failure{{Aggregate: "x_1", Attempts: 1}}})
	w.must("Skip", w.skip(events[0], "first", after(5)))
	r.now = after(5)
	r.wantDue(0, false, 10, events[2])
	want := []ports.SkippedEvent{
		{Event: events[0].ID.UUID(), Name: events[0].Name, Aggregate: "x_1", Reason: "first", At: after(5)},
		{Event: events[1].ID.UUID(), Name: events[1].Name, Aggregate: "x_1", Reason: "naïve, second", At: after(4)},
	}
	w.same("skipped", w.skipped(10), want)
	w.same("the newest skipped", w.skipped(1), want[:1])
	_, err := w.Parked.Skipped(w.gone(), consumer, 10)
	w.wantGone("Skipped", err)
}

func skipsLast(t TB, open func(TB) Harness) {
	w := begin(t, open)
	r := w.relay(consumer, 1)
	w.tell(about(1, "x_1"))
	r.fail(r.await(1).Fresh[0], 12, time.Time{})
	w.must("Skip", w.skip(about(1, "x_1"), "spoilt", after(1)))
	w.same("parked", len(w.parked("", 10)), 0)
	w.tell(about(2, "x_1"))
	w.same("parked", r.await(1).Fresh[0].Parked, false)
}

func skipsNothing(t TB, open func(TB) Harness) {
	w := begin(t, open)
	r := w.relay(consumer, 1)
	first, second := about(1, "x_1"), about(2, "x_1")
	w.tell(first)
	r.fail(r.await(1).Fresh[0], 12, time.Time{})
	w.tell(second)
	r.await(1)
	w.refuses("Skip without a reason", w.skip(first, "", base), fault.Bad)
	w.refuses("Skip of what does not wait", w.skip(second, "why", base), fault.Missing)
	w.refuses("Skip of what is not parked", w.skip(about(1, "x_2"), "why", base), fault.Missing)
	r.wantNotDue(time.Time{})
	w.same("skipped", len(w.skipped(10)), 0)
	w.same("parked", names(w.parked("", 10)), []string{"x_1"})
}
