package portstest

import (
	"fmt"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/ports"
)

// TestCommands proves an adapter of ports.Commands. Open gives an empty store for each subtest.
func TestCommands(t *testing.T, open func(t *testing.T) Harness) {
	t.Helper()
	run(t, CommandsClauses(), open)
}

// CommandsClauses are the clauses of ports.Commands.
func CommandsClauses() []Clause[Harness] {
	const id = "commands-find"
	return []Clause[Harness]{
		{ID: id, Case: "nil for a key without a record", Run: commandNone},
		{ID: id, Case: "the record at each step", Run: commandSteps},
		{ID: id, Case: "keys are of an actor and a route", Run: commandScopes},
		{ID: id, Case: "nothing of a refused commit", Run: commandRefused},
		{ID: id, Case: "what nobody else can change", Run: commandCopies},
		{ID: id, Case: "after a restart", Run: commandReopened},
		{ID: id, Case: "a caller who left", Run: commandGone},
	}
}

// TestCommandSweeper proves an adapter of ports.CommandSweeper. Open gives an empty store for each subtest.
func TestCommandSweeper(t *testing.T, open func(t *testing.T) Harness) {
	t.Helper()
	run(t, CommandSweeperClauses(), open)
}

// CommandSweeperClauses are the clauses of ports.CommandSweeper.
func CommandSweeperClauses() []Clause[Harness] {
	const id = "commands-sweep"
	return []Clause[Harness]{
		{ID: id, Case: "old and answered ones, the oldest first", Run: sweepsOldCommands},
		{ID: id, Case: "unanswered ones stay", Run: sweepsNoOpenCommands},
		{ID: id, Case: "a key is free again", Run: sweptKeyIsFree},
	}
}

// beginning is the first step of a command.
func beginning(key ports.CommandKey) ports.Command {
	return ports.Command{
		Step: ports.CommandBegin, Key: key, Fingerprint: [32]byte{1, 2, 3, 31: 255}, Owner: uuid(1), Subject: "ord_1",
		At: base, Lease: base.Add(15 * time.Second),
	}
}

// key is the key that most clauses use.
func key() ports.CommandKey {
	return ports.CommandKey{Actor: "cart:1", Route: "checkout", Key: "naïve key"}
}

// commit makes one step true.
func (w *world) commit(c ports.Command) {
	w.Helper()
	out, err := w.Committer.Commit(w.Context(), ordering.Commit{At: c.At, Command: &c})
	if err != nil || out.Replay != nil {
		w.Fatalf("Commit of step %d: %+v, %v", c.Step, out.Replay, err)
	}
}

// wantRecord fails unless the record of the key is this one.
func (w *world) wantRecord(k ports.CommandKey, want *ports.CommandRecord) {
	w.Helper()
	got, err := w.Commands.Find(w.Context(), k)
	w.must("Find", err)
	w.same("the record", got, want)
}

// begun is the record of a command that was begun and no more.
func begun(c ports.Command) *ports.CommandRecord {
	return &ports.CommandRecord{
		Key: c.Key, Fingerprint: c.Fingerprint, Owner: c.Owner, Subject: c.Subject, CreatedAt: c.At, Lease: c.Lease, Answer: c.Answer,
	}
}

func commandNone(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.wantRecord(key(), nil)
	w.wantRecord(ports.CommandKey{}, nil)
}

func commandSteps(t TB, open func(TB) Harness) {
	w := begin(t, open)
	c := beginning(key())
	w.commit(c)
	want := begun(c)
	w.wantRecord(c.Key, want)

	take := c
	take.Step, take.Owner = ports.CommandTake, uuid(2)
	take.At, take.Lease = c.Lease, c.Lease.Add(time.Minute)
	w.commit(take)
	want.Owner, want.Lease = take.Owner, take.Lease
	w.wantRecord(c.Key, want)

	finish := take
	finish.Step, finish.Answer = ports.CommandFinish, &ports.Answer{Code: "payment_declined", Detail: "the card was declined"}
	w.commit(finish)
	want.Answer = finish.Answer
	w.wantRecord(c.Key, want)
}

func commandScopes(t TB, open func(TB) Harness) {
	w := begin(t, open)
	other := key()
	other.Actor = "cart:2"
	route := key()
	route.Route = "refund"
	for i, k := range []ports.CommandKey{key(), other, route} {
		c := beginning(k)
		c.Owner, c.Answer = uuid(10+i), &ports.Answer{} // Begun and answered at once.
		w.commit(c)
	}
	for i, k := range []ports.CommandKey{key(), other, route} {
		c := beginning(k)
		c.Owner, c.Answer = uuid(10+i), &ports.Answer{}
		w.wantRecord(k, begun(c))
	}
}

func commandRefused(t TB, open func(TB) Harness) {
	w := begin(t, open)
	c := beginning(key())
	bad := refused()
	bad.Command = &c
	w.isRefused(bad)
	w.wantRecord(key(), nil)
}

func commandCopies(t TB, open func(TB) Harness) {
	w := begin(t, open)
	c := beginning(key())
	c.Answer = &ports.Answer{Detail: "as it was"}
	w.commit(c)
	c.Answer.Detail = "spoilt"
	for range 2 {
		got, err := w.Commands.Find(w.Context(), key())
		if err != nil || got == nil || got.Answer == nil {
			w.Fatalf("Find: %+v, %v", got, err)
		}
		if got.Answer.Detail != "as it was" {
			w.Errorf("got %q, want what was committed", got.Answer.Detail)
		}
		got.Answer.Detail = "spoilt"
	}
}

func commandReopened(t TB, open func(TB) Harness) {
	w := begin(t, open)
	c := beginning(key())
	w.commit(c)
	w.reopened().wantRecord(key(), begun(c))
}

func commandGone(t TB, open func(TB) Harness) {
	w := begin(t, open)
	_, err := w.Commands.Find(w.gone(), key())
	w.wantGone("Find", err)
}

// answered begins and answers commands, one a minute, and gives their keys.
func (w *world) answered(n int) []ports.CommandKey {
	w.Helper()
	keys := make([]ports.CommandKey, n)
	for i := range keys {
		keys[i] = ports.CommandKey{Actor: "cart:1", Route: "checkout", Key: fmt.Sprintf("key %d", n-i)} // Not in the order of their names.
		c := beginning(keys[i])
		c.At, c.Answer = base.Add(time.Duration(i)*time.Minute), &ports.Answer{}
		w.commit(c)
	}
	return keys
}

// wantKnown checks which of the keys have a record.
func (w *world) wantKnown(keys []ports.CommandKey, want ...int) {
	w.Helper()
	var known []int
	for i, k := range keys {
		r, err := w.Commands.Find(w.Context(), k)
		w.must("Find", err)
		if r != nil {
			known = append(known, i)
		}
	}
	w.same("the keys with a record", known, want)
}

// sweep deletes old records, and checks how many.
func (w *world) sweepCommands(before time.Time, limit, want int) {
	w.Helper()
	n, err := w.CommandSweeper.SweepCommands(w.Context(), before, limit)
	w.must("Sweep", err)
	w.same("deleted", n, want)
}

func sweepsOldCommands(t TB, open func(TB) Harness) {
	w := begin(t, open)
	keys := w.answered(5)
	w.sweepCommands(base, 100, 0)
	w.sweepCommands(base.Add(3*time.Minute), 2, 2)
	w.wantKnown(keys, 2, 3, 4)
	w.sweepCommands(base.Add(3*time.Minute), 100, 1)
	w.wantKnown(keys, 3, 4)
	_, err := w.CommandSweeper.SweepCommands(w.gone(), base.Add(time.Hour), 100)
	w.wantGone("Sweep", err)
	w.wantKnown(keys, 3, 4)
}

func sweepsNoOpenCommands(t TB, open func(TB) Harness) {
	w := begin(t, open)
	c := beginning(key())
	w.commit(c)
	w.sweepCommands(base.Add(1000*time.Hour), 100, 0)
	w.wantRecord(c.Key, begun(c))
	finish := c
	finish.Step, finish.Answer = ports.CommandFinish, &ports.Answer{}
	w.commit(finish)
	w.sweepCommands(base.Add(1000*time.Hour), 100, 1)
	w.wantRecord(c.Key, nil)
}

func sweptKeyIsFree(t TB, open func(TB) Harness) {
	w := begin(t, open)
	keys := w.answered(1)
	w.sweepCommands(base.Add(time.Hour), 100, 1)
	again := beginning(keys[0])
	again.Owner = uuid(7)
	w.commit(again)
	w.wantRecord(keys[0], begun(again))
}
