package access

import (
	"context"
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// SaveRole makes a role (Version 0; of a zero ID a fresh one) or replaces the version that it was read with, and gives it back as stored. It takes
// effect with the next request of who has the role. Nobody makes, changes or retires a role with a permission that they
// lack. Errors: Unauthenticated, Denied, Bad with fields, fault.Missing, fault.VersionConflict; kinds Unavailable and
// Unknown.
func (s *Service) SaveRole(ctx context.Context, by Principal, r Role) (Role, error) {
	expected := r.Version
	if expected == 0 && r.ID.IsZero() {
		r.ID = ref.NewID[ref.RoleKind](s.parts.IDs.New())
	}
	var out Role
	err := s.administer(ctx, by, RolesWrite, "access.role_saved", r.ID.String(), func(now time.Time) (act, error) {
		roles, err := s.parts.Roles.Roles(ctx)
		if err != nil {
			return act{}, err
		}
		var before Role
		if i := slices.IndexFunc(roles, func(stored Role) bool { return stored.ID == r.ID }); i >= 0 {
			before = roles[i]
		}
		switch {
		case expected != 0 && before.Version == 0:
			return act{}, fault.Missing.New("there is no such role")
		case before.Version != expected:
			return act{}, outdated{fault.VersionConflict.New("the role was changed meanwhile; read it again")}
		case expected == 0 && len(roles) >= RolesMax:
			return act{}, fault.Collect([]*fault.Error{Rule.Newf("a shop has at most %d roles", RolesMax).At("name")})
		}
		if err := r.Validate(); err != nil {
			return act{}, err
		}
		if !by.Covers(union(r.Permissions)) || !by.Covers(union(before.Permissions)) {
			return act{}, Denied.New("nobody gives or takes a permission that they lack")
		}
		out = r
		out.Permissions = union(r.Permissions)
		out.Version, out.CreatedAt, out.UpdatedAt = expected+1, before.CreatedAt, now
		if expected == 0 {
			out.CreatedAt = now
		}
		changes := changed("name", before.Name, out.Name)
		changes = append(changes, changed("permissions", listed(before.Permissions), listed(out.Permissions))...)
		changes = append(changes, changed("retired", yesNo(before.Retired), yesNo(out.Retired))...)
		if len(changes) == 0 {
			out = before
			return act{}, nil
		}
		return act{
			commit:  Commit{Roles: []Write[Role]{{State: out, Expected: expected}}, Events: s.events(r.ID.String(), now, RoleSaved{Role: r.ID})},
			changes: changes,
		}, nil
	})
	return out, err
}

// RoleChange is a change of some of a role; nil leaves a field as it is.
type RoleChange struct {
	Name        *string
	Permissions *[]Permission
	Retired     *bool
}

// EditRole is SaveRole for some of a role, of the version that was read or, with 0, of whichever there is. Errors: those
// of SaveRole.
func (s *Service) EditRole(ctx context.Context, by Principal, id ref.RoleID, expected ref.Version, change RoleChange) (Role, error) {
	for attempt := 1; ; attempt++ {
		roles, err := s.parts.Roles.Roles(ctx)
		if err != nil {
			return Role{}, err
		}
		r := Role{ID: id, Version: 1} // Which SaveRole finds missing.
		if i := slices.IndexFunc(roles, func(stored Role) bool { return stored.ID == id }); i >= 0 {
			r = roles[i]
		}
		if expected != 0 {
			r.Version = expected
		}
		out, err := s.SaveRole(ctx, by, change.of(r))
		if expected != 0 || attempt == tries || !fault.Is(err, fault.VersionConflict) {
			return out, err
		}
	}
}

// of is the role as the change makes it.
func (c RoleChange) of(r Role) Role {
	if c.Name != nil {
		r.Name = *c.Name
	}
	if c.Permissions != nil {
		r.Permissions = *c.Permissions
	}
	if c.Retired != nil {
		r.Retired = *c.Retired
	}
	return r
}

// Roles lists the roles, retired ones too, oldest first. Errors: Unauthenticated, Denied; kind Unavailable.
func (s *Service) Roles(ctx context.Context, by Principal) ([]Role, error) {
	if err := by.Require(StaffRead); err != nil {
		return nil, err
	}
	return s.parts.Roles.Roles(ctx)
}
