package postgres

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

const sqlParked = `SELECT k.aggregate, k.since, k.attempts, k.cause, k.due,
		(SELECT count(*) FROM commerce.outbox_parked_events e WHERE e.shop = $1 AND e.consumer = $2 AND e.aggregate = k.aggregate),
		o.id, o.name, o.at, o.data
	FROM (SELECT * FROM commerce.outbox_parked WHERE shop = $1 AND consumer = $2 AND aggregate COLLATE "C" > $3 ORDER BY aggregate COLLATE "C" LIMIT $4) k
	JOIN LATERAL (SELECT e.position FROM commerce.outbox_parked_events e
		WHERE e.shop = $1 AND e.consumer = $2 AND e.aggregate = k.aggregate ORDER BY e.position LIMIT 1) e ON true
	JOIN commerce.outbox o ON o.shop = $1 AND o.position = e.position
	ORDER BY k.aggregate COLLATE "C"`

// Parked lists a consumer's parked aggregates by name.
func (o Outbox) Parked(ctx context.Context, consumer, after string, limit int) ([]ports.ParkedAggregate, error) {
	rows, err := o.s.pool.Query(ctx, sqlParked, o.s.cfg.Shop, consumer, after, max(limit, 0))
	if err != nil {
		return nil, readError(err)
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (ports.ParkedAggregate, error) {
		var p ports.ParkedAggregate
		var due *time.Time
		var id [16]byte
		var data []byte
		err := row.Scan(&p.Aggregate, &p.Since, &p.Attempts, &p.Cause, &due, &p.Events, &id, &p.First.Name, &p.First.At, &data)
		p.Since, p.First.At = ref.Instant(p.Since), ref.Instant(p.First.At)
		if due != nil {
			p.Due = ref.Instant(*due)
		}
		p.First.ID, p.First.Aggregate, p.First.Data = ref.NewID[ref.EventKind](id), p.Aggregate, json.RawMessage(data)
		return p, err
	})
	return out, readError(err)
}

// Skipped lists what was not delivered, newest first.
func (o Outbox) Skipped(ctx context.Context, consumer string, limit int) ([]ports.SkippedEvent, error) {
	rows, err := o.s.pool.Query(ctx, `SELECT id, name, aggregate, reason, at FROM commerce.outbox_skipped
		WHERE shop = $1 AND consumer = $2 ORDER BY at DESC, position DESC LIMIT $3`, o.s.cfg.Shop, consumer, max(limit, 0))
	if err != nil {
		return nil, readError(err)
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (ports.SkippedEvent, error) {
		var s ports.SkippedEvent
		err := row.Scan(&s.Event, &s.Name, &s.Aggregate, &s.Reason, &s.At)
		s.At = ref.Instant(s.At)
		return s, err
	})
	return out, readError(err)
}

const (
	sqlLockPartition = `SELECT FROM commerce.outbox_partitions WHERE shop = $1 AND consumer = $2 AND partition = $3 FOR UPDATE`
	sqlRetry         = `UPDATE commerce.outbox_parked SET due = $4, attempts = 0 WHERE shop = $1 AND consumer = $2 AND aggregate = $3`
	sqlSkip          = `WITH gone AS (
		DELETE FROM commerce.outbox_parked_events e USING commerce.outbox o
			WHERE e.shop = $1 AND e.consumer = $2 AND e.aggregate = $3 AND o.shop = $1 AND o.position = e.position AND o.id = $4
			RETURNING o.position, o.id, o.name, o.aggregate)
		INSERT INTO commerce.outbox_skipped (shop, consumer, position, id, name, aggregate, reason, at)
			SELECT $1, $2, position, id, name, aggregate, $5, $6 FROM gone`
)

// Retry makes a parked aggregate due.
func (o Outbox) Retry(ctx context.Context, consumer, aggregate string, at time.Time) error {
	err := o.underLock(ctx, consumer, aggregate, func(tx pgx.Tx) error { return o.retry(ctx, tx, consumer, aggregate, at) })
	if err == nil {
		o.s.signal()
	}
	return err
}

// Skip takes a waiting event away.
func (o Outbox) Skip(ctx context.Context, skip ports.EventSkip) error {
	if skip.Reason == "" {
		return fault.Bad.New("say why the event is skipped").At("reason")
	}
	err := o.underLock(ctx, skip.Consumer, skip.Aggregate, func(tx pgx.Tx) error {
		if err := o.retry(ctx, tx, skip.Consumer, skip.Aggregate, skip.At); err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, sqlSkip, o.s.cfg.Shop, skip.Consumer, skip.Aggregate, skip.Event, skip.Reason, skip.At)
		if err == nil && tag.RowsAffected() == 0 {
			err = fault.Missing.New("no such event waits")
		}
		if err == nil {
			_, err = tx.Exec(ctx, sqlUnpark, o.s.cfg.Shop, skip.Consumer, []string{skip.Aggregate})
		}
		return err
	})
	if err == nil {
		o.s.signal()
	}
	return err
}

// underLock runs a transaction that holds the partition of an aggregate.
func (o Outbox) underLock(ctx context.Context, consumer, aggregate string, f func(pgx.Tx) error) error {
	return o.s.quietly(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, sqlLockPartition, o.s.cfg.Shop, consumer, ports.PartitionOf(aggregate)); err != nil {
			return err
		}
		return f(tx)
	})
}

// retry makes what waits of an aggregate due.
func (o Outbox) retry(ctx context.Context, tx pgx.Tx, consumer, aggregate string, at time.Time) error {
	tag, err := tx.Exec(ctx, sqlRetry, o.s.cfg.Shop, consumer, aggregate, at)
	if err == nil && tag.RowsAffected() == 0 {
		return fault.Missing.New("the aggregate is not parked")
	}
	return err
}
