package integration_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/ipswich-retail/commerce/adapters/memory"
	"github.com/ipswich-retail/commerce/adapters/payments"
	"github.com/ipswich-retail/commerce/adapters/system"
	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
)

// rush is a shop of one store that everybody buys from at once.
type rush struct {
	*ordering.Service

	stock     inventory.Stock
	inventory *inventory.Service
	orders    ordering.Orders
	events    func(t *testing.T) []event.Event
	shelf     *orderingtest.Shelf
	ids       *system.IDs
}

// newRush makes the shop over the parts that its store gives; the others are set here.
func newRush(t *testing.T, parts ordering.Parts, stock inventory.Stock, events func(t *testing.T) []event.Event) *rush {
	t.Helper()
	tokens, err := ordering.NewOrderTokens([]ordering.TokenKey{{ID: "k1", Secret: make([]byte, 32)}})
	if err != nil {
		t.Fatal(err)
	}
	s := &rush{stock: stock, orders: parts.Orders, events: events, shelf: orderingtest.NewShelf(), ids: system.NewIDs()}
	parts.Catalog, parts.Prices, parts.Tokens, parts.Clock, parts.IDs = s.shelf, s.shelf, tokens, system.NewClock(), s.ids
	parts.Providers = []ordering.PaymentProvider{payments.Manual{}, payments.NewTest()}
	s.Service = ordering.NewService(parts, nil)
	s.inventory = inventory.NewService(stock, parts.Clock, s.ids)
	return s
}

// rushes are the shops of all stores.
func rushes(t *testing.T, run func(t *testing.T, s *rush)) {
	t.Helper()
	t.Run("memory", func(t *testing.T) {
		t.Parallel()
		s := memory.New(system.NewClock(), nil)
		run(t, newRush(t, ordering.Parts{
			Committer: s.Ordering(), Carts: s.Carts(), Orders: s.Orders(), Customers: s.CustomerOrders(), Commands: s.Commands(),
		}, s.Stock(), memoryEvents(s)))
	})
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		s := openSQLite(t, shopFile(t))
		run(t, newRush(t, ordering.Parts{
			Committer: s.Ordering(), Carts: s.Carts(), Orders: s.Orders(), Customers: s.CustomerOrders(), Commands: s.Commands(),
		}, s.Stock(), sqliteEvents(s)))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		if !needsDatabase(t) {
			return
		}
		dsn := database(t)
		s := openPostgres(t, small(dsn))
		run(t, newRush(t, ordering.Parts{
			Committer: s.Ordering(), Carts: s.Carts(), Orders: s.Orders(), Customers: s.CustomerOrders(), Commands: s.Commands(),
		}, s.Stock(), postgresEvents(s, 1)))
		wantInvariants(t, connect(t, dsn))
	})
}

// sell puts so many variants of one SKU on sale for 9.99 each.
func (s *rush) sell(sku ref.SKU, variants int) []ref.VariantID {
	out := make([]ref.VariantID, variants)
	for i := range out {
		out[i] = ref.NewID[ref.VariantKind](s.ids.New())
		s.shelf.Put(ordering.Item{Variant: out[i], Product: ref.NewID[ref.ProductKind](s.ids.New()), SKU: sku, Title: "Of " + string(sku)})
		s.shelf.Price(ref.DefaultChannel, out[i], money.NewUnitPrice(9_990_000, money.GBP))
	}
	return out
}

// spread receives goods of a SKU at three locations.
func (s *rush) spread(t *testing.T, sku ref.SKU, quantities [3]int64) {
	t.Helper()
	for i, at := range []inventory.Location{inventory.DefaultLocation, "north", "south"} {
		if i > 0 {
			if _, err := s.inventory.OpenLocation(t.Context(), inventory.Site{Location: at, Name: string(at), Priority: int32(i)}); err != nil && !fault.Is(err, inventory.LocationTaken) {
				t.Fatal(err)
			}
		}
		err := s.inventory.Adjust(t.Context(), []inventory.Adjustment{{
			Key: fmt.Sprint(sku, i), LevelKey: inventory.LevelKey{SKU: sku, Location: at}, Kind: inventory.MoveReceive, Delta: quantities[i],
		}})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// carts makes n carts with one of each variant.
func (s *rush) carts(t *testing.T, n int, variants []ref.VariantID) []ref.CartID {
	t.Helper()
	lines := make([]ordering.LineRequest, len(variants))
	for i, v := range variants {
		lines[i] = ordering.LineRequest{Variant: v, Quantity: 1}
	}
	out := make([]ref.CartID, n)
	var next atomic.Int64
	var all sync.WaitGroup
	for range 32 {
		all.Go(func() {
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				q, err := s.CreateCart(t.Context(), tillScope(), lines)
				if err != nil {
					t.Error(err)
				}
				out[i] = q.Cart.ID
			}
		})
	}
	all.Wait()
	return out
}

// buy checks all carts out at once, by both ways of paying, and gives how many were sold; the others find nothing left.
func (s *rush) buy(t *testing.T, carts []ref.CartID) int64 {
	t.Helper()
	var sold atomic.Int64
	var all sync.WaitGroup
	start := make(chan struct{})
	for i, cart := range carts {
		all.Go(func() {
			<-start
			switch _, err := s.place(t.Context(), cart, i%2 == 1); {
			case err == nil:
				sold.Add(1)
			case !fault.Is(err, ordering.OutOfStock):
				t.Errorf("checkout %d: %v", i, err)
			}
		})
	}
	close(start)
	all.Wait()
	return sold.Load()
}

// place orders a cart, by a card or by bank transfer.
func (s *rush) place(ctx context.Context, cart ref.CartID, card bool) (ordering.PlacedOrder, error) {
	r := ordering.CheckoutRequest{
		Cart: cart, Key: "once", Provider: payments.ManualName,
		Details: ordering.Details{Email: "ada@example.org", ShippingAddress: ordering.Address{
			Name: "Ada Byron", Line1: "1 Cornhill", City: "Ipswich", PostalCode: "IP1 1DD", Country: "GB",
		}},
	}
	if card {
		r.Provider, r.Token = payments.TestName, payments.TokenOK
	}
	return s.Checkout(ctx, tillScope(), r)
}

// wantSold fails unless everything at every location is claimed, and the ledger says so.
func (s *rush) wantSold(t *testing.T, sku ref.SKU, quantity int64) {
	t.Helper()
	p, err := s.stock.Position(t.Context(), sku)
	if err != nil {
		t.Fatal(err)
	}
	onHand, reserved := p.Totals()
	if onHand != quantity || reserved != quantity || p.OnHandSum != onHand || p.ReservedSum != reserved {
		t.Errorf("of %s %d are on hand and %d claimed, by the ledger %d and %d; want %d", sku, onHand, reserved, p.OnHandSum, p.ReservedSum, quantity)
	}
	for _, l := range p.Levels {
		if l.OnHand != l.Reserved {
			t.Errorf("the level %+v is not sold out", l)
		}
	}
}

// TestComplaint01Oversell sells what there is, and not one more, whoever comes at once: to a thousand who want one of a
// hundred at three locations, and to those whose carts have the same SKU in many lines.
func TestComplaint01Oversell(t *testing.T) {
	t.Parallel()
	rushes(t, func(t *testing.T, s *rush) {
		t.Helper()
		s.spread(t, "hot", [3]int64{34, 33, 33})
		if sold := s.buy(t, s.carts(t, 1000, s.sell("hot", 1))); sold != 100 {
			t.Errorf("%d were sold of 100", sold)
		}
		s.wantSold(t, "hot", 100)

		s.spread(t, "lines", [3]int64{40, 30, 30})
		if sold := s.buy(t, s.carts(t, 60, s.sell("lines", 5))); sold != 20 {
			t.Errorf("%d orders of 5 were sold of 100", sold)
		}
		s.wantSold(t, "lines", 100)

		s.spread(t, "promised", [3]int64{5, 5, 5})
		if _, err := s.inventory.SetPolicies(t.Context(), []inventory.Policy{{SKU: "promised", Kind: inventory.Backorder, Limit: 10}}); err != nil {
			t.Fatal(err)
		}
		if sold := s.buy(t, s.carts(t, 64, s.sell("promised", 1))); sold != 25 {
			t.Errorf("%d were sold of 15, with 10 to be promised", sold)
		}
		s.wantSold(t, "promised", 15)
	})
}
