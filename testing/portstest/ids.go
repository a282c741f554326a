package portstest

import (
	"bytes"
	"sync"
	"testing"

	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/testing/clausetest"
)

// drawn is how many ids one subtest draws: enough that a counter of 12 bits overflows.
const drawn = 10_000

// TestIDs proves an adapter of ports.IDs. Open gives a maker for each subtest.
func TestIDs(t *testing.T, open func(t *testing.T) ports.IDs) {
	t.Helper()
	clausetest.Run(t, IDsClauses(), open)
}

// IDsClauses are the clauses of ports.IDs.
func IDsClauses() []Clause[ports.IDs] {
	return []Clause[ports.IDs]{
		{ID: "ids-v7", Case: "version and variant of RFC 9562", Run: idsVersion},
		{ID: "ids-v7", Case: "never the same twice", Run: idsUnique},
		{ID: "ids-v7", Case: "a tail that is not guessed from another", Run: idsTail},
		{ID: "ids-sorted", Case: "ascend in each goroutine", Run: idsSorted},
		{ID: "ids-secret", Case: "half of the bits differ", Run: idsSecret},
	}
}

func idsVersion(t TB, open func(TB) ports.IDs) {
	ids := open(t)
	for range drawn {
		if id := ids.New(); id[6]>>4 != 7 || id[8]>>6 != 0b10 {
			t.Fatalf("got %s, want version 7 and variant 10", ref.UUID(id))
		}
	}
}

func idsUnique(t TB, open func(TB) ports.IDs) {
	ids := open(t)
	var mu sync.Mutex
	seen := make(map[[16]byte]bool, drawn)
	race(func(int) {
		own := make([][16]byte, 0, drawn/callers)
		for range drawn / callers {
			own = append(own, ids.New())
		}
		mu.Lock()
		defer mu.Unlock()
		for _, id := range own {
			if seen[id] {
				t.Errorf("%s came twice", ref.UUID(id))
			}
			seen[id] = true
		}
	})
}

func idsTail(t TB, open func(TB) ports.IDs) {
	ids := open(t)
	tails := map[[7]byte]bool{}
	for range 1000 {
		id := ids.New()
		tails[[7]byte(id[9:])] = true
	}
	if len(tails) != 1000 {
		t.Errorf("%d different tails of 1000", len(tails))
	}
}

func idsSorted(t TB, open func(TB) ports.IDs) {
	ids := open(t)
	race(func(int) {
		last := ids.New()
		for range drawn / callers {
			id := ids.New()
			if bytes.Compare(last[:], id[:]) > 0 {
				t.Errorf("%s came after %s", ref.UUID(id), ref.UUID(last))
				return
			}
			last = id
		}
	})
}

// idsSecret draws secrets and counts the ones among each of their bits: a source that is not random would have bits
// that never change. With 1,000 draws a fair bit is outside 400 to 600 about once in 10⁹.
func idsSecret(t TB, open func(TB) ports.IDs) {
	ids := open(t)
	var ones [ref.SecretSize * 8]int
	seen := map[[ref.SecretSize]byte]bool{}
	for range 1000 {
		secret := ids.Secret()
		seen[secret] = true
		for i, b := range secret {
			for j := range 8 {
				ones[8*i+j] += int(b >> j & 1)
			}
		}
	}
	if len(seen) != 1000 {
		t.Errorf("%d different secrets of 1000", len(seen))
	}
	for bit, n := range ones {
		if n < 400 || n > 600 {
			t.Errorf("bit %d was set in %d of 1000 secrets", bit, n)
		}
	}
}
