package integration_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/adapters/bun/postgres"
	"github.com/ipswich-retail/commerce/adapters/payments"
	"github.com/ipswich-retail/commerce/adapters/system"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
)

// wantRung fails unless the channel is closed soon.
func wantRung(t *testing.T, what string, wake <-chan struct{}) {
	t.Helper()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-wake:
	case <-timer.C:
		t.Fatalf("%s: nobody was woken within %s", what, patience)
	}
}

// listening waits until a store's connection listens, and gives the process that serves it.
func listening(t *testing.T, dsn string) int64 {
	t.Helper()
	conn := connect(t, dsn)
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(retryPause) {
		pid := number(t, conn, `SELECT coalesce(max(pid), 0) FROM pg_stat_activity
			WHERE datname = current_database() AND application_name = 'commerce-listen' AND query LIKE 'LISTEN%' AND state = 'idle'`)
		if pid != 0 {
			return pid
		}
	}
	t.Fatalf("no store listens after %s", patience)
	return 0
}

// tellOn commits one event.
func tellOn(t *testing.T, s *postgres.Store) {
	t.Helper()
	e := event.New(ref.NewID[ref.EventKind](system.NewIDs().New()), "thing", orderingtest.Moment(), happened{1})
	if _, err := s.Ordering().Commit(t.Context(), ordering.Commit{At: orderingtest.Moment(), Events: []event.Event{e}}); err != nil {
		t.Fatalf("Commit: %v", err)
	}
}

// job makes a job.
func job() ports.Job {
	return ports.Job{ID: system.NewIDs().New(), Kind: "integration.work", Payload: json.RawMessage(`{}`), RunAt: orderingtest.Moment()}
}

// What one server commits wakes the relays and the runners of another, also after its connection broke. Nobody polls
// here.
func TestServersWakeEachOther(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	dsn := database(t)
	here, there := openPostgres(t, small(dsn)), openPostgres(t, small(dsn))
	// The first ring says that it listens now.
	wantRung(t, "listening", there.Outbox().Wake())
	events, jobs := there.Outbox().Wake(), there.Jobs().Wake()
	tellOn(t, here)
	wantRung(t, "events of another server", events)
	if err := here.Jobs().Enqueue(t.Context(), []ports.Job{job()}); err != nil {
		t.Fatalf("Enqueue: %v", err)
	}
	wantRung(t, "jobs of another server", jobs)
	jobs = there.Jobs().Wake()
	if _, err := here.Ordering().Commit(t.Context(), ordering.Commit{At: orderingtest.Moment(), Jobs: []ports.Job{job()}}); err != nil {
		t.Fatalf("Commit: %v", err)
	}
	wantRung(t, "jobs of another server's commit", jobs)

	pid := listening(t, dsn)
	events = there.Outbox().Wake()
	if _, err := connect(t, dsn).Exec(t.Context(), "SELECT pg_terminate_backend($1, 5000)", pid); err != nil {
		t.Fatal(err)
	}
	wantRung(t, "after the connection broke, for what was missed", events)
	listening(t, dsn)
	events = there.Outbox().Wake()
	tellOn(t, here)
	wantRung(t, "events of another server, over a new connection", events)
}

// A store behind a pooler listens at the server itself: its pool may lead where notifications never come.
func TestListeningGoesItsOwnWay(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	direct := database(t)
	pooled, dsn := newProxy(t, direct)
	cfg := small(dsn)
	cfg.Direct = direct
	s := openPostgres(t, cfg)
	wantRung(t, "listening", s.Outbox().Wake())
	events := s.Outbox().Wake()
	tellOn(t, openPostgres(t, small(direct)))
	wantRung(t, "events of another server", events)
	for _, text := range pooled.texts() {
		if strings.Contains(strings.ToUpper(text), "LISTEN ") {
			t.Errorf("the pool was asked to %s", text)
		}
	}
}

// No commit notifies: that would make every commit of the server wait for every other. Others are told afterwards, in a
// statement by itself, and a burst of commits tells them a few times only.
func TestNoCommitNotifies(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	p, dsn := newProxy(t, database(t))
	s := openPostgres(t, small(dsn))
	till := newTill(t, s, nil)
	variants := till.many(t, 3, 1000)
	start := time.Now()
	const purchases = 50
	for i := range purchases {
		cart, err := till.cart(t.Context(), variants...)
		if err == nil {
			_, err = till.checkout(t.Context(), cart, fmt.Sprint("key ", i), payments.TokenOK)
		}
		if err != nil {
			t.Fatalf("a purchase: %v", err)
		}
	}
	if err := s.Catalog().Commit(t.Context(), catalog.Commit{Events: []event.Event{
		event.New(ref.NewID[ref.EventKind](system.NewIDs().New()), "thing", orderingtest.Moment(), happened{1}),
	}}); err != nil {
		t.Fatalf("a commit of the catalogue: %v", err)
	}
	if err := s.Jobs().Enqueue(t.Context(), []ports.Job{job()}); err != nil {
		t.Fatalf("Enqueue: %v", err)
	}
	took := time.Since(start)
	notifies := func() int { return len(p.inTransactions("notify")) + len(p.alone("notify")) }
	for deadline := time.Now().Add(patience); notifies() == 0 && time.Now().Before(deadline); {
		time.Sleep(retryPause)
	}
	if within := p.inTransactions("notify"); len(within) > 0 {
		t.Errorf("within a transaction: %q", within)
	}
	if n, most := len(p.alone("notify")), int(took/(100*time.Millisecond))+2; n == 0 || n > most {
		t.Errorf("%d purchases within %s told others %d times, want 1 to %d", purchases, took, n, most)
	}
	if len(p.inTransactions("insert into commerce.outbox")) == 0 {
		t.Error("the proxy saw no transaction that writes events")
	}
	var triggers int64
	conn := connect(t, dsn)
	triggers = number(t, conn, `SELECT count(*) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
		WHERE c.relnamespace = 'commerce'::regnamespace AND NOT t.tgisinternal`)
	if triggers != 0 {
		t.Errorf("%d triggers might notify unseen", triggers)
	}
}

// A server that stops hands its leases back: the next one has the work at once, though the leases were long.
func TestStoppedServersHandTheirLeasesBack(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	s := openPostgres(t, small(database(t)))
	clock := system.NewClock()
	x := newEffects()
	relay := system.NewRelay(s.Outbox(), clock, system.NewIDs().New(), []system.Consumer{{Name: "c", Handle: func(_ context.Context, e event.Event) error {
		x.take(e)
		return nil
	}}}, &system.RelayOptions{Lease: time.Hour})
	runner := system.NewJobRunner(s.Jobs(), clock, system.NewIDs(), &system.JobOptions{Lease: time.Hour})
	begun := make(chan struct{})
	runner.Handle("integration.work", func(ctx context.Context, _ ports.JobRun) error {
		close(begun)
		<-ctx.Done()
		return ctx.Err()
	})
	if err := s.Jobs().Enqueue(t.Context(), []ports.Job{job()}); err != nil {
		t.Fatal(err)
	}
	tellOn(t, s)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 2)
	go func() { ended <- relay.Run(ctx) }()
	go func() { ended <- runner.Run(ctx) }()
	wantRung(t, "the job", begun)
	for deadline := time.Now().Add(patience); x.count() == 0 && time.Now().Before(deadline); {
		time.Sleep(retryPause)
	}
	stop()
	for range 2 {
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("Run: %v", err)
		}
	}
	share, err := s.Outbox().Claim(t.Context(), ports.OutboxClaim{Consumer: "c", Owner: [16]byte{9}, At: clock.Now(), Until: clock.Now().Add(time.Hour)})
	if err != nil || len(share.Leases) != ports.OutboxPartitions {
		t.Errorf("the next relay has %d partitions, %v", len(share.Leases), err)
	}
	jobs, err := s.Jobs().Claim(t.Context(), ports.JobClaim{Kinds: []string{"integration.work"}, Owner: [16]byte{9}, At: clock.Now(), Until: clock.Now(), Limit: 1})
	if err != nil || len(jobs.Runs) != 1 || jobs.Runs[0].Attempt != 1 {
		t.Errorf("the next runner has %+v, %v", jobs.Runs, err)
	}
}
