package shoptest

import (
	"sync"
	"time"

	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// Clock is a clock that a test moves. It never goes backwards. Safe for concurrent use.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

var _ ports.Clock = (*Clock)(nil)

// Morning is when a shop of this package opens, unless it is told otherwise: a Monday, away from the change of hours.
func Morning() time.Time { return time.Date(2026, time.March, 2, 9, 30, 0, 0, time.UTC) }

// NewClock makes a clock that shows a time.
func NewClock(at time.Time) *Clock { return &Clock{now: ref.Instant(at)} }

// Now is the time that the clock shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Forward moves the clock by d, or not at all when d is not above 0, and gives the new time.
func (c *Clock) Forward(d time.Duration) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if d > 0 {
		c.now = ref.Instant(c.now.Add(d))
	}
	return c.now
}

// To moves the clock to a time, unless it is past that already.
func (c *Clock) To(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if at = ref.Instant(at); at.After(c.now) {
		c.now = at
	}
}
