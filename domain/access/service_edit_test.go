package access_test

import (
	"slices"
	"sync"
	"testing"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// A change of some of what a member of staff may do leaves the rest, and meets the version that was read.
func TestEditStaffAndRoles(t *testing.T) {
	t.Parallel()
	s := newShop(t, nil)
	owner := s.owner("owner@example.org")
	packer, auditor := s.role(owner, access.OrdersFulfil), s.role(owner, access.AuditRead)
	a, _ := s.staff(owner, "bob@example.org", packer)
	yes := true
	now, err := s.EditStaff(t.Context(), owner, a.ID, 0, access.StaffChange{Owner: &yes})
	s.must(err)
	if !now.Staff.Owner || !slices.Equal(now.Staff.Roles, []ref.RoleID{packer.ID}) {
		t.Errorf("the account is %+v", now.Staff)
	}
	_, err = s.EditStaff(t.Context(), owner, a.ID, now.Version-1, access.StaffChange{Roles: &[]ref.RoleID{auditor.ID}})
	s.refused(err, fault.VersionConflict)
	now, err = s.EditStaff(t.Context(), owner, a.ID, now.Version, access.StaffChange{Roles: &[]ref.RoleID{auditor.ID}})
	s.must(err)
	if !now.Staff.Owner || !slices.Equal(now.Staff.Roles, []ref.RoleID{auditor.ID}) {
		t.Errorf("the account is %+v", now.Staff)
	}

	name, perms := "Packing", []access.Permission{access.OrdersFulfil, access.StockRead}
	var all sync.WaitGroup
	all.Go(func() {
		_, err := s.EditRole(t.Context(), owner, packer.ID, 0, access.RoleChange{Name: &name})
		s.must(err)
	})
	all.Go(func() {
		_, err := s.EditRole(t.Context(), owner, packer.ID, 0, access.RoleChange{Permissions: &perms})
		s.must(err)
	})
	all.Wait()
	role, err := s.EditRole(t.Context(), owner, packer.ID, 0, access.RoleChange{Retired: &yes})
	s.must(err)
	if role.Name != name || len(role.Permissions) != 2 || !role.Retired {
		t.Errorf("the role is %+v", role)
	}
	_, err = s.EditRole(t.Context(), owner, packer.ID, role.Version-1, access.RoleChange{Name: &name})
	s.refused(err, fault.VersionConflict)
	_, err = s.EditRole(t.Context(), owner, ref.NewID[ref.RoleKind](ref.UUID{9}), 0, access.RoleChange{Name: &name})
	s.refused(err, fault.Missing)
}

// Who is not of staff is answered like who is not there.
func TestNoStaffIsOneAnswer(t *testing.T) {
	t.Parallel()
	s := newShop(t, nil)
	owner := s.owner("owner@example.org")
	ada := s.customer("ada@example.org")
	for name, errs := range map[string][2]error{
		"state": {s.SetStaffState(t.Context(), owner, ada.ID, access.Disable), s.SetStaffState(t.Context(), owner, ref.NewID[ref.AccountKind](ref.UUID{9}), access.Disable)},
		"roles": {s.SetStaff(t.Context(), owner, ada.ID, false, nil), s.SetStaff(t.Context(), owner, ref.NewID[ref.AccountKind](ref.UUID{9}), false, nil)},
	} {
		if !fault.Is(errs[0], fault.Missing) || errs[0].Error() != errs[1].Error() {
			t.Errorf("%s: %v and %v", name, errs[0], errs[1])
		}
	}
}

// Who is signed in buries no mailbox by asking for another address again and again, be it always another one.
func TestEmailChangesAreLimited(t *testing.T) {
	t.Parallel()
	s := newShop(t, nil)
	s.customer("ada@example.org")
	s.customer("bob@example.org")
	in := s.in("ada@example.org", good)
	for i := range access.MailAttempts.Count {
		s.must(s.RequestEmailChange(t.Context(), in.Principal, access.NewSecret(good), string(rune('a'+i))+"@example.org"))
	}
	s.refused(s.RequestEmailChange(t.Context(), in.Principal, access.NewSecret(good), "z@example.org"), access.RateLimited)
	bob := s.in("bob@example.org", good)
	for range access.MailAttempts.Count - 1 { // The first that Ada asked for was one too.
		s.must(s.RequestEmailChange(t.Context(), bob.Principal, access.NewSecret(good), "a@example.org"))
	}
	err := s.RequestEmailChange(t.Context(), bob.Principal, access.NewSecret(good), "a@example.org")
	s.refused(err, access.RateLimited)
	if after, ok := fault.Of(err).Details()["retry_after"].(int); !ok || after != int(access.MailAttempts.Window.Seconds()) {
		t.Errorf("retry_after is %v", fault.Of(err).Details())
	}
}
