package inventory

import (
	"cmp"
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// LevelKey names a level.
type LevelKey struct {
	SKU      ref.SKU
	Location Location
}

// Compare orders levels, for stores that lock in one global order.
func (k LevelKey) Compare(o LevelKey) int {
	return cmp.Or(cmp.Compare(k.SKU, o.SKU), cmp.Compare(k.Location, o.Location))
}

// Level is the stock of a SKU at a location. Invariant: 0 ≤ Reserved ≤ OnHand ≤ QuantityMax.
type Level struct {
	LevelKey
	OnHand   int64
	Reserved int64
}

// Available is what is not claimed.
func (l Level) Available() int64 { return l.OnHand - l.Reserved }

// MovementKind tells why a level changed.
type MovementKind string

// The kinds of movements.
const (
	MoveReceive  MovementKind = "receive"  // Goods came in.
	MoveAdjust   MovementKind = "adjust"   // A correction by a difference.
	MoveCount    MovementKind = "count"    // A correction to what was counted.
	MoveDamage   MovementKind = "damage"   // Goods are no longer fit to be sold.
	MoveTransfer MovementKind = "transfer" // Goods went from one location to another: a movement at each.
	MoveClaim    MovementKind = "claim"    // An order claimed some, or what it was owed came in.
	MoveRelease  MovementKind = "release"  // A claim was given up or taken away.
	MoveConsume  MovementKind = "consume"  // Claimed goods left.
	MoveRestock  MovementKind = "restock"  // Goods came back.
)

// Movement is an entry of the stock ledger; it is never changed. Cause and Kind are unique together at a level, so
// that no cause works twice.
type Movement struct {
	LevelKey
	Kind          MovementKind
	OnHand        int64 // Difference.
	Reserved      int64 // Difference.
	OnHandAfter   int64
	ReservedAfter int64
	Cause         string // The key of the adjustment; or the public id of the claim, with "/" and how much in all where it is not the whole claim.
	Reason        string // In words, from who made an adjustment.
	At            time.Time
}

// Adjustment is a change of what is on hand. Key makes it idempotent: one key changes stock once.
type Adjustment struct {
	Key string
	LevelKey
	Kind     MovementKind // MoveReceive, MoveDamage and MoveTransfer of Delta goods; MoveAdjust by Delta; MoveCount to Quantity.
	Delta    int64        // How many, more than 0; of an adjustment the difference, either way.
	To       Location     // Of a transfer: where the goods go. Claimed goods stay where they are.
	Expected *int64       // Of a count: what was on hand when the counting began; the count fails when it no longer is. Nil: there must be no level yet.
	Quantity int64        // Of a count.
	Reason   string       // In words, at most ReasonMax characters; damage needs one.
	Event    event.Event  // Told when it changes something, and not when its key was applied before.
}

// Position is all that is known of a SKU's stock at one moment.
type Position struct {
	SKU    ref.SKU
	Levels []Level
	// Movements counts the ledger's entries; OnHandSum and ReservedSum are the sums of their differences, which are
	// those of the levels as long as the ledger is true.
	Movements   int64
	OnHandSum   int64
	ReservedSum int64
	// Owed is what is owed of the SKU in all; OwedSum adds up what each claim is owed, which is the same as long as
	// the promises are true.
	Owed    int64
	OwedSum int64
}

// Totals adds up the levels.
func (p Position) Totals() (onHand, reserved int64) {
	for _, l := range p.Levels {
		onHand += l.OnHand
		reserved += l.Reserved
	}
	return onHand, reserved
}

// Entry is a movement with its place in the ledger of its SKU. Places ascend in time and mean nothing else.
type Entry struct {
	Place uint64
	Movement
}

// Movements is a page of the ledger of a SKU, the newest first.
type Movements struct {
	Entries []Entry
	Next    uint64 // The place before which the next page goes on; 0 when there is none.
}
