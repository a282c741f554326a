package ports

import (
	"context"
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
)

// Cursor is a place in the outbox: everything at or before it was delivered to one consumer. Stores give it
// meaning; others only hand it back. The zero value is the start.
type Cursor struct {
	Position uint64
}

// Delivery is an event with its place in the outbox.
type Delivery struct {
	Event  event.Event
	Cursor Cursor
}

// Outbox reads the events that commits wrote, for one relay. Commits write it, nobody else.
//
// Contract: [outbox-after] Pending gives events after the consumer's cursor in one order that all calls agree on;
// [outbox-committed] none of a commit that was refused or is still running, and none is ever skipped because an
// earlier one was written by a slower commit; [outbox-aggregate] the order of one aggregate's events is that of its
// commits; [outbox-ack] after Ack, Pending of that consumer starts behind the cursor, also after a restart, and an
// Ack with an older cursor changes nothing; [outbox-wake] Wake's channel has a value soon after a commit of this
// process wrote events. Errors: kind Unavailable. Safe for concurrent use.
type Outbox interface {
	Pending(ctx context.Context, consumer string, limit int) ([]Delivery, error)
	Ack(ctx context.Context, consumer string, through Cursor) error
	// Oldest is when the oldest event that the consumer still owes was written, and the zero time when it owes none.
	Oldest(ctx context.Context, consumer string) (time.Time, error)
	Wake() <-chan struct{}
}
