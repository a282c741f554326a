package inventory_test

import (
	"context"
	"fmt"
	"time"

	"github.com/ipswich-retail/commerce/adapters/memory"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// A shop has five mugs at two places and sells up to three that are still to come.
func Example() {
	ctx := context.Background()
	stock := inventory.NewService(memory.New(still{}, nil).Stock(), still{}, &counting{})
	_, err := stock.OpenLocation(ctx, inventory.Site{Location: "shop", Name: "Cornhill", Priority: 1})
	if err == nil {
		err = stock.Adjust(ctx, []inventory.Adjustment{
			{Key: "note-881/1", LevelKey: inventory.LevelKey{SKU: "MUG"}, Kind: inventory.MoveReceive, Delta: 5},
			{Key: "note-881/2", LevelKey: inventory.LevelKey{SKU: "MUG"}, Kind: inventory.MoveTransfer, Delta: 2, To: "shop"},
		})
	}
	if err == nil {
		_, err = stock.SetPolicies(ctx, []inventory.Policy{{SKU: "MUG", Kind: inventory.Backorder, Limit: 3}})
	}
	offers, readErr := stock.Offers(ctx, []ref.SKU{"MUG"})
	fmt.Println(err, readErr, offers["MUG"].Available, offers["MUG"].Sellable())
	// Output: <nil> <nil> 5 8
}

// The ledger is the rule without a store: an order takes what is there and is owed the rest, and a delivery fills it.
func ExampleLedger() {
	at := time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)
	ledger := inventory.NewLedger(inventory.Facts{
		Levels:   []inventory.Level{{LevelKey: inventory.LevelKey{SKU: "MUG", Location: inventory.DefaultLocation}, OnHand: 2}},
		Promises: []inventory.Promise{{Policy: inventory.Policy{SKU: "MUG", Version: 1, Kind: inventory.Backorder, Limit: 10}}},
	})
	order := ref.NewID[ref.ClaimKind](ref.UUID{1})
	granted, err := ledger.Apply(at, []inventory.Effect{{Kind: inventory.ClaimStock, Claim: order, Owner: "ord_1", SKU: "MUG", Quantity: 5}})
	fmt.Println(granted.Owed[order], err)
	err = ledger.Commit(inventory.Commit{At: at, Adjustments: []inventory.Adjustment{
		{Key: "note-882", LevelKey: inventory.LevelKey{SKU: "MUG", Location: inventory.DefaultLocation}, Kind: inventory.MoveReceive, Delta: 4},
	}})
	claim := ledger.Changes().Claims[0]
	fmt.Println(claim.Held(), claim.Owed, ledger.Changes().Events[0].Name, err)
	// Output:
	// 3 <nil>
	// 5 0 inventory.backorder_filled <nil>
}
