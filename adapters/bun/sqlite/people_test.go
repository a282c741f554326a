package sqlite_test

import (
	"context"
	"testing"

	"github.com/ipswich-retail/commerce/adapters/bun/sqlite"
	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/testing/accesstest"
	"github.com/ipswich-retail/commerce/testing/customerstest"
	"github.com/ipswich-retail/commerce/testing/portstest"
)

// accessOn is the harness of access's suites over a file, whose data stay when the store is closed.
func accessOn(t *testing.T, cfg sqlite.Config) accesstest.Harness {
	t.Helper()
	s := open(t, cfg)
	return accesstest.Harness{
		Committer: s.Access(), Accounts: s.Accounts(), Sessions: s.Sessions(), Roles: s.Accounts(), Keys: s.Accounts(), Audit: s.AuditLog(),
		Events: func(ctx context.Context) ([]event.Event, error) { return eventsOf(ctx, s) },
		Reopen: func(accesstest.TB) accesstest.Harness {
			s.Close()
			return accessOn(t, cfg)
		},
	}
}

// customersOn is the harness of customers' suites over a file, whose data stay when the store is closed.
func customersOn(t *testing.T, cfg sqlite.Config) customerstest.Harness {
	t.Helper()
	s := open(t, cfg)
	return customerstest.Harness{
		Committer: s.People(), Customers: s.Customers(), Events: func(ctx context.Context) ([]event.Event, error) { return eventsOf(ctx, s) },
		Audit: func(ctx context.Context, subject string) ([]ports.AuditEntry, error) {
			return s.AuditLog().Entries(ctx, access.AuditQuery{Limit: access.PageMax, Subject: subject})
		},
		Reopen: func(customerstest.TB) customerstest.Harness {
			s.Close()
			return customersOn(t, cfg)
		},
	}
}

func staff(t *testing.T) accesstest.Harness        { t.Helper(); return accessOn(t, shop(t)) }
func customers(t *testing.T) customerstest.Harness { t.Helper(); return customersOn(t, shop(t)) }

func TestAccess(t *testing.T)    { t.Parallel(); accesstest.TestCommitter(t, staff) }
func TestAccounts(t *testing.T)  { t.Parallel(); accesstest.TestAccounts(t, staff) }
func TestSessions(t *testing.T)  { t.Parallel(); accesstest.TestSessions(t, staff) }
func TestRoles(t *testing.T)     { t.Parallel(); accesstest.TestRoles(t, staff) }
func TestAPIKeys(t *testing.T)   { t.Parallel(); accesstest.TestAPIKeys(t, staff) }
func TestAuditLog(t *testing.T)  { t.Parallel(); accesstest.TestAuditLog(t, staff) }
func TestPeople(t *testing.T)    { t.Parallel(); customerstest.TestCommitter(t, customers) }
func TestCustomers(t *testing.T) { t.Parallel(); customerstest.TestCustomers(t, customers) }

// TestRateLimiter counts in two stores of one file, as two programs would.
func TestRateLimiter(t *testing.T) {
	t.Parallel()
	portstest.TestRateLimiter(t, func(t *testing.T) portstest.LimiterHarness {
		t.Helper()
		cfg := shop(t)
		return portstest.LimiterHarness{Limiter: open(t, cfg).RateLimiter(), Other: open(t, cfg).RateLimiter()}
	})
}
