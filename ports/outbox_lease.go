package ports

import (
	"bytes"
	"crypto/sha256"
	"time"
)

// OutboxPartitions is into how many partitions events are dealt, and so how many relays can share a consumer's work.
// Cursors are kept per partition, so it never changes.
const OutboxPartitions = 16

// OutboxTTL is how long events stay after all consumers have taken them: so long what was done with them can be looked
// into, and a new consumer learns of it.
const OutboxTTL = 7 * 24 * time.Hour

// PartitionOf is the partition of an aggregate's events: from the first byte of SHA-256, which every store and database
// can compute.
func PartitionOf(aggregate string) int {
	sum := sha256.Sum256([]byte(aggregate))
	return int(sum[0]) % OutboxPartitions
}

// OutboxClaim asks for a share of a consumer's work.
type OutboxClaim struct {
	Consumer string
	Owner    [16]byte // Names the relay; never zero.
	At       time.Time
	Until    time.Time // When others may take over what is not renewed.
}

// Lease is the right to deliver a partition's events to a consumer.
type Lease struct {
	Consumer  string
	Partition int
	Owner     [16]byte // Zero when the partition is free.
	Token     uint64   // Of this holding; a new holder has a higher one.
	Until     time.Time
}

// OutboxShare is what a claim gave.
type OutboxShare struct {
	Leases []Lease // By partition.
	Share  int     // How many partitions are its even share; with fewer, ask again soon, for others give theirs up.
}

// Shares is what a claim changes, as partitions.
type Shares struct {
	Keep, Drop, Take []int
	Share            int
}

// ShareOut is the pure meaning of a claim, for every store: of the leases of a consumer, one for each partition in
// order, and of the relays that take part, by their owners. The shares differ by one partition at most, the lower owners
// having more, so that all partitions are shared out. A relay keeps what it has up to its share, the lowest partitions
// first, and takes what is free or over up to it.
func ShareOut(leases []Lease, relays [][16]byte, c OutboxClaim) Shares {
	all, before := 1, 0 // With who claims, whether it is listed or not.
	for _, o := range relays {
		switch bytes.Compare(o[:], c.Owner[:]) {
		case -1:
			before++
			all++
		case 1:
			all++
		}
	}
	out := Shares{Share: len(leases) / all}
	if before < len(leases)%all {
		out.Share++
	}
	for _, l := range leases {
		switch {
		case l.Owner != c.Owner:
		case len(out.Keep) < out.Share:
			out.Keep = append(out.Keep, l.Partition)
		default:
			out.Drop = append(out.Drop, l.Partition)
		}
	}
	for _, l := range leases {
		free := l.Owner == [16]byte{} || l.Owner != c.Owner && !l.Until.After(c.At)
		if free && len(out.Keep)+len(out.Take) < out.Share {
			out.Take = append(out.Take, l.Partition)
		}
	}
	return out
}
