package orderingtest

import (
	"fmt"
	"strings"
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// eventClauses prove [commit-events].
func eventClauses() []Clause[Harness] {
	const id = "commit-events"
	return []Clause[Harness]{
		{ID: id, Case: "once each and in order", Run: eventsOnce},
		{ID: id, Case: "none of what is not accepted", Run: noEvents},
		{ID: id, Case: "of many at once", Run: eventsOfMany},
		{ID: id, Case: "a commit with many", Run: manyEvents},
	}
}

// note is the payload of the suite's own events.
type note struct {
	Text string `json:"text"`
	N    int    `json:"n"`
}

// EventName is the event's stable name.
func (note) EventName() string { return "suite.note" }

// note makes an event of an aggregate.
func (w *world) note(aggregate string, n int) event.Event {
	return event.New(ref.NewID[ref.EventKind](w.id()), aggregate, w.at.Add(time.Duration(n)*time.Microsecond),
		note{Text: "Grüße <&> \"🛒\" \\ 漢字", N: n})
}

func eventsOnce(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.seed("A", 5)
	p := w.order(want{"A", 1})
	s := w.settle(p, ordering.ChargeCaptured)
	w.accept(s.commit)
	wanted := append(append([]event.Event(nil), p.commit.Events...), s.commit.Events...)
	for n := range 5 {
		e := w.note(p.order.ID.String(), n)
		wanted = append(wanted, e)
		w.accept(ordering.Commit{At: w.at, Events: []event.Event{e}})
	}
	var got []event.Event
	for _, e := range w.told() {
		if !strings.HasPrefix(e.Name, "inventory.") {
			got = append(got, e)
		}
	}
	w.sameEvents(got, wanted)
}

func noEvents(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.seed("A", 1)
	p := w.order(want{"A", 1})
	replayed := p.commit
	replayed.Events = []event.Event{w.note("replayed", 1)}
	if _, err := w.commit(replayed); err != nil {
		w.Errorf("the same command again: %v", err)
	}
	short := w.place(w.cart(want{"A", 1})).commit
	short.Events = append(short.Events, w.note("refused", 1))
	if _, err := w.commit(short); err == nil {
		w.Errorf("a commit whose stock is short was accepted")
	}
	var got []event.Event
	for _, e := range w.told() {
		if !strings.HasPrefix(e.Name, "inventory.") {
			got = append(got, e)
		}
	}
	w.sameEvents(got, p.commit.Events)
}

func eventsOfMany(t TB, open func(TB) Harness) {
	w := begin(t, open)
	const rounds = 4
	wanted := map[string][]event.Event{}
	for round := range rounds {
		commits := make([]ordering.Commit, racers)
		for i := range commits {
			aggregate := fmt.Sprintf("suite:%d", i)
			commits[i] = ordering.Commit{At: w.at, Events: []event.Event{
				w.note(aggregate, 2*round), w.note(aggregate, 2*round+1),
			}}
			wanted[aggregate] = append(wanted[aggregate], commits[i].Events...)
		}
		for _, a := range w.race(commits...) {
			if !a.accepted() {
				w.Errorf("a commit of events alone was not accepted: %v", a.err)
			}
		}
	}
	got := map[string][]event.Event{}
	for _, e := range w.told() {
		got[e.Aggregate] = append(got[e.Aggregate], e)
	}
	for aggregate, events := range wanted {
		w.sameEvents(got[aggregate], events)
		delete(got, aggregate)
	}
	w.same("events that nobody wrote", got, map[string][]event.Event{})
}

func manyEvents(t TB, open func(TB) Harness) {
	w := begin(t, open)
	c := ordering.Commit{At: w.at}
	for n := range 1200 { // More than the suite reads at once.
		c.Events = append(c.Events, w.note("suite:one", n))
	}
	w.accept(c)
	w.sameEvents(w.told(), c.Events)
}
