package portstest

import (
	"bytes"
	"sync"
	"testing"

	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// drawn is how many ids one subtest draws: enough that a counter of 12 bits overflows.
const drawn = 10_000

// TestIDs proves an adapter of ports.IDs. Open gives a maker for each subtest.
func TestIDs(t *testing.T, open func(t *testing.T) ports.IDs) {
	t.Helper()
	t.Run("ids-v7 has the version and variant of RFC 9562", func(t *testing.T) {
		t.Parallel()
		ids := open(t)
		for range drawn {
			if id := ids.New(); id[6]>>4 != 7 || id[8]>>6 != 0b10 {
				t.Fatalf("got %s, want version 7 and variant 10", ref.UUID(id))
			}
		}
	})
	t.Run("ids-v7 never gives the same twice", func(t *testing.T) {
		t.Parallel()
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
	})
	t.Run("ids-v7 has a tail that is not guessed from another", func(t *testing.T) {
		t.Parallel()
		ids := open(t)
		tails := map[[7]byte]bool{}
		for range 1000 {
			id := ids.New()
			tails[[7]byte(id[9:])] = true
		}
		if len(tails) != 1000 {
			t.Errorf("%d different tails of 1000", len(tails))
		}
	})
	t.Run("ids-sorted ascend in each goroutine", func(t *testing.T) {
		t.Parallel()
		ids := open(t)
		race(func(int) {
			last := ids.New()
			for range drawn / callers {
				id := ids.New()
				if bytes.Compare(last[:], id[:]) >= 0 {
					t.Errorf("%s came after %s", ref.UUID(id), ref.UUID(last))
					return
				}
				last = id
			}
		})
	})
	t.Run("ids-secret differs in about half of its bits", secretBits(open))
}

// secretBits draws secrets and counts the ones among each of their bits: a source that is not random would have bits
// that never change. With 1,000 draws a fair bit is outside 400 to 600 about once in 10⁹.
func secretBits(open func(t *testing.T) ports.IDs) func(t *testing.T) {
	return func(t *testing.T) {
		t.Parallel()
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
}
