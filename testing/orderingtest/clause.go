package orderingtest

import (
	"testing"

	"github.com/ipswich-retail/commerce/testing/clausetest"
)

// TB is what a clause needs of a test.
type TB = clausetest.TB

// Clause is one case of one clause of a port's contract. H is the port's harness.
type Clause[H any] = clausetest.Clause[H]

// run runs the clauses as subtests named id/case, in parallel, each against what open makes for it.
func run[H any](t *testing.T, clauses []Clause[H], open func(t *testing.T) H) {
	t.Helper()
	clausetest.Run(t, clauses, open)
}
