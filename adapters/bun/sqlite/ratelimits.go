package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/ports"
)

// RateLimiter is the store as ports.RateLimiter: it counts for all programs that have the file open.
type RateLimiter struct{ s *Store }

var _ ports.RateLimiter = RateLimiter{}

// RateLimiter gives the port ports.RateLimiter.
func (s *Store) RateLimiter() RateLimiter { return RateLimiter{s} }

const (
	sqlTaken = `SELECT taken FROM rate_limits WHERE key = ?1`
	sqlCount = `INSERT INTO rate_limits (key, taken, until) VALUES (?1, ?2, ?3)
		ON CONFLICT (key) DO UPDATE SET taken = excluded.taken, until = excluded.until`
	// A few at a time, by those who count: so many keys are added, so many go.
	sqlSweepLimits = `DELETE FROM rate_limits WHERE key IN (SELECT key FROM rate_limits WHERE until < ?1 ORDER BY until LIMIT 4)`
)

// errRefused ends a transaction that has nothing to write.
var errRefused = errors.New("a limit refuses")

// Take counts in a transaction, unless a limit refuses.
func (l RateLimiter) Take(ctx context.Context, at time.Time, limits []ports.Limit) (ports.Allowance, error) {
	out := ports.Allowance{At: at, From: at, Limits: slices.Clone(limits)}
	err := l.s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		counting := make([][]time.Time, len(limits))
		for i, limit := range limits {
			taken, err := takenOf(ctx, tx, limit.Key)
			if err != nil {
				return err
			}
			var from time.Time
			if counting[i], from = limit.Admit(taken, at); from.After(out.From) {
				out.From = from
			}
		}
		if !out.Allowed() {
			return errRefused
		}
		for i, limit := range limits {
			n, _ := slices.BinarySearchFunc(counting[i], at, time.Time.Compare)
			if err := count(ctx, tx, limit, slices.Insert(slices.Clone(counting[i]), n, at), at); err != nil {
				return err
			}
		}
		return exec(ctx, tx, sqlSweepLimits, microsOf(at))
	})
	if !out.Allowed() {
		err = nil
	}
	return out, err
}

// Give takes events back in a transaction.
func (l RateLimiter) Give(ctx context.Context, a ports.Allowance) error {
	if !a.Allowed() || len(a.Limits) == 0 {
		return nil
	}
	return l.s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		for _, limit := range a.Limits {
			times, err := takenOf(ctx, tx, limit.Key)
			if err != nil {
				return err
			}
			if n, there := slices.BinarySearchFunc(times, a.At, time.Time.Compare); there {
				if err := count(ctx, tx, limit, slices.Delete(times, n, n+1), a.At); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// takenOf reads what was taken of a key, in order.
func takenOf(ctx context.Context, tx *sql.Tx, key string) ([]time.Time, error) {
	var micros []int64
	err := tx.QueryRowContext(ctx, sqlTaken, key).Scan(intoJSON(&micros))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	out := make([]time.Time, len(micros))
	for i, n := range micros {
		out[i] = timeOf(n)
	}
	return out, err
}

// count writes what is taken of a limit. It counts for as long as the last event does.
func count(ctx context.Context, tx *sql.Tx, limit ports.Limit, times []time.Time, at time.Time) error {
	micros := make([]int64, len(times))
	for i, t := range times {
		micros[i] = microsOf(t)
		if t.After(at) {
			at = t
		}
	}
	return exec(ctx, tx, sqlCount, limit.Key, jsonText(micros), microsOf(at.Add(limit.Window)))
}
