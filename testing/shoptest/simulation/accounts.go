package simulation

import (
	"context"
	"errors"
	"fmt"

	"github.com/ipswich-retail/commerce/adapters/system"
	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// accounts are the consumer of the shop's events: they keep what they took, whatever happens to the servers.
type accounts struct {
	world  *world
	got    map[ref.EventID]int
	places map[string]int // How many of an aggregate's events they have.
}

func newAccounts(w *world) *accounts {
	return &accounts{world: w, got: map[ref.EventID]int{}, places: map[string]int{}}
}

// consumer is how a server sees the accounts: on the other side of a call that may fail, before or behind the effect.
func (a *accounts) consumer() system.Consumer {
	return system.Consumer{Name: "accounts", Handle: func(_ context.Context, e event.Event) error {
		w := a.world
		w.tasks.Yield()
		if len(w.rates) > 0 && w.oneIn(40) {
			return errors.New("the accounts are closed")
		}
		a.take(e)
		w.tasks.Yield()
		if len(w.rates) > 0 && w.oneIn(40) {
			return errors.New("the answer of the accounts was lost")
		}
		return nil
	}}
}

// take drops what is there; what is new must be the next of its aggregate.
func (a *accounts) take(e event.Event) {
	w := a.world
	if a.got[e.ID]++; a.got[e.ID] > 1 {
		w.history.count("event again")
		return
	}
	w.history.count("event")
	place, known := w.outbox.place(e.ID)
	if !known {
		w.find("event-invented", e.ID.String(), e.Name+" of "+e.Aggregate+" was delivered and is not in the outbox")
		return
	}
	if want := a.places[e.Aggregate]; place != want {
		w.find("event-order", e.Aggregate, fmt.Sprintf("%s is the event %d of it and was delivered as %d", e.Name, place, want))
	}
	a.places[e.Aggregate]++
}
