package accesstest

import (
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// SessionsClauses are the clauses of access.Sessions.
func SessionsClauses() []Clause {
	return []Clause{
		{ID: "sessions-access", Case: "with its account and roles, as they are now", Run: sessionByAccess},
		{ID: "sessions-access", Case: "by the present token alone", Run: sessionByPresentAccess},
		{ID: "sessions-refresh", Case: "by every token that it had", Run: sessionByRefresh},
		{ID: "sessions-read", Case: "all of it", Run: sessionWhole},
		{ID: "sessions-account", Case: "newest first, so many at most", Run: sessionsOfAccount},
		{ID: "sessions-over", Case: "those that are over", Run: sessionsOver},
	}
}

func sessionByAccess(t TB, open func(TB) Harness) {
	w := begin(t, open)
	a := w.full("ada@example.org")
	mine, other := w.role(access.OrdersRead), w.role(access.AuditRead)
	a.Staff.Roles = []ref.RoleID{mine.ID}
	s := w.session(a)
	w.accept(access.Commit{Accounts: write(a, 1), Sessions: write(s, 1), Roles: slices.Concat(write(mine, 1), write(other, 1))})
	mine.Version, mine.Permissions = 2, []access.Permission{access.StockRead}
	w.accept(access.Commit{Roles: write(mine, 2)})
	a.Version, a.Epoch = 2, 9
	w.accept(accounts(a))
	got, err := w.h.Sessions.ByAccess(w.Context(), s.Access)
	w.same("who has the token", read(w, got, err), access.Identity{Session: s, Account: a, Roles: []access.Role{mine}})
	plain := w.account("bob@example.org")
	s = w.session(plain)
	w.accept(access.Commit{Accounts: write(plain, 1), Sessions: write(s, 1)})
	got, err = w.h.Sessions.ByAccess(w.Context(), s.Access)
	w.same("who has the token", read(w, got, err), access.Identity{Session: s, Account: plain})
}

func sessionByPresentAccess(t TB, open func(TB) Harness) {
	w := begin(t, open)
	a := w.account("ada@example.org")
	s := w.session(a)
	w.accept(access.Commit{Accounts: write(a, 1), Sessions: write(s, 1)})
	first := s.Access
	s.Version, s.Access = 2, w.digest()
	w.accept(access.Commit{Sessions: write(s, 2)})
	_, err := w.h.Sessions.ByAccess(w.Context(), first)
	w.missing("an access token that was replaced", err)
	_, err = w.h.Sessions.ByAccess(w.Context(), s.Refresh)
	w.missing("a refresh token as an access token", err)
	got, err := w.h.Sessions.ByAccess(w.Context(), s.Access)
	w.same("the session of the present token", read(w, got, err).Session.ID, s.ID)
}

func sessionByRefresh(t TB, open func(TB) Harness) {
	w := begin(t, open)
	a := w.account("ada@example.org")
	s := w.session(a)
	w.accept(access.Commit{Accounts: write(a, 1), Sessions: write(s, 1)})
	had := []access.Digest{s.Refresh}
	for v := ref.Version(2); v < 6; v++ {
		s.Version, s.Previous, s.Refresh, s.Access = v, s.Refresh, w.digest(), w.digest()
		had = append(had, s.Refresh)
		w.accept(access.Commit{Sessions: write(s, v)})
	}
	s.Version, s.State = 6, access.SessionRevoked
	w.accept(access.Commit{Sessions: write(s, 6)})
	for i, digest := range had {
		got, err := w.h.Sessions.ByRefresh(w.Context(), digest)
		if err != nil {
			w.Errorf("refresh token %d of %d finds nothing: %v", i+1, len(had), err)
			continue
		}
		w.same("whose the refresh token is", got, access.Identity{Session: s, Account: a})
	}
	_, err := w.h.Sessions.ByRefresh(w.Context(), w.digest())
	w.missing("an unknown refresh token", err)
}

func sessionWhole(t TB, open func(TB) Harness) {
	w := begin(t, open)
	a := w.account("ada@example.org")
	s, fresh := w.session(a), w.session(a)
	s.State = access.SessionSignedOut
	fresh.Previous, fresh.Nonce = access.Digest{}, [ref.SecretSize]byte{}
	w.accept(access.Commit{Accounts: write(a, 1), Sessions: slices.Concat(write(s, 1), write(fresh, 1))})
	for _, want := range []access.Session{s, fresh} {
		got, err := w.h.Sessions.Session(w.Context(), want.ID)
		w.same("the session", read(w, got, err), want)
	}
	_, err := w.h.Sessions.Session(w.Context(), ref.NewID[ref.SessionKind](w.id()))
	w.missing("an unknown session", err)
}

func sessionsOfAccount(t TB, open func(TB) Harness) {
	w := begin(t, open)
	a, other := w.account("ada@example.org"), w.account("bob@example.org")
	c := accounts(a, other)
	var want []access.Session
	for n := range access.SessionsListed + 3 {
		s := w.session(a)
		s.CreatedAt = w.at.Add(time.Duration(n) * time.Second)
		want = append(want, s)
		c.Sessions = append(c.Sessions, write(s, 1)...)
	}
	c.Sessions = append(c.Sessions, write(w.session(other), 1)...)
	w.accept(c)
	slices.Reverse(want)
	got, err := w.h.Sessions.OfAccount(w.Context(), a.ID)
	w.same("the sessions of an account", read(w, got, err), want[:access.SessionsListed])
}

func sessionsOver(t TB, open func(TB) Harness) {
	w := begin(t, open)
	a := w.account("ada@example.org")
	at := w.at.Add(48 * time.Hour)
	active, expired, ended, recent := w.session(a), w.session(a), w.session(a), w.session(a)
	active.Until = at
	expired.Until = at.Add(-time.Microsecond)
	ended.State, ended.Until, ended.RefreshedAt = access.SessionRevoked, at.Add(time.Hour), at.Add(-time.Microsecond)
	recent.State, recent.Until, recent.RefreshedAt = access.SessionRevoked, at.Add(time.Hour), at
	w.accept(access.Commit{
		Accounts: write(a, 1), Sessions: slices.Concat(write(active, 1), write(expired, 1), write(ended, 1), write(recent, 1)),
	})
	over := func(limit int) []ref.SessionID {
		ids, err := w.h.Sessions.Over(w.Context(), at, limit)
		slices.SortFunc(read(w, ids, err), ref.SessionID.Compare)
		return ids
	}
	w.same("the sessions that are over", over(10), []ref.SessionID{expired.ID, ended.ID})
	w.same("the number of those, one at most", len(over(1)), 1)
}
