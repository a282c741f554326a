package ports

import (
	"context"
	"slices"
	"time"
)

// Limit allows Count events of a key within any Window of time.
type Limit struct {
	Key    string // Of what is limited, such as the digest of an address; never a credential.
	Count  int    // At least 1.
	Window time.Duration
}

// Admit is what a limit means, for every adapter: given the times that count already, in order, it tells from when on
// one more is allowed, which is at or before at when it is allowed now, and gives the times that still count.
func (l Limit) Admit(taken []time.Time, at time.Time) (counting []time.Time, from time.Time) {
	first := at.Add(-l.Window)
	counting = taken[sortedAfter(taken, first):]
	if len(counting) < l.Count {
		return counting, at
	}
	return counting, counting[len(counting)-l.Count].Add(l.Window)
}

// sortedAfter is the index of the first time behind the given one.
func sortedAfter(times []time.Time, t time.Time) int {
	i, _ := slices.BinarySearchFunc(times, t, func(a, b time.Time) int {
		if a.After(b) {
			return 1
		}
		return -1
	})
	return i
}

// Allowance is the answer to a Take: from when on it is allowed. When that is not after At, it was taken.
type Allowance struct {
	At     time.Time
	From   time.Time
	Limits []Limit
}

// Allowed tells whether the allowance was taken.
func (a Allowance) Allowed() bool { return !a.From.After(a.At) }

// Wait is in how many whole seconds it is allowed, at least one.
func (a Allowance) Wait() int {
	return max(1, int((a.From.Sub(a.At)+time.Second-1)/time.Second))
}

// RateLimiter counts events against limits.
//
// Contract: [limiter-exact] of however many that take at once, and by however many processes, at most Count of a key are
// allowed within any Window; [limiter-window] an event counts for Window and no longer; [limiter-all] when one of several
// limits refuses, none of them counts the event; [limiter-from] a refusal tells the earliest time at which it would be
// allowed; [limiter-give] Give takes an allowed event back, so that it counts no more, once for each Take; [limiter-key] keys do not count for each other. Errors: kind Unavailable. Safe for concurrent use.
type RateLimiter interface {
	// Take asks for one event of each limit at a time. The keys differ. Times need not come in order.
	Take(ctx context.Context, at time.Time, limits []Limit) (Allowance, error)
	// Give takes back what Take allowed.
	Give(ctx context.Context, a Allowance) error
}
