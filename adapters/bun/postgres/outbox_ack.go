package postgres

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/ipswich-retail/commerce/ports"
)

// The statements of an acknowledgement. The first takes the partition's lock and tells whether the lease stands.
const (
	sqlAdvance = `UPDATE commerce.outbox_partitions SET position = greatest(position, $6)
		WHERE shop = $1 AND consumer = $2 AND partition = $3 AND owner = $4 AND token = $5`
	// Advances many, in the order of their keys. Progress that is lost in a crash of the server is delivered once more, as
	// it may be at any time, and waits for no disk.
	sqlAdvanceEach = `WITH hurry AS MATERIALIZED (` + sqlHurry + `), held AS MATERIALIZED (
			SELECT a.n, p.consumer, p.partition, a.position FROM hurry, (SELECT * FROM unnest($2::integer[], $3::text[], $4::integer[], $5::uuid[], $6::bigint[], $7::bigint[])
				AS a(n, consumer, partition, owner, token, position) ORDER BY consumer, partition OFFSET 0) a
			CROSS JOIN LATERAL (SELECT consumer, partition FROM commerce.outbox_partitions
				WHERE shop = $1 AND consumer = a.consumer AND partition = a.partition AND owner = a.owner AND token = a.token FOR UPDATE) p)
		UPDATE commerce.outbox_partitions t SET position = greatest(t.position, h.position) FROM held h
			WHERE t.shop = $1 AND t.consumer = h.consumer AND t.partition = h.partition RETURNING h.n`
	sqlPark = `INSERT INTO commerce.outbox_parked (shop, consumer, aggregate, partition, since, attempts, cause, due)
		SELECT DISTINCT $1::integer, $2, a, $4::integer, $5::timestamptz, 0, '', $5::timestamptz FROM unnest($3::text[]) AS a ON CONFLICT DO NOTHING`
	sqlKeep = `INSERT INTO commerce.outbox_parked_events (shop, consumer, aggregate, position)
		SELECT $1, $2, * FROM unnest($3::text[], $4::bigint[]) ON CONFLICT DO NOTHING`
	sqlTook = `DELETE FROM commerce.outbox_parked_events e USING unnest($3::text[], $4::bigint[]) AS t(aggregate, position)
		WHERE e.shop = $1 AND e.consumer = $2 AND e.aggregate = t.aggregate AND e.position = t.position`
	sqlFailed = `UPDATE commerce.outbox_parked k SET attempts = f.attempts, cause = f.cause, due = f.due
		FROM unnest($3::text[], $4::integer[], $5::text[], $6::timestamptz[]) AS f(aggregate, attempts, cause, due)
		WHERE k.shop = $1 AND k.consumer = $2 AND k.aggregate = f.aggregate`
	sqlUnpark = `DELETE FROM commerce.outbox_parked k WHERE k.shop = $1 AND k.consumer = $2 AND k.aggregate = ANY ($3::text[])
		AND NOT EXISTS (SELECT FROM commerce.outbox_parked_events e WHERE e.shop = $1 AND e.consumer = $2 AND e.aggregate = k.aggregate)`
)

// Ack makes a relay's progress true: together with that of other partitions when all was taken, else in a transaction.
func (o Outbox) Ack(ctx context.Context, p ports.Progress) error {
	if len(p.Kept)+len(p.Took)+len(p.Failed) == 0 {
		stands, err := o.s.gathered.acks.get(ctx, p)
		if err == nil && !stands {
			err = leaseLost()
		}
		return err
	}
	return o.s.quietly(ctx, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, sqlAdvance, o.advance(p)...)
		if err := leaseError(tag, err); err != nil {
			return err
		}
		return tx.SendBatch(ctx, o.changes(p)).Close()
	})
}

// holding is a lease by what makes it one, whenever it ends.
func holding(l ports.Lease) ports.Lease {
	l.Until = time.Time{}
	return l
}

// ackEach advances partitions and tells which leases stand.
func (o Outbox) ackEach(ctx context.Context, all []ports.Progress) ([]bool, error) {
	place := map[ports.Lease]int{} // Of each lease among the columns; one that comes twice advances once, to the farther place.
	var numbers, partitions []int32
	var consumers []string
	var owners [][16]byte
	var tokens, positions []int64
	for _, p := range all {
		l, position := holding(p.Lease), int64(p.Through.Position)
		if i, twice := place[l]; twice {
			positions[i] = max(positions[i], position)
			continue
		}
		place[l] = len(numbers)
		numbers, partitions, consumers = append(numbers, int32(len(numbers))), append(partitions, int32(l.Partition)), append(consumers, l.Consumer)
		owners, tokens, positions = append(owners, l.Owner), append(tokens, int64(l.Token)), append(positions, position)
	}
	rows, err := o.s.pool.Query(ctx, sqlAdvanceEach, pgx.QueryExecModeCacheStatement, o.s.cfg.Shop, numbers, consumers, partitions, owners, tokens, positions)
	if err != nil {
		return nil, err
	}
	stands := make([]bool, len(numbers))
	var n int32
	if _, err := pgx.ForEachRow(rows, []any{&n}, func() error { stands[n] = true; return nil }); err != nil {
		return nil, err
	}
	out := make([]bool, len(all))
	for i, p := range all {
		out[i] = stands[place[holding(p.Lease)]]
	}
	return out, nil
}

// advance are the arguments of sqlAdvance.
func (o Outbox) advance(p ports.Progress) []any {
	l := p.Lease
	return []any{o.s.cfg.Shop, l.Consumer, l.Partition, l.Owner, int64(l.Token), int64(p.Through.Position)}
}

// leaseError tells when a statement that needs a lease found none.
func leaseError(tag pgconn.CommandTag, err error) error {
	if err == nil && tag.RowsAffected() == 0 {
		return leaseLost()
	}
	return readError(err)
}

func leaseLost() error { return ports.LeaseLost.New("another server has taken the work over") }

// changes is what becomes of events that wait.
func (o Outbox) changes(p ports.Progress) *pgx.Batch {
	shop, consumer := o.s.cfg.Shop, p.Lease.Consumer
	b := &pgx.Batch{}
	if len(p.Kept) > 0 {
		aggregates, positions := placesOf(p.Kept)
		b.Queue(sqlPark, shop, consumer, aggregates, p.Lease.Partition, p.At)
		b.Queue(sqlKeep, shop, consumer, aggregates, positions)
	}
	if len(p.Took) > 0 {
		aggregates, positions := placesOf(p.Took)
		b.Queue(sqlTook, shop, consumer, aggregates, positions)
	}
	if len(p.Failed) > 0 {
		var aggregates, causes []string
		var attempts []int
		var dues []*time.Time
		for _, f := range p.Failed {
			aggregates, causes = append(aggregates, f.Aggregate), append(causes, f.Cause)
			attempts, dues = append(attempts, f.Attempts), append(dues, nullTime(f.Due))
		}
		b.Queue(sqlFailed, shop, consumer, aggregates, attempts, causes, dues)
	}
	if len(p.Took) > 0 {
		aggregates, _ := placesOf(p.Took)
		slices.Sort(aggregates)
		b.Queue(sqlUnpark, shop, consumer, slices.Compact(aggregates))
	}
	return b
}

// placesOf gives aggregates and positions as columns.
func placesOf(deliveries []ports.Delivery) (aggregates []string, positions []int64) {
	for _, d := range deliveries {
		aggregates, positions = append(aggregates, d.Event.Aggregate), append(positions, int64(d.Cursor.Position))
	}
	return aggregates, positions
}
