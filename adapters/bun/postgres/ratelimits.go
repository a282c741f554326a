package postgres

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// RateLimiter is the store as ports.RateLimiter: it counts for all servers of a shop.
type RateLimiter struct{ s *Store }

var _ ports.RateLimiter = RateLimiter{}

// RateLimiter gives the port ports.RateLimiter.
func (s *Store) RateLimiter() RateLimiter { return RateLimiter{s} }

const (
	// Makes the rows that are not there yet, and locks all in the order of their keys.
	sqlLockLimits = `INSERT INTO commerce.rate_limits AS l (shop, key, taken, until)
		SELECT $1, k, '{}', $3 FROM unnest($2::text[]) AS k ORDER BY k
		ON CONFLICT (shop, key) DO UPDATE SET until = greatest(l.until, excluded.until) RETURNING key, taken`
	// Takes an event of each limit, by the rule of ports.Limit.Admit, in the order of their keys; no row for one that is
	// refused. All have one count and one window.
	sqlTakeEach = `WITH hurry AS MATERIALIZED (` + sqlHurry + `)
		INSERT INTO commerce.rate_limits AS l (shop, key, taken, until)
			SELECT $1, k.key, ARRAY[k.at], k.at + $4 FROM hurry, unnest($2::text[], $3::timestamptz[]) AS k(key, at) ORDER BY k.key
		ON CONFLICT (shop, key) DO UPDATE SET until = greatest(l.until, excluded.until),
			taken = (SELECT array_agg(t ORDER BY t) FROM unnest(l.taken || excluded.taken) AS t WHERE t > excluded.taken[1] - $4)
		WHERE (SELECT count(*) FROM unnest(l.taken) AS t WHERE t > excluded.taken[1] - $4) < $5
		RETURNING key`
	// A count that is lost in a crash of the server lets a few more through, and waits for no disk else.
	sqlHurry = `SELECT set_config('synchronous_commit', 'off', true)`
	sqlCount = `UPDATE commerce.rate_limits SET taken = $3, until = $4 WHERE shop = $1 AND key = $2`
	// By those who count, about once a second of each server.
	sqlSweepLimits = `DELETE FROM commerce.rate_limits WHERE shop = $1 AND key IN
		(SELECT key FROM commerce.rate_limits WHERE shop = $1 AND until < $2 ORDER BY until LIMIT 4096 FOR UPDATE SKIP LOCKED)`
	sweepEvery = time.Second
)

// Take counts in a transaction that locks the keys.
func (l RateLimiter) Take(ctx context.Context, at time.Time, limits []ports.Limit) (ports.Allowance, error) {
	out := ports.Allowance{At: at, From: at, Limits: slices.Clone(limits)}
	if len(limits) == 1 && limits[0].Count > 0 {
		if taken, err := l.s.gathered.taking.get(ctx, takeQuestion{limits[0], at}); taken || err != nil {
			return out, err
		}
	}
	err := l.s.quietly(ctx, func(tx pgx.Tx) error {
		out.From = at
		taken, err := l.lock(ctx, tx, at, limits)
		if err != nil {
			return err
		}
		counting := make([][]time.Time, len(limits))
		for i, limit := range limits {
			var from time.Time
			if counting[i], from = limit.Admit(taken[limit.Key], at); from.After(out.From) {
				out.From = from
			}
		}
		b := &pgx.Batch{}
		if out.Allowed() {
			for i, limit := range limits {
				n, _ := slices.BinarySearchFunc(counting[i], at, time.Time.Compare)
				times := slices.Insert(slices.Clone(counting[i]), n, at)
				b.Queue(sqlCount, l.s.cfg.Shop, limit.Key, times, times[len(times)-1].Add(limit.Window))
			}
		}
		if l.s.sweeps(at) {
			b.Queue(sqlSweepLimits, l.s.cfg.Shop, at)
		}
		return tx.SendBatch(ctx, b).Close()
	})
	return out, err
}

// Give takes events back in a transaction that locks the keys.
func (l RateLimiter) Give(ctx context.Context, a ports.Allowance) error {
	if !a.Allowed() || len(a.Limits) == 0 {
		return nil
	}
	return l.s.quietly(ctx, func(tx pgx.Tx) error {
		taken, err := l.lock(ctx, tx, a.At, a.Limits)
		if err != nil {
			return err
		}
		b := &pgx.Batch{}
		for _, limit := range a.Limits {
			times := taken[limit.Key]
			if n, there := slices.BinarySearchFunc(times, a.At, time.Time.Compare); there {
				times = slices.Delete(times, n, n+1)
				b.Queue(sqlCount, l.s.cfg.Shop, limit.Key, times, a.At.Add(limit.Window))
			}
		}
		return tx.SendBatch(ctx, b).Close()
	})
}

// lock locks the keys and reads what was taken of each, in order.
func (l RateLimiter) lock(ctx context.Context, tx pgx.Tx, at time.Time, limits []ports.Limit) (map[string][]time.Time, error) {
	keys := make([]string, len(limits))
	longest := slices.MaxFunc(limits, func(a, b ports.Limit) int { return cmp.Compare(a.Window, b.Window) }).Window
	for i, limit := range limits {
		keys[i] = limit.Key
	}
	rows, err := tx.Query(ctx, sqlLockLimits, l.s.cfg.Shop, keys, at.Add(longest))
	if err != nil {
		return nil, err
	}
	out := make(map[string][]time.Time, len(limits))
	var key string
	var taken []time.Time
	_, err = pgx.ForEachRow(rows, []any{&key, &taken}, func() error {
		for i := range taken {
			taken[i] = ref.Instant(taken[i])
		}
		out[key] = slices.Clone(taken)
		return nil
	})
	return out, err
}
