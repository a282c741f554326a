package portstest_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/testing/clausetest"
	"github.com/ipswich-retail/commerce/testing/portstest"
)

// The flaws of a limiter.
const (
	countsLater    = "an event is counted behind others that ask"
	fixedWindows   = "windows begin at whole minutes"
	countsPartly   = "a limit counts what another refuses"
	tellsOwnWindow = "a refusal lasts a whole window from now"
	givesNothing   = "nothing is taken back"
	cutsKeys       = "16 bytes of a key count"
)

// limiter is the smallest rate limiter, with a flaw or without.
type limiter struct {
	flaw    string
	meeting clausetest.Meeting
	mu      sync.Mutex
	taken   map[string][]time.Time
}

func (l *limiter) key(k string) string {
	if l.flaw == cutsKeys {
		return "cut " + k[len(k)-min(16, len(k)):]
	}
	return k
}

// Take is ports.RateLimiter's.
func (l *limiter) Take(_ context.Context, at time.Time, limits []ports.Limit) (ports.Allowance, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := ports.Allowance{At: at, From: at, Limits: limits}
	for _, limit := range limits {
		times := l.taken[l.key(limit.Key)]
		if l.flaw == fixedWindows {
			times = slices.DeleteFunc(slices.Clone(times), func(t time.Time) bool { return t.Before(at.Truncate(limit.Window)) })
		}
		_, from := limit.Admit(times, at)
		if from.After(at) && l.flaw == tellsOwnWindow {
			from = at.Add(limit.Window)
		}
		if from.After(out.From) {
			out.From = from
		}
		if l.flaw == countsPartly && !from.After(at) {
			l.count(limit, at)
		}
	}
	if l.flaw == countsLater {
		l.mu.Unlock()
		leave := l.meeting.Wait()
		l.mu.Lock()
		defer leave()
	}
	if out.Allowed() && l.flaw != countsPartly {
		for _, limit := range limits {
			l.count(limit, at)
		}
	}
	return out, nil
}

// count counts an event.
func (l *limiter) count(limit ports.Limit, at time.Time) {
	key := l.key(limit.Key)
	l.taken[key] = append(l.taken[key], at)
	slices.SortFunc(l.taken[key], time.Time.Compare)
}

// Give is ports.RateLimiter's.
func (l *limiter) Give(_ context.Context, a ports.Allowance) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, limit := range a.Limits {
		key := l.key(limit.Key)
		if i := slices.Index(l.taken[key], a.At); i >= 0 && a.Allowed() && l.flaw != givesNothing {
			l.taken[key] = slices.Delete(l.taken[key], i, i+1)
		}
	}
	return nil
}

func TestRateLimiterMutants(t *testing.T) {
	t.Parallel()
	of := func(f string, kills ...string) clausetest.Mutant[portstest.LimiterHarness] {
		return clausetest.Mutant[portstest.LimiterHarness]{
			Name: f, Kills: kills, Open: func(clausetest.TB) portstest.LimiterHarness {
				l := &limiter{flaw: f, taken: map[string][]time.Time{}}
				return portstest.LimiterHarness{Limiter: l, Other: l}
			},
		}
	}
	clausetest.TestMutants(t, portstest.LimiterClauses(), []clausetest.Mutant[portstest.LimiterHarness]{
		of(""),
		of(countsLater, "limiter-exact"),
		of(fixedWindows, "limiter-window"),
		of(countsPartly, "limiter-all"),
		of(tellsOwnWindow, "limiter-from"),
		of(givesNothing, "limiter-give"),
		of(cutsKeys, "limiter-key"),
	})
}
