package memory_test

import (
	"testing"

	"github.com/ipswich-retail/commerce/adapters/memory"
	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/testing/catalogtest"
	"github.com/ipswich-retail/commerce/testing/inventorytest"
	"github.com/ipswich-retail/commerce/testing/portstest"
	"github.com/ipswich-retail/commerce/testing/pricingtest"
)

// open makes an empty store.
func open() *memory.Store { return memory.New(fixed(day), nil) }

// eventsOf reads all events of a store, for harnesses.
func eventsOf(s *memory.Store) func(t *testing.T) []event.Event {
	return func(t *testing.T) []event.Event {
		t.Helper()
		deliveries, err := s.Outbox().Pending(t.Context(), "a reader of everything", 1_000_000)
		if err != nil {
			t.Fatalf("Pending: %v", err)
		}
		var out []event.Event
		for _, d := range deliveries {
			out = append(out, d.Event)
		}
		return out
	}
}

func openCatalog(t *testing.T) catalogtest.Harness {
	t.Helper()
	s := open()
	h := catalogtest.Harness{
		Products: s.Products(), Upkeep: s.Upkeep(), Categories: s.Categories(), Brands: s.Brands(), Collections: s.Collections(), Directory: s.Directory(),
		Committer: s.Catalog(), Events: func(catalogtest.TB) []event.Event { return eventsOf(s)(t) },
	}
	h.Reopen = func(catalogtest.TB) catalogtest.Harness { return h }
	return h
}

func openPricing(t *testing.T) pricingtest.Harness {
	t.Helper()
	s := open()
	return pricingtest.Harness{Prices: s.Prices(), Committer: s.Pricing(), Events: func(pricingtest.TB) []event.Event { return eventsOf(s)(t) }}
}

func openPorts(t *testing.T) portstest.Harness {
	t.Helper()
	s := open()
	var harness func() portstest.Harness
	harness = func() portstest.Harness {
		return portstest.Harness{
			Commands: s.Commands(), CommandDesk: s.Commands(), CommandSweeper: s.Commands(), Outbox: s.Outbox(), Parked: s.Outbox(), OutboxSweeper: s.Outbox(),
			Jobs: s.Jobs(), Desk: s.Jobs(), Blobs: s.Blobs(), Committer: s.Ordering(),
			Reopen: func(portstest.TB) portstest.Harness { return harness() },
		}
	}
	return harness()
}

func TestUpkeep(t *testing.T) {
	t.Parallel()
	catalogtest.TestUpkeep(t, openCatalog)
}

func TestCategories(t *testing.T) {
	t.Parallel()
	catalogtest.TestCategories(t, openCatalog)
}

func TestBrands(t *testing.T) {
	t.Parallel()
	catalogtest.TestBrands(t, openCatalog)
}

func TestCollections(t *testing.T) {
	t.Parallel()
	catalogtest.TestCollections(t, openCatalog)
}

func TestProducts(t *testing.T) {
	t.Parallel()
	catalogtest.TestProducts(t, openCatalog)
}

func TestCatalog(t *testing.T) {
	t.Parallel()
	catalogtest.TestCommitter(t, openCatalog)
}

func TestListings(t *testing.T) {
	t.Parallel()
	catalogtest.TestListings(t, func(*testing.T) catalogtest.ListingsHarness {
		s := open()
		return catalogtest.ListingsHarness{Listings: s.Listings(), Catalog: s.Catalog(), Pricing: s.Pricing(), Stock: s.Stock(), Ordering: s.Ordering()}
	})
}

func TestPrices(t *testing.T) {
	t.Parallel()
	pricingtest.TestPrices(t, openPricing)
}

func TestPricing(t *testing.T) {
	t.Parallel()
	pricingtest.TestCommitter(t, openPricing)
}

// stockHarness is the harness of inventory's suite over a store.
func stockHarness(t *testing.T, s *memory.Store) inventorytest.Harness {
	t.Helper()
	return inventorytest.Harness{
		Stock: s.Stock(), Ordering: s.Ordering(), Claim: s.Claim, Events: func(inventorytest.TB) []event.Event { return eventsOf(s)(t) },
		Reopen: func(inventorytest.TB) inventorytest.Harness { return stockHarness(t, s) },
	}
}

func TestStock(t *testing.T) {
	t.Parallel()
	inventorytest.TestStock(t, func(t *testing.T) inventorytest.Harness {
		t.Helper()
		return stockHarness(t, open())
	})
}

func TestCommands(t *testing.T) {
	t.Parallel()
	portstest.TestCommands(t, openPorts)
}

func TestCommandDesk(t *testing.T) {
	t.Parallel()
	portstest.TestCommandDesk(t, openPorts)
}

func TestCommandSweeper(t *testing.T) {
	t.Parallel()
	portstest.TestCommandSweeper(t, openPorts)
}

func TestOutbox(t *testing.T) {
	t.Parallel()
	portstest.TestOutbox(t, openPorts)
}

func TestParkedEvents(t *testing.T) {
	t.Parallel()
	portstest.TestParkedEvents(t, openPorts)
}

func TestOutboxSweeper(t *testing.T) {
	t.Parallel()
	portstest.TestOutboxSweeper(t, openPorts)
}

func TestJobs(t *testing.T) {
	t.Parallel()
	portstest.TestJobs(t, openPorts)
}

func TestJobsDesk(t *testing.T) {
	t.Parallel()
	portstest.TestJobsDesk(t, openPorts)
}

func TestDirectory(t *testing.T) {
	t.Parallel()
	catalogtest.TestDirectory(t, openCatalog)
}

func TestBlobs(t *testing.T) {
	t.Parallel()
	portstest.TestBlobs(t, openPorts)
}
