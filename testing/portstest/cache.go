package portstest

import (
	"bytes"
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/testing/clausetest"
)

// TestCache proves an adapter of ports.Cache. Open gives an empty cache for each subtest, with room for some MiB.
func TestCache(t *testing.T, open func(t *testing.T) ports.Cache) {
	t.Helper()
	clausetest.Run(t, CacheClauses(), open)
}

// CacheClauses are the clauses of ports.Cache.
func CacheClauses() []Clause[ports.Cache] {
	return []Clause[ports.Cache]{
		{ID: "cache-get", Case: "the last one of the very key", Run: cacheGets},
		{ID: "cache-keep", Case: "a few small ones", Run: cacheKeeps},
		{ID: "cache-until", Case: "to the microsecond", Run: cacheEnds},
		{ID: "cache-forget", Case: "what was put before", Run: cacheForgets},
		{ID: "cache-forget", Case: "what was read before and is put after", Run: cacheForgetsLate},
		{ID: "cache-forget", Case: "each of several tags", Run: cacheForgetsEach},
		{ID: "cache-forget", Case: "while others read and put", Run: cacheNeverStale},
		{ID: "cache-others", Case: "other tags, and what is marked since", Run: cacheSpares},
	}
}

// kept is a cache whose entries last from base for a minute.
type kept struct {
	TB
	ports.Cache
}

func beginCache(t TB, open func(TB) ports.Cache) kept { return kept{TB: t, Cache: open(t)} }

// put keeps a text with what the cache's mark is now.
func (k kept) put(key, value string, tags ...string) { k.marked(k.Mark(), key, value, tags...) }

func (k kept) marked(mark uint64, key, value string, tags ...string) {
	k.Put(key, []byte(value), ports.Keep{Mark: mark, Until: after(60), Tags: tags})
}

// want checks what a key has; "" is nothing.
func (k kept) want(key, value string) {
	k.Helper()
	got, ok := k.Get(key, base)
	if ok != (value != "") || string(got) != value {
		k.Errorf("%q has %q, %t; want %q", key, got, ok, value)
	}
}

func cacheGets(t TB, open func(TB) ports.Cache) {
	k := beginCache(t, open)
	k.put("key", "one")
	k.put("Key", "two")
	k.put("key", "three")
	k.want("key", "three")
	k.want("Key", "two")
	k.want("key ", "")
	k.want("", "")
}

func cacheKeeps(t TB, open func(TB) ports.Cache) {
	k := beginCache(t, open)
	all := bytes.Repeat([]byte{0, 255, '\n'}, 1000)
	for i := range 20 {
		k.put(strconv.Itoa(i), string(all[:3*i+1]), "tag")
	}
	for i := range 20 {
		k.want(strconv.Itoa(i), string(all[:3*i+1]))
	}
}

func cacheEnds(t TB, open func(TB) ports.Cache) {
	k := beginCache(t, open)
	k.put("key", "value")
	for at, want := range map[int]bool{-60: true, 0: true, 59: true, 60: false, 61: false, 3600: false} {
		if _, ok := k.Get("key", after(at)); ok != want {
			t.Errorf("%d seconds after it was put: given %t", at, ok)
		}
	}
}

func cacheForgets(t TB, open func(TB) ports.Cache) {
	k := beginCache(t, open)
	k.put("key", "old", "tag")
	k.Forget([]string{"tag"})
	k.want("key", "")
}

func cacheForgetsLate(t TB, open func(TB) ports.Cache) {
	k := beginCache(t, open)
	mark := k.Mark()
	k.Forget([]string{"tag"})
	k.marked(mark, "key", "old", "tag")
	k.want("key", "")
}

func cacheForgetsEach(t TB, open func(TB) ports.Cache) {
	k := beginCache(t, open)
	for _, forgotten := range [][]string{{"a"}, {"b"}, {"c"}, {"x", "c"}, {"b", "x"}} {
		k.put("key", "old", "a", "b", "c")
		k.Forget(forgotten)
		k.want("key", "")
	}
}

// cacheNeverStale lets a number grow while others keep what they read of it: nobody may be given less than it was when
// the last Forget had returned.
func cacheNeverStale(t TB, open func(TB) ports.Cache) {
	k := beginCache(t, open)
	const turns = 2000
	var number, told atomic.Int64
	race(func(i int) {
		for range turns {
			if i == 0 {
				n := number.Add(1)
				k.Forget([]string{"tag"})
				told.Store(n)
				continue
			}
			least := told.Load()
			if value, ok := k.Get("key", base); ok {
				if n, _ := strconv.ParseInt(string(value), 10, 64); n < least {
					t.Errorf("it gives %d after %d was told", n, least)
					return
				}
				continue
			}
			mark := k.Mark()
			k.marked(mark, "key", strconv.FormatInt(number.Load(), 10), "tag")
		}
	})
}

func cacheSpares(t TB, open func(TB) ports.Cache) {
	k := beginCache(t, open)
	k.put("other", "value", "other")
	k.put("none", "value")
	k.Forget([]string{"tag"})
	k.put("since", "value", "tag")
	for _, key := range []string{"other", "none", "since"} {
		k.want(key, "value")
	}
}
