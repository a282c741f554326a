package integration_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/testing/containers"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
)

// A connection that the server ended is no buyer's trouble: the commit goes over another one.
func TestCommitsOutliveTheirConnections(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	dsn := database(t)
	till := newTill(t, openPostgres(t, small(dsn)), nil)
	variant := till.stock(t, "it", 100)
	conn := connect(t, dsn)
	for i := range 5 {
		// Both loops have a connection then.
		var all sync.WaitGroup
		for j := range 8 {
			all.Go(func() {
				cart, err := till.cart(t.Context(), variant)
				if err == nil {
					_, err = till.checkout(t.Context(), cart, fmt.Sprintf("%d-%d", i, j), "")
				}
				if err != nil {
					t.Errorf("round %d: %v", i, err)
				}
			})
		}
		all.Wait()
		// Those of the general pool ask for life before they are used once they were idle for a while; these do not.
		ended := number(t, conn, `SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity
			WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE 'COMMIT%'`)
		if ended == 0 {
			t.Error("no connection was there to be ended")
		}
	}
	wantInvariants(t, conn)
}

// A server that does not answer keeps nobody longer than a statement may take, and every answer is honest.
func TestDatabaseThatHangs(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	server := containers.NewPostgres(t)
	dsn := databaseOn(t, server)
	cfg := small(dsn)
	cfg.Statement, cfg.Connect, cfg.Transaction = 500*time.Millisecond, time.Second, time.Second
	till := newTill(t, openPostgres(t, cfg), nil)
	variant := till.stock(t, "it", 100)
	const callers = 12
	commits := make([]ordering.Commit, callers)
	for i := range commits {
		commits[i] = till.commit(t, variant, fmt.Sprintf("key-%d", i))
	}
	server.Suspend(t)
	const limit = 20 * time.Second // Two transactions, a look for their outcome, and a busy machine.
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	errs := make([]error, callers)
	var all sync.WaitGroup
	for i, c := range commits {
		all.Go(func() { _, errs[i] = till.store.Ordering().Commit(ctx, c) })
	}
	all.Wait()
	if ctx.Err() != nil {
		t.Errorf("not everybody was answered within %s", limit)
	}
	server.Resume(t)
	for i, c := range commits {
		if errs[i] == nil || !fault.KindOf(errs[i]).Retryable() {
			t.Errorf("a server that hangs is answered with %v", errs[i])
		}
		var out ordering.Outcome
		var err error
		for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(retryPause) {
			if out, err = till.store.Ordering().Commit(t.Context(), c); err == nil {
				break
			}
		}
		if err != nil || out.Replay != nil && fault.KindOf(errs[i]) == fault.Unavailable {
			t.Errorf("commit %d again: %v, there before %t after %v", i, err, out.Replay != nil, errs[i])
		}
	}
	wantInvariantsLater(t, dsn, callers)
}

// wantInvariantsLater looks once nothing is under way.
func wantInvariantsLater(t *testing.T, dsn string, orders int64) {
	t.Helper()
	conn := connect(t, dsn)
	wantInvariants(t, conn)
	if n := number(t, conn, "SELECT count(*) FROM commerce.orders"); n != orders {
		t.Errorf("%d orders are stored, want %d", n, orders)
	}
}

// A commit of a closed store is answered at once, also when it waits in the queue while the store closes.
func TestClosedStoreAnswers(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	s := openPostgres(t, small(database(t)))
	var all sync.WaitGroup
	for range 64 {
		all.Go(func() {
			for {
				_, err := s.Ordering().Commit(t.Context(), ordering.Commit{At: orderingtest.Moment()})
				if err == nil {
					continue
				}
				if kind := fault.KindOf(err); kind != fault.Unavailable {
					t.Errorf("a closed store answers %v", err)
				}
				return
			}
		})
	}
	s.Close()
	s.Close()
	all.Wait()
}
