package portstest_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/testing/clausetest"
	"github.com/ipswich-retail/commerce/testing/portstest"
)

// The flaws of a cache.
const (
	foldsKeys     = "keys that differ by case are one"
	keepsFew      = "it keeps one value"
	endsLate      = "it gives what ends now"
	forgetsPut    = "Forget drops what is there and knows no marks"
	forgetsFirst  = "only the first tag counts"
	forgetsAll    = "Forget drops everything for good"
	forgetsNobody = "Forget does nothing"
)

// sketchCache is the smallest cache, with a flaw or without.
type sketchCache struct {
	flaw string
	mu   sync.Mutex
	mark uint64
	told map[string]uint64
	kept map[string]keptValue
}

type keptValue struct {
	value []byte
	keep  ports.Keep
}

func (c *sketchCache) Mark() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.mark
}

func (c *sketchCache) key(key string) string {
	if c.flaw == foldsKeys {
		return strings.ToLower(key)
	}
	return key
}

func (c *sketchCache) Get(key string, at time.Time) ([]byte, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	v, ok := c.kept[c.key(key)]
	if !ok || at.After(v.keep.Until) || at.Equal(v.keep.Until) && c.flaw != endsLate {
		return nil, false
	}
	for i, tag := range v.keep.Tags {
		if c.told[tag] > v.keep.Mark && (i == 0 || c.flaw != forgetsFirst) {
			return nil, false
		}
	}
	return v.value, true
}

func (c *sketchCache) Put(key string, value []byte, k ports.Keep) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.flaw == keepsFew {
		clear(c.kept)
	}
	if c.flaw == forgetsAll && c.mark > 0 {
		return
	}
	if c.flaw == forgetsPut {
		k.Mark = c.mark
	}
	c.kept[c.key(key)] = keptValue{value, k}
}

func (c *sketchCache) Forget(tags []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.flaw == forgetsNobody {
		return
	}
	c.mark++
	for _, tag := range tags {
		c.told[tag] = c.mark
	}
	if c.flaw == forgetsAll {
		clear(c.kept)
	}
}

func TestCacheMutants(t *testing.T) {
	t.Parallel()
	of := func(f string, kills ...string) clausetest.Mutant[ports.Cache] {
		return clausetest.Mutant[ports.Cache]{Name: f, Kills: kills, Open: func(clausetest.TB) ports.Cache {
			return &sketchCache{flaw: f, told: map[string]uint64{}, kept: map[string]keptValue{}}
		}}
	}
	clausetest.TestMutants(t, portstest.CacheClauses(), []clausetest.Mutant[ports.Cache]{
		of(""),
		of(foldsKeys, "cache-get"),
		of(keepsFew, "cache-get", "cache-keep", "cache-others"),
		of(endsLate, "cache-until"),
		of(forgetsPut, "cache-forget"),
		of(forgetsFirst, "cache-forget"),
		of(forgetsAll, "cache-others"),
		of(forgetsNobody, "cache-forget"),
	})
}
