package customers

import (
	"fmt"
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/domain/statemachine"
)

// Status is where a customer stands.
type Status string

// The statuses of a customer.
const (
	Guest      Status = "guest"      // Known to the shop, by an import or by hand; without an account.
	Registered Status = "registered" // Has an account and has proven the address.
	Disabled   Status = "disabled"   // May not sign in.
	Erased     Status = "erased"     // For ever: the id stays for the orders that name it, all that was personal is gone.
)

// Event is what happens to a customer.
type Event string

// The events of a customer.
const (
	Register Event = "register"
	Disable  Event = "disable"
	Enable   Event = "enable"
	Erase    Event = "erase"
)

// Machine is the life of a customer.
var Machine = statemachine.Table[Status, Event]{
	Name: "customer", Initial: Guest, Terminal: []Status{Guest, Registered, Disabled, Erased},
	Edges: []statemachine.Edge[Status, Event]{
		{From: Guest, On: Register, To: Registered},
		{From: Guest, On: Erase, To: Erased},
		{From: Registered, On: Disable, To: Disabled},
		{From: Registered, On: Erase, To: Erased},
		{From: Disabled, On: Enable, To: Registered},
		{From: Disabled, On: Erase, To: Erased},
	},
}

// Customer is a person, or a business, that buys. Its methods give the next version and change nothing. Invariants: the
// address is unique among customers that are not erased; at most one default address for each purpose; a reference of a
// source is unique.
type Customer struct {
	ID         ref.CustomerID
	Version    ref.Version
	Status     Status
	Account    ref.AccountID // Who signs in as this customer; zero for a guest.
	Email      ref.Email     // Empty for who has none, such as one from an import.
	VerifiedAt time.Time     // When the present address was proven; zero while it is not.
	Name       string
	Phone      string
	Groups     []string // Keys of groups that the shop put the customer into, sorted.
	References []Reference
	Addresses  []Address
	CreatedAt  time.Time
	UpdatedAt  time.Time
}

// Reference names a customer in another system, such as the one that an import came from. One of a source at most.
type Reference struct {
	Source string `json:"source"`
	Ref    string `json:"ref"`
}

// Verified tells whether the customer has proven the present address.
func (c Customer) Verified() bool { return !c.VerifiedAt.IsZero() }

// Apply gives the customer after the event, in the next version. Erase takes away all that is personal and keeps the
// id, so that orders go on to name somebody. Errors: statemachine.IllegalTransition.
func (c Customer) Apply(on Event, at time.Time) (Customer, error) {
	to, err := Machine.Apply(c.Status, on)
	if err != nil {
		return c, err
	}
	if on == Erase {
		return Customer{ID: c.ID, Version: c.Version + 1, Status: to, CreatedAt: c.CreatedAt, UpdatedAt: ref.Instant(at)}, nil
	}
	out := c.next(at)
	out.Status = to
	return out, nil
}

// next is the customer in its next version, with lists of its own.
func (c Customer) next(at time.Time) Customer {
	c.Version++
	c.UpdatedAt = ref.Instant(at)
	c.Groups, c.References, c.Addresses = slices.Clone(c.Groups), slices.Clone(c.References), slices.Clone(c.Addresses)
	return c
}

// Proven is the customer once the address is proven by who has the account: registered from then on. Again with the same
// it is the same, in the same version. Errors: statemachine.IllegalTransition for one that is erased.
func (c Customer) Proven(account ref.AccountID, email ref.Email, at time.Time) (Customer, error) {
	if c.Status != Guest && c.Account == account && c.Email == email && c.Verified() {
		return c, nil
	}
	out := c.next(at)
	if c.Status == Guest {
		to, err := Machine.Apply(c.Status, Register)
		if err != nil {
			return c, err
		}
		out.Status = to
	} else if c.Status == Erased {
		return c, fault.Missing.New("the customer was erased")
	}
	out.Account, out.Email, out.VerifiedAt = account, email, ref.Instant(at)
	return out, nil
}

// Validate checks every rule of a customer and reports all violations at once, each with its field. Errors: Bad.
func (c Customer) Validate() error {
	var out []*fault.Error
	add := func(field, rule string) {
		if rule != "" {
			out = append(out, Rule.New(rule).At(field))
		}
	}
	add("name", textRule(c.Name, false, NameMax))
	add("phone", textRule(c.Phone, false, NameMax))
	if len(c.Groups) > MembershipMax {
		add("groups", fmt.Sprintf("a customer is in %d groups at most", MembershipMax))
	}
	if len(c.References) > ReferencesMax {
		add("references", fmt.Sprintf("a customer has %d references at most", ReferencesMax))
	}
	sources := map[string]bool{}
	for i, r := range c.References {
		at := fmt.Sprintf("references[%d]", i)
		add(at+".source", textRule(r.Source, true, SourceMax))
		add(at+".ref", textRule(r.Ref, true, ReferenceMax))
		if sources[r.Source] {
			add(at+".source", "a customer has one reference of a source")
		}
		sources[r.Source] = true
	}
	return fault.Collect(append(out, addressBook(c.Addresses)...))
}
