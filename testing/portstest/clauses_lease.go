package portstest

import (
	"sync"

	"github.com/ipswich-retail/commerce/ports"
)

// leaseClauses prove [outbox-lease].
func leaseClauses() []Clause[Harness] {
	const id = "outbox-lease"
	return []Clause[Harness]{
		{ID: id, Case: "a lone relay has every partition", Run: loneRelay},
		{ID: id, Case: "two share evenly", Run: twoShare},
		{ID: id, Case: "three share as evenly as it goes", Run: threeShare},
		{ID: id, Case: "renewed before they are over", Run: renews},
		{ID: id, Case: "taken over once they are over", Run: takesOver},
		{ID: id, Case: "free once they are released", Run: releases},
		{ID: id, Case: "consumers have their own", Run: consumersLease},
		{ID: id, Case: "of many that claim at once none has another's", Run: manyClaim},
		{ID: id, Case: "after a restart", Run: leasesReopened},
		{ID: id, Case: "a caller who left", Run: claimGone},
	}
}

// everyPartition are all of them.
func everyPartition() []int {
	out := make([]int, ports.OutboxPartitions)
	for i := range out {
		out[i] = i
	}
	return out
}

// wantDisjoint checks that relays hold so many partitions each and none twice.
func (w *world) wantDisjoint(counts []int, relays ...*relay) {
	w.Helper()
	seen := map[int]int{}
	for i, r := range relays {
		for _, p := range r.partitions() {
			seen[p]++
			if seen[p] > 1 {
				w.Errorf("partition %d is held twice", p)
			}
		}
		if n := len(r.share.Leases); n != counts[i] {
			w.Errorf("relay %d holds %d partitions, want %d", i, n, counts[i])
		}
	}
}

func loneRelay(t TB, open func(TB) Harness) {
	w := begin(t, open)
	r := w.relay(consumer, 1)
	w.same("partitions", r.partitions(), everyPartition())
	w.same("share", r.share.Share, ports.OutboxPartitions)
	for _, l := range r.share.Leases {
		if l.Consumer != consumer || l.Owner != r.owner || !l.Until.Equal(r.now.Add(leaseTime)) {
			w.Errorf("got lease %+v", l)
		}
	}
}

func twoShare(t TB, open func(TB) Harness) {
	w := begin(t, open)
	a, b := w.relay(consumer, 1), w.relay(consumer, 2)
	w.wantDisjoint([]int{16, 0}, a, b) // Nobody is robbed of a lease that is alive.
	w.same("share", b.share.Share, 8)
	a.claim()
	b.claim()
	w.wantDisjoint([]int{8, 8}, a, b)
	a.claim()
	b.claim()
	w.wantDisjoint([]int{8, 8}, a, b)
}

func threeShare(t TB, open func(TB) Harness) {
	w := begin(t, open)
	a, b, c := w.relay(consumer, 1), w.relay(consumer, 2), w.relay(consumer, 3)
	for range 2 {
		a.claim()
		b.claim()
		c.claim()
	}
	w.wantDisjoint([]int{6, 5, 5}, a, b, c)
	w.same("shares", [3]int{a.share.Share, b.share.Share, c.share.Share}, [3]int{6, 5, 5})
}

func renews(t TB, open func(TB) Harness) {
	w := begin(t, open)
	a := w.relay(consumer, 1)
	first := a.share.Leases
	a.now = after(20)
	a.claim()
	for i, l := range a.share.Leases {
		if l.Token != first[i].Token || !l.Until.Equal(after(50)) {
			w.Errorf("lease %+v became %+v", first[i], l)
		}
	}
	b := &relay{world: w, consumer: consumer, owner: uuid(2), now: after(49)}
	b.claim()
	w.wantDisjoint([]int{16, 0}, a, b)
}

func takesOver(t TB, open func(TB) Harness) {
	w := begin(t, open)
	a := w.relay(consumer, 1)
	b := &relay{world: w, consumer: consumer, owner: uuid(2), now: after(30)}
	b.claim()
	w.same("partitions", b.partitions(), everyPartition()) // The other takes part no longer.
	for i, l := range b.share.Leases {
		if l.Token <= a.share.Leases[i].Token {
			w.Errorf("partition %d has token %d, after %d", l.Partition, l.Token, a.share.Leases[i].Token)
		}
	}
}

func releases(t TB, open func(TB) Harness) {
	w := begin(t, open)
	a := w.relay(consumer, 1)
	w.must("Release", w.Outbox.Release(w.Context(), consumer, a.owner))
	b := w.relay(consumer, 2)
	w.same("partitions", b.partitions(), everyPartition())
	w.must("Release of nothing", w.Outbox.Release(w.Context(), consumer, uuid(3)))
	w.must("Release of nothing", w.Outbox.Release(w.Context(), "nobody", uuid(3)))
	w.wantGone("Release", w.Outbox.Release(w.gone(), consumer, b.owner))
	c := w.relay(consumer, 3)
	w.same("partitions", len(c.partitions()), 0)
}

func consumersLease(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.relay(consumer, 1)
	w.same("partitions", w.relay("another", 2).partitions(), everyPartition())
}

func manyClaim(t TB, open func(TB) Harness) {
	w := begin(t, open)
	var mu sync.Mutex
	holders := map[int]int{}
	race(func(caller int) {
		r := &relay{world: w, consumer: consumer, owner: uuid(1 + caller), now: base}
		share, err := r.tryClaim()
		mu.Lock()
		defer mu.Unlock()
		if err != nil {
			w.Errorf("Claim: %v", err)
		}
		for _, l := range share.Leases {
			holders[l.Partition]++
		}
	})
	for p := range ports.OutboxPartitions {
		if holders[p] != 1 {
			w.Errorf("partition %d was given to %d relays", p, holders[p])
		}
	}
}

func leasesReopened(t TB, open func(TB) Harness) {
	w := begin(t, open)
	a := w.relay(consumer, 1)
	w = w.reopened()
	w.wantDisjoint([]int{16, 0}, a, w.relay(consumer, 2))
}

func claimGone(t TB, open func(TB) Harness) {
	w := begin(t, open)
	_, err := w.Outbox.Claim(w.gone(), ports.OutboxClaim{Consumer: consumer, Owner: uuid(1), At: base, Until: base.Add(leaseTime)})
	w.wantGone("Claim", err)
	w.same("partitions", w.relay(consumer, 2).partitions(), everyPartition())
}
