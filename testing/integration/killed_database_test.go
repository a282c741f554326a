package integration_test

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/containers"
)

// TestDatabaseKilled kills PostgreSQL with SIGKILL under the load of many commits and starts it again. Every commit
// that was accepted is there, what was unknown is settled by trying again with the same key, and nothing is there twice.
func TestDatabaseKilled(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	const buyers, killAfter = 400, 80
	server := containers.NewPostgres(t)
	dsn := databaseOn(t, server)
	till := newTill(t, openPostgres(t, small(dsn)), &ordering.Options{Lease: time.Second})
	variant := till.stock(t, "it", 10_000)
	carts := make([]ref.CartID, buyers)
	for i := range carts {
		cart, err := till.cart(t.Context(), variant)
		if err != nil {
			t.Fatal(err)
		}
		carts[i] = cart
	}
	orders := make([]ref.OrderID, buyers)
	var answered, next atomic.Int64
	reached := make(chan struct{})
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			for i := next.Add(1) - 1; i < buyers; i = next.Add(1) - 1 {
				id, err := till.persist(t.Context(), carts[i], fmt.Sprintf("key %d", i), []string{"", "tok_ok"}[i%2])
				if err != nil {
					t.Errorf("order %d: %v", i, err)
				}
				orders[i] = id
				if answered.Add(1) == killAfter {
					close(reached)
				}
			}
		})
	}
	<-reached
	server.Kill(t)
	server.Start(t)
	all.Wait()
	if t.Failed() {
		return
	}
	for i, id := range orders {
		again, err := till.checkout(t.Context(), carts[i], fmt.Sprintf("key %d", i), []string{"", "tok_ok"}[i%2])
		if err != nil || !again.Replayed || again.Order.ID != id || again.Order.Status != ordering.Placed {
			t.Errorf("order %d again: %v, replayed %t, %s %s, want %s", i, err, again.Replayed, again.Order.ID, again.Order.Status, id)
		}
	}
	conn := connect(t, dsn)
	wantInvariants(t, conn)
	if n := number(t, conn, "SELECT count(*) FROM commerce.orders"); n != buyers {
		t.Errorf("%d orders are stored, want %d", n, buyers)
	}
	if n := number(t, conn, "SELECT reserved FROM commerce.stock_levels WHERE sku = 'it'"); n != buyers {
		t.Errorf("%d are reserved, want %d", n, buyers)
	}
}

// persist tries a checkout with one key until it is answered.
func (s *till) persist(ctx context.Context, cart ref.CartID, key, token string) (ref.OrderID, error) {
	var err error
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(retryPause) {
		var placed ordering.PlacedOrder
		placed, err = s.checkout(ctx, cart, key, token)
		switch {
		case err == nil:
			return placed.Order.ID, nil
		case fault.KindOf(err).Retryable(), fault.Is(err, ordering.InProgress):
		default:
			return ref.OrderID{}, err
		}
	}
	return ref.OrderID{}, err
}

// TestDatabaseAway stops PostgreSQL beneath a shop: it says so, with when to come back, and goes on when the database is
// there again, without a start of its own.
func TestDatabaseAway(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	server := containers.NewPostgres(t)
	dsn := databaseOn(t, server)
	p := startShop(t, "--database-url", address(t, dsn).String(), "--seed", seedFile(t, map[string]int64{"it": 10}))
	c := newClient(t, p.base)
	cart := c.mustCart(t, line{"it", 1})
	wantReady(t, c, http.StatusOK)
	server.Stop(t)
	wantReady(t, c, http.StatusServiceUnavailable)
	for range 3 {
		a := c.mustCheckout(t, cart, "key", wish(""))
		a.wantCode(t, http.StatusServiceUnavailable, "unavailable")
		if a.header.Get("Retry-After") == "" {
			t.Errorf("503 without Retry-After: %v", a.header)
		}
	}
	if a, err := c.call(t.Context(), http.MethodGet, "/health/live", nil); err != nil || a.status != http.StatusOK {
		t.Errorf("live without a database: %d, %v", a.status, err)
	}
	server.Start(t)
	b := buyer{cart: cart, key: "key"}
	if _, err := b.order(t.Context(), c, func() string { return p.base }); err != nil {
		t.Fatal(err)
	}
	wantReady(t, c, http.StatusOK)
	wantInvariants(t, connect(t, dsn))
}

// wantReady polls until readiness has the status.
func wantReady(t *testing.T, c *client, status int) {
	t.Helper()
	var last answer
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(retryPause) {
		a, err := c.call(t.Context(), http.MethodGet, "/health/ready", nil)
		if err != nil {
			t.Fatal(err)
		}
		if last = a; a.status == status {
			return
		}
	}
	t.Fatalf("readiness is %d, want %d: %s", last.status, status, last.body)
}
