package pricingtest

import (
	"sync"
	"sync/atomic"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/pricing"
)

var versionConflict = fault.VersionConflict

// CommitterClauses are the clauses of pricing.Committer.
func CommitterClauses() []Clause {
	return []Clause{
		{ID: "pricing-atomic", Case: "plans and events together", Run: atomicWrites},
		{ID: "pricing-atomic", Case: "refused wholly", Run: atomicRefuses},
		{ID: "pricing-atomic", Case: "the caller is gone", Run: atomicGone},
		{ID: "pricing-version", Case: "another version", Run: versionRefused},
		{ID: "pricing-version", Case: "one plan twice", Run: versionTwice},
		{ID: "pricing-version", Case: "one of many wins", Run: versionRace},
		{ID: "pricing-version", Case: "commits that meet", Run: versionMeets},
	}
}

func atomicWrites(t TB, open func(TB) Harness) {
	h := open(t)
	a, b := plan(1, pounds(), 1_000_000), plan(2, pounds(), 2_000_000)
	c := writes(a, b)
	c.Events = []event.Event{set(1, a), set(2, b)}
	if err := h.Committer.Commit(t.Context(), c); err != nil {
		t.Fatalf("Commit: %v", err)
	}
	want(t, h.plans(t, pounds(), 2), a, b)
	if got := h.Events(t); len(got) != 2 || got[0].ID != c.Events[0].ID || got[1].ID != c.Events[1].ID {
		t.Errorf("events %v, want those of the commit in order", got)
	}
}

func atomicRefuses(t TB, open func(TB) Harness) {
	h := open(t)
	a := plan(1, pounds(), 1_000_000)
	b := plan(3, pounds(), 3_000_000)
	h.save(t, a, b)
	fresh, stale := plan(2, pounds(), 2_000_000), next(next(b, 4), 5)
	for name, c := range map[string]pricing.Commit{
		"stale last":  writes(next(a, 9_000_000), fresh, stale),
		"stale first": writes(stale, fresh, next(a, 9_000_000)),
	} {
		c.Events = []event.Event{set(1, fresh)}
		if err := h.Committer.Commit(t.Context(), c); err == nil {
			t.Errorf("%s: a commit with a stale plan is accepted", name)
		}
		want(t, h.plans(t, pounds(), 3), a, b)
		wantHistory(t, h.history(t, a.Key), a)
		if got := h.Events(t); len(got) != 0 {
			t.Errorf("%s: %d events of a refused commit", name, len(got))
		}
	}
}

func atomicGone(t TB, open func(TB) Harness) {
	h := open(t)
	c := writes(plan(1, pounds(), 1_000_000))
	c.Events = []event.Event{set(1, c.Plans[0].State)}
	wantGone(t, h.Committer.Commit(gone(t), c))
	want(t, h.plans(t, pounds(), 1))
	if got := h.Events(t); len(got) != 0 {
		t.Errorf("%d events, want none", len(got))
	}
}

func versionRefused(t TB, open func(TB) Harness) {
	h := open(t)
	first := plan(1, pounds(), 1_000_000)
	h.save(t, first)
	second := next(first, 2_000_000)
	h.save(t, second)
	for _, p := range []pricing.Plan{first, second, next(next(second, 1), 1), next(plan(2, pounds(), 1), 1)} {
		wantClass(t, h.Committer.Commit(t.Context(), writes(p)), versionConflict)
	}
	want(t, h.plans(t, pounds(), 2), second)
}

func versionTwice(t TB, open func(TB) Harness) {
	h := open(t)
	a, b, c, d := plan(1, pounds(), 1), plan(2, pounds(), 1), plan(3, pounds(), 1), plan(4, pounds(), 1)
	h.save(t, c, d)
	for _, commit := range []pricing.Commit{
		writes(a, a), writes(b, next(b, 2)), writes(next(c, 2), next(c, 3)), writes(next(d, 2), next(next(d, 2), 3)),
	} {
		wantClass(t, h.Committer.Commit(t.Context(), commit), versionConflict)
	}
}

// racers is how many commits meet.
const racers = 16

func versionRace(t TB, open func(TB) Harness) {
	h := open(t)
	first := plan(1, pounds(), 1_000_000)
	h.save(t, first)
	var commits []pricing.Commit
	for i := range racers {
		commits = append(commits, writes(next(first, int64(2_000_000+i))))
	}
	won := h.race(t, commits)
	if got := h.plans(t, pounds(), 1)[variant(1)]; won != 1 || got.Version != 2 {
		t.Errorf("%d commits of one version won, version %d is stored; want one and 2", won, got.Version)
	}
	if got := h.history(t, first.Key); len(got) != 2 {
		t.Errorf("the history has %d versions, want 2", len(got))
	}
}

// versionMeets writes the same plans in every order: each commit is accepted or told of a conflict, none waits for
// another that waits for it.
func versionMeets(t TB, open func(TB) Harness) {
	h := open(t)
	var up, down []pricing.Plan
	for n := 1; n <= 8; n++ {
		up, down = append(up, plan(n, pounds(), 1)), append(down, plan(9-n, pounds(), 1))
	}
	for range 3 {
		var commits []pricing.Commit
		for range racers / 2 {
			commits = append(commits, writes(up...), writes(down...))
		}
		if won := h.race(t, commits); won != 1 {
			t.Errorf("%d of %d commits of one version won, want one", won, racers)
		}
		for i := range up {
			up[i], down[i] = next(up[i], 2), next(down[i], 2)
		}
	}
}

// race makes all commits at once and gives how many were accepted; the others must be told of a conflict.
func (h Harness) race(t TB, commits []pricing.Commit) int64 {
	t.Helper()
	var won atomic.Int64
	var all sync.WaitGroup
	start := make(chan struct{})
	for i, c := range commits {
		all.Go(func() {
			<-start
			switch err := h.Committer.Commit(t.Context(), c); {
			case err == nil:
				won.Add(1)
			case !fault.Is(err, versionConflict):
				t.Errorf("racer %d: got %v, want version_conflict", i, err)
			}
		})
	}
	close(start)
	all.Wait()
	return won.Load()
}
