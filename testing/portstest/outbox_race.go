package portstest

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// commitsEach is how many commits each caller makes in the races, with two events each.
const commitsEach = 12

// tellMany commits at once, each caller to its own aggregate and to one that all share, and gives the events that
// each caller told of its own, in order.
func (h Harness) tellMany(t *testing.T) [callers][]event.Event {
	t.Helper()
	var out [callers][]event.Event
	race(func(caller int) {
		for i := range commitsEach {
			n := 1 + 2*(caller*commitsEach+i)
			own, shared := about(n, fmt.Sprintf("own_%d", caller)), about(n+1, "shared")
			if _, err := h.Committer.Commit(t.Context(), ordering.Commit{At: base, Events: []event.Event{own, shared}}); err != nil {
				t.Errorf("Commit: %v", err)
				return
			}
			out[caller] = append(out[caller], own)
		}
	})
	return out
}

func (s storeSuite) outboxRace(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	const total = 2 * callers * commitsEach
	var telling sync.WaitGroup
	telling.Go(func() { h.tellMany(t) })
	defer telling.Wait()
	seen := map[ref.EventID]int{}
	for start := time.Now(); len(seen) < total && time.Since(start) < patience; {
		got := h.pending(t, consumer, 7)
		for _, d := range got {
			seen[d.Event.ID]++
		}
		if len(got) > 0 {
			h.ack(t, got[len(got)-1].Cursor)
			continue
		}
		select {
		case <-h.Outbox.Wake():
		case <-time.After(time.Millisecond):
		}
	}
	for n := 1; n <= total; n++ {
		if id := about(n, "").ID; seen[id] != 1 {
			t.Errorf("event %d came %d times, want once", n, seen[id])
		}
	}
}

func (s storeSuite) outboxAggregate(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	told := h.tellMany(t)
	byAggregate := map[string][]ref.EventID{}
	for _, d := range h.await(t, consumer, 2*callers*commitsEach) {
		byAggregate[d.Event.Aggregate] = append(byAggregate[d.Event.Aggregate], d.Event.ID)
	}
	for caller, events := range told {
		got := byAggregate[fmt.Sprintf("own_%d", caller)]
		if len(got) != len(events) {
			t.Errorf("caller %d told %d events and %d came", caller, len(events), len(got))
			continue
		}
		for i, e := range events {
			if got[i] != e.ID {
				t.Errorf("event %d of caller %d is %s, want %s", i, caller, got[i], e.ID)
			}
		}
	}
}
