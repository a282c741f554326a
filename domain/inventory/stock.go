package inventory

import (
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Location is a place that holds stock, such as a shop or a warehouse.
type Location string

// DefaultLocation is the location of a shop that made none.
const DefaultLocation Location = "main"

// QuantityMax bounds every count, far below the overflow of a sum of any number of levels.
const QuantityMax = 1_000_000_000

// LevelKey names a level.
type LevelKey struct {
	SKU      ref.SKU
	Location Location
}

// Level is the stock of a SKU at a location. Invariant: 0 ≤ Reserved ≤ OnHand ≤ QuantityMax.
type Level struct {
	LevelKey
	OnHand   int64
	Reserved int64
}

// Available is what can still be claimed.
func (l Level) Available() int64 { return l.OnHand - l.Reserved }

// ClaimState is where a claim is in its life.
type ClaimState string

// The states: Held is the first, each other one is final.
const (
	Held     ClaimState = "held"
	Consumed ClaimState = "consumed"
	Released ClaimState = "released"
	Expired  ClaimState = "expired"
)

// Claim is what an order holds of one SKU, at one or more locations.
type Claim struct {
	ID    ref.ClaimID
	Owner string // The public id of the order.
	SKU   ref.SKU
	State ClaimState
	Parts []Part
	Back  int64     // How many of a consumed claim's goods came back in all.
	Until time.Time // When a held claim may be taken away; zero for never.
}

// Part is the piece of a claim at one location.
type Part struct {
	Location Location `json:"location"`
	Quantity int64    `json:"quantity"`
}

// Quantity is the sum of the parts.
func (c Claim) Quantity() int64 {
	var n int64
	for _, p := range c.Parts {
		n += p.Quantity
	}
	return n
}

// MovementKind tells why a level changed.
type MovementKind string

// The kinds of movements.
const (
	MoveReceive MovementKind = "receive" // Goods came in.
	MoveAdjust  MovementKind = "adjust"  // A correction by a difference.
	MoveCount   MovementKind = "count"   // A correction to what was counted.
	MoveClaim   MovementKind = "claim"   // An order claimed some.
	MoveRelease MovementKind = "release" // A claim was given up.
	MoveConsume MovementKind = "consume" // Claimed goods left.
	MoveRestock MovementKind = "restock" // Goods came back.
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
	Cause         string // The public id of the claim, or the key of the adjustment.
	Reason        string // In words, from who made an adjustment.
	At            time.Time
}

// Adjustment is a change of what is on hand. Key makes it idempotent: one key changes a level once.
type Adjustment struct {
	Key string
	LevelKey
	Kind     MovementKind // MoveReceive or MoveAdjust by Delta, MoveCount to Quantity.
	Delta    int64
	Expected *int64 // Of a count: what was on hand when the counting began; the count fails when it no longer is. Nil: there must be no level yet.
	Quantity int64
	Reason   string
}

// Commit is all that must become true together.
type Commit struct {
	Adjustments []Adjustment
	At          time.Time
	Events      []event.Event
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
}

// Totals adds up the levels.
func (p Position) Totals() (onHand, reserved int64) {
	for _, l := range p.Levels {
		onHand += l.OnHand
		reserved += l.Reserved
	}
	return onHand, reserved
}
