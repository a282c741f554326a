package orderingtest

import (
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// TestPaymentInbox proves an ordering.PaymentInbox; see TestCommitter.
func TestPaymentInbox(t *testing.T, open func(t *testing.T) Harness, f Features) {
	t.Helper()
	run(t, InboxClauses(), with(open, f))
}

// InboxClauses are the clauses of ordering.PaymentInbox.
func InboxClauses() []Clause[Harness] {
	const id = "inbox-waiting"
	return []Clause[Harness]{
		{ID: id, Case: "whose time has come", Run: inboxDue},
		{ID: id, Case: "no more than asked for", Run: inboxLimit},
	}
}

// inboxClauses prove [commit-inbox].
func inboxClauses() []Clause[Harness] {
	const id = "commit-inbox"
	return []Clause[Harness]{
		{ID: id, Case: "all of it", Run: inboxWhole},
		{ID: id, Case: "the same again", Run: inboxAgain},
		{ID: id, Case: "done with", Run: inboxDone},
		{ID: id, Case: "of a commit that is refused", Run: inboxRefused},
	}
}

// waitingEvent is an event that waits, due at a time.
func (w *world) waitingEvent(id string, due time.Time) ordering.InboxEvent {
	return ordering.InboxEvent{
		Event: ordering.PaymentEvent{
			Provider: "till", ID: id, Payment: ref.NewID[ref.PaymentKind](w.id()), Kind: ordering.EventRefunded,
			Amount: money.New(1999, money.GBP), Refund: ref.NewID[ref.RefundKind](w.id()), Reference: hard(80), Message: hard(200), At: w.at,
		},
		KeptAt: w.at, Due: due, Note: hard(300),
	}
}

// late is after all that the suite keeps is due.
func (w *world) late() time.Time { return w.at.Add(1000 * time.Hour) }

// waiting reads all that waits, by id.
func (w *world) waiting() map[string]ordering.InboxEvent {
	w.Helper()
	out := map[string]ordering.InboxEvent{}
	for _, e := range w.waits(w.late(), 1000) {
		out[e.Event.ID] = e
	}
	return out
}

// waits reads what waits.
func (w *world) waits(at time.Time, limit int) []ordering.InboxEvent {
	w.Helper()
	out, err := w.h.Inbox.Waiting(w.Context(), at, limit)
	if err != nil {
		w.Fatalf("reading the inbox: %v", err)
	}
	return none(out)
}

// keepEvents commits events to the inbox.
func (w *world) keepEvents(events ...ordering.InboxEvent) {
	w.Helper()
	w.accept(ordering.Commit{At: w.at, Inbox: events})
}

func inboxWhole(t TB, open func(TB) Harness) {
	w := begin(t, open)
	full := w.waitingEvent(hard(120), w.at)
	other := full
	other.Event.Provider = "bank" // Another provider's event of the same id.
	bare := ordering.InboxEvent{Event: ordering.PaymentEvent{Provider: "till", ID: "1"}, KeptAt: w.at, Due: w.at.Add(time.Second)}
	w.keepEvents(full, other, bare)
	w.same("what waits", w.waits(w.late(), 9), []ordering.InboxEvent{other, full, bare})
}

func inboxAgain(t TB, open func(TB) Harness) {
	w := begin(t, open)
	e := w.waitingEvent("1", w.at)
	w.keepEvents(e)
	e.Due, e.Note, e.Event.Message = w.at.Add(time.Minute), "again", "other"
	w.keepEvents(e)
	w.same("what waits", w.waits(w.late(), 9), []ordering.InboxEvent{e})
}

func inboxDone(t TB, open func(TB) Harness) {
	w := begin(t, open)
	e, other := w.waitingEvent("1", w.at), w.waitingEvent("2", w.at)
	w.keepEvents(e, other)
	done := e
	done.Due = time.Time{}
	w.keepEvents(done)
	w.keepEvents(done)
	w.same("what waits", w.waits(w.late(), 9), []ordering.InboxEvent{other})
	w.keepEvents(e) // It came once more.
	w.same("what waits", w.waits(w.late(), 9), []ordering.InboxEvent{e, other})
}

func inboxRefused(t TB, open func(TB) Harness) {
	w := begin(t, open)
	c := w.place(w.cart(want{"none left", 1})).commit
	c.Inbox = []ordering.InboxEvent{w.waitingEvent("1", w.at)}
	w.refuses(c, ordering.OutOfStock)
	w.same("what waits", w.waits(w.late(), 9), none[ordering.InboxEvent](nil))
	w.refuses(ordering.Commit{At: w.at, Inbox: []ordering.InboxEvent{{Due: w.at}}}, ordering.MalformedCommit)
}

func inboxDue(t TB, open func(TB) Harness) {
	w := begin(t, open)
	later, soon, now := w.waitingEvent("1", w.at.Add(time.Hour)), w.waitingEvent("2", w.at.Add(time.Minute)), w.waitingEvent("3", w.at)
	done := w.waitingEvent("4", time.Time{})
	w.keepEvents(later, soon, now, done)
	w.same("what waits too early", w.waits(w.at.Add(-time.Microsecond), 9), none[ordering.InboxEvent](nil))
	w.same("what waits now", w.waits(w.at, 9), []ordering.InboxEvent{now})
	w.same("what waits later", w.waits(w.late(), 9), []ordering.InboxEvent{now, soon, later})
}

func inboxLimit(t TB, open func(TB) Harness) {
	w := begin(t, open)
	var kept []ordering.InboxEvent
	for _, id := range []string{"a", "b", "c", "d", "e"} {
		kept = append(kept, w.waitingEvent(id, w.at))
	}
	w.keepEvents(kept...)
	w.same("the first two", w.waits(w.at, 2), kept[:2])
}
