package integration_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// crowd are shoppers who come and go: each looks at goods, fills a cart and orders it, under one key until that is
// settled. It remembers what it was answered.
type crowd struct {
	t     *testing.T
	bases func() string
	http  *http.Client
	think time.Duration // Between two steps of a shopper.
	looks bool          // At goods, before buying.
	quits int64         // Each so many-th shopper does not ask again when no answer came; 0 is nobody.

	leave  chan struct{}
	all    sync.WaitGroup
	serial atomic.Int64

	mu        sync.Mutex
	answers   []heard
	purchases []*purchase
}

// shelved is what the crowd buys: the SKU of the seed of each shop that it goes to.
const shelved = "it"

// heard is one answer that came, or did not.
type heard struct {
	what   string
	at     time.Time
	took   time.Duration
	status int
	code   string // Of a problem.
	retry  string // Retry-After.
	err    error
}

// purchase is a cart that somebody wants, under one key.
type purchase struct {
	cart, key, token string
	order            shownOrder // Of the first answer with 201.
	settled          bool
	refused          bool // It was settled as a payment that was never made.
}

// gather makes a crowd that goes to the shop at the address of the moment; it is sent away with the test.
func gather(t *testing.T, base func() string) *crowd {
	t.Helper()
	transport := &http.Transport{MaxIdleConnsPerHost: 256}
	c := &crowd{
		t: t, bases: base, http: &http.Client{Transport: transport, Timeout: 30 * time.Second}, think: 20 * time.Millisecond, looks: true,
		leave: make(chan struct{}),
	}
	t.Cleanup(func() {
		c.disperse()
		transport.CloseIdleConnections()
	})
	return c
}

// come lets so many shoppers come, who stay until the crowd disperses.
func (c *crowd) come(shoppers int) {
	for range shoppers {
		c.all.Go(func() {
			for !c.left() {
				c.visit()
			}
		})
	}
}

// disperse sends the shoppers away and waits until they are gone. Again it does nothing.
func (c *crowd) disperse() {
	c.mu.Lock()
	if !c.left() {
		close(c.leave)
	}
	c.mu.Unlock()
	c.all.Wait()
	c.http.CloseIdleConnections() // Each has a goroutine of the shop's.
}

func (c *crowd) left() bool {
	select {
	case <-c.leave:
		return true
	default:
		return false
	}
}

// visit is what one shopper does.
func (c *crowd) visit() {
	if c.looks {
		c.call("browse", http.MethodGet, "/api/v1/products?limit=5", nil)
	}
	made := c.call("cart", http.MethodPost, "/api/v1/carts", map[string]any{"lines": []line{{shelved, 1}}})
	var cart struct{ ID string }
	if made.status != http.StatusCreated || json.Unmarshal(made.body, &cart) != nil {
		return
	}
	n := c.serial.Add(1)
	p := &purchase{cart: cart.ID, key: "key-" + strconv.FormatInt(n, 10)}
	if n%2 == 0 {
		p.token = "tok_ok"
	}
	c.mu.Lock()
	c.purchases = append(c.purchases, p)
	c.mu.Unlock()
	for !c.buy(p) && !c.left() && (c.quits == 0 || n%c.quits != 0) {
		continue
	}
}

// buy asks once for the order; true when that settled it.
func (c *crowd) buy(p *purchase) bool {
	a := c.call("checkout", http.MethodPost, "/api/v1/carts/"+p.cart+"/checkout", wish(p.token), "Idempotency-Key", p.key)
	if a.status == http.StatusPaymentRequired { // Nobody came back for it, and it was given up.
		c.mu.Lock()
		defer c.mu.Unlock()
		if p.order.ID != "" {
			c.t.Errorf("%s was accepted as %s, and is now refused: %s", p.key, p.order.ID, a.body)
		}
		p.settled, p.refused = true, true
	}
	if a.status != http.StatusCreated {
		return p.settled
	}
	o, err := a.order()
	if err != nil {
		c.t.Error(err)
		return true
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if p.order.ID != "" && p.order.ID != o.ID {
		c.t.Errorf("%s was answered with the orders %s and %s", p.key, p.order.ID, o.ID)
	}
	p.order, p.settled = o, true
	return true
}

// call asks the shop and notes what it heard.
func (c *crowd) call(what, method, path string, body any, headers ...string) answer {
	if c.think > 0 {
		select {
		case <-c.leave:
		case <-time.After(c.think): // A shopper thinks.
		}
	}
	start := time.Now()
	a, err := (&client{c.bases(), c.http}).call(context.WithoutCancel(c.t.Context()), method, path, body, headers...)
	h := heard{what: what, at: start, took: time.Since(start), status: a.status, err: err}
	if err == nil && a.status >= http.StatusBadRequest {
		p, _ := a.problem()
		h.code, h.retry = p.Code, a.header.Get("Retry-After")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.answers = append(c.answers, h)
	return a
}

// since gives what was heard by those who asked from a moment on.
func (c *crowd) since(at time.Time) []heard {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(c.answers), func(h heard) bool { return h.at.Before(at) })
}

// sold waits until so many orders more are answered with 201.
func (c *crowd) sold(more int) {
	c.t.Helper()
	start := time.Now()
	for deadline := start.Add(patience); time.Now().Before(deadline); time.Sleep(retryPause) {
		if n := len(slices.DeleteFunc(c.since(start), func(h heard) bool { return h.what != "checkout" || h.status != http.StatusCreated })); n >= more {
			return
		}
	}
	c.t.Fatalf("nobody could order within %s: %s", patience, summary(c.since(start)))
}

// settle asks again for every order that is not settled, once the crowd has left.
func (c *crowd) settle() []*purchase {
	c.t.Helper()
	c.think = 0
	work := make(chan *purchase)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for p := range work {
				for deadline := time.Now().Add(patience); !c.buy(p); time.Sleep(retryPause) {
					if time.Now().After(deadline) {
						c.t.Errorf("%s is not settled within %s", p.key, patience)
						break
					}
				}
			}
		})
	}
	for _, p := range c.purchases {
		if !p.settled {
			work <- p
		}
	}
	close(work)
	all.Wait()
	return c.purchases
}

// summary counts answers by what was asked and what came.
func summary(answers []heard) string {
	counts, slowest := map[string]int{}, map[string]time.Duration{}
	for _, h := range answers {
		key := fmt.Sprintf("%s %d %s", h.what, h.status, h.code)
		if h.err != nil {
			key = fmt.Sprintf("%s %.80v", h.what, h.err)
		}
		counts[key]++
		slowest[key] = max(slowest[key], h.took)
	}
	var out []string
	for key, n := range counts {
		out = append(out, fmt.Sprintf("%s × %d (slowest %d ms)", key, n, slowest[key].Milliseconds()))
	}
	slices.Sort(out)
	return strings.Join(out, "; ")
}

// wantAnswers settles what is open, and fails unless every order is one purchase's and who asks again is told the same.
// It tells how many were accepted, and how many given up.
func (c *crowd) wantAnswers(t *testing.T) (accepted, refused int64) {
	t.Helper()
	owners := map[string]string{}
	for i, p := range c.settle() {
		if p.refused {
			refused++
			continue
		}
		accepted++
		if i%(len(c.purchases)/100+1) == 0 {
			c.wantSame(t, p)
		}
		if other := owners[p.order.ID]; other != "" {
			t.Errorf("%s and %s have one order", p.key, other)
		}
		owners[p.order.ID] = p.key
	}
	return accepted, refused
}

// wantBooks fails unless what was accepted is what is stored, what left the stock and what was paid, each once; and
// unless the doctor finds nothing.
func (c *crowd) wantBooks(t *testing.T, dsn string) {
	t.Helper()
	accepted, refused := c.wantAnswers(t)
	conn := connect(t, dsn)
	wantInvariants(t, conn)
	for what, sql := range map[string]string{
		"orders stored":   `SELECT count(*) - ` + strconv.FormatInt(refused, 10) + ` FROM commerce.orders`,
		"orders placed":   `SELECT count(*) FROM commerce.orders WHERE status = 'placed'`,
		"stock reserved":  `SELECT reserved FROM commerce.stock_levels WHERE sku = '` + shelved + `'`,
		"payments stored": `SELECT count(*) - ` + strconv.FormatInt(refused, 10) + ` FROM commerce.payments`,
	} {
		if n := number(t, conn, sql); n != accepted {
			t.Errorf("%s: %d, accepted were %d", what, n, accepted)
		}
	}
	if n := number(t, conn, `SELECT count(*) FROM commerce.payments p WHERE p.provider = 'test' AND p.amount * (SELECT (o.status = 'placed')::int FROM commerce.orders o WHERE o.shop = p.shop AND o.id = p.order_id) IS DISTINCT FROM
		(SELECT coalesce(sum(((e->'amount'->>'amount')::numeric * 100)::bigint), 0) FROM jsonb_array_elements(p.entries) e WHERE e->>'kind' = 'captured')`); n != 0 {
		t.Errorf("%d payments of the provider test did not capture their amount once", n)
	}
	t.Logf("accepted = stored = stock = payments = %d, given up %d", accepted, refused)
	wantDoctor(t, "--database-url", address(t, dsn).String())
}

// wantSame asks again for an order that was accepted, as who lost the answer would.
func (c *crowd) wantSame(t *testing.T, p *purchase) {
	t.Helper()
	a := c.call("again", http.MethodPost, "/api/v1/carts/"+p.cart+"/checkout", wish(p.token), "Idempotency-Key", p.key)
	o, err := a.order()
	if err != nil || !a.replayed || o.ID != p.order.ID || o.Token != p.order.Token || o.Number != p.order.Number || o.Status != "placed" {
		t.Errorf("%s again: %v, replayed %t, order %s %s, want %s placed: %s", p.key, err, a.replayed, o.ID, o.Status, p.order.ID, a.body)
	}
	read := c.call("read", http.MethodGet, "/api/v1/orders/"+p.order.ID, nil, "X-Order-Token", p.order.Token)
	if read.status != http.StatusOK {
		t.Errorf("reading %s: %d %s", p.order.ID, read.status, read.body)
	}
}

// wantDoctor runs the doctor of the program over the store that the arguments name.
func wantDoctor(t *testing.T, store ...string) {
	t.Helper()
	path, err := shopBinary()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), path, append([]string{"doctor"}, store...)...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.Env = withoutSettings(cmd.Environ())
	if err := cmd.Run(); err != nil {
		t.Errorf("shop doctor: %v\n%s", err, out.Bytes())
	}
}
