package customerstest

import (
	"context"
	"encoding/binary"
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/customers"
	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/testing/clausetest"
)

// TB is what a clause needs of a test.
type TB = clausetest.TB

// Clause is one case of one clause of a port's contract.
type Clause = clausetest.Clause[Harness]

// Harness is one store, fresh and empty, with what the suites need to fill it and look into it. All parts are needed.
type Harness struct {
	Committer customers.Committer
	Customers customers.Customers
	// Events reads all events that were committed, in the outbox's order.
	Events func(ctx context.Context) ([]event.Event, error)
	// Audit reads the entries of the audit log about a subject, newest first.
	Audit func(ctx context.Context, subject string) ([]ports.AuditEntry, error)
	// Reopen closes the store and opens the same data anew.
	Reopen func(t TB) Harness
}

// TestCommitter proves a customers.Committer with the readers of its store. Open makes a fresh, empty store for each
// subtest, which closes with t; many are open at once.
func TestCommitter(t *testing.T, open func(t *testing.T) Harness) {
	t.Helper()
	clausetest.Run(t, CommitterClauses(), open)
}

// TestCustomers proves a customers.Customers; see TestCommitter.
func TestCustomers(t *testing.T, open func(t *testing.T) Harness) {
	t.Helper()
	clausetest.Run(t, CustomersClauses(), open)
}

// racers is how many callers race.
const racers = 16

// world is a test with its store, and makes what is stored in it.
type world struct {
	TB
	h    Harness
	last *atomic.Uint64
	at   time.Time
}

// begin opens a store.
func begin(t TB, open func(TB) Harness) *world {
	t.Helper()
	return &world{TB: t, h: open(t), last: &atomic.Uint64{}, at: time.Date(2026, 3, 2, 9, 30, 0, 123_456_000, time.UTC)}
}

// id makes a UUID of version 7 that ascends.
func (w *world) id() [16]byte {
	var u [16]byte
	binary.BigEndian.PutUint64(u[:8], uint64(w.at.UnixMilli())<<16)
	u[6], u[8] = 0x70, 0x80
	binary.BigEndian.PutUint32(u[12:], uint32(w.last.Add(1)))
	return u
}

// customer makes a guest that is in no store yet.
func (w *world) customer(email ref.Email) customers.Customer {
	return customers.Customer{
		ID: ref.NewID[ref.CustomerKind](w.id()), Version: 1, Status: customers.Guest, Email: email, Name: "Zoë “Å”",
		CreatedAt: w.at, UpdatedAt: w.at.Add(time.Second),
	}
}

// full makes a customer with every field set.
func (w *world) full(email ref.Email) customers.Customer {
	c := w.customer(email)
	c.Status, c.Account, c.VerifiedAt, c.Phone = customers.Registered, ref.NewID[ref.AccountKind](w.id()), w.at, "+44 1473 0000"
	c.Groups = []string{"staff", "trade"}
	c.References = []customers.Reference{{Source: "old", Ref: "17850"}, {Source: "pos", Ref: "A-1"}}
	c.Addresses = []customers.Address{
		{ID: ref.NewID[ref.AddressKind](w.id()), Name: "Zoë", Line1: "1 Cornhill", City: "Ipswich", PostalCode: "IP1 1DD", Country: "GB", DefaultShipping: true},
		{ID: ref.NewID[ref.AddressKind](w.id()), Name: "Å", Line1: "2", Line2: "b", City: "Lund", Region: "Skåne", PostalCode: "1", Country: "SE", DefaultBilling: true},
	}
	return c
}

// group makes a group that is in no store yet.
func (w *world) group(key string) customers.Group {
	return customers.Group{Key: key, Version: 1, Name: "Of “" + key + "”", CreatedAt: w.at, UpdatedAt: w.at}
}

// consent makes an entry of the book of consents.
func (w *world) consent(id ref.CustomerID, n int) customers.Consent {
	return customers.Consent{
		Customer: id, Purpose: "newsletter", Given: n%2 == 0, At: w.at.Add(time.Duration(n) * time.Second), Source: "suite",
		Wording: fmt.Sprintf("text-%d", n),
	}
}

// entry makes an entry of the audit log.
func (w *world) entry(subject string) ports.AuditEntry {
	return ports.AuditEntry{
		ID: w.id(), At: w.at, Actor: ports.Actor{Kind: "staff", ID: "stf_1"}, Action: "suite.done", Subject: subject, Outcome: ports.AuditDone,
		Changes: []ports.AuditChange{{Field: "groups", Before: "“a”", After: "b\\"}},
	}
}

// note is the payload of the suite's own events.
type note struct {
	N int `json:"n"`
}

// EventName is the event's stable name.
func (note) EventName() string { return "suite.note" }

// note makes an event.
func (w *world) note(n int) event.Event {
	return event.New(ref.NewID[ref.EventKind](w.id()), "suite:one", w.at, note{N: n})
}

// writes makes the commit that writes customers.
func writes(states ...customers.Customer) customers.Commit {
	var c customers.Commit
	for _, s := range states {
		c.Customers = append(c.Customers, customers.Write[customers.Customer]{State: s, Expected: s.Version - 1})
	}
	return c
}

// groups makes the commit that writes groups.
func groups(states ...customers.Group) customers.Commit {
	var c customers.Commit
	for _, g := range states {
		c.Groups = append(c.Groups, customers.Write[customers.Group]{State: g, Expected: g.Version - 1})
	}
	return c
}

// commit hands the store a commit.
func (w *world) commit(c customers.Commit) error { return w.h.Committer.Commit(w.Context(), c) }

// accept commits what the store must accept.
func (w *world) accept(c customers.Commit) {
	w.Helper()
	if err := w.commit(c); err != nil {
		w.Fatalf("a commit that should be accepted: %v", err)
	}
}

// refuses commits what the store must refuse with the class.
func (w *world) refuses(c customers.Commit, class fault.Class) {
	w.Helper()
	if err := w.commit(c); !fault.Is(err, class) {
		w.Errorf("the answer is %v, want %s", err, class.Code())
	}
}

// race hands the store all commits at once, and counts those that it accepts; the others it must refuse with the class.
func (w *world) race(class fault.Class, commits ...customers.Commit) int {
	w.Helper()
	var all sync.WaitGroup
	var won atomic.Int64
	start := make(chan struct{})
	for _, c := range commits {
		all.Go(func() {
			<-start
			switch err := w.commit(c); {
			case err == nil:
				won.Add(1)
			case !fault.Is(err, class):
				w.Errorf("an answer is %v, want %s", err, class.Code())
			}
		})
	}
	close(start)
	all.Wait()
	return int(won.Load())
}

// same checks that two values are the same.
func (w *world) same(what string, got, want any) {
	w.Helper()
	if !reflect.DeepEqual(got, want) {
		w.Errorf("%s is\n%+v, want\n%+v", what, got, want)
	}
}

// read fails the clause when a read does.
func read[T any](w *world, v T, err error) T {
	w.Helper()
	if err != nil {
		w.Fatalf("reading: %v", err)
	}
	return v
}

// missing checks that there is no such customer.
func (w *world) missing(id ref.CustomerID) {
	w.Helper()
	if _, err := w.h.Customers.Customer(w.Context(), id); !fault.Is(err, fault.Missing) {
		w.Errorf("a customer that there is not: %v, want not_found", err)
	}
}

// stored reads a customer.
func (w *world) stored(id ref.CustomerID) customers.Customer {
	w.Helper()
	c, err := w.h.Customers.Customer(w.Context(), id)
	return read(w, c, err)
}

// consents reads a book of consents.
func (w *world) consents(id ref.CustomerID) []customers.Consent {
	w.Helper()
	entries, err := w.h.Customers.Consents(w.Context(), id)
	return read(w, entries, err)
}

// entries counts the entries of the audit log about a subject.
func (w *world) entries(subject string) int {
	w.Helper()
	entries, err := w.h.Audit(w.Context(), subject)
	return len(read(w, entries, err))
}

// notes reads which of the suite's own events are in the outbox, in its order.
func (w *world) notes() []string {
	w.Helper()
	events, err := w.h.Events(w.Context())
	var out []string
	for _, e := range read(w, events, err) {
		if e.Name == (note{}).EventName() {
			out = append(out, string(e.Data))
		}
	}
	return out
}
