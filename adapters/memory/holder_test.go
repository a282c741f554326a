package memory_test

import (
	"testing"

	"github.com/ipswich-retail/commerce/adapters/memory"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
)

func TestHolder(t *testing.T) {
	t.Parallel()
	orderingtest.TestStockHolder(t, func(*testing.T) orderingtest.HolderHarness {
		clock := orderingtest.NewClock(orderingtest.Moment())
		h := memory.NewHolder(clock)
		return orderingtest.HolderHarness{
			Holder: h, Clock: clock,
			Receive: func(_ orderingtest.TB, sku ref.SKU, n int64) { h.Receive(sku, n) },
			Free:    func(_ orderingtest.TB, sku ref.SKU) int64 { return h.Free(sku) },
		}
	})
}
