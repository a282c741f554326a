package integration_test

import (
	"os"
	"strconv"
	"testing"

	"github.com/ipswich-retail/commerce/testing/shopapitest"
)

// fireCases are the requests of each operation when COMMERCE_FIRE is set, as `make fire` does.
const fireCases = 10_000

// siege is how hard the tests try: 200 requests an operation, or fireCases. COMMERCE_HOSTILE_SEED replays a finding, and
// COMMERCE_HOSTILE_ONLY looks at one operation alone.
func siege(t *testing.T) shopapitest.Siege {
	t.Helper()
	out := shopapitest.Siege{Only: os.Getenv("COMMERCE_HOSTILE_ONLY"), Unreached: map[string]string{
		"GET /api/v1/collections/{collection}": "the demo shop has no collection, and no list names them",
	}}
	if os.Getenv("COMMERCE_FIRE") != "" {
		out.Cases = fireCases
	}
	if text := os.Getenv("COMMERCE_HOSTILE_SEED"); text != "" {
		seed, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatalf("COMMERCE_HOSTILE_SEED: %v", err)
		}
		out.Seed = seed
	}
	return out
}

// TestHostile sends every operation what the internet sends, on each store.
func TestHostile(t *testing.T) {
	t.Parallel()
	for name, store := range hostileStores(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			shop := startShop(t, store...)
			report := shopapitest.Hostile(t, shopapitest.Target{BaseURL: shop.base, AdminKey: adminKey}, siege(t))
			t.Logf("%d requests", report.Sent)
		})
	}
}

// hostileStores are the arguments of shops on each store that is at hand.
func hostileStores(t *testing.T) map[string][]string {
	t.Helper()
	out := map[string][]string{"memory": {"--store", "memory"}}
	if needsDatabase(t) {
		out["postgres"] = []string{"--store", "postgres", "--database-url", database(t), "--conns", "8"}
	}
	return out
}

// TestTampering adds to every object of every body what decides over money, ownership or rights: each is refused by its
// name.
func TestTampering(t *testing.T) {
	t.Parallel()
	for name, store := range hostileStores(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			besieged := siege(t)
			besieged.Kind, besieged.Cases = "tampering", fireCases
			report := shopapitest.Hostile(t, shopapitest.Target{BaseURL: startShop(t, store...).base, AdminKey: adminKey}, besieged)
			t.Logf("%d requests", report.Sent)
		})
	}
}
