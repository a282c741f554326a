package integration_test

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/ipswich-retail/commerce/testing/accesstest"
	"github.com/ipswich-retail/commerce/testing/catalogtest"
	"github.com/ipswich-retail/commerce/testing/customerstest"
	"github.com/ipswich-retail/commerce/testing/inventorytest"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
	"github.com/ipswich-retail/commerce/testing/portstest"
	"github.com/ipswich-retail/commerce/testing/pricingtest"
)

// store opens stores of one kind for the suites, each fresh and empty.
type store struct {
	name      string
	catalog   func(t *testing.T) catalogtest.Harness
	listings  func(t *testing.T) catalogtest.ListingsHarness
	pricing   func(t *testing.T) pricingtest.Harness
	inventory func(t *testing.T) inventorytest.Harness
	ordering  func(t *testing.T) orderingtest.Harness
	ports     func(t *testing.T) portstest.Harness

	access    func(t *testing.T) accesstest.Harness
	customers func(t *testing.T) customerstest.Harness
	limiter   func(t *testing.T) portstest.LimiterHarness
}

// suite is one conformance suite.
type suite struct {
	name string
	run  func(t *testing.T, s store, seen *subtests)
}

// suites are the conformance suites of a store's ports.
var suites = []suite{
	{"catalog products", func(t *testing.T, s store, seen *subtests) {
		t.Helper()
		catalogtest.TestProducts(t, noted(seen, t, s.catalog))
	}},
	{"catalog upkeep", func(t *testing.T, s store, seen *subtests) {
		t.Helper()
		catalogtest.TestUpkeep(t, noted(seen, t, s.catalog))
	}},
	{"catalog categories", func(t *testing.T, s store, seen *subtests) {
		t.Helper()
		catalogtest.TestCategories(t, noted(seen, t, s.catalog))
	}},
	{"catalog brands", func(t *testing.T, s store, seen *subtests) {
		t.Helper()
		catalogtest.TestBrands(t, noted(seen, t, s.catalog))
	}},
	{"catalog collections", func(t *testing.T, s store, seen *subtests) {
		t.Helper()
		catalogtest.TestCollections(t, noted(seen, t, s.catalog))
	}},
	{"catalog committer", func(t *testing.T, s store, seen *subtests) {
		t.Helper()
		catalogtest.TestCommitter(t, noted(seen, t, s.catalog))
	}},
	{"catalog directory", func(t *testing.T, s store, seen *subtests) {
		t.Helper()
		catalogtest.TestDirectory(t, noted(seen, t, s.catalog))
	}},
	{"catalog listings", func(t *testing.T, s store, seen *subtests) {
		t.Helper()
		catalogtest.TestListings(t, noted(seen, t, s.listings))
	}},
	{"pricing prices", func(t *testing.T, s store, seen *subtests) {
		t.Helper()
		pricingtest.TestPrices(t, noted(seen, t, s.pricing))
	}},
	{"pricing committer", func(t *testing.T, s store, seen *subtests) {
		t.Helper()
		pricingtest.TestCommitter(t, noted(seen, t, s.pricing))
	}},
	{"inventory stock", func(t *testing.T, s store, seen *subtests) {
		t.Helper()
		inventorytest.TestStock(t, noted(seen, t, s.inventory))
	}},
	{"ordering committer", func(t *testing.T, s store, seen *subtests) {
		t.Helper()
		orderingtest.TestCommitter(t, noted(seen, t, s.ordering), orderingtest.Features{})
	}},
	{"ordering imports", func(t *testing.T, s store, seen *subtests) {
		t.Helper()
		orderingtest.TestImportCommitter(t, noted(seen, t, s.ordering), orderingtest.Features{})
	}},
	{"ordering carts", func(t *testing.T, s store, seen *subtests) {
		t.Helper()
		orderingtest.TestCarts(t, noted(seen, t, s.ordering), orderingtest.Features{})
	}},
	{"ordering payment inbox", func(t *testing.T, s store, seen *subtests) {
		t.Helper()
		orderingtest.TestPaymentInbox(t, noted(seen, t, s.ordering), orderingtest.Features{})
	}},
	{"ordering inbox sweeper", func(t *testing.T, s store, seen *subtests) {
		t.Helper()
		orderingtest.TestInboxSweeper(t, noted(seen, t, s.ordering), orderingtest.Features{})
	}},
	{"pricing auditor", func(t *testing.T, s store, seen *subtests) {
		t.Helper()
		pricingtest.TestAuditor(t, noted(seen, t, s.pricing))
	}},
	{"inventory auditor", func(t *testing.T, s store, seen *subtests) {
		t.Helper()
		inventorytest.TestAuditor(t, noted(seen, t, auditedStock(s)))
	}},
	{"outbox auditor", func(t *testing.T, s store, seen *subtests) {
		t.Helper()
		portstest.TestOutboxAuditor(t, noted(seen, t, auditedOutbox(s)))
	}},
	{"ordering auditor", func(t *testing.T, s store, seen *subtests) {
		t.Helper()
		orderingtest.TestAuditor(t, noted(seen, t, s.ordering), orderingtest.Features{})
	}},
	{"ordering orders", func(t *testing.T, s store, seen *subtests) {
		t.Helper()
		orderingtest.TestOrders(t, noted(seen, t, s.ordering), orderingtest.Features{})
	}},
	{"ordering customer orders", func(t *testing.T, s store, seen *subtests) {
		t.Helper()
		orderingtest.TestCustomerOrders(t, noted(seen, t, s.ordering), orderingtest.Features{})
	}},
	{"ports commands", func(t *testing.T, s store, seen *subtests) {
		t.Helper()
		portstest.TestCommands(t, noted(seen, t, s.ports))
	}},
	{"ports command desk", func(t *testing.T, s store, seen *subtests) {
		t.Helper()
		portstest.TestCommandDesk(t, noted(seen, t, s.ports))
	}},
	{"ports command sweeper", func(t *testing.T, s store, seen *subtests) {
		t.Helper()
		portstest.TestCommandSweeper(t, noted(seen, t, s.ports))
	}},
	{"ports outbox", func(t *testing.T, s store, seen *subtests) {
		t.Helper()
		portstest.TestOutbox(t, noted(seen, t, s.ports))
	}},
	{"ports parked events", func(t *testing.T, s store, seen *subtests) {
		t.Helper()
		portstest.TestParkedEvents(t, noted(seen, t, s.ports))
	}},
	{"ports outbox sweeper", func(t *testing.T, s store, seen *subtests) {
		t.Helper()
		portstest.TestOutboxSweeper(t, noted(seen, t, s.ports))
	}},
	{"ports blobs", func(t *testing.T, s store, seen *subtests) {
		t.Helper()
		portstest.TestBlobs(t, noted(seen, t, s.ports))
	}},
	{"ports jobs", func(t *testing.T, s store, seen *subtests) {
		t.Helper()
		portstest.TestJobs(t, noted(seen, t, s.ports))
	}},
	{"ports jobs desk", func(t *testing.T, s store, seen *subtests) {
		t.Helper()
		portstest.TestJobsDesk(t, noted(seen, t, s.ports))
	}},
}

// TestSuites runs every suite on every store, and demands that the same subtests ran on each and none was skipped.
func TestSuites(t *testing.T) {
	t.Parallel()
	for _, suite := range slices.Concat(suites, peopleSuites) {
		t.Run(suite.name, func(t *testing.T) {
			t.Parallel()
			onMemory, onFiles, onPostgres := newSubtests(), newSubtests(), newSubtests()
			// The group ends when the parallel subtests in it have.
			t.Run("on", func(t *testing.T) {
				t.Run("memory", func(t *testing.T) {
					t.Parallel()
					suite.run(t, memoryStore(), onMemory)
				})
				t.Run("sqlite", func(t *testing.T) {
					t.Parallel()
					suite.run(t, sqliteStore(), onFiles)
				})
				t.Run("postgres", func(t *testing.T) {
					t.Parallel()
					if needsDatabase(t) {
						suite.run(t, postgresStore(t), onPostgres)
					}
				})
			})
			if !t.Failed() {
				compareSubtests(t, "sqlite", onMemory, onFiles)
			}
			if !t.Failed() && needsDatabase(t) {
				compareSubtests(t, "postgres", onMemory, onPostgres)
			}
		})
	}
}

// compareSubtests fails unless the same subtests ran on both stores.
func compareSubtests(t *testing.T, name string, memory, other *subtests) {
	t.Helper()
	if m, o := memory.names(), other.names(); len(m) == 0 || !slices.Equal(m, o) {
		t.Errorf("memory ran %d subtests and %s %d, not the same or none:\n%q\n%q", len(m), name, len(o), m, o)
	}
	if skipped := slices.Concat(memory.skipped, other.skipped); len(skipped) > 0 {
		t.Errorf("skipped: %q", skipped)
	}
}

// subtests are those that opened a store. Safe for concurrent use.
type subtests struct {
	mu      sync.Mutex
	ran     map[string]bool
	skipped []string
}

func newSubtests() *subtests { return &subtests{ran: map[string]bool{}} }

// names are sorted.
func (s *subtests) names() []string { return slices.Sorted(maps.Keys(s.ran)) }

// noted opens stores for the subtests of suite and notes their names.
func noted[H any](seen *subtests, suite *testing.T, open func(t *testing.T) H) func(t *testing.T) H {
	return func(t *testing.T) H {
		t.Helper()
		name := strings.TrimPrefix(t.Name(), suite.Name()+"/")
		seen.mu.Lock()
		seen.ran[name] = true
		seen.mu.Unlock()
		t.Cleanup(func() {
			if t.Skipped() {
				seen.mu.Lock()
				defer seen.mu.Unlock()
				seen.skipped = append(seen.skipped, t.Name())
			}
		})
		return open(t)
	}
}
