package integration_test

import (
	"strconv"
	"sync"
	"testing"

	"github.com/ipswich-retail/commerce/adapters/bun/postgres"
	"github.com/ipswich-retail/commerce/adapters/memory"
	"github.com/ipswich-retail/commerce/adapters/system"
	"github.com/ipswich-retail/commerce/domain/customers"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// TestCustomerChangedByMany changes one customer from several sides at once, in the ways that write most: each change
// that names no version is made, whatever the others do.
func TestCustomerChangedByMany(t *testing.T) {
	t.Parallel()
	clock, ids := system.NewClock(), system.NewIDs()
	inMemory := memory.New(clock, nil)
	stores := map[string]*customers.Service{"memory": customers.NewService(inMemory.Customers(), inMemory.People(), clock, ids)}
	if needsDatabase(t) {
		s := openPostgres(t, postgres.Config{DSN: database(t), Conns: 8})
		stores["postgres"] = customers.NewService(s.Customers(), s.People(), clock, ids)
	}
	for name, s := range stores {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const sides, rounds = 8, 12
			by := ports.Actor{Kind: "system", ID: "test"}
			for _, key := range []string{"a", "b"} {
				if _, err := s.SaveGroup(t.Context(), by, customers.Group{Key: key, Name: key}); err != nil {
					t.Fatal(err)
				}
			}
			c, err := s.Create(t.Context(), by, customers.Draft{Email: "ada@example.org", Name: "Ada"})
			if err != nil {
				t.Fatal(err)
			}
			var all sync.WaitGroup
			for side := range sides {
				all.Go(func() {
					for round := range rounds {
						note := strconv.Itoa(side) + "-" + strconv.Itoa(round)
						draft := customers.Draft{Email: "ada@example.org", Name: note, Groups: []string{"a", "b"}[:side%3], References: []customers.Reference{{Source: "erp", Ref: note}}}
						if _, err := s.Edit(t.Context(), by, c.ID, 0, draft); err != nil {
							t.Errorf("change %s: %v", note, err)
						}
						if err := s.RecordConsent(t.Context(), customers.Consent{Customer: c.ID, Purpose: "newsletter", Given: round%2 == 0, Source: "test"}); err != nil {
							t.Errorf("consent %s: %v", note, err)
						}
					}
				})
			}
			all.Wait()
			now, err := s.Customer(t.Context(), c.ID)
			if err != nil || now.Version != ref.Version(sides*rounds)+c.Version {
				t.Errorf("after %d changes of version %d it has %d, %v", sides*rounds, c.Version, now.Version, err)
			}
		})
	}
}
