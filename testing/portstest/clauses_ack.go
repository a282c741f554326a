package portstest

import "github.com/ipswich-retail/commerce/ports"

// ackClauses prove [outbox-ack].
func ackClauses() []Clause[Harness] {
	const id = "outbox-ack"
	return []Clause[Harness]{
		{ID: id, Case: "starts behind the cursor", Run: acks},
		{ID: id, Case: "never goes back", Run: acksOlder},
		{ID: id, Case: "of one partition alone", Run: acksPartition},
		{ID: id, Case: "consumers have their own", Run: acksConsumers},
		{ID: id, Case: "after a restart", Run: acksReopened},
		{ID: id, Case: "a caller who left", Run: ackGone},
	}
}

func acks(t TB, open func(TB) Harness) {
	w := begin(t, open)
	r := w.relay(consumer, 1)
	a, b, c := about(1, "x_1"), about(2, "x_1"), about(3, "x_1")
	w.tell(a, b)
	got := r.await(2).Fresh
	r.take(got[0])
	w.wantEvents("behind the first", r.read(10).Fresh, b)
	r.take(got[1])
	w.wantEvents("behind the second", r.read(10).Fresh)
	w.tell(c)
	w.wantEvents("what came after", r.await(1).Fresh, c)
}

func acksOlder(t TB, open func(TB) Harness) {
	w := begin(t, open)
	r := w.relay(consumer, 1)
	a, b, c := about(1, "x_1"), about(2, "x_1"), about(3, "x_1")
	w.tell(a, b, c)
	got := r.await(3).Fresh
	r.take(got[1], got[0])
	r.ack("x_1", ports.Progress{})
	w.wantEvents("behind the second", r.read(10).Fresh, c)
}

func acksPartition(t TB, open func(TB) Harness) {
	w := begin(t, open)
	r := w.relay(consumer, 1)
	a, b := about(1, near(1)), about(2, far(1))
	w.tell(a, b)
	r.take(r.await(2).Fresh[1])
	w.wantEvents("of the other partition", r.read(10).Fresh, a)
}

func acksConsumers(t TB, open func(TB) Harness) {
	w := begin(t, open)
	r := w.relay(consumer, 1)
	a, b := about(1, "x_1"), about(2, "x_1")
	w.tell(a, b)
	r.take(r.await(2).Fresh[1])
	w.wantEvents("behind it", r.read(10).Fresh)
	w.wantEvents("another's", w.relay("another", 1).await(2).Fresh, a, b)
}

func acksReopened(t TB, open func(TB) Harness) {
	w := begin(t, open)
	r := w.relay(consumer, 1)
	a, b, c := about(1, "x_1"), about(2, "x_1"), about(3, "x_1")
	w.tell(a, b)
	r.take(r.await(2).Fresh[0])
	r.world = w.reopened()
	w = r.world
	w.wantEvents("behind the first", r.await(1).Fresh, b)
	w.tell(c)
	w.wantEvents("behind the first", r.await(2).Fresh, b, c)
}

func ackGone(t TB, open func(TB) Harness) {
	w := begin(t, open)
	r := w.relay(consumer, 1)
	w.tell(about(1, "x_1"))
	d := r.await(1).Fresh[0]
	w.wantGone("Ack", w.Outbox.Ack(w.gone(), ports.Progress{Lease: r.lease("x_1"), At: base, Through: d.Cursor}))
	w.wantEvents("fresh", r.read(10).Fresh, about(1, "x_1"))
}
