// Package clausetest is what conformance suites are made of: clauses, which prove one clause of a port's contract each,
// and mutants, adapters broken on purpose, which prove the clauses. A suite exports its clauses, so that whoever brings
// an adapter can run them (Run) and whoever changes the suite can prove it (TestMutants).
package clausetest

import (
	"context"
	"slices"
	"testing"
)

// TB is what a clause needs of a test. *testing.T is one; TestMutants brings its own, which records.
type TB interface {
	Helper()
	Name() string
	Context() context.Context
	Cleanup(f func())
	Logf(format string, args ...any)
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// Clause is one case of one clause of a port's contract. H is the port's harness.
type Clause[H any] struct {
	ID   string // The clause's id in the port's comment, such as "commit-atomic".
	Case string // What is tried, unique within the id.
	Run  func(t TB, open func(TB) H)
}

// IDs lists the ids of the clauses, each once, in order.
func IDs[H any](clauses []Clause[H]) []string {
	var out []string
	for _, c := range clauses {
		if !slices.Contains(out, c.ID) {
			out = append(out, c.ID)
		}
	}
	return out
}

// Run runs the clauses as subtests named id/case, in parallel, each against what open makes for it.
func Run[H any](t *testing.T, clauses []Clause[H], open func(t *testing.T) H) {
	t.Helper()
	for _, id := range IDs(clauses) {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			for _, c := range clauses {
				if c.ID != id {
					continue
				}
				t.Run(c.Case, func(t *testing.T) {
					t.Parallel()
					c.Run(t, func(TB) H { return open(t) })
				})
			}
		})
	}
}
