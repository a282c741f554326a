package integration_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"go.uber.org/fx"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/ipswich-retail/commerce/adapters/fiberhttp/fiberhttpfx"
	"github.com/ipswich-retail/commerce/apps/shop/compose"
	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/customers"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/ports"
	portfaults "github.com/ipswich-retail/commerce/testing/shoptest/faulty"
)

// kept is a log that is kept whole.
type kept struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (k *kept) Write(p []byte) (int, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.b.Write(p)
}

func (k *kept) Sync() error { return nil }

func (k *kept) bytes() []byte {
	k.mu.Lock()
	defer k.mu.Unlock()
	return bytes.Clone(k.b.Bytes())
}

// startKept is startShop with a log that is kept whole, at level debug and with every statement.
func startKept(t *testing.T, with canaries, args ...string) (base string, log *kept, stop func()) {
	t.Helper()
	path, err := shopBinary()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(anew(t), path, append([]string{"serve", "--listen", "127.0.0.1:0", "--drain", "0s", "--log-level", "debug", "--slow-query", "1ns"}, args...)...)
	log = &kept{}
	follow, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Dir = t.TempDir()
	cmd.Env = append(withoutSettings(os.Environ()), "SHOP_ADMIN_API_KEY="+with["admin key"], "SHOP_ADMIN_EMAIL="+with["email"], "SHOP_ADMIN_PASSWORD="+with["password"])
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	listening := followLog(newTee(follow, log))
	var once sync.Once
	stop = func() {
		once.Do(func() {
			late := time.AfterFunc(shopEnd, func() { _ = cmd.Process.Kill() })
			defer late.Stop()
			_ = cmd.Process.Signal(syscall.SIGTERM)
			<-listening.ended
			_ = cmd.Wait()
		})
	}
	t.Cleanup(stop)
	select {
	case address := <-listening.listening:
		return "http://" + address, log, stop
	case <-listening.ended:
	case <-time.After(shopStart):
	}
	t.Fatalf("the shop did not come to listen:\n%s", log.bytes())
	return "", nil, nil
}

// tee reads and keeps what it read.
type tee struct {
	from interface{ Read([]byte) (int, error) }
	to   *kept
}

func newTee(from interface{ Read([]byte) (int, error) }, to *kept) tee { return tee{from, to} }

func (t tee) Read(p []byte) (int, error) {
	n, err := t.from.Read(p)
	_, _ = t.to.Write(p[:n])
	return n, err
}

// wantNoCanaries looks for what was let out.
func wantNoCanaries(t *testing.T, with canaries, places map[string][]byte) {
	t.Helper()
	for place, text := range places {
		found := with.found(text)
		if len(text) == 0 {
			t.Errorf("%s: nothing to look at", place)
		}
		if len(found) == 0 {
			continue
		}
		t.Errorf("%s: %q were let out, such as in\n%s", place, found, around(text, with[found[0]]))
	}
}

// around gives the line of a text that holds something.
func around(text []byte, what string) string {
	for line := range bytes.Lines(text) {
		if bytes.Contains(bytes.ToLower(line), []byte(strings.ToLower(what))) {
			return string(line[:min(len(line), 2000)])
		}
	}
	return ""
}

// TestCanaries sends a person's data and credentials to every operation of the program: while it is whole, while its
// tables are gone, and while its database cannot be reached.
func TestCanaries(t *testing.T) {
	t.Parallel()
	t.Run("memory", func(t *testing.T) {
		t.Parallel()
		with, to := newCanaries(), newReceiver(t)
		with["admin key"] = "Kanari-admin-key-of-the-tests"
		base, log, stop := startKept(t, with, "--otlp-endpoint", to.URL)
		e := newExercise(t, newClient(t, base), with)
		e.admin = with["admin key"]
		e.buy(t)
		e.run(t)
		places := map[string][]byte{"errors of others": e.others(t), "metrics": e.metrics(t)}
		stop()
		places["log"], places["traces"] = log.bytes(), to.bytes()
		wantNoCanaries(t, with, places)
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		if !needsDatabase(t) {
			return
		}
		with, to, dsn := newCanaries(), newReceiver(t), database(t)
		with["admin key"] = "Kanari-admin-key-of-the-tests"
		between, through := newProxy(t, dsn)
		base, log, stop := startKept(t, with, "--otlp-endpoint", to.URL, "--store", "postgres", "--database-url", through, "--conns", "4")
		e := newExercise(t, newClient(t, base), with)
		e.admin = with["admin key"]
		e.buy(t)
		e.run(t)
		conn := connect(t, dsn)
		if _, err := conn.Exec(t.Context(), "ALTER SCHEMA commerce RENAME TO elsewhere"); err != nil {
			t.Fatal(err)
		}
		e.run(t)
		if _, err := conn.Exec(t.Context(), "ALTER SCHEMA elsewhere RENAME TO commerce"); err != nil {
			t.Fatal(err)
		}
		places := map[string][]byte{"errors of others": e.others(t), "metrics": e.metrics(t)}
		between.cut()
		e.run(t)
		places["errors of others, without a database"] = e.others(t)
		stop()
		places["log"], places["traces"] = log.bytes(), to.bytes()
		if !bytes.Contains(places["log"], []byte(`"slow_query"`)) {
			t.Error("no statement is in the log")
		}
		wantNoCanaries(t, with, places)
	})
}

// metrics reads /metrics.
func (e *exercise) metrics(t *testing.T) []byte {
	t.Helper()
	a, err := e.call(t.Context(), http.MethodGet, "/metrics", nil)
	if err != nil || a.status != http.StatusOK {
		t.Fatalf("/metrics: %v %d", err, a.status)
	}
	return a.body
}

func (r *receiver) bytes() []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	return bytes.Clone(r.raw.Bytes())
}

// TestCanariesOfPanics lets the ports of a whole shop in memory panic with what they were called with.
func TestCanariesOfPanics(t *testing.T) {
	t.Parallel()
	with := newCanaries()
	log := &kept{}
	cfg := zap.NewProductionEncoderConfig()
	var panicking atomic.Bool
	faults := portfaults.New(&portfaults.Options{Seen: func(c portfaults.Call, m portfaults.Moment) {
		if panicking.Load() && m == portfaults.Entered {
			panic(fmt.Sprintf("%s.%s of %s", c.Port, c.Method, told(c.Args)))
		}
	}})
	s := compose.Settings{Place: compose.Place{Store: "memory"}, Currency: "GBP", Locale: "en-GB", Country: "GB", LogLevel: "debug", CommitGroup: 64, CommitLoops: 2}
	seeds, err := compose.ReadSeeds(s, "")
	if err != nil {
		t.Fatal(err)
	}
	var bound *fiberhttpfx.Bound
	app := fx.New(
		compose.Core(s, []string{"manual"}, nil, ordering.DefaultLease, zap.New(zapcore.NewCore(zapcore.NewJSONEncoder(cfg), log, zapcore.DebugLevel))),
		compose.HTTP(s, "1", 0), compose.Seed(seeds), compose.Serve("127.0.0.1:0"),
		panicky[ordering.Committer](faults), panicky[ordering.Carts](faults), panicky[ordering.Orders](faults), panicky[ports.Commands](faults),
		panicky[catalog.Products](faults), panicky[catalog.Listings](faults), panicky[catalog.Committer](faults), panicky[pricing.Prices](faults),
		panicky[customers.Customers](faults), panicky[customers.Committer](faults), panicky[access.Accounts](faults), panicky[access.Sessions](faults),
		panicky[access.APIKeys](faults), panicky[access.Committer](faults), panicky[ports.RateLimiter](faults),
		fx.Populate(&bound),
	)
	if err := app.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = app.Stop(context.WithoutCancel(t.Context())) })
	e := newExercise(t, newClient(t, "http://"+bound.Addr().String()), with)
	e.buy(t)
	panicking.Store(true)
	e.run(t)
	others, metrics := e.others(t), e.metrics(t)
	panicking.Store(false)
	text := log.bytes()
	if !bytes.Contains(text, []byte(`"msg":"panic"`)) {
		t.Error("nothing panicked")
	}
	wantNoCanaries(t, with, map[string][]byte{"log": text, "errors of others": others, "metrics": metrics})
}

// panicky puts faults before a port of a shop.
func panicky[P any](faults *portfaults.Faults) fx.Option {
	return fx.Decorate(func(next P) P { return portfaults.Wrap(next, faults) })
}

// told writes what pointers lead to.
func told(args []any) string {
	var b strings.Builder
	for _, a := range args {
		fmt.Fprintf(&b, "%+v ", reflect.ValueOf(a).Elem().Interface())
	}
	return b.String()
}
