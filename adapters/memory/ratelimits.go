package memory

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/ipswich-retail/commerce/ports"
)

// RateLimiter counts in memory, for one process; each store has one, and more can be made. Safe for concurrent use.
type RateLimiter struct {
	mu    sync.Mutex
	taken map[string]counted
	swept time.Time
}

// counted are the events of a key that count until.
type counted struct {
	at    []time.Time
	until time.Time
}

var _ ports.RateLimiter = (*RateLimiter)(nil)

// NewRateLimiter makes one that counted nothing yet.
func NewRateLimiter() *RateLimiter { return &RateLimiter{taken: map[string]counted{}} }

// RateLimiter gives the port that counts events against limits.
func (s *Store) RateLimiter() ports.RateLimiter { return s.limiter }

// Take asks for one event of each limit.
func (l *RateLimiter) Take(ctx context.Context, at time.Time, limits []ports.Limit) (ports.Allowance, error) {
	out := ports.Allowance{At: at, From: at, Limits: slices.Clone(limits)}
	if err := ended(ctx); err != nil {
		return out, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sweep(at)
	counting := make([][]time.Time, len(limits))
	for i, limit := range limits {
		var from time.Time
		if counting[i], from = limit.Admit(l.taken[limit.Key].at, at); from.After(out.From) {
			out.From = from
		}
	}
	if !out.Allowed() {
		return out, nil
	}
	for i, limit := range limits {
		times := slices.Clone(counting[i])
		n, _ := slices.BinarySearchFunc(times, at, time.Time.Compare)
		times = slices.Insert(times, n, at)
		l.taken[limit.Key] = counted{at: times, until: times[len(times)-1].Add(limit.Window)}
	}
	return out, nil
}

// Give takes back what was allowed.
func (l *RateLimiter) Give(ctx context.Context, a ports.Allowance) error {
	if err := ended(ctx); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, limit := range a.Limits {
		c := l.taken[limit.Key]
		if n, there := slices.BinarySearchFunc(c.at, a.At, time.Time.Compare); there && a.Allowed() {
			c.at = slices.Delete(slices.Clone(c.at), n, n+1)
			l.taken[limit.Key] = c
		}
	}
	return nil
}

// sweepEvery is how often keys are dropped that count no more, so that the map does not grow for ever.
const sweepEvery = time.Minute

func (l *RateLimiter) sweep(at time.Time) {
	if at.Before(l.swept.Add(sweepEvery)) {
		return
	}
	l.swept = at
	maps.DeleteFunc(l.taken, func(_ string, c counted) bool { return !at.Before(c.until) || len(c.at) == 0 })
}
