package orderingtest_test

import (
	"maps"
	"testing"

	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/clausetest"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
)

// The flaws of what a sketch does to carts.
const (
	movesAnywhere  flaw = "a merged cart may be changed"
	anyScope       flaw = "a cart changes its currency"
	manyOpenCarts  flaw = "a customer has many open carts"
	reopenedCounts flaw = "a reopened cart stands in the way"
	purgesAny      flaw = "any cart is purged"
	forgetsPurge   flaw = "a purge is forgotten"
)

// The flaws of how a sketch finds carts.
const (
	closedCarts      flaw = "expired carts are found as open ones"
	anyChannel       flaw = "the channel is not asked for"
	anyCurrency      flaw = "the currency is not asked for"
	guestsAreOne     flaw = "the carts of guests are one customer's"
	oldestCartFirst  flaw = "a customer's carts come oldest first"
	idleBefore       flaw = "the moment itself does not count"
	idleWithAnyLines flaw = "lines are not asked for"
	idleNewestFirst  flaw = "idle carts come newest first"
	idleWithoutLimit flaw = "all idle carts come at once"
)

// The flaws of how a sketch finds orders.
const (
	ordersOfAll          flaw = "orders of other customers are found"
	guestsAreOneCustomer flaw = "the orders of guests are one customer's"
	forgetsPayments      flaw = "listed orders have no payments"
	exactAddress         flaw = "addresses are compared as they were written"
	foldsAll             flaw = "letters beyond ascii are folded"
	claimedAreGuests     flaw = "a claimed order is still a guest's"
	placesByTime         flaw = "orders of one moment are skipped"
	nextOnLast           flaw = "the last full page has a next place"
)

// cartMutants are the mutants of TestCommitterMutants that do to carts what they must not.
func cartMutants() []clausetest.Mutant[orderingtest.Harness] {
	return []clausetest.Mutant[orderingtest.Harness]{
		mutant(movesAnywhere, "commit-cart"),
		mutant(anyScope, "commit-cart"),
		mutant(manyOpenCarts, "commit-owner"),
		mutant(reopenedCounts, "commit-owner"),
		mutant(purgesAny, "commit-purge"),
		mutant(forgetsPurge, "commit-purge"),
	}
}

// findingMutants are the mutants of TestCartsMutants that find other carts.
func findingMutants() []clausetest.Mutant[orderingtest.Harness] {
	return []clausetest.Mutant[orderingtest.Harness]{
		mutant(closedCarts, "carts-customer"),
		mutant(anyChannel, "carts-customer"),
		mutant(anyCurrency, "carts-customer"),
		mutant(guestsAreOne, "carts-customer"),
		mutant(oldestCartFirst, "carts-customer"),
		mutant(idleBefore, "carts-idle"),
		mutant(idleWithAnyLines, "carts-idle"),
		mutant(idleNewestFirst, "carts-idle"),
		mutant(idleWithoutLimit, "carts-idle"),
	}
}

func TestCustomerOrdersMutants(t *testing.T) {
	t.Parallel()
	clausetest.TestMutants(t, orderingtest.CustomerOrdersClauses(), []clausetest.Mutant[orderingtest.Harness]{
		mutant(""),
		mutant(ordersOfAll, "customer-orders-own"),
		mutant(guestsAreOneCustomer, "customer-orders-own"),
		// The payments of a list are those of both lists.
		mutant(forgetsPayments, "customer-orders-own", "customer-orders-guest", "customer-orders-keyset"),
		mutant(exactAddress, "customer-orders-guest"),
		mutant(foldsAll, "customer-orders-guest"),
		mutant(claimedAreGuests, "customer-orders-guest"),
		mutant(placesByTime, "customer-orders-keyset"),
		mutant(nextOnLast, "customer-orders-keyset"),
	})
}

func TestAvailabilityMutants(t *testing.T) {
	t.Parallel()
	mutant := func(name, kills string, answer func([]ref.SKU, map[ref.SKU]ordering.StockFact)) clausetest.Mutant[orderingtest.AvailabilityHarness] {
		m := clausetest.Mutant[orderingtest.AvailabilityHarness]{
			Name: name, Open: func(orderingtest.TB) orderingtest.AvailabilityHarness {
				return stockHarness(brokenStock{answer: answer})
			},
		}
		if kills != "" {
			m.Kills = []string{kills}
		}
		return m
	}
	clausetest.TestMutants(t, orderingtest.AvailabilityClauses(), []clausetest.Mutant[orderingtest.AvailabilityHarness]{
		mutant("none", "", nil),
		mutant("what is promised is not told", "availability-present", func(_ []ref.SKU, facts map[ref.SKU]ordering.StockFact) {
			for sku, f := range facts {
				facts[sku] = ordering.StockFact{Available: f.Available}
			}
		}),
		mutant("what is empty is left out", "availability-all", func(_ []ref.SKU, facts map[ref.SKU]ordering.StockFact) {
			maps.DeleteFunc(facts, func(sku ref.SKU, f ordering.StockFact) bool { return sku == "none" && f == ordering.StockFact{} })
		}),
		mutant("a hundred at most", "availability-all", func(skus []ref.SKU, facts map[ref.SKU]ordering.StockFact) {
			for _, sku := range skus[min(len(skus), 100):] {
				delete(facts, sku)
			}
		}),
	})
}
