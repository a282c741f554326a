package otter

import (
	"errors"
	"hash/maphash"
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"

	"github.com/ipswich-retail/commerce/ports"
)

const (
	// slots are how many tags are told from each other. Tags that share one are forgotten together, which costs a reading
	// and makes nothing wrong.
	slots = 4096
	// overhead is about what an entry takes besides its key and value.
	overhead = 160
)

// Cache keeps values within a bound of bytes. Made by NewCache; safe for concurrent use.
type Cache struct {
	entries *otter.Cache[string, *entry]
	seed    maphash.Seed
	mark    atomic.Uint64        // Rises with each Forget.
	told    [slots]atomic.Uint64 // The mark at which a tag of the slot was last forgotten.
}

// entry is never changed once it is put.
type entry struct {
	value []byte
	mark  uint64
	until time.Time
	slots []uint16
}

var _ ports.Cache = (*Cache)(nil)

// NewCache makes a cache that takes about so many bytes at most.
func NewCache(bytes int64) (*Cache, error) {
	if bytes <= 0 {
		return nil, errors.New("otter: a cache has room for one byte at least")
	}
	entries, err := otter.New(&otter.Options[string, *entry]{
		MaximumWeight: uint64(bytes),
		Weigher:       weigh,
	})
	if err != nil {
		return nil, err
	}
	return &Cache{entries: entries, seed: maphash.MakeSeed()}, nil
}

// weigh is about the bytes that an entry takes. No value is so large that the sum would not fit.
func weigh(key string, e *entry) uint32 {
	return uint32(min(len(key)+len(e.value)+2*len(e.slots)+overhead, 1<<31))
}

// Mark is asked before something is read that may be put.
func (c *Cache) Mark() uint64 { return c.mark.Load() }

// Get gives what is kept under the key, unless it is old.
func (c *Cache) Get(key string, at time.Time) ([]byte, bool) {
	e, ok := c.entries.GetIfPresent(key)
	if !ok || !at.Before(e.until) {
		return nil, false
	}
	for _, slot := range e.slots {
		if c.told[slot].Load() > e.mark {
			return nil, false
		}
	}
	return e.value, true
}

// Put keeps a value, if there is room for it.
func (c *Cache) Put(key string, value []byte, k ports.Keep) {
	e := &entry{value: value, mark: k.Mark, until: k.Until, slots: make([]uint16, len(k.Tags))}
	for i, tag := range k.Tags {
		e.slots[i] = c.slot(tag)
	}
	c.entries.Set(key, e)
}

// Forget makes old what has one of the tags and was marked before.
func (c *Cache) Forget(tags []string) {
	now := c.mark.Add(1)
	for _, tag := range tags {
		raise(&c.told[c.slot(tag)], now)
	}
}

func (c *Cache) slot(tag string) uint16 { return uint16(maphash.String(c.seed, tag) % slots) }

// raise makes a number no less than what is given, whoever else raises it.
func raise(n *atomic.Uint64, to uint64) {
	for was := n.Load(); was < to && !n.CompareAndSwap(was, to); was = n.Load() {
		continue
	}
}
