package shoptest

import (
	"encoding/binary"
	"math/rand/v2"
	"sync"

	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// IDs makes ids and secrets that depend on a seed and on how many were made before, so that a test sees the same ones
// in each run. The ids are of version 7: they ascend, and start with the time of the clock. The secrets are none, for
// who knows the seed knows them all. Safe for concurrent use.
type IDs struct {
	mu     sync.Mutex
	clock  ports.Clock
	random *rand.Rand
	last   uint64
}

var _ ports.IDs = (*IDs)(nil)

// NewIDs makes ids of a seed.
func NewIDs(clock ports.Clock, seed uint64) *IDs {
	return &IDs{clock: clock, random: chance(seed, "ids")}
}

// New makes a UUID of version 7.
func (i *IDs) New() [16]byte {
	i.mu.Lock()
	defer i.mu.Unlock()
	var id [16]byte
	stamp := max(uint64(i.clock.Now().UnixMilli())<<12, i.last+1)
	i.last = stamp
	binary.BigEndian.PutUint64(id[:8], stamp>>12<<16|0x7000|stamp&0xfff)
	binary.BigEndian.PutUint64(id[8:], i.random.Uint64())
	id[8] = id[8]&0x3f | 0x80
	return id
}

// Secret makes 160 bits.
func (i *IDs) Secret() (secret [ref.SecretSize]byte) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for n := 0; n < len(secret); n += 4 {
		binary.BigEndian.PutUint32(secret[n:], i.random.Uint32())
	}
	return secret
}

// chance is a source of chance of its own for each purpose, so that one more draw here changes nothing there.
func chance(seed uint64, purpose string) *rand.Rand {
	var mixed uint64 = 14695981039346656037 // FNV-1a.
	for _, b := range []byte(purpose) {
		mixed = (mixed ^ uint64(b)) * 1099511628211
	}
	return rand.New(rand.NewPCG(seed, mixed)) //nolint:gosec // Chance that can be replayed is the purpose.
}
