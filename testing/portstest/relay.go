package portstest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// consumer is whom most clauses read for.
const consumer = "portstest"

// leaseTime is how long the clauses claim for.
const leaseTime = 30 * time.Second

// patience is how long a suite waits for what a store must do soon. The tests of this package have less of it.
var patience = 10 * time.Second

// relay is one relay of a consumer, as far as the port knows it.
type relay struct {
	*world
	consumer string
	owner    [16]byte
	now      time.Time
	share    ports.OutboxShare
}

// relay makes the n-th relay of a consumer and claims for it.
func (w *world) relay(consumer string, n int) *relay {
	w.Helper()
	r := &relay{world: w, consumer: consumer, owner: uuid(n), now: base}
	r.claim()
	return r
}

// claim claims for leaseTime from now on.
func (r *relay) claim() {
	r.Helper()
	share, err := r.tryClaim()
	r.must("Claim", err)
	r.share = share
}

func (r *relay) tryClaim() (ports.OutboxShare, error) {
	return r.Outbox.Claim(r.Context(), ports.OutboxClaim{Consumer: r.consumer, Owner: r.owner, At: r.now, Until: r.now.Add(leaseTime)})
}

// partitions lists those that the relay holds.
func (r *relay) partitions() []int {
	var out []int
	for _, l := range r.share.Leases {
		out = append(out, l.Partition)
	}
	return out
}

// lease is the relay's of an aggregate's partition.
func (r *relay) lease(aggregate string) ports.Lease {
	r.Helper()
	for _, l := range r.share.Leases {
		if l.Partition == ports.PartitionOf(aggregate) {
			return l
		}
	}
	r.Fatalf("the partition of %s is not held", aggregate)
	return ports.Lease{}
}

// read reads once.
func (r *relay) read(limit int) ports.Reading {
	r.Helper()
	got, err := r.Outbox.Read(r.Context(), ports.OutboxRead{Consumer: r.consumer, Leases: r.share.Leases, At: r.now, Limit: limit})
	r.must("Read", err)
	return got
}

// await reads until there are n fresh events or more: a store shows an event only once nothing can come before it any
// more, which may be a moment after its commit.
func (r *relay) await(n int) ports.Reading {
	r.Helper()
	for start := time.Now(); ; time.Sleep(time.Millisecond) {
		got := r.read(n + 100)
		if len(got.Fresh) >= n {
			return got
		}
		if time.Since(start) > patience {
			r.Fatalf("%d events are fresh after %s, want %d", len(got.Fresh), patience, n)
		}
	}
}

// ack acknowledges progress of an aggregate's partition.
func (r *relay) ack(aggregate string, p ports.Progress) {
	r.Helper()
	r.must("Ack", r.tryAck(aggregate, p))
}

func (r *relay) tryAck(aggregate string, p ports.Progress) error {
	r.Helper()
	p.Lease, p.At = r.lease(aggregate), r.now
	return r.Outbox.Ack(r.Context(), p)
}

// take acknowledges deliveries, with all before them in their partitions.
func (r *relay) take(deliveries ...ports.Delivery) {
	r.Helper()
	for _, d := range deliveries {
		r.ack(d.Event.Aggregate, ports.Progress{Through: d.Cursor})
	}
}

// eventsOf are the ids of deliveries.
func eventsOf(deliveries []ports.Delivery) []ref.EventID {
	out := []ref.EventID{}
	for _, d := range deliveries {
		out = append(out, d.Event.ID)
	}
	return out
}

// wantEvents fails unless these events, and all of them, are delivered in this order.
func (w *world) wantEvents(what string, got []ports.Delivery, want ...event.Event) {
	w.Helper()
	wanted := []ref.EventID{}
	for _, e := range want {
		wanted = append(wanted, e.ID)
	}
	w.same(what, eventsOf(got), wanted)
}

// wantWhole fails unless the event has all its parts.
func (w *world) wantWhole(got, want event.Event) {
	w.Helper()
	data := got.Data
	got.Data, want.Data = compact(w, data), compact(w, want.Data)
	w.same("the event", got, want)
}

// compact is JSON without spaces and with its keys sorted, since a store may keep it in its own form.
func compact(t TB, data json.RawMessage) json.RawMessage {
	t.Helper()
	var v any
	if err := json.NewDecoder(bytes.NewReader(data)).Decode(&v); err != nil {
		t.Fatalf("the data %q is no JSON: %v", data, err)
	}
	out, err := json.Marshal(v)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return out
}

// near and far are the n-th aggregates of the partition of x_1 and of another one.
func near(n int) string { return placed(n, func(p int) bool { return p == ports.PartitionOf("x_1") }) }

func far(n int) string {
	other := (ports.PartitionOf("x_1") + 1) % ports.OutboxPartitions
	return placed(n, func(p int) bool { return p == other })
}

func placed(n int, fits func(partition int) bool) string {
	for i := 1; ; i++ {
		if name := fmt.Sprintf("x_%d", i); fits(ports.PartitionOf(name)) {
			if n--; n == 0 {
				return name
			}
		}
	}
}
