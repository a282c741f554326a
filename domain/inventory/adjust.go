package inventory

import (
	"fmt"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// AdjustmentsMax is the most adjustments in one commit.
const AdjustmentsMax = 5000

// Adjust applies all of the adjustments, or none. One whose key was applied before changes nothing. Errors:
// CountChanged, BelowZero, Bad; each names the "adjustments[i]" it is about.
func (l *Ledger) Adjust(adjustments []Adjustment) error {
	levels := make(map[LevelKey]Level, len(adjustments))
	known := make(map[LevelKey]bool, len(adjustments))
	keys := make(map[string]bool, len(adjustments))
	for i, a := range adjustments {
		at := fmt.Sprintf("adjustments[%d]", i)
		v, touched := levels[a.LevelKey]
		if !touched {
			v, known[a.LevelKey] = l.levels[a.LevelKey]
		}
		if l.applied[a.Key] || keys[a.Key] {
			continue
		}
		keys[a.Key] = true
		if err := a.admissible(v, known[a.LevelKey]); err != nil {
			return err.Under(at)
		}
		v.OnHand += a.difference(v)
		levels[a.LevelKey], known[a.LevelKey] = v, true
	}
	for _, a := range adjustments {
		if l.applied[a.Key] {
			continue
		}
		l.applied[a.Key] = true
		l.move(a.LevelKey, a.Kind, a.difference(l.levels[a.LevelKey]), 0, a.Key, a.Reason)
	}
	return nil
}

// difference is what the adjustment adds to the level.
func (a Adjustment) difference(v Level) int64 {
	if a.Kind == MoveCount {
		return a.Quantity - v.OnHand
	}
	return a.Delta
}

// admissible checks the adjustment alone and against the level.
func (a Adjustment) admissible(v Level, known bool) *fault.Error {
	if _, err := ref.ParseSKU(string(a.SKU)); err != nil {
		return fault.Of(err).At("sku")
	}
	switch {
	case a.Key == "":
		return BrokenRule.New("an adjustment has a key").At("key")
	case a.Location == "":
		return BrokenRule.New("an adjustment names a location").At("location")
	case a.Kind != MoveReceive && a.Kind != MoveAdjust && a.Kind != MoveCount:
		return BrokenRule.New("an adjustment receives, adjusts or counts").At("kind")
	case a.Kind == MoveReceive && a.Delta < 1:
		return BrokenRule.New("what is received is more than 0").At("delta")
	case a.Delta > QuantityMax || a.Delta < -QuantityMax || a.Quantity > QuantityMax || a.Quantity < 0:
		return BrokenRule.Newf("a quantity is 0 to %d", int64(QuantityMax)).At("quantity")
	}
	if a.Kind == MoveCount {
		if a.Expected == nil && known {
			return CountChanged.Newf("%d are on hand already", v.OnHand).With("sku", string(a.SKU)).With("on_hand", v.OnHand)
		}
		if a.Expected != nil && *a.Expected != v.OnHand {
			return CountChanged.Newf("%d are on hand, not %d", v.OnHand, *a.Expected).With("sku", string(a.SKU)).With("on_hand", v.OnHand)
		}
	}
	after := v.OnHand + a.difference(v)
	if after > QuantityMax {
		return BrokenRule.Newf("at most %d can be on hand", int64(QuantityMax)).At("quantity")
	}
	if after < v.Reserved {
		return BelowZero.Newf("%d are claimed", v.Reserved).With("sku", string(a.SKU)).With("reserved", v.Reserved)
	}
	return nil
}
