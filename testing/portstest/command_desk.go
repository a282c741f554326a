package portstest

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/ports"
)

// TestCommandDesk proves an adapter of ports.CommandDesk. Open gives an empty store for each subtest.
func TestCommandDesk(t *testing.T, open func(t *testing.T) Harness) {
	t.Helper()
	run(t, CommandDeskClauses(), open)
}

// CommandDeskClauses are the clauses of ports.CommandDesk.
func CommandDeskClauses() []Clause[Harness] {
	return []Clause[Harness]{
		{ID: "desk-begin", Case: "whole, and once", Run: deskBegins},
		{ID: "desk-begin", Case: "answered at once", Run: deskBeginsAnswered},
		{ID: "desk-begin", Case: "one of many", Run: deskBeginsOnce},
		{ID: "desk-begin", Case: "after a restart", Run: deskRemembers},
		{ID: "desk-begin", Case: "a caller who left", Run: deskGone},
		{ID: "desk-take", Case: "once the lease is over", Run: deskTakes},
		{ID: "desk-take", Case: "one of many", Run: deskTakesOnce},
		{ID: "desk-take", Case: "its owner at any time", Run: deskEndsLease},
		{ID: "desk-finish", Case: "with an answer and a subject", Run: deskFinishes},
		{ID: "desk-finish", Case: "by its owner", Run: deskFinishesOwn},
		{ID: "desk-drop", Case: "the key is free again", Run: deskDrops},
		{ID: "desk-drop", Case: "by its owner, while it is unanswered", Run: deskDropsOwn},
		{ID: "desk-fingerprint", Case: "at every step", Run: deskFingerprints},
		{ID: "desk-one", Case: "what a commit began", Run: deskIsOne},
	}
}

// step makes one step true at the desk.
func (w *world) step(c ports.Command) {
	w.Helper()
	standing, err := w.CommandDesk.Step(w.Context(), c)
	if err != nil || standing != nil {
		w.Fatalf("Step %d: %+v, %v", c.Step, standing, err)
	}
}

// wantStanding demands that a record stands in the way of a step.
func (w *world) wantStanding(c ports.Command, want *ports.CommandRecord) {
	w.Helper()
	got, err := w.CommandDesk.Step(w.Context(), c)
	w.must("Step", err)
	w.same("what stands in the way", got, want)
}

// taking is the step that takes a command over for the n-th owner.
func taking(c ports.Command, n int, at time.Time) ports.Command {
	c.Step, c.Owner, c.At, c.Lease, c.Subject = ports.CommandTake, uuid(n), at, at.Add(time.Minute), ""
	return c
}

// finishing is the step that answers a command.
func finishing(c ports.Command, subject string) ports.Command {
	c.Step, c.Subject, c.Answer = ports.CommandFinish, subject, &ports.Answer{Code: "naïve", Detail: "as it went"}
	return c
}

// dropping is the step that gives a command up.
func dropping(c ports.Command) ports.Command {
	c.Step = ports.CommandDrop
	return c
}

func deskBegins(t TB, open func(TB) Harness) {
	w := begin(t, open)
	c := beginning(key())
	w.step(c)
	w.wantRecord(c.Key, begun(c))
	again := c
	again.Owner, again.Subject, again.Lease = uuid(2), "ord_2", c.Lease.Add(time.Hour)
	w.wantStanding(again, begun(c))
	w.wantRecord(c.Key, begun(c))
	other := key()
	other.Actor = "cart:2"
	w.step(beginning(other))
	w.wantRecord(c.Key, begun(c))
}

func deskBeginsAnswered(t TB, open func(TB) Harness) {
	w := begin(t, open)
	c := beginning(key())
	c.Answer = &ports.Answer{Detail: "as it was"}
	w.step(c)
	want := begun(c)
	want.Answer = &ports.Answer{Detail: "as it was"}
	c.Answer.Detail = "spoilt"
	for range 2 {
		got, err := w.CommandDesk.Step(w.Context(), c)
		w.must("Step", err)
		w.same("what stands in the way", got, want)
		if got != nil && got.Answer != nil {
			got.Answer.Detail = "spoilt"
		}
	}
}

func deskBeginsOnce(t TB, open func(TB) Harness) {
	w := begin(t, open)
	var begun atomic.Int32
	race(func(caller int) {
		c := beginning(key())
		c.Owner = uuid(1 + caller)
		standing, err := w.CommandDesk.Step(w.Context(), c)
		switch {
		case err != nil:
			w.Errorf("Step: %v", err)
		case standing == nil:
			begun.Add(1)
		}
	})
	w.same("begun", begun.Load(), int32(1))
}

func deskRemembers(t TB, open func(TB) Harness) {
	w := begin(t, open)
	c := beginning(key())
	w.step(c)
	again := w.reopened()
	again.wantRecord(c.Key, begun(c))
	again.wantStanding(c, begun(c))
}

func deskGone(t TB, open func(TB) Harness) {
	w := begin(t, open)
	_, err := w.CommandDesk.Step(w.gone(), beginning(key()))
	w.wantGone("Step", err)
	w.wantRecord(key(), nil)
}

func deskTakes(t TB, open func(TB) Harness) {
	w := begin(t, open)
	c := beginning(key())
	_, err := w.CommandDesk.Step(w.Context(), taking(c, 2, c.Lease))
	w.refuses("taking what is not there", err, ports.CommandGone)
	w.step(c)
	w.wantStanding(taking(c, 2, c.Lease.Add(-time.Microsecond)), begun(c))
	take := taking(c, 2, c.Lease)
	w.step(take)
	want := begun(c)
	want.Owner, want.Lease = take.Owner, take.Lease
	w.wantRecord(c.Key, want)
	w.wantStanding(taking(c, 3, take.At), want)
}

func deskTakesOnce(t TB, open func(TB) Harness) {
	w := begin(t, open)
	c := beginning(key())
	w.step(c)
	var taken atomic.Int32
	race(func(caller int) {
		standing, err := w.CommandDesk.Step(w.Context(), taking(c, 2+caller, c.Lease))
		switch {
		case err != nil:
			w.Errorf("Step: %v", err)
		case standing == nil:
			taken.Add(1)
		}
	})
	w.same("taken", taken.Load(), int32(1))
}

func deskEndsLease(t TB, open func(TB) Harness) {
	w := begin(t, open)
	c := beginning(key())
	w.step(c)
	ends := taking(c, 1, after(1))
	ends.Lease = ends.At
	w.step(ends)
	want := begun(c)
	want.Lease = ends.Lease
	w.wantRecord(c.Key, want)
	w.step(taking(c, 2, ends.At))
}

func deskFinishes(t TB, open func(TB) Harness) {
	w := begin(t, open)
	c := beginning(key())
	_, err := w.CommandDesk.Step(w.Context(), finishing(c, ""))
	w.refuses("finishing what is not there", err, ports.CommandGone)
	c.Subject = ""
	w.step(c)
	finish := finishing(c, "ful_1")
	w.step(finish)
	want := begun(c)
	want.Subject, want.Answer = "ful_1", finish.Answer
	w.wantRecord(c.Key, want)
	w.wantStanding(finishing(c, "ful_2"), want)
	w.wantStanding(taking(c, 2, c.Lease), want)
	w.wantRecord(c.Key, want)

	kept := beginning(ports.CommandKey{Actor: "cart:1", Route: "checkout", Key: "another"})
	w.step(kept)
	w.step(finishing(kept, ""))
	want = begun(kept)
	want.Answer = finish.Answer
	w.wantRecord(kept.Key, want)
}

func deskFinishesOwn(t TB, open func(TB) Harness) {
	w := begin(t, open)
	c := beginning(key())
	w.step(c)
	take := taking(c, 2, c.Lease)
	w.step(take)
	_, err := w.CommandDesk.Step(w.Context(), finishing(c, "ful_1"))
	w.refuses("finishing another's", err, ports.CommandSuperseded)
	want := begun(c)
	want.Owner, want.Lease = take.Owner, take.Lease
	w.wantRecord(c.Key, want)
	late := finishing(take, "ful_2") // A lease that is over does not stop its owner while nobody took it.
	late.At = take.Lease.Add(time.Hour)
	w.step(late)
}

func deskDrops(t TB, open func(TB) Harness) {
	w := begin(t, open)
	c := beginning(key())
	w.step(dropping(c)) // Of nothing.
	for range 2 {
		w.step(c)
		w.step(dropping(c))
		w.wantRecord(c.Key, nil)
	}
	again := beginning(key())
	again.Fingerprint, again.Owner = [32]byte{9}, uuid(9)
	w.step(again)
	w.wantRecord(c.Key, begun(again))
	w.step(finishing(again, ""))
	w.sweepCommands(after(1000), 100, 1) // Nothing is left of what was dropped.
}

func deskDropsOwn(t TB, open func(TB) Harness) {
	w := begin(t, open)
	c := beginning(key())
	w.step(c)
	take := taking(c, 2, c.Lease)
	w.step(take)
	_, err := w.CommandDesk.Step(w.Context(), dropping(c))
	w.refuses("dropping another's", err, ports.CommandSuperseded)
	finish := finishing(take, "ful_1")
	w.step(finish)
	want := begun(c)
	want.Owner, want.Lease, want.Subject, want.Answer = take.Owner, take.Lease, "ful_1", finish.Answer
	w.wantStanding(dropping(take), want)
	w.wantRecord(c.Key, want)
}

func deskFingerprints(t TB, open func(TB) Harness) {
	w := begin(t, open)
	c := beginning(key())
	w.step(c)
	other := c
	other.Fingerprint[31]++
	for _, step := range []ports.Command{other, taking(other, 2, c.Lease), finishing(other, ""), dropping(other)} {
		_, err := w.CommandDesk.Step(w.Context(), step)
		w.refuses("another fingerprint", err, ports.IdempotencyMismatch)
	}
	w.wantRecord(c.Key, begun(c))
	w.step(finishing(c, ""))
	_, err := w.CommandDesk.Step(w.Context(), other)
	w.refuses("another fingerprint", err, ports.IdempotencyMismatch)
}

func deskIsOne(t TB, open func(TB) Harness) {
	w := begin(t, open)
	c := beginning(key())
	w.commit(c)
	again := c
	again.Owner = uuid(2)
	w.wantStanding(again, begun(c))
	mine := beginning(ports.CommandKey{Actor: "cart:1", Route: "checkout", Key: "the desk's"})
	w.step(mine)
	again = mine
	again.Owner = uuid(2)
	out, err := w.Committer.Commit(w.Context(), ordering.Commit{At: again.At, Command: &again})
	w.must("Commit", err)
	w.same("the replay", out.Replay, begun(mine))
}
