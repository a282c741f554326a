package memory

import (
	"context"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// accessState holds accounts, sessions, roles and keys, and the ways to find them.
type accessState struct {
	accounts  map[ref.AccountID]access.Account
	byAddress map[access.Address]ref.AccountID // Of accounts that are not closed.
	byToken   map[mailed]ref.AccountID
	sessions  map[ref.SessionID]access.Session
	byAccess  map[access.Digest]ref.SessionID
	byRefresh map[access.Digest]ref.SessionID // Of all refresh tokens that a session ever had.
	refreshes map[ref.SessionID][]access.Digest
	ofAccount map[ref.AccountID][]ref.SessionID
	roles     map[ref.RoleID]access.Role
	keys      map[ref.APIKeyID]access.APIKey
	byDigest  map[access.Digest]ref.APIKeyID
}

// mailed is what a token that was mailed is found by.
type mailed struct {
	purpose access.Purpose
	digest  access.Digest
}

func newAccessState() accessState {
	return accessState{
		accounts: map[ref.AccountID]access.Account{}, byAddress: map[access.Address]ref.AccountID{},
		byToken: map[mailed]ref.AccountID{}, sessions: map[ref.SessionID]access.Session{},
		byAccess: map[access.Digest]ref.SessionID{}, byRefresh: map[access.Digest]ref.SessionID{},
		refreshes: map[ref.SessionID][]access.Digest{}, ofAccount: map[ref.AccountID][]ref.SessionID{},
		roles: map[ref.RoleID]access.Role{}, keys: map[ref.APIKeyID]access.APIKey{}, byDigest: map[access.Digest]ref.APIKeyID{},
	}
}

// accessCommitter changes accounts, sessions, roles and keys.
type accessCommitter struct{ store *Store }

var _ access.Committer = accessCommitter{}

// Access gives the port that changes accounts, sessions, roles and keys.
func (s *Store) Access() access.Committer { return accessCommitter{s} }

// Commit makes the commit true, wholly or not at all.
func (a accessCommitter) Commit(ctx context.Context, c access.Commit) error {
	s := a.store
	return s.update(ctx, func() (func(), error) {
		if err := access.Decide(c, s.access.facts(c)); err != nil {
			return nil, err
		}
		return func() {
			s.access.write(c)
			s.audit.write(c.Audit)
			s.tell(c.Events)
		}, nil
	})
}

// facts reads what Decide needs to know.
func (a *accessState) facts(c access.Commit) access.Facts {
	f := access.Facts{
		Accounts: map[ref.AccountID]access.AccountFact{}, Addresses: map[access.Address]ref.AccountID{},
		Sessions: map[ref.SessionID]ref.Version{}, Roles: map[ref.RoleID]ref.Version{}, Keys: map[ref.APIKeyID]ref.Version{},
		Digests: map[access.Digest]ref.APIKeyID{},
	}
	for _, w := range c.Accounts {
		if stored, known := a.accounts[w.State.ID]; known {
			f.Accounts[w.State.ID] = access.AccountFact{Version: stored.Version, Owner: stored.Leads()}
		}
		at := access.Address{Kind: w.State.Kind, Email: w.State.Email}
		if owner, known := a.byAddress[at]; known {
			f.Addresses[at] = owner
		}
	}
	if c.TouchesStaff() {
		for id, stored := range a.accounts {
			if stored.Leads() {
				f.Accounts[id] = access.AccountFact{Version: stored.Version, Owner: true}
			}
		}
	}
	for _, w := range c.Sessions {
		f.Sessions[w.State.ID] = a.sessions[w.State.ID].Version
	}
	for _, w := range c.Roles {
		f.Roles[w.State.ID] = a.roles[w.State.ID].Version
	}
	for _, w := range c.Keys {
		f.Keys[w.State.ID] = a.keys[w.State.ID].Version
		if owner, known := a.byDigest[w.State.Digest]; known {
			f.Digests[w.State.Digest] = owner
		}
	}
	return f
}

// write stores what Decide accepted. All old names go before any new one comes.
func (a *accessState) write(c access.Commit) {
	for _, w := range c.Accounts {
		if old, known := a.accounts[w.State.ID]; known {
			delete(a.byAddress, access.Address{Kind: old.Kind, Email: old.Email})
			delete(a.byToken, mailed{access.ForVerify, old.Verify.Digest})
			delete(a.byToken, mailed{access.ForReset, old.Reset.Digest})
		}
	}
	for _, w := range c.Accounts {
		stored := copyAccount(w.State)
		a.accounts[stored.ID] = stored
		if stored.State != access.Closed {
			a.byAddress[access.Address{Kind: stored.Kind, Email: stored.Email}] = stored.ID
		}
		for _, token := range []mailed{{access.ForVerify, stored.Verify.Digest}, {access.ForReset, stored.Reset.Digest}} {
			if token.digest != (access.Digest{}) {
				a.byToken[token] = stored.ID
			}
		}
	}
	for _, w := range c.Sessions {
		a.writeSession(w.State)
	}
	for _, w := range c.Roles {
		a.roles[w.State.ID] = copyRole(w.State)
	}
	for _, w := range c.Keys {
		delete(a.byDigest, a.keys[w.State.ID].Digest)
		a.keys[w.State.ID] = copyKey(w.State)
		a.byDigest[w.State.Digest] = w.State.ID
	}
	for _, id := range c.Forget {
		a.forget(id)
	}
}

// writeSession stores a session, and remembers its refresh token for good.
func (a *accessState) writeSession(session access.Session) {
	old, known := a.sessions[session.ID]
	if !known {
		a.ofAccount[session.Account] = append(a.ofAccount[session.Account], session.ID)
	}
	delete(a.byAccess, old.Access)
	a.sessions[session.ID] = session
	a.byAccess[session.Access] = session.ID
	if _, there := a.byRefresh[session.Refresh]; !there {
		a.byRefresh[session.Refresh] = session.ID
		a.refreshes[session.ID] = append(a.refreshes[session.ID], session.Refresh)
	}
}

// forget takes a session away.
func (a *accessState) forget(id ref.SessionID) {
	session, known := a.sessions[id]
	if !known {
		return
	}
	delete(a.byAccess, session.Access)
	for _, digest := range a.refreshes[id] {
		delete(a.byRefresh, digest)
	}
	delete(a.refreshes, id)
	delete(a.sessions, id)
	kept := a.ofAccount[session.Account][:0:0]
	for _, other := range a.ofAccount[session.Account] {
		if other != id {
			kept = append(kept, other)
		}
	}
	a.ofAccount[session.Account] = kept
}
