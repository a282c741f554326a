package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// Outbox is the store as ports.Outbox, ports.ParkedEvents and ports.OutboxSweeper.
//
// Whatever changes of a consumer's partition, its lease, its cursor and what is parked of it, changes under the lock of
// the partition's row; who needs several locks them in order.
type Outbox struct{ s *Store }

var (
	_ ports.Outbox        = Outbox{}
	_ ports.ParkedEvents  = Outbox{}
	_ ports.OutboxSweeper = Outbox{}
)

// Outbox gives the ports of the outbox.
func (s *Store) Outbox() Outbox { return Outbox{s} }

// sqlPartition is ports.PartitionOf, the key of the index outbox_partition: it must be written as there.
const sqlPartition = `(get_byte(sha256(replace(o.aggregate, '\', '\\')::bytea), 0) & 15)`

// sqlCursors gives a consumer's cursor in each partition, whether it is known or not.
const sqlCursors = `SELECT p AS partition, coalesce(c.position, 0) AS position FROM generate_series(0, 15) AS p
	LEFT JOIN commerce.outbox_partitions c ON c.shop = $1 AND c.consumer = $2 AND c.partition = p`

const sqlPending = `WITH cursors AS (` + sqlCursors + `),
	owed AS (
		(SELECT f.position FROM cursors c CROSS JOIN LATERAL (
			SELECT o.position FROM commerce.outbox o WHERE o.shop = $1 AND ` + sqlPartition + ` = c.partition
				AND o.position > c.position AND o.position <= $3 ORDER BY o.position LIMIT $4) f)
		UNION ALL
		(SELECT e.position FROM commerce.outbox_parked_events e WHERE e.shop = $1 AND e.consumer = $2 ORDER BY e.position LIMIT $4))
	SELECT ` + sqlPartition + `, o.position, o.id, o.name, o.aggregate, o.at, o.data,
		EXISTS (SELECT FROM commerce.outbox_parked k WHERE k.shop = $1 AND k.consumer = $2 AND k.aggregate = o.aggregate)
	FROM owed JOIN commerce.outbox o ON o.shop = $1 AND o.position = owed.position ORDER BY o.position LIMIT $4`

// Pending gives what the consumer has not taken, up to the settled position.
func (o Outbox) Pending(ctx context.Context, consumer string, limit int) ([]ports.Delivery, error) {
	settled, _, err := o.s.settledPosition(ctx)
	if err != nil {
		return nil, readError(err)
	}
	rows, err := o.s.pool.Query(ctx, sqlPending, o.s.cfg.Shop, consumer, settled, max(limit, 0))
	if err != nil {
		return nil, readError(err)
	}
	out, err := scanDeliveries(rows)
	return out, readError(err)
}

// scanDeliveries reads partition, position, id, name, aggregate, at, data and whether the aggregate is parked.
func scanDeliveries(rows pgx.Rows) ([]ports.Delivery, error) {
	var out []ports.Delivery
	var position int64
	var partition int
	var id [16]byte
	var e event.Event
	var data []byte
	var parked bool
	_, err := pgx.ForEachRow(rows, []any{&partition, &position, &id, &e.Name, &e.Aggregate, &e.At, &data, &parked}, func() error {
		e.ID, e.At, e.Data = ref.NewID[ref.EventKind](id), ref.Instant(e.At), append([]byte(nil), data...)
		out = append(out, ports.Delivery{Event: e, Cursor: ports.Cursor{Position: uint64(position)}, Partition: partition, Parked: parked})
		return nil
	})
	return out, err
}

const sqlOldestOwed = `WITH cursors AS (` + sqlCursors + `)
	SELECT min(at) FROM (
		SELECT (SELECT o.at FROM commerce.outbox o WHERE o.shop = $1 AND ` + sqlPartition + ` = c.partition AND o.position > c.position
			ORDER BY o.position LIMIT 1) AS at FROM cursors c
		UNION ALL
		SELECT min(o.at) FROM commerce.outbox_parked_events e JOIN commerce.outbox o ON o.shop = e.shop AND o.position = e.position
			WHERE e.shop = $1 AND e.consumer = $2) owed`

// Oldest is when the oldest event that the consumer has not taken happened, of the first in each partition.
func (o Outbox) Oldest(ctx context.Context, consumer string) (time.Time, error) {
	var at *time.Time
	if err := o.s.pool.QueryRow(ctx, sqlOldestOwed, o.s.cfg.Shop, consumer).Scan(&at); err != nil || at == nil {
		return time.Time{}, readError(err)
	}
	return ref.Instant(*at), nil
}

// Wake is closed soon after a commit wrote events, of this process or, at the pace of notifications, of another.
func (o Outbox) Wake() <-chan struct{} {
	o.s.hear()
	return o.s.told.listen()
}
