package access_test

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/domain/statemachine"
	"github.com/ipswich-retail/commerce/ports"
)

func TestRolesTakeEffectAtOnce(t *testing.T) {
	t.Parallel()
	s := newShop(t, nil)
	owner := s.owner("owner@example.org")
	packer := s.role(owner, access.OrdersFulfil, access.OrdersRead)
	a, _ := s.staff(owner, "bob@example.org", packer)
	in := s.in("bob@example.org", good)
	now := func() access.Principal {
		p, err := s.Authenticate(t.Context(), in.Tokens.Access)
		s.must(err)
		return p
	}
	if p := now(); p.Kind != access.PrincipalStaff || p.Staff != a.Staff.ID || !slices.Equal(p.Permissions, []access.Permission{access.OrdersRead, access.OrdersFulfil}) {
		t.Errorf("the principal is %+v", p)
	}
	packer.Permissions = append(packer.Permissions, access.OrdersRefund)
	packer, err := s.SaveRole(t.Context(), owner, packer)
	s.must(err)
	if !now().Can(access.OrdersRefund) {
		t.Error("a permission that a role got has no effect")
	}
	packer.Retired = true
	packer, err = s.SaveRole(t.Context(), owner, packer)
	s.must(err)
	if len(now().Permissions) != 0 {
		t.Error("a retired role gives permissions")
	}
	auditor := s.role(owner, access.AuditRead)
	s.must(s.SetStaff(t.Context(), owner, a.ID, false, []ref.RoleID{auditor.ID}))
	if p := now(); !p.Can(access.AuditRead) || p.Can(access.OrdersRead) {
		t.Errorf("after another role the permissions are %v", p.Permissions)
	}
	s.must(s.SetStaff(t.Context(), owner, a.ID, true, nil))
	if p := now(); !p.Owner || !p.Covers(access.AllPermissions()) {
		t.Error("an owner lacks permissions")
	}
	s.must(s.SetStaffState(t.Context(), owner, a.ID, access.Disable))
	if s.lets(in.Tokens.Access) {
		t.Error("who is disabled is let in")
	}
	if in.ExpiresIn != access.StaffLifetimes.Access || !in.Session.Until.Equal(day.Add(access.StaffLifetimes.Whole)) {
		t.Errorf("a session of staff lasts until %s", in.Session.Until)
	}
	roles, err := s.Roles(t.Context(), owner)
	s.must(err)
	if len(roles) != 2 || !roles[0].Retired || roles[0].Version != packer.Version {
		t.Errorf("the roles are %+v", roles)
	}
}

func TestNobodyGivesWhatTheyLack(t *testing.T) {
	t.Parallel()
	s := newShop(t, nil)
	owner := s.owner("owner@example.org")
	clerk := s.role(owner, access.StaffRead, access.StaffWrite, access.RolesWrite, access.APIKeysWrite, access.OrdersRead)
	refunds := s.role(owner, access.OrdersRefund)
	reader := s.role(owner, access.OrdersRead)
	_, by := s.staff(owner, "bob@example.org", clerk)
	cy, cyBy := s.staff(owner, "cy@example.org", refunds)
	ctx := t.Context()
	for name, err := range map[string]error{
		"a role":                       second(s.SaveRole(ctx, by, access.Role{Name: "R", Permissions: []access.Permission{access.OrdersRefund}})),
		"more in a role":               second(s.SaveRole(ctx, by, with(reader, access.OrdersRefund))),
		"a change of a role with more": second(s.SaveRole(ctx, by, with(refunds))),
		"a role to somebody":           second(s.AddStaff(ctx, by, access.StaffRequest{Email: "x@example.org", Name: "X", Roles: []ref.RoleID{refunds.ID}})),
		"a role to oneself":            s.SetStaff(ctx, by, by.Account, false, []ref.RoleID{clerk.ID, refunds.ID}),
		"a role away":                  s.SetStaff(ctx, by, cy.ID, false, nil),
		"an owner":                     second(s.AddStaff(ctx, by, access.StaffRequest{Email: "x@example.org", Name: "X", Owner: true})),
		"oneself as an owner":          s.SetStaff(ctx, by, by.Account, true, []ref.RoleID{clerk.ID}),
		"an owner away":                s.SetStaff(ctx, by, owner.Account, false, nil),
		"an owner out":                 s.SetStaffState(ctx, by, owner.Account, access.Disable),
		"a key with more":              third(s.CreateKey(ctx, by, access.KeyRequest{Name: "K", Scopes: []access.Permission{access.OrdersRefund}, ExpiresAt: day.Add(time.Hour)})),
		"a key without rights":         third(s.CreateKey(ctx, cyBy, access.KeyRequest{Name: "K", Scopes: []access.Permission{access.OrdersRefund}, ExpiresAt: day.Add(time.Hour)})),
		"the key of the start":         s.EnsureKey(ctx, owner, "start", access.NewSecret("a key that is long enough")),
		"a customer out":               s.SetState(ctx, by, owner.Account, access.Disable),
		"the audit log":                second(s.Entries(ctx, by, access.AuditQuery{Limit: 1})),
	} {
		if !fault.Is(err, access.Denied) {
			t.Errorf("%s: %v, want denied", name, err)
		}
	}
	s.must(s.SetStaff(ctx, by, cy.ID, false, []ref.RoleID{refunds.ID, reader.ID})) // What both have is not given.
	s.refused(second(s.AddStaff(ctx, access.Principal{}, access.StaffRequest{})), access.Unauthenticated)
	for _, err := range []error{
		second(s.Staff(ctx, cyBy)), second(s.Roles(ctx, cyBy)), second(s.Keys(ctx, cyBy)),
	} {
		s.refused(err, access.Denied)
	}
	if got := fault.Of(second(s.Staff(ctx, cyBy))).Details()["permission"]; got != "staff.read" {
		t.Errorf("the permission that it takes is %v", got)
	}
}

// with is a role with permissions added.
func with(r access.Role, perms ...access.Permission) access.Role {
	r.Permissions = append(slices.Clone(r.Permissions), perms...)
	r.Name += "!"
	return r
}

func second[T any](_ T, err error) error { return err }

func third[T, U any](_ T, _ U, err error) error { return err }

func TestStaffRules(t *testing.T) {
	t.Parallel()
	s := newShop(t, nil)
	owner := s.owner("owner@example.org")
	ctx := t.Context()
	s.refused(second(s.AddStaff(ctx, owner, access.StaffRequest{
		Email: "bob", Name: "", Password: access.NewSecret("short"), Roles: []ref.RoleID{ref.NewID[ref.RoleKind](ref.UUID{9})},
	})), fault.Bad)
	s.refused(second(s.AddStaff(ctx, owner, access.StaffRequest{Email: "owner@example.org", Name: "O", Password: access.NewSecret(good)})), access.EmailTaken)
	invited, err := s.AddStaff(ctx, owner, access.StaffRequest{Email: "bob@example.org", Name: "Bob"})
	s.must(err)
	if invited.State != access.Unverified {
		t.Errorf("who is invited is %s", invited.State)
	}
	s.must(s.ResetPassword(ctx, s.letter(access.LetterReset).Token, access.NewSecret(good)))
	s.in("bob@example.org", good)
	staff, err := s.Staff(ctx, owner)
	s.must(err)
	if len(staff) != 2 || staff[1].ID != invited.ID || staff[1].State != access.Active {
		t.Errorf("the staff is %+v", staff)
	}
	s.letter(access.LetterNewPassword)
	customer := s.customer("ada@example.org")
	s.refused(s.SetStaff(ctx, owner, customer.ID, false, nil), fault.Missing)
	s.refused(s.SetStaffState(ctx, owner, customer.ID, access.Disable), fault.Missing)
	s.refused(s.SetState(ctx, owner, invited.ID, access.Disable), fault.Missing)
	s.must(s.SetStaffState(ctx, owner, invited.ID, access.Disable))
	s.must(s.SetStaffState(ctx, owner, invited.ID, access.Disable))
	s.must(s.SetStaffState(ctx, owner, invited.ID, access.Close))
	s.refused(s.SetStaffState(ctx, owner, invited.ID, access.Enable), statemachine.IllegalTransition)
	made, fresh, err := s.EnsureOwner(ctx, access.System("test"), "Owner@example.org", access.NewSecret("another good one"))
	if err != nil || fresh || made.ID != owner.Account {
		t.Errorf("EnsureOwner again: %v, %t, %v", made.ID, fresh, err)
	}
	s.in("owner@example.org", good)
	s.refused(func() error { _, _, err := s.EnsureOwner(ctx, access.System("test"), "x", access.Secret{}); return err }(), fault.Bad)
}

func TestLastOwnerStays(t *testing.T) {
	t.Parallel()
	s := newShop(t, nil)
	one := s.owner("one@example.org")
	ctx := t.Context()
	s.refused(s.SetStaffState(ctx, one, one.Account, access.Disable), access.LastOwner)
	s.refused(s.SetStaff(ctx, one, one.Account, false, nil), access.LastOwner)
	owners := []access.Principal{one}
	for _, email := range []string{"two@example.org", "three@example.org", "four@example.org"} {
		owners = append(owners, s.owner(email))
	}
	var gone atomic.Int64
	var all sync.WaitGroup
	for i := range owners {
		all.Go(func() { // Each one throws the next one out.
			if s.SetStaffState(ctx, owners[i], owners[(i+1)%len(owners)].Account, access.Disable) == nil {
				gone.Add(1)
			}
		})
	}
	all.Wait()
	if gone.Load() != int64(len(owners)-1) {
		t.Errorf("%d of %d owners are gone, want all but one", gone.Load(), len(owners))
	}
}

// Whoever signs in without saying as what is staff, if they are both.
func TestStaffAndCustomerOfOneAddress(t *testing.T) {
	t.Parallel()
	s := newShop(t, nil)
	s.customer("ada@example.org")
	s.owner("ada@example.org")
	for kind, want := range map[access.Kind]access.PrincipalKind{
		"": access.PrincipalStaff, access.ForCustomer: access.PrincipalCustomer, access.ForStaff: access.PrincipalStaff,
	} {
		in, err := s.SignIn(t.Context(), access.SignInRequest{Kind: kind, Email: "ada@example.org", Password: access.NewSecret(good)})
		s.must(err)
		if in.Principal.Kind != want {
			t.Errorf("as %q: a %s, want a %s", kind, in.Principal.Kind, want)
		}
	}
}

func TestAPIKeys(t *testing.T) {
	t.Parallel()
	s := newShop(t, nil)
	owner := s.owner("owner@example.org")
	ctx := t.Context()
	r := access.KeyRequest{Name: "Warehouse", Scopes: []access.Permission{access.StockWrite, access.StockRead}, ExpiresAt: day.Add(time.Hour)}
	k, text, err := s.CreateKey(ctx, owner, r)
	s.must(err)
	p, err := s.Authenticate(ctx, text)
	s.must(err)
	if p.Kind != access.PrincipalKey || p.Key != k.ID || !p.Can(access.StockWrite) || p.Can(access.OrdersRead) || p.Actor().ID != k.ID.String() {
		t.Errorf("the principal is %+v", p)
	}
	s.clock.advance(time.Minute)
	_, err = s.Authenticate(ctx, text)
	s.must(err)
	keys, err := s.Keys(ctx, owner)
	s.must(err)
	if len(keys) != 1 || !keys[0].UsedAt.Equal(day) || keys[0].Hint != text.Reveal()[:8] || keys[0].CreatedBy != owner.Staff.String() {
		t.Errorf("the keys are %+v", keys)
	}
	s.must(s.RevokeKey(ctx, owner, k.ID))
	s.must(s.RevokeKey(ctx, owner, k.ID))
	if s.lets(text) {
		t.Error("a revoked key lets in")
	}
	s.refused(s.RevokeKey(ctx, owner, ref.NewID[ref.APIKeyKind](ref.UUID{9})), fault.Missing)
	r.ExpiresAt = s.clock.Now().Add(time.Hour)
	_, text, err = s.CreateKey(ctx, owner, r)
	s.must(err)
	s.clock.advance(time.Hour)
	if s.lets(text) {
		t.Error("an expired key lets in")
	}
	for _, broken := range []access.KeyRequest{
		{Name: "", Scopes: r.Scopes, ExpiresAt: s.clock.Now().Add(time.Hour)},
		{Name: "K", ExpiresAt: s.clock.Now().Add(time.Hour)},
		{Name: "K", Scopes: []access.Permission{"orders.eat"}, ExpiresAt: s.clock.Now().Add(time.Hour)},
		{Name: "K", Scopes: []access.Permission{access.StockRead, access.StockRead}, ExpiresAt: s.clock.Now().Add(time.Hour)},
		{Name: "K", Scopes: r.Scopes},
		{Name: "K", Scopes: r.Scopes, ExpiresAt: s.clock.Now().Add(access.KeyTTLMax + time.Second)},
	} {
		s.refused(third(s.CreateKey(ctx, owner, broken)), fault.Bad)
	}
}

func TestKeyOfTheStart(t *testing.T) {
	t.Parallel()
	s := newShop(t, nil)
	text := access.NewSecret("chosen-by-an-operator-1")
	for range 2 {
		s.must(s.EnsureKey(t.Context(), access.System("test"), "start", text))
	}
	p, err := s.Authenticate(t.Context(), text)
	s.must(err)
	if !p.Covers(access.AllPermissions()) {
		t.Errorf("the principal is %+v", p)
	}
	s.refused(s.EnsureKey(t.Context(), access.System("test"), "start", access.NewSecret("short")), fault.Bad)
	s.clock.advance(100 * 365 * 24 * time.Hour)
	if !s.lets(text) {
		t.Error("the key of the start expired")
	}
}

func TestAudit(t *testing.T) {
	t.Parallel()
	s := newShop(t, nil)
	owner := s.owner("owner@example.org")
	ctx := t.Context()
	r := s.role(owner, access.OrdersRead)
	r.Permissions = []access.Permission{access.OrdersRead, access.AuditRead}
	r, err := s.SaveRole(ctx, owner, r)
	s.must(err)
	same, err := s.SaveRole(ctx, owner, r) // Nothing changes, so nothing is entered.
	if err != nil || same.Version != r.Version {
		t.Errorf("saved again: %+v, %v", same, err)
	}
	stale := r
	stale.Version = 1
	s.refused(second(s.SaveRole(ctx, owner, stale)), fault.VersionConflict)
	_, bob := s.staff(owner, "bob@example.org", r)
	s.refused(second(s.SaveRole(ctx, bob, r)), access.Denied)
	entries, err := s.Entries(ctx, bob, access.AuditQuery{Limit: 10, Subject: r.ID.String()})
	s.must(err)
	type line struct {
		actor   string
		outcome ports.AuditOutcome
		code    string
		changes int
	}
	var got []line
	for _, e := range entries {
		if e.Action != "access.role_saved" {
			t.Errorf("the action is %s", e.Action)
		}
		got = append(got, line{e.Actor.ID, e.Outcome, e.Code, len(e.Changes)})
	}
	want := []line{
		{bob.Staff.String(), ports.AuditRefused, "denied", 0},
		{owner.Staff.String(), ports.AuditRefused, "version_conflict", 0},
		{owner.Staff.String(), ports.AuditDone, "", 1},
		{owner.Staff.String(), ports.AuditDone, "", 2},
	}
	if !slices.Equal(got, want) {
		t.Errorf("the entries are %+v, want %+v", got, want)
	}
	if c := entries[2].Changes[0]; c.Field != "permissions" || c.Before != "orders.read" || c.After != "audit.read orders.read" {
		t.Errorf("the change is %+v", c)
	}
	s.refused(second(s.Entries(ctx, bob, access.AuditQuery{})), fault.Bad)
}

func TestAuditedCommandsOfOthers(t *testing.T) {
	t.Parallel()
	s := newShop(t, nil)
	owner := s.owner("owner@example.org")
	ctx := t.Context()
	ran := 0
	run := func(by access.Principal, result error) error {
		return s.Audited(ctx, by, access.OrdersRefund, "ordering.refund", "ord_1", func(context.Context) error {
			ran++
			return result
		})
	}
	s.must(run(owner, nil))
	s.refused(run(owner, fault.VersionConflict.New("no")), fault.VersionConflict)
	s.refused(run(owner, fault.Lost.New("lost")), fault.Lost)
	_, bob := s.staff(owner, "bob@example.org")
	s.refused(run(bob, nil), access.Denied)
	s.refused(run(access.Principal{}, nil), access.Unauthenticated)
	if ran != 3 {
		t.Errorf("the command ran %d times, want 3", ran)
	}
	entries, err := s.Entries(ctx, owner, access.AuditQuery{Limit: 20, Subject: "ord_1"})
	s.must(err)
	slices.Reverse(entries)
	var got []ports.AuditOutcome
	for i, e := range entries {
		got = append(got, e.Outcome)
		if i%2 == 1 && e.Of != entries[i-1].ID {
			t.Errorf("entry %d does not name the one that it ends", i)
		}
	}
	want := []ports.AuditOutcome{
		ports.AuditBegun, ports.AuditDone, ports.AuditBegun, ports.AuditRefused, ports.AuditBegun, ports.AuditUnknown, ports.AuditRefused,
	}
	if !slices.Equal(got, want) {
		t.Errorf("the outcomes are %v, want %v", got, want)
	}
}

func TestAttach(t *testing.T) {
	t.Parallel()
	s := newShop(t, nil)
	a := s.customer("ada@example.org")
	in := s.in("ada@example.org", good)
	cus := ref.NewID[ref.CustomerKind](ref.UUID{1})
	s.must(s.Attach(t.Context(), a.ID, cus))
	s.must(s.Attach(t.Context(), a.ID, cus))
	s.refused(s.Attach(t.Context(), a.ID, ref.NewID[ref.CustomerKind](ref.UUID{2})), access.Attached)
	p, err := s.Authenticate(t.Context(), in.Tokens.Access)
	s.must(err)
	if p.Customer != cus || p.Actor().ID != cus.String() {
		t.Errorf("the principal is %+v", p)
	}
	s.refused(s.SetState(t.Context(), p, a.ID, access.Disable), access.Denied)
	s.must(s.SetState(t.Context(), access.System("test"), a.ID, access.Close))
	closed, err := s.Account(t.Context(), a.ID)
	s.must(err)
	if closed.Email != "" || closed.Name != "" || closed.Password != "" || closed.Customer != cus {
		t.Errorf("closed it is %+v", closed)
	}
}
