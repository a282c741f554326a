package portstest

import (
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/ports"
)

// TestClock proves an adapter of ports.Clock. Open gives a clock for each subtest.
func TestClock(t *testing.T, open func(t *testing.T) ports.Clock) {
	t.Helper()
	t.Run("clock-utc is UTC in whole microseconds", func(t *testing.T) {
		t.Parallel()
		clock := open(t)
		for range 1000 {
			if now := clock.Now(); now.Location() != time.UTC || now.Nanosecond()%1000 != 0 {
				t.Fatalf("got %v, want UTC and whole microseconds", now)
			}
		}
	})
	t.Run("clock-utc is what a store gives back", func(t *testing.T) {
		t.Parallel()
		now := open(t).Now()
		if stored := time.UnixMicro(now.UnixMicro()).UTC(); stored != now {
			t.Errorf("got %v, which is not == to its stored form %v", now, stored)
		}
	})
	t.Run("clock-forward never goes back", func(t *testing.T) {
		t.Parallel()
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
	})
}
