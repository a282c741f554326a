package postgres

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// Outbox is the store as ports.Outbox.
type Outbox struct{ s *Store }

var _ ports.Outbox = Outbox{}

// Outbox gives the port ports.Outbox.
func (s *Store) Outbox() Outbox { return Outbox{s} }

// horizon tells up to which position nothing can be added to the outbox any more.
//
// A position is drawn while the transaction runs and is seen when it commits, so a reader that simply goes on behind
// the highest position it saw skips what a slower transaction commits later. The horizon holds it back: it notes the
// highest position drawn so far and then draws a transaction id itself. Every transaction has its id before it draws a
// position, so those that drew one up to the noted are older than this id; once all older ones have ended, the
// positions up to the noted are settled. (The end of a snapshot would not do for the id: it stands behind the last
// transaction that ended, and younger ones may be running.) In the order of positions the events of one aggregate stand
// in the order of its commits, for a transaction draws positions only while it holds the aggregate's lock.
type horizon struct {
	mu      sync.Mutex
	settled int64  // Nothing can come at or below it.
	noted   int64  // Will be settled…
	until   uint64 // …once every transaction older than this one has ended; 0 when nothing is noted.
}

// start gives what is settled, and whether a new position is to be noted.
func (h *horizon) start() (settled int64, note bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.settled, h.until == 0
}

// advance takes what the server said and gives the settled position: how far positions are drawn, the id that was drawn
// then (0 for none), and later the oldest transaction that may be running.
func (h *horizon) advance(drawn int64, id, oldest uint64) int64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	if id != 0 && (h.until == 0 || oldest >= id) {
		h.noted, h.until = max(h.noted, drawn), id
	}
	if h.until != 0 && oldest >= h.until {
		h.settled, h.until = max(h.settled, h.noted), 0
	}
	return h.settled
}

// The statements of settledPosition; each has to see the moment after the one before, so they are not one.
const (
	sqlDrawn  = `SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM commerce.outbox_position`
	sqlNote   = `SELECT CASE WHEN is_called AND last_value > $1 THEN pg_current_xact_id()::text END FROM commerce.outbox_position`
	sqlOldest = `SELECT pg_snapshot_xmin(pg_current_snapshot())::text`
)

// settledPosition asks the server how far the outbox is settled. An idle outbox costs no transaction id.
func (s *Store) settledPosition(ctx context.Context) (int64, error) {
	settled, note := s.horizon.start()
	var drawn int64
	var id, oldest uint64
	b := &pgx.Batch{}
	b.Queue(sqlDrawn).QueryRow(func(row pgx.Row) error { return row.Scan(&drawn) })
	if note {
		b.Queue(sqlNote, settled).QueryRow(func(row pgx.Row) (err error) {
			id, err = scanTransaction(row)
			return err
		})
	}
	b.Queue(sqlOldest).QueryRow(func(row pgx.Row) (err error) {
		oldest, err = scanTransaction(row)
		return err
	})
	if err := s.pool.SendBatch(ctx, b).Close(); err != nil {
		return 0, err
	}
	return s.horizon.advance(drawn, id, oldest), nil
}

// scanTransaction reads a transaction's id as text; NULL is 0.
func scanTransaction(row pgx.Row) (uint64, error) {
	var text *string
	if err := row.Scan(&text); err != nil || text == nil {
		return 0, err
	}
	return strconv.ParseUint(*text, 10, 64)
}

// Pending gives events behind the consumer's cursor, up to the settled position.
func (o Outbox) Pending(ctx context.Context, consumer string, limit int) ([]ports.Delivery, error) {
	settled, err := o.s.settledPosition(ctx)
	if err != nil {
		return nil, readError(err)
	}
	rows, err := o.s.pool.Query(ctx, `SELECT position, id, name, aggregate, at, data FROM commerce.outbox
		WHERE shop = $1 AND position <= $3 AND position > coalesce((SELECT position FROM commerce.outbox_cursors WHERE shop = $1 AND consumer = $2), 0)
		ORDER BY position LIMIT $4`, pgx.QueryExecModeCacheStatement, o.s.cfg.Shop, consumer, settled, limit)
	if err != nil {
		return nil, readError(err)
	}
	var out []ports.Delivery
	var position int64
	var id [16]byte
	var e event.Event
	var data []byte
	_, err = pgx.ForEachRow(rows, []any{&position, &id, &e.Name, &e.Aggregate, &e.At, &data}, func() error {
		e.ID, e.At, e.Data = ref.NewID[ref.EventKind](id), ref.Instant(e.At), append([]byte(nil), data...)
		out = append(out, ports.Delivery{Event: e, Cursor: ports.Cursor{Position: uint64(position)}})
		return nil
	})
	return out, readError(err)
}

// Ack moves the consumer's cursor forward.
func (o Outbox) Ack(ctx context.Context, consumer string, through ports.Cursor) error {
	_, err := o.s.pool.Exec(ctx, `INSERT INTO commerce.outbox_cursors AS c (shop, consumer, position) VALUES ($1, $2, $3)
		ON CONFLICT (shop, consumer) DO UPDATE SET position = greatest(c.position, excluded.position)`,
		o.s.cfg.Shop, consumer, int64(through.Position))
	return readError(err)
}

// Oldest is when the oldest event that the consumer still owes was written.
func (o Outbox) Oldest(ctx context.Context, consumer string) (time.Time, error) {
	var at time.Time
	err := o.s.pool.QueryRow(ctx, `SELECT at FROM commerce.outbox
		WHERE shop = $1 AND position > coalesce((SELECT position FROM commerce.outbox_cursors WHERE shop = $1 AND consumer = $2), 0)
		ORDER BY position LIMIT 1`, o.s.cfg.Shop, consumer).Scan(&at)
	if errors.Is(err, pgx.ErrNoRows) {
		return time.Time{}, nil
	}
	return ref.Instant(at), readError(err)
}

// Wake has a value soon after a commit of this process.
func (o Outbox) Wake() <-chan struct{} { return o.s.wake }
