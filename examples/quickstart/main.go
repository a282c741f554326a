// Quickstart sells something without a server, a database or a framework: the domain as a library, on the memory store.
package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"log"

	"github.com/ipswich-retail/commerce/adapters/bridge"
	"github.com/ipswich-retail/commerce/adapters/memory"
	"github.com/ipswich-retail/commerce/adapters/payments"
	"github.com/ipswich-retail/commerce/adapters/system"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
)

func main() {
	ctx, clock, ids := context.Background(), system.NewClock(), system.NewIDs()
	store := memory.New(clock, nil) // Another store's ports go in the same places.
	products := catalog.NewService(catalog.Parts{Products: store.Products(), Categories: store.Categories(), Committer: store.Catalog(), Clock: clock, IDs: ids})
	prices := pricing.NewService(store.Prices(), store.Pricing(), clock, ids)
	stock := inventory.NewService(store.Stock(), clock, ids)
	secret := make([]byte, 32)
	rand.Read(secret)
	tokens := must(ordering.NewOrderTokens([]ordering.TokenKey{{ID: "k1", Secret: secret}}))
	orders := ordering.NewService(ordering.Parts{
		Committer: store.Ordering(), Carts: store.Carts(), Orders: store.Orders(), Customers: store.CustomerOrders(), Commands: store.Commands(),
		Catalog: bridge.NewProductCatalog(products), Prices: bridge.NewPriceBook(prices),
		Providers: []ordering.PaymentProvider{payments.Manual{}}, Tokens: tokens, Clock: clock, IDs: ids,
	}, nil)

	scope := ref.Scope{Channel: ref.DefaultChannel, Currency: money.GBP, Locale: "en-GB", Country: "GB", At: clock.Now()}
	mug := must(products.Save(ctx, catalog.Product{
		Slug: "mug", Title: "Stoneware mug", Status: catalog.Active,
		Variants: []catalog.Variant{{ID: ref.NewID[ref.VariantKind](ids.New()), SKU: "MUG"}},
	}))
	must(prices.Set(ctx, scope, []pricing.Price{{Key: pricing.Key{Variant: mug.Variants[0].ID}, Amount: money.NewUnitPrice(12_500_000, money.GBP)}}))
	received := []inventory.Adjustment{{Key: "delivery-1", LevelKey: inventory.LevelKey{SKU: "MUG"}, Kind: inventory.MoveReceive, Delta: 10}}
	must(0, stock.Adjust(ctx, received))

	cart := must(orders.CreateCart(ctx, scope, []ordering.LineRequest{{SKU: "MUG", Quantity: 2}}))
	placed := must(orders.Checkout(ctx, scope, ordering.CheckoutRequest{
		Cart: cart.Cart.ID, Key: "once", Provider: payments.ManualName,
		Details: ordering.Details{Email: "ada@example.org", ShippingAddress: ordering.Address{Name: "Ada", Line1: "1 Cornhill", City: "Ipswich", PostalCode: "IP1 1DD", Country: "GB"}},
	}))
	fmt.Println(placed.Order.Status, placed.Order.Totals.Total, must(stock.Available(ctx, []ref.SKU{"MUG"})))
}

func must[T any](v T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return v
}
