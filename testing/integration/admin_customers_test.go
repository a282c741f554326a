package integration_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/ipswich-retail/commerce/domain/ref"
)

// turnsAway disables a customer who has an account, and lets them in again.
func (c *counter) turnsAway(t *testing.T) {
	t.Helper()
	p, err := c.Shop.Services.Customers.Ensure(t.Context(), ref.CustomerID{}, ref.NewID[ref.AccountKind](c.IDs.New()), "ada@example.org", "Ada")
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct{ on, status string }{{"disable", "disabled"}, {"enable", "registered"}} {
		for _, key := range []string{"one", "one", "two"} { // Again, and once more as another command: it is there already.
			a := c.asks(t, "ada", step.on+key, errand{path: "/customers/" + p.ID.String() + "/" + step.on})
			var got struct{ Status string }
			if err := json.Unmarshal(a.body, &got); err != nil || a.status != http.StatusOK || got.Status != step.status {
				t.Errorf("%s: %d %s", step.on, a.status, a.body)
			}
		}
	}
	stored, err := c.Shop.Services.Customers.Customer(t.Context(), p.ID)
	if err != nil || stored.Version != p.Version+2 {
		t.Errorf("the customer is %+v, %v", stored, err)
	}
}

// TestStaffTurnACustomerAway goes through the states of a customer with an account on both stores.
func TestStaffTurnACustomerAway(t *testing.T) {
	t.Parallel()
	onCounters(t, func(t *testing.T, c *counter) { c.turnsAway(t) })
}

// seenCustomers gives the lines of coverage that need a customer who has proven their address.
func seenCustomers(t *testing.T) []string {
	t.Helper()
	newCounter(t, nil).turnsAway(t)
	return []string{"POST /api/v1/admin/customers/{customer}/disable 200", "POST /api/v1/admin/customers/{customer}/enable 200"}
}
