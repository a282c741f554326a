package portstest

import "github.com/ipswich-retail/commerce/ports"

// fenceClauses prove [outbox-fence].
func fenceClauses() []Clause[Harness] {
	const id = "outbox-fence"
	return []Clause[Harness]{
		{ID: id, Case: "who was overtaken writes nothing", Run: overtaken},
		{ID: id, Case: "who released writes nothing", Run: released},
		{ID: id, Case: "who came back writes nothing under its old lease", Run: cameBack},
		{ID: id, Case: "over and untaken it stands", Run: overStands},
	}
}

// wantFenced checks that a relay that lost its leases reads nothing and changes nothing.
func (r *relay) wantFenced(d ports.Delivery) {
	r.Helper()
	got := r.read(10)
	r.same("what it reads", [2]int{len(got.Fresh), len(got.Due)}, [2]int{})
	failed := []ports.Failure{{Aggregate: d.Event.Aggregate, Attempts: 1, Cause: "late"}}
	r.refuses("Ack", r.tryAck(d.Event.Aggregate, ports.Progress{Through: d.Cursor}), ports.LeaseLost)
	r.refuses("Ack that parks", r.tryAck(d.Event.Aggregate, ports.Progress{
		Through: d.Cursor, Kept: []ports.Delivery{d}, Failed: failed,
	}), ports.LeaseLost)
}

func overtaken(t TB, open func(TB) Harness) {
	w := begin(t, open)
	a := w.relay(consumer, 1)
	w.tell(about(1, "x_1"))
	d := a.await(1).Fresh[0]
	b := &relay{world: w, consumer: consumer, owner: uuid(2), now: after(30)}
	b.claim()
	a.wantFenced(d)
	got := b.await(1)
	w.wantEvents("what the next one reads", got.Fresh, about(1, "x_1"))
	w.same("parked", got.Fresh[0].Parked, false)
	b.take(got.Fresh...)
	w.wantEvents("behind it", b.read(10).Fresh)
}

func released(t TB, open func(TB) Harness) {
	w := begin(t, open)
	a := w.relay(consumer, 1)
	w.tell(about(1, "x_1"))
	d := a.await(1).Fresh[0]
	w.must("Release", w.Outbox.Release(w.Context(), consumer, a.owner))
	a.wantFenced(d)
	w.wantEvents("what the next one reads", w.relay(consumer, 2).await(1).Fresh, about(1, "x_1"))
}

func cameBack(t TB, open func(TB) Harness) {
	w := begin(t, open)
	a := w.relay(consumer, 1)
	w.tell(about(1, "x_1"))
	d := a.await(1).Fresh[0]
	b := &relay{world: w, consumer: consumer, owner: uuid(2), now: after(30)}
	b.claim()
	w.must("Release", w.Outbox.Release(w.Context(), consumer, b.owner))
	again := &relay{world: w, consumer: consumer, owner: a.owner, now: after(31)}
	again.claim()
	a.wantFenced(d)
	again.take(again.await(1).Fresh...)
}

func overStands(t TB, open func(TB) Harness) {
	w := begin(t, open)
	a := w.relay(consumer, 1)
	w.tell(about(1, "x_1"))
	a.now = after(1000)
	a.take(a.await(1).Fresh...)
	w.wantEvents("behind it", a.read(10).Fresh)
}
