package pricingtest

import (
	"testing"

	"github.com/ipswich-retail/commerce/testing/clausetest"
)

// TB is what a clause needs of a test.
type TB = clausetest.TB

// Clause is one case of one clause of a port's contract.
type Clause = clausetest.Clause[Harness]

// TestPrices proves an adapter of pricing.Prices. Open gives an empty store for each subtest.
func TestPrices(t *testing.T, open func(t *testing.T) Harness) {
	t.Helper()
	clausetest.Run(t, PricesClauses(), open)
}

// TestCommitter proves an adapter of pricing.Committer. Open gives an empty store for each subtest.
func TestCommitter(t *testing.T, open func(t *testing.T) Harness) {
	t.Helper()
	clausetest.Run(t, CommitterClauses(), open)
}
