package integration_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/containers"
)

// patience is how long a caller tries again for an answer.
const patience = time.Minute

// retryPause is between two tries of a caller.
const retryPause = 20 * time.Millisecond

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
