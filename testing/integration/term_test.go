package integration_test

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// TestTermUnderLoad ends a shop with SIGTERM, twice in a row as orchestrators do, while 64 clients with kept connections
// and 64 with a new one for each request call it. They go elsewhere once readiness tells them to. Until then every
// request is answered well; each answer from then on closes its connection; the end is clean, in time, and leaves nothing
// claimed.
func TestTermUnderLoad(t *testing.T) {
	t.Parallel()
	stores := map[string][]string{"memory": {"--store", "memory"}}
	var dsn string
	if needsDatabase(t) {
		dsn = database(t)
		stores["postgres"] = []string{"--database-url", address(t, dsn).String(), "--conns", "8"}
	}
	for name, store := range stores {
		t.Run(name, func(t *testing.T) { //nolint:paralleltest // Each has the machine for itself.
			termUnderLoad(t, store)
			if name == "memory" {
				return
			}
			conn := connect(t, dsn)
			for what, sql := range map[string]string{
				"partitions leased": `SELECT count(*) FROM commerce.outbox_partitions WHERE owner IS NOT NULL`,
				"relays":            `SELECT count(*) FROM commerce.outbox_relays`,
				"jobs running":      `SELECT count(*) FROM commerce.jobs WHERE state = 'running'`,
			} {
				if n := number(t, conn, sql); n != 0 {
					t.Errorf("%s: %d are left", what, n)
				}
			}
			wantInvariants(t, conn)
		})
	}
}

func termUnderLoad(t *testing.T, store []string) {
	t.Helper()
	const clients, drain, shutdown = 64, 2 * time.Second, 20 * time.Second
	p := startShop(t, append(store, "--drain", drain.String(), "--max-requests", "512", "--seed", seedFile(t, map[string]int64{"it": 1_000_000}))...)
	var served, closed atomic.Int64
	told := make(chan struct{}) // Closed once readiness is bad.
	var all sync.WaitGroup
	for i := range 2 * clients {
		transport := &http.Transport{MaxIdleConnsPerHost: 1, DisableKeepAlives: i >= clients}
		c := &client{p.base, &http.Client{Transport: transport, Timeout: 30 * time.Second}}
		all.Go(func() {
			defer transport.CloseIdleConnections()
			for n := 0; ; n++ {
				select {
				case <-told:
					return
				default:
				}
				termCalls(t, c, strconv.Itoa(i)+"-"+strconv.Itoa(n), told, &closed)
				served.Add(1)
			}
		})
	}
	for served.Load() < 4*clients { // The load runs before the end begins.
		time.Sleep(retryPause)
	}
	probe := &client{p.base, &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}}
	begun := time.Now()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	for {
		a, err := probe.call(t.Context(), http.MethodGet, "/health/ready", nil)
		if err != nil {
			t.Errorf("readiness while the shop drains: %v", err)
		}
		if err != nil || a.status == http.StatusServiceUnavailable {
			break
		}
	}
	if took := time.Since(begun); took > time.Second {
		t.Errorf("readiness was bad only after %s", took)
	}
	close(told)
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	all.Wait()
	p.ends.Do(func() {
		<-p.log.ended
		if err := p.cmd.Wait(); err != nil {
			t.Errorf("the shop ended with %v; its log ends:\n%s", err, p.log.tail())
		}
	})
	if took := time.Since(begun); took > drain+shutdown {
		t.Errorf("it ended after %s, want within %s", took, drain+shutdown)
	}
	if closed.Load() == 0 {
		t.Error("no answer was under way when the end began, so this proves little")
	}
	t.Logf("%d rounds served, %d answers while draining, ended after %s", served.Load(), closed.Load(), time.Since(begun))
}

// termCalls is one round of a client: net/http repeats none of its calls by itself but those with a key.
func termCalls(t *testing.T, c *client, key string, told <-chan struct{}, closed *atomic.Int64) {
	t.Helper()
	want := func(a answer, err error, after bool, status int) {
		if err != nil || a.status != status {
			t.Errorf("%s: %d %v, want %d: %s", key, a.status, err, status, a.body)
		}
		if after {
			closed.Add(1)
			if err == nil && !a.closes {
				t.Errorf("%s: an answer of a shop that drains keeps its connection", key)
			}
		}
	}
	draining := func() bool {
		select {
		case <-told:
			return true
		default:
			return false
		}
	}
	ctx := context.WithoutCancel(t.Context())
	after := draining()
	made, err := c.call(ctx, http.MethodPost, "/api/v1/carts", map[string]any{"lines": []line{{"it", 1}}})
	want(made, err, after, http.StatusCreated)
	var cart struct{ ID string }
	if err != nil || made.into(&cart) != nil {
		return
	}
	after = draining()
	ordered, err := c.checkout(ctx, cart.ID, key, wish("tok_ok"))
	want(ordered, err, after, http.StatusCreated)
}
