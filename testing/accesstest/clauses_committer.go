package accesstest

import (
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// CommitterClauses are the clauses of access.Committer.
func CommitterClauses() []Clause {
	return []Clause{
		{ID: "access-atomic", Case: "nothing of what is refused", Run: atomicRefused},
		{ID: "access-decide", Case: "versions before addresses", Run: decideOrder},
		{ID: "access-decide", Case: "a commit that contradicts itself", Run: decideMalformed},
		{ID: "access-version", Case: "of an account", Run: func(t TB, open func(TB) Harness) { versions(begin(t, open), accountAt) }},
		{ID: "access-version", Case: "of a session", Run: func(t TB, open func(TB) Harness) { versions(begin(t, open), sessionAt) }},
		{ID: "access-version", Case: "of a role", Run: func(t TB, open func(TB) Harness) { versions(begin(t, open), roleAt) }},
		{ID: "access-version", Case: "of a key", Run: func(t TB, open func(TB) Harness) { versions(begin(t, open), keyAt) }},
		{ID: "access-version", Case: "one of many uses of a token wins", Run: oneUseWins},
		{ID: "access-version", Case: "one of many rotations wins", Run: oneRotationWins},
		{ID: "access-email", Case: "once of a kind", Run: emailOnce},
		{ID: "access-email", Case: "one of many registrations wins", Run: oneRegistrationWins},
		{ID: "access-email", Case: "two accounts exchange theirs", Run: emailsExchanged},
		{ID: "access-owner", Case: "the last one stays", Run: lastOwner},
		{ID: "access-owner", Case: "two that disable each other", Run: ownersRace},
		{ID: "access-key", Case: "once", Run: keyOnce},
		{ID: "access-forget", Case: "with all of its tokens", Run: forgets},
		{ID: "access-events", Case: "in their order", Run: events},
		{ID: "access-audit", Case: "once each", Run: audited},
		{ID: "access-durable", Case: "all parts", Run: durable},
	}
}

func atomicRefused(t TB, open func(TB) Harness) {
	w := begin(t, open)
	there := w.key()
	w.accept(access.Commit{Keys: write(there, 1)})
	a := w.account("ada@example.org")
	s, r, k := w.session(a), w.role(access.OrdersRead), w.key()
	k.Digest = there.Digest
	w.refuses(access.Commit{
		Accounts: write(a, 1), Sessions: write(s, 1), Roles: write(r, 1), Keys: write(k, 1),
		Events: []event.Event{w.note(1)}, Audit: []ports.AuditEntry{w.entry("refused", "stf_1")},
	}, access.KeyTaken)
	_, err := w.h.Accounts.Account(w.Context(), a.ID)
	w.missing("the account of a refused commit", err)
	_, err = w.h.Sessions.Session(w.Context(), s.ID)
	w.missing("the session of a refused commit", err)
	roles, err := w.h.Roles.Roles(w.Context())
	w.same("the number of roles", len(read(w, roles, err)), 0)
	w.same("the entries of the audit log", w.log(access.AuditQuery{Limit: 10, Subject: "refused"}), []ports.AuditEntry{})
	w.same("the events", w.notes(), []string(nil))
}

func decideOrder(t TB, open func(TB) Harness) {
	w := begin(t, open)
	a, b := w.account("ada@example.org"), w.account("bob@example.org")
	w.accept(accounts(a, b))
	b.Version, b.Email = 3, a.Email
	w.refuses(accounts(b), fault.VersionConflict)
	b.Version = 2
	w.refuses(accounts(b), access.EmailTaken)
}

func decideMalformed(t TB, open func(TB) Harness) {
	w := begin(t, open)
	a := w.account("ada@example.org")
	w.refuses(accounts(a, a), access.MalformedCommit)
	w.refuses(access.Commit{Roles: []access.Write[access.Role]{{State: w.role(), Expected: 4}}}, access.MalformedCommit)
	w.accept(access.Commit{})
}

// writer makes a function that makes the commit which writes one and the same aggregate as the given version.
type writer func(w *world) func(v ref.Version) access.Commit

func accountAt(w *world) func(ref.Version) access.Commit {
	a := w.account("ada@example.org")
	return func(v ref.Version) access.Commit {
		a.Version = v
		return accounts(a)
	}
}

func sessionAt(w *world) func(ref.Version) access.Commit {
	a := w.account("ada@example.org")
	w.accept(accounts(a))
	s := w.session(a)
	return func(v ref.Version) access.Commit {
		s.Version = v
		return access.Commit{Sessions: write(s, v)}
	}
}

func roleAt(w *world) func(ref.Version) access.Commit {
	r := w.role(access.OrdersRead)
	return func(v ref.Version) access.Commit {
		r.Version = v
		return access.Commit{Roles: write(r, v)}
	}
}

func keyAt(w *world) func(ref.Version) access.Commit {
	k := w.key()
	return func(v ref.Version) access.Commit {
		k.Version = v
		return access.Commit{Keys: write(k, v)}
	}
}

// versions tries every version that an aggregate must not be written with.
func versions(w *world, prepare writer) {
	w.Helper()
	at := prepare(w)
	w.refuses(at(2), fault.VersionConflict) // It does not exist.
	for _, v := range []ref.Version{1, 2, 3} {
		w.accept(at(v))
		w.refuses(at(1), fault.VersionConflict) // It exists.
		w.refuses(at(v), fault.VersionConflict)
		w.refuses(at(v+2), fault.VersionConflict)
	}
}

// oneUseWins is a reset: fifty who show the same token read the account and write its next version.
func oneUseWins(t TB, open func(TB) Harness) {
	w := begin(t, open)
	a := w.account("ada@example.org")
	token := w.digest()
	a = a.Issue(access.ForReset, token, w.at)
	a.Version = 1
	w.accept(accounts(a))
	var uses []access.Commit
	for range 50 {
		next, err := a.Recovered(token, "$test$"+string(rune('a'+len(uses)%26)), w.at)
		if err != nil {
			w.Fatalf("the token is refused: %v", err)
		}
		uses = append(uses, accounts(next))
	}
	if won := w.race(fault.VersionConflict, uses...); won != 1 {
		w.Errorf("%d of 50 uses of a token won, want 1", won)
	}
	_, err := w.h.Accounts.ByToken(w.Context(), access.ForReset, token)
	w.missing("a token that was used", err)
}

func oneRotationWins(t TB, open func(TB) Harness) {
	w := begin(t, open)
	a := w.account("ada@example.org")
	s := w.session(a)
	w.accept(access.Commit{Accounts: write(a, 1), Sessions: write(s, 1)})
	var rotations []access.Commit
	for range racers {
		next := s
		next.Version, next.Previous, next.Refresh, next.Access = 2, s.Refresh, w.digest(), w.digest()
		rotations = append(rotations, access.Commit{Sessions: write(next, 2)})
	}
	if won := w.race(fault.VersionConflict, rotations...); won != 1 {
		w.Errorf("%d of %d rotations of a session won, want 1", won, racers)
	}
}

func emailOnce(t TB, open func(TB) Harness) {
	w := begin(t, open)
	a, other, staff := w.account("ada@example.org"), w.account("ada@example.org"), w.owner("ada@example.org")
	w.accept(accounts(a))
	w.refuses(accounts(other), access.EmailTaken)
	w.accept(accounts(staff)) // Of another kind.
	a.Version, a.State = 2, access.Closed
	w.accept(accounts(a))
	w.accept(accounts(other))
	a.Version, a.Email = 3, ""
	w.accept(accounts(a))
	closed := w.account("bob@example.org")
	closed.State, closed.Email = access.Closed, ""
	w.accept(accounts(closed)) // Two that are closed have both none.
	w.refuses(accounts(w.account("cy@example.org"), w.account("cy@example.org")), access.EmailTaken)
}

func oneRegistrationWins(t TB, open func(TB) Harness) {
	w := begin(t, open)
	var all []access.Commit
	for range racers {
		all = append(all, accounts(w.account("ada@example.org")))
	}
	if won := w.race(access.EmailTaken, all...); won != 1 {
		w.Errorf("%d of %d registrations of an address won, want 1", won, racers)
	}
}

func emailsExchanged(t TB, open func(TB) Harness) {
	w := begin(t, open)
	a, b := w.account("ada@example.org"), w.account("bob@example.org")
	w.accept(accounts(a, b))
	a.Version, b.Version, a.Email, b.Email = 2, 2, b.Email, a.Email
	w.accept(accounts(a, b))
	w.same("the account that got it", w.stored(a.ID).Email, ref.Email("bob@example.org"))
}

func lastOwner(t TB, open func(TB) Harness) {
	w := begin(t, open)
	one, two := w.owner("one@example.org"), w.owner("two@example.org")
	plain := w.owner("plain@example.org")
	plain.Staff.Owner = false
	w.accept(accounts(plain)) // There was no owner yet.
	w.accept(accounts(one, two))
	gone := one
	gone.Version, gone.State = 2, access.Disabled
	w.accept(accounts(gone))
	two.Version, two.State = 2, access.Disabled
	w.refuses(accounts(two), access.LastOwner)
	two.State, two.Staff = access.Active, &access.Staff{ID: two.Staff.ID}
	w.refuses(accounts(two), access.LastOwner)
	back := gone
	back.Version, back.State = 3, access.Active
	w.accept(accounts(back, two)) // Together they leave one.
}

func ownersRace(t TB, open func(TB) Harness) {
	w := begin(t, open)
	for round := range 4 {
		one := w.owner(ref.Email("one@" + string(rune('a'+round)) + ".example.org"))
		two := w.owner(ref.Email("two@" + string(rune('a'+round)) + ".example.org"))
		w.accept(accounts(one, two))
		if round > 0 { // The one that is left of the round before goes.
			for _, a := range allStaff(w) {
				if a.ID != one.ID && a.ID != two.ID && a.Leads() {
					a.Version, a.State = a.Version+1, access.Disabled
					w.accept(accounts(a))
				}
			}
		}
		one.Version, one.State = 2, access.Disabled
		two.Version, two.State = 2, access.Disabled
		if won := w.race(access.LastOwner, accounts(one), accounts(two)); won != 1 {
			w.Errorf("%d of two owners could disable each other, want 1", won)
			return
		}
	}
}

// allStaff reads the accounts of staff.
func allStaff(w *world) []access.Account {
	w.Helper()
	staff, err := w.h.Accounts.Staff(w.Context())
	return read(w, staff, err)
}

func keyOnce(t TB, open func(TB) Harness) {
	w := begin(t, open)
	k, other := w.key(), w.key()
	other.Digest = k.Digest
	w.accept(access.Commit{Keys: write(k, 1)})
	w.refuses(access.Commit{Keys: write(other, 1)}, access.KeyTaken)
	k.Version, k.UsedAt = 2, w.at
	w.accept(access.Commit{Keys: write(k, 2)}) // Its own.
	var all []access.Commit
	text := w.digest()
	for range racers {
		k := w.key()
		k.Digest = text
		all = append(all, access.Commit{Keys: write(k, 1)})
	}
	if won := w.race(access.KeyTaken, all...); won != 1 {
		w.Errorf("%d of %d keys with one text were made, want 1", won, racers)
	}
}

func forgets(t TB, open func(TB) Harness) {
	w := begin(t, open)
	a := w.account("ada@example.org")
	s, kept := w.session(a), w.session(a)
	w.accept(access.Commit{Accounts: write(a, 1), Sessions: slices.Concat(write(s, 1), write(kept, 1))})
	first := s.Refresh
	s.Version, s.Previous, s.Refresh = 2, first, w.digest()
	w.accept(access.Commit{Sessions: write(s, 2)})
	w.accept(access.Commit{Forget: []ref.SessionID{s.ID, ref.NewID[ref.SessionKind](w.id())}})
	_, err := w.h.Sessions.Session(w.Context(), s.ID)
	w.missing("a session that was forgotten", err)
	_, err = w.h.Sessions.ByAccess(w.Context(), s.Access)
	w.missing("its access token", err)
	for _, d := range []access.Digest{first, s.Refresh} {
		_, err := w.h.Sessions.ByRefresh(w.Context(), d)
		w.missing("its refresh token", err)
	}
	_, err = w.h.Sessions.Session(w.Context(), kept.ID)
	w.same("the error of another", err, nil)
}

func events(t TB, open func(TB) Harness) {
	w := begin(t, open)
	var want []string
	for n := range 3 {
		w.accept(access.Commit{Events: []event.Event{w.note(2 * n), w.note(2*n + 1)}})
	}
	for n := range 6 {
		want = append(want, string(w.note(n).Data))
	}
	w.same("the events", w.notes(), want)
}

func audited(t TB, open func(TB) Harness) {
	w := begin(t, open)
	a := w.account("ada@example.org")
	c := accounts(a)
	c.Audit = []ports.AuditEntry{w.entry("with", "stf_1"), w.entry("with", "stf_2")}
	w.accept(c)
	w.accept(access.Commit{Audit: []ports.AuditEntry{w.entry("alone", "stf_1")}})
	w.same("the number of entries of a commit", len(w.log(access.AuditQuery{Limit: 10, Subject: "with"})), 2)
	w.same("the number of entries of a commit of nothing else", len(w.log(access.AuditQuery{Limit: 10, Subject: "alone"})), 1)
}

func durable(t TB, open func(TB) Harness) {
	w := begin(t, open)
	a := w.account("ada@example.org")
	s, r, k, e := w.session(a), w.role(access.OrdersRead), w.key(), w.entry("kept", "stf_1")
	w.accept(access.Commit{
		Accounts: write(a, 1), Sessions: write(s, 1), Roles: write(r, 1), Keys: write(k, 1), Audit: []ports.AuditEntry{e},
	})
	w.h = w.h.Reopen(w.TB)
	w.same("the account", w.stored(a.ID), a)
	i, err := w.h.Sessions.ByAccess(w.Context(), s.Access)
	w.same("the session", read(w, i, err).Session, s)
	_, err = w.h.Sessions.ByRefresh(w.Context(), s.Refresh)
	w.same("the error of its refresh token", err, nil)
	roles, err := w.h.Roles.Roles(w.Context())
	w.same("the roles", read(w, roles, err), []access.Role{r})
	got, err := w.h.Keys.ByDigest(w.Context(), k.Digest)
	w.same("the key", read(w, got, err), k)
	w.same("the audit log", w.log(access.AuditQuery{Limit: 10}), []ports.AuditEntry{e})
	a.UpdatedAt = a.UpdatedAt.Add(time.Second)
	w.refuses(accounts(a), fault.VersionConflict)
}
