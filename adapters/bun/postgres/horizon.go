package postgres

import (
	"context"
	"strconv"
	"sync"

	"github.com/jackc/pgx/v5"
)

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

// settledPosition asks the server how far the outbox is settled, and whether positions are drawn beyond. An idle outbox
// costs no transaction id.
func (s *Store) settledPosition(ctx context.Context) (position int64, more bool, err error) {
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
	if err := s.sendPrepared(ctx, b); err != nil {
		return 0, false, err
	}
	position = s.horizon.advance(drawn, id, oldest)
	return position, drawn > position, nil
}

// scanTransaction reads a transaction's id as text; NULL is 0.
func scanTransaction(row pgx.Row) (uint64, error) {
	var text *string
	if err := row.Scan(&text); err != nil || text == nil {
		return 0, err
	}
	return strconv.ParseUint(*text, 10, 64)
}
