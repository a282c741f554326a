package integration_test

import (
	"os"
	"strconv"
	"testing"

	"github.com/ipswich-retail/commerce/testing/shopapitest"
)

// fireCases are the requests of each operation when COMMERCE_FIRE is set, as `make fire` does.
const fireCases = 10_000

// unreached are the operations that need what a stranger to the document cannot make; the clauses of shopapitest do.
var unreached = map[string]string{
	"POST /api/v1/payments/{provider}/webhooks": "takes what a provider signed",
	"POST /api/v1/admin/parked-events/retry":    "takes an event that failed",
	"POST /api/v1/admin/parked-events/skip":     "takes an event that failed",
	"POST /api/v1/admin/jobs/{job}/retry":       "takes a job that failed",
}

// siege is how hard the tests try: 200 requests an operation, or fireCases. COMMERCE_HOSTILE_SEED replays a finding, and
// COMMERCE_HOSTILE_ONLY looks at one operation alone.
func siege(t *testing.T) shopapitest.Siege {
	t.Helper()
	out := shopapitest.Siege{Only: os.Getenv("COMMERCE_HOSTILE_ONLY"), Unreached: unreached}
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
			target, p := besieged(t, store)
			report := shopapitest.Hostile(t, target, siege(t))
			t.Logf("%d requests", report.Sent)
			p.stop(t) // Which looks at the log.
			if p.log.requests < report.Sent {
				t.Errorf("%d requests were answered, and %d are in the log", report.Sent, p.log.requests)
			}
		})
	}
}

// besieged starts a shop that limits nothing, for what is limited is looked at by others, and gives it as a target.
func besieged(t *testing.T, store []string) (shopapitest.Target, *process) {
	t.Helper()
	mails := t.TempDir()
	p := startShop(t, append(store, "--mail", mails, "--rate-mail", "off", "--rate-signin", "off", "--rate-checkout", "off", "--hash-memory", "32")...)
	return shopapitest.Target{AdminKey: adminKey, Mail: func() ([]shopapitest.Mail, error) { return readMails(mails) }, BaseURL: p.base}, p
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
			plan := siege(t)
			plan.Kind, plan.Cases = "tampering", fireCases
			target, _ := besieged(t, store)
			report := shopapitest.Hostile(t, target, plan)
			t.Logf("%d requests", report.Sent)
		})
	}
}
