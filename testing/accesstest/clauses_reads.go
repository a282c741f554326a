package accesstest

import (
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// AccountsClauses are the clauses of access.Accounts.
func AccountsClauses() []Clause {
	return []Clause{
		{ID: "accounts-read", Case: "all of it", Run: accountWhole},
		{ID: "accounts-read", Case: "a value of the reader's own", Run: accountOwn},
		{ID: "accounts-email", Case: "one of a kind", Run: accountsByEmail},
		{ID: "accounts-token", Case: "while it is kept", Run: accountByToken},
		{ID: "accounts-staff", Case: "oldest first", Run: staffListed},
	}
}

// full makes an account of staff with every field set.
func (w *world) full(email ref.Email) access.Account {
	a := w.account(email)
	a.Kind, a.Staff = access.ForStaff, &access.Staff{
		ID: ref.NewID[ref.StaffKind](w.id()), Roles: []ref.RoleID{ref.NewID[ref.RoleKind](w.id()), ref.NewID[ref.RoleKind](w.id())},
	}
	a.NewEmail = "new@example.org"
	a.Verify = access.Token{Digest: w.digest(), Email: "new@example.org", Until: w.at.Add(time.Hour)}
	a.Reset = access.Token{Digest: w.digest(), Email: email, Until: w.at.Add(2 * time.Hour)}
	a.Customer = ref.NewID[ref.CustomerKind](w.id())
	return a
}

func accountWhole(t TB, open func(TB) Harness) {
	w := begin(t, open)
	a, plain := w.full("ada@example.org"), w.account("bob@example.org")
	w.accept(accounts(a, plain))
	w.same("the account", w.stored(a.ID), a)
	w.same("the account", w.stored(plain.ID), plain)
	a.Version, a.State, a.Name, a.Password, a.Epoch = 2, access.Disabled, "Ada", "$test$other", 3
	a.Staff = &access.Staff{ID: a.Staff.ID, Roles: a.Staff.Roles[:1]}
	a.NewEmail, a.Verify, a.UpdatedAt = "", access.Token{}, w.at.Add(time.Hour)
	w.accept(accounts(a))
	w.same("the account", w.stored(a.ID), a)
	_, err := w.h.Accounts.Account(w.Context(), ref.NewID[ref.AccountKind](w.id()))
	w.missing("an unknown account", err)
}

func accountOwn(t TB, open func(TB) Harness) {
	w := begin(t, open)
	a := w.full("ada@example.org")
	roles := slices.Clone(a.Staff.Roles)
	w.accept(accounts(a))
	a.Staff.Roles[0] = ref.RoleID{}
	got := w.stored(a.ID)
	w.same("the roles, once their writer changed them", got.Staff.Roles, roles)
	got.Staff.Roles[0] = ref.RoleID{}
	w.same("the roles, once a reader changed them", w.stored(a.ID).Staff.Roles, roles)
}

func accountsByEmail(t TB, open func(TB) Harness) {
	w := begin(t, open)
	customer, staff, other := w.account("ada@example.org"), w.owner("ada@example.org"), w.account("bob@example.org")
	closed := w.account("")
	closed.State = access.Closed
	w.accept(accounts(customer, staff, other, closed))
	byEmail := func(email ref.Email) []ref.AccountID {
		found, err := w.h.Accounts.ByEmail(w.Context(), email)
		var ids []ref.AccountID
		for _, a := range read(w, found, err) {
			ids = append(ids, a.ID)
		}
		slices.SortFunc(ids, ref.AccountID.Compare)
		return ids
	}
	w.same("the accounts of an address", byEmail("ada@example.org"), []ref.AccountID{customer.ID, staff.ID})
	w.same("the accounts of nobody", byEmail("nobody@example.org"), []ref.AccountID(nil))
	other.Version, other.State, other.Email = 2, access.Closed, ""
	w.accept(accounts(other))
	w.same("the accounts of who is gone", byEmail("bob@example.org"), []ref.AccountID(nil))
}

func accountByToken(t TB, open func(TB) Harness) {
	w := begin(t, open)
	a := w.full("ada@example.org")
	first := a.Verify.Digest
	w.accept(accounts(a, w.account("bob@example.org")))
	got, err := w.h.Accounts.ByToken(w.Context(), access.ForVerify, first)
	w.same("the account of the token", read(w, got, err).ID, a.ID)
	_, err = w.h.Accounts.ByToken(w.Context(), access.ForReset, first)
	w.missing("a token of another purpose", err)
	_, err = w.h.Accounts.ByToken(w.Context(), access.ForReset, access.Digest{})
	w.missing("no token", err)
	a.Version, a.Verify.Digest, a.Reset = 2, w.digest(), access.Token{}
	w.accept(accounts(a))
	_, err = w.h.Accounts.ByToken(w.Context(), access.ForVerify, first)
	w.missing("a token that was replaced", err)
	got, err = w.h.Accounts.ByToken(w.Context(), access.ForVerify, a.Verify.Digest)
	w.same("the account of the new token", read(w, got, err).ID, a.ID)
}

func staffListed(t TB, open func(TB) Harness) {
	w := begin(t, open)
	one, two, gone := w.owner("one@example.org"), w.full("two@example.org"), w.owner("gone@example.org")
	two.State = access.Disabled
	w.accept(accounts(two))
	w.accept(accounts(one, w.account("ada@example.org"), gone))
	gone.Version, gone.State, gone.Email = 2, access.Closed, ""
	w.accept(accounts(gone))
	staff, err := w.h.Accounts.Staff(w.Context())
	w.same("the accounts of staff", read(w, staff, err), []access.Account{one, two})
}

// RolesClauses are the clauses of access.Roles.
func RolesClauses() []Clause {
	return []Clause{{ID: "roles-read", Case: "oldest first, all of them", Run: rolesListed}}
}

func rolesListed(t TB, open func(TB) Harness) {
	w := begin(t, open)
	none, err := w.h.Roles.Roles(w.Context())
	w.same("no roles", read(w, none, err), []access.Role{})
	one, two := w.role(access.OrdersRead, access.OrdersRefund), w.role(access.StockRead)
	w.accept(access.Commit{Roles: write(two, 1)})
	w.accept(access.Commit{Roles: write(one, 1)})
	one.Version, one.Name, one.Retired, one.Permissions = 2, "Retired", true, []access.Permission{access.AuditRead}
	w.accept(access.Commit{Roles: write(one, 2)})
	roles, err := w.h.Roles.Roles(w.Context())
	w.same("the roles", read(w, roles, err), []access.Role{one, two})
}

// APIKeysClauses are the clauses of access.APIKeys.
func APIKeysClauses() []Clause {
	return []Clause{
		{ID: "keys-digest", Case: "usable or not", Run: keyByDigest},
		{ID: "keys-read", Case: "newest first", Run: keysListed},
	}
}

func keyByDigest(t TB, open func(TB) Harness) {
	w := begin(t, open)
	k, over := w.key(), w.key()
	over.RevokedAt, over.UsedAt, over.ExpiresAt = w.at.Add(time.Minute), w.at, time.Time{}
	w.accept(access.Commit{Keys: slices.Concat(write(k, 1), write(over, 1))})
	for _, want := range []access.APIKey{k, over} {
		got, err := w.h.Keys.ByDigest(w.Context(), want.Digest)
		w.same("the key", read(w, got, err), want)
	}
	_, err := w.h.Keys.ByDigest(w.Context(), w.digest())
	w.missing("an unknown key", err)
}

func keysListed(t TB, open func(TB) Harness) {
	w := begin(t, open)
	one, two := w.key(), w.key()
	two.Scopes = []access.Permission{access.AuditRead}
	w.accept(access.Commit{Keys: slices.Concat(write(two, 1), write(one, 1))})
	keys, err := w.h.Keys.Keys(w.Context())
	w.same("the keys", read(w, keys, err), []access.APIKey{two, one})
}

// AuditLogClauses are the clauses of access.AuditLog.
func AuditLogClauses() []Clause {
	return []Clause{
		{ID: "audit-page", Case: "whole entries", Run: entriesWhole},
		{ID: "audit-page", Case: "newest first, each once", Run: entriesPaged},
		{ID: "audit-filter", Case: "of a subject and an actor", Run: entriesFiltered},
	}
}

func entriesWhole(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.same("no entries", w.log(access.AuditQuery{Limit: 1}), []ports.AuditEntry{})
	e := w.entry("prd_1", "stf_1")
	end := w.entry("prd_1", "stf_1")
	end.Of, end.Outcome, end.Code, end.Changes = e.ID, ports.AuditDone, "", nil
	w.accept(access.Commit{Audit: []ports.AuditEntry{e, end}, Events: []event.Event{w.note(1)}})
	w.same("the entries", w.log(access.AuditQuery{Limit: 10}), []ports.AuditEntry{end, e})
}

func entriesPaged(t TB, open func(TB) Harness) {
	w := begin(t, open)
	var want []ports.AuditEntry
	for range 7 {
		e := w.entry("prd_1", "stf_1")
		want = append(want, e)
		w.accept(access.Commit{Audit: []ports.AuditEntry{e}, Events: []event.Event{w.note(1)}})
	}
	slices.Reverse(want)
	var got []ports.AuditEntry
	q := access.AuditQuery{Limit: 3}
	for range 4 {
		page := w.log(q)
		if len(page) > q.Limit {
			w.Errorf("a page has %d entries, want %d at most", len(page), q.Limit)
		}
		got = append(got, page...)
		if len(page) == 0 {
			break
		}
		q.Before = page[len(page)-1].ID
		w.accept(access.Commit{Audit: []ports.AuditEntry{w.entry("prd_2", "stf_2")}, Events: []event.Event{w.note(1)}})
	}
	w.same("the pages together", got, want)
}

func entriesFiltered(t TB, open func(TB) Harness) {
	w := begin(t, open)
	var all []ports.AuditEntry
	for _, by := range [][2]string{{"prd_1", "stf_1"}, {"prd_1", "stf_2"}, {"prd_2", "stf_1"}} {
		all = append(all, w.entry(by[0], by[1]))
	}
	w.accept(access.Commit{Audit: all, Events: []event.Event{w.note(1)}})
	w.same("those of a subject", w.log(access.AuditQuery{Limit: 10, Subject: "prd_1"}), []ports.AuditEntry{all[1], all[0]})
	w.same("those by an actor", w.log(access.AuditQuery{Limit: 10, Actor: "stf_1"}), []ports.AuditEntry{all[2], all[0]})
	w.same("those of both", w.log(access.AuditQuery{Limit: 10, Subject: "prd_1", Actor: "stf_1"}), []ports.AuditEntry{all[0]})
	w.same("those of a subject behind one", w.log(access.AuditQuery{Limit: 10, Subject: "prd_1", Before: all[1].ID}), []ports.AuditEntry{all[0]})
}
