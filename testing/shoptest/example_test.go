package shoptest_test

import (
	"fmt"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/testing/shoptest"
	"github.com/ipswich-retail/commerce/testing/shoptest/faulty"
)

// A test says what matters to it; all else has a sensible value. In a test, New(t, nil) and t stand where Make and
// Outside stand here.
func ExampleShop_Order() {
	t := shoptest.Outside()
	shop := shoptest.Make(nil)
	mug := shop.Product(t, shoptest.Product{Title: "Mug", Price: "9.99", Stock: 3})
	placed := shop.Order(t, shoptest.Order{Lines: []shoptest.Line{{SKU: mug.Variants[0].SKU, Quantity: 2}}})
	fmt.Println(placed.Order.Status, placed.Order.Totals.Total, ordering.PaymentStatusOf(placed.Order, placed.Payments))
	// Output: placed 19.98 GBP paid
}

// The answer of the store is lost behind a commit that stands. The buyer tries again with the same key and gets the
// order that was made the first time.
func ExampleShop_faults() {
	t := shoptest.Outside()
	shop := shoptest.Make(nil)
	request := shop.Request(t, shoptest.Order{})
	shop.Faults.On("ordering.Committer", "Commit", faulty.Fault{Kind: faulty.After})
	_, err := shop.Ordering.Checkout(t.Context(), shop.Scope(), request)
	fmt.Println("first:", fault.CodeOf(err))
	shop.Clock.Forward(time.Minute)
	placed, err := shop.Ordering.Checkout(t.Context(), shop.Scope(), request)
	fmt.Println("again:", placed.Order.Status, err)
	// Output:
	// first: outcome_unknown
	// again: placed <nil>
}

// Two buyers want the last one. The scheduler lets them meet at every call of a port; whoever comes first, one gets it.
func ExampleScheduler() {
	for seed := range uint64(20) {
		t := shoptest.Outside()
		shop := shoptest.Make(&shoptest.Options{Seed: seed})
		last := shop.Product(t, shoptest.Product{Stock: 1})
		placed := 0
		for range 2 {
			request := shop.Request(t, shoptest.Order{Lines: []shoptest.Line{{SKU: last.Variants[0].SKU}}})
			shop.Scheduler.Go("buyer", func() {
				if _, err := shop.Ordering.Checkout(t.Context(), shop.Scope(), request); err == nil {
					placed++
				}
			})
		}
		shop.Scheduler.Run()
		if placed != 1 {
			fmt.Println("seed", seed, "sold", placed)
		}
	}
	// Output:
}

// The charge stands and its answer is lost: the order waits. The journal tells the truth, and the same key settles it.
func ExampleProvider() {
	t := shoptest.Outside()
	shop := shoptest.Make(nil)
	placed := shop.Order(t, shoptest.Order{Pay: shoptest.LosesAnswer})
	fmt.Println(placed.Order.Status, len(shop.Provider.Journal()), shop.Provider.Journal()[0].Kind)
	// Output: pending 1 captured
}
