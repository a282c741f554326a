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
	"GET /api/v1/collections/{collection}":                              "the demo shop has no collection",
	"POST /api/v1/customers/password":                                   "takes a token of a mail, once",
	"POST /api/v1/customers/verify":                                     "takes a token of a mail, once",
	"POST /api/v1/sessions/refresh":                                     "takes a token of a session, once",
	"PUT /api/v1/me/password":                                           "takes the present password",
	"PUT /api/v1/me/email":                                              "takes the present password",
	"DELETE /api/v1/me/sessions/{session}":                              "would end the session that the siege needs",
	"GET /api/v1/me/orders/{order}":                                     "the customer of the siege has bought nothing",
	"POST /api/v1/payments/{provider}/webhooks":                         "takes what a provider signed",
	"DELETE /api/v1/admin/products/{product}/variants/{variant}/prices": "takes a product, its variants and its stock as only staff make them",
	"DELETE /api/v1/admin/products/{product}":                           "takes a product, its variants and its stock as only staff make them",
	"PATCH /api/v1/admin/products/{product}/variants/{variant}":         "takes a product, its variants and its stock as only staff make them",
	"PATCH /api/v1/admin/products/{product}":                            "takes a product, its variants and its stock as only staff make them",
	"POST /api/v1/admin/products/{product}/status":                      "takes a product, its variants and its stock as only staff make them",
	"POST /api/v1/admin/products/{product}/variants":                    "takes a product, its variants and its stock as only staff make them",
	"POST /api/v1/admin/products":                                       "takes a product, its variants and its stock as only staff make them",
	"PUT /api/v1/admin/products/{product}/variants/{variant}/prices":    "takes a product, its variants and its stock as only staff make them",
	"GET /api/v1/admin/stock/{sku}":                                     "takes a product, its variants and its stock as only staff make them",
	"POST /api/v1/admin/stock/adjustments":                              "takes a product, its variants and its stock as only staff make them",
	"POST /api/v1/admin/stock/counts":                                   "takes a product, its variants and its stock as only staff make them",
	"POST /api/v1/admin/stock/transfers":                                "takes a product, its variants and its stock as only staff make them",
	"PUT /api/v1/admin/stock/{sku}/policy":                              "takes a product, its variants and its stock as only staff make them",
	"PATCH /api/v1/admin/categories/{category}":                         "takes an object of the catalogue that the siege did not make",
	"POST /api/v1/admin/categories/{category}/move":                     "takes an object of the catalogue that the siege did not make",
	"PATCH /api/v1/admin/collections/{collection}":                      "takes an object of the catalogue that the siege did not make",
	"GET /api/v1/admin/collections/{collection}":                        "takes an object of the catalogue that the siege did not make",
	"PATCH /api/v1/admin/customer-groups/{group}":                       "takes an object of the catalogue that the siege did not make",
	"PATCH /api/v1/admin/locations/{location}":                          "takes an object of the catalogue that the siege did not make",
	"POST /api/v1/admin/locations/{location}/status":                    "takes an object of the catalogue that the siege did not make",
	"POST /api/v1/admin/imports":                                        "takes a form with a file",
	"GET /api/v1/admin/imports/{import}":                                "takes a form with a file",
	"GET /api/v1/admin/parked-events":                                   "takes an event or a job that failed",
	"GET /api/v1/admin/parked-events/skipped":                           "takes an event or a job that failed",
	"POST /api/v1/admin/parked-events/retry":                            "takes an event or a job that failed",
	"POST /api/v1/admin/parked-events/skip":                             "takes an event or a job that failed",
	"POST /api/v1/admin/jobs/{job}/retry":                               "takes an event or a job that failed",
	"POST /api/v1/admin/customers/{customer}/disable":                   "takes a version of the account",
	"POST /api/v1/admin/customers/{customer}/enable":                    "takes a version of the account",
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
			report := shopapitest.Hostile(t, besieged(t, store), siege(t))
			t.Logf("%d requests", report.Sent)
		})
	}
}

// besieged starts a shop that limits nothing, for what is limited is looked at by others, and gives it as a target.
func besieged(t *testing.T, store []string) shopapitest.Target {
	t.Helper()
	mails := t.TempDir()
	return shopapitest.Target{
		AdminKey: adminKey, Mail: func() ([]shopapitest.Mail, error) { return readMails(mails) },
		BaseURL: startShop(t, append(store, "--mail", mails, "--rate-mail", "off", "--rate-signin", "off", "--rate-checkout", "off")...).base,
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
			plan := siege(t)
			plan.Kind, plan.Cases = "tampering", fireCases
			report := shopapitest.Hostile(t, besieged(t, store), plan)
			t.Logf("%d requests", report.Sent)
		})
	}
}
