package ordering_test

import (
	"context"
	"testing"

	"github.com/ipswich-retail/commerce/adapters/memory"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
)

// shop is a Service on a store in memory, with a shelf of three items at 9.99.
type shop struct {
	*ordering.Service
	clock  *orderingtest.Clock
	faults *orderingtest.Faults
	store  *memory.Store
	shelf  *orderingtest.Shelf
	till   *orderingtest.Till
	parts  ordering.Parts
}

// cash is a provider that needs no call.
type cash struct{}

func (cash) Name() string  { return "cash" }
func (cash) Offline() bool { return true }
func (cash) Charge(context.Context, ordering.Charge) (ordering.ChargeResult, error) {
	return ordering.ChargeResult{}, fault.Unexpected.New("cash is never charged")
}

// blind is a till that cannot be looked into.
type blind struct{ till *orderingtest.Till }

func (blind) Name() string { return "blind" }
func (b blind) Charge(ctx context.Context, c ordering.Charge) (ordering.ChargeResult, error) {
	return b.till.Charge(ctx, c)
}

// open makes a shop with 10 of each item.
func open(t *testing.T) *shop {
	t.Helper()
	s := &shop{clock: orderingtest.NewClock(now()), faults: orderingtest.NewFaults(), shelf: orderingtest.NewShelf(), till: orderingtest.NewTill()}
	s.store = memory.New(s.clock, &memory.Options{Fault: s.faults.Hook})
	for n := byte(1); n <= 3; n++ {
		s.shelf.Put(item(n))
		s.shelf.Price(ref.DefaultChannel, variant(n), money.NewUnitPrice(9_990_000, money.GBP))
		if err := orderingtest.Seed(t, s.store.Stock(), "seed-"+string(item(n).SKU), item(n).SKU, "main", 10, now()); err != nil {
			t.Fatal(err)
		}
	}
	s.parts = ordering.Parts{
		Committer: s.store.Ordering(), Carts: s.store.Carts(), Orders: s.store.Orders(), Inbox: s.store.PaymentInbox(), Customers: s.store.CustomerOrders(), Commands: s.store.Commands(),
		Catalog: s.shelf, Prices: s.shelf, Providers: []ordering.PaymentProvider{s.till, cash{}, blind{s.till}},
		Tokens: tokens(t, key("k1", 1)), Clock: s.clock, IDs: &orderingtest.Sequence{},
	}
	s.Service = ordering.NewService(s.parts, nil)
	return s
}

// scope is the view of a guest.
func scope() ref.Scope {
	return ref.Scope{Channel: ref.DefaultChannel, Currency: money.GBP, Locale: "en-GB", Country: "GB", At: now()}
}

// cart makes a cart of an item.
func (s *shop) cart(t *testing.T, quantity int64) ordering.Cart {
	t.Helper()
	q, err := s.CreateCart(t.Context(), scope(), []ordering.LineRequest{{SKU: item(1).SKU, Quantity: quantity}})
	if err != nil {
		t.Fatal(err)
	}
	return q.Cart
}

// request checks a cart out, under the key k.
func request(c ordering.Cart, token string) ordering.CheckoutRequest {
	return ordering.CheckoutRequest{Cart: c.ID, Key: "k", Details: details(), Provider: "till", Token: token}
}

// checkout orders and fails the test on an error.
func (s *shop) checkout(t *testing.T, r ordering.CheckoutRequest) ordering.PlacedOrder {
	t.Helper()
	p, err := s.Checkout(t.Context(), scope(), r)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// reserved checks how many of item 1 are claimed.
func (s *shop) reserved(t *testing.T, want int64) {
	t.Helper()
	p, err := s.store.Stock().Position(t.Context(), item(1).SKU)
	if err != nil {
		t.Fatal(err)
	}
	if _, got := p.Totals(); got != want {
		t.Errorf("%d are reserved, want %d", got, want)
	}
}

// pricesDown is a price book that fails.
type pricesDown struct{ err error }

func (p pricesDown) UnitPrices(context.Context, ref.Scope, []ref.VariantID) (map[ref.VariantID]ordering.PriceFact, error) {
	return nil, p.err
}
