package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

const (
	sqlMakePartitions = `INSERT INTO commerce.outbox_partitions (shop, consumer, partition)
		SELECT $1, $2, p FROM generate_series(0, 15) AS p ON CONFLICT DO NOTHING`
	sqlLockPartitions = `SELECT partition, owner, token, until FROM commerce.outbox_partitions
		WHERE shop = $1 AND consumer = $2 ORDER BY partition FOR UPDATE`
	sqlJoinRelays = `INSERT INTO commerce.outbox_relays (shop, consumer, owner, until) VALUES ($1, $2, $3, $4)
		ON CONFLICT (shop, consumer, owner) DO UPDATE SET until = excluded.until`
	sqlLeaveRelays = `DELETE FROM commerce.outbox_relays WHERE shop = $1 AND consumer = $2 AND (owner = $3 OR until <= $4)`
	sqlRelays      = `SELECT owner FROM commerce.outbox_relays WHERE shop = $1 AND consumer = $2`
	sqlLease       = `UPDATE commerce.outbox_partitions t SET owner = l.owner, token = l.token, until = l.until
		FROM unnest($3::integer[], $4::uuid[], $5::bigint[], $6::timestamptz[]) AS l(partition, owner, token, until)
		WHERE t.shop = $1 AND t.consumer = $2 AND t.partition = l.partition`
	sqlUnlease = `UPDATE commerce.outbox_partitions SET owner = NULL WHERE shop = $1 AND consumer = $2 AND owner = $3`
)

// Claim gives the relay its share of the consumer's partitions: one transaction, which holds the rows of all of them.
func (o Outbox) Claim(ctx context.Context, c ports.OutboxClaim) (ports.OutboxShare, error) {
	var out ports.OutboxShare
	err := o.s.quietly(ctx, func(tx pgx.Tx) error {
		leases, relays, err := o.join(ctx, tx, c)
		if err == nil && len(leases) == 0 {
			if _, err = tx.Exec(ctx, sqlMakePartitions, o.s.cfg.Shop, c.Consumer); err == nil {
				leases, relays, err = o.join(ctx, tx, c)
			}
		}
		if err != nil {
			return err
		}
		out, err = o.lease(ctx, tx, leases, relays, c)
		return err
	})
	return out, err
}

// join locks the consumer's partitions and takes part, and gives the leases and the relays that take part.
func (o Outbox) join(ctx context.Context, tx pgx.Tx, c ports.OutboxClaim) (leases []ports.Lease, relays [][16]byte, err error) {
	shop := o.s.cfg.Shop
	b := &pgx.Batch{}
	b.Queue(sqlLockPartitions, shop, c.Consumer).Query(func(rows pgx.Rows) error {
		var partition int
		var owner pgtype.UUID
		var token int64
		var until *time.Time
		_, err := pgx.ForEachRow(rows, []any{&partition, &owner, &token, &until}, func() error {
			l := ports.Lease{Consumer: c.Consumer, Partition: partition, Owner: owner.Bytes, Token: uint64(token)}
			if until != nil {
				l.Until = ref.Instant(*until)
			}
			leases = append(leases, l)
			return nil
		})
		return err
	})
	b.Queue(sqlLeaveRelays, shop, c.Consumer, c.Owner, c.At)
	b.Queue(sqlJoinRelays, shop, c.Consumer, c.Owner, c.Until)
	b.Queue(sqlRelays, shop, c.Consumer).Query(func(rows pgx.Rows) (err error) {
		relays, err = pgx.CollectRows(rows, pgx.RowTo[[16]byte])
		return err
	})
	return leases, relays, tx.SendBatch(ctx, b).Close()
}

// lease changes the leases as ports.ShareOut says, and gives the owner's.
func (o Outbox) lease(ctx context.Context, tx pgx.Tx, leases []ports.Lease, relays [][16]byte, c ports.OutboxClaim) (ports.OutboxShare, error) {
	shares := ports.ShareOut(leases, relays, c)
	for _, p := range shares.Drop {
		leases[p].Owner = [16]byte{}
	}
	for _, p := range shares.Take {
		leases[p].Owner = c.Owner
		leases[p].Token++
	}
	out := ports.OutboxShare{Share: shares.Share}
	var partitions []int
	var owners []pgtype.UUID
	var tokens []int64
	var untils []*time.Time
	for p := range leases {
		l := &leases[p]
		if l.Owner == c.Owner {
			l.Until = c.Until
			out.Leases = append(out.Leases, *l)
		}
		partitions, tokens, untils = append(partitions, p), append(tokens, int64(l.Token)), append(untils, nullTime(l.Until))
		owners = append(owners, pgtype.UUID{Bytes: l.Owner, Valid: l.Owner != [16]byte{}})
	}
	_, err := tx.Exec(ctx, sqlLease, o.s.cfg.Shop, c.Consumer, partitions, owners, tokens, untils)
	return out, err
}

// Release frees the owner's partitions.
func (o Outbox) Release(ctx context.Context, consumer string, owner [16]byte) error {
	return o.s.quietly(ctx, func(tx pgx.Tx) error {
		b := &pgx.Batch{}
		b.Queue(sqlLockPartitions, o.s.cfg.Shop, consumer)
		b.Queue(sqlUnlease, o.s.cfg.Shop, consumer, owner)
		b.Queue(sqlLeaveRelays, o.s.cfg.Shop, consumer, owner, time.Time{})
		return tx.SendBatch(ctx, b).Close()
	})
}
