package shoptest

import (
	"fmt"
	"slices"

	"github.com/ipswich-retail/commerce/domain/customers"
	"github.com/ipswich-retail/commerce/ports"
)

// Customer says what customer to make; the zero value is somebody with an address of their own and without an account.
type Customer struct {
	Email  string // "customer-1@example.org" and so on.
	Name   string
	Groups []string // Keys of groups; those that are not there are made.
}

// Customer makes a customer.
func (s *Shop) Customer(t TB, c Customer) customers.Customer {
	t.Helper()
	s.made++
	for _, key := range c.Groups {
		s.group(t, key)
	}
	made, err := s.Customers.Create(t.Context(), builder(), customers.Draft{
		Email: or(c.Email, fmt.Sprintf("customer-%d@example.org", s.made)), Name: or(c.Name, "Ada Byron"), Groups: c.Groups,
	})
	if err != nil {
		t.Fatalf("making a customer: %v", err)
	}
	return made
}

// group makes a group unless it is there.
func (s *Shop) group(t TB, key string) {
	t.Helper()
	groups, err := s.Customers.Groups(t.Context())
	if err == nil && !slices.ContainsFunc(groups, func(g customers.Group) bool { return g.Key == key }) {
		_, err = s.Customers.SaveGroup(t.Context(), builder(), customers.Group{Key: key, Name: key})
	}
	if err != nil {
		t.Fatalf("making the group %s: %v", key, err)
	}
}

// builder is who makes what the builders make.
func builder() ports.Actor { return ports.Actor{Kind: "system", ID: "shoptest"} }
