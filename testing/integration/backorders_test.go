package integration_test

import (
	"testing"

	"github.com/ipswich-retail/commerce/adapters/bridge"
	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// TestBackordersReachTheirOrders orders beyond stock, by both ways of paying, brings goods in, and hands the events to
// the bridge, twice and backwards: each line waits for what has not come, and in the end for nothing.
func TestBackordersReachTheirOrders(t *testing.T) {
	t.Parallel()
	rushes(t, func(t *testing.T, s *rush) {
		t.Helper()
		if _, err := s.inventory.SetPolicies(t.Context(), []inventory.Policy{{SKU: "A", Kind: inventory.Backorder, Limit: 20}}); err != nil {
			t.Fatal(err)
		}
		receive := func(key string, n int64) {
			t.Helper()
			a := inventory.Adjustment{Key: key, LevelKey: inventory.LevelKey{SKU: "A"}, Kind: inventory.MoveReceive, Delta: n}
			if err := s.inventory.Adjust(t.Context(), []inventory.Adjustment{a}); err != nil {
				t.Fatal(err)
			}
		}
		receive("r0", 3)
		var orders []ref.OrderID
		for i, cart := range s.carts(t, 2, s.sell("A", 4)) {
			placed, err := s.place(t.Context(), cart, i == 1)
			if err != nil {
				t.Fatal(err)
			}
			if got, want := placed.Order.Backordered(), []int64{1, 4}[i]; got != want || placed.Order.Status != ordering.Placed {
				t.Errorf("order %d is %s and waits for %d, want %d", i, placed.Order.Status, got, want)
			}
			orders = append(orders, placed.Order.ID)
		}
		b := bridge.NewBackorders(s.Service, s.inventory)
		for _, step := range []struct {
			key   string
			n     int64
			waits [2]int64
		}{{"r1", 2, [2]int64{0, 3}}, {"r2", 9, [2]int64{0, 0}}} {
			receive(step.key, step.n)
			all := s.events(t)
			for range 2 {
				for i := range all {
					if err := b.Handle(t.Context(), all[len(all)-1-i]); err != nil {
						t.Fatalf("handling %+v: %v", all[len(all)-1-i], err)
					}
				}
			}
			for i, id := range orders {
				o, _, err := s.orders.Order(t.Context(), id)
				if err != nil || o.Backordered() != step.waits[i] {
					t.Errorf("after %s order %d waits for %d, %v; want %d", step.key, i, o.Backordered(), err, step.waits[i])
				}
			}
		}
		if err := b.Handle(t.Context(), event.Event{Name: "inventory.fills_wait", Data: []byte(`{"sku":"A"}`)}); err != nil {
			t.Errorf("filling on: %v", err)
		}
	})
}
