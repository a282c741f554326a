package memory

import (
	"slices"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/customers"
)

func copyAccount(a access.Account) access.Account {
	a.Staff = copyOf(a.Staff)
	if a.Staff != nil {
		a.Staff.Roles = slices.Clone(a.Staff.Roles)
	}
	return a
}

func copyRole(r access.Role) access.Role {
	r.Permissions = slices.Clone(r.Permissions)
	return r
}

func copyKey(k access.APIKey) access.APIKey {
	k.Scopes = slices.Clone(k.Scopes)
	return k
}

func copyCustomer(c customers.Customer) customers.Customer {
	c.Groups, c.References, c.Addresses = slices.Clone(c.Groups), slices.Clone(c.References), slices.Clone(c.Addresses)
	return c
}
