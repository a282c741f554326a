package integration_test

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/ipswich-retail/commerce/adapters/bun/sqlite"
	"github.com/ipswich-retail/commerce/adapters/system"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/testing/accesstest"
	"github.com/ipswich-retail/commerce/testing/catalogtest"
	"github.com/ipswich-retail/commerce/testing/customerstest"
	"github.com/ipswich-retail/commerce/testing/inventorytest"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
	"github.com/ipswich-retail/commerce/testing/portstest"
	"github.com/ipswich-retail/commerce/testing/pricingtest"
)

// emptyFile is the content of a migrated file that nobody used. Copies are made of it in no time.
var emptyFile = sync.OnceValues(func() (content []byte, err error) {
	dir, err := os.MkdirTemp("", "empty-shop-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	file := filepath.Join(dir, "shop.db")
	m, err := sqlite.NewMigrator(context.Background(), file)
	if err != nil {
		return nil, err
	}
	if _, err = m.Up(context.Background()); err == nil {
		err = m.Close() // Which folds the journal into the file.
	}
	if err != nil {
		return nil, err
	}
	return os.ReadFile(file)
})

// shopFile is a migrated file of the test's own.
func shopFile(t testing.TB) sqlite.Config {
	t.Helper()
	content, err := emptyFile()
	if err != nil {
		t.Fatalf("making an empty shop: %v", err)
	}
	file := filepath.Join(t.TempDir(), "shop.db")
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return sqlite.Config{File: file, Readers: 4}
}

// openSQLite opens a store that is closed with the test.
func openSQLite(t testing.TB, cfg sqlite.Config) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), cfg)
	if err != nil {
		t.Fatalf("opening the store: %v", err)
	}
	t.Cleanup(s.Close)
	return s
}

// sqliteStore opens stores in files.
func sqliteStore() store {
	return store{
		name: "sqlite",
		catalog: func(t *testing.T) catalogtest.Harness {
			t.Helper()
			return catalogInFile(t, shopFile(t))
		},
		listings: func(t *testing.T) catalogtest.ListingsHarness {
			t.Helper()
			return listingsInFile(openSQLite(t, shopFile(t)))
		},
		pricing: func(t *testing.T) pricingtest.Harness {
			t.Helper()
			s := openSQLite(t, shopFile(t))
			return pricingtest.Harness{Prices: s.Prices(), Committer: s.Pricing(), Events: func(pricingtest.TB) []event.Event { return sqliteEvents(s)(t) }}
		},
		inventory: func(t *testing.T) inventorytest.Harness {
			t.Helper()
			return inventoryInFile(t, shopFile(t))
		},
		ordering: func(t *testing.T) orderingtest.Harness {
			t.Helper()
			cfg, faults := shopFile(t), orderingtest.NewFaults()
			cfg.Fault, cfg.Clock = faults.Hook, orderingtest.NewClock(orderingtest.Moment())
			return orderingInFile(t, cfg, faults)
		},
		ports: func(t *testing.T) portstest.Harness {
			t.Helper()
			return portsInFile(t, shopFile(t))
		},
		access: func(t *testing.T) accesstest.Harness {
			t.Helper()
			return accessInFile(t, shopFile(t))
		},
		customers: func(t *testing.T) customerstest.Harness {
			t.Helper()
			return customersInFile(t, shopFile(t))
		},
		limiter: func(t *testing.T) portstest.LimiterHarness {
			t.Helper()
			cfg := shopFile(t)
			return portstest.LimiterHarness{Limiter: openSQLite(t, cfg).RateLimiter(), Other: openSQLite(t, cfg).RateLimiter()}
		},
	}
}

// sqliteTold reads all events of a store, as they are committed.
func sqliteTold(s *sqlite.Store) func(context.Context) ([]event.Event, error) {
	return func(ctx context.Context) ([]event.Event, error) {
		deliveries, err := s.Outbox().Pending(ctx, "a reader of everything", 1_000_000)
		var out []event.Event
		for _, d := range deliveries {
			out = append(out, d.Event)
		}
		return out, err
	}
}

// sqliteEvents is sqliteTold for a test.
func sqliteEvents(s *sqlite.Store) func(t *testing.T) []event.Event {
	return func(t *testing.T) []event.Event {
		t.Helper()
		events, err := sqliteTold(s)(t.Context())
		if err != nil {
			t.Fatalf("reading the outbox: %v", err)
		}
		return events
	}
}

// The harnesses of the suites over a file, whose data stay when the store is closed.

func catalogInFile(t *testing.T, cfg sqlite.Config) catalogtest.Harness {
	t.Helper()
	s := openSQLite(t, cfg)
	return catalogtest.Harness{
		Products: s.Products(), Upkeep: s.Upkeep(), Categories: s.Categories(), Brands: s.Brands(), Collections: s.Collections(), Directory: s.Directory(),
		Committer: s.Catalog(), Events: func(catalogtest.TB) []event.Event { return sqliteEvents(s)(t) },
		Reopen: func(catalogtest.TB) catalogtest.Harness {
			s.Close()
			return catalogInFile(t, cfg)
		},
	}
}

func listingsInFile(s *sqlite.Store) catalogtest.ListingsHarness {
	return catalogtest.ListingsHarness{Listings: s.Listings(), Catalog: s.Catalog(), Pricing: s.Pricing(), Stock: s.Stock(), Ordering: s.Ordering()}
}

// sqliteParts are what a catalogue's service needs of a store in a file.
func sqliteParts(s *sqlite.Store, clock ports.Clock, ids ports.IDs) catalog.Parts {
	return catalog.Parts{
		Products: s.Products(), Upkeep: s.Upkeep(), Categories: s.Categories(), Brands: s.Brands(), Collections: s.Collections(), Directory: s.Directory(),
		Listings: s.Listings(), Committer: s.Catalog(), Slugger: system.NewSlugger(), Clock: clock, IDs: ids,
	}
}

func inventoryInFile(t *testing.T, cfg sqlite.Config) inventorytest.Harness {
	t.Helper()
	s := openSQLite(t, cfg)
	return inventorytest.Harness{
		Stock: s.Stock(), Ordering: s.Ordering(), Claim: s.Claim, Events: func(inventorytest.TB) []event.Event { return sqliteEvents(s)(t) },
		Reopen: func(inventorytest.TB) inventorytest.Harness {
			s.Close()
			return inventoryInFile(t, cfg)
		},
	}
}

func orderingInFile(t *testing.T, cfg sqlite.Config, faults *orderingtest.Faults) orderingtest.Harness {
	t.Helper()
	s := openSQLite(t, cfg)
	return orderingtest.Harness{
		Committer: s.Ordering(), Carts: s.Carts(), Orders: s.Orders(), Inbox: s.PaymentInbox(), Customers: s.CustomerOrders(), Commands: s.Commands(),
		Outbox: s.Outbox(), Stock: s.Stock(), Attachment: s.Attachment, Claim: s.Claim, Faults: faults,
		Reopen: func(orderingtest.TB) orderingtest.Harness {
			s.Close()
			return orderingInFile(t, cfg, faults)
		},
	}
}

func portsInFile(t *testing.T, cfg sqlite.Config) portstest.Harness {
	t.Helper()
	s := openSQLite(t, cfg)
	return portstest.Harness{
		Commands: s.Commands(), CommandDesk: s.Commands(), CommandSweeper: s.Commands(), Outbox: s.Outbox(), Parked: s.Outbox(), OutboxSweeper: s.Outbox(),
		Jobs: s.Jobs(), Desk: s.Jobs(), Blobs: s.Blobs(), Committer: s.Ordering(),
		Reopen: func(portstest.TB) portstest.Harness {
			s.Close()
			return portsInFile(t, cfg)
		},
	}
}

func accessInFile(t *testing.T, cfg sqlite.Config) accesstest.Harness {
	t.Helper()
	s := openSQLite(t, cfg)
	return accesstest.Harness{
		Committer: s.Access(), Accounts: s.Accounts(), Sessions: s.Sessions(), Roles: s.Accounts(), Keys: s.Accounts(), Audit: s.AuditLog(),
		Events: sqliteTold(s),
		Reopen: func(accesstest.TB) accesstest.Harness {
			s.Close()
			return accessInFile(t, cfg)
		},
	}
}

func customersInFile(t *testing.T, cfg sqlite.Config) customerstest.Harness {
	t.Helper()
	s := openSQLite(t, cfg)
	return customerstest.Harness{
		Committer: s.People(), Customers: s.Customers(), Events: sqliteTold(s), Audit: auditOf(s.AuditLog()),
		Reopen: func(customerstest.TB) customerstest.Harness {
			s.Close()
			return customersInFile(t, cfg)
		},
	}
}
