// Package portstest proves adapters of the technical ports: TestClock, TestIDs, TestCommands and TestOutbox. Each
// subtest's name begins with the id of the clause that it proves; the clauses stand in the comments of the ports.
package portstest

import (
	"context"
	"encoding/binary"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// Harness is an empty store, opened for one subtest. Commands and Outbox only read what commits wrote, so it has the
// committer of the same store too.
type Harness struct {
	Commands  ports.Commands
	Outbox    ports.Outbox
	Committer ordering.Committer
	// Reopen gives the same data as a store that was opened anew sees it.
	Reopen func(t *testing.T) Harness
}

// storeSuite runs subtests, each on a store of its own.
type storeSuite struct {
	open func(t *testing.T) Harness
}

// base is a time in the form that stores keep.
var base = time.Date(2026, 3, 2, 9, 30, 0, 123456000, time.UTC)

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
	return event.New(ref.NewID[ref.EventKind](uuid(n)), aggregate, base.Add(time.Duration(n)*time.Second),
		note{Text: fmt.Sprintf("naïve <%d>", n)})
}

// tell commits events that the store must accept, in one commit.
func (h Harness) tell(t *testing.T, events ...event.Event) {
	t.Helper()
	if _, err := h.Committer.Commit(t.Context(), ordering.Commit{At: base, Events: events}); err != nil {
		t.Fatalf("Commit: %v", err)
	}
}

// refused is a commit that every store refuses: it changes a cart that does not exist.
func refused() ordering.Commit {
	cart := ordering.Cart{ID: ref.NewCartID([ref.SecretSize]byte{1}), Version: 5, Status: ordering.CartActive, CreatedAt: base, UpdatedAt: base}
	return ordering.Commit{At: base, Carts: []ordering.Write[ordering.Cart]{{State: cart, Expected: 4}}}
}

// gone is a context that has ended.
func gone(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}

// wantGone fails unless the error tells that nothing was done.
func wantGone(t *testing.T, err error) {
	t.Helper()
	if err == nil || fault.KindOf(err) != fault.Unavailable {
		t.Errorf("got error %v, want one of kind unavailable", err)
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
