package customers_test

import (
	"context"
	"encoding/binary"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/adapters/memory"
	"github.com/ipswich-retail/commerce/domain/customers"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

var day = time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)

// ticking is a clock that goes on by a second with each look.
type ticking struct{ looks atomic.Int64 }

func (c *ticking) Now() time.Time { return day.Add(time.Duration(c.looks.Add(1)) * time.Second) }

// counting makes ids that count up.
type counting struct{ last atomic.Uint64 }

func (c *counting) New() (id [16]byte) {
	binary.BigEndian.PutUint64(id[8:], c.last.Add(1))
	return id
}

func (c *counting) Secret() [20]byte { return [20]byte{} }

// shop is a service over an empty store.
type shop struct {
	*testing.T
	*customers.Service

	store *memory.Store
	log   *log
}

// log is a committer that keeps the entries of what was committed.
type log struct {
	customers.Committer

	mu      sync.Mutex
	entries []ports.AuditEntry
}

func (l *log) Commit(ctx context.Context, c customers.Commit) error {
	err := l.Committer.Commit(ctx, c)
	if err == nil {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.entries = append(l.entries, c.Audit...)
	}
	return err
}

// staff is who administers.
var staff = ports.Actor{Kind: "staff", ID: "stf_1"}

func newShop(t *testing.T) *shop {
	t.Helper()
	clock := &ticking{}
	s := &shop{T: t, store: memory.New(clock, nil)}
	s.log = &log{Committer: s.store.People()}
	s.Service = customers.NewService(s.store.Customers(), s.log, clock, &counting{})
	return s
}

// must fails the test when something is refused.
func (s *shop) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatalf("refused: %v", err)
	}
}

// refused checks that something is refused with the class.
func (s *shop) refused(err error, class fault.Class) {
	s.Helper()
	if !fault.Is(err, class) {
		s.Errorf("got %v, want %s", err, class.Code())
	}
}

// fields are the fields that an error is about.
func fields(err error) []string {
	var out []string
	if f := fault.Of(err); f != nil {
		for _, v := range f.Violations() {
			out = append(out, v.Field())
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// account is the id of an account.
func account(n byte) ref.AccountID { return ref.NewID[ref.AccountKind](ref.UUID{n}) }

// ada makes a customer with an account.
func (s *shop) ada() customers.Customer {
	s.Helper()
	c, err := s.Ensure(s.Context(), ref.CustomerID{}, account(1), "ada@example.org", "Ada")
	s.must(err)
	return c
}

// home is an address.
func home() customers.Address {
	return customers.Address{Name: "Ada Byron", Line1: "1 Cornhill", City: "Ipswich", PostalCode: "IP1 1DD", Country: "GB"}
}

// entries are those of the audit log about a subject, oldest first.
func (s *shop) entries(subject string) []ports.AuditEntry {
	var out []ports.AuditEntry
	for _, e := range s.log.entries {
		if e.Subject == subject {
			out = append(out, e)
		}
	}
	return out
}

func second[T any](_ T, err error) error { return err }
