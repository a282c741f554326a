package clausetest

import (
	"runtime"
	"sync/atomic"
)

// patience is how often a caller gives way to others before it takes it that it is alone.
const patience = 2000

// Meeting makes a flaw that shows only where two callers overlap show every time: a caller that has looked, and is about to
// act on what it saw, waits there for another who has looked too. The zero value is ready. It is safe for concurrent use.
type Meeting struct{ inside atomic.Int64 }

// Wait lets the caller go on once another is there, or when nobody comes: a clause without a race has one caller, who
// must not wait for ever. What it gives is called when the caller has acted. No lock that others need may be held.
func (m *Meeting) Wait() (leave func()) {
	m.inside.Add(1)
	for n := 0; n < patience && m.inside.Load() < 2; n++ {
		runtime.Gosched()
	}
	return func() { m.inside.Add(-1) }
}
