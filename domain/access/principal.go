package access

import (
	"slices"

	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// PrincipalKind tells what kind of somebody asks.
type PrincipalKind string

// The kinds of principals; none of them is nobody.
const (
	PrincipalCustomer PrincipalKind = "customer"
	PrincipalStaff    PrincipalKind = "staff"
	PrincipalKey      PrincipalKind = "api_key"
	PrincipalSystem   PrincipalKind = "system"
)

// Principal is who asks, as it was proven by a session or a key. It is as good as the moment at which it was made, for
// one request. The zero value is nobody, who may do nothing.
type Principal struct {
	Kind        PrincipalKind
	Account     ref.AccountID
	Session     ref.SessionID
	Customer    ref.CustomerID // Of a customer's session; zero until the customer exists.
	Staff       ref.StaffID
	Key         ref.APIKeyID
	Part        string // Of the system, such as "shop admin create".
	Owner       bool   // Of staff: has every permission, and alone makes owners.
	Permissions []Permission
}

// System is the program itself, which may do everything: for operators at the command line and for jobs.
func System(part string) Principal {
	return Principal{Kind: PrincipalSystem, Part: part, Owner: true, Permissions: AllPermissions()}
}

// Can tells whether the principal has the permission.
func (p Principal) Can(perm Permission) bool { return slices.Contains(p.Permissions, perm) }

// Require refuses who lacks the permission. Errors: Unauthenticated for nobody, Denied with the detail permission.
func (p Principal) Require(perm Permission) error {
	switch {
	case p.Kind == "":
		return Unauthenticated.New("sign in, or send an API key")
	case !p.Can(perm):
		return Denied.Newf("this takes the permission %s", perm).With("permission", string(perm))
	}
	return nil
}

// Covers tells whether the principal has all of the permissions: nobody gives what they have not.
func (p Principal) Covers(perms []Permission) bool {
	return !slices.ContainsFunc(perms, func(perm Permission) bool { return !p.Can(perm) })
}

// Actor is the principal as the audit log names it.
func (p Principal) Actor() ports.Actor {
	a := ports.Actor{Kind: string(p.Kind)}
	switch p.Kind {
	case PrincipalStaff:
		a.ID = p.Staff.String()
	case PrincipalKey:
		a.ID = p.Key.String()
	case PrincipalSystem:
		a.ID = p.Part
	case PrincipalCustomer:
		a.ID = p.Account.String()
		if !p.Customer.IsZero() {
			a.ID = p.Customer.String()
		}
	}
	return a
}

// principalOf is who has a session, given what hangs on it.
func principalOf(i Identity) Principal {
	p := Principal{Account: i.Account.ID, Session: i.Session.ID, Customer: i.Account.Customer, Kind: PrincipalCustomer}
	if s := i.Account.Staff; s != nil {
		p.Kind, p.Staff, p.Owner, p.Permissions = PrincipalStaff, s.ID, s.Owner, Grants(*s, i.Roles)
	}
	return p
}

// Grants are the permissions of a member of staff with these roles: all for an owner, else the union of those of the
// roles that they have and that are not retired.
func Grants(s Staff, roles []Role) []Permission {
	if s.Owner {
		return AllPermissions()
	}
	var lists [][]Permission
	for _, r := range roles {
		if !r.Retired && slices.Contains(s.Roles, r.ID) {
			lists = append(lists, r.Permissions)
		}
	}
	return union(lists...)
}
