package integration_test

import (
	"context"
	"encoding/json"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/adapters/bun/postgres"
	"github.com/ipswich-retail/commerce/adapters/memory"
	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/accesstest"
	"github.com/ipswich-retail/commerce/testing/catalogtest"
	"github.com/ipswich-retail/commerce/testing/containers"
	"github.com/ipswich-retail/commerce/testing/customerstest"
	"github.com/ipswich-retail/commerce/testing/inventorytest"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
	"github.com/ipswich-retail/commerce/testing/portstest"
	"github.com/ipswich-retail/commerce/testing/pricingtest"
)

// needsDatabase tells whether a test that needs a database runs: all do, and fail without one, but in the short mode.
func needsDatabase(t *testing.T) bool {
	t.Helper()
	if testing.Short() {
		t.Log("left out: -short runs what needs no database")
		return false
	}
	return true
}

// migrate brings an empty database to the schema of the store.
func migrate(ctx context.Context, dsn string) (err error) {
	m, err := postgres.NewMigrator(ctx, dsn)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, m.Close()) }()
	_, err = m.Up(ctx)
	return err
}

// database is a migrated database of the test's own.
func database(t testing.TB) string {
	t.Helper()
	return databaseOn(t, containers.Postgres(t))
}

// databaseOn is a migrated database of the test's own on a server.
func databaseOn(t testing.TB, server *containers.PostgresServer) string {
	t.Helper()
	return server.Template(t, "migrated", migrate).Clone(t)
}

// small keeps a store to few connections: many are open at once.
func small(dsn string) postgres.Config {
	return postgres.Config{DSN: dsn, Conns: 4}
}

// openPostgres opens a store that is closed with the test.
func openPostgres(t testing.TB, cfg postgres.Config) *postgres.Store {
	t.Helper()
	s, err := postgres.Open(t.Context(), cfg)
	if err != nil {
		t.Fatalf("opening the store: %v", err)
	}
	t.Cleanup(s.Close)
	return s
}

// postgresStore opens stores in one database of the test's own, each for a shop that nobody used: fresh and empty as a
// database of its own would be, for a hundredth of the time, and no row may be seen from the next shop.
func postgresStore(t *testing.T) store {
	t.Helper()
	dsn := database(t)
	var last atomic.Int32
	next := func() postgres.Config {
		cfg := small(dsn)
		cfg.Shop = last.Add(1)
		return cfg
	}
	return store{
		name: "postgres",
		catalog: func(t *testing.T) catalogtest.Harness {
			t.Helper()
			return catalogOnPostgres(t, next())
		},
		listings: func(t *testing.T) catalogtest.ListingsHarness {
			t.Helper()
			s := openPostgres(t, next())
			return catalogtest.ListingsHarness{Listings: s.Listings(), Catalog: s.Catalog(), Pricing: s.Pricing(), Stock: s.Stock(), Ordering: s.Ordering()}
		},
		pricing: func(t *testing.T) pricingtest.Harness {
			t.Helper()
			cfg := next()
			s := openPostgres(t, cfg)
			return pricingtest.Harness{Prices: s.Prices(), Committer: s.Pricing(), Events: func(pricingtest.TB) []event.Event {
				return postgresEvents(s, cfg.Shop)(t)
			}}
		},
		inventory: func(t *testing.T) inventorytest.Harness {
			t.Helper()
			return inventoryOn(t, next())
		},
		ordering: func(t *testing.T) orderingtest.Harness {
			t.Helper()
			return orderingOn(t, next())
		},
		ports: func(t *testing.T) portstest.Harness {
			t.Helper()
			return portsOn(t, next())
		},
		access: func(t *testing.T) accesstest.Harness {
			t.Helper()
			return accessOn(t, next())
		},
		customers: func(t *testing.T) customerstest.Harness {
			t.Helper()
			return customersOn(t, next())
		},
		limiter: func(t *testing.T) portstest.LimiterHarness {
			t.Helper()
			return limiterOn(t, next())
		},
	}
}

// postgresEvents reads all events of a shop's outbox, as they are committed.
func postgresEvents(s *postgres.Store, shop int32) func(t *testing.T) []event.Event {
	return func(t *testing.T) []event.Event {
		t.Helper()
		rows, err := s.Pool().Query(t.Context(), "SELECT id, name, aggregate, at, data FROM commerce.outbox WHERE shop = $1 ORDER BY position", shop)
		if err != nil {
			t.Fatalf("reading the outbox: %v", err)
		}
		events, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (event.Event, error) {
			var id [16]byte
			var at time.Time
			var e event.Event
			var data []byte
			err := row.Scan(&id, &e.Name, &e.Aggregate, &at, &data)
			e.ID, e.At, e.Data = ref.NewID[ref.EventKind](id), ref.Instant(at), json.RawMessage(data)
			return e, err
		})
		if err != nil {
			t.Fatalf("reading the outbox: %v", err)
		}
		return events
	}
}

// portsOn is the harness of the suites of the technical ports over a store, whose data stay when it is closed.
func portsOn(t *testing.T, cfg postgres.Config) portstest.Harness {
	t.Helper()
	s := openPostgres(t, cfg)
	return portstest.Harness{
		Commands: s.Commands(), CommandDesk: s.Commands(), CommandSweeper: s.Commands(), Outbox: s.Outbox(), Parked: s.Outbox(), OutboxSweeper: s.Outbox(),
		Jobs: s.Jobs(), Desk: s.Jobs(), Blobs: s.Blobs(), Committer: s.Ordering(),
		Reopen: func(portstest.TB) portstest.Harness {
			s.Close()
			return portsOn(t, cfg)
		},
	}
}

// inventoryOn is the harness of inventory's suite over a store, whose data stay when it is closed.
func inventoryOn(t *testing.T, cfg postgres.Config) inventorytest.Harness {
	t.Helper()
	s := openPostgres(t, cfg)
	return inventorytest.Harness{
		Stock: s.Stock(), Ordering: s.Ordering(), Claim: s.Claim,
		Events: func(inventorytest.TB) []event.Event { return postgresEvents(s, cfg.Shop)(t) },
		Reopen: func(inventorytest.TB) inventorytest.Harness {
			s.Close()
			return inventoryOn(t, cfg)
		},
	}
}

// memoryInventory is the harness of inventory's suite over a store in memory.
func memoryInventory(t *testing.T, s *memory.Store) inventorytest.Harness {
	t.Helper()
	return inventorytest.Harness{
		Stock: s.Stock(), Ordering: s.Ordering(), Claim: s.Claim,
		Events: func(inventorytest.TB) []event.Event { return memoryEvents(s)(t) },
		Reopen: func(inventorytest.TB) inventorytest.Harness { return memoryInventory(t, s) },
	}
}

// orderingOn is the harness of ordering's suites over a store, whose data stay when it is closed.
func orderingOn(t testing.TB, cfg postgres.Config) orderingtest.Harness {
	t.Helper()
	faults := orderingtest.NewFaults()
	cfg.Fault, cfg.Clock = faults.Hook, orderingtest.NewClock(orderingtest.Moment())
	return orderingHarness(t, cfg, faults)
}

func orderingHarness(t testing.TB, cfg postgres.Config, faults *orderingtest.Faults) orderingtest.Harness {
	t.Helper()
	s := openPostgres(t, cfg)
	return orderingtest.Harness{
		Committer: s.Ordering(), Carts: s.Carts(), Orders: s.Orders(), Inbox: s.PaymentInbox(), Customers: s.CustomerOrders(), Commands: s.Commands(),
		Outbox: s.Outbox(), Stock: s.Stock(),
		Attachment: s.Attachment, Claim: s.Claim, Faults: faults,
		Reopen: func(orderingtest.TB) orderingtest.Harness {
			s.Close()
			return orderingHarness(t, cfg, faults)
		},
	}
}

// memoryStore opens stores in memory. Its own tests have the state of its claims, which it shows nobody else.
func memoryStore() store {
	open := func() *memory.Store { return memory.New(orderingtest.NewClock(orderingtest.Moment()), nil) }
	return store{
		name: "memory",
		catalog: func(t *testing.T) catalogtest.Harness {
			t.Helper()
			return memoryCatalog(t, open())
		},
		listings: func(*testing.T) catalogtest.ListingsHarness {
			s := open()
			return catalogtest.ListingsHarness{Listings: s.Listings(), Catalog: s.Catalog(), Pricing: s.Pricing(), Stock: s.Stock(), Ordering: s.Ordering()}
		},
		pricing: func(t *testing.T) pricingtest.Harness {
			t.Helper()
			s := open()
			return pricingtest.Harness{Prices: s.Prices(), Committer: s.Pricing(), Events: func(pricingtest.TB) []event.Event { return memoryEvents(s)(t) }}
		},
		inventory: func(t *testing.T) inventorytest.Harness { return memoryInventory(t, open()) },
		ordering: func(*testing.T) orderingtest.Harness {
			faults := orderingtest.NewFaults()
			s := memory.New(orderingtest.NewClock(orderingtest.Moment()), &memory.Options{Fault: faults.Hook})
			return memoryOrdering(s, faults)
		},
		ports: func(*testing.T) portstest.Harness { return memoryPorts(open()) },

		access:    func(*testing.T) accesstest.Harness { return memoryAccess(open()) },
		customers: func(*testing.T) customerstest.Harness { return memoryCustomers(open()) },
		limiter: func(*testing.T) portstest.LimiterHarness {
			s := open()
			return portstest.LimiterHarness{Limiter: s.RateLimiter(), Other: s.RateLimiter()}
		},
	}
}

func memoryOrdering(s *memory.Store, faults *orderingtest.Faults) orderingtest.Harness {
	return orderingtest.Harness{
		Committer: s.Ordering(), Carts: s.Carts(), Orders: s.Orders(), Inbox: s.PaymentInbox(), Customers: s.CustomerOrders(), Commands: s.Commands(),
		Outbox: s.Outbox(), Stock: s.Stock(),
		Claim: s.Claim,
		Attachment: func(_ context.Context, kind, key string) ([]byte, bool, error) {
			data, found := s.Attachments().Get(kind, key)
			return data, found, nil
		},
		Faults: faults,
		Reopen: func(orderingtest.TB) orderingtest.Harness { return memoryOrdering(s, faults) },
	}
}

func memoryPorts(s *memory.Store) portstest.Harness {
	return portstest.Harness{
		Commands: s.Commands(), CommandDesk: s.Commands(), CommandSweeper: s.Commands(), Outbox: s.Outbox(), Parked: s.Outbox(), OutboxSweeper: s.Outbox(),
		Jobs: s.Jobs(), Desk: s.Jobs(), Blobs: s.Blobs(), Committer: s.Ordering(),
		Reopen: func(portstest.TB) portstest.Harness { return memoryPorts(s) },
	}
}

// memoryEvents reads all events of a store.
func memoryEvents(s *memory.Store) func(t *testing.T) []event.Event {
	return func(t *testing.T) []event.Event {
		t.Helper()
		deliveries, err := s.Outbox().Pending(t.Context(), "a reader of everything", 1_000_000)
		if err != nil {
			t.Fatalf("reading the outbox: %v", err)
		}
		var out []event.Event
		for _, d := range deliveries {
			out = append(out, d.Event)
		}
		return out
	}
}
