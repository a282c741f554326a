package orderingtest

import (
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/ports"
)

// TestInboxSweeper proves an ordering.InboxSweeper, which is found through the harness's Inbox; see TestCommitter.
func TestInboxSweeper(t *testing.T, open func(t *testing.T) Harness, f Features) {
	t.Helper()
	run(t, InboxSweeperClauses(), with(open, f))
}

// InboxSweeperClauses are the clauses of ordering.InboxSweeper.
func InboxSweeperClauses() []Clause[Harness] {
	const id = "inbox-sweep"
	return []Clause[Harness]{
		{ID: id, Case: "old ones that are done with", Run: sweepsDone},
		{ID: id, Case: "what waits stays", Run: sweepsNoneThatWaits},
	}
}

// sweep deletes what is done with, and checks how many.
func (w *world) sweep(before time.Time, limit, want int) {
	w.Helper()
	sweeper, ok := ports.As[ordering.InboxSweeper](w.h.Inbox)
	if !ok {
		w.Fatalf("the store's inbox is no ordering.InboxSweeper")
	}
	n, err := sweeper.SweepInbox(w.Context(), before, limit)
	if err != nil || n != want {
		w.Errorf("%d events were deleted (%v), want %d", n, err, want)
	}
}

func sweepsDone(t TB, open func(TB) Harness) {
	w := begin(t, open)
	for i, id := range []string{"a", "b", "c", "d"} {
		e := w.waitingEvent(id, time.Time{})
		e.KeptAt = w.at.Add(time.Duration(i) * time.Hour)
		w.keepEvents(e)
	}
	w.sweep(w.at, 9, 0)
	w.sweep(w.at.Add(2*time.Hour), 0, 0)
	w.sweep(w.at.Add(2*time.Hour), 1, 1)
	w.sweep(w.at.Add(2*time.Hour), 9, 1)
	w.sweep(w.at.Add(2*time.Hour), 9, 0)
	w.sweep(w.at.Add(2*time.Hour+time.Microsecond), 9, 1)
	w.sweep(w.late(), 9, 1)
}

func sweepsNoneThatWaits(t TB, open func(TB) Harness) {
	w := begin(t, open)
	e, done := w.waitingEvent("1", w.at), w.waitingEvent("2", w.at)
	w.keepEvents(e, done)
	w.sweep(w.late(), 9, 0)
	done.Due = time.Time{}
	w.keepEvents(done)
	w.sweep(w.late(), 9, 1)
	w.same("what waits", w.waits(w.late(), 9), []ordering.InboxEvent{e})
}
