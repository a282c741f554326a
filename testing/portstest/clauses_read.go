package portstest

import (
	"fmt"
	"sync"
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// readClauses prove [outbox-after].
func readClauses() []Clause[Harness] {
	const id = "outbox-after"
	return []Clause[Harness]{
		{ID: id, Case: "whole events in one order", Run: readsWhole},
		{ID: id, Case: "at most the limit of each partition", Run: readsLimit},
		{ID: id, Case: "partitions of aggregates", Run: readsPartitions},
		{ID: id, Case: "what is leased alone", Run: readsLeased},
		{ID: id, Case: "a caller who left", Run: readGone},
	}
}

func readsWhole(t TB, open func(TB) Harness) {
	w := begin(t, open)
	r := w.relay(consumer, 1)
	w.wantEvents("of nothing", r.read(10).Fresh)
	a, b, c := about(3, "x_1"), about(1, "x_2"), about(2, "x_1")
	w.tell(a, b)
	w.tell(c)
	first := r.await(3)
	w.wantEvents("fresh", first.Fresh, a, b, c)
	for i, want := range []event.Event{a, b, c} {
		w.wantWhole(first.Fresh[i].Event, want)
	}
	w.same("due", len(first.Due), 0)
	again := w.relay("another", 2).await(3)
	w.wantEvents("another's", again.Fresh, a, b, c)
	for i := range again.Fresh {
		if again.Fresh[i].Cursor != first.Fresh[i].Cursor {
			w.Errorf("place %d is %v for one consumer and %v for another", i, first.Fresh[i].Cursor, again.Fresh[i].Cursor)
		}
	}
}

func readsLimit(t TB, open func(TB) Harness) {
	w := begin(t, open)
	r := w.relay(consumer, 1)
	a, b, c, d := about(1, near(1)), about(2, near(2)), about(3, near(1)), about(4, far(1))
	w.tell(a, b, c, d)
	r.await(4)
	w.wantEvents("none", r.read(0).Fresh)
	w.wantEvents("one", r.read(1).Fresh, a, d)
	w.wantEvents("two", r.read(2).Fresh, a, b, d)
	w.wantEvents("four", r.read(4).Fresh, a, b, c, d)
}

func readsPartitions(t TB, open func(TB) Harness) {
	w := begin(t, open)
	r := w.relay(consumer, 1)
	names := []string{"", "x", "naïve", `a\b`, `\`, `\x41`, `\\`, "鍵🔑", "ord_01jabcdefghjkmnpqrstvwxyz0", "a'b\"c"}
	var events []event.Event
	for i, name := range names {
		events = append(events, about(i+1, name))
	}
	w.tell(events...)
	for _, d := range r.await(len(names)).Fresh {
		if want := ports.PartitionOf(d.Event.Aggregate); d.Partition != want {
			w.Errorf("%q is in partition %d, want %d", d.Event.Aggregate, d.Partition, want)
		}
	}
}

func readsLeased(t TB, open func(TB) Harness) {
	w := begin(t, open)
	r := w.relay(consumer, 1)
	w.tell(about(1, near(1)), about(2, far(1)))
	r.await(2)
	all := r.share.Leases
	r.share.Leases = []ports.Lease{r.lease(far(1))}
	w.wantEvents("of one lease", r.read(10).Fresh, about(2, far(1)))
	r.share.Leases = nil
	w.wantEvents("of no lease", r.read(10).Fresh)
	r.share.Leases = all
	w.wantEvents("of all", r.read(10).Fresh, about(1, near(1)), about(2, far(1)))
}

func readGone(t TB, open func(TB) Harness) {
	w := begin(t, open)
	r := w.relay(consumer, 1)
	_, err := w.Outbox.Read(w.gone(), ports.OutboxRead{Consumer: consumer, Leases: r.share.Leases, At: base, Limit: 1})
	w.wantGone("Read", err)
}

// committedClauses prove [outbox-committed] and [outbox-aggregate].
func committedClauses() []Clause[Harness] {
	return []Clause[Harness]{
		{ID: "outbox-committed", Case: "nothing of a refused commit", Run: nothingRefused},
		{ID: "outbox-committed", Case: "none is skipped while many commit", Run: skipsNone},
		{ID: "outbox-aggregate", Case: "the order of commits", Run: keepsOrder},
	}
}

func nothingRefused(t TB, open func(TB) Harness) {
	w := begin(t, open)
	r := w.relay(consumer, 1)
	bad := refused()
	bad.Events = []event.Event{about(1, "x_1")}
	w.isRefused(bad)
	w.tell(about(2, "x_1")) // Once this one is here, one before it would be too.
	w.wantEvents("fresh", r.await(1).Fresh, about(2, "x_1"))
}

// commitsEach is how many commits each caller makes in the races, with two events each.
const commitsEach = 12

// tellMany commits at once, each caller to its own aggregate and to one that all share, and gives the events that
// each caller told of its own, in order.
func (w *world) tellMany() [callers][]event.Event {
	var out [callers][]event.Event
	race(func(caller int) {
		for i := range commitsEach {
			n := 1 + 2*(caller*commitsEach+i)
			own, shared := about(n, fmt.Sprintf("own_%d", caller)), about(n+1, "shared")
			if _, err := w.Committer.Commit(w.Context(), ordering.Commit{At: base, Events: []event.Event{own, shared}}); err != nil {
				w.Errorf("Commit: %v", err)
				return
			}
			out[caller] = append(out[caller], own)
		}
	})
	return out
}

func skipsNone(t TB, open func(TB) Harness) {
	w := begin(t, open)
	r := w.relay(consumer, 1)
	const total = 2 * callers * commitsEach
	var telling sync.WaitGroup
	telling.Go(func() { w.tellMany() })
	defer telling.Wait()
	seen := map[ref.EventID]int{}
	for start := time.Now(); len(seen) < total && time.Since(start) < patience; {
		got := r.read(3)
		for _, d := range got.Fresh {
			seen[d.Event.ID]++
		}
		if len(got.Fresh) > 0 {
			r.take(got.Fresh...)
			continue
		}
		time.Sleep(time.Millisecond)
	}
	missing, twice := 0, 0
	for n := 1; n <= total; n++ {
		switch seen[about(n, "").ID] {
		case 0:
			missing++
		case 1:
		default:
			twice++
		}
	}
	if missing+twice > 0 {
		w.Errorf("of %d events %d never came and %d came twice", total, missing, twice)
	}
}

func keepsOrder(t TB, open func(TB) Harness) {
	w := begin(t, open)
	r := w.relay(consumer, 1)
	told := w.tellMany()
	byAggregate := map[string][]ref.EventID{}
	for _, d := range r.await(2 * callers * commitsEach).Fresh {
		byAggregate[d.Event.Aggregate] = append(byAggregate[d.Event.Aggregate], d.Event.ID)
	}
	for caller, events := range told {
		var want []ref.EventID
		for _, e := range events {
			want = append(want, e.ID)
		}
		w.same(fmt.Sprintf("the events of caller %d", caller), byAggregate[fmt.Sprintf("own_%d", caller)], want)
	}
}
