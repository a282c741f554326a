package sqlite

import (
	"context"
	"database/sql"
	"encoding/hex"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// The statements of a reading. ?2 are leases as JSON; what is held is what they name and nobody has taken since.
const (
	sqlHeld = `WITH held AS MATERIALIZED (SELECT p.partition, p.position FROM json_each(?2) k
		CROSS JOIN outbox_partitions p ON p.consumer = ?1 AND p.partition = k.value ->> 'partition'
			AND p.owner = unhex(k.value ->> 'owner') AND p.token = k.value ->> 'token')`
	sqlFresh = sqlHeld + ` SELECT ` + eventColumns + `, ` + sqlIsParked + `
		FROM held h CROSS JOIN outbox o ON o.partition = h.partition AND o.position IN (
			SELECT n.position FROM outbox n WHERE n.partition = h.partition AND n.position > h.position ORDER BY n.position LIMIT ?3)
		ORDER BY o.position`
	sqlDueEvents = sqlHeld + `,
		due AS MATERIALIZED (SELECT k.aggregate, k.partition, k.attempts, k.due FROM outbox_parked k JOIN held h ON h.partition = k.partition
			WHERE k.consumer = ?1 AND k.due <= ?4 ORDER BY k.due, k.aggregate LIMIT ?3)
		SELECT ` + eventColumns + `, d.attempts
		FROM due d CROSS JOIN outbox o ON o.position IN (SELECT e.position FROM outbox_parked_events e
			WHERE e.consumer = ?1 AND e.aggregate = d.aggregate ORDER BY e.position LIMIT ?3 + 1)
		ORDER BY d.due, d.aggregate, o.position`
	sqlNextDue = sqlHeld + ` SELECT min(k.due) FROM outbox_parked k JOIN held h ON h.partition = k.partition WHERE k.consumer = ?1 AND k.due > ?3`
)

// leaseName is a lease in JSON.
type leaseName struct {
	Partition int    `json:"partition"`
	Owner     string `json:"owner"`
	Token     uint64 `json:"token"`
}

// Read gives what is to be delivered under leases, at one moment.
func (o Outbox) Read(ctx context.Context, r ports.OutboxRead) (out ports.Reading, err error) {
	names := []leaseName{}
	for _, l := range r.Leases {
		if l.Consumer == r.Consumer {
			names = append(names, leaseName{Partition: l.Partition, Owner: hex.EncodeToString(l.Owner[:]), Token: l.Token})
		}
	}
	held, limit := jsonText(names), max(r.Limit, 0)
	err = o.s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if out.Fresh, err = rowsOf(ctx, tx, scanPlaced, sqlFresh, r.Consumer, held, limit); err != nil {
			return err
		}
		if out.Due, err = readDue(ctx, tx, limit, r.Consumer, held, limit, microsOf(r.At)); err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, sqlNextDue, r.Consumer, held, microsOf(r.At)).Scan(intoTime(&out.NextDue))
	})
	if err != nil {
		return ports.Reading{}, err
	}
	if limit > 0 && len(out.Due) == limit {
		out.NextDue = r.At // More may be due already.
	}
	return out, nil
}

// readDue gathers events that wait by their aggregates, at most limit of each.
func readDue(ctx context.Context, tx *sql.Tx, limit int, args ...any) (out []ports.DueAggregate, err error) {
	var row deliveryRow
	var attempts int
	err = eachRow(ctx, tx, sqlDueEvents, args, append(row.into(), &attempts), func() {
		d := row.delivery()
		d.Parked = true
		if len(out) == 0 || out[len(out)-1].Aggregate != d.Event.Aggregate {
			out = append(out, ports.DueAggregate{Aggregate: d.Event.Aggregate, Partition: d.Partition, Attempts: attempts})
		}
		due := &out[len(out)-1]
		if len(due.Events) == limit {
			due.More = true
			return
		}
		due.Events = append(due.Events, d)
	})
	return out, err
}

const sqlParked = `SELECT k.aggregate, k.since, k.attempts, k.cause, k.due,
		(SELECT count(*) FROM outbox_parked_events e WHERE e.consumer = ?1 AND e.aggregate = k.aggregate), o.id, o.name, o.at, o.data
	FROM outbox_parked k CROSS JOIN outbox o ON o.position = (SELECT min(e.position) FROM outbox_parked_events e
		WHERE e.consumer = ?1 AND e.aggregate = k.aggregate)
	WHERE k.consumer = ?1 AND k.aggregate > ?2 ORDER BY k.aggregate LIMIT ?3`

// Parked lists a consumer's parked aggregates by name.
func (o Outbox) Parked(ctx context.Context, consumer, after string, limit int) ([]ports.ParkedAggregate, error) {
	return rowsOf(ctx, o.s.reader, func(row scanned) (p ports.ParkedAggregate, err error) {
		var data []byte
		err = row.Scan(&p.Aggregate, intoTime(&p.Since), &p.Attempts, &p.Cause, intoTime(&p.Due), &p.Events, intoID(&p.First.ID), &p.First.Name,
			intoTime(&p.First.At), &data)
		p.First.Aggregate, p.First.Data = p.Aggregate, data
		return p, err
	}, sqlParked, consumer, after, max(limit, 0))
}

// Skipped lists what was not delivered, newest first.
func (o Outbox) Skipped(ctx context.Context, consumer string, limit int) ([]ports.SkippedEvent, error) {
	return rowsOf(ctx, o.s.reader, func(row scanned) (s ports.SkippedEvent, err error) {
		var id ref.EventID
		err = row.Scan(intoID(&id), &s.Name, &s.Aggregate, &s.Reason, intoTime(&s.At))
		s.Event = id.UUID()
		return s, err
	}, `SELECT id, name, aggregate, reason, at FROM outbox_skipped WHERE consumer = ?1 ORDER BY at DESC, position DESC LIMIT ?2`, consumer, max(limit, 0))
}

// Retry makes a parked aggregate due.
func (o Outbox) Retry(ctx context.Context, consumer, aggregate string, at time.Time) error {
	return o.s.write(ctx, func(ctx context.Context, tx *sql.Tx) error { return o.retry(ctx, tx, consumer, aggregate, at) })
}

// retry makes what waits of an aggregate due, and wakes the relays when it is true.
func (o Outbox) retry(ctx context.Context, tx *sql.Tx, consumer, aggregate string, at time.Time) error {
	o.s.wrote.events = true
	n, err := affected(ctx, tx, `UPDATE outbox_parked SET due = ?3, attempts = 0 WHERE consumer = ?1 AND aggregate = ?2`, consumer, aggregate, microsOf(at))
	if err == nil && n == 0 {
		return fault.Missing.New("the aggregate is not parked")
	}
	return err
}

// Skip takes a waiting event away.
func (o Outbox) Skip(ctx context.Context, skip ports.EventSkip) error {
	if skip.Reason == "" {
		return fault.Bad.New("say why the event is skipped").At("reason")
	}
	event := ref.NewID[ref.EventKind](skip.Event).String()
	return o.s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if err := o.retry(ctx, tx, skip.Consumer, skip.Aggregate, skip.At); err != nil {
			return err
		}
		n, err := affected(ctx, tx, `INSERT INTO outbox_skipped (consumer, position, id, name, aggregate, reason, at)
			SELECT ?1, o.position, o.id, o.name, o.aggregate, ?4, ?5 FROM outbox_parked_events e CROSS JOIN outbox o ON o.position = e.position
			WHERE e.consumer = ?1 AND e.aggregate = ?2 AND o.id = ?3`, skip.Consumer, skip.Aggregate, event, skip.Reason, microsOf(skip.At))
		switch {
		case err != nil:
			return err
		case n == 0:
			return fault.Missing.New("no such event waits")
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM outbox_parked_events WHERE consumer = ?1 AND aggregate = ?2
			AND position IN (SELECT s.position FROM outbox_skipped s WHERE s.consumer = ?1 AND s.id = ?3)`, skip.Consumer, skip.Aggregate, event)
		if err == nil {
			_, err = tx.ExecContext(ctx, sqlUnpark, skip.Consumer, skip.Aggregate)
		}
		return err
	})
}
