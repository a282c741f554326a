package integration_test

import (
	"sync"
	"testing"
	"time"
)

// When the server ended one connection it ended all: who hears of it first spares the others, who would hear of it one after
// the other.
func TestConnectionsEndTogether(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	dsn := database(t)
	cfg := small(dsn)
	cfg.Conns = 4
	s, direct := openPostgres(t, cfg), connect(t, dsn)
	var all sync.WaitGroup
	for range cfg.Conns {
		all.Go(func() {
			if _, err := s.Pool().Exec(t.Context(), "SELECT pg_sleep(0.2)"); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := s.Pool().Stat().IdleConns(); n != cfg.Conns {
		t.Fatalf("%d connections are idle, want %d", n, cfg.Conns)
	}
	if _, err := direct.Exec(t.Context(), `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
		WHERE datname = current_database() AND pid <> pg_backend_pid() AND query = 'SELECT pg_sleep(0.2)'`); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Pool().Exec(t.Context(), "SELECT 1"); err == nil {
		t.Fatal("a connection that the server ended gave an answer")
	}
	for late := time.After(10 * time.Second); s.Pool().Stat().TotalConns() > 0; {
		select {
		case <-late:
			t.Fatalf("%d connections that are over are still kept", s.Pool().Stat().TotalConns())
		case <-time.After(time.Millisecond):
		}
	}
	if _, err := s.Pool().Exec(t.Context(), "SELECT 1"); err != nil {
		t.Errorf("after the first who heard of it: %v", err)
	}
}
