package inventory_test

import (
	"testing"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
)

// change makes an adjustment of SKU A at the location "a".
func change(key string, kind inventory.MovementKind, delta int64) inventory.Adjustment {
	return inventory.Adjustment{Key: key, LevelKey: inventory.LevelKey{SKU: "A", Location: "a"}, Kind: kind, Delta: delta}
}

// counted makes a count of SKU A at the location "a".
func counted(key string, expected *int64, quantity int64) inventory.Adjustment {
	a := change(key, inventory.MoveCount, 0)
	a.Expected, a.Quantity = expected, quantity
	return a
}

func ptr(n int64) *int64 { return &n }

func TestAdjust(t *testing.T) {
	t.Parallel()
	nowhere, nothing := change("k", inventory.MoveReceive, 1), change("k", inventory.MoveReceive, 1)
	nowhere.Location, nothing.SKU = "", ""
	for name, tc := range map[string]struct {
		adjustments []inventory.Adjustment
		class       *fault.Class
		field       string
		onHand      int64
		movements   int
	}{
		"received":              {[]inventory.Adjustment{change("k", inventory.MoveReceive, 5)}, nil, "", 15, 1},
		"taken off":             {[]inventory.Adjustment{change("k", inventory.MoveAdjust, -6)}, nil, "", 4, 1},
		"counted":               {[]inventory.Adjustment{counted("k", ptr(10), 7)}, nil, "", 7, 1},
		"one after the other":   {[]inventory.Adjustment{change("k", inventory.MoveReceive, 1), counted("l", ptr(11), 20), change("m", inventory.MoveAdjust, -16)}, nil, "", 4, 3},
		"a key twice":           {[]inventory.Adjustment{change("k", inventory.MoveAdjust, -6), change("k", inventory.MoveAdjust, -6)}, nil, "", 4, 1},
		"a key of before":       {[]inventory.Adjustment{change("before", inventory.MoveAdjust, -99)}, nil, "", 10, 0},
		"below what is claimed": {[]inventory.Adjustment{change("k", inventory.MoveAdjust, -7)}, &inventory.BelowZero, "adjustments[0]", 10, 0},
		"the second fails":      {[]inventory.Adjustment{change("k", inventory.MoveReceive, 1), change("l", inventory.MoveAdjust, -8)}, &inventory.BelowZero, "adjustments[1]", 10, 0},
		"counted late":          {[]inventory.Adjustment{counted("k", ptr(9), 7)}, &inventory.CountChanged, "adjustments[0]", 10, 0},
		"counted as new":        {[]inventory.Adjustment{counted("k", nil, 7)}, &inventory.CountChanged, "adjustments[0]", 10, 0},
		"counted below":         {[]inventory.Adjustment{counted("k", ptr(10), 3)}, &inventory.BelowZero, "adjustments[0]", 10, 0},
		"no SKU":                {[]inventory.Adjustment{nothing}, nil, "adjustments[0].sku", 10, 0},
		"no key":                {[]inventory.Adjustment{change("", inventory.MoveReceive, 1)}, &inventory.BrokenRule, "adjustments[0].key", 10, 0},
		"no location":           {[]inventory.Adjustment{nowhere}, &inventory.BrokenRule, "adjustments[0].location", 10, 0},
		"a kind of claims":      {[]inventory.Adjustment{change("k", inventory.MoveConsume, 1)}, &inventory.BrokenRule, "adjustments[0].kind", 10, 0},
		"nothing received":      {[]inventory.Adjustment{change("k", inventory.MoveReceive, 0)}, &inventory.BrokenRule, "adjustments[0].delta", 10, 0},
		"too much":              {[]inventory.Adjustment{change("k", inventory.MoveReceive, inventory.QuantityMax+1)}, &inventory.BrokenRule, "adjustments[0].quantity", 10, 0},
		"far too little":        {[]inventory.Adjustment{change("k", inventory.MoveAdjust, -inventory.QuantityMax-1)}, &inventory.BrokenRule, "adjustments[0].quantity", 10, 0},
		"counted too much":      {[]inventory.Adjustment{counted("k", ptr(10), inventory.QuantityMax+1)}, &inventory.BrokenRule, "adjustments[0].quantity", 10, 0},
		"counted below zero":    {[]inventory.Adjustment{counted("k", ptr(10), -1)}, &inventory.BrokenRule, "adjustments[0].quantity", 10, 0},
		"too much in all":       {[]inventory.Adjustment{change("k", inventory.MoveReceive, inventory.QuantityMax-9)}, &inventory.BrokenRule, "adjustments[0].quantity", 10, 0},
	} {
		l := inventory.NewLedger([]inventory.Level{level("A", "a", 10, 4)}, nil, []string{"before"}, day)
		err := l.Adjust(tc.adjustments)
		if tc.class != nil && !fault.Is(err, *tc.class) || (err == nil) != (tc.field == "") {
			t.Errorf("%s: got %v", name, err)
			continue
		}
		if err != nil && fault.Of(err).Field() != tc.field {
			t.Errorf("%s: the error is about %q, want %q", name, fault.Of(err).Field(), tc.field)
		}
		onHand := int64(10)
		changes := l.Changes()
		if len(changes.Levels) > 0 {
			onHand = changes.Levels[0].OnHand
		}
		if onHand != tc.onHand || len(changes.Movements) != tc.movements {
			t.Errorf("%s: %d on hand after %d movements, want %d after %d", name, onHand, len(changes.Movements), tc.onHand, tc.movements)
		}
	}
}

func TestAdjustMakesLevels(t *testing.T) {
	t.Parallel()
	l := inventory.NewLedger(nil, nil, nil, day)
	if err := l.Adjust([]inventory.Adjustment{counted("c", nil, 3)}); err != nil {
		t.Fatalf("Adjust: %v", err)
	}
	if err := l.Adjust([]inventory.Adjustment{counted("c", nil, 3), change("r", inventory.MoveReceive, 1)}); err != nil {
		t.Fatalf("Adjust again: %v", err)
	}
	if shorts, err := l.Apply([]inventory.Effect{take(1, "A", 4)}); err != nil || len(shorts) != 0 {
		t.Errorf("a level that was just made cannot be claimed: %v, %v", shorts, err)
	}
	if c := l.Changes(); len(c.Levels) != 1 || c.Levels[0] != level("A", "a", 4, 4) {
		t.Errorf("got %+v", c.Levels)
	}
}
