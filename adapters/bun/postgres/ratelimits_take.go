package postgres

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/ports"
)

// takeQuestion asks to count an event of one limit.
type takeQuestion struct {
	limit ports.Limit
	at    time.Time
}

// takeEach counts one event of each limit in one round trip, as each checkout wants it, and tells which were taken. Of
// one key it takes the first only: the others are told no, and look again by themselves.
func (l RateLimiter) takeEach(ctx context.Context, questions []takeQuestion) ([]bool, error) {
	type rule struct {
		count  int
		window time.Duration
	}
	rules := map[rule]map[string]int{} // Which question is the first for a key.
	for i, q := range questions {
		r := rule{q.limit.Count, q.limit.Window}
		if rules[r] == nil {
			rules[r] = map[string]int{}
		}
		if _, there := rules[r][q.limit.Key]; !there {
			rules[r][q.limit.Key] = i
		}
	}
	out := make([]bool, len(questions))
	b := &pgx.Batch{}
	inOrder := slices.SortedFunc(maps.Keys(rules), func(a, b rule) int { return cmp.Or(cmp.Compare(a.window, b.window), cmp.Compare(a.count, b.count)) })
	for _, r := range inOrder { // In one order, as the keys of each, so that no two servers wait for each other.
		first := rules[r]
		keys, ats := slices.Sorted(maps.Keys(first)), make([]time.Time, 0, len(first))
		for _, key := range keys {
			ats = append(ats, questions[first[key]].at)
		}
		b.Queue(sqlTakeEach, l.s.cfg.Shop, keys, ats, r.window, r.count).Query(func(rows pgx.Rows) error {
			var key string
			_, err := pgx.ForEachRow(rows, []any{&key}, func() error {
				out[first[key]] = true
				return nil
			})
			return err
		})
	}
	if l.s.sweeps(questions[0].at) {
		b.Queue(sqlSweepLimits, l.s.cfg.Shop, questions[0].at)
	}
	// The batch is one transaction: when it was broken off nothing was counted, or nobody knows, and one too many is.
	return out, l.s.attempts(func(*bool) error { return l.s.sendPrepared(ctx, b) })
}

// sweeps tells whether it is time to take away what counts no more.
func (s *Store) sweeps(at time.Time) bool {
	last := s.swept.Load()
	return at.UnixMicro()-last >= sweepEvery.Microseconds() && s.swept.CompareAndSwap(last, at.UnixMicro())
}
