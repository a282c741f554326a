package integration_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/adapters/bun/postgres"
	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
)

// happened is the payload of these tests' events.
type happened struct {
	N int `json:"n"`
}

// EventName is the event's stable name.
func (happened) EventName() string { return "integration.happened" }

// slow is a transaction beside the store's, as that of another server would be: it has its id, and may have drawn
// positions in the outbox.
type slow struct {
	t    *testing.T
	conn *pgx.Conn
}

// beginSlow gives the transaction its id.
func beginSlow(t *testing.T, dsn string) slow {
	t.Helper()
	s := slow{t, connect(t, dsn)}
	s.exec("BEGIN")
	s.exec("SELECT pg_current_xact_id()")
	return s
}

func (s slow) exec(sql string, args ...any) {
	s.t.Helper()
	if _, err := s.conn.Exec(s.t.Context(), sql, args...); err != nil {
		s.t.Fatalf("%s: %v", sql, err)
	}
}

// write draws the next position.
func (s slow) write(e event.Event) {
	s.t.Helper()
	s.exec("INSERT INTO commerce.outbox (shop, id, name, aggregate, at, data) VALUES (1, $1, $2, $3, $4, $5)",
		e.ID.UUID().String(), e.Name, e.Aggregate, e.At, string(e.Data))
}

// outboxReader reads a store's outbox for one consumer, as a relay does.
type outboxReader struct {
	t *testing.T
	s *postgres.Store
}

// claim takes all partitions.
func (r outboxReader) claim() []ports.Lease {
	r.t.Helper()
	now := orderingtest.Moment()
	share, err := r.s.Outbox().Claim(r.t.Context(), ports.OutboxClaim{Consumer: "reader", Owner: [16]byte{1}, At: now, Until: now.Add(time.Hour)})
	if err != nil {
		r.t.Fatalf("Claim: %v", err)
	}
	return share.Leases
}

// take gives what is fresh and acknowledges it.
func (r outboxReader) take() []ref.EventID {
	r.t.Helper()
	leases := r.claim()
	got, err := r.s.Outbox().Read(r.t.Context(), ports.OutboxRead{Consumer: "reader", Leases: leases, At: orderingtest.Moment(), Limit: 100})
	if err != nil {
		r.t.Fatalf("Read: %v", err)
	}
	var ids []ref.EventID
	for _, d := range got.Fresh {
		ids = append(ids, d.Event.ID)
		if err := r.s.Outbox().Ack(r.t.Context(), ports.Progress{Lease: leases[d.Partition], At: orderingtest.Moment(), Through: d.Cursor}); err != nil {
			r.t.Fatalf("Ack: %v", err)
		}
	}
	return ids
}

// nothing looks several times, since what is settled moves with each look.
func (r outboxReader) nothing(why string) {
	r.t.Helper()
	for range 5 {
		if ids := r.take(); len(ids) > 0 {
			r.t.Fatalf("%s: %v are delivered", why, ids)
		}
	}
}

// await takes until all these came, in this order and none else.
func (r outboxReader) await(want ...event.Event) {
	r.t.Helper()
	var got []ref.EventID
	for deadline := time.Now().Add(30 * time.Second); len(got) < len(want); {
		if time.Now().After(deadline) {
			break
		}
		got = append(got, r.take()...)
	}
	for i, e := range want {
		if i >= len(got) || got[i] != e.ID {
			r.t.Fatalf("got %v; want %s at place %d", got, e.ID, i)
		}
	}
	if len(got) > len(want) {
		r.t.Fatalf("got %v, %d too many", got, len(got)-len(want))
	}
}

// A transaction that is slower than others commits events at positions below theirs; whichever of the two began first,
// a reader must see its events and all of them in the order of positions.
func TestOutboxSkipsNothingOfASlowTransaction(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	for _, slowIsOlder := range []bool{true, false} {
		t.Run(fmt.Sprintf("slow is older %t", slowIsOlder), func(t *testing.T) {
			t.Parallel()
			dsn := database(t)
			s := openPostgres(t, small(dsn))
			r := outboxReader{t, s}
			ids := &orderingtest.Sequence{}
			events := make([]event.Event, 4)
			for i := range events {
				events[i] = event.New(ref.NewID[ref.EventKind](ids.New()), fmt.Sprintf("thing_%d", i), orderingtest.Moment(), happened{i})
			}
			first, second := beginSlow(t, dsn), beginSlow(t, dsn)
			late, soon := first, second
			if !slowIsOlder {
				late, soon = second, first
			}
			late.write(events[0])
			soon.write(events[1])
			r.nothing("both are running")
			soon.exec("COMMIT")
			r.nothing("what has the lower position is still running")
			if _, err := s.Ordering().Commit(t.Context(), ordering.Commit{At: orderingtest.Moment(), Events: events[2:3]}); err != nil {
				t.Fatalf("Commit: %v", err)
			}
			r.nothing("the lowest position is still running beside the store")
			late.exec("COMMIT")
			r.await(events[:3]...)
			if _, err := s.Ordering().Commit(t.Context(), ordering.Commit{At: orderingtest.Moment(), Events: events[3:]}); err != nil {
				t.Fatalf("Commit: %v", err)
			}
			r.await(events[3])
			r.nothing("all was taken")
		})
	}
}

// A transaction that is rolled back leaves a gap, which holds nobody back.
func TestOutboxGoesOnBehindAGap(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	dsn := database(t)
	s := openPostgres(t, small(dsn))
	r := outboxReader{t, s}
	ids := &orderingtest.Sequence{}
	lost := event.New(ref.NewID[ref.EventKind](ids.New()), "thing", orderingtest.Moment(), happened{1})
	kept := event.New(ref.NewID[ref.EventKind](ids.New()), "thing", orderingtest.Moment(), happened{2})
	gives := beginSlow(t, dsn)
	gives.write(lost)
	if _, err := s.Ordering().Commit(t.Context(), ordering.Commit{At: orderingtest.Moment(), Events: []event.Event{kept}}); err != nil {
		t.Fatalf("Commit: %v", err)
	}
	r.nothing("the lower position may still come")
	gives.exec("ROLLBACK")
	r.await(kept)
}
