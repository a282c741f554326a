package ordering

import (
	"context"
	"time"
)

// InboxTTL is how long an event of a provider that is done with is kept: as long as somebody may ask what became of it,
// for which card schemes give a buyer four months.
const InboxTTL = 180 * 24 * time.Hour

// InboxSweeper is the capability of a PaymentInbox to take away what is done with, so that it does not pile up. Find it
// with ports.As.
//
// Contract: [inbox-sweep] SweepInbox deletes at most limit events that a commit marked as done with and that were kept
// before the moment, and tells how many; those that wait stay, however old. Errors: kind Unavailable. Safe for concurrent
// use.
type InboxSweeper interface {
	SweepInbox(ctx context.Context, before time.Time, limit int) (int, error)
}
