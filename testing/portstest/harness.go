package portstest

import (
	"context"
	"encoding/binary"
	"fmt"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/testing/clausetest"
)

// TB is what a clause needs of a test.
type TB = clausetest.TB

// Clause is one case of one clause of a port's contract.
type Clause[H any] = clausetest.Clause[H]

// Harness is an empty store, opened for one subtest. What commits write they only read, so it has the committer of the
// same store too. Time is what the suites say: the ports take it from their callers.
type Harness struct {
	Commands       ports.Commands
	CommandDesk    ports.CommandDesk
	CommandSweeper ports.CommandSweeper
	Outbox         ports.Outbox
	Parked         ports.ParkedEvents
	OutboxSweeper  ports.OutboxSweeper
	Jobs           ports.Jobs
	Desk           ports.JobsDesk
	Blobs          ports.Blobs
	Committer      ordering.Committer
	// Reopen gives the same data as a store that was opened anew sees it.
	Reopen func(t TB) Harness
}

// run runs clauses against stores.
func run(t *testing.T, clauses []Clause[Harness], open func(t *testing.T) Harness) {
	t.Helper()
	clausetest.Run(t, clauses, open)
}

// base is a time in the form that stores keep.
var base = time.Date(2026, 3, 2, 9, 30, 0, 123456000, time.UTC)

// after is a time some seconds later.
func after(seconds int) time.Time { return base.Add(time.Duration(seconds) * time.Second) }

// world is a test with its store.
type world struct {
	TB
	Harness
}

// begin opens a store.
func begin(t TB, open func(TB) Harness) *world {
	t.Helper()
	return &world{TB: t, Harness: open(t)}
}

// reopened is the world after a restart.
func (w *world) reopened() *world {
	w.Helper()
	return &world{TB: w.TB, Harness: w.Reopen(w.TB)}
}

// must fails the test for an error.
func (w *world) must(what string, err error) {
	w.Helper()
	if err != nil {
		w.Fatalf("%s: %v", what, err)
	}
}

// same checks that two values are equal.
func (w *world) same(what string, got, want any) {
	w.Helper()
	if !reflect.DeepEqual(got, want) {
		w.Errorf("%s: got %+v, want %+v", what, got, want)
	}
}

// refuses checks that the error is of a class.
func (w *world) refuses(what string, err error, class fault.Class) {
	w.Helper()
	if !fault.Is(err, class) {
		w.Errorf("%s: got error %v, want %s", what, err, class.Code())
	}
}

// uuid makes a UUID that sorts by n.
func uuid(n int) [16]byte {
	var u [16]byte
	binary.BigEndian.PutUint64(u[8:], uint64(n))
	u[6], u[8] = 0x70, u[8]|0x80
	return u
}

// note is the payload of this suite's events.
type note struct {
	Text string `json:"text"`
}

// EventName is the event's stable name.
func (note) EventName() string { return "portstest.note" }

// about makes the n-th event, of an aggregate.
func about(n int, aggregate string) event.Event {
	return event.New(ref.NewID[ref.EventKind](uuid(n)), aggregate, after(n), note{Text: fmt.Sprintf("naïve <%d>", n)})
}

// tell commits events that the store must accept, in one commit.
func (w *world) tell(events ...event.Event) {
	w.Helper()
	_, err := w.Committer.Commit(w.Context(), ordering.Commit{At: base, Events: events})
	w.must("Commit", err)
}

// refused is a commit that every store refuses: it changes a cart that does not exist.
func refused() ordering.Commit {
	cart := ordering.Cart{ID: ref.NewCartID([ref.SecretSize]byte{1}), Version: 5, Status: ordering.CartActive, CreatedAt: base, UpdatedAt: base}
	return ordering.Commit{At: base, Carts: []ordering.Write[ordering.Cart]{{State: cart, Expected: 4}}}
}

// isRefused demands that the store refuses the commit.
func (w *world) isRefused(c ordering.Commit) {
	w.Helper()
	if _, err := w.Committer.Commit(w.Context(), c); err == nil {
		w.Fatalf("the commit was accepted")
	}
}

// gone is a context that has ended.
func (w *world) gone() context.Context {
	ctx, cancel := context.WithCancel(w.Context())
	cancel()
	return ctx
}

// wantGone fails unless the error tells that nothing was done.
func (w *world) wantGone(what string, err error) {
	w.Helper()
	if err == nil || fault.KindOf(err) != fault.Unavailable {
		w.Errorf("%s for a caller who left: got error %v, want one of kind unavailable", what, err)
	}
}

// callers is how many goroutines call at once.
const callers = 16

// race runs f for each caller at once.
func race(f func(caller int)) {
	var all sync.WaitGroup
	start := make(chan struct{})
	for i := range callers {
		all.Go(func() {
			<-start
			f(i)
		})
	}
	close(start)
	all.Wait()
}
