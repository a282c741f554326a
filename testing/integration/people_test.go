package integration_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/adapters/bun/postgres"
	"github.com/ipswich-retail/commerce/adapters/memory"
	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/testing/accesstest"
	"github.com/ipswich-retail/commerce/testing/customerstest"
	"github.com/ipswich-retail/commerce/testing/portstest"
)

// peopleSuites are the suites of the ports of people: who buys and who works here.
var peopleSuites = []suite{
	{"access committer", func(t *testing.T, s store, seen *subtests) {
		t.Helper()
		accesstest.TestCommitter(t, noted(seen, t, s.access))
	}},
	{"access accounts", func(t *testing.T, s store, seen *subtests) {
		t.Helper()
		accesstest.TestAccounts(t, noted(seen, t, s.access))
	}},
	{"access sessions", func(t *testing.T, s store, seen *subtests) {
		t.Helper()
		accesstest.TestSessions(t, noted(seen, t, s.access))
	}},
	{"access roles", func(t *testing.T, s store, seen *subtests) {
		t.Helper()
		accesstest.TestRoles(t, noted(seen, t, s.access))
	}},
	{"access keys", func(t *testing.T, s store, seen *subtests) {
		t.Helper()
		accesstest.TestAPIKeys(t, noted(seen, t, s.access))
	}},
	{"access audit log", func(t *testing.T, s store, seen *subtests) {
		t.Helper()
		accesstest.TestAuditLog(t, noted(seen, t, s.access))
	}},
	{"customers committer", func(t *testing.T, s store, seen *subtests) {
		t.Helper()
		customerstest.TestCommitter(t, noted(seen, t, s.customers))
	}},
	{"customers customers", func(t *testing.T, s store, seen *subtests) {
		t.Helper()
		customerstest.TestCustomers(t, noted(seen, t, s.customers))
	}},
	{"ports rate limiter", func(t *testing.T, s store, seen *subtests) {
		t.Helper()
		portstest.TestRateLimiter(t, noted(seen, t, s.limiter))
	}},
}

// accessOn is the harness of access's suites over a store, whose data stay when it is closed.
func accessOn(t testing.TB, cfg postgres.Config) accesstest.Harness {
	t.Helper()
	s := openPostgres(t, cfg)
	return accesstest.Harness{
		Committer: s.Access(), Accounts: s.Accounts(), Sessions: s.Sessions(), Roles: s.Accounts(), Keys: s.Accounts(), Audit: s.AuditLog(),
		Events: postgresTold(s, cfg.Shop),
		Reopen: func(accesstest.TB) accesstest.Harness {
			s.Close()
			return accessOn(t, cfg)
		},
	}
}

// customersOn is the harness of customers' suites over a store, whose data stay when it is closed.
func customersOn(t testing.TB, cfg postgres.Config) customerstest.Harness {
	t.Helper()
	s := openPostgres(t, cfg)
	return customerstest.Harness{
		Committer: s.People(), Customers: s.Customers(), Events: postgresTold(s, cfg.Shop), Audit: auditOf(s.AuditLog()),
		Reopen: func(customerstest.TB) customerstest.Harness {
			s.Close()
			return customersOn(t, cfg)
		},
	}
}

// limiterOn is the harness of the rate limiter's suite over two stores of one shop.
func limiterOn(t testing.TB, cfg postgres.Config) portstest.LimiterHarness {
	t.Helper()
	return portstest.LimiterHarness{Limiter: openPostgres(t, cfg).RateLimiter(), Other: openPostgres(t, cfg).RateLimiter()}
}

// auditOf reads the entries about a subject.
func auditOf(log access.AuditLog) func(context.Context, string) ([]ports.AuditEntry, error) {
	return func(ctx context.Context, subject string) ([]ports.AuditEntry, error) {
		return log.Entries(ctx, access.AuditQuery{Limit: access.PageMax, Subject: subject})
	}
}

// postgresTold reads all events of a shop's outbox, as they are committed.
func postgresTold(s *postgres.Store, shop int32) func(context.Context) ([]event.Event, error) {
	return func(ctx context.Context) ([]event.Event, error) {
		rows, err := s.Pool().Query(ctx, "SELECT id, name, aggregate, at, data FROM commerce.outbox WHERE shop = $1 ORDER BY position", shop)
		if err != nil {
			return nil, err
		}
		return pgx.CollectRows(rows, func(row pgx.CollectableRow) (event.Event, error) {
			var id [16]byte
			var at time.Time
			var e event.Event
			var data []byte
			err := row.Scan(&id, &e.Name, &e.Aggregate, &at, &data)
			e.ID, e.At, e.Data = ref.NewID[ref.EventKind](id), ref.Instant(at), json.RawMessage(data)
			return e, err
		})
	}
}

func memoryAccess(s *memory.Store) accesstest.Harness {
	return accesstest.Harness{
		Committer: s.Access(), Accounts: s.Accounts(), Sessions: s.Sessions(), Roles: s.Roles(), Keys: s.APIKeys(), Audit: s.AuditLog(),
		Events: memoryTold(s), Reopen: func(accesstest.TB) accesstest.Harness { return memoryAccess(s) },
	}
}

func memoryCustomers(s *memory.Store) customerstest.Harness {
	return customerstest.Harness{
		Committer: s.People(), Customers: s.Customers(), Events: memoryTold(s), Audit: auditOf(s.AuditLog()),
		Reopen: func(customerstest.TB) customerstest.Harness { return memoryCustomers(s) },
	}
}

// memoryTold reads all events of a store.
func memoryTold(s *memory.Store) func(context.Context) ([]event.Event, error) {
	return func(ctx context.Context) ([]event.Event, error) {
		deliveries, err := s.Outbox().Pending(ctx, "a reader of everything", 1_000_000)
		var out []event.Event
		for _, d := range deliveries {
			out = append(out, d.Event)
		}
		return out, err
	}
}
