package orderingtest

import (
	"fmt"
	"maps"
	"testing"

	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// AvailabilityHarness is stock, fresh and empty, with what the suite needs to fill it.
type AvailabilityHarness struct {
	Stock ordering.Availability
	// Put puts goods of a SKU on hand, more to what is there.
	Put func(t TB, sku ref.SKU, quantity int64)
	// Take takes goods of a SKU away.
	Take func(t TB, sku ref.SKU, quantity int64)
	// Promise lets so many of a SKU be promised beyond what is there; nil where nothing can be.
	Promise func(t TB, sku ref.SKU, quantity int64)
}

// TestAvailability proves an ordering.Availability. Open makes a fresh one for each subtest.
func TestAvailability(t *testing.T, open func(t *testing.T) AvailabilityHarness) {
	t.Helper()
	run(t, AvailabilityClauses(), open)
}

// AvailabilityClauses are the clauses of ordering.Availability.
func AvailabilityClauses() []Clause[AvailabilityHarness] {
	const present, all = "availability-present", "availability-all"
	return []Clause[AvailabilityHarness]{
		{ID: present, Case: "what there is now", Run: stockNow},
		{ID: present, Case: "what can be promised", Run: stockBeyond},
		{ID: all, Case: "of what was never counted none", Run: stockOfUnknown},
		{ID: all, Case: "as many as a cart has lines", Run: stockOfMany},
	}
}

// wantStock checks what is given for SKUs.
func wantStock(t TB, h AvailabilityHarness, skus []ref.SKU, wanted map[ref.SKU]ordering.StockFact) {
	t.Helper()
	got, err := h.Stock.Stock(t.Context(), skus)
	if err != nil {
		t.Fatalf("reading stock: %v", err)
	}
	if !maps.Equal(got, wanted) {
		t.Errorf("the stock is %v, want %v", got, wanted)
	}
}

func stockNow(t TB, open func(TB) AvailabilityHarness) {
	h := open(t)
	h.Put(t, "A", 5)
	h.Put(t, "B", 7)
	wantStock(t, h, []ref.SKU{"A", "B"}, map[ref.SKU]ordering.StockFact{"A": {Available: 5}, "B": {Available: 7}})
	h.Put(t, "A", 1)
	h.Take(t, "B", 7)
	wantStock(t, h, []ref.SKU{"B", "A"}, map[ref.SKU]ordering.StockFact{"A": {Available: 6}, "B": {}})
}

func stockBeyond(t TB, open func(TB) AvailabilityHarness) {
	h := open(t)
	if h.Promise == nil {
		t.Logf("excused: nothing can be promised beyond stock")
		return
	}
	h.Put(t, "A", 5)
	h.Promise(t, "A", 10)
	h.Promise(t, "B", 20)
	wantStock(t, h, []ref.SKU{"A", "B"}, map[ref.SKU]ordering.StockFact{"A": {Available: 5, Beyond: 10}, "B": {Beyond: 20}})
}

func stockOfUnknown(t TB, open func(TB) AvailabilityHarness) {
	h := open(t)
	h.Put(t, "A", 5)
	wantStock(t, h, []ref.SKU{"A", "none", "A"}, map[ref.SKU]ordering.StockFact{"A": {Available: 5}, "none": {}})
	wantStock(t, h, nil, map[ref.SKU]ordering.StockFact{})
}

func stockOfMany(t TB, open func(TB) AvailabilityHarness) {
	h := open(t)
	wanted := map[ref.SKU]ordering.StockFact{}
	var skus []ref.SKU
	for n := range ordering.LinesMax {
		sku := ref.SKU(fmt.Sprintf("SKU-%d", n))
		h.Put(t, sku, int64(n)+1)
		wanted[sku] = ordering.StockFact{Available: int64(n) + 1}
		skus = append(skus, sku)
	}
	wantStock(t, h, skus, wanted)
}
