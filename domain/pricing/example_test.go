package pricing_test

import (
	"context"
	"fmt"

	"github.com/ipswich-retail/commerce/adapters/memory"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// A sale is planned and holds when its time has come, without anybody doing anything.
func Example() {
	ctx, clock := context.Background(), still()
	store := memory.New(clock, nil)
	prices := pricing.NewService(store.Prices(), store.Pricing(), clock, &counting{})
	scope := ref.Scope{Channel: ref.DefaultChannel, Currency: money.GBP}
	mug := ref.NewID[ref.VariantKind](ref.UUID{1})
	full, low := money.NewUnitPrice(10_000_000, money.GBP), money.NewUnitPrice(8_000_000, money.GBP)

	if _, err := prices.Set(ctx, scope, []pricing.Price{{Key: pricing.Key{Variant: mug}, Amount: full}}); err != nil {
		fmt.Println(err)
	}
	sale := pricing.Price{Key: pricing.Key{Variant: mug}, Window: pricing.Window{From: at(3), Until: at(5)}, Amount: low, CompareAt: &full}
	if _, err := prices.With(pricing.Note{By: "ada", Why: "spring sale"}).Schedule(ctx, scope, []pricing.Price{sale}); err != nil {
		fmt.Println(err)
	}
	for _, day := range []int{0, 4, 5} {
		scope.At = at(day)
		found, err := prices.Current(ctx, scope, []ref.VariantID{mug})
		if err != nil {
			fmt.Println(err)
		}
		fmt.Println(day, found[mug].Amount, found[mug].Lowest30, found[mug].Reduced())
	}
	// Output:
	// 0 10.00 GBP <nil> false
	// 4 8.00 GBP 10.00 GBP true
	// 5 10.00 GBP 8.00 GBP false
}
