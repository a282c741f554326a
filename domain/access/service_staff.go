package access

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// StaffRequest asks for a member of staff.
type StaffRequest struct {
	ID    ref.AccountID // Of the account, from a caller who may have to look for it later; zero for a fresh one.
	Email string
	Name  string
	Owner bool
	Roles []ref.RoleID
	// Password is a first one, for the start of a shop; without it the account waits for the reset mail that is asked for,
	// whose link proves the address and lets its owner choose.
	Password Secret
}

// AddStaff makes an account for a member of staff. Nobody gives a permission that they lack, and owners alone make
// owners. Errors: Unauthenticated, Denied, Bad with fields, EmailTaken; kinds Unavailable and Unknown.
func (s *Service) AddStaff(ctx context.Context, by Principal, r StaffRequest) (Account, error) {
	var out Account
	id := cmp.Or(r.ID, ref.NewID[ref.AccountKind](s.parts.IDs.New()))
	staff := Staff{ID: ref.NewID[ref.StaffKind](s.parts.IDs.New()), Owner: r.Owner, Roles: slices.Clone(r.Roles)}
	hash := ""
	err := s.administer(ctx, by, StaffWrite, "access.staff_added", id.String(), func(now time.Time) (act, error) {
		address, violations := email(r.Email)
		violations = append(violations, nameRule(r.Name)...)
		if !r.Password.IsZero() {
			violations = append(violations, passwordRule(r.Password, r.Email)...)
		}
		rules, err := s.givable(ctx, by, Staff{}, staff)
		if violations = append(violations, rules...); err == nil {
			err = fault.Collect(violations)
		}
		if err != nil {
			return act{}, err
		}
		out = Account{
			ID: id, Version: 1, Kind: ForStaff, State: AccountMachine.Initial, Email: address, Name: r.Name,
			Staff: &staff, CreatedAt: now, UpdatedAt: now,
		}
		events := s.events(id.String(), now, AccountRegistered{Account: id, Kind: ForStaff}, StaffChanged{Account: id, Staff: staff.ID})
		if r.Password.IsZero() {
			events = append(events, s.events(id.String(), now, ResetRequested{Account: id})...)
		} else {
			if hash == "" {
				if hash, err = s.parts.Hasher.Hash(ctx, r.Password); err != nil {
					return act{}, err
				}
			}
			out.Password, out.State = hash, Active
		}
		return act{
			commit:  Commit{Accounts: []Write[Account]{{State: out}}, Events: events},
			changes: staffChanges(Staff{}, staff),
		}, nil
	})
	if err != nil {
		return Account{}, err
	}
	return out, nil
}

// SetStaff gives a member of staff other roles, or makes or unmakes an owner; it takes effect with their next request.
// Nobody gives or takes a permission that they lack, and owners alone change owners. Errors: Unauthenticated, Denied,
// fault.Missing, Bad with fields, LastOwner; kinds Unavailable and Unknown.
func (s *Service) SetStaff(ctx context.Context, by Principal, id ref.AccountID, owner bool, roles []ref.RoleID) error {
	_, err := s.EditStaff(ctx, by, id, 0, StaffChange{Owner: &owner, Roles: &roles})
	return err
}

// StaffChange is a change of what a member of staff may do; nil leaves a field as it is.
type StaffChange struct {
	Owner *bool
	Roles *[]ref.RoleID
}

// EditStaff is SetStaff for some of it, of the version of the account that was read or, with 0, of whichever there is. It
// gives the account as it is then. Errors: those of SetStaff, fault.VersionConflict.
func (s *Service) EditStaff(ctx context.Context, by Principal, id ref.AccountID, expected ref.Version, change StaffChange) (Account, error) {
	var out Account
	err := s.administer(ctx, by, StaffWrite, "access.staff_changed", id.String(), func(now time.Time) (act, error) {
		a, err := s.staff(ctx, id)
		if err != nil {
			return act{}, err
		}
		if out = a; expected != 0 && expected != a.Version {
			return act{}, outdated{fault.VersionConflict.New("the account was changed meanwhile; read it again")}
		}
		after := Staff{ID: a.Staff.ID, Owner: a.Staff.Owner, Roles: slices.Clone(a.Staff.Roles)}
		if change.Owner != nil {
			after.Owner = *change.Owner
		}
		if change.Roles != nil {
			after.Roles = slices.Clone(*change.Roles)
		}
		violations, err := s.givable(ctx, by, *a.Staff, after)
		if err == nil {
			err = fault.Collect(violations)
		}
		changes := staffChanges(*a.Staff, after)
		if err != nil || len(changes) == 0 {
			return act{}, err
		}
		next := a.next(now)
		next.Staff = &after
		out = next
		return act{
			commit: Commit{
				Accounts: []Write[Account]{{State: next, Expected: a.Version}},
				Events:   s.events(id.String(), now, StaffChanged{Account: id, Staff: after.ID}),
			},
			changes: changes,
		}, nil
	})
	return out, err
}

// SetStaffState disables, enables or closes the account of a member of staff; all sessions end when it is disabled or
// closed. Owners alone do it to owners. Errors: Unauthenticated, Denied, fault.Missing, LastOwner,
// statemachine.IllegalTransition; kinds Unavailable and Unknown.
func (s *Service) SetStaffState(ctx context.Context, by Principal, id ref.AccountID, on AccountEvent) error {
	err := s.setState(ctx, by, StaffWrite, id, on, func(a Account) error {
		if a.Staff == nil {
			return noStaff()
		}
		if a.Staff.Owner && !by.Owner {
			return Denied.New("owners alone change owners")
		}
		return nil
	})
	if fault.Is(err, fault.Missing) {
		return noStaff()
	}
	return err
}

// noStaff is the one answer for an account that is not of staff and for one that there is not.
func noStaff() error { return fault.Missing.New("there is no such member of staff") }

// Staff lists the accounts of staff, oldest first. Errors: Unauthenticated, Denied; kind Unavailable.
func (s *Service) Staff(ctx context.Context, by Principal) ([]Account, error) {
	if err := by.Require(StaffRead); err != nil {
		return nil, err
	}
	return s.parts.Accounts.Staff(ctx)
}

// staff reads an account of staff.
func (s *Service) staff(ctx context.Context, id ref.AccountID) (Account, error) {
	a, err := s.parts.Accounts.Account(ctx, id)
	if fault.Is(err, fault.Missing) || err == nil && a.Staff == nil {
		return Account{}, noStaff()
	}
	return a, err
}

// givable refuses what the principal cannot give or take away, and roles that there are not.
func (s *Service) givable(ctx context.Context, by Principal, before, after Staff) ([]*fault.Error, error) {
	if (before.Owner || after.Owner) && !by.Owner {
		return nil, Denied.New("owners alone make and change owners")
	}
	roles, err := s.parts.Roles.Roles(ctx)
	if err != nil {
		return nil, err
	}
	var violations []*fault.Error
	if len(after.Roles) > RolesMax {
		violations = append(violations, Rule.Newf("at most %d roles", RolesMax).At("roles"))
	}
	seen := map[ref.RoleID]bool{}
	for _, id := range after.Roles {
		i := slices.IndexFunc(roles, func(r Role) bool { return r.ID == id && !r.Retired })
		if i < 0 || seen[id] {
			violations = append(violations, Rule.New("a role is one that there is, and named once").At("roles"))
		}
		seen[id] = true
	}
	// What both have is neither given nor taken.
	moved := func(s, other Staff) Staff {
		return Staff{Roles: slices.DeleteFunc(slices.Clone(s.Roles), func(id ref.RoleID) bool { return slices.Contains(other.Roles, id) })}
	}
	if !by.Covers(Grants(moved(after, before), roles)) || !by.Covers(Grants(moved(before, after), roles)) {
		return nil, Denied.New("nobody gives or takes a permission that they lack")
	}
	return violations, nil
}

// staffChanges are what differs, for the audit log.
func staffChanges(before, after Staff) []ports.AuditChange {
	texts := func(s Staff) []string {
		out := make([]string, len(s.Roles))
		for i, r := range s.Roles {
			out[i] = r.String()
		}
		return out
	}
	return append(changed("owner", yesNo(before.Owner), yesNo(after.Owner)), changed("roles", listed(texts(before)), listed(texts(after)))...)
}

// NewPassword makes a password for who is to choose their own soon: 160 random bits.
func (s *Service) NewPassword() Secret { return mint("", s.parts.IDs.Secret()) }

// EnsureOwner makes an owner with the address unless it has an account of staff, and tells whether it did: for the start
// of a shop. One that is there keeps its password. Errors: those of AddStaff.
func (s *Service) EnsureOwner(ctx context.Context, by Principal, address string, password Secret) (Account, bool, error) {
	parsed, violations := email(address)
	if err := fault.Collect(violations); err != nil {
		return Account{}, false, err
	}
	for range tries {
		a, err := s.accountOf(ctx, parsed, ForStaff)
		if err != nil {
			return Account{}, false, err
		}
		if a != nil {
			return *a, false, nil
		}
		made, err := s.AddStaff(ctx, by, StaffRequest{Email: address, Name: "Owner", Owner: true, Password: password})
		if err == nil {
			return made, true, nil
		}
		if !fault.Is(err, EmailTaken) { // Another process started at the same time.
			return Account{}, false, err
		}
	}
	return Account{}, false, fault.VersionConflict.New("the owner was made and removed meanwhile")
}
