package ports

import (
	"context"
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
)

// Cursor is a place in the outbox. Places ascend, with gaps; stores give them and others only hand them back. The zero
// value is before everything.
type Cursor struct {
	Position uint64
}

// Delivery is an event with its place in the outbox.
type Delivery struct {
	Event     event.Event
	Cursor    Cursor
	Partition int  // PartitionOf its aggregate.
	Parked    bool // Its aggregate is parked: keep it, unless all that waits before it was taken.
}

// Outbox hands the events that commits wrote to relays. Commits write it, nobody else.
//
// Each consumer has a cursor in each of OutboxPartitions partitions. A relay claims partitions for a while, reads what
// is behind their cursors, and acknowledges what its handler took. An event that is not taken is kept aside, with all
// later ones of its aggregate: the aggregate is parked, and others flow. When it is due the relay tries again, in
// order; an aggregate of which nothing waits any more is parked no longer. Times come from the caller, so servers must
// agree on the time within a fraction of a lease; what they disagree on costs double deliveries, never a lost one.
//
// Contract: [outbox-lease] Claim takes part in a consumer's work until the given time: it renews the partitions that the
// owner has, takes such as are free or whose lease is over, and gives up what is beyond an even share among the relays
// that take part, as ShareOut says; no partition is leased to two. Release leaves, and frees the owner's partitions at
// once; [outbox-fence] a partition has a new token each time that it changes hands, Read gives nothing of a lease that
// another has taken since or that was released, and Ack refuses it with LeaseLost and changes nothing; a lease that is
// over stands while nobody took it; [outbox-after] Read gives for each lease at most limit events behind its cursor,
// whole and in the order of their cursors, and marks those of parked aggregates; the partition of an event is
// PartitionOf its aggregate, and all calls and consumers agree on its cursor; [outbox-committed] none of a commit that
// was refused or is still running is given, and none is ever skipped because an earlier one was written by a slower
// commit; [outbox-aggregate] the order of one aggregate's events is that of its commits; [outbox-ack] after Ack, Read
// starts behind Through, for that consumer alone and also after a restart, and an older Through changes nothing;
// [outbox-park] what Ack keeps waits in order, and is due for Read once its aggregate's time has come, with the count
// and cause of its failures, until it is taken; events of an aggregate of which none waits are not marked;
// [outbox-owed] Pending gives at most limit events that the consumer has not taken, parked ones too, in the order of
// their cursors and without a lease; [outbox-oldest] Oldest is when the oldest of those happened, and the zero time when
// there are none; [outbox-wake] Wake's channel is closed soon after this process commits events after the call, for
// everyone who called. Errors: LeaseLost; kind Unavailable. Safe for concurrent use.
type Outbox interface {
	Claim(ctx context.Context, c OutboxClaim) (OutboxShare, error)
	Release(ctx context.Context, consumer string, owner [16]byte) error
	Read(ctx context.Context, r OutboxRead) (Reading, error)
	Ack(ctx context.Context, p Progress) error

	Pending(ctx context.Context, consumer string, limit int) ([]Delivery, error)
	Oldest(ctx context.Context, consumer string) (time.Time, error)
	Wake() <-chan struct{}
}

// ParkedEvents is for who looks after what consumers could not take.
//
// Contract: [parked-list] Parked gives at most limit of a consumer's parked aggregates by name, from behind the given
// one on, each with how often and why it failed, when it is tried again, how many of its events wait, and the first
// of them; [parked-retry] Retry makes an aggregate due and forgets how often it failed; [parked-skip] Skip takes one
// waiting event away, for a reason that is kept and that Skipped shows, newest first, and makes the rest due; what is
// not parked is Missing, and a skip without a reason is Bad. Errors: fault.Missing, fault.Bad; kind Unavailable. Safe
// for concurrent use.
type ParkedEvents interface {
	Parked(ctx context.Context, consumer, after string, limit int) ([]ParkedAggregate, error)
	Skipped(ctx context.Context, consumer string, limit int) ([]SkippedEvent, error)
	Retry(ctx context.Context, consumer, aggregate string, at time.Time) error
	Skip(ctx context.Context, s EventSkip) error
}

// OutboxSweeper takes away what nobody needs any more.
//
// Contract: [outbox-sweep] SweepEvents deletes at most limit events that happened before a time and that every known consumer
// has taken or skipped, and tells how many; what is owed or parked stays, and no cursor moves. A consumer is known from
// its first Claim on. [outbox-forget] Forget ends a consumer: it owes nothing any more, and one of the same name starts
// anew. Errors: kind Unavailable. Safe for concurrent use.
type OutboxSweeper interface {
	SweepEvents(ctx context.Context, before time.Time, limit int) (deleted int, err error)
	Forget(ctx context.Context, consumer string) error
}
