package accesstest_test

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/testing/accesstest"
	"github.com/ipswich-retail/commerce/testing/clausetest"
)

// flaw names what is broken in a sketch; "" is nothing.
type flaw string

// sketch is the smallest store that keeps the contract, with places where it can be broken.
type sketch struct {
	flaw    flaw
	meeting clausetest.Meeting
	mu      sync.Mutex
	data    data
}

// data is what a sketch keeps.
type data struct {
	accounts map[ref.AccountID]access.Account
	sessions map[ref.SessionID]access.Session
	had      map[access.Digest]ref.SessionID // Refresh tokens, present and former.
	former   map[access.Digest]ref.SessionID // Access tokens that were replaced.
	tokens   map[access.Digest]ref.AccountID // Mailed tokens, present and former.
	roles    map[ref.RoleID]access.Role
	first    map[ref.RoleID]access.Role // Roles as they were made.
	keys     map[ref.APIKeyID]access.APIKey
	log      []ports.AuditEntry
	events   []event.Event
}

func newSketch(f flaw) *sketch {
	return &sketch{flaw: f, data: data{
		accounts: map[ref.AccountID]access.Account{}, sessions: map[ref.SessionID]access.Session{},
		had: map[access.Digest]ref.SessionID{}, former: map[access.Digest]ref.SessionID{}, tokens: map[access.Digest]ref.AccountID{},
		roles: map[ref.RoleID]access.Role{}, first: map[ref.RoleID]access.Role{}, keys: map[ref.APIKeyID]access.APIKey{},
	}}
}

// harness is the sketch as the suites see it.
func (s *sketch) harness() accesstest.Harness {
	return accesstest.Harness{
		Committer: s, Accounts: s, Sessions: s, Roles: s, Keys: s, Audit: s,
		Events: func(context.Context) ([]event.Event, error) {
			s.mu.Lock()
			defer s.mu.Unlock()
			return slices.Clone(s.data.events), nil
		},
		Reopen: func(accesstest.TB) accesstest.Harness {
			if s.flaw == forgetsSessions {
				clear(s.data.sessions)
				clear(s.data.had)
			}
			return s.harness()
		},
	}
}

// Commit is access.Committer's.
func (s *sketch) Commit(_ context.Context, c access.Commit) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.facts(c)
	if s.flaw == staleFacts {
		s.mu.Unlock()
		leave := s.meeting.Wait()
		s.mu.Lock()
		defer leave()
	}
	for _, w := range c.Accounts {
		owner, taken := f.Addresses[access.Address{Kind: w.State.Kind, Email: w.State.Email}]
		if s.flaw == emailFirst && taken && owner != w.State.ID && w.Expected > 0 && len(c.Accounts) == 1 {
			return access.EmailTaken.New("another account has this e-mail address")
		}
	}
	if err := access.Decide(c, f); err != nil {
		if s.flaw == keepsRefused {
			s.data.events = append(s.data.events, c.Events...)
		}
		return err
	}
	s.write(c)
	return nil
}

// facts reads what Decide needs to know.
func (s *sketch) facts(c access.Commit) access.Facts {
	f := access.Facts{
		Accounts: map[ref.AccountID]access.AccountFact{}, Addresses: map[access.Address]ref.AccountID{},
		Sessions: map[ref.SessionID]ref.Version{}, Roles: map[ref.RoleID]ref.Version{}, Keys: map[ref.APIKeyID]ref.Version{},
		Digests: map[access.Digest]ref.APIKeyID{},
	}
	for id, a := range s.data.accounts {
		f.Accounts[id] = access.AccountFact{Version: a.Version, Owner: a.Leads() && s.flaw != ownersAnyway}
		if a.State == access.Closed && s.flaw != closedKeep {
			continue
		}
		switch s.flaw {
		case emailsTwice:
		case emailsOfAnyKind:
			f.Addresses[access.Address{Kind: access.ForCustomer, Email: a.Email}] = id
			f.Addresses[access.Address{Kind: access.ForStaff, Email: a.Email}] = id
		default:
			f.Addresses[access.Address{Kind: a.Kind, Email: a.Email}] = id
		}
	}
	for id, v := range s.data.sessions {
		f.Sessions[id] = v.Version
	}
	for id, v := range s.data.roles {
		f.Roles[id] = v.Version
	}
	for id, v := range s.data.keys {
		f.Keys[id] = v.Version
		if s.flaw != keysTwice {
			f.Digests[v.Digest] = id
		}
	}
	if s.flaw == oldSessions {
		for _, w := range c.Sessions {
			if f.Sessions[w.State.ID] > w.Expected && w.Expected > 0 {
				f.Sessions[w.State.ID] = w.Expected
			}
		}
	}
	return f
}

// write stores what was accepted.
func (s *sketch) write(c access.Commit) {
	for _, w := range c.Accounts {
		a := own(w.State)
		if s.flaw == sharesRoles {
			a = w.State
		}
		if s.flaw == cutsTimes {
			a.UpdatedAt = a.UpdatedAt.Truncate(time.Millisecond)
		}
		s.data.accounts[a.ID] = a
		s.data.tokens[a.Verify.Digest], s.data.tokens[a.Reset.Digest] = a.ID, a.ID
	}
	for _, w := range c.Sessions {
		if old, known := s.data.sessions[w.State.ID]; known {
			s.data.former[old.Access] = old.ID
		}
		session := w.State
		if s.flaw == dropsNonce {
			session.Nonce = [ref.SecretSize]byte{}
		}
		s.data.sessions[session.ID] = session
		s.data.had[session.Refresh] = session.ID
	}
	s.writeRoles(c)
	for _, w := range c.Keys {
		s.data.keys[w.State.ID] = w.State
	}
	for _, id := range c.Forget {
		delete(s.data.sessions, id)
		if s.flaw != keepsForgotten {
			maps.DeleteFunc(s.data.had, func(_ access.Digest, owner ref.SessionID) bool { return owner == id })
		}
	}
	if s.flaw != lonelyEntriesLost || len(c.Accounts)+len(c.Sessions)+len(c.Roles)+len(c.Keys)+len(c.Events) > 0 {
		s.data.log = append(s.data.log, c.Audit...)
	}
	events := slices.Clone(c.Events)
	if s.flaw == tellsBackwards {
		slices.Reverse(events)
	}
	s.data.events = append(s.data.events, events...)
}

// writeRoles stores roles.
func (s *sketch) writeRoles(c access.Commit) {
	for _, w := range c.Roles {
		s.data.roles[w.State.ID] = w.State
		if w.Expected == 0 {
			s.data.first[w.State.ID] = w.State
		}
	}
}

// own is an account with lists of its own.
func own(a access.Account) access.Account {
	if a.Staff != nil {
		staff := *a.Staff
		staff.Roles = slices.Clone(staff.Roles)
		a.Staff = &staff
	}
	return a
}
