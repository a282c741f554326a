package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// The statements of a reading. What is held is what the leases name and nobody has taken since.
const (
	sqlHeld = `held AS (SELECT p.partition, p.position
		FROM unnest($3::integer[], $4::uuid[], $5::bigint[]) AS h(partition, owner, token)
		JOIN commerce.outbox_partitions p ON p.shop = $1 AND p.consumer = $2 AND p.partition = h.partition AND p.owner = h.owner AND p.token = h.token)`
	sqlFresh = `WITH ` + sqlHeld + `
		SELECT h.partition, o.position, o.id, o.name, o.aggregate, o.at, o.data,
			EXISTS (SELECT FROM commerce.outbox_parked k WHERE k.shop = $1 AND k.consumer = $2 AND k.aggregate = o.aggregate)
		FROM held h CROSS JOIN LATERAL (SELECT o.position, o.id, o.name, o.aggregate, o.at, o.data FROM commerce.outbox o
			WHERE o.shop = $1 AND ` + sqlPartition + ` = h.partition AND o.position > h.position AND o.position <= $6
			ORDER BY o.position LIMIT $7) o
		ORDER BY o.position`
	sqlDueEvents = `WITH ` + sqlHeld + `,
		due AS (SELECT k.aggregate, k.partition, k.attempts, k.due FROM commerce.outbox_parked k JOIN held h USING (partition)
			WHERE k.shop = $1 AND k.consumer = $2 AND k.due <= $6 ORDER BY k.due, k.aggregate LIMIT $7)
		SELECT d.partition, d.attempts, e.position, o.id, o.name, o.aggregate, o.at, o.data
		FROM due d CROSS JOIN LATERAL (SELECT e.position FROM commerce.outbox_parked_events e
			WHERE e.shop = $1 AND e.consumer = $2 AND e.aggregate = d.aggregate ORDER BY e.position LIMIT $7 + 1) e
		JOIN commerce.outbox o ON o.shop = $1 AND o.position = e.position
		ORDER BY d.due, d.aggregate, e.position`
	sqlNextDue = `WITH ` + sqlHeld + `
		SELECT min(k.due) FROM commerce.outbox_parked k JOIN held h USING (partition)
		WHERE k.shop = $1 AND k.consumer = $2 AND k.due > $6`
)

// Read gives what is to be delivered under leases, up to the settled position.
func (o Outbox) Read(ctx context.Context, r ports.OutboxRead) (ports.Reading, error) {
	settled, more, err := o.s.settledPosition(ctx)
	if err != nil {
		return ports.Reading{}, readError(err)
	}
	out := ports.Reading{Unsettled: more}
	partitions, owners, tokens := make([]int, 0, len(r.Leases)), make([][16]byte, 0, len(r.Leases)), make([]int64, 0, len(r.Leases))
	for _, l := range r.Leases {
		if l.Consumer == r.Consumer {
			partitions, owners, tokens = append(partitions, l.Partition), append(owners, l.Owner), append(tokens, int64(l.Token))
		}
	}
	shop, limit := o.s.cfg.Shop, max(r.Limit, 0)
	b := &pgx.Batch{}
	b.Queue(sqlFresh, shop, r.Consumer, partitions, owners, tokens, settled, limit).Query(func(rows pgx.Rows) (err error) {
		out.Fresh, err = scanDeliveries(rows)
		return err
	})
	b.Queue(sqlDueEvents, shop, r.Consumer, partitions, owners, tokens, r.At, limit).Query(func(rows pgx.Rows) (err error) {
		out.Due, err = scanDue(rows, limit)
		return err
	})
	b.Queue(sqlNextDue, shop, r.Consumer, partitions, owners, tokens, r.At).QueryRow(func(row pgx.Row) error {
		var next *time.Time
		err := row.Scan(&next)
		if next != nil {
			out.NextDue = ref.Instant(*next)
		}
		return err
	})
	if err := o.s.sendPrepared(ctx, b); err != nil {
		return ports.Reading{}, readError(err)
	}
	if limit > 0 && len(out.Due) == limit {
		out.NextDue = r.At // More may be due already.
	}
	return out, nil
}

// scanDue gathers events that wait by their aggregates, at most limit of each.
func scanDue(rows pgx.Rows, limit int) ([]ports.DueAggregate, error) {
	var out []ports.DueAggregate
	var partition, attempts int
	var position int64
	var id [16]byte
	var e event.Event
	var data []byte
	_, err := pgx.ForEachRow(rows, []any{&partition, &attempts, &position, &id, &e.Name, &e.Aggregate, &e.At, &data}, func() error {
		if len(out) == 0 || out[len(out)-1].Aggregate != e.Aggregate {
			out = append(out, ports.DueAggregate{Aggregate: e.Aggregate, Partition: partition, Attempts: attempts})
		}
		due := &out[len(out)-1]
		if len(due.Events) == limit {
			due.More = true
			return nil
		}
		e.ID, e.At, e.Data = ref.NewID[ref.EventKind](id), ref.Instant(e.At), append([]byte(nil), data...)
		due.Events = append(due.Events, ports.Delivery{
			Event: e, Cursor: ports.Cursor{Position: uint64(position)}, Partition: partition, Parked: true,
		})
		return nil
	})
	return out, err
}
