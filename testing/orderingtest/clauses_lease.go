package orderingtest

import (
	"time"

	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/ports"
)

// leaseClauses prove [commit-lease].
func leaseClauses() []Clause[Harness] {
	const id = "commit-lease"
	return []Clause[Harness]{
		{ID: id, Case: "taken over once it is over", Run: takenOnceOver},
		{ID: id, Case: "finished by its owner", Run: finishedByOwner},
		{ID: id, Case: "one of many takes it", Run: oneTakes},
		{ID: id, Case: "an answered command is not taken", Run: answeredIsNotTaken},
	}
}

// begun begins a command and gives its record.
func (w *world) begun() (ports.Command, ports.CommandRecord) {
	w.Helper()
	cmd := w.command()
	cmd.Subject = "ord_1"
	w.accept(ordering.Commit{At: w.at, Command: &cmd})
	return cmd, ordering.NextRecord(ports.CommandRecord{}, cmd)
}

// take makes the commit that takes a command over at a time, for a new owner.
func (w *world) take(cmd ports.Command, at time.Time) ordering.Commit {
	cmd.Step, cmd.Owner, cmd.At, cmd.Lease = ports.CommandTake, w.id(), at, at.Add(15*time.Second)
	return ordering.Commit{At: at, Command: &cmd}
}

// finish makes the commit that finishes a command, with an event to see whether it was written.
func (w *world) finish(cmd ports.Command) ordering.Commit {
	cmd.Step, cmd.Answer = ports.CommandFinish, &ports.Answer{Detail: "done"}
	return ordering.Commit{At: cmd.At, Command: &cmd}
}

func takenOnceOver(t TB, open func(TB) Harness) {
	w := begin(t, open)
	cmd, record := w.begun()
	w.replays(w.take(cmd, w.at), record)
	w.replays(w.take(cmd, cmd.Lease.Add(-time.Microsecond)), record)
	taken := w.take(cmd, cmd.Lease)
	w.accept(taken)
	record = ordering.NextRecord(record, *taken.Command)
	w.same("the record", w.record(cmd.Key), &record)
	w.replays(w.take(cmd, taken.At.Add(time.Second)), record)
	again := w.take(cmd, taken.At.Add(time.Hour))
	w.accept(again)
	record = ordering.NextRecord(record, *again.Command)
	w.same("the record", w.record(cmd.Key), &record)
}

func finishedByOwner(t TB, open func(TB) Harness) {
	w := begin(t, open)
	cmd, record := w.begun()
	taken := w.take(cmd, cmd.Lease.Add(time.Second))
	w.accept(taken)
	record = ordering.NextRecord(record, *taken.Command)
	w.refuses(w.finish(cmd), ordering.Superseded)
	w.same("the record", w.record(cmd.Key), &record)
	finish := w.finish(*taken.Command)
	w.accept(finish)
	record = ordering.NextRecord(record, *finish.Command)
	w.same("the record", w.record(cmd.Key), &record)
	w.replays(w.finish(*taken.Command), record)
	w.replays(w.finish(cmd), record)

	slow, _ := w.begun() // A lease that is over does not stop its owner while nobody took it.
	late := w.finish(slow)
	late.Command.At = slow.Lease.Add(time.Hour)
	w.accept(late)
}

func oneTakes(t TB, open func(TB) Harness) {
	w := begin(t, open)
	cmd, _ := w.begun()
	commits := make([]ordering.Commit, racers)
	for i := range commits {
		commits[i] = w.take(cmd, cmd.Lease.Add(time.Second))
	}
	if accepted, replayed, _ := w.count(w.race(commits...), ordering.Superseded); accepted != 1 || replayed != racers-1 {
		w.Errorf("%d took it and %d were told of it, want 1 and %d", accepted, replayed, racers-1)
	}
}

func answeredIsNotTaken(t TB, open func(TB) Harness) {
	w := begin(t, open)
	cmd, record := w.begun()
	finish := w.finish(cmd)
	w.accept(finish)
	w.replays(w.take(cmd, cmd.Lease.Add(time.Hour)), ordering.NextRecord(record, *finish.Command))
}
