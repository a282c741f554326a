package inventory

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// adjust makes one change of what is on hand, unless its key was applied before.
func (l *Ledger) adjust(a Adjustment) *fault.Error {
	if _, done := l.applied.get(a.Key); done {
		return nil
	}
	if err := a.violation(); err != nil {
		return err
	}
	if err := l.takes(a.Location, a.SKU, "location"); err != nil {
		return err
	}
	if a.Kind == MoveTransfer {
		if err := l.takes(a.To, a.SKU, "to"); err != nil {
			return err
		}
	}
	difference, err := l.difference(a)
	if err != nil {
		return err
	}
	if err := l.room(a.LevelKey, difference); err != nil {
		return err
	}
	if a.Kind == MoveTransfer {
		to := LevelKey{a.SKU, a.To}
		if err := l.room(to, a.Delta); err != nil {
			return err
		}
		l.move(a.LevelKey, a.Kind, difference, 0, a.Key, a.Reason)
		l.move(to, a.Kind, a.Delta, 0, a.Key, a.Reason)
	} else {
		l.move(a.LevelKey, a.Kind, difference, 0, a.Key, a.Reason)
	}
	l.applied.set(a.Key, a.Key)
	if a.Event.Name != "" {
		l.events = append(l.events, a.Event)
	}
	return nil
}

// violation is the first rule that the adjustment breaks by itself.
func (a Adjustment) violation() *fault.Error {
	if _, err := ref.ParseSKU(string(a.SKU)); err != nil {
		return fault.Of(err).At("sku")
	}
	kinds := []MovementKind{MoveReceive, MoveAdjust, MoveCount, MoveDamage, MoveTransfer}
	goods := a.Kind == MoveReceive || a.Kind == MoveDamage || a.Kind == MoveTransfer
	switch {
	case a.Key == "" || len(a.Key) > KeyMax:
		return BrokenRule.Newf("an adjustment has a key of 1 to %d bytes", KeyMax).At("key")
	case a.Location == "":
		return BrokenRule.New("an adjustment names a location").At("location")
	case !slices.Contains(kinds, a.Kind):
		return BrokenRule.New("an adjustment receives, adjusts, counts, damages or transfers").At("kind")
	case goods && a.Delta < 1:
		return BrokenRule.New("what is received, damaged or transferred is more than 0").At("delta")
	case a.Delta > QuantityMax || a.Delta < -QuantityMax || a.Quantity > QuantityMax || a.Quantity < 0:
		return BrokenRule.Newf("a quantity is 0 to %d", int64(QuantityMax)).At("quantity")
	case (a.Kind == MoveTransfer) == (a.To == "") || a.To == a.Location:
		return BrokenRule.New("a transfer, and nothing else, goes to another location").At("to")
	case utf8.RuneCountInString(a.Reason) > ReasonMax || a.Kind == MoveDamage && a.Reason == "":
		return BrokenRule.Newf("a reason has at most %d characters, and damage needs one", ReasonMax).At("reason")
	}
	return nil
}

// takes refuses a location that is not known or closed.
func (l *Ledger) takes(at Location, sku ref.SKU, field string) *fault.Error {
	s, known := l.site(at, sku)
	switch {
	case !known:
		return UnknownLocation.Newf("there is no location %q; make it first", at).At(field)
	case s.State != SiteOpen:
		return LocationClosed.Newf("the location %q is closed", at).At(field)
	}
	return nil
}

// difference is what the adjustment adds to its level.
func (l *Ledger) difference(a Adjustment) (int64, *fault.Error) {
	switch a.Kind {
	case MoveDamage, MoveTransfer:
		return -a.Delta, nil
	case MoveCount:
	default:
		return a.Delta, nil
	}
	v, known := l.levels.get(a.LevelKey)
	switch {
	case a.Expected == nil && known:
		return 0, CountChanged.Newf("%d are on hand already", v.OnHand).With("sku", string(a.SKU)).With("on_hand", v.OnHand)
	case a.Expected != nil && *a.Expected != v.OnHand:
		return 0, CountChanged.Newf("%d are on hand, not %d", v.OnHand, *a.Expected).With("sku", string(a.SKU)).With("on_hand", v.OnHand)
	}
	return a.Quantity - v.OnHand, nil
}

// room refuses a difference that would bring a level out of its bounds.
func (l *Ledger) room(key LevelKey, difference int64) *fault.Error {
	v, _ := l.levels.get(key)
	after := v.OnHand + difference
	switch {
	case after > QuantityMax:
		return BrokenRule.Newf("at most %d can be on hand", int64(QuantityMax)).At("quantity")
	case after < v.Reserved:
		return BelowZero.Newf("%d are claimed", v.Reserved).With("sku", string(key.SKU)).With("reserved", v.Reserved)
	}
	return nil
}

// at is the path of the i-th element of a list in a commit.
func at(list string, i int) string { return fmt.Sprintf("%s[%d]", list, i) }
