package erpstock_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/adapters/payments"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/examples/erpstock"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
	"github.com/ipswich-retail/commerce/testing/shoptest"
	"github.com/ipswich-retail/commerce/testing/shoptest/faulty"
)

func TestHolder(t *testing.T) {
	t.Parallel()
	items := map[ref.SKU]int{"A": 4711, "B": 4712}
	orderingtest.TestStockHolder(t, func(*testing.T) orderingtest.HolderHarness {
		clock := orderingtest.NewClock(orderingtest.Moment())
		erp := erpstock.NewERP(clock)
		return orderingtest.HolderHarness{
			Holder: erpstock.NewHolder(erp, items), Clock: clock,
			Receive: func(_ orderingtest.TB, sku ref.SKU, n int64) { erp.Deliver(items[sku], n) },
			Free:    func(_ orderingtest.TB, sku ref.SKU) int64 { return erp.Free(items[sku]) },
		}
	})
}

// mugs is the ERP's number of the one thing that the shop of these examples sells, under the SKU MUG.
const mugs = 4711

// open makes a shop that has no stock of its own, for the ERP has it, and takes money by bank transfer too.
func open(t shoptest.TB, quantity int64) (*shoptest.Shop, *erpstock.ERP) {
	t.Helper()
	var erp *erpstock.ERP
	shop := shoptest.Make(&shoptest.Options{Ports: func(p shoptest.Ports) shoptest.Ports {
		erp = erpstock.NewERP(p.Clock)
		p.Holder = erpstock.NewHolder(erp, map[ref.SKU]int{"MUG": mugs})
		p.Providers = append(p.Providers, payments.Manual{})
		return p
	}})
	erp.Deliver(mugs, quantity)
	shop.Product(t, shoptest.Product{Title: "Mug", Stock: -1, Variants: []shoptest.Variant{{SKU: "MUG"}}})
	return shop, erp
}

// request asks for mugs, to be paid by bank transfer.
func request(t shoptest.TB, shop *shoptest.Shop, quantity int64) ordering.CheckoutRequest {
	t.Helper()
	r := shop.Request(t, shoptest.Order{Lines: []shoptest.Line{{SKU: "MUG", Quantity: quantity}}})
	r.Provider, r.Token = payments.ManualName, ""
	return r
}

// Of five mugs three are sold: reserved, and confirmed at once since the order waits for no payment. A sweep finds nothing
// left to tell the ERP. Then three more are not to be had, and the ERP says so.
func Example() {
	t := shoptest.Outside()
	shop, erp := open(t, 5)
	placed, err := shop.Ordering.Checkout(t.Context(), shop.Scope(), request(t, shop, 3))
	fmt.Println(placed.Order.Status, placed.Order.Holding, erp.Free(mugs), err)
	shop.Clock.Forward(time.Minute)
	_, err = shop.Ordering.SweepOrders(t.Context(), 100)
	swept, _ := shop.Ordering.Sale(t.Context(), placed.Order.ID)
	fmt.Println(swept.Order.Status, swept.Order.Holding, erp.Free(mugs), err)

	refused, err := shop.Ordering.Checkout(t.Context(), shop.Scope(), request(t, shop, 3))
	fmt.Println(refused.Order.Status, refused.Order.Reason, erp.Free(mugs), err)
	// Output:
	// placed confirmed 2 <nil>
	// placed confirmed 2 <nil>
	// cancelled out_of_stock 2 out_of_stock: not enough is in stock for one or more lines; nothing is charged
}

// The shop dies when the ERP has reserved the goods and nobody has written that down. The next process sweeps: it asks
// the ERP again, which reserves nothing twice, places the order and confirms it. The buyer, who got no answer, asks with
// the same key and gets the order that there is.
func Example_crash() {
	t := shoptest.Outside()
	shop, erp := open(t, 5)
	r := request(t, shop, 3)
	shop.Faults.On("ordering.StockHolder", "Hold", faulty.Fault{Kind: faulty.CrashAfter})
	crashed := faulty.Survive(func() { _, _ = shop.Ordering.Checkout(t.Context(), shop.Scope(), r) })
	fmt.Println("crashed:", crashed, erp.Free(mugs))

	shop.Restart()
	shop.Clock.Forward(time.Minute)
	swept, err := shop.Ordering.SweepOrders(t.Context(), 100)
	fmt.Println("swept:", swept.Orders, erp.Free(mugs), err)
	placed, err := shop.Ordering.Checkout(t.Context(), shop.Scope(), r)
	fmt.Println("asked again:", placed.Order.Status, placed.Order.Holding, placed.Replayed, erp.Free(mugs), err)
	shop.Clock.Forward(24 * time.Hour) // Confirmed, it stays reserved.
	fmt.Println("a day later:", erp.Free(mugs))
	// Output:
	// crashed: true 2
	// swept: 1 2 <nil>
	// asked again: placed confirmed true 2 <nil>
	// a day later: 2
}

// The same with a buyer who pays by card, and whose card was not charged any more: nobody will pay, so the sweep gives
// the goods back.
func Example_abandoned() {
	t := shoptest.Outside()
	shop, erp := open(t, 5)
	r := shop.Request(t, shoptest.Order{Lines: []shoptest.Line{{SKU: "MUG", Quantity: 3}}})
	shop.Faults.On("ordering.StockHolder", "Hold", faulty.Fault{Kind: faulty.CrashAfter})
	faulty.Survive(func() { _, _ = shop.Ordering.Checkout(t.Context(), shop.Scope(), r) })
	fmt.Println("crashed:", erp.Free(mugs))
	shop.Restart()
	for range 3 {
		shop.Clock.Forward(time.Minute)
		if _, err := shop.Ordering.SweepOrders(t.Context(), 100); err != nil {
			fmt.Println(err)
		}
	}
	fmt.Println("swept:", erp.Free(mugs), len(shop.Provider.Journal()))
	// Output:
	// crashed: 2
	// swept: 5 0
}
