package integration_test

import (
	"sync"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/adapters/bun/postgres"
	"github.com/ipswich-retail/commerce/domain/fault"
)

// A network that drops everything without a word holds nobody for ever, not even who brought no deadline; and what it
// leaves behind keeps no place in a pool once it is whole again.
func TestNetworkThatSwallows(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	const conns, limit = 3, 15 * time.Second // A statement and its margin, a new connection, and a busy machine.
	between, through := newWeather(t, database(t))
	s := openPostgres(t, postgres.Config{DSN: through, Conns: conns, Statement: 500 * time.Millisecond, Connect: time.Second, Transaction: time.Second})
	read := func() error {
		_, err := s.Keep(t.Context(), "a name", []byte("a value"))
		return err
	}
	each := func(want func(error) bool) {
		t.Helper()
		var all sync.WaitGroup
		for range 2 * conns {
			all.Go(func() {
				start := time.Now()
				if err := read(); !want(err) || time.Since(start) > limit {
					t.Errorf("%v after %s", err, time.Since(start))
				}
			})
		}
		all.Wait()
	}
	each(func(err error) bool { return err == nil })
	between.swallow(true)
	each(func(err error) bool { return fault.KindOf(err) == fault.Unavailable })
	if err := s.Ping(t.Context()); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("a database that is cut off is said to answer: %v", err)
	}
	between.swallow(false)
	for deadline := time.Now().Add(patience); s.Ping(t.Context()) != nil; time.Sleep(retryPause) {
		if time.Now().After(deadline) {
			t.Fatal("the database does not answer again")
		}
	}
	start := time.Now()
	for deadline := start.Add(patience); read() != nil; {
		if time.Now().After(deadline) {
			t.Fatal("nothing is read again")
		}
	}
	if took := time.Since(start); took > recoveredWithin {
		t.Errorf("read again after %s, want within %s", took, recoveredWithin)
	}
}

// Whether the database answers is asked on a connection of its own: a pool that is all in use, or all lost, says
// nothing of it. Many may ask at once.
func TestPingAsksTheDatabaseAndNotThePool(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	dsn := database(t)
	s := openPostgres(t, postgres.Config{DSN: dsn, Conns: 1})
	held, err := s.Pool().Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	release := sync.OnceFunc(held.Release)
	defer release()
	var all sync.WaitGroup
	for range 32 {
		all.Go(func() {
			if err := s.Ping(t.Context()); err != nil {
				t.Errorf("a busy pool: %v", err)
			}
		})
	}
	all.Wait()
	ended := number(t, connect(t, dsn), `SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity
		WHERE datname = current_database() AND application_name = 'commerce-pulse'`)
	if ended != 1 {
		t.Errorf("%d connections were asked on, want 1", ended)
	}
	if err := s.Ping(t.Context()); err != nil {
		t.Errorf("a connection that ended is taken for a database that is away: %v", err)
	}
	release()
	s.Close()
	if err := s.Ping(t.Context()); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("a closed store: %v", err)
	}
}
