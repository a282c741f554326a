package inventorytest

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
)

// racers is how many callers adjust at once.
const racers = 16

// race runs f for each racer at once.
func race(f func(racer int)) {
	var all sync.WaitGroup
	start := make(chan struct{})
	for i := range racers {
		all.Go(func() {
			<-start
			f(i)
		})
	}
	close(start)
	all.Wait()
}

func (s suite) keyRace(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	race(func(int) {
		if err := h.Stock.Commit(t.Context(), inventory.Commit{At: base, Adjustments: []inventory.Adjustment{receive("r1", "A", 5)}}); err != nil {
			t.Errorf("Commit: %v", err)
		}
	})
	h.wantLevel(t, "A", 5, 0, 1)
}

func (s suite) ledgerRace(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	const stock, each = 100, 10 // 160 takers for 100.
	h.save(t, receive("r1", "A", stock))
	var taken atomic.Int64
	race(func(racer int) {
		for i := range each {
			a := adjust(fmt.Sprintf("a-%d-%d", racer, i), "A", -1)
			switch err := h.Stock.Commit(t.Context(), inventory.Commit{At: base, Adjustments: []inventory.Adjustment{a}}); {
			case err == nil:
				taken.Add(1)
			case !fault.Is(err, inventory.BelowZero):
				t.Errorf("got %v, want stock_below_reserved", err)
			}
			if p, err := h.Stock.Position(t.Context(), "A"); err != nil || untrue(p) != "" {
				t.Errorf("in between: %v, %s", err, untrue(p))
			}
		}
	})
	if taken.Load() != stock {
		t.Errorf("%d were taken of %d", taken.Load(), stock)
	}
	h.wantLevel(t, "A", 0, 0, stock+1)
}

func (s suite) ledgerCrossing(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	const each = 10
	race(func(racer int) {
		for i := range each {
			a := receive(fmt.Sprintf("a-%d-%d", racer, i), "A", 1)
			b := receive(fmt.Sprintf("b-%d-%d", racer, i), "B", 1)
			if racer%2 == 1 {
				a, b = b, a
			}
			if err := h.Stock.Commit(t.Context(), inventory.Commit{At: base, Adjustments: []inventory.Adjustment{a, b}}); err != nil {
				t.Errorf("Commit: %v", err)
			}
		}
	})
	h.wantLevel(t, "A", racers*each, 0, racers*each)
	h.wantLevel(t, "B", racers*each, 0, racers*each)
}
