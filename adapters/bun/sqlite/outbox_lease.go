package sqlite

import (
	"context"
	"database/sql"

	"github.com/ipswich-retail/commerce/ports"
)

// Claim gives the relay its share of the consumer's partitions.
func (o Outbox) Claim(ctx context.Context, c ports.OutboxClaim) (out ports.OutboxShare, err error) {
	err = o.s.soon(ctx, func(ctx context.Context, tx *sql.Tx) error {
		leases, relays, err := o.join(ctx, tx, c)
		if err == nil {
			out, err = o.lease(ctx, tx, leases, relays, c)
		}
		return err
	})
	if err != nil {
		return ports.OutboxShare{}, err
	}
	return out, nil
}

// join takes part, and gives the leases of the partitions and the relays that take part.
func (o Outbox) join(ctx context.Context, tx *sql.Tx, c ports.OutboxClaim) (leases []ports.Lease, relays [][16]byte, err error) {
	err = inTurn(func() error {
		return each(ctx, tx, `INSERT INTO outbox_partitions (consumer, partition, position, token) VALUES (?1, ?2, 0, 0) ON CONFLICT DO NOTHING`,
			partitionNumbers(), func(p int) []any { return []any{c.Consumer, p} })
	}, func() (err error) {
		leases, err = rowsOf(ctx, tx, func(row scanned) (ports.Lease, error) {
			l := ports.Lease{Consumer: c.Consumer}
			err := row.Scan(&l.Partition, intoBytes(l.Owner[:]), &l.Token, intoTime(&l.Until))
			return l, err
		}, `SELECT partition, owner, token, until FROM outbox_partitions WHERE consumer = ?1 ORDER BY partition`, c.Consumer)
		return err
	}, func() error {
		_, err := tx.ExecContext(ctx, `DELETE FROM outbox_relays WHERE consumer = ?1 AND (owner = ?2 OR until <= ?3)`, c.Consumer, c.Owner[:], microsOf(c.At))
		return err
	}, func() error {
		_, err := tx.ExecContext(ctx, `INSERT INTO outbox_relays (consumer, owner, until) VALUES (?1, ?2, ?3)`, c.Consumer, c.Owner[:], microsOf(c.Until))
		return err
	}, func() (err error) {
		relays, err = rowsOf(ctx, tx, func(row scanned) (owner [16]byte, err error) {
			err = row.Scan(intoBytes(owner[:]))
			return owner, err
		}, `SELECT owner FROM outbox_relays WHERE consumer = ?1`, c.Consumer)
		return err
	})
	return leases, relays, err
}

func partitionNumbers() []int {
	out := make([]int, ports.OutboxPartitions)
	for i := range out {
		out[i] = i
	}
	return out
}

// lease changes the leases as ports.ShareOut says, and gives the owner's.
func (o Outbox) lease(ctx context.Context, tx *sql.Tx, leases []ports.Lease, relays [][16]byte, c ports.OutboxClaim) (ports.OutboxShare, error) {
	shares := ports.ShareOut(leases, relays, c)
	for _, p := range shares.Drop {
		leases[p].Owner = [16]byte{}
	}
	for _, p := range shares.Take {
		leases[p].Owner = c.Owner
		leases[p].Token++
	}
	out := ports.OutboxShare{Share: shares.Share}
	for p := range leases {
		if l := &leases[p]; l.Owner == c.Owner {
			l.Until = c.Until
			out.Leases = append(out.Leases, *l)
		}
	}
	return out, each(ctx, tx, `UPDATE outbox_partitions SET owner = ?3, token = ?4, until = ?5 WHERE consumer = ?1 AND partition = ?2`, leases,
		func(l ports.Lease) []any {
			return []any{l.Consumer, l.Partition, uuidBytes(l.Owner), int64(l.Token), nullMicros(l.Until)} //nolint:gosec // Tokens are counted from 1.
		})
}

// Release frees the owner's partitions.
func (o Outbox) Release(ctx context.Context, consumer string, owner [16]byte) error {
	return o.s.soon(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE outbox_partitions SET owner = NULL WHERE consumer = ?1 AND owner = ?2`, consumer, owner[:])
		if err == nil {
			_, err = tx.ExecContext(ctx, `DELETE FROM outbox_relays WHERE consumer = ?1 AND owner = ?2`, consumer, owner[:])
		}
		return err
	})
}

// Ack makes a relay's progress true, if its lease stands.
func (o Outbox) Ack(ctx context.Context, p ports.Progress) error {
	return o.s.soon(ctx, func(ctx context.Context, tx *sql.Tx) error {
		l := p.Lease
		n, err := affected(ctx, tx, `UPDATE outbox_partitions SET position = max(position, ?5)
			WHERE consumer = ?1 AND partition = ?2 AND owner = ?3 AND token = ?4`, l.Consumer, l.Partition, l.Owner[:], int64(l.Token), int64(p.Through.Position)) //nolint:gosec // Tokens and positions are counted from 1.
		if err := leaseError(n, err); err != nil {
			return err
		}
		return o.park(ctx, tx, p)
	})
}

// park writes what becomes of events that wait.
func (o Outbox) park(ctx context.Context, tx *sql.Tx, p ports.Progress) error {
	consumer := p.Lease.Consumer
	place := func(d ports.Delivery) []any { return []any{consumer, d.Event.Aggregate, int64(d.Cursor.Position)} } //nolint:gosec // Positions are the file's own, which are int64.
	return inTurn(func() error {
		return each(ctx, tx, `INSERT INTO outbox_parked (consumer, aggregate, partition, since, attempts, cause, due) VALUES (?1, ?2, ?3, ?4, 0, '', ?4)
			ON CONFLICT DO NOTHING`, p.Kept, func(d ports.Delivery) []any {
			return []any{consumer, d.Event.Aggregate, p.Lease.Partition, microsOf(p.At)}
		})
	}, func() error {
		return each(ctx, tx, `INSERT INTO outbox_parked_events (consumer, aggregate, position) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING`, p.Kept, place)
	}, func() error {
		return each(ctx, tx, `DELETE FROM outbox_parked_events WHERE consumer = ?1 AND aggregate = ?2 AND position = ?3`, p.Took, place)
	}, func() error {
		return each(ctx, tx, `UPDATE outbox_parked SET attempts = ?3, cause = ?4, due = ?5 WHERE consumer = ?1 AND aggregate = ?2`, p.Failed,
			func(f ports.Failure) []any {
				return []any{consumer, f.Aggregate, f.Attempts, f.Cause, nullMicros(f.Due)}
			})
	}, func() error {
		return each(ctx, tx, sqlUnpark, p.Took, func(d ports.Delivery) []any { return []any{consumer, d.Event.Aggregate} })
	})
}

const sqlUnpark = `DELETE FROM outbox_parked WHERE consumer = ?1 AND aggregate = ?2
	AND NOT EXISTS (SELECT 1 FROM outbox_parked_events e WHERE e.consumer = ?1 AND e.aggregate = ?2)`
