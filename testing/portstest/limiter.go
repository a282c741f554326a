package portstest

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/testing/clausetest"
)

// LimiterClause is one case of one clause of ports.RateLimiter.
type LimiterClause = clausetest.Clause[LimiterHarness]

// LimiterHarness is a rate limiter that counted nothing yet, and another process's view of the same counts: the same one
// again, when it counts for its process alone.
type LimiterHarness struct {
	Limiter ports.RateLimiter
	Other   ports.RateLimiter
}

// TestRateLimiter proves a ports.RateLimiter.
func TestRateLimiter(t *testing.T, open func(t *testing.T) LimiterHarness) {
	t.Helper()
	clausetest.Run(t, LimiterClauses(), open)
}

// LimiterClauses are the clauses of ports.RateLimiter.
func LimiterClauses() []LimiterClause {
	return []LimiterClause{
		{ID: "limiter-exact", Case: "many at once", Run: limiterExact},
		{ID: "limiter-window", Case: "so long and no longer", Run: limiterWindow},
		{ID: "limiter-all", Case: "all or none", Run: limiterAll},
		{ID: "limiter-from", Case: "when it will be allowed", Run: limiterFrom},
		{ID: "limiter-give", Case: "one for one", Run: limiterGive},
		{ID: "limiter-key", Case: "keys apart", Run: limiterKeys},
	}
}

var limiterStart = time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)

// moment is a time of a suite.
func moment(d time.Duration) time.Time { return limiterStart.Add(d) }

// tenAMinute is a limit.
func tenAMinute(key string) ports.Limit { return ports.Limit{Key: key, Count: 10, Window: time.Minute} }

// take asks at a time.
func take(t clausetest.TB, l ports.RateLimiter, at time.Time, limits ...ports.Limit) ports.Allowance {
	t.Helper()
	a, err := l.Take(t.Context(), at, limits)
	if err != nil {
		t.Errorf("Take: %v", err)
	}
	return a
}

// takes counts how many of n are allowed.
func takes(t clausetest.TB, l ports.RateLimiter, n int, at time.Time, limits ...ports.Limit) int {
	t.Helper()
	allowed := 0
	for range n {
		if take(t, l, at, limits...).Allowed() {
			allowed++
		}
	}
	return allowed
}

func limiterExact(t clausetest.TB, open func(clausetest.TB) LimiterHarness) {
	h := open(t)
	var all sync.WaitGroup
	var allowed [2]atomic.Int64
	for n := range 80 {
		l := h.Limiter
		if n%2 == 1 {
			l = h.Other
		}
		all.Go(func() {
			// Two keys in both orders, so that who locks one by one meets.
			limits := []ports.Limit{tenAMinute("a"), {Key: "b", Count: 15, Window: time.Minute}}
			if n%4 < 2 {
				limits[0], limits[1] = limits[1], limits[0]
			}
			if take(t, l, moment(time.Duration(n)*time.Millisecond), limits...).Allowed() {
				allowed[0].Add(1)
			}
			if take(t, l, moment(0), tenAMinute("c")).Allowed() {
				allowed[1].Add(1)
			}
		})
	}
	all.Wait()
	if allowed[0].Load() != 10 || allowed[1].Load() != 10 {
		t.Errorf("%d and %d of 80 at once were allowed, want 10", allowed[0].Load(), allowed[1].Load())
	}
}

func limiterWindow(t clausetest.TB, open func(clausetest.TB) LimiterHarness) {
	l := open(t).Limiter
	if n := takes(t, l, 5, moment(0), tenAMinute("a")); n != 5 {
		t.Errorf("%d of 5 were allowed", n)
	}
	if n := takes(t, l, 10, moment(30*time.Second), tenAMinute("a")); n != 5 {
		t.Errorf("half a minute later %d more were allowed, want 5", n)
	}
	if n := takes(t, l, 10, moment(time.Minute-time.Microsecond), tenAMinute("a")); n != 0 {
		t.Errorf("just before the window's end %d more were allowed, want none", n)
	}
	if n := takes(t, l, 10, moment(time.Minute), tenAMinute("a")); n != 5 {
		t.Errorf("at the window's end %d more were allowed, want the 5 that count no more", n)
	}
}

func limiterAll(t clausetest.TB, open func(clausetest.TB) LimiterHarness) {
	l := open(t).Limiter
	takes(t, l, 10, moment(0), tenAMinute("full"))
	for _, limits := range [][]ports.Limit{{tenAMinute("full"), tenAMinute("free")}, {tenAMinute("free"), tenAMinute("full")}} {
		if n := takes(t, l, 20, moment(time.Second), limits...); n != 0 {
			t.Errorf("%d were allowed by one limit that is full", n)
		}
	}
	if n := takes(t, l, 20, moment(time.Second), tenAMinute("free")); n != 10 {
		t.Errorf("%d were allowed, want 10: what another limit refused does not count", n)
	}
}

func limiterFrom(t clausetest.TB, open func(clausetest.TB) LimiterHarness) {
	l := open(t).Limiter
	for n := range 10 {
		takes(t, l, 1, moment(time.Duration(n)*time.Second), tenAMinute("a"))
	}
	takes(t, l, 10, moment(20*time.Second), tenAMinute("b"))
	a := take(t, l, moment(30*time.Second), tenAMinute("a"))
	if a.Allowed() || !a.From.Equal(moment(time.Minute)) {
		t.Errorf("refused until %s, want %s", a.From, moment(time.Minute))
	}
	if a = take(t, l, moment(30*time.Second), tenAMinute("a"), tenAMinute("b")); !a.From.Equal(moment(80 * time.Second)) {
		t.Errorf("refused by two until %s, want %s", a.From, moment(80*time.Second))
	}
	if a = take(t, l, a.From, tenAMinute("a"), tenAMinute("b")); !a.Allowed() {
		t.Errorf("not allowed when it should be, but from %s", a.From)
	}
}

func limiterGive(t clausetest.TB, open func(clausetest.TB) LimiterHarness) {
	l := open(t).Limiter
	one := take(t, l, moment(0), tenAMinute("a"), tenAMinute("b"))
	takes(t, l, 9, moment(0), tenAMinute("a"))
	if err := l.Give(t.Context(), one); err != nil {
		t.Errorf("Give: %v", err)
	}
	if n := takes(t, l, 10, moment(time.Second), tenAMinute("a")); n != 1 {
		t.Errorf("after one was given back %d were allowed, want 1", n)
	}
	if n := takes(t, l, 20, moment(time.Second), tenAMinute("b")); n != 10 {
		t.Errorf("of the other key %d were allowed, want 10", n)
	}
	if err := l.Give(t.Context(), take(t, l, moment(2*time.Second), tenAMinute("a"))); err != nil {
		t.Errorf("Give of what was refused: %v", err)
	}
	if n := takes(t, l, 10, moment(3*time.Second), tenAMinute("a")); n != 0 {
		t.Errorf("after a refusal was given back %d were allowed, want none", n)
	}
}

func limiterKeys(t clausetest.TB, open func(clausetest.TB) LimiterHarness) {
	l := open(t).Limiter
	for n := range 5 {
		key := fmt.Sprintf("key-%d-%s", n, "with a long name that has the same beginning for all of them")
		if got := takes(t, l, 12, moment(0), tenAMinute(key)); got != 10 {
			t.Errorf("%d of key %d were allowed, want 10", got, n)
		}
	}
}
