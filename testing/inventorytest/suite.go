package inventorytest

import (
	"slices"
	"testing"

	"github.com/ipswich-retail/commerce/testing/clausetest"
)

// TB is what a clause needs of a test.
type TB = clausetest.TB

// Clause is one case of one clause of the port's contract.
type Clause = clausetest.Clause[Harness]

// TestStock proves an adapter of inventory.Stock. Open gives an empty store for each subtest; many are open at once.
func TestStock(t *testing.T, open func(t *testing.T) Harness) {
	t.Helper()
	clausetest.Run(t, StockClauses(), open)
}

// StockClauses are the clauses of inventory.Stock.
func StockClauses() []Clause {
	return slices.Concat(
		atomicClauses(), ruleClauses(), versionClauses(), keyClauses(), ledgerClauses(), oversellClauses(), owedClauses(),
		onceClauses(), closedClauses(), availableClauses(), positionClauses(), movementClauses(), lapsedClauses(),
		locationClauses(), durableClauses(),
	)
}
