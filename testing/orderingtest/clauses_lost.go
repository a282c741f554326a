package orderingtest

import (
	"context"
	"fmt"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
)

// lostClauses prove [commit-lost].
func lostClauses() []Clause[Harness] {
	const id = "commit-lost"
	out := []Clause[Harness]{
		{ID: id, Case: "a caller who has left", Run: callerHasLeft},
		{ID: id, Case: "callers who leave at any moment", Run: callersLeave},
	}
	for _, p := range ordering.Points() {
		out = append(out,
			Clause[Harness]{ID: id, Case: fmt.Sprintf("fault at %s", p), Run: func(t TB, open func(TB) Harness) { kindOfFault(begin(t, open), p) }},
			Clause[Harness]{ID: id, Case: fmt.Sprintf("fault at %s beside others", p), Run: func(t TB, open func(TB) Harness) { kindsBesideOthers(begin(t, open), p) }},
			Clause[Harness]{ID: id, Case: fmt.Sprintf("the caller leaves at %s", p), Run: func(t TB, open func(TB) Harness) { callerLeavesAt(begin(t, open), p) }},
		)
	}
	return out
}

// begins makes a commit that a fault can break: an order of A.
func (w *world) begins() ordering.Commit {
	w.Helper()
	w.seed("A", 1)
	return w.place(w.cart(want{"A", 1})).commit
}

// truthful checks an answer against what became of the command: no error means that it was written, Unavailable that
// it was not, Unknown either; nothing else is an answer of a commit that nobody refuses.
func (w *world) truthful(c ordering.Commit, err error) {
	w.Helper()
	written := w.record(c.Command.Key) != nil
	switch {
	case err == nil && !written:
		w.Errorf("a commit is said to be accepted and is not there")
	case unavailable(err) && written:
		w.Errorf("a commit is said not to be written and is there: %v", err)
	case err != nil && !unavailable(err) && fault.KindOf(err) != fault.Unknown:
		w.Errorf("a commit that nobody refuses is answered with kind %s: %v", fault.KindOf(err), err)
	}
}

func kindOfFault(w *world, p ordering.Point) {
	w.Helper()
	if w.excused(w.h.features.NoFaults) {
		return
	}
	c := w.begins()
	w.h.Faults.Inject(p, errInjected)
	_, err := w.commit(c)
	w.h.Faults.Clear()
	wanted := fault.Unavailable
	if p == ordering.AfterCommit {
		wanted = fault.Unknown
	}
	if err == nil || fault.KindOf(err) != wanted {
		w.Errorf("a fault at %s is answered with %v, want kind %s", p, err, wanted)
	}
	w.truthful(c, err)
}

func kindsBesideOthers(w *world, p ordering.Point) {
	w.Helper()
	if w.excused(w.h.features.NoFaults) {
		return
	}
	commits := make([]ordering.Commit, racers/2)
	for i := range commits {
		commits[i] = w.begins()
	}
	w.h.Faults.Inject(p, errInjected)
	answers := w.race(commits...)
	w.h.Faults.Clear()
	for _, a := range answers {
		w.truthful(a.commit, a.err)
	}
}

// leaving commits with a context of its own, and gives the answer.
func (w *world) leaving(ctx context.Context, c ordering.Commit) error {
	_, err := w.h.Committer.Commit(ctx, c)
	return err
}

// later checks an answer once nothing that was begun before can still be under way: the commit is tried again, and
// is true then, once.
func (w *world) later(c ordering.Commit, err error) {
	w.Helper()
	out, again := w.commit(c)
	switch {
	case again != nil:
		w.Errorf("the same commit again: %v", again)
	case err == nil && out.Replay == nil:
		w.Errorf("a commit was said to be accepted and was not there")
	case unavailable(err) && out.Replay != nil:
		w.Errorf("a commit was said not to be written and was there: %v", err)
	case err != nil && !unavailable(err) && fault.KindOf(err) != fault.Unknown:
		w.Errorf("a caller who left is answered with kind %s: %v", fault.KindOf(err), err)
	}
}

func callerHasLeft(t TB, open func(TB) Harness) {
	w := begin(t, open)
	c := w.begins()
	ctx, cancel := context.WithCancel(w.Context())
	cancel()
	w.later(c, w.leaving(ctx, c))
	w.levels("A", 1, 1)
}

func callerLeavesAt(w *world, p ordering.Point) {
	w.Helper()
	if w.excused(w.h.features.NoFaults) {
		return
	}
	c := w.begins()
	ctx, cancel := context.WithCancel(w.Context())
	defer cancel()
	w.h.Faults.Do(p, func() error {
		cancel()
		return nil
	})
	err := w.leaving(ctx, c)
	w.h.Faults.Clear()
	w.later(c, err)
	w.levels("A", 1, 1)
}

func callersLeave(t TB, open func(TB) Harness) {
	w := begin(t, open)
	commits := make([]ordering.Commit, racers)
	for i := range commits {
		commits[i] = w.begins()
	}
	errs := make([]error, racers)
	done := make(chan int, racers)
	ctxs := make([]context.Context, racers)
	for i := range commits {
		ctx, cancel := context.WithCancel(w.Context())
		defer cancel()
		ctxs[i] = ctx
		go cancel() // At any moment of the race.
	}
	for i, c := range commits {
		go func() {
			errs[i] = w.leaving(ctxs[i], c)
			done <- i
		}()
	}
	for range commits {
		<-done
	}
	for i, c := range commits {
		w.later(c, errs[i])
	}
	w.levels("A", racers, racers)
}
