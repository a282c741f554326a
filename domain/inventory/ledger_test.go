package inventory_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ref"
)

var day = time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)

// claim is the id of the n-th claim.
func claim(n int) ref.ClaimID { return ref.NewID[ref.ClaimKind](ref.UUID{byte(n >> 8), byte(n)}) }

// level makes a level.
func level(sku ref.SKU, location inventory.Location, onHand, reserved int64) inventory.Level {
	return inventory.Level{LevelKey: inventory.LevelKey{SKU: sku, Location: location}, OnHand: onHand, Reserved: reserved}
}

// heldOf is how many held claims are for.
const heldOf = 4

// held makes a claim in a state, all of it, at the location "a".
func held(n int, state inventory.ClaimState) inventory.Claim {
	c, all := inventory.Claim{ID: claim(n), SKU: "A", State: state}, []inventory.Part{{Location: "a", Quantity: heldOf}}
	switch state {
	case inventory.Held:
		c.Parts = all
	case inventory.Consumed:
		c.Sent = all
	default:
		c.Freed = heldOf
	}
	return c
}

// take is the effect of claiming.
func take(n int, sku ref.SKU, quantity int64) inventory.Effect {
	return inventory.Effect{Kind: inventory.ClaimStock, Claim: claim(n), Owner: "ord_1", SKU: sku, Quantity: quantity, Until: day}
}

// on is another effect on a claim.
func on(kind inventory.EffectKind, n int, quantity int64) inventory.Effect {
	return inventory.Effect{Kind: kind, Claim: claim(n), Quantity: quantity, Until: day.Add(time.Hour)}
}

func TestClaimsDrawOnLocations(t *testing.T) {
	t.Parallel()
	levels := []inventory.Level{level("A", "a", 2, 0), level("A", "b", 5, 1), level("A", "c", 9, 9)}
	for _, tc := range []struct {
		quantity int64
		parts    []inventory.Part
	}{
		{1, []inventory.Part{{Location: "a", Quantity: 1}}},
		{2, []inventory.Part{{Location: "a", Quantity: 2}}},
		{3, []inventory.Part{{Location: "b", Quantity: 3}}}, // One location that has all of it goes first.
		{6, []inventory.Part{{Location: "a", Quantity: 2}, {Location: "b", Quantity: 4}}},
	} {
		l := inventory.NewLedger(inventory.Facts{Levels: levels})
		granted, err := l.Apply(day, []inventory.Effect{take(1, "A", tc.quantity)})
		if err != nil || len(granted.Short) != 0 {
			t.Fatalf("%d: %v, %v", tc.quantity, granted, err)
		}
		c := l.Changes().Claims[0]
		if !slices.Equal(c.Parts, tc.parts) || c.Quantity() != tc.quantity || c.State != inventory.Held || c.Owner != "ord_1" || c.Until != day {
			t.Errorf("%d: got %+v, want parts %v", tc.quantity, c, tc.parts)
		}
	}
}

func TestEveryShortClaimIsNamed(t *testing.T) {
	t.Parallel()
	l := inventory.NewLedger(inventory.Facts{Levels: []inventory.Level{level("A", "a", 5, 2), level("B", "a", 1, 0)}})
	granted, err := l.Apply(day, []inventory.Effect{take(1, "A", 2), take(2, "B", 1), take(3, "A", 2), take(4, "A", 1), take(5, "C", 1), take(6, "B", 1)})
	want := []inventory.Short{
		{Claim: claim(3), SKU: "A", Available: 1}, {Claim: claim(5), SKU: "C", Available: 0}, {Claim: claim(6), SKU: "B", Available: 0},
	}
	if err != nil || !slices.Equal(granted.Short, want) {
		t.Errorf("got %v, %v; want %v", granted, err, want)
	}
	if c := l.Changes(); len(c.Levels)+len(c.Claims)+len(c.Movements) != 0 {
		t.Errorf("a short order changed %+v", c)
	}
}

func TestEffectsByState(t *testing.T) {
	t.Parallel()
	states := []inventory.ClaimState{inventory.Held, inventory.Consumed, inventory.Released, inventory.Expired}
	for _, tc := range []struct {
		kind inventory.EffectKind
		want string // For each state: c changes, n nothing, s settled.
		move inventory.MovementKind
	}{
		{inventory.ClaimStock, "nnnn", ""},
		{inventory.ExtendClaim, "esss", ""},
		{inventory.ConsumeClaim, "cnss", inventory.MoveConsume},
		{inventory.ReleaseClaim, "csnn", inventory.MoveRelease},
		{inventory.RestockClaim, "scss", inventory.MoveRestock},
		{inventory.ExpireClaim, "ssnn", ""}, // This one is held for ever; see TestClaimsExpire.
	} {
		for i, state := range states {
			l := inventory.NewLedger(inventory.Facts{Levels: []inventory.Level{level("A", "a", 10, 4)}, Claims: []inventory.Claim{held(1, state)}})
			effect := on(tc.kind, 1, 3)
			effect.SKU = "A"
			granted, err := l.Apply(day, []inventory.Effect{effect})
			changes := l.Changes()
			ok := len(granted.Short) == 0
			switch tc.want[i] {
			case 's':
				ok = ok && fault.Is(err, inventory.ClaimSettled) && len(changes.Claims) == 0
			case 'n':
				ok = ok && err == nil && len(changes.Movements) == 0
			case 'e':
				ok = ok && err == nil && len(changes.Movements) == 0 && changes.Claims[0].Until == day.Add(time.Hour)
			default:
				ok = ok && err == nil && len(changes.Movements) == 1 && changes.Movements[0].Kind == tc.move && len(changes.Levels) == 1
			}
			if !ok {
				t.Errorf("effect %d on a claim that is %s: %v, %v, %+v", tc.kind, state, granted, err, changes)
			}
		}
	}
}

func TestClaimsExpire(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		until   time.Time
		expires bool
	}{{day.Add(-time.Second), true}, {day, true}, {day.Add(time.Microsecond), false}, {time.Time{}, false}} {
		c := held(1, inventory.Held)
		c.Until = tc.until
		l := inventory.NewLedger(inventory.Facts{Levels: []inventory.Level{level("A", "a", 10, 4)}, Claims: []inventory.Claim{c}})
		_, err := l.Apply(day, []inventory.Effect{on(inventory.ExpireClaim, 1, 0)})
		if !tc.expires {
			if !fault.Is(err, inventory.ClaimSettled) || len(l.Changes().Claims) != 0 {
				t.Errorf("held until %v: %v, %+v", tc.until, err, l.Changes())
			}
			continue
		}
		got := l.Changes()
		if err != nil || got.Claims[0].State != inventory.Expired || got.Levels[0] != level("A", "a", 10, 0) || got.Movements[0].Kind != inventory.MoveRelease {
			t.Errorf("held until %v: %v, %+v", tc.until, err, got)
		}
	}
}

func TestMovementsSayAll(t *testing.T) {
	t.Parallel()
	l := inventory.NewLedger(inventory.Facts{Levels: []inventory.Level{level("A", "a", 10, 4)}, Claims: []inventory.Claim{held(1, inventory.Held)}})
	for _, e := range []inventory.Effect{
		on(inventory.ConsumeClaim, 1, 0), on(inventory.RestockClaim, 1, 1), on(inventory.RestockClaim, 1, 1),
		on(inventory.RestockClaim, 1, 4), on(inventory.RestockClaim, 1, 2),
	} {
		if _, err := l.Apply(day, []inventory.Effect{e}); err != nil {
			t.Fatalf("Apply: %v", err)
		}
	}
	key := inventory.LevelKey{SKU: "A", Location: "a"}
	id := claim(1).String()
	want := []inventory.Movement{
		{LevelKey: key, Kind: inventory.MoveConsume, OnHand: -4, Reserved: -4, OnHandAfter: 6, Cause: id, At: day},
		{LevelKey: key, Kind: inventory.MoveRestock, OnHand: 1, OnHandAfter: 7, Cause: id + "/1", At: day},
		{LevelKey: key, Kind: inventory.MoveRestock, OnHand: 3, OnHandAfter: 10, Cause: id + "/4", At: day},
	}
	if got := l.Changes().Movements; !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestEffectsRefused(t *testing.T) {
	t.Parallel()
	for name, effects := range map[string][]inventory.Effect{
		"of nothing":          {take(2, "A", 0)},
		"below nothing":       {take(2, "A", -1)},
		"an unknown claim":    {on(inventory.ConsumeClaim, 9, 0)},
		"an unknown kind":     {on(77, 1, 0)},
		"more than left":      {on(inventory.RestockClaim, 3, 5)},
		"nothing back":        {on(inventory.RestockClaim, 3, 0)},
		"twice on one claim":  {on(inventory.ReleaseClaim, 1, 0), on(inventory.ConsumeClaim, 1, 0)},
		"claimed twice":       {take(2, "A", 1), take(2, "A", 1)},
		"too many":            {on(inventory.ConsumeClaim, 1, inventory.QuantityMax+1)},
		"fewer than none":     {on(inventory.ReleaseClaim, 1, -1)},
		"more than claimed":   {on(inventory.ConsumeClaim, 1, heldOf+1)},
		"more than is left":   {on(inventory.ReleaseClaim, 1, heldOf+1)},
		"of another SKU":      {{Kind: inventory.ReleaseClaim, Claim: claim(1), SKU: "B"}},
		"damaged below 0":     {{Kind: inventory.RestockClaim, Claim: claim(3), Quantity: 2, Damaged: -1}},
		"damaged beyond":      {{Kind: inventory.RestockClaim, Claim: claim(3), Quantity: 2, Damaged: 3}},
		"of no claim":         {{Kind: inventory.ClaimStock, SKU: "A", Quantity: 1}},
		"a good one and this": {take(2, "A", 1), on(inventory.ConsumeClaim, 9, 0)},
	} {
		l := inventory.NewLedger(inventory.Facts{
			Levels: []inventory.Level{level("A", "a", 10, 4)},
			Claims: []inventory.Claim{held(1, inventory.Held), held(3, inventory.Consumed)},
		})
		granted, err := l.Apply(day, effects)
		if !fault.Is(err, inventory.BrokenRule) || len(granted.Short) != 0 {
			t.Errorf("%s: got %v, %v; want stock_rule", name, granted, err)
		}
		if c := l.Changes(); len(c.Levels)+len(c.Claims)+len(c.Movements) != 0 {
			t.Errorf("%s: it changed %+v", name, c)
		}
	}
	l := inventory.NewLedger(inventory.Facts{Levels: []inventory.Level{level("A", "a", inventory.QuantityMax, 0), level("A", "b", 5, 0)}})
	if _, err := l.Apply(day, []inventory.Effect{take(1, "A", inventory.QuantityMax+1)}); !fault.Is(err, inventory.BrokenRule) {
		t.Errorf("a claim for too many: got %v, want stock_rule", err)
	}
}

func TestChangesAreSorted(t *testing.T) {
	t.Parallel()
	var levels []inventory.Level
	for _, sku := range []ref.SKU{"C", "A", "B"} {
		levels = append(levels, level(sku, "b", 1, 0), level(sku, "a", 1, 0))
	}
	l := inventory.NewLedger(inventory.Facts{Levels: levels})
	if _, err := l.Apply(day, []inventory.Effect{take(3, "B", 2), take(1, "C", 2), take(2, "A", 2)}); err != nil {
		t.Fatalf("Apply: %v", err)
	}
	c := l.Changes()
	var keys, ids []string
	for _, v := range c.Levels {
		keys = append(keys, fmt.Sprint(v.SKU, v.Location))
	}
	for _, v := range c.Claims {
		ids = append(ids, v.ID.String())
	}
	if len(keys) != 6 || !slices.IsSorted(keys) || len(ids) != 3 || !slices.IsSorted(ids) {
		t.Errorf("got levels %v and claims %v, want them sorted", keys, ids)
	}
}

func TestPositionTotals(t *testing.T) {
	t.Parallel()
	p := inventory.Position{Levels: []inventory.Level{level("A", "a", 5, 2), level("A", "b", 7, 1)}}
	if onHand, reserved := p.Totals(); onHand != 12 || reserved != 3 {
		t.Errorf("got %d and %d, want 12 and 3", onHand, reserved)
	}
}
