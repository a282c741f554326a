package inventory_test

import (
	"strings"
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

// open is an open location of a priority.
func open(at inventory.Location, priority int32) inventory.Site {
	return inventory.Site{Location: at, Version: 1, Name: "Of " + string(at), State: inventory.SiteOpen, Priority: priority}
}

func ptr(n int64) *int64 { return &n }

func TestAdjust(t *testing.T) {
	t.Parallel()
	nowhere, nothing := change("k", inventory.MoveReceive, 1), change("k", inventory.MoveReceive, 1)
	nowhere.Location, nothing.SKU = "", ""
	elsewhere, shut := change("k", inventory.MoveReceive, 1), change("k", inventory.MoveReceive, 1)
	elsewhere.Location, shut.Location = "nowhere", "shut"
	why := func(a inventory.Adjustment, reason string) []inventory.Adjustment {
		a.Reason = reason
		return []inventory.Adjustment{a}
	}
	to := func(delta int64, there inventory.Location) []inventory.Adjustment {
		a := change("k", inventory.MoveTransfer, delta)
		a.To = there
		return []inventory.Adjustment{a}
	}
	for name, tc := range map[string]struct {
		adjustments []inventory.Adjustment
		class       *fault.Class
		field       string
		onHand      int64
		movements   int
	}{
		"received":               {[]inventory.Adjustment{change("k", inventory.MoveReceive, 5)}, nil, "", 15, 1},
		"taken off":              {[]inventory.Adjustment{change("k", inventory.MoveAdjust, -6)}, nil, "", 4, 1},
		"counted":                {[]inventory.Adjustment{counted("k", ptr(10), 7)}, nil, "", 7, 1},
		"one after the other":    {[]inventory.Adjustment{change("k", inventory.MoveReceive, 1), counted("l", ptr(11), 20), change("m", inventory.MoveAdjust, -16)}, nil, "", 4, 3},
		"a key twice":            {[]inventory.Adjustment{change("k", inventory.MoveAdjust, -6), change("k", inventory.MoveAdjust, -6)}, nil, "", 4, 1},
		"a key of before":        {[]inventory.Adjustment{change("before", inventory.MoveAdjust, -99)}, nil, "", 10, 0},
		"below what is claimed":  {[]inventory.Adjustment{change("k", inventory.MoveAdjust, -7)}, &inventory.BelowZero, "adjustments[0]", 10, 0},
		"the second fails":       {[]inventory.Adjustment{change("k", inventory.MoveReceive, 1), change("l", inventory.MoveAdjust, -8)}, &inventory.BelowZero, "adjustments[1]", 10, 0},
		"counted late":           {[]inventory.Adjustment{counted("k", ptr(9), 7)}, &inventory.CountChanged, "adjustments[0]", 10, 0},
		"counted as new":         {[]inventory.Adjustment{counted("k", nil, 7)}, &inventory.CountChanged, "adjustments[0]", 10, 0},
		"counted below":          {[]inventory.Adjustment{counted("k", ptr(10), 3)}, &inventory.BelowZero, "adjustments[0]", 10, 0},
		"no SKU":                 {[]inventory.Adjustment{nothing}, nil, "adjustments[0].sku", 10, 0},
		"no key":                 {[]inventory.Adjustment{change("", inventory.MoveReceive, 1)}, &inventory.BrokenRule, "adjustments[0].key", 10, 0},
		"no location":            {[]inventory.Adjustment{nowhere}, &inventory.BrokenRule, "adjustments[0].location", 10, 0},
		"a kind of claims":       {[]inventory.Adjustment{change("k", inventory.MoveConsume, 1)}, &inventory.BrokenRule, "adjustments[0].kind", 10, 0},
		"nothing received":       {[]inventory.Adjustment{change("k", inventory.MoveReceive, 0)}, &inventory.BrokenRule, "adjustments[0].delta", 10, 0},
		"too much":               {[]inventory.Adjustment{change("k", inventory.MoveReceive, inventory.QuantityMax+1)}, &inventory.BrokenRule, "adjustments[0].quantity", 10, 0},
		"far too little":         {[]inventory.Adjustment{change("k", inventory.MoveAdjust, -inventory.QuantityMax-1)}, &inventory.BrokenRule, "adjustments[0].quantity", 10, 0},
		"counted too much":       {[]inventory.Adjustment{counted("k", ptr(10), inventory.QuantityMax+1)}, &inventory.BrokenRule, "adjustments[0].quantity", 10, 0},
		"counted below zero":     {[]inventory.Adjustment{counted("k", ptr(10), -1)}, &inventory.BrokenRule, "adjustments[0].quantity", 10, 0},
		"broken":                 {why(change("k", inventory.MoveDamage, 6), "fell"), nil, "", 4, 1},
		"broken and claimed":     {why(change("k", inventory.MoveDamage, 7), "fell"), &inventory.BelowZero, "adjustments[0]", 10, 0},
		"broken for no reason":   {[]inventory.Adjustment{change("k", inventory.MoveDamage, 1)}, &inventory.BrokenRule, "adjustments[0].reason", 10, 0},
		"nothing broken":         {why(change("k", inventory.MoveDamage, 0), "fell"), &inventory.BrokenRule, "adjustments[0].delta", 10, 0},
		"a long reason":          {why(change("k", inventory.MoveReceive, 1), strings.Repeat("x", inventory.ReasonMax+1)), &inventory.BrokenRule, "adjustments[0].reason", 10, 0},
		"a long key":             {[]inventory.Adjustment{change(strings.Repeat("x", inventory.KeyMax+1), inventory.MoveReceive, 1)}, &inventory.BrokenRule, "adjustments[0].key", 10, 0},
		"moved":                  {to(6, "b"), nil, "", 4, 2},
		"moved and claimed":      {to(7, "b"), &inventory.BelowZero, "adjustments[0]", 10, 0},
		"moved to itself":        {to(1, "a"), &inventory.BrokenRule, "adjustments[0].to", 10, 0},
		"moved nowhere":          {to(1, ""), &inventory.BrokenRule, "adjustments[0].to", 10, 0},
		"moved to the unknown":   {to(1, "nowhere"), &inventory.UnknownLocation, "adjustments[0].to", 10, 0},
		"moved where it is shut": {to(1, "shut"), &inventory.LocationClosed, "adjustments[0].to", 10, 0},
		"moved where it is full": {to(1, "full"), &inventory.BrokenRule, "adjustments[0].quantity", 10, 0},
		"nothing moved":          {to(0, "b"), &inventory.BrokenRule, "adjustments[0].delta", 10, 0},
		"received and moved":     {[]inventory.Adjustment{{Key: "k", LevelKey: elsewhere.LevelKey, Kind: inventory.MoveReceive, Delta: 1, To: "b"}}, &inventory.BrokenRule, "adjustments[0].to", 10, 0},
		"at an unknown place":    {[]inventory.Adjustment{elsewhere}, &inventory.UnknownLocation, "adjustments[0].location", 10, 0},
		"at a closed place":      {[]inventory.Adjustment{shut}, &inventory.LocationClosed, "adjustments[0].location", 10, 0},
		"too much in all":        {[]inventory.Adjustment{change("k", inventory.MoveReceive, inventory.QuantityMax-9)}, &inventory.BrokenRule, "adjustments[0].quantity", 10, 0},
	} {
		l := inventory.NewLedger(inventory.Facts{
			Levels:  []inventory.Level{level("A", "a", 10, 4), level("A", "full", inventory.QuantityMax, 0)},
			Sites:   []inventory.Site{open("b", 0), {Location: "shut", Version: 2, Name: "Shut", State: inventory.SiteClosed}},
			Applied: []string{"before"},
		})
		err := l.Commit(inventory.Commit{At: day, Adjustments: tc.adjustments})
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
	l := inventory.NewLedger(inventory.Facts{Sites: []inventory.Site{open("a", 0)}})
	if err := l.Commit(inventory.Commit{At: day, Adjustments: []inventory.Adjustment{counted("c", nil, 3)}}); err != nil {
		t.Fatalf("Commit: %v", err)
	}
	if err := l.Commit(inventory.Commit{At: day, Adjustments: []inventory.Adjustment{counted("c", nil, 3), change("r", inventory.MoveReceive, 1)}}); err != nil {
		t.Fatalf("Commit again: %v", err)
	}
	if granted, err := l.Apply(day, []inventory.Effect{take(1, "A", 4)}); err != nil || len(granted.Short) != 0 {
		t.Errorf("a level that was just made cannot be claimed: %v, %v", granted, err)
	}
	if c := l.Changes(); len(c.Levels) != 1 || c.Levels[0] != level("A", "a", 4, 4) {
		t.Errorf("got %+v", c.Levels)
	}
}
