package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/ipswich-retail/commerce/adapters/bun/internal/groups"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/ports"
)

// RateLimiter is the store as ports.RateLimiter: it counts for all programs that have the file open.
type RateLimiter struct{ s *Store }

var _ ports.RateLimiter = RateLimiter{}

// RateLimiter gives the port ports.RateLimiter.
func (s *Store) RateLimiter() RateLimiter { return RateLimiter{s} }

const (
	sqlTaken = `SELECT k.value, r.taken FROM ` + sqlNamed + ` CROSS JOIN rate_limits r ON r.key = k.value`
	sqlCount = `INSERT INTO rate_limits (key, taken, until) VALUES (?1, ?2, ?3)
		ON CONFLICT (key) DO UPDATE SET taken = excluded.taken, until = excluded.until`
	sqlSweepLimits = `DELETE FROM rate_limits WHERE key IN (SELECT key FROM rate_limits WHERE until < ?1 ORDER BY until LIMIT ?2)`

	// sweptForEach is how many keys go, at most, for each that is counted: a few at a time, by those who count.
	sweptForEach = 4
)

// take is what a caller wants counted.
type take struct {
	at     time.Time
	limits []ports.Limit
}

// takes are callers who wait for their counts.
type takes = groups.Queue[take, ports.Allowance]

// Take counts unless a limit refuses, in one transaction with others that wait. The machine's failure may undo a count,
// and lets one more through then; nothing else does.
func (l RateLimiter) Take(ctx context.Context, at time.Time, limits []ports.Limit) (ports.Allowance, error) {
	out, err := l.s.takes.Do(ctx, take{at, limits})
	if err != nil && fault.KindOf(err) == fault.Unknown {
		err = fault.Down.New("the caller left while it was counted").Because(err)
	}
	if err != nil {
		out = ports.Allowance{At: at, From: at, Limits: slices.Clone(limits)}
	}
	return out, err
}

// countTakes counts what queued while it counted before.
func (s *Store) countTakes() {
	for !s.stopped() {
		if group := s.takes.Collect(nil); len(group) > 0 {
			s.takeEach(group)
		}
	}
}

// takeEach counts for each member of a group, one after the other.
func (s *Store) takeEach(group []*groups.Request[take, ports.Allowance]) {
	out := make([]ports.Allowance, len(group))
	err := s.soon(groups.On(group), func(ctx context.Context, tx *sql.Tx) error {
		c, err := readCounts(ctx, tx, group)
		if err != nil {
			return err
		}
		for i, r := range group {
			out[i] = c.take(r.Value)
		}
		if len(c.changed) == 0 {
			return errNothing
		}
		return c.write(ctx, tx)
	})
	if err != nil && !errors.Is(err, errNothing) {
		groups.Refuse(group, err)
		return
	}
	for i, r := range group {
		r.Answer(out[i], nil)
	}
}

// counts are what was taken of the keys of a group, and what the group takes.
type counts struct {
	taken   map[string][]time.Time // In order.
	changed map[string]count
	at      time.Time // The latest of the group.
}

// count is what is taken of a key now, and how long that counts.
type count struct {
	times []time.Time
	until time.Time
}

// readCounts reads what was taken.
func readCounts(ctx context.Context, tx *sql.Tx, group []*groups.Request[take, ports.Allowance]) (*counts, error) {
	c := &counts{taken: map[string][]time.Time{}, changed: map[string]count{}}
	var keys set[string]
	for _, r := range group {
		for _, l := range r.Value.limits {
			keys.add(l.Key)
		}
		if r.Value.at.After(c.at) {
			c.at = r.Value.at
		}
	}
	var key string
	var micros []int64
	return c, namedRows(ctx, tx, sqlTaken, keys.items, []any{&key, intoJSON(&micros)}, func() {
		c.taken[key] = timesOf(micros)
		micros = nil
	})
}

// take counts in memory.
func (c *counts) take(t take) ports.Allowance {
	out := ports.Allowance{At: t.at, From: t.at, Limits: slices.Clone(t.limits)}
	counting := make([][]time.Time, len(t.limits))
	for i, limit := range t.limits {
		var from time.Time
		if counting[i], from = limit.Admit(c.taken[limit.Key], t.at); from.After(out.From) {
			out.From = from
		}
	}
	if !out.Allowed() {
		return out
	}
	for i, limit := range t.limits {
		n, _ := slices.BinarySearchFunc(counting[i], t.at, time.Time.Compare)
		times := slices.Insert(slices.Clone(counting[i]), n, t.at)
		c.taken[limit.Key] = times
		c.changed[limit.Key] = countOf(limit, times, t.at)
	}
	return out
}

// countOf is what is taken of a limit. It counts for as long as the last event does.
func countOf(limit ports.Limit, times []time.Time, at time.Time) count {
	for _, t := range times {
		if t.After(at) {
			at = t
		}
	}
	return count{times, at.Add(limit.Window)}
}

// write writes what changed, and takes away some of what counts no more.
func (c *counts) write(ctx context.Context, tx *sql.Tx) error {
	err := each(ctx, tx, sqlCount, slices.Sorted(maps.Keys(c.changed)), func(key string) []any {
		now := c.changed[key]
		return []any{key, microsText(now.times), microsOf(now.until)}
	})
	if err != nil {
		return err
	}
	return exec(ctx, tx, sqlSweepLimits, microsOf(c.at), sweptForEach*len(c.changed))
}

// Give takes events back in a transaction.
func (l RateLimiter) Give(ctx context.Context, a ports.Allowance) error {
	if !a.Allowed() || len(a.Limits) == 0 {
		return nil
	}
	return l.s.soon(ctx, func(ctx context.Context, tx *sql.Tx) error {
		for _, limit := range a.Limits {
			times, err := takenOf(ctx, tx, limit.Key)
			if err != nil {
				return err
			}
			if n, there := slices.BinarySearchFunc(times, a.At, time.Time.Compare); there {
				now := countOf(limit, slices.Delete(times, n, n+1), a.At)
				if err := exec(ctx, tx, sqlCount, limit.Key, microsText(now.times), microsOf(now.until)); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// takenOf reads what was taken of a key, in order.
func takenOf(ctx context.Context, tx *sql.Tx, key string) (times []time.Time, err error) {
	var micros []int64
	err = namedRows(ctx, tx, sqlTaken, []string{key}, []any{&key, intoJSON(&micros)}, func() { times = timesOf(micros) })
	return times, err
}

func timesOf(micros []int64) []time.Time {
	out := make([]time.Time, len(micros))
	for i, n := range micros {
		out[i] = timeOf(n)
	}
	return out
}

// microsText is a list of times in JSON.
func microsText(times []time.Time) string {
	out := []byte{'['}
	for i, t := range times {
		if i > 0 {
			out = append(out, ',')
		}
		out = strconv.AppendInt(out, microsOf(t), 10)
	}
	return string(append(out, ']'))
}
