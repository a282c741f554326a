package integration_test

import (
	"fmt"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
)

// office is ordering's service over a store that can be made to fail, with a till that keeps its own books and a clock
// that is moved by hand. Safe for concurrent use but for what ends the test.
type office struct {
	*ordering.Service
	orderingtest.Harness
	clock *orderingtest.Clock
	till  *orderingtest.Till
	shelf *orderingtest.Shelf
	ids   *orderingtest.Sequence
	made  atomic.Int64
}

// onBoth runs a test with an office over each store.
func onBoth(t *testing.T, run func(t *testing.T, d *office)) {
	t.Helper()
	t.Run("memory", func(t *testing.T) {
		t.Parallel()
		run(t, newOffice(t, memoryStore().ordering(t)))
	})
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		run(t, newOffice(t, sqliteStore().ordering(t)))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		if needsDatabase(t) {
			run(t, newOffice(t, postgresStore(t).ordering(t)))
		}
	})
}

func newOffice(t *testing.T, h orderingtest.Harness) *office {
	t.Helper()
	tokens, err := ordering.NewOrderTokens([]ordering.TokenKey{{ID: "k1", Secret: make([]byte, 32)}})
	if err != nil {
		t.Fatal(err)
	}
	d := &office{
		Harness: h, clock: orderingtest.NewClock(orderingtest.Moment()), till: orderingtest.NewTill(), shelf: orderingtest.NewShelf(),
		ids: &orderingtest.Sequence{},
	}
	d.Service = ordering.NewService(ordering.Parts{
		Committer: h.Committer, Carts: h.Carts, Orders: h.Orders, Inbox: h.Inbox, Customers: h.Customers, Commands: h.Commands, Catalog: d.shelf,
		Prices: d.shelf, Providers: []ordering.PaymentProvider{d.till}, Tokens: tokens, Clock: d.clock, IDs: d.ids,
	}, nil)
	return d
}

// goods puts a new item on sale for 9.99, with so many on hand.
func (d *office) goods(t *testing.T, quantity int64) ordering.Item {
	t.Helper()
	n := d.made.Add(1)
	item := ordering.Item{
		Variant: ref.NewID[ref.VariantKind](d.ids.New()), Product: ref.NewID[ref.ProductKind](d.ids.New()),
		SKU: ref.SKU(fmt.Sprintf("ITEM-%d", n)), Title: fmt.Sprintf("Item %d", n),
	}
	d.shelf.Put(item)
	d.shelf.Price(ref.DefaultChannel, item.Variant, money.NewUnitPrice(9_990_000, money.GBP))
	if err := orderingtest.Seed(t, d.Stock, "seed "+string(item.SKU), item.SKU, "main", quantity, d.clock.Now()); err != nil {
		t.Fatalf("stocking: %v", err)
	}
	return item
}

// request makes a cart of an item, and the request that checks it out.
func (d *office) request(t *testing.T, item ordering.Item, quantity int64, token string) ordering.CheckoutRequest {
	t.Helper()
	q, err := d.CreateCart(t.Context(), tillScope(), []ordering.LineRequest{{Variant: item.Variant, Quantity: quantity}})
	if err != nil {
		t.Fatalf("a cart: %v", err)
	}
	return ordering.CheckoutRequest{
		Cart: q.Cart.ID, Key: "k", Provider: d.till.Name(), Token: token,
		Details: ordering.Details{Email: "ada@example.org", ShippingAddress: ordering.Address{
			Name: "Ada Byron", Line1: "1 Cornhill", City: "Ipswich", PostalCode: "IP1 1DD", Country: "GB",
		}},
	}
}

// sale reads an order.
func (d *office) sale(t *testing.T, id ref.OrderID) ordering.Sale {
	t.Helper()
	o, payments, err := d.Harness.Orders.Order(t.Context(), id)
	if err != nil {
		t.Fatalf("reading an order: %v", err)
	}
	return ordering.Sale{Order: o, Payments: payments}
}

// sweep moves the clock and sweeps, as often as asked for.
func (d *office) sweep(t *testing.T, times int) {
	t.Helper()
	for range times {
		d.clock.Advance(ordering.SettleAfter)
		if _, err := d.SweepOrders(t.Context(), 1000); err != nil {
			t.Logf("a sweep: %v", err)
		}
	}
}

// webhook tells the shop by a message of the till what became of a charge.
func (d *office) webhook(t *testing.T, p ordering.Payment) {
	t.Helper()
	r, found, err := d.till.Lookup(t.Context(), p.ID)
	if err != nil || !found {
		return // The till knows nothing to tell.
	}
	e := ordering.ChargeEvent(p, r)
	e.ID = "evt_" + string(e.Kind) + "_" + p.ID.String()
	for range 3 { // Who gets no answer sends it again.
		if _, err = d.Webhook(t.Context(), d.till.Name(), d.till.Webhook(d.clock.Now(), e)); err == nil {
			return
		}
	}
	t.Errorf("a webhook: %v", err)
}

// books checks that the shop's books of an order are the till's, and that an order that was given up has nobody's money.
func (d *office) books(t *testing.T, id ref.OrderID) ordering.Sale {
	t.Helper()
	s := d.sale(t, id)
	moved := d.till.Moved()
	for _, p := range s.Payments {
		b := p.Balance()
		ours := orderingtest.Moved{Held: b.Authorized, Captured: b.Captured, Voided: b.Voided, Refunded: b.Refunded}
		if ours != moved[p.ID] {
			t.Errorf("order %s is %s, its books say %+v and the till %+v", s.Order.Number, s.Order.Status, ours, moved[p.ID])
		}
		if s.Order.Status == ordering.Cancelled && (b.Captured != b.Refunded || b.Open() > 0) {
			t.Errorf("order %s is cancelled with %+v", s.Order.Number, b)
		}
	}
	if !s.Order.Due.IsZero() || len(s.Order.Open) > 0 {
		t.Errorf("order %s is %s and does not rest: due %v, open %v", s.Order.Number, s.Order.Status, s.Order.Due, s.Order.Open)
	}
	return s
}

// ordersOf lists the orders of an item, among the last few.
func (d *office) ordersOf(t *testing.T, sku ref.SKU) []ordering.Sale {
	t.Helper()
	page, err := d.Harness.Orders.List(t.Context(), ordering.OrderQuery{Limit: 5})
	if err != nil {
		t.Fatalf("listing orders: %v", err)
	}
	return slices.DeleteFunc(page.Items, func(s ordering.Sale) bool { return s.Order.Lines[0].SKU != sku })
}

// stock checks what is on hand and claimed.
func (d *office) stock(t *testing.T, sku ref.SKU, onHand, reserved int64) {
	t.Helper()
	p, err := d.Stock.Position(t.Context(), sku)
	if err != nil {
		t.Fatalf("reading the stock: %v", err)
	}
	if gotHand, gotReserved := p.Totals(); gotHand != onHand || gotReserved != reserved || p.OnHandSum != onHand || p.ReservedSum != reserved {
		t.Errorf("%s has %d on hand and %d claimed, by its movements %d and %d; want %d and %d", sku, gotHand, gotReserved, p.OnHandSum, p.ReservedSum, onHand, reserved)
	}
}
