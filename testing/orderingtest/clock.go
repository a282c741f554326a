package orderingtest

import (
	"encoding/binary"
	"sync"
	"time"

	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// Moment is when the suites' commits are decided. A store that is proven should be given a clock that stands there,
// such as NewClock(Moment()), for a record that is much older than the clock may be forgotten.
func Moment() time.Time { return time.Date(2026, time.November, 23, 9, 30, 0, 123_456_000, time.UTC) }

// Clock is a ports.Clock that stands still until it is moved. Safe for concurrent use.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

var _ ports.Clock = (*Clock)(nil)

// NewClock stands at a time.
func NewClock(now time.Time) *Clock { return &Clock{now: ref.Instant(now)} }

// Now is where the clock stands.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves the clock forward.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = ref.Instant(c.now.Add(d))
}

// Sequence is a ports.IDs that counts: its ids ascend and are the same in each run. Its secrets are none. Safe for
// concurrent use.
type Sequence struct {
	mu   sync.Mutex
	last uint32
}

var _ ports.IDs = (*Sequence)(nil)

// New gives the next id, of version 7.
func (s *Sequence) New() [16]byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last++
	var u [16]byte
	binary.BigEndian.PutUint64(u[:8], uint64(Moment().UnixMilli())<<16)
	u[6], u[8] = 0x70, 0x80
	binary.BigEndian.PutUint32(u[12:], s.last)
	return u
}

// Secret gives bytes that no other call gives.
func (s *Sequence) Secret() (secret [20]byte) {
	u := s.New()
	copy(secret[:], u[:])
	secret[len(secret)-1] = 1
	return secret
}
