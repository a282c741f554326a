package accesstest_test

import (
	"bytes"
	"context"
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// missing is the error of what there is not.
func missing() error { return fault.Missing.New("it does not exist") }

// Account is access.Accounts'.
func (s *sketch) Account(_ context.Context, id ref.AccountID) (access.Account, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, known := s.data.accounts[id]
	if !known && s.flaw != inventsAccounts {
		return access.Account{}, missing()
	}
	if s.flaw == sharesRoles {
		return a, nil
	}
	return own(a), nil
}

// ByEmail is access.Accounts'.
func (s *sketch) ByEmail(_ context.Context, email ref.Email) ([]access.Account, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []access.Account
	for _, a := range s.data.accounts {
		if a.Email == email && a.State != access.Closed && (s.flaw != customersAlone || a.Kind == access.ForCustomer) {
			out = append(out, own(a))
		}
	}
	return out, nil
}

// ByToken is access.Accounts'.
func (s *sketch) ByToken(_ context.Context, purpose access.Purpose, digest access.Digest) (access.Account, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.data.accounts {
		kept := map[access.Purpose]access.Digest{access.ForVerify: a.Verify.Digest, access.ForReset: a.Reset.Digest}
		if kept[purpose].Is(digest) || s.flaw == anyPurpose && (a.Verify.Digest.Is(digest) || a.Reset.Digest.Is(digest)) {
			return own(a), nil
		}
	}
	// A token that was used finds its account too, which a reader of one reset sees as well.
	if id, known := s.data.tokens[digest]; known && s.flaw == keepsTokens && s.data.accounts[id].Version < 3 && purpose == access.ForVerify {
		return own(s.data.accounts[id]), nil
	}
	return access.Account{}, missing()
}

// Staff is access.Accounts'.
func (s *sketch) Staff(context.Context) ([]access.Account, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []access.Account{}
	for _, a := range s.data.accounts {
		if a.Staff != nil && (a.State != access.Closed || s.flaw == listsClosed) {
			out = append(out, own(a))
		}
	}
	slices.SortFunc(out, func(a, b access.Account) int { return a.ID.Compare(b.ID) })
	if s.flaw == newestStaff {
		slices.Reverse(out)
	}
	return out, nil
}

// ByAccess is access.Sessions'.
func (s *sketch) ByAccess(_ context.Context, digest access.Digest) (access.Identity, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, session := range s.data.sessions {
		if session.Access == digest {
			return s.identity(session), nil
		}
	}
	if id, known := s.data.former[digest]; known && s.flaw == formerAccess {
		return s.identity(s.data.sessions[id]), nil
	}
	return access.Identity{}, missing()
}

// ByRefresh is access.Sessions'.
func (s *sketch) ByRefresh(_ context.Context, digest access.Digest) (access.Identity, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id, known := s.data.had[digest]
	session := s.data.sessions[id]
	if !known || s.flaw == twoRefreshes && session.Refresh != digest && session.Previous != digest {
		return access.Identity{}, missing()
	}
	return s.identity(session), nil
}

// identity is a session with what hangs on it.
func (s *sketch) identity(session access.Session) access.Identity {
	out := access.Identity{Session: session, Account: own(s.data.accounts[session.Account])}
	roles := s.data.roles
	if s.flaw == staleRoles {
		roles = s.data.first
	}
	for id, role := range roles {
		if out.Account.Staff != nil && slices.Contains(out.Account.Staff.Roles, id) {
			out.Roles = append(out.Roles, role)
		}
	}
	return out
}

// Session is access.Sessions'.
func (s *sketch) Session(_ context.Context, id ref.SessionID) (access.Session, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	session, known := s.data.sessions[id]
	if !known {
		return session, missing()
	}
	if s.flaw == hidesClients {
		session.Client = ""
	}
	return session, nil
}

// OfAccount is access.Sessions'.
func (s *sketch) OfAccount(_ context.Context, id ref.AccountID) ([]access.Session, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []access.Session{}
	for _, session := range s.data.sessions {
		if session.Account == id || s.flaw == everybodysSessions {
			out = append(out, session)
		}
	}
	slices.SortFunc(out, func(a, b access.Session) int { return b.ID.Compare(a.ID) })
	if s.flaw == oldestSessions {
		slices.Reverse(out)
	}
	return out[:min(len(out), access.SessionsListed)], nil
}

// Over is access.Sessions'.
func (s *sketch) Over(_ context.Context, before time.Time, limit int) ([]ref.SessionID, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []ref.SessionID
	for id, session := range s.data.sessions {
		ended := session.State != access.SessionActive && (session.RefreshedAt.Before(before) || s.flaw == overAtOnce)
		if len(out) < limit && (ended || session.Until.Before(before)) {
			out = append(out, id)
		}
	}
	return out, nil
}

// Roles is access.Roles'.
func (s *sketch) Roles(context.Context) ([]access.Role, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []access.Role{}
	for _, role := range s.data.roles {
		if !role.Retired || s.flaw != hidesRetired {
			out = append(out, role)
		}
	}
	slices.SortFunc(out, func(a, b access.Role) int { return a.ID.Compare(b.ID) })
	return out, nil
}

// ByDigest is access.APIKeys'.
func (s *sketch) ByDigest(_ context.Context, digest access.Digest) (access.APIKey, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range s.data.keys {
		if k.Digest == digest && (k.RevokedAt.IsZero() || s.flaw != hidesRevoked) {
			return k, nil
		}
	}
	return access.APIKey{}, missing()
}

// Keys is access.APIKeys'.
func (s *sketch) Keys(context.Context) ([]access.APIKey, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []access.APIKey{}
	for _, k := range s.data.keys {
		out = append(out, k)
	}
	slices.SortFunc(out, func(a, b access.APIKey) int { return b.ID.Compare(a.ID) })
	if s.flaw == oldestKeys {
		slices.Reverse(out)
	}
	return out, nil
}

// Entries is access.AuditLog's.
func (s *sketch) Entries(_ context.Context, q access.AuditQuery) ([]ports.AuditEntry, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []ports.AuditEntry{}
	for _, e := range slices.Backward(s.data.log) {
		after := bytes.Compare(e.ID[:], q.Before[:])
		behind := q.Before == [16]byte{} || after < 0 || after == 0 && s.flaw == pagesOverlap
		of := q.Subject == "" || q.Subject == e.Subject
		by := q.Actor == "" || q.Actor == e.Actor.ID || s.flaw == ignoresActor && q.Subject != ""
		if behind && of && by && len(out) < q.Limit {
			if s.flaw == dropsChanges {
				e.Changes = nil
			}
			out = append(out, e)
		}
	}
	return out, nil
}
