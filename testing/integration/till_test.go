package integration_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/ipswich-retail/commerce/adapters/bun/postgres"
	"github.com/ipswich-retail/commerce/adapters/payments"
	"github.com/ipswich-retail/commerce/adapters/system"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
)

// till is ordering's service over a PostgreSQL store, with a shelf of goods and without HTTP.
type till struct {
	*ordering.Service
	store *postgres.Store
	shelf *orderingtest.Shelf
	ids   *system.IDs
}

// newTill takes the providers manual and test.
func newTill(t testing.TB, s *postgres.Store, opts *ordering.Options) *till {
	t.Helper()
	tokens, err := ordering.NewOrderTokens([]ordering.TokenKey{{ID: "k1", Secret: make([]byte, 32)}})
	if err != nil {
		t.Fatal(err)
	}
	shelf, ids := orderingtest.NewShelf(), system.NewIDs()
	return &till{ordering.NewService(ordering.Parts{
		Committer: s.Ordering(), Carts: s.Carts(), Orders: s.Orders(), Inbox: s.PaymentInbox(), Customers: s.CustomerOrders(), Commands: s.Commands(), Catalog: shelf, Prices: shelf,
		Providers: []ordering.PaymentProvider{payments.Manual{}, payments.NewTest()}, Tokens: tokens, Clock: system.NewClock(), IDs: ids,
	}, opts), s, shelf, ids}
}

// tillScope is the view of a shop with one channel.
func tillScope() ref.Scope {
	return ref.Scope{Channel: ref.DefaultChannel, Currency: money.GBP, Locale: "en-GB", Country: "GB", At: orderingtest.Moment()}
}

// stock puts an item on sale for 9.99, with so many on hand.
func (s *till) stock(t testing.TB, sku ref.SKU, quantity int64) ref.VariantID {
	t.Helper()
	item := ordering.Item{
		Variant: ref.NewID[ref.VariantKind](s.ids.New()), Product: ref.NewID[ref.ProductKind](s.ids.New()), SKU: sku, Title: "Of " + string(sku),
	}
	s.shelf.Put(item)
	s.shelf.Price(ref.DefaultChannel, item.Variant, money.NewUnitPrice(9_990_000, money.GBP))
	err := s.store.Stock().Commit(t.Context(), inventory.Commit{At: orderingtest.Moment(), Adjustments: []inventory.Adjustment{{
		Key: "stock " + string(sku), LevelKey: inventory.LevelKey{SKU: sku, Location: inventory.DefaultLocation}, Kind: inventory.MoveReceive, Delta: quantity,
	}}})
	if err != nil {
		t.Fatalf("stocking %s: %v", sku, err)
	}
	return item.Variant
}

// cart makes a cart with one of each.
func (s *till) cart(ctx context.Context, variants ...ref.VariantID) (ref.CartID, error) {
	lines := make([]ordering.LineRequest, len(variants))
	for i, v := range variants {
		lines[i] = ordering.LineRequest{Variant: v, Quantity: 1}
	}
	q, err := s.CreateCart(ctx, tillScope(), lines)
	return q.Cart.ID, err
}

// checkout orders a cart; a token is for the provider test, without one it is manual.
func (s *till) checkout(ctx context.Context, cart ref.CartID, key, token string) (ordering.PlacedOrder, error) {
	r := ordering.CheckoutRequest{
		Cart: cart, Key: key, Provider: payments.ManualName, Token: token,
		Details: ordering.Details{Email: "ada@example.org", ShippingAddress: ordering.Address{
			Name: "Ada Byron", Line1: "1 Cornhill", City: "Ipswich", PostalCode: "IP1 1DD", Country: "GB",
		}},
	}
	if token != "" {
		r.Provider = payments.TestName
	}
	return s.Checkout(ctx, tillScope(), r)
}

// many stocks n items and gives their variants.
func (s *till) many(t testing.TB, n int, quantity int64) []ref.VariantID {
	t.Helper()
	out := make([]ref.VariantID, n)
	for i := range out {
		out[i] = s.stock(t, ref.SKU(fmt.Sprintf("ITEM-%d", i)), quantity)
	}
	return out
}

// commit makes the commit that places an order of one of the variant, out of a new cart.
func (s *till) commit(t testing.TB, variant ref.VariantID, key string) ordering.Commit {
	t.Helper()
	id, err := s.cart(t.Context(), variant)
	if err != nil {
		t.Fatal(err)
	}
	q, err := s.Cart(t.Context(), tillScope(), id)
	if err != nil {
		t.Fatal(err)
	}
	now := orderingtest.Moment()
	_, _, c := ordering.Place(ordering.Placement{
		Quote: q, Details: ordering.Details{Email: "ada@example.org"}, Provider: payments.ManualName, Offline: true, At: now, NextID: s.ids.New,
		Command: ports.Command{Step: ports.CommandBegin, Key: ports.CommandKey{Actor: "cart:x", Route: "checkout", Key: key}, At: now, Lease: now, Owner: s.ids.New()},
	})
	return c
}
