package integration_test

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// patience is how long a caller tries again for an answer.
const patience = time.Minute

// retryPause is between two tries of a caller.
const retryPause = 20 * time.Millisecond

// buyer orders one cart under one key, whatever happens to the shop.
type buyer struct {
	cart, key, token string
	first            shownOrder // The first answer that came with 201.
}

// TestShopKilled kills the shop's process with SIGKILL while many order, and starts it again on the same database, with
// both providers. Who got no answer tries again with the same key: every cart becomes one order, and the same one for
// whoever asks again.
func TestShopKilled(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	const buyers, killAfter = 240, 60
	dsn := database(t)
	args := []string{"--migrate", "--lease", "1s", "--database-url", address(t, dsn).String(), "--seed", seedFile(t, map[string]int64{"it": 10_000})}
	first := startShop(t, args...)
	var base atomic.Pointer[string]
	base.Store(&first.base)
	c := newClient(t, first.base)
	list := make([]*buyer, buyers)
	for i := range list {
		list[i] = &buyer{cart: c.mustCart(t, line{"it", 1}), key: fmt.Sprintf("key-%d", i)}
		if i%2 == 0 {
			list[i].token = "tok_ok"
		}
	}
	var answered atomic.Int64
	reached := make(chan struct{})
	order := func(b *buyer) {
		c := &client{*base.Load(), c.http}
		o, err := b.order(t.Context(), c, func() string { return *base.Load() })
		if err != nil {
			t.Error(err)
		}
		b.first = o
		if answered.Add(1) == killAfter {
			close(reached)
		}
	}
	work := make(chan *buyer)
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			for b := range work {
				order(b)
			}
		})
	}
	all.Go(func() {
		defer close(work)
		for _, b := range list {
			work <- b
		}
	})
	<-reached
	first.kill(t)
	second := startShop(t, args...)
	base.Store(&second.base)
	all.Wait()
	if t.Failed() {
		return
	}
	wantSameOrders(t, newClient(t, second.base), list)
	conn := connect(t, dsn)
	wantInvariants(t, conn)
	if n := number(t, conn, "SELECT count(*) FROM commerce.orders WHERE status = 'placed'"); n != buyers {
		t.Errorf("%d orders are placed, want %d", n, buyers)
	}
	if n := number(t, conn, "SELECT count(*) FROM commerce.orders"); n != buyers {
		t.Errorf("%d orders are stored, want %d", n, buyers)
	}
	if n := number(t, conn, "SELECT reserved FROM commerce.stock_levels WHERE sku = 'it'"); n != buyers {
		t.Errorf("%d are reserved, want %d", n, buyers)
	}
}

// order tries until the shop at the present address answers with the order.
func (b *buyer) order(ctx context.Context, c *client, base func() string) (shownOrder, error) {
	var last string
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(retryPause) {
		c.base = base()
		a, err := c.checkout(ctx, b.cart, b.key, wish(b.token))
		switch {
		case err != nil:
			last = err.Error() // Nobody listens, or who did is dead.
		case a.status == http.StatusCreated:
			return a.order()
		case a.status == http.StatusServiceUnavailable:
			last = string(a.body)
		default:
			if p, err := a.problem(); err != nil || p.Code != "in_progress" {
				return shownOrder{}, fmt.Errorf("%s: %d: %s", b.key, a.status, a.body)
			}
			last = "in_progress"
		}
	}
	return shownOrder{}, fmt.Errorf("%s: no answer in %s: %s", b.key, patience, last)
}

// wantSameOrders asks every key again.
func wantSameOrders(t *testing.T, c *client, list []*buyer) {
	t.Helper()
	owners := map[string]string{}
	for _, b := range list {
		a := c.mustCheckout(t, b.cart, b.key, wish(b.token))
		o, err := a.order()
		if err != nil || !a.replayed || o.ID != b.first.ID || o.Token != b.first.Token || o.Number != b.first.Number || o.Status != "placed" {
			t.Errorf("%s again: %v, replayed %t, order %s %s, want %s placed: %s", b.key, err, a.replayed, o.ID, o.Status, b.first.ID, a.body)
		}
		if other, twice := owners[o.ID]; twice {
			t.Errorf("%s and %s have one order", b.key, other)
		}
		owners[o.ID] = b.key
		read, err := c.call(t.Context(), http.MethodGet, "/api/v1/orders/"+o.ID, nil, "X-Order-Token", b.first.Token)
		if err != nil || read.status != http.StatusOK {
			t.Errorf("reading %s: %v %d", o.ID, err, read.status)
		}
	}
}
