package portstest

import (
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/testing/clausetest"
)

// TestClock proves an adapter of ports.Clock. Open gives a clock for each subtest.
func TestClock(t *testing.T, open func(t *testing.T) ports.Clock) {
	t.Helper()
	clausetest.Run(t, ClockClauses(), open)
}

// ClockClauses are the clauses of ports.Clock.
func ClockClauses() []Clause[ports.Clock] {
	return []Clause[ports.Clock]{
		{ID: "clock-utc", Case: "UTC in whole microseconds", Run: clockUTC},
		{ID: "clock-utc", Case: "what a store gives back", Run: clockStored},
		{ID: "clock-forward", Case: "never back", Run: clockForward},
	}
}

func clockUTC(t TB, open func(TB) ports.Clock) {
	clock := open(t)
	for range 1000 {
		if now := clock.Now(); now.Location() != time.UTC || now.Nanosecond()%1000 != 0 {
			t.Fatalf("got %v, want UTC and whole microseconds", now)
		}
	}
}

func clockStored(t TB, open func(TB) ports.Clock) {
	now := open(t).Now()
	if stored := time.UnixMicro(now.UnixMicro()).UTC(); stored != now {
		t.Errorf("got %v, which is not == to its stored form %v", now, stored)
	}
}

func clockForward(t TB, open func(TB) ports.Clock) {
	clock := open(t)
	race(func(int) {
		last := clock.Now()
		for range 1000 {
			now := clock.Now()
			if now.Before(last) {
				t.Errorf("%v came after %v", now, last)
				return
			}
			last = now
		}
	})
}
