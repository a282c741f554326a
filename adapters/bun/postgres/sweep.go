package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/ports"
)

// sqlSweepOutbox goes through the oldest positions, up to the first event that is not old, so that a sweep which finds
// nothing reads nothing either. What is owed is behind the lowest cursor of its partition, or parked.
const sqlSweepOutbox = `WITH low AS (SELECT partition, min(position) AS position FROM commerce.outbox_partitions WHERE shop = $1 GROUP BY partition),
	old AS (SELECT o.position FROM commerce.outbox o LEFT JOIN low ON low.partition = ` + sqlPartition + `
		WHERE o.shop = $1 AND o.position < coalesce((SELECT y.position FROM commerce.outbox y WHERE y.shop = $1 AND y.at >= $2 ORDER BY y.position LIMIT 1),
				9223372036854775807)
			AND (low.position IS NULL OR o.position <= low.position)
			AND NOT EXISTS (SELECT FROM commerce.outbox_parked_events e WHERE e.shop = $1 AND e.position = o.position)
		ORDER BY o.position LIMIT $3)
	DELETE FROM commerce.outbox d USING old WHERE d.shop = $1 AND d.position = old.position`

// SweepEvents deletes old events that every known consumer has taken.
func (o Outbox) SweepEvents(ctx context.Context, before time.Time, limit int) (int, error) {
	tag, err := o.s.pool.Exec(ctx, sqlSweepOutbox, o.s.cfg.Shop, before, max(limit, 0))
	return int(tag.RowsAffected()), readError(err)
}

// Forget ends a consumer.
func (o Outbox) Forget(ctx context.Context, consumer string) error {
	return o.s.quietly(ctx, func(tx pgx.Tx) error {
		b := &pgx.Batch{}
		b.Queue(sqlLockPartitions, o.s.cfg.Shop, consumer)
		for _, table := range []string{"outbox_parked_events", "outbox_parked", "outbox_skipped", "outbox_relays", "outbox_partitions", "outbox_cursors"} {
			b.Queue("DELETE FROM commerce."+table+" WHERE shop = $1 AND consumer = $2", o.s.cfg.Shop, consumer)
		}
		return tx.SendBatch(ctx, b).Close()
	})
}

var _ ports.CommandSweeper = Commands{}

// SweepCommands deletes old answered records of commands, skipping those that a commit holds.
func (c Commands) SweepCommands(ctx context.Context, before time.Time, limit int) (int, error) {
	tag, err := c.s.pool.Exec(ctx, `WITH old AS MATERIALIZED (
			SELECT actor, route, key FROM commerce.commands WHERE shop = $1 AND created_at < $2 AND answered
			ORDER BY created_at LIMIT $3 FOR UPDATE SKIP LOCKED)
		DELETE FROM commerce.commands d USING old WHERE d.shop = $1 AND d.actor = old.actor AND d.route = old.route AND d.key = old.key`,
		c.s.cfg.Shop, before, max(limit, 0))
	return int(tag.RowsAffected()), readError(err)
}
