package integration_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/containers"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
)

// portsMigration made the outbox one of partitions.
const portsMigration = 8

// What the release before wrote is delivered by this one, behind the cursor that it left, and so is what it goes on to
// write while both run.
func TestOutboxOutlivesItsUpgrade(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	dsn := containers.Postgres(t).Database(t)
	m := migrator(t, dsn)
	if _, err := m.Up(t.Context()); err != nil {
		t.Fatalf("Up: %v", err)
	}
	for done := int64(0); done != portsMigration; {
		back, err := m.Down(t.Context())
		if err != nil || len(back) != 1 {
			t.Fatalf("Down: %v, %v", back, err)
		}
		done = back[0].Version
	}
	ids := &orderingtest.Sequence{}
	var events []event.Event
	write := func(n int) {
		t.Helper()
		release := beginSlow(t, dsn)
		for range n {
			e := event.New(ref.NewID[ref.EventKind](ids.New()), fmt.Sprintf("thing_%d", len(events)), orderingtest.Moment(), happened{len(events)})
			release.write(e)
			events = append(events, e)
		}
		release.exec("COMMIT")
	}
	write(10)
	conn := connect(t, dsn)
	if _, err := conn.Exec(t.Context(), `INSERT INTO commerce.outbox_cursors (shop, consumer, position)
		SELECT 1, 'reader', position FROM commerce.outbox WHERE shop = 1 ORDER BY position OFFSET 3 LIMIT 1`); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Up(t.Context()); err != nil {
		t.Fatalf("Up again: %v", err)
	}
	write(10)
	r := outboxReader{t, openPostgres(t, small(dsn))}
	r.await(slices.Clone(events[4:])...)
	r.nothing("all was taken")
}

// The partition that the database computes is found by an index, for one event of many.
func TestOutboxIsReadByIndex(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	dsn := database(t)
	conn := connect(t, dsn)
	if _, err := conn.Exec(t.Context(), `INSERT INTO commerce.outbox (shop, id, name, aggregate, at, data)
		SELECT 1, gen_random_uuid(), 'x', 'thing_' || n, now(), '{}' FROM generate_series(1, 20000) n`); err != nil {
		t.Fatal(err)
	}
	s := openPostgres(t, small(dsn))
	r := outboxReader{t, s}
	r.claim()
	if _, err := conn.Exec(t.Context(), "UPDATE commerce.outbox_partitions SET position = 19990"); err != nil { // All but ten are taken.
		t.Fatal(err)
	}
	if _, err := conn.Exec(t.Context(), "VACUUM ANALYZE commerce.outbox"); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(t.Context(), "SELECT pg_stat_reset()"); err != nil {
		t.Fatal(err)
	}
	for range 5 {
		r.take()
		if _, err := s.Outbox().Oldest(t.Context(), "reader"); err != nil {
			t.Fatalf("Oldest: %v", err)
		}
		if _, err := s.Outbox().Pending(t.Context(), "reader", 10); err != nil {
			t.Fatalf("Pending: %v", err)
		}
	}
	s.Close() // Its connections tell their figures as they end.
	const used = "SELECT idx_scan FROM pg_stat_user_indexes WHERE schemaname = 'commerce' AND indexrelname = 'outbox_partition'"
	for deadline := time.Now().Add(patience); number(t, conn, used) < 15 && time.Now().Before(deadline); {
		time.Sleep(retryPause)
	}
	if n := number(t, conn, "SELECT seq_scan FROM pg_stat_user_tables WHERE schemaname = 'commerce' AND relname = 'outbox'"); n != 0 {
		t.Errorf("the outbox was read from end to end %d times", n)
	}
	if n := number(t, conn, used); n < 15 { // A scan for each partition, at least one for each reading.
		t.Errorf("the index of partitions was used %d times", n)
	}
}
