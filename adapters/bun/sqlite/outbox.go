package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"github.com/ipswich-retail/commerce/ports"
)

// Outbox is the store as ports.Outbox, ports.ParkedEvents, ports.OutboxSweeper and ports.OutboxAuditor.
//
// Transactions take turns and draw their positions within, so what is seen is settled: nothing can come below it.
type Outbox struct{ s *Store }

var (
	_ ports.Outbox        = Outbox{}
	_ ports.ParkedEvents  = Outbox{}
	_ ports.OutboxSweeper = Outbox{}
)

// Outbox gives the ports of the outbox.
func (s *Store) Outbox() Outbox { return Outbox{s} }

const (
	eventColumns = `o.position, o.partition, o.id, o.name, o.aggregate, o.at, o.data`
	// sqlCursors gives a consumer's cursor in each partition, whether it is known or not.
	sqlCursors = `WITH RECURSIVE numbers(partition) AS (SELECT 0 UNION ALL SELECT partition + 1 FROM numbers WHERE partition < 15),
		cursors AS (SELECT n.partition, coalesce(c.position, 0) AS position FROM numbers n
			LEFT JOIN outbox_partitions c ON c.consumer = ?1 AND c.partition = n.partition)`
	sqlIsParked = `EXISTS (SELECT 1 FROM outbox_parked k WHERE k.consumer = ?1 AND k.aggregate = o.aggregate)`
	sqlPending  = sqlCursors + ` SELECT ` + eventColumns + `, ` + sqlIsParked + ` FROM outbox o
		WHERE o.position IN (
			SELECT o.position FROM cursors c CROSS JOIN outbox o ON o.partition = c.partition AND o.position IN (
				SELECT n.position FROM outbox n WHERE n.partition = c.partition AND n.position > c.position ORDER BY n.position LIMIT ?2)
			UNION ALL
			SELECT position FROM (SELECT e.position FROM outbox_parked_events e WHERE e.consumer = ?1 ORDER BY e.position LIMIT ?2))
		ORDER BY o.position LIMIT ?2`
	sqlOldestOwed = sqlCursors + ` SELECT min(at) FROM (
		SELECT (SELECT o.at FROM outbox o WHERE o.partition = c.partition AND o.position > c.position ORDER BY o.position LIMIT 1) AS at FROM cursors c
		UNION ALL
		SELECT min(o.at) FROM outbox_parked_events e JOIN outbox o ON o.position = e.position WHERE e.consumer = ?1)`
)

// deliveryRow is an event as its row has it.
type deliveryRow struct {
	d    ports.Delivery
	data []byte
}

func (r *deliveryRow) into() []any {
	e := &r.d.Event
	return []any{&r.d.Cursor.Position, &r.d.Partition, intoID(&e.ID), &e.Name, &e.Aggregate, intoTime(&e.At), &r.data}
}

// delivery is what was read.
func (r *deliveryRow) delivery() ports.Delivery {
	d := r.d
	d.Event.Data = append(json.RawMessage(nil), r.data...)
	return d
}

// scanPlaced reads eventColumns and whether the aggregate is parked.
func scanPlaced(row scanned) (ports.Delivery, error) {
	var r deliveryRow
	err := row.Scan(append(r.into(), &r.d.Parked)...)
	return r.delivery(), err
}

// Pending gives what the consumer has not taken.
func (o Outbox) Pending(ctx context.Context, consumer string, limit int) ([]ports.Delivery, error) {
	return rowsOf(ctx, o.s.reader, scanPlaced, sqlPending, consumer, max(limit, 0))
}

// Oldest is when the oldest event that the consumer has not taken happened, of the first in each partition.
func (o Outbox) Oldest(ctx context.Context, consumer string) (at time.Time, err error) {
	err = o.s.reader.QueryRowContext(ctx, sqlOldestOwed, consumer).Scan(intoTime(&at))
	return at, readError(err)
}

// Wake is closed soon after a commit wrote events, of this process or, within the time between two looks, of another.
func (o Outbox) Wake() <-chan struct{} { return o.s.told.listen() }

// SweepEvents deletes old events that every known consumer has taken. It goes through the oldest positions, up to the
// first event that is not old, so that a sweep which finds nothing reads nothing either. What is owed is behind the lowest
// cursor of its partition, or parked.
func (o Outbox) SweepEvents(ctx context.Context, before time.Time, limit int) (n int, err error) {
	err = o.s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		n, err = affected(ctx, tx, `WITH low AS MATERIALIZED (SELECT partition, min(position) AS position FROM outbox_partitions GROUP BY partition)
			DELETE FROM outbox WHERE position IN (
				SELECT o.position FROM outbox o LEFT JOIN low ON low.partition = o.partition
				WHERE o.position < coalesce((SELECT y.position FROM outbox y WHERE y.at >= ?1 ORDER BY y.position LIMIT 1), 9223372036854775807)
					AND (low.position IS NULL OR o.position <= low.position)
					AND NOT EXISTS (SELECT 1 FROM outbox_parked_events e WHERE e.position = o.position)
				ORDER BY o.position LIMIT ?2)`, microsOf(before), max(limit, 0))
		return err
	})
	return n, err
}

// Forget ends a consumer.
func (o Outbox) Forget(ctx context.Context, consumer string) error {
	return o.s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		for _, table := range []string{"outbox_parked_events", "outbox_parked", "outbox_skipped", "outbox_relays", "outbox_partitions"} {
			if _, err := tx.ExecContext(ctx, "DELETE FROM "+table+" WHERE consumer = ?1", consumer); err != nil { //nolint:gosec // The names are constants above.
				return err
			}
		}
		return nil
	})
}

var _ ports.OutboxAuditor = Outbox{}

// AuditEvents gives events, whoever took them.
func (o Outbox) AuditEvents(ctx context.Context, after ports.Cursor, limit int) ([]ports.Delivery, error) {
	return rowsOf(ctx, o.s.reader, func(row scanned) (ports.Delivery, error) {
		var r deliveryRow
		err := row.Scan(r.into()...)
		return r.delivery(), err
	}, `SELECT `+eventColumns+` FROM outbox o WHERE o.position > ?1 ORDER BY o.position LIMIT ?2`, int64(after.Position), max(limit, 0)) //nolint:gosec // Positions are the file's own, which are int64.
}
