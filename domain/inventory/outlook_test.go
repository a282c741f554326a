package inventory_test

import (
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ref"
)

func TestGrantedSteady(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	claim := func(n byte, sku ref.SKU, quantity int64) inventory.Effect {
		return inventory.Effect{Kind: inventory.ClaimStock, Claim: ref.NewID[ref.ClaimKind](ref.UUID{n}), Owner: "order", SKU: sku, Quantity: quantity}
	}
	release := inventory.Effect{Kind: inventory.ReleaseClaim, Claim: ref.NewID[ref.ClaimKind](ref.UUID{1})} // Names no SKU.
	for _, c := range []struct {
		name    string
		effects [][]inventory.Effect // Of one commit after the other.
		steady  []bool
	}{
		{"some are left", [][]inventory.Effect{{claim(1, "A", 2)}, {claim(2, "A", 2)}}, []bool{true, true}},
		{"the last goes and comes back", [][]inventory.Effect{{claim(1, "A", 5)}, {release}}, []bool{false, false}},
		{"one of two goes", [][]inventory.Effect{{claim(1, "A", 1), claim(2, "B", 1)}}, []bool{false}},
		{"it goes and comes back in one", [][]inventory.Effect{{claim(1, "A", 2)}, {claim(2, "A", 2), release}}, []bool{true, true}},
		{"goods that come later", [][]inventory.Effect{{claim(1, "C", 3)}, {claim(2, "C", 7)}}, []bool{true, false}},
	} {
		ledger := inventory.NewLedger(inventory.Facts{
			Levels: []inventory.Level{
				{LevelKey: inventory.LevelKey{SKU: "A", Location: "main"}, OnHand: 5},
				{LevelKey: inventory.LevelKey{SKU: "B", Location: "main"}, OnHand: 1},
				{LevelKey: inventory.LevelKey{SKU: "C", Location: "main"}, OnHand: 1},
			},
			Promises: []inventory.Promise{{Policy: inventory.Policy{SKU: "C", Kind: inventory.Backorder, Limit: 9, Version: 1}}},
		})
		for i, effects := range c.effects {
			granted, err := ledger.Apply(at, effects)
			if err != nil || len(granted.Short) > 0 || granted.Steady != c.steady[i] {
				t.Errorf("%s, commit %d: steady %t, want %t; %v %v", c.name, i, granted.Steady, c.steady[i], granted.Short, err)
			}
		}
	}
}
