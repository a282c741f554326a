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

func TestMachines(t *testing.T) {
	t.Parallel()
	if found := inventory.ClaimMachine.Check(); found != nil {
		t.Error(found)
	}
	if found := inventory.LocationMachine.Check(); found != nil {
		t.Error(found)
	}
}

// policy makes a policy.
func policy(sku ref.SKU, kind inventory.PolicyKind, limit int64) inventory.Policy {
	return inventory.Policy{SKU: sku, Kind: kind, Limit: limit}
}

// promise makes a policy of version 1 with what is owed under it.
func promise(p inventory.Policy, owed int64) inventory.Promise {
	p.Version = 1
	return inventory.Promise{Policy: p, Owed: owed}
}

// state is a claim in short: where it is, and its held, owed, gone, freed, back and damaged goods.
func state(c inventory.Claim) string {
	return fmt.Sprint(c.State, " ", c.Held(), c.Owed, c.Gone(), c.Freed, c.Back, c.Damaged)
}

// TestLivesOfClaims takes one claim for 6, of which 2 are owed, through its effects: what becomes of it after each, or
// the error.
func TestLivesOfClaims(t *testing.T) {
	t.Parallel()
	restock := func(inAll, damaged int64) inventory.Effect {
		e := on(inventory.RestockClaim, 1, inAll)
		e.Damaged = damaged
		return e
	}
	type step struct {
		effect inventory.Effect
		want   string
	}
	settled, owed, rule := inventory.ClaimSettled.Code(), inventory.ClaimOwed.Code(), inventory.BrokenRule.Code()
	for name, steps := range map[string][]step{
		"in parts": {
			{on(inventory.ConsumeClaim, 1, 1), "held 3 2 1 0 0 0"},
			{on(inventory.ConsumeClaim, 1, 1), "held 3 2 1 0 0 0"},
			{on(inventory.ConsumeClaim, 1, 4), "held 0 2 4 0 0 0"},
			{on(inventory.ConsumeClaim, 1, 2), "held 0 2 4 0 0 0"},
			{on(inventory.ConsumeClaim, 1, 5), owed},
			{on(inventory.ConsumeClaim, 1, 0), owed},
			{on(inventory.ConsumeClaim, 1, 7), rule},
			{restock(1, 0), "held 1 1 4 0 1 0"}, // What comes back goes to who is owed some.
			{restock(3, 1), "held 2 0 4 0 3 1"},
			{restock(3, 1), "held 2 0 4 0 3 1"},
			{restock(3, 2), rule},
			{restock(5, 1), rule},
			{on(inventory.ReleaseClaim, 1, 2), "consumed 0 0 4 2 3 1"},
			{on(inventory.ReleaseClaim, 1, 2), "consumed 0 0 4 2 3 1"},
			{on(inventory.ReleaseClaim, 1, 0), "consumed 0 0 4 2 3 1"},
			{on(inventory.ReleaseClaim, 1, 3), settled},
			{on(inventory.ConsumeClaim, 1, 0), "consumed 0 0 4 2 3 1"},
			{on(inventory.ConsumeClaim, 1, 5), settled},
			{on(inventory.ExpireClaim, 1, 0), "consumed 0 0 4 2 3 1"},
			{on(inventory.ExtendClaim, 1, 0), settled},
			{restock(4, 2), "consumed 0 0 4 2 4 2"},
		},
		"given up": {
			{on(inventory.ReleaseClaim, 1, 1), "held 4 1 0 1 0 0"}, // First what is owed.
			{on(inventory.ReleaseClaim, 1, 3), "held 3 0 0 3 0 0"},
			{on(inventory.ReleaseClaim, 1, 2), "held 3 0 0 3 0 0"},
			{on(inventory.ReleaseClaim, 1, 7), rule},
			{restock(1, 0), settled},
			{on(inventory.ReleaseClaim, 1, 0), "released 0 0 0 6 0 0"},
			{on(inventory.ReleaseClaim, 1, 6), "released 0 0 0 6 0 0"},
			{on(inventory.ExpireClaim, 1, 0), "released 0 0 0 6 0 0"},
			{on(inventory.ConsumeClaim, 1, 1), settled},
			{restock(1, 0), settled},
		},
		"shrunk and sent": {
			{on(inventory.ReleaseClaim, 1, 2), "held 4 0 0 2 0 0"},
			{on(inventory.ConsumeClaim, 1, 0), "consumed 0 0 4 2 0 0"},
			{on(inventory.ConsumeClaim, 1, 4), "consumed 0 0 4 2 0 0"},
		},
		"over in time": {
			{on(inventory.ExtendClaim, 1, 0), "held 4 2 0 0 0 0"}, // An hour more.
			{on(inventory.ExpireClaim, 1, 0), settled},
		},
	} {
		l := inventory.NewLedger(inventory.Facts{
			Levels:   []inventory.Level{level("A", "a", 3, 0), level("A", "b", 1, 0)},
			Promises: []inventory.Promise{promise(policy("A", inventory.Backorder, 2), 0)},
		})
		if granted, err := l.Apply(day, []inventory.Effect{take(1, "A", 6)}); err != nil || granted.Owed[claim(1)] != 2 {
			t.Fatalf("%s: claiming: %+v, %v", name, granted, err)
		}
		for i, s := range steps {
			_, err := l.Apply(day.Add(time.Minute), []inventory.Effect{s.effect})
			got := state(l.Changes().Claims[0])
			if err != nil {
				got = fault.CodeOf(err)
			}
			if got != s.want {
				t.Errorf("%s: after step %d the claim is %s, want %s (%v)", name, i, got, s.want, err)
			}
			if c := l.Changes().Claims[0]; c.Quantity() != 6 || l.Changes().Promises[0].Owed != c.Owed {
				t.Errorf("%s: after step %d it is for %d and %d are owed", name, i, c.Quantity(), l.Changes().Promises[0].Owed)
			}
		}
	}
}

// TestPartsStayWhereTheyWere watches from where goods leave, are given up, and where they come back.
func TestPartsStayWhereTheyWere(t *testing.T) {
	t.Parallel()
	l := inventory.NewLedger(inventory.Facts{
		Levels: []inventory.Level{level("A", "a", 3, 0), level("A", "b", 4, 0)},
		Sites:  []inventory.Site{open("a", 2), open("b", 1)}, // So b comes first.
	})
	at := func(a, b int64) []inventory.Part {
		var out []inventory.Part
		for _, p := range []inventory.Part{{Location: "b", Quantity: b}, {Location: "a", Quantity: a}} {
			if p.Quantity > 0 {
				out = append(out, p)
			}
		}
		return out
	}
	for i, s := range []struct {
		effect      inventory.Effect
		parts, sent []inventory.Part
	}{
		{take(1, "A", 6), at(2, 4), nil},
		{on(inventory.ConsumeClaim, 1, 2), at(2, 2), at(0, 2)},
		{on(inventory.ReleaseClaim, 1, 1), at(1, 2), at(0, 2)}, // The last part first.
		{on(inventory.ConsumeClaim, 1, 5), nil, at(1, 4)},
		{on(inventory.RestockClaim, 1, 3), nil, at(1, 4)},
	} {
		if _, err := l.Apply(day, []inventory.Effect{s.effect}); err != nil {
			t.Fatalf("step %d: %v", i, err)
		}
		if c := l.Changes().Claims[0]; !slices.Equal(c.Parts, s.parts) || !slices.Equal(c.Sent, s.sent) {
			t.Errorf("step %d: parts %v and sent %v, want %v and %v", i, c.Parts, c.Sent, s.parts, s.sent)
		}
	}
	if got := l.Changes().Levels; got[0] != level("A", "a", 2, 0) || got[1] != level("A", "b", 3, 0) {
		t.Errorf("levels %+v", got)
	}
}

func TestGoodsComeBackWhereItIsOpen(t *testing.T) {
	t.Parallel()
	shut := func(at inventory.Location) inventory.Site {
		return inventory.Site{Location: at, Version: 2, Name: "Shut", State: inventory.SiteClosed}
	}
	for name, tc := range map[string]struct {
		sites []inventory.Site
		want  inventory.Location
	}{
		"home":              {nil, "a"},
		"home is shut":      {[]inventory.Site{shut("a")}, "b"},
		"all are shut":      {[]inventory.Site{shut("a"), shut("b"), shut("c")}, ""},
		"the first to draw": {[]inventory.Site{shut("a"), open("b", 2), open("c", 1)}, "c"},
	} {
		l := inventory.NewLedger(inventory.Facts{
			Levels: []inventory.Level{level("A", "a", 0, 0), level("A", "b", 0, 0), level("A", "c", 0, 0)}, Sites: tc.sites,
			Claims: []inventory.Claim{held(1, inventory.Consumed)},
		})
		_, err := l.Apply(day, []inventory.Effect{on(inventory.RestockClaim, 1, 2)})
		switch {
		case tc.want == "" && !fault.Is(err, inventory.LocationClosed):
			t.Errorf("%s: %v", name, err)
		case tc.want != "" && (err != nil || l.Changes().Levels[0] != level("A", tc.want, 2, 0)):
			t.Errorf("%s: %v, %+v", name, err, l.Changes().Levels)
		}
	}
}

func TestWhatComesBackStaysWithinBounds(t *testing.T) {
	t.Parallel()
	l := inventory.NewLedger(inventory.Facts{
		Levels: []inventory.Level{level("A", "a", inventory.QuantityMax-1, 0)}, Claims: []inventory.Claim{held(1, inventory.Consumed)},
	})
	if _, err := l.Apply(day, []inventory.Effect{on(inventory.RestockClaim, 1, 2)}); !fault.Is(err, inventory.BrokenRule) {
		t.Errorf("got %v, want stock_rule", err)
	}
	if _, err := l.Apply(day, []inventory.Effect{on(inventory.RestockClaim, 1, 1)}); err != nil {
		t.Errorf("up to the bound: %v", err)
	}
}

func TestDamagedGoodsAreNotSoldAgain(t *testing.T) {
	t.Parallel()
	l := inventory.NewLedger(inventory.Facts{Levels: []inventory.Level{level("A", "a", 0, 0)}, Claims: []inventory.Claim{held(1, inventory.Consumed)}})
	e := on(inventory.RestockClaim, 1, 3)
	e.Damaged = 2
	if _, err := l.Apply(day, []inventory.Effect{e}); err != nil {
		t.Fatal(err)
	}
	key, why := inventory.LevelKey{SKU: "A", Location: "a"}, claim(1).String()+"/3"
	want := []inventory.Movement{
		{LevelKey: key, Kind: inventory.MoveRestock, OnHand: 3, OnHandAfter: 3, Cause: why, At: day},
		{LevelKey: key, Kind: inventory.MoveDamage, OnHand: -2, OnHandAfter: 1, Cause: why, Reason: inventory.ReasonReturned, At: day},
	}
	if got := l.Changes().Movements; !slices.Equal(got, want) {
		t.Errorf("got %+v", got)
	}
}

func TestEachCommitHasItsTime(t *testing.T) {
	t.Parallel()
	l := inventory.NewLedger(inventory.Facts{Levels: []inventory.Level{level("A", "a", 9, 0)}})
	for n := range 2 {
		if _, err := l.Apply(day.Add(time.Duration(n)*time.Hour), []inventory.Effect{take(n+1, "A", 1)}); err != nil {
			t.Fatal(err)
		}
	}
	if m := l.Changes().Movements; !m[0].At.Equal(day) || !m[1].At.Equal(day.Add(time.Hour)) {
		t.Errorf("got %+v", m)
	}
}
