package integration_test

import (
	"context"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/testing/containers"
)

// What is promised while the database fails, and after.
const (
	answeredWithin  = 3 * time.Second // Every answer.
	unreadyWithin   = 5 * time.Second // Readiness tells of a database that is away.
	recoveredWithin = 5 * time.Second // Readiness, and the next order, once the database is back.
)

// shoppers is how many people buy while the database fails.
const shoppers = 12

// large tells whether the long forms of the tests of faults run, which `make fire` asks for.
func large() bool { return os.Getenv("COMMERCE_FAULTS") == "full" }

// databaseFault is one way in which PostgreSQL fails. Away means that nothing can be read: then readiness must say so.
type databaseFault struct {
	name  string
	away  bool
	lasts time.Duration // In the long form.
	begin func(t *testing.T, s *scene)
	end   func(t *testing.T, s *scene)
}

// scene is a shop, its database, and the network between them.
type scene struct {
	server *containers.PostgresServer
	dsn    string
	net    *weather
	held   []*pgx.Conn
}

// sqlFull makes every write of rows fail as on a full disk: the SQLSTATE is the server's own, the disk is whole. A small
// file system of its own would need the right to mount one.
const sqlFull = `CREATE FUNCTION public.full_disk() RETURNS trigger LANGUAGE plpgsql AS
	$$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
	CREATE PROCEDURE public.fill_disk() LANGUAGE plpgsql AS $$ DECLARE t text; BEGIN
		FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'commerce' ORDER BY 1 LOOP
			EXECUTE format('CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON commerce.%I EXECUTE FUNCTION public.full_disk()', t);
			COMMIT; -- Each table alone, so as to meet no transaction of the shop the wrong way round.
		END LOOP; END $$`

// sqlRoom takes that back.
const sqlRoom = `CREATE PROCEDURE public.make_room() LANGUAGE plpgsql AS $$ DECLARE t text; BEGIN
		FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'commerce' ORDER BY 1 LOOP
			EXECUTE format('DROP TRIGGER full_disk ON commerce.%I', t);
			COMMIT;
		END LOOP; END $$`

var databaseFaults = []databaseFault{
	{
		"stopped", true, 10 * time.Second,
		func(t *testing.T, s *scene) { t.Helper(); s.server.Stop(t) },
		func(t *testing.T, s *scene) { t.Helper(); s.server.Start(t) },
	},
	{
		"paused", true, 20 * time.Second,
		func(t *testing.T, s *scene) { t.Helper(); s.server.Suspend(t) },
		func(t *testing.T, s *scene) { t.Helper(); s.server.Resume(t) },
	},
	{
		"killed", true, 10 * time.Second,
		func(t *testing.T, s *scene) { t.Helper(); s.server.Kill(t) },
		func(t *testing.T, s *scene) { t.Helper(); s.server.Start(t) },
	},
	{
		"slow", false, 20 * time.Second,
		func(_ *testing.T, s *scene) { s.net.slow(50 * time.Millisecond) }, // A round trip is 100 ms: a database on another continent.
		func(_ *testing.T, s *scene) { s.net.slow(0) },
	},
	{
		"full", false, 10 * time.Second,
		func(t *testing.T, s *scene) {
			t.Helper()
			s.execute(t, sqlFull)
			s.execute(t, `CALL public.fill_disk()`)
		},
		func(t *testing.T, s *scene) {
			t.Helper()
			s.execute(t, sqlRoom)
			s.execute(t, `CALL public.make_room()`)
		},
	},
	{
		"at its limit of connections", false, 10 * time.Second,
		func(t *testing.T, s *scene) { t.Helper(); s.crowdOut(t) },
		func(t *testing.T, s *scene) { t.Helper(); s.makeRoom(t) },
	},
	{
		"cut off", true, 20 * time.Second,
		func(_ *testing.T, s *scene) { s.net.swallow(true) },
		func(_ *testing.T, s *scene) { s.net.swallow(false) },
	},
}

// execute runs statements at the database, past the weather.
func (s *scene) execute(t *testing.T, sql string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), s.dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(anew(t)) }()
	if _, err := conn.Exec(t.Context(), sql); err != nil {
		t.Fatal(err)
	}
}

// crowdOut ends the shop's connections and takes every one that the server has.
func (s *scene) crowdOut(t *testing.T) {
	t.Helper()
	for first := true; ; first = false {
		conn, err := pgx.Connect(t.Context(), s.dsn)
		if err != nil {
			if !strings.Contains(err.Error(), "53300") {
				t.Fatal(err)
			}
			return
		}
		s.held = append(s.held, conn)
		if first {
			continue
		}
		if _, err := s.held[0].Exec(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'commerce%'
			ORDER BY random() LIMIT 1`); err != nil {
			t.Fatal(err)
		}
	}
}

func (s *scene) makeRoom(t *testing.T) {
	t.Helper()
	for _, conn := range s.held {
		_ = conn.Close(anew(t))
	}
	s.held = nil
}

// TestDatabaseFaults lets PostgreSQL fail beneath a shop in which people buy, in one way after the other and without a
// start of the shop. Every answer comes in time and says what to do, health is true to fact, the shop recovers by
// itself, keeps nothing of the fault, and its books are right.
func TestDatabaseFaults(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	s := &scene{server: containers.NewPostgres(t, containers.Setting("max_connections", "40"))}
	s.dsn = databaseOn(t, s.server)
	var through string
	s.net, through = newWeather(t, s.dsn)
	p := startShop(t, "--database-url", through, "--conns", "6", "--lease", "2s", "--seed", seedFile(t, map[string]int64{"it": 1_000_000}))
	base := func() string { return p.base }
	first := gather(t, base)
	first.come(shoppers)
	first.sold(100)
	first.disperse()
	calm := first.measure(t)
	people := gather(t, base)
	people.come(shoppers)
	people.sold(10)
	for _, f := range databaseFaults {
		t.Run(f.name, func(t *testing.T) { //nolint:paralleltest // One shop meets them one after the other.
			people.suffer(t, s, f)
		})
	}
	people.disperse()
	people.wantCalm(t, calm)
	people.purchases = append(people.purchases, first.purchases...)
	people.wantBooks(t, s.dsn)
	t.Log(summary(people.since(time.Time{})))
}

// suffer lets one fault come and go.
func (c *crowd) suffer(t *testing.T, s *scene, f databaseFault) {
	t.Helper()
	watch := c.sentinel(t)
	lasts := 6 * time.Second // Longer than it takes to be noticed.
	if large() {
		lasts = f.lasts
	}
	begun := time.Now()
	f.begin(t, s)
	time.Sleep(lasts) // The fault lasts; there is nothing to wait for.
	f.end(t, s)
	ended := time.Now()
	for deadline := ended.Add(patience); ; time.Sleep(retryPause) {
		recovered := watch.ready(ended) && c.ordered(ended)
		if recovered || time.Now().After(deadline) {
			if took := time.Since(ended); took > recoveredWithin {
				t.Errorf("recovered: %t, %s after the database was back; want within %s", recovered, took, recoveredWithin)
			} else {
				t.Logf("recovered after %s", took)
			}
			break
		}
	}
	watch.stop()
	if f.away {
		if at, found := watch.unready(begun, ended); !found || at.Sub(begun) > unreadyWithin {
			t.Errorf("readiness told of it: %t, after %s; want within %s", found, at.Sub(begun), unreadyWithin)
		}
	}
	answers := c.since(begun.Add(-answeredWithin))
	for _, h := range answers {
		if h.err != nil || h.took > answeredWithin || h.status >= http.StatusInternalServerError && (h.status != http.StatusServiceUnavailable || h.retry == "") {
			t.Errorf("%s %s after its beginning: %d %s after %s, Retry-After %q, %v", h.what, h.at.Sub(begun), h.status, h.code, h.took, h.retry, h.err)
		}
	}
	t.Log(summary(answers))
}

// ordered tells whether somebody asked for an order after the moment and got it.
func (c *crowd) ordered(after time.Time) bool {
	for _, h := range c.since(after) {
		if h.what == "checkout" && h.status == http.StatusCreated {
			return true
		}
	}
	return false
}

// sentinel polls readiness and liveness, as an orchestrator does.
type sentinel struct {
	t      *testing.T
	cancel context.CancelFunc
	ended  chan struct{}

	mu   sync.Mutex
	seen []heard
}

func (c *crowd) sentinel(t *testing.T) *sentinel {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	w := &sentinel{t: t, cancel: cancel, ended: make(chan struct{})}
	probe := &client{c.bases(), c.http}
	go func() {
		defer close(w.ended)
		for ctx.Err() == nil {
			start := time.Now()
			a, err := probe.call(ctx, http.MethodGet, "/health/live", nil)
			if took := time.Since(start); ctx.Err() == nil && (err != nil || a.status != http.StatusOK || took > time.Second) {
				t.Errorf("live: %d %v after %s", a.status, err, took)
			}
			start = time.Now()
			a, err = probe.call(ctx, http.MethodGet, "/health/ready", nil)
			if ctx.Err() != nil {
				return
			}
			if took := time.Since(start); err != nil || took > answeredWithin {
				t.Errorf("ready: %d %v after %s", a.status, err, took)
			}
			w.mu.Lock()
			w.seen = append(w.seen, heard{what: "ready", at: start, took: time.Since(start), status: a.status})
			w.mu.Unlock()
			time.Sleep(100 * time.Millisecond) // The pace of the probe.
		}
	}()
	t.Cleanup(w.stop)
	return w
}

func (w *sentinel) stop() {
	w.cancel()
	<-w.ended
}

// ready tells whether readiness asked after the moment was good.
func (w *sentinel) ready(after time.Time) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, h := range w.seen {
		if h.at.After(after) && h.status == http.StatusOK {
			return true
		}
	}
	return false
}

// unready tells when readiness was first bad, and fails when it was good after that and before the end.
func (w *sentinel) unready(begun, ended time.Time) (at time.Time, found bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, h := range w.seen {
		answered := h.at.Add(h.took)
		switch {
		case answered.Before(begun) || answered.After(ended):
		case h.status != http.StatusOK && !found:
			at, found = answered, true
		case h.status == http.StatusOK && found:
			w.t.Errorf("readiness was good %s after the database went away", answered.Sub(begun))
		}
	}
	return at, found
}

// measures are what a shop holds.
type measures struct{ goroutines, connections float64 }

// measure reads what the shop holds, from its metrics.
func (c *crowd) measure(t *testing.T) measures {
	t.Helper()
	a, err := (&client{c.bases(), c.http}).call(t.Context(), http.MethodGet, "/metrics", nil)
	if err != nil || a.status != http.StatusOK {
		t.Fatalf("metrics: %d %v", a.status, err)
	}
	var m measures
	for text := range strings.Lines(string(a.body)) {
		name, value, _ := strings.Cut(strings.TrimSpace(text), " ")
		n, _ := strconv.ParseFloat(value, 64)
		switch {
		case name == "go_goroutines":
			m.goroutines = n
		case strings.HasPrefix(name, "shop_database_connections{"):
			m.connections += n
		}
	}
	return m
}

// wantCalm waits until the shop holds no more than it did before, by a twentieth.
func (c *crowd) wantCalm(t *testing.T, calm measures) {
	t.Helper()
	var now measures
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		if now = c.measure(t); now.goroutines <= calm.goroutines*1.05 && now.connections <= calm.connections*1.05 {
			t.Logf("before: %+v, after: %+v", calm, now)
			return
		}
	}
	t.Errorf("the shop keeps %+v, before the faults it was %+v", now, calm)
}
