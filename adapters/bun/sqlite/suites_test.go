package sqlite_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/adapters/bun/sqlite"
	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/catalogtest"
)

// empty is the content of a migrated file in which nobody put anything: it is copied for each test, for migrating takes
// longer than most of them.
var empty = sync.OnceValues(func() ([]byte, error) {
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
	if _, err := m.Up(context.Background()); err != nil {
		return nil, err
	}
	if err := m.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(file)
})

// shop is the file of a shop of the test's own that nobody used.
func shop(tb testing.TB) sqlite.Config {
	tb.Helper()
	content, err := empty()
	if err != nil {
		tb.Fatalf("making an empty shop: %v", err)
	}
	file := filepath.Join(tb.TempDir(), "shop.db")
	if err := os.WriteFile(file, content, 0o600); err != nil {
		tb.Fatal(err)
	}
	return sqlite.Config{File: file, Readers: 4}
}

// eventsOf reads all events of a store's outbox, as they are committed.
func eventsOf(ctx context.Context, s *sqlite.Store) (out []event.Event, err error) {
	rows, err := s.Reader().QueryContext(ctx, `SELECT id, name, aggregate, at, data FROM outbox ORDER BY position`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var e event.Event
		var id, data string
		var at int64
		if err := rows.Scan(&id, &e.Name, &e.Aggregate, &at, &data); err != nil {
			return nil, err
		}
		if e.ID, err = ref.ParseID[ref.EventKind](id); err != nil {
			return nil, err
		}
		e.At, e.Data = ref.Instant(time.UnixMicro(at)), json.RawMessage(data)
		out = append(out, e)
	}
	return out, rows.Err()
}

// events is eventsOf for a test.
func events(tb testing.TB, s *sqlite.Store) []event.Event {
	tb.Helper()
	out, err := eventsOf(tb.Context(), s)
	if err != nil {
		tb.Fatalf("reading the outbox: %v", err)
	}
	return out
}

// catalogOn is the harness of the catalogue's suites over a file, whose data stay when the store is closed.
func catalogOn(t *testing.T, cfg sqlite.Config) catalogtest.Harness {
	t.Helper()
	s := open(t, cfg)
	return catalogtest.Harness{
		Products: s.Products(), Upkeep: s.Upkeep(), Categories: s.Categories(), Brands: s.Brands(), Collections: s.Collections(), Directory: s.Directory(),
		Committer: s.Catalog(), Events: func(catalogtest.TB) []event.Event { return events(t, s) },
		Reopen: func(catalogtest.TB) catalogtest.Harness {
			s.Close()
			return catalogOn(t, cfg)
		},
	}
}

func catalogue(t *testing.T) catalogtest.Harness { t.Helper(); return catalogOn(t, shop(t)) }

func TestProducts(t *testing.T)    { t.Parallel(); catalogtest.TestProducts(t, catalogue) }
func TestUpkeep(t *testing.T)      { t.Parallel(); catalogtest.TestUpkeep(t, catalogue) }
func TestCategories(t *testing.T)  { t.Parallel(); catalogtest.TestCategories(t, catalogue) }
func TestBrands(t *testing.T)      { t.Parallel(); catalogtest.TestBrands(t, catalogue) }
func TestCollections(t *testing.T) { t.Parallel(); catalogtest.TestCollections(t, catalogue) }
func TestCatalog(t *testing.T)     { t.Parallel(); catalogtest.TestCommitter(t, catalogue) }
func TestDirectory(t *testing.T)   { t.Parallel(); catalogtest.TestDirectory(t, catalogue) }

func TestListings(t *testing.T) {
	t.Parallel()
	catalogtest.TestListings(t, func(t *testing.T) catalogtest.ListingsHarness {
		t.Helper()
		s := open(t, shop(t))
		return catalogtest.ListingsHarness{Listings: s.Listings(), Catalog: s.Catalog(), Pricing: s.Pricing(), Stock: s.Stock(), Ordering: s.Ordering()}
	})
}
