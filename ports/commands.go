package ports

import (
	"context"
	"time"
)

// CommandTTL is how long a key lives: longer than a weekend, within which a stuck client is noticed and retried.
const CommandTTL = 72 * time.Hour

// CommandKey names one command: the idempotency key that the caller chose, in the scope of who calls and what for,
// so that nobody reads another's answer by guessing a key.
type CommandKey struct {
	Actor string // Who: a customer, an API key, or the digest of a cart's id; never a credential itself.
	Route string // What for, such as "checkout".
	Key   string // The caller's own.
}

// Compare orders keys, for stores that lock in one global order.
func (k CommandKey) Compare(o CommandKey) int {
	for _, p := range [...][2]string{{k.Actor, o.Actor}, {k.Route, o.Route}, {k.Key, o.Key}} {
		if p[0] != p[1] {
			if p[0] < p[1] {
				return -1
			}
			return 1
		}
	}
	return 0
}

// CommandStep is what is done to the record of a command.
type CommandStep uint8

// The steps. Begin writes the record, which must not exist; Take takes over an unanswered record whose lease is
// over; Finish answers the record, which must be unanswered and held by Owner; Drop deletes such a one, and is the
// CommandDesk's alone.
const (
	CommandBegin CommandStep = iota
	CommandTake
	CommandFinish
	CommandDrop
)

// Command rides in a commit and becomes true with it, or not at all; or it comes alone, see CommandDesk.
type Command struct {
	Step        CommandStep
	Key         CommandKey
	Fingerprint [32]byte // Of the request's meaning: the same key with another fingerprint is refused.
	Owner       [16]byte // Names this attempt; only who holds the lease may finish.
	Subject     string   // The public id of what the command made, such as an order's; on Finish "" leaves what it is.
	At          time.Time
	Lease       time.Time // Until when the owner may be presumed at work.
	Answer      *Answer   // On Begin and Take too, when nothing is left to do.
}

// Answer is what a command ended in. It names things and holds none of them, so that a replay shows them as they
// are now.
type Answer struct {
	Code   string // "" for success, else the code of the fault.
	Detail string // The fault's public message.
}

// CommandRecord is what is stored of a command.
type CommandRecord struct {
	Key         CommandKey
	Fingerprint [32]byte
	Owner       [16]byte
	Subject     string
	CreatedAt   time.Time
	Lease       time.Time
	Answer      *Answer // nil while unanswered.
}

// Commands reads the records of commands, which commits and the CommandDesk write.
//
// Contract: [commands-find] Find gives the record as last committed, and nil for a key that has none. Errors: kind
// Unavailable. Safe for concurrent use.
type Commands interface {
	Find(ctx context.Context, key CommandKey) (*CommandRecord, error)
}

// CommandSweeper takes away the records of old commands, so that they do not pile up.
//
// Contract: [commands-sweep] SweepCommands deletes at most limit answered records that were made before a time, the oldest
// first, and tells how many; an unanswered one stays, for somebody may still finish it, and the key of a deleted one is
// free again. Errors: kind Unavailable. Safe for concurrent use.
type CommandSweeper interface {
	SweepCommands(ctx context.Context, before time.Time, limit int) (deleted int, err error)
}
