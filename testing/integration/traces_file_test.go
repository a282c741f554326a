package integration_test

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"
)

// TestOneTraceForOneCheckoutInAFile follows a checkout of a shop in a file from its caller to the statements.
func TestOneTraceForOneCheckoutInAFile(t *testing.T) {
	t.Parallel()
	to := newReceiver(t)
	p := startShop(t, "--sqlite-file", filepath.Join(t.TempDir(), "shop.db"), "--otlp-endpoint", to.URL, "--seed", seedFile(t, map[string]int64{"it": 5}))
	c := newClient(t, p.base)
	cart := c.mustCart(t, line{"it", 1})
	traceID, caller := strings.Repeat("1a", 16), strings.Repeat("2b", 8)
	answer, err := c.call(t.Context(), http.MethodPost, "/api/v1/carts/"+cart+"/checkout", wish("tok_ok"),
		"Idempotency-Key", "one", "traceparent", "00-"+traceID+"-"+caller+"-00")
	if err != nil || answer.status != http.StatusCreated {
		t.Fatalf("%d %v %s", answer.status, err, answer.body)
	}
	p.stop(t) // Sends what waits.
	spans := to.trace(traceID)
	paths := map[string]bool{}
	for _, s := range spans {
		paths[path(spans, s)] = true
	}
	const service = "http POST /api/v1/carts/{cart}/checkout > service checkout"
	for _, want := range []string{
		service + " > port ports.RateLimiter.Take > sql INSERT rate_limits",
		service + " > port ordering.Carts.Cart > sql SELECT carts",
		service + " > port ordering.Committer.Commit > sql SELECT commands",
		service + " > port ordering.Committer.Commit > sql UPDATE orders",
		service + " > port ordering.Committer.Commit > sql COMMIT",
	} {
		if !paths[want] {
			t.Errorf("no span %s in\n%s", want, strings.Join(sorted(paths), "\n"))
		}
	}
}
