package memory

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// accessReads reads accounts, sessions, roles and keys.
type accessReads struct{ store *Store }

var (
	_ access.Accounts = accessReads{}
	_ access.Sessions = accessReads{}
	_ access.Roles    = accessReads{}
	_ access.APIKeys  = accessReads{}
)

// Accounts gives the port that reads accounts.
func (s *Store) Accounts() access.Accounts { return accessReads{s} }

// Sessions gives the port that reads sessions.
func (s *Store) Sessions() access.Sessions { return accessReads{s} }

// Roles gives the port that reads roles.
func (s *Store) Roles() access.Roles { return accessReads{s} }

// APIKeys gives the port that reads API keys.
func (s *Store) APIKeys() access.APIKeys { return accessReads{s} }

// Account gives an account.
func (r accessReads) Account(ctx context.Context, id ref.AccountID) (access.Account, error) {
	return view(ctx, r.store, func() (access.Account, error) {
		a, known := r.store.access.accounts[id]
		return found(copyAccount(a), known)
	})
}

// found gives what is known.
func found[T any](v T, known bool) (T, error) {
	if !known {
		var none T
		return none, fault.Missing.New("it does not exist")
	}
	return v, nil
}

// ByEmail gives the accounts with the address.
func (r accessReads) ByEmail(ctx context.Context, email ref.Email) ([]access.Account, error) {
	return view(ctx, r.store, func() ([]access.Account, error) {
		var out []access.Account
		for _, kind := range []access.Kind{access.ForCustomer, access.ForStaff} {
			if id, known := r.store.access.byAddress[access.Address{Kind: kind, Email: email}]; known {
				out = append(out, copyAccount(r.store.access.accounts[id]))
			}
		}
		return out, nil
	})
}

// ByToken gives the account that keeps the token.
func (r accessReads) ByToken(ctx context.Context, purpose access.Purpose, digest access.Digest) (access.Account, error) {
	return view(ctx, r.store, func() (access.Account, error) {
		id, known := r.store.access.byToken[mailed{purpose, digest}]
		return found(copyAccount(r.store.access.accounts[id]), known)
	})
}

// Staff gives the accounts of staff.
func (r accessReads) Staff(ctx context.Context) ([]access.Account, error) {
	return view(ctx, r.store, func() ([]access.Account, error) {
		out := []access.Account{}
		for _, a := range r.store.access.accounts {
			if a.Staff != nil && a.State != access.Closed {
				out = append(out, copyAccount(a))
			}
		}
		slices.SortFunc(out, func(a, b access.Account) int { return a.ID.Compare(b.ID) })
		return out, nil
	})
}

// ByAccess gives who has the access token.
func (r accessReads) ByAccess(ctx context.Context, digest access.Digest) (access.Identity, error) {
	return view(ctx, r.store, func() (access.Identity, error) {
		id, known := r.store.access.byAccess[digest]
		return found(r.store.access.identity(id), known)
	})
}

// ByRefresh gives whose refresh token it is or was.
func (r accessReads) ByRefresh(ctx context.Context, digest access.Digest) (access.Identity, error) {
	return view(ctx, r.store, func() (access.Identity, error) {
		id, known := r.store.access.byRefresh[digest]
		return found(r.store.access.identity(id), known)
	})
}

// identity is a session with what hangs on it.
func (a *accessState) identity(id ref.SessionID) access.Identity {
	out := access.Identity{Session: a.sessions[id]}
	out.Account = copyAccount(a.accounts[out.Session.Account])
	if out.Account.Staff == nil {
		return out
	}
	for _, id := range out.Account.Staff.Roles {
		if role, known := a.roles[id]; known {
			out.Roles = append(out.Roles, copyRole(role))
		}
	}
	return out
}

// Session gives a session.
func (r accessReads) Session(ctx context.Context, id ref.SessionID) (access.Session, error) {
	return view(ctx, r.store, func() (access.Session, error) {
		session, known := r.store.access.sessions[id]
		return found(session, known)
	})
}

// OfAccount gives the newest sessions of an account.
func (r accessReads) OfAccount(ctx context.Context, id ref.AccountID) ([]access.Session, error) {
	return view(ctx, r.store, func() ([]access.Session, error) {
		out := []access.Session{}
		for _, session := range r.store.access.ofAccount[id] {
			out = append(out, r.store.access.sessions[session])
		}
		slices.SortFunc(out, func(a, b access.Session) int {
			return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), b.ID.Compare(a.ID))
		})
		return out[:min(len(out), access.SessionsListed)], nil
	})
}

// Over gives sessions that are over.
func (r accessReads) Over(ctx context.Context, before time.Time, limit int) ([]ref.SessionID, error) {
	return view(ctx, r.store, func() ([]ref.SessionID, error) {
		var out []ref.SessionID
		for id, session := range r.store.access.sessions {
			ended := session.State != access.SessionActive && session.RefreshedAt.Before(before)
			if len(out) < limit && (ended || session.Until.Before(before)) {
				out = append(out, id)
			}
		}
		return out, nil
	})
}

// Roles gives all roles.
func (r accessReads) Roles(ctx context.Context) ([]access.Role, error) {
	return view(ctx, r.store, func() ([]access.Role, error) {
		out := []access.Role{}
		for _, role := range r.store.access.roles {
			out = append(out, copyRole(role))
		}
		slices.SortFunc(out, func(a, b access.Role) int {
			return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), a.ID.Compare(b.ID))
		})
		return out, nil
	})
}

// ByDigest gives the key with the digest.
func (r accessReads) ByDigest(ctx context.Context, digest access.Digest) (access.APIKey, error) {
	return view(ctx, r.store, func() (access.APIKey, error) {
		id, known := r.store.access.byDigest[digest]
		return found(copyKey(r.store.access.keys[id]), known)
	})
}

// Keys gives all keys.
func (r accessReads) Keys(ctx context.Context) ([]access.APIKey, error) {
	return view(ctx, r.store, func() ([]access.APIKey, error) {
		out := []access.APIKey{}
		for _, k := range r.store.access.keys {
			out = append(out, copyKey(k))
		}
		slices.SortFunc(out, func(a, b access.APIKey) int {
			return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), b.ID.Compare(a.ID))
		})
		return out, nil
	})
}
