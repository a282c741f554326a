package system

import (
	"sync/atomic"
	"time"

	"github.com/ipswich-retail/commerce/ports"
)

// Clock is the machine's clock, in UTC and whole microseconds. While the machine's clock is set back it stands still,
// since what happens later must not be dated earlier. The zero value is ready; safe for concurrent use.
type Clock struct{ last atomic.Int64 }

var _ ports.Clock = (*Clock)(nil)

// NewClock makes a clock.
func NewClock() *Clock { return &Clock{} }

// Now is the present time.
func (c *Clock) Now() time.Time { return time.UnixMicro(c.forward(time.Now().UnixMicro())).UTC() }

// forward gives the later of now and all that it gave before.
func (c *Clock) forward(now int64) int64 {
	for {
		last := c.last.Load()
		if now <= last {
			return last
		}
		if c.last.CompareAndSwap(last, now) {
			return now
		}
	}
}
