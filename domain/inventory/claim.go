package inventory

import (
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/domain/statemachine"
)

// ClaimState is where a claim is in its life.
type ClaimState string

// The states: Held is the first, each other one is final.
const (
	Held     ClaimState = "held"
	Consumed ClaimState = "consumed" // All that was not given up left, and something did.
	Released ClaimState = "released" // All of it was given up.
	Expired  ClaimState = "expired"  // All of it was taken away, its time being over.
)

// ClaimEvent is what happens to a claim.
type ClaimEvent string

// The events of a claim.
const (
	ClaimExtended ClaimEvent = "extend"
	ClaimFilled   ClaimEvent = "fill"         // Goods came in for what it was owed.
	ClaimUsed     ClaimEvent = "consume_part" // Some left; some is still held or owed.
	ClaimReduced  ClaimEvent = "release_part" // Some was given up; some is still held or owed.
	ClaimConsumed ClaimEvent = "consume"      // The last of it left.
	ClaimReleased ClaimEvent = "release"      // The last of it was given up, and nothing had left.
	ClaimExpired  ClaimEvent = "expire"       // Its time was over, and nothing had left.
	ClaimClosed   ClaimEvent = "close"        // The last of it was given up or taken away after some had left.
	ClaimReturned ClaimEvent = "restock"      // Some of what had left came back.
)

// ClaimMachine is the life of a claim: held, then exactly one of consumed, released and expired.
var ClaimMachine = statemachine.Table[ClaimState, ClaimEvent]{
	Name: "claim", Initial: Held, Terminal: []ClaimState{Consumed, Released, Expired},
	Edges: []statemachine.Edge[ClaimState, ClaimEvent]{
		{From: Held, On: ClaimExtended, To: Held},
		{From: Held, On: ClaimFilled, To: Held},
		{From: Held, On: ClaimUsed, To: Held},
		{From: Held, On: ClaimReduced, To: Held},
		{From: Held, On: ClaimReturned, To: Held},
		{From: Held, On: ClaimConsumed, To: Consumed},
		{From: Held, On: ClaimReleased, To: Released},
		{From: Held, On: ClaimExpired, To: Expired},
		{From: Held, On: ClaimClosed, To: Consumed},
		{From: Consumed, On: ClaimReturned, To: Consumed},
	},
}

// Claim is what an order holds of one SKU, at one or more locations, and what it is owed beyond. At every moment
// Quantity is what was claimed: Held, Owed, Gone and Freed add up to it.
type Claim struct {
	ID      ref.ClaimID // Claims are owed to in the order of their ids, which is that of their making.
	Owner   string      // The public id of the order.
	SKU     ref.SKU
	State   ClaimState
	Parts   []Part    // What is held now: of each level it is a part of what is reserved there. None once it is settled.
	Sent    []Part    // What left, in all, and from where.
	Owed    int64     // What is promised beyond stock and has not come in. 0 once it is settled.
	Freed   int64     // What was given up or taken away, in all.
	Back    int64     // How many of the goods that left came back, in all.
	Damaged int64     // How many of those are not fit to be sold.
	Until   time.Time // When a held claim may be taken away; zero for never.
}

// Part is the piece of a claim at one location.
type Part struct {
	Location Location `json:"location"`
	Quantity int64    `json:"quantity"`
}

// Held is what of the claim lies ready for it.
func (c Claim) Held() int64 { return sum(c.Parts) }

// Gone is what of it left, in all.
func (c Claim) Gone() int64 { return sum(c.Sent) }

// Quantity is what was claimed.
func (c Claim) Quantity() int64 { return c.Held() + c.Owed + c.Gone() + c.Freed }

// Lapsed tells whether the claim may be taken away at the moment, its time being over.
func (c Claim) Lapsed(at time.Time) bool {
	return c.State == Held && !c.Until.IsZero() && !at.Before(c.Until)
}

// Clone copies the claim with its lists.
func (c Claim) Clone() Claim {
	c.Parts, c.Sent = slices.Clone(c.Parts), slices.Clone(c.Sent)
	return c
}

// sum adds up the parts.
func sum(parts []Part) int64 {
	var n int64
	for _, p := range parts {
		n += p.Quantity
	}
	return n
}

// add gives the parts with a further one, which joins that of its location.
func add(parts []Part, p Part) []Part {
	out := slices.Clone(parts)
	if i := slices.IndexFunc(out, func(o Part) bool { return o.Location == p.Location }); i >= 0 {
		out[i].Quantity += p.Quantity
		return out
	}
	return append(out, p)
}

// take divides the parts into n that are taken, from the first on, and the rest.
func take(parts []Part, n int64) (taken, rest []Part) {
	for _, p := range parts {
		k := min(p.Quantity, n)
		n -= k
		if k > 0 {
			taken = append(taken, Part{p.Location, k})
		}
		if k < p.Quantity {
			rest = append(rest, Part{p.Location, p.Quantity - k})
		}
	}
	return taken, rest
}
