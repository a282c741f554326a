package accesstest

import (
	"context"
	"encoding/binary"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/access"
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
	Committer access.Committer
	Accounts  access.Accounts
	Sessions  access.Sessions
	Roles     access.Roles
	Keys      access.APIKeys
	Audit     access.AuditLog
	// Events reads all events that were committed, in the outbox's order.
	Events func(ctx context.Context) ([]event.Event, error)
	// Reopen closes the store and opens the same data anew.
	Reopen func(t TB) Harness
}

// TestCommitter proves an access.Committer with the readers of its store. Open makes a fresh, empty store for each
// subtest, which closes with t; many are open at once.
func TestCommitter(t *testing.T, open func(t *testing.T) Harness) {
	t.Helper()
	clausetest.Run(t, CommitterClauses(), open)
}

// TestAccounts proves an access.Accounts; see TestCommitter.
func TestAccounts(t *testing.T, open func(t *testing.T) Harness) {
	t.Helper()
	clausetest.Run(t, AccountsClauses(), open)
}

// TestSessions proves an access.Sessions; see TestCommitter.
func TestSessions(t *testing.T, open func(t *testing.T) Harness) {
	t.Helper()
	clausetest.Run(t, SessionsClauses(), open)
}

// TestRoles proves an access.Roles; see TestCommitter.
func TestRoles(t *testing.T, open func(t *testing.T) Harness) {
	t.Helper()
	clausetest.Run(t, RolesClauses(), open)
}

// TestAPIKeys proves an access.APIKeys; see TestCommitter.
func TestAPIKeys(t *testing.T, open func(t *testing.T) Harness) {
	t.Helper()
	clausetest.Run(t, APIKeysClauses(), open)
}

// TestAuditLog proves an access.AuditLog; see TestCommitter.
func TestAuditLog(t *testing.T, open func(t *testing.T) Harness) {
	t.Helper()
	clausetest.Run(t, AuditLogClauses(), open)
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

// digest makes a digest of its own.
func (w *world) digest() access.Digest {
	u := w.id()
	return access.NewSecret("token " + string(u[:])).Digest()
}

// account makes an account of a customer that is in no store yet.
func (w *world) account(email ref.Email) access.Account {
	return access.Account{
		ID: ref.NewID[ref.AccountKind](w.id()), Version: 1, Kind: access.ForCustomer, State: access.Active, Email: email,
		Name: "Zoë Ångström", Password: "$test$hash", Epoch: 2, CreatedAt: w.at, UpdatedAt: w.at.Add(time.Second),
	}
}

// owner makes an account of staff that is in no store yet.
func (w *world) owner(email ref.Email) access.Account {
	a := w.account(email)
	a.Kind, a.Staff = access.ForStaff, &access.Staff{ID: ref.NewID[ref.StaffKind](w.id()), Owner: true}
	return a
}

// session makes a session of an account that is in no store yet.
func (w *world) session(a access.Account) access.Session {
	return access.Session{
		ID: ref.NewID[ref.SessionKind](w.id()), Version: 1, Account: a.ID, State: access.SessionActive, Epoch: a.Epoch,
		Access: w.digest(), AccessUntil: w.at.Add(15 * time.Minute), Refresh: w.digest(), Previous: w.digest(),
		Nonce: [ref.SecretSize]byte{1, 2, 3}, Device: w.digest(), Client: "Firefox “140”", CreatedAt: w.at,
		RefreshedAt: w.at.Add(time.Minute), IdleUntil: w.at.Add(time.Hour), Until: w.at.Add(24 * time.Hour),
	}
}

// role makes a role that is in no store yet.
func (w *world) role(perms ...access.Permission) access.Role {
	return access.Role{
		ID: ref.NewID[ref.RoleKind](w.id()), Version: 1, Name: "Packer & “Sons”", Permissions: perms, CreatedAt: w.at, UpdatedAt: w.at,
	}
}

// key makes an API key that is in no store yet.
func (w *world) key() access.APIKey {
	return access.APIKey{
		ID: ref.NewID[ref.APIKeyKind](w.id()), Version: 1, Name: "Warehouse", Digest: w.digest(), Hint: "shk_1234",
		Scopes: []access.Permission{access.StockRead, access.StockWrite}, CreatedBy: "stf_1", CreatedAt: w.at,
		ExpiresAt: w.at.Add(24 * time.Hour),
	}
}

// entry makes an entry of the audit log.
func (w *world) entry(subject string, actor string) ports.AuditEntry {
	return ports.AuditEntry{
		ID: w.id(), At: w.at, Actor: ports.Actor{Kind: "staff", ID: actor}, Action: "suite.done", Subject: subject,
		Outcome: ports.AuditRefused, Code: "denied", Changes: []ports.AuditChange{{Field: "name", Before: "“a”", After: "b\\"}},
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

// write is the write of an aggregate over the version before its own.
func write[T any](state T, version ref.Version) []access.Write[T] {
	return []access.Write[T]{{State: state, Expected: version - 1}}
}

// accounts makes the commit that writes accounts.
func accounts(states ...access.Account) access.Commit {
	var c access.Commit
	for _, a := range states {
		c.Accounts = append(c.Accounts, write(a, a.Version)...)
	}
	return c
}

// commit hands the store a commit.
func (w *world) commit(c access.Commit) error { return w.h.Committer.Commit(w.Context(), c) }

// accept commits what the store must accept.
func (w *world) accept(c access.Commit) {
	w.Helper()
	if err := w.commit(c); err != nil {
		w.Fatalf("a commit that should be accepted: %v", err)
	}
}

// refuses commits what the store must refuse with the class.
func (w *world) refuses(c access.Commit, class fault.Class) {
	w.Helper()
	if err := w.commit(c); !fault.Is(err, class) {
		w.Errorf("the answer is %v, want %s", err, class.Code())
	}
}

// race hands the store all commits at once, and counts those that it accepts; the others it must refuse with the class.
func (w *world) race(class fault.Class, commits ...access.Commit) int {
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
