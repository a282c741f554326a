package fiberhttp

import (
	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/customers"
)

// me is who is signed in, to themselves.
type me struct {
	ID          string   `json:"id" example:"cus_01jd8x5v9ke2vbrwkxtq4m6h3m" doc:"Of the customer or the member of staff."`
	Kind        string   `json:"kind" enum:"customer,staff"`
	Version     int64    `json:"version" doc:"Counts the changes of the profile; for If-Match."`
	Email       string   `json:"email"`
	NewEmail    *string  `json:"new_email" doc:"Waits for its proof; until then the present address stands."`
	Name        string   `json:"name"`
	Phone       string   `json:"phone"`
	Owner       bool     `json:"owner" doc:"Of staff: has every permission."`
	Permissions []string `json:"permissions" doc:"Of staff: what they may do."`
}

// meOf shows somebody to themselves. Who buys has a profile of their own; of staff the account is all there is.
func meOf(p access.Principal, a access.Account, c customers.Customer) me {
	out := me{Kind: string(p.Kind), Version: int64(a.Version), Email: a.Email.String(), Name: a.Name, Owner: p.Owner, Permissions: texts(p.Permissions)}
	if !a.NewEmail.IsZero() {
		pending := a.NewEmail.String()
		out.NewEmail = &pending
	}
	switch {
	case p.Kind == access.PrincipalStaff:
		out.ID = p.Staff.String()
	case c.ID.IsZero(): // The customer is made when the address was proven, at most a moment ago.
		out.ID = a.ID.String()
	default:
		out.ID, out.Name, out.Phone, out.Version = c.ID.String(), c.Name, c.Phone, int64(c.Version)
	}
	return out
}

// texts are a list of names as plain texts, never null.
func texts[T ~string](names []T) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = string(n)
	}
	return out
}
