package customers_test

import (
	"slices"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/customers"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

func TestMachine(t *testing.T) {
	t.Parallel()
	for _, found := range customers.Machine.Check() {
		t.Error(found)
	}
}

func TestScopeGroupsNeedAProof(t *testing.T) {
	t.Parallel()
	groups := []customers.Group{{Key: "trade"}, {Key: "old", Archived: true}, {Key: "other"}}
	c := customers.Customer{Status: customers.Registered, VerifiedAt: day, Groups: []string{"old", "trade"}}
	if got := customers.ScopeGroups(c, groups); !slices.Equal(got, []string{"trade"}) {
		t.Errorf("the groups are %v", got)
	}
	for name, broken := range map[string]func(c *customers.Customer){
		"not verified": func(c *customers.Customer) { c.VerifiedAt = time.Time{} },
		"a guest":      func(c *customers.Customer) { c.Status = customers.Guest },
		"disabled":     func(c *customers.Customer) { c.Status = customers.Disabled },
	} {
		other := c
		broken(&other)
		if got := customers.ScopeGroups(other, groups); len(got) != 0 {
			t.Errorf("%s: the groups are %v", name, got)
		}
	}
}

func TestDecide(t *testing.T) {
	t.Parallel()
	id := func(n byte) ref.CustomerID { return ref.NewID[ref.CustomerKind](ref.UUID{n}) }
	customer := func(n byte, v ref.Version, email ref.Email, refs ...customers.Reference) customers.Customer {
		return customers.Customer{ID: id(n), Version: v, Status: customers.Guest, Email: email, References: refs}
	}
	writes := func(states ...customers.Customer) customers.Commit {
		var c customers.Commit
		for _, s := range states {
			c.Customers = append(c.Customers, customers.Write[customers.Customer]{State: s, Expected: s.Version - 1})
		}
		return c
	}
	group := func(v, expected ref.Version) customers.Commit {
		return customers.Commit{Groups: []customers.Write[customers.Group]{{State: customers.Group{Key: "trade", Version: v}, Expected: expected}}}
	}
	old := customers.Reference{Source: "old", Ref: "1"}
	stored := customers.Facts{
		Customers:  map[ref.CustomerID]ref.Version{id(1): 1, id(2): 1},
		Emails:     map[ref.Email]ref.CustomerID{"a@example.org": id(1), "b@example.org": id(2)},
		References: map[customers.Reference]ref.CustomerID{old: id(1)},
		Groups:     map[string]ref.Version{"trade": 2},
	}
	erased := customer(3, 1, "a@example.org")
	erased.Status = customers.Erased
	for name, c := range map[string]struct {
		commit customers.Commit
		want   string
	}{
		"nothing":                  {customers.Commit{}, ""},
		"a new customer":           {writes(customer(3, 1, "c@example.org")), ""},
		"two without an address":   {writes(customer(3, 1, ""), customer(4, 1, "")), ""},
		"no id":                    {writes(customers.Customer{Version: 1}), "malformed_customers_commit"},
		"the same twice":           {writes(customer(1, 2, ""), customer(1, 2, "")), "malformed_customers_commit"},
		"new and there":            {writes(customer(1, 1, "")), "version_conflict"},
		"the own address":          {writes(customer(1, 2, "a@example.org", old)), ""},
		"another's address":        {writes(customer(3, 1, "a@example.org")), "customer_email_taken"},
		"of one that is erased":    {writes(erased), ""},
		"one address twice":        {writes(customer(3, 1, "c@example.org"), customer(4, 1, "c@example.org")), "customer_email_taken"},
		"an exchange of addresses": {writes(customer(1, 2, "b@example.org"), customer(2, 2, "a@example.org")), ""},
		"another's reference":      {writes(customer(3, 1, "", old)), "external_ref_taken"},
		"a reference that moves":   {writes(customer(1, 2, ""), customer(2, 2, "", old)), ""},
		"one reference twice":      {writes(customer(3, 1, "", customers.Reference{Source: "x"}), customer(4, 1, "", customers.Reference{Source: "x"})), "external_ref_taken"},
		"a group without a key":    {customers.Commit{Groups: []customers.Write[customers.Group]{{State: customers.Group{Version: 1}}}}, "malformed_customers_commit"},
		"a group that is there":    {group(1, 0), "group_taken"},
		"an old group":             {group(2, 1), "version_conflict"},
		"a group":                  {group(3, 2), ""},
	} {
		got := ""
		if err := customers.Decide(c.commit, stored); err != nil {
			got = fault.CodeOf(err)
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestValidateFindsABrokenBook(t *testing.T) {
	t.Parallel()
	one, two := home(), home()
	one.ID, two.ID = ref.NewID[ref.AddressKind](ref.UUID{1}), ref.NewID[ref.AddressKind](ref.UUID{1})
	one.DefaultBilling, two.DefaultBilling = true, true
	c := customers.Customer{Addresses: []customers.Address{one, two}, Groups: make([]string, customers.MembershipMax+1), References: make([]customers.Reference, customers.ReferencesMax+1)}
	want := map[string]bool{"addresses": true, "addresses[1].id": true, "groups": true, "references": true}
	for _, field := range fields(c.Validate()) {
		delete(want, field)
	}
	if len(want) > 0 {
		t.Errorf("nothing was found wrong with %v", want)
	}
}
