package clausetest

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
)

// Mutant is an adapter broken on purpose, to prove that a suite notices.
type Mutant[H any] struct {
	Name string
	// Kills are the ids of the clauses that must notice; all other clauses must not. It is one, but where what is
	// broken cannot but break another clause too.
	Kills []string
	Open  func(t TB) H
}

// TestMutants proves a suite: every mutant is noticed by the clauses that it names and by no other, and every clause
// notices a mutant.
func TestMutants[H any](t *testing.T, clauses []Clause[H], mutants []Mutant[H]) {
	t.Helper()
	for _, id := range IDs(clauses) {
		if !slices.ContainsFunc(mutants, func(m Mutant[H]) bool { return slices.Contains(m.Kills, id) }) {
			t.Errorf("no mutant breaks %s", id)
		}
	}
	for _, m := range mutants {
		t.Run(m.Name, func(t *testing.T) {
			t.Parallel()
			noticed := map[string][]string{}
			for _, c := range clauses {
				if text := Verdict(t, c, m.Open); text != "" {
					noticed[c.ID] = append(noticed[c.ID], c.Case+": "+text)
				}
			}
			for _, id := range m.Kills {
				if noticed[id] == nil {
					t.Errorf("%s did not notice", id)
				}
				delete(noticed, id)
			}
			for id, texts := range noticed {
				t.Errorf("%s noticed too: %s", id, strings.Join(texts, "\n"))
			}
		})
	}
}

// Verdict runs a clause and gives what it has to complain of; "" when it passes.
func Verdict[H any](t *testing.T, c Clause[H], open func(TB) H) string {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r := &recorder{name: t.Name() + "/" + c.ID + "/" + c.Case, ctx: ctx}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			if p := recover(); p != nil {
				r.Errorf("panic: %v", p)
			}
		}()
		c.Run(r, open)
	}()
	<-done
	cancel()
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, f := range slices.Backward(r.cleanups) {
		f()
	}
	return strings.Join(r.complaints, "; ")
}

// recorder is a TB that remembers what it was told.
type recorder struct {
	name string
	ctx  context.Context //nolint:containedctx // A test has its context, as testing.T does.

	mu         sync.Mutex
	complaints []string
	cleanups   []func()
}

// Helper does nothing.
func (r *recorder) Helper() {}

// Name is the mutant's and the clause's.
func (r *recorder) Name() string { return r.name }

// Context ends when the clause does.
func (r *recorder) Context() context.Context { return r.ctx }

// Cleanup is called after the clause.
func (r *recorder) Cleanup(f func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cleanups = append(r.cleanups, f)
}

// Logf does nothing.
func (r *recorder) Logf(string, ...any) {}

// Errorf remembers a complaint.
func (r *recorder) Errorf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.complaints = append(r.complaints, fmt.Sprintf(format, args...))
}

// Fatalf remembers a complaint and ends the clause.
func (r *recorder) Fatalf(format string, args ...any) {
	r.Errorf(format, args...)
	runtime.Goexit()
}
