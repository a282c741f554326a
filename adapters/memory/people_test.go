package memory_test

import (
	"context"
	"testing"

	"github.com/ipswich-retail/commerce/adapters/memory"
	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/testing/accesstest"
	"github.com/ipswich-retail/commerce/testing/customerstest"
	"github.com/ipswich-retail/commerce/testing/portstest"
)

// told reads all events of a store, for harnesses.
func told(s *memory.Store) func(context.Context) ([]event.Event, error) {
	return func(ctx context.Context) ([]event.Event, error) {
		deliveries, err := s.Outbox().Pending(ctx, "a reader of everything", 1_000_000)
		var out []event.Event
		for _, d := range deliveries {
			out = append(out, d.Event)
		}
		return out, err
	}
}

func openAccess(*testing.T) accesstest.Harness { return accessOf(open()) }

func accessOf(s *memory.Store) accesstest.Harness {
	return accesstest.Harness{
		Committer: s.Access(), Accounts: s.Accounts(), Sessions: s.Sessions(), Roles: s.Roles(), Keys: s.APIKeys(),
		Audit: s.AuditLog(), Events: told(s), Reopen: func(accesstest.TB) accesstest.Harness { return accessOf(s) },
	}
}

func TestAccess(t *testing.T) {
	t.Parallel()
	accesstest.TestCommitter(t, openAccess)
}

func TestAccounts(t *testing.T) {
	t.Parallel()
	accesstest.TestAccounts(t, openAccess)
}

func TestSessions(t *testing.T) {
	t.Parallel()
	accesstest.TestSessions(t, openAccess)
}

func TestRoles(t *testing.T) {
	t.Parallel()
	accesstest.TestRoles(t, openAccess)
}

func TestAPIKeys(t *testing.T) {
	t.Parallel()
	accesstest.TestAPIKeys(t, openAccess)
}

func TestAuditLog(t *testing.T) {
	t.Parallel()
	accesstest.TestAuditLog(t, openAccess)
}

func openCustomers(*testing.T) customerstest.Harness { return customersOf(open()) }

func customersOf(s *memory.Store) customerstest.Harness {
	return customerstest.Harness{
		Committer: s.People(), Customers: s.Customers(), Events: told(s),
		Audit: func(ctx context.Context, subject string) ([]ports.AuditEntry, error) {
			return s.AuditLog().Entries(ctx, access.AuditQuery{Limit: access.PageMax, Subject: subject})
		},
		Reopen: func(customerstest.TB) customerstest.Harness { return customersOf(s) },
	}
}

func TestPeople(t *testing.T) {
	t.Parallel()
	customerstest.TestCommitter(t, openCustomers)
}

func TestCustomers(t *testing.T) {
	t.Parallel()
	customerstest.TestCustomers(t, openCustomers)
}

func TestRateLimiter(t *testing.T) {
	t.Parallel()
	portstest.TestRateLimiter(t, func(*testing.T) portstest.LimiterHarness {
		s := open()
		return portstest.LimiterHarness{Limiter: s.RateLimiter(), Other: s.RateLimiter()}
	})
}
