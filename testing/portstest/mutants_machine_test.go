package portstest_test

import (
	"crypto/rand"
	"encoding/binary"
	"sync"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/testing/clausetest"
	"github.com/ipswich-retail/commerce/testing/portstest"
)

// tick is a clock that counts microseconds; change spoils what it gives.
type tick struct {
	mu     sync.Mutex
	n      int64
	change func(n int64, now time.Time) time.Time
}

// Now is ports.Clock's.
func (c *tick) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
	now := time.UnixMicro(1_800_000_000_000_000 + c.n).UTC()
	if c.change != nil {
		return c.change(c.n, now)
	}
	return now
}

func clockMutant(name string, change func(n int64, now time.Time) time.Time, kills ...string) clausetest.Mutant[ports.Clock] {
	return clausetest.Mutant[ports.Clock]{Name: name, Kills: kills, Open: func(portstest.TB) ports.Clock { return &tick{change: change} }}
}

func TestClockMutants(t *testing.T) {
	t.Parallel()
	cet := time.FixedZone("CET", 3600)
	clausetest.TestMutants(t, portstest.ClockClauses(), []clausetest.Mutant[ports.Clock]{
		clockMutant("nothing", nil),
		clockMutant("local time", func(_ int64, now time.Time) time.Time { return now.In(cet) }, "clock-utc"),
		clockMutant("nanoseconds", func(_ int64, now time.Time) time.Time { return now.Add(1) }, "clock-utc"),
		clockMutant("sometimes back", func(n int64, now time.Time) time.Time {
			if n%97 == 0 {
				return now.Add(-time.Second)
			}
			return now
		}, "clock-forward"),
	})
}

// maker makes ids that count, with random tails; change spoils them.
type maker struct {
	mu           sync.Mutex
	n            uint64
	last         [16]byte
	change       func(n uint64, last, id [16]byte) [16]byte
	changeSecret func(secret [20]byte) [20]byte
}

// New is ports.IDs's.
func (m *maker) New() [16]byte {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.n++
	var id [16]byte
	_, _ = rand.Read(id[8:])
	binary.BigEndian.PutUint64(id[:8], m.n<<16|0x7000)
	id[8] = id[8]&0x3f | 0x80
	if m.change != nil {
		id = m.change(m.n, m.last, id)
	}
	m.last = id
	return id
}

// Secret is ports.IDs's.
func (m *maker) Secret() (secret [20]byte) {
	_, _ = rand.Read(secret[:])
	if m.changeSecret != nil {
		secret = m.changeSecret(secret)
	}
	return secret
}

func idsMutant(name string, m *maker, kills ...string) clausetest.Mutant[ports.IDs] {
	change, changeSecret := m.change, m.changeSecret
	return clausetest.Mutant[ports.IDs]{Name: name, Kills: kills, Open: func(portstest.TB) ports.IDs {
		return &maker{change: change, changeSecret: changeSecret}
	}}
}

func TestIDsMutants(t *testing.T) {
	t.Parallel()
	clausetest.TestMutants(t, portstest.IDsClauses(), []clausetest.Mutant[ports.IDs]{
		idsMutant("nothing", &maker{}),
		idsMutant("version 4", &maker{change: func(_ uint64, _, id [16]byte) [16]byte {
			id[6] = 0x40
			return id
		}}, "ids-v7"),
		idsMutant("some come twice", &maker{change: func(n uint64, last, id [16]byte) [16]byte {
			if n%100 == 0 {
				return last
			}
			return id
		}}, "ids-v7"),
		idsMutant("the tail is always the same", &maker{change: func(_ uint64, _, id [16]byte) [16]byte {
			clear(id[9:])
			return id
		}}, "ids-v7"),
		idsMutant("they descend", &maker{change: func(n uint64, _, id [16]byte) [16]byte {
			binary.BigEndian.PutUint64(id[:8], (1<<40-n)<<16|0x7000)
			return id
		}}, "ids-sorted"),
		idsMutant("a bit is always set", &maker{changeSecret: func(secret [20]byte) [20]byte {
			secret[19] |= 1
			return secret
		}}, "ids-secret"),
		idsMutant("half is random", &maker{changeSecret: func(secret [20]byte) [20]byte {
			clear(secret[10:])
			return secret
		}}, "ids-secret"),
	})
}
