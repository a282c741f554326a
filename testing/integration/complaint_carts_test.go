package integration_test

import (
	"sync"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/adapters/payments"
	"github.com/ipswich-retail/commerce/adapters/system"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
)

// desk is ordering's service over a store of either kind, with three goods at 9.99.
type desk struct {
	*ordering.Service
	parts ordering.Parts
	shelf *orderingtest.Shelf
	clock *orderingtest.Clock
	goods [3]ordering.Item
}

func newDesk(t *testing.T, h orderingtest.Harness) *desk {
	t.Helper()
	tokens, err := ordering.NewOrderTokens([]ordering.TokenKey{{ID: "k1", Secret: make([]byte, 32)}})
	if err != nil {
		t.Fatal(err)
	}
	ids := system.NewIDs()
	d := &desk{shelf: orderingtest.NewShelf(), clock: orderingtest.NewClock(orderingtest.Moment())}
	for i := range d.goods {
		sku := ref.SKU([]string{"A", "B", "C"}[i])
		d.goods[i] = ordering.Item{
			Variant: ref.NewID[ref.VariantKind](ids.New()), Product: ref.NewID[ref.ProductKind](ids.New()), SKU: sku, Title: "Of " + string(sku),
		}
		d.shelf.Put(d.goods[i])
		d.price(i, 9_990_000)
		if err := orderingtest.Seed(t, h.Stock, "seed "+string(sku), sku, "main", 1_000, orderingtest.Moment()); err != nil {
			t.Fatal(err)
		}
	}
	d.parts = ordering.Parts{
		Committer: h.Committer, Carts: h.Carts, Orders: h.Orders, Customers: h.Customers, Commands: h.Commands, Catalog: d.shelf, Prices: d.shelf,
		Providers: []ordering.PaymentProvider{payments.Manual{}, payments.NewTest()}, Tokens: tokens, Clock: d.clock, IDs: ids,
	}
	d.Service = ordering.NewService(d.parts, nil)
	return d
}

// price sets what a thing costs, in millionths of a pound.
func (d *desk) price(i int, micro int64) {
	d.shelf.Price(ref.DefaultChannel, d.goods[i].Variant, money.NewUnitPrice(micro, money.GBP))
}

// one asks for pieces of a thing.
func (d *desk) one(i int, quantity int64) ordering.LineRequest {
	return ordering.LineRequest{Variant: d.goods[i].Variant, Quantity: quantity}
}

// cart makes a guest's cart of a thing.
func (d *desk) cart(t *testing.T, i int, quantity int64) ordering.Cart {
	t.Helper()
	q, err := d.CreateCart(t.Context(), tillScope(), []ordering.LineRequest{d.one(i, quantity)})
	if err != nil {
		t.Fatalf("a cart: %v", err)
	}
	return q.Cart
}

// onBothDesks runs a test on every store.
func onBothDesks(t *testing.T, test func(t *testing.T, d *desk)) {
	t.Helper()
	t.Run("memory", func(t *testing.T) {
		t.Parallel()
		test(t, newDesk(t, memoryStore().ordering(t)))
	})
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, newDesk(t, sqliteStore().ordering(t)))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		if needsDatabase(t) {
			test(t, newDesk(t, postgresStore(t).ordering(t)))
		}
	})
}

// Shops lose what is put into a cart from two tabs at once: both read it, both write it, the later one wins. Here every
// addition is in the cart, whichever of two servers took it, and every version was somebody's.
func TestComplaint09LostCartWrite(t *testing.T) {
	t.Parallel()
	onBothDesks(t, func(t *testing.T, d *desk) {
		t.Helper()
		servers := []*ordering.Service{d.Service, ordering.NewService(d.parts, nil)}
		c := d.cart(t, 0, 1)
		const adds = 64
		versions := make([]ref.Version, adds)
		var all sync.WaitGroup
		for i := range adds {
			all.Go(func() {
				q, err := servers[i%2].AddLine(t.Context(), tillScope(), c.ID, nil, d.one(i%3, int64(i%5)+1))
				if err != nil {
					t.Errorf("an addition: %v", err)
				}
				versions[i] = q.Cart.Version
			})
		}
		all.Wait()
		q, err := d.Cart(t.Context(), tillScope(), c.ID)
		if err != nil {
			t.Fatal(err)
		}
		got, want := int64(0), int64(1)
		for _, l := range q.Lines {
			got += l.Quantity
		}
		seen := map[ref.Version]bool{}
		for i, v := range versions {
			want += int64(i%5) + 1
			if v < 2 || v > adds+1 || seen[v] {
				t.Errorf("an addition was answered with version %d", v)
			}
			seen[v] = true
		}
		if got != want || q.Cart.Version != adds+1 {
			t.Errorf("%d pieces and version %d, want %d and %d", got, q.Cart.Version, want, adds+1)
		}
	})
}

// Shops charge another price than the cart said, since a price list changed in between. Here who says what they expect
// to pay pays that or is told what it costs now, line by line.
func TestComplaint04PriceDrift(t *testing.T) {
	t.Parallel()
	onBothDesks(t, func(t *testing.T, d *desk) {
		t.Helper()
		c := d.cart(t, 0, 3)
		if _, err := d.AddLine(t.Context(), tillScope(), c.ID, nil, d.one(1, 1)); err != nil {
			t.Fatal(err)
		}
		shown := money.New(4*999, money.GBP)
		order := func(key string, expected money.Money) (ordering.PlacedOrder, error) {
			return d.Checkout(t.Context(), tillScope(), ordering.CheckoutRequest{
				Cart: c.ID, Key: key, Provider: payments.TestName, Token: payments.TokenOK, ExpectedTotal: &expected,
				Details: ordering.Details{Email: "ada@example.org", ShippingAddress: ordering.Address{
					Name: "Ada Byron", Line1: "1 Cornhill", City: "Ipswich", PostalCode: "IP1 1DD", Country: "GB",
				}},
			})
		}
		d.price(0, 12_000_000)
		_, err := order("first", shown)
		e := fault.Of(err)
		if !fault.Is(err, ordering.PriceChanged) || e.Details()["current_total"] != money.New(3*1200+999, money.GBP) || len(e.Violations()) != 1 ||
			e.Violations()[0].Field() != "lines[0].unit_price" {
			t.Fatalf("a dearer cart is answered with %v", err)
		}
		q, err := d.ConfirmPrices(t.Context(), tillScope(), c.ID, nil)
		if err != nil || len(q.Warnings) != 0 {
			t.Fatalf("agreeing: %+v, %v", q.Warnings, err)
		}
		d.price(0, 1) // Once more, and back: what counts is what it costs when it is ordered.
		d.price(0, 12_000_000)
		p, err := order("second", q.Totals.Total)
		if err != nil || p.Order.Totals.Total != q.Totals.Total {
			t.Fatalf("ordered for %s, %v, want %s", p.Order.Totals.Total, err, q.Totals.Total)
		}
		d.price(0, 99_000_000)
		later, err := d.Order(t.Context(), p.Order.ID, p.Token)
		if err != nil || later.Order.Totals != p.Order.Totals || later.Order.Lines[0].Origin.Version != 4 {
			t.Errorf("later the order costs %+v, origin %+v, %v", later.Order.Totals, later.Order.Lines[0].Origin, err)
		}
	})
}

// TestSigningInEverywhere signs a customer in on many devices at once, each with a cart of a guest: one cart has it all.
func TestSigningInEverywhere(t *testing.T) {
	t.Parallel()
	onBothDesks(t, func(t *testing.T, d *desk) {
		t.Helper()
		ada := ref.NewID[ref.CustomerKind](d.parts.IDs.New())
		const devices = 8
		ids := make([]ref.CartID, devices)
		var all sync.WaitGroup
		for i := range devices {
			guest := d.cart(t, i%3, 1)
			all.Go(func() {
				if _, err := d.AdoptCart(t.Context(), tillScope(), ada, guest.ID); err != nil {
					t.Errorf("signing in: %v", err)
				}
				q, err := d.CustomerCart(t.Context(), tillScope(), ada)
				if err != nil {
					t.Errorf("the customer's cart: %v", err)
				}
				ids[i] = q.Cart.ID
			})
		}
		all.Wait()
		q, err := d.CustomerCart(t.Context(), tillScope(), ada)
		if err != nil {
			t.Fatal(err)
		}
		pieces := int64(0)
		for _, l := range q.Lines {
			pieces += l.Quantity
		}
		for _, id := range ids {
			if id != q.Cart.ID {
				t.Error("a device has another cart")
			}
		}
		if pieces != devices {
			t.Errorf("%d pieces, want %d", pieces, devices)
		}
	})
}

// TestSweepsAndShoppers sweeps from several servers while shoppers come back to their carts: no line is lost, and what
// is in use is not purged.
func TestSweepsAndShoppers(t *testing.T) {
	t.Parallel()
	onBothDesks(t, func(t *testing.T, d *desk) {
		t.Helper()
		const carts = 24
		var ids []ref.CartID
		for range carts {
			ids = append(ids, d.cart(t, 0, 1).ID)
		}
		for _, wait := range []time.Duration{time.Hour, 30 * 24 * time.Hour} { // All are due, to be abandoned and to be expired.
			d.clock.Advance(wait)
			var all sync.WaitGroup
			for range 3 {
				all.Go(func() {
					if _, err := d.SweepCarts(t.Context(), 100); err != nil {
						t.Errorf("a sweep: %v", err)
					}
				})
			}
			for i := range carts / 2 {
				all.Go(func() {
					if _, err := d.AddLine(t.Context(), tillScope(), ids[i], nil, d.one(1, 1)); err != nil {
						t.Errorf("an addition: %v", err)
					}
				})
			}
			all.Wait()
		}
		d.clock.Advance(30 * 24 * time.Hour)
		if _, err := d.SweepCarts(t.Context(), 100); err != nil {
			t.Fatal(err)
		}
		for i, id := range ids {
			q, err := d.Cart(t.Context(), tillScope(), id)
			switch {
			case i < carts/2 && (err != nil || len(q.Lines) != 2 || q.Lines[1].Quantity != 2):
				t.Errorf("a cart in use: %+v, %v", q.Lines, err)
			case i >= carts/2 && !fault.Is(err, fault.Missing):
				t.Errorf("a cart that nobody wants: %+v, %v", q.Cart, err)
			}
		}
	})
}
