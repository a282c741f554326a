package access_test

import (
	"encoding/binary"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/adapters/memory"
	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/testing/accesstest"
)

var day = time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)

// hands is a clock that a test moves.
type hands struct{ moved atomic.Int64 }

func (c *hands) Now() time.Time { return day.Add(time.Duration(c.moved.Load())) }

func (c *hands) advance(d time.Duration) { c.moved.Add(int64(d)) }

// counting makes ids and secrets that count up.
type counting struct{ last atomic.Uint64 }

func (c *counting) New() (id [16]byte) {
	binary.BigEndian.PutUint64(id[8:], c.last.Add(1))
	id[6], id[8] = 0x70, 0x80
	return id
}

func (c *counting) Secret() (s [20]byte) {
	binary.BigEndian.PutUint64(s[:], c.last.Add(1)*0x9e3779b97f4a7c15)
	return s
}

// shop is a service over an empty store, with the mails that it makes due.
type shop struct {
	*testing.T
	*access.Service

	store  *memory.Store
	clock  *hands
	hasher *accesstest.Hasher
	mu     sync.Mutex
	read   int // Events whose letters were made.
}

const good = "a long and unlikely password"

func newShop(t *testing.T, opts *access.Options) *shop {
	t.Helper()
	s := &shop{T: t, clock: &hands{}, hasher: &accesstest.Hasher{Rounds: 1}}
	s.store = memory.New(s.clock, nil)
	s.Service = s.service(s.hasher, opts)
	return s
}

// service is another process over the same store.
func (s *shop) service(h access.PasswordHasher, opts *access.Options) *access.Service {
	return access.NewService(access.Parts{
		Committer: s.store.Access(), Accounts: s.store.Accounts(), Sessions: s.store.Sessions(), Roles: s.store.Roles(),
		Keys: s.store.APIKeys(), Audit: s.store.AuditLog(), Hasher: h, Limiter: s.store.RateLimiter(), Clock: s.clock,
		IDs: ids,
	}, opts)
}

// ids are of all shops, so that none is twice.
var ids = &counting{}

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

// events are all that were told.
func (s *shop) events() []event.Event {
	s.Helper()
	deliveries, err := s.store.Outbox().Pending(s.Context(), "all", 1_000_000)
	s.must(err)
	var out []event.Event
	for _, d := range deliveries {
		out = append(out, d.Event)
	}
	return out
}

// letters makes the letters that became due since the last time.
func (s *shop) letters() []access.Letter {
	s.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	events := s.events()
	var out []access.Letter
	for _, e := range events[s.read:] {
		letters, err := s.Letters(s.Context(), e)
		s.must(err)
		out = append(out, letters...)
	}
	s.read = len(events)
	return out
}

// letter is the one letter that is due.
func (s *shop) letter(kind access.LetterKind) access.Letter {
	s.Helper()
	letters := s.letters()
	if len(letters) != 1 || letters[0].Kind != kind {
		s.Fatalf("the letters are %+v, want one that is to %s", letters, kind)
	}
	return letters[0]
}

// customer registers and verifies an account.
func (s *shop) customer(email string) access.Account {
	s.Helper()
	s.must(s.Register(s.Context(), access.Registration{Email: email, Password: access.NewSecret(good), Name: "Ada"}))
	a, err := s.Verify(s.Context(), s.letter(access.LetterVerify).Token)
	s.must(err)
	return a
}

// in signs in.
func (s *shop) in(email, password string) access.SignedInSession {
	s.Helper()
	got, err := s.SignIn(s.Context(), access.SignInRequest{Email: email, Password: access.NewSecret(password), Client: "Firefox"})
	s.must(err)
	return got
}

// lets tells whether the token lets in.
func (s *shop) lets(token access.Secret) bool {
	s.Helper()
	_, err := s.Authenticate(s.Context(), token)
	if err != nil {
		s.refused(err, access.Unauthenticated)
	}
	return err == nil
}

// owner makes an owner and gives who it is.
func (s *shop) owner(email string) access.Principal {
	s.Helper()
	_, _, err := s.EnsureOwner(s.Context(), access.System("test"), email, access.NewSecret(good))
	s.must(err)
	return s.in(email, good).Principal
}

// role makes a role.
func (s *shop) role(by access.Principal, perms ...access.Permission) access.Role {
	s.Helper()
	r, err := s.SaveRole(s.Context(), by, access.Role{Name: fmt.Sprint(perms), Permissions: perms})
	s.must(err)
	return r
}

// staff makes a member of staff with the roles, and gives who it is.
func (s *shop) staff(by access.Principal, email string, roles ...access.Role) (access.Account, access.Principal) {
	s.Helper()
	r := access.StaffRequest{Email: email, Name: "Bob", Password: access.NewSecret(good)}
	for _, role := range roles {
		r.Roles = append(r.Roles, role.ID)
	}
	a, err := s.AddStaff(s.Context(), by, r)
	s.must(err)
	return a, s.in(email, good).Principal
}

// names are the names of events.
func names(events []event.Event) []string {
	var out []string
	for _, e := range events {
		out = append(out, e.Name)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
