package integration_test

import (
	"fmt"
	"testing"

	"github.com/ipswich-retail/commerce/adapters/payments"
)

// The commit of a checkout takes two round trips on its connection, whatever the number of lines; with a provider that
// is called between them there are two commits. None of its statements notifies, which would serialise all commits.
func TestCheckoutTakesTwoRoundTrips(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	p, dsn := newProxy(t, database(t))
	cfg := small(dsn)
	cfg.CommitLoops = 1
	till := newTill(t, openPostgres(t, cfg), nil)
	variants := till.many(t, 20, 100)
	checkout := func(lines int, key, token string) int {
		t.Helper()
		cart, err := till.cart(t.Context(), variants[:lines]...)
		if err != nil {
			t.Fatalf("a cart: %v", err)
		}
		before, _ := p.commitTrips()
		if _, err := till.checkout(t.Context(), cart, key, token); err != nil {
			t.Fatalf("a checkout of %d lines: %v", lines, err)
		}
		after, conns := p.commitTrips()
		if conns != 1 {
			t.Fatalf("orders are committed on %d connections, want 1", conns)
		}
		return after - before
	}
	for _, token := range []string{"", payments.TokenOK} { // The first of each kind prepares its statements.
		checkout(1, "warm 1 "+token, token)
		checkout(20, "warm 20 "+token, token)
	}
	for _, lines := range []int{1, 20} {
		for _, paid := range []struct {
			token string
			trips int
		}{{"", 2}, {payments.TokenOK, 4}} {
			if got := checkout(lines, fmt.Sprintf("%d %s", lines, paid.token), paid.token); got > paid.trips {
				t.Errorf("%d lines, token %q: %d round trips, want %d at most", lines, paid.token, got, paid.trips)
			}
		}
	}
	if len(p.texts()) == 0 {
		t.Error("the proxy saw no statement")
	}
	if found := p.inTransactions("notify"); len(found) > 0 {
		t.Errorf("within a commit: %q", found)
	}
}
