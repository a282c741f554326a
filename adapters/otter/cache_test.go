package otter_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/adapters/otter"
	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/testing/portstest"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func open(tb testing.TB, bytes int64) *otter.Cache {
	tb.Helper()
	c, err := otter.NewCache(bytes)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

func TestCache(t *testing.T) {
	t.Parallel()
	portstest.TestCache(t, func(t *testing.T) ports.Cache {
		t.Helper()
		return open(t, 8<<20)
	})
}

// What was put lately may stand beside what is to go, so the bound is looked at once writers pause.
func TestCacheIsBounded(t *testing.T) {
	t.Parallel()
	const room, size, values = 1 << 20, 10_000, 2000
	c := open(t, room)
	for i := range values {
		c.Put(strconv.Itoa(i), make([]byte, size), ports.Keep{Until: noon.Add(time.Hour)})
	}
	c.Tidy()
	sum := 0
	for i := range values {
		if value, ok := c.Get(strconv.Itoa(i), noon); ok {
			sum += len(value)
		}
	}
	if sum > room || sum == 0 {
		t.Errorf("%d bytes are kept in room for %d", sum, room)
	}
}

func TestCacheWithoutRoom(t *testing.T) {
	t.Parallel()
	for _, bytes := range []int64{0, -1} {
		if _, err := otter.NewCache(bytes); err == nil {
			t.Errorf("a cache of %d bytes was made", bytes)
		}
	}
}

func BenchmarkGet(b *testing.B) {
	c := open(b, 8<<20)
	c.Put("/api/v1/products?limit=20", make([]byte, 12_000), ports.Keep{Until: noon.Add(time.Hour), Tags: []string{"catalogue", "turns"}})
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := c.Get("/api/v1/products?limit=20", noon); !ok {
			b.Fatal("it is gone")
		}
	}
}

func BenchmarkForget(b *testing.B) {
	c := open(b, 8<<20)
	tags := []string{"sku/SKU-1", "sku/SKU-2"}
	b.ReportAllocs()
	for b.Loop() {
		c.Forget(tags)
	}
}
