package ordering

import "time"

// InboxEvent is an event of a provider that waits to be applied, so that none is lost.
type InboxEvent struct {
	Event  PaymentEvent
	KeptAt time.Time // When it came first.
	Due    time.Time // When it is tried again; zero once it is done with.
	Note   string    // Why it waits.
}

// keep makes the commit that keeps an event which cannot be applied: tried again for as long as it takes, for longer
// intervals the older it is.
func (e InboxEvent) keep(at time.Time, why error) Commit {
	if e.KeptAt.IsZero() {
		e.KeptAt = at
	}
	e.Due = at.Add(min(max(at.Sub(e.KeptAt), InboxAgain), SettleMost))
	e.Note = why.Error()
	return Commit{At: at, Inbox: []InboxEvent{e}}
}

// done is the event when it needs no keeping any more.
func (e InboxEvent) done() InboxEvent {
	e.Due, e.Note = time.Time{}, ""
	return e
}

// InboxAgain is how soon an event that came before its payment is tried again.
const InboxAgain = 5 * time.Second
