package orderingtest

import (
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/ports"
)

// commandClauses prove [commit-command].
func commandClauses() []Clause[Harness] {
	const id = "commit-command"
	return []Clause[Harness]{
		{ID: id, Case: "a second begin gets the record", Run: secondBegin},
		{ID: id, Case: "many begin with one key", Run: manyBegin},
		{ID: id, Case: "keys are of an actor and a route", Run: scopedKeys},
		{ID: id, Case: "an answered command", Run: answered},
		{ID: id, Case: "a refused commit begins nothing", Run: refusedBeginsNothing},
	}
}

// replays checks that the commit is answered with the record and writes nothing.
func (w *world) replays(c ordering.Commit, record ports.CommandRecord) {
	w.Helper()
	before := w.glance(c)
	out, err := w.commit(c)
	if err != nil || out.Replay == nil {
		w.Errorf("the answer is no replay but %v", err)
		return
	}
	w.same("the replay", *out.Replay, record)
	w.nothing(before, w.glance(c))
}

func secondBegin(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.seed("A", 5)
	first := w.order(want{"A", 1})
	record := ordering.NextRecord(ports.CommandRecord{}, *first.commit.Command)
	w.same("the record", w.record(record.Key), &record)
	w.replays(first.commit, record)
	other := w.place(w.cart(want{"A", 1}))
	cmd := *other.commit.Command
	cmd.Key, cmd.Fingerprint = record.Key, record.Fingerprint
	other.commit.Command = &cmd
	w.replays(other.commit, record)
	w.levels("A", 5, 1)
}

func manyBegin(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.seed("A", racers)
	cart := w.cart(want{"A", 1})
	cmd := w.command()
	commits := make([]ordering.Commit, racers)
	for i := range commits {
		p := w.place(cart)
		mine := *p.commit.Command
		mine.Key, mine.Fingerprint = cmd.Key, cmd.Fingerprint
		p.commit.Command = &mine
		commits[i] = p.commit
	}
	answers := w.race(commits...)
	if accepted, replayed, _ := w.count(answers, ordering.InProgress); accepted != 1 || replayed != racers-1 {
		w.Errorf("%d accepted and %d replayed, want 1 and %d", accepted, replayed, racers-1)
	}
	for _, a := range answers {
		if a.outcome.Replay != nil {
			w.same("the replay", a.outcome.Replay, w.record(cmd.Key))
		}
	}
	w.levels("A", racers, 1)
}

func scopedKeys(t TB, open func(TB) Harness) {
	w := begin(t, open)
	base := w.command()
	for _, key := range []ports.CommandKey{
		base.Key,
		{Actor: "cart:other", Route: base.Key.Route, Key: base.Key.Key},
		{Actor: base.Key.Actor, Route: "refund", Key: base.Key.Key},
		{Actor: base.Key.Actor, Route: base.Key.Route, Key: base.Key.Key + " "},
		{Actor: base.Key.Actor, Route: base.Key.Route, Key: "KEY-é-鍵-🔑"},
	} {
		cmd := w.command()
		cmd.Key, cmd.Subject = key, "of "+key.Actor+key.Route+key.Key
		w.accept(ordering.Commit{At: w.at, Command: &cmd})
		record := ordering.NextRecord(ports.CommandRecord{}, cmd)
		w.same("the record", w.record(key), &record)
	}
}

func answered(t TB, open func(TB) Harness) {
	w := begin(t, open)
	cmd := w.command()
	cmd.Subject = "ord_1"
	w.accept(ordering.Commit{At: w.at, Command: &cmd})
	finish := cmd
	finish.Step, finish.Answer = ports.CommandFinish, &ports.Answer{Code: "payment_declined", Detail: "Réfusé, désolé."}
	w.accept(ordering.Commit{At: w.at, Command: &finish})
	record := ordering.NextRecord(ordering.NextRecord(ports.CommandRecord{}, cmd), finish)
	w.same("the record", w.record(cmd.Key), &record)
	w.replays(ordering.Commit{At: w.at, Command: &cmd}, record)

	atOnce := w.command()
	atOnce.Answer = &ports.Answer{}
	w.accept(ordering.Commit{At: w.at, Command: &atOnce})
	w.replays(ordering.Commit{At: w.at, Command: &atOnce}, ordering.NextRecord(ports.CommandRecord{}, atOnce))
}

func refusedBeginsNothing(t TB, open func(TB) Harness) {
	w := begin(t, open)
	c := w.place(w.cart(want{"none left", 1})).commit
	w.refuses(c, ordering.OutOfStock)
	w.seed("none left", 1)
	w.accept(c)
}
