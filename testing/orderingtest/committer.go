package orderingtest

import (
	"slices"
	"testing"
)

// TestCommitter proves an ordering.Committer with the readers of its store. Open makes a fresh, empty store for each
// subtest, which closes with t; many are open at once.
func TestCommitter(t *testing.T, open func(t *testing.T) Harness, f Features) {
	t.Helper()
	run(t, CommitterClauses(), with(open, f))
}

// CommitterClauses are the clauses of ordering.Committer.
func CommitterClauses() []Clause[Harness] {
	return slices.Concat(
		atomicClauses(), decideClauses(), versionClauses(), stockClauses(), effectClauses(), steadyClauses(), ledgerClauses(),
		commandClauses(), leaseClauses(), fingerprintClauses(), eventClauses(), attachClauses(), liveClauses(),
		numberClauses(), durableClauses(), lostClauses(), inboxClauses(), cartClauses(), ownerClauses(), purgeClauses(),
	)
}

// TestCarts proves an ordering.Carts; see TestCommitter.
func TestCarts(t *testing.T, open func(t *testing.T) Harness, f Features) {
	t.Helper()
	run(t, CartsClauses(), with(open, f))
}

// TestOrders proves an ordering.Orders; see TestCommitter.
func TestOrders(t *testing.T, open func(t *testing.T) Harness, f Features) {
	t.Helper()
	run(t, OrdersClauses(), with(open, f))
}

// TestCustomerOrders proves an ordering.CustomerOrders; see TestCommitter.
func TestCustomerOrders(t *testing.T, open func(t *testing.T) Harness, f Features) {
	t.Helper()
	run(t, CustomerOrdersClauses(), with(open, f))
}

// with tells each harness what its store cannot do.
func with(open func(t *testing.T) Harness, f Features) func(t *testing.T) Harness {
	return func(t *testing.T) Harness {
		t.Helper()
		h := open(t)
		h.features = f
		return h
	}
}
