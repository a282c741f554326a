package inventory

import (
	"cmp"
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/ref"
)

// EffectKind tells what an order does to stock.
type EffectKind uint8

// The kinds of effects. All but ClaimStock name a claim that exists.
const (
	ClaimStock   EffectKind = iota // Hold Quantity of SKU until Until.
	ExtendClaim                    // Hold until Until, zero for ever.
	ConsumeClaim                   // The goods left.
	ReleaseClaim                   // Give it up.
	RestockClaim                   // Of a consumed claim's goods Quantity came back, in all.
	ExpireClaim                    // Its time is over: take it away.
)

// Effect is what an order does to stock. Each is idempotent: the second time it changes nothing.
type Effect struct {
	Kind     EffectKind
	Claim    ref.ClaimID
	Owner    string
	SKU      ref.SKU
	Quantity int64
	Until    time.Time
}

// Short is a claim that could not be had: less is available than it asks for.
type Short struct {
	Claim     ref.ClaimID
	SKU       ref.SKU
	Available int64 // What the first claim that fails could have had.
}

// Ledger judges effects and adjustments against the facts it was made of, and gathers what they change. It is pure
// and no store: a store loads the levels and claims under its locks, asks the ledger, and writes Changes. Each call
// of Apply or Adjust acts wholly or not at all, and sees what those before it did. Not safe for concurrent use.
type Ledger struct {
	levels    map[LevelKey]Level
	bySKU     map[ref.SKU][]Location // In order of priority.
	claims    map[ref.ClaimID]Claim
	applied   map[string]bool // Keys of adjustments that the store has.
	movements []Movement
	changed   struct {
		levels map[LevelKey]bool
		claims map[ref.ClaimID]bool
	}
	at time.Time
}

// NewLedger starts from facts: levels in the order in which claims should draw on locations, claims that the effects
// name, and those keys of the adjustments that were applied before. At is the time of all its movements.
func NewLedger(levels []Level, claims []Claim, applied []string, at time.Time) *Ledger {
	l := &Ledger{
		levels: make(map[LevelKey]Level, len(levels)), bySKU: make(map[ref.SKU][]Location, len(levels)),
		claims: make(map[ref.ClaimID]Claim, len(claims)), applied: make(map[string]bool, len(applied)), at: at,
	}
	for _, v := range levels {
		l.levels[v.LevelKey] = v
		l.bySKU[v.SKU] = append(l.bySKU[v.SKU], v.Location)
	}
	for _, c := range claims {
		l.claims[c.ID] = c
	}
	for _, k := range applied {
		l.applied[k] = true
	}
	l.changed.levels, l.changed.claims = map[LevelKey]bool{}, map[ref.ClaimID]bool{}
	return l
}

// Changes is what a ledger gathered, for a store to write: levels and claims sorted by key, movements in order.
type Changes struct {
	Levels    []Level
	Claims    []Claim
	Movements []Movement
}

// Changes gives what changed since NewLedger.
func (l *Ledger) Changes() Changes {
	out := Changes{Movements: l.movements}
	for k := range l.changed.levels {
		out.Levels = append(out.Levels, l.levels[k])
	}
	for id := range l.changed.claims {
		out.Claims = append(out.Claims, l.claims[id])
	}
	slices.SortFunc(out.Levels, func(a, b Level) int { return a.LevelKey.Compare(b.LevelKey) })
	slices.SortFunc(out.Claims, func(a, b Claim) int { return a.ID.Compare(b.ID) })
	return out
}

// Compare orders levels, for stores that lock in one global order.
func (k LevelKey) Compare(o LevelKey) int {
	return cmp.Or(cmp.Compare(k.SKU, o.SKU), cmp.Compare(k.Location, o.Location))
}

// move changes a level and writes the movement.
func (l *Ledger) move(key LevelKey, kind MovementKind, onHand, reserved int64, cause, reason string) {
	v, known := l.levels[key]
	if !known {
		v.LevelKey = key
		l.bySKU[key.SKU] = append(l.bySKU[key.SKU], key.Location)
	}
	v.OnHand += onHand
	v.Reserved += reserved
	l.levels[key] = v
	l.changed.levels[key] = true
	l.movements = append(l.movements, Movement{
		LevelKey: key, Kind: kind, OnHand: onHand, Reserved: reserved, OnHandAfter: v.OnHand, ReservedAfter: v.Reserved,
		Cause: cause, Reason: reason, At: l.at,
	})
}
