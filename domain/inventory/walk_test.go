package inventory_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// books is what a store would keep: it is written from a ledger's changes, and the next ledger is made of it.
type books struct {
	levels    map[inventory.LevelKey]inventory.Level
	claims    map[ref.ClaimID]inventory.Claim
	movements []inventory.Movement
	keys      []string
}

// TestRandomWalk takes random steps, valid and not, and checks after each that 0 ≤ reserved ≤ on hand, that the sums
// of movements are the levels, that what is reserved is what held claims hold, and that no final state is left.
func TestRandomWalk(t *testing.T) {
	t.Parallel()
	for seed := range uint64(6) {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(seed, 20260302))
			b := &books{levels: map[inventory.LevelKey]inventory.Level{}, claims: map[ref.ClaimID]inventory.Claim{}}
			for step := range 200 {
				b.step(t, random, step)
				b.check(t)
			}
			if len(b.claims) < 20 || len(b.movements) < 80 {
				t.Errorf("the walk went nowhere: %d claims, %d movements", len(b.claims), len(b.movements))
			}
		})
	}
}

var (
	walkSKUs      = []ref.SKU{"A", "B"}
	walkLocations = []inventory.Location{"a", "b", "c"}
)

// step makes a ledger of the books, takes a step in it and writes what it changed.
func (b *books) step(t *testing.T, random *rand.Rand, step int) {
	t.Helper()
	var levels []inventory.Level
	for _, sku := range walkSKUs {
		for _, location := range walkLocations {
			if v, known := b.levels[inventory.LevelKey{SKU: sku, Location: location}]; known {
				levels = append(levels, v)
			}
		}
	}
	var claims []inventory.Claim
	for _, c := range b.claims {
		claims = append(claims, c)
	}
	l := inventory.NewLedger(levels, claims, b.keys, day)
	if random.IntN(3) == 0 {
		adjustments := randomAdjustments(random, step)
		if l.Adjust(adjustments) == nil {
			for _, a := range adjustments {
				b.keys = append(b.keys, a.Key)
			}
		}
	} else if shorts, err := l.Apply(randomEffects(random, step)); (err != nil || len(shorts) > 0) && len(l.Changes().Movements) > 0 {
		t.Fatalf("step %d was refused and moved stock: %v, %v", step, shorts, err)
	}
	changes := l.Changes()
	for _, v := range changes.Levels {
		b.levels[v.LevelKey] = v
	}
	for _, c := range changes.Claims {
		if old, known := b.claims[c.ID]; known && old.State != inventory.Held && old.State != c.State {
			t.Fatalf("step %d: a claim that was %s is %s", step, old.State, c.State)
		}
		b.claims[c.ID] = c
	}
	b.movements = append(b.movements, changes.Movements...)
}

func randomAdjustments(random *rand.Rand, step int) []inventory.Adjustment {
	var out []inventory.Adjustment
	kinds := []inventory.MovementKind{inventory.MoveReceive, inventory.MoveReceive, inventory.MoveAdjust, inventory.MoveCount}
	for i := range 1 + random.IntN(2) {
		n := int64(random.IntN(30))
		out = append(out, inventory.Adjustment{
			Key: fmt.Sprintf("%d/%d", step-random.IntN(2), i), Kind: kinds[random.IntN(len(kinds))], Delta: n - 8, Expected: &n, Quantity: int64(random.IntN(40)),
			LevelKey: inventory.LevelKey{SKU: walkSKUs[random.IntN(2)], Location: walkLocations[random.IntN(3)]},
		})
	}
	return out
}

func randomEffects(random *rand.Rand, step int) []inventory.Effect {
	var out []inventory.Effect
	for i := range 1 + random.IntN(3) {
		e := take(1000+4*step+i, walkSKUs[random.IntN(2)], int64(1+random.IntN(12)))
		if random.IntN(2) == 0 { // Something that happens to a claim that was made, or was not.
			e.Claim = claim(1000 + 4*random.IntN(step+1))
			e.Kind = inventory.EffectKind(random.IntN(5))
		}
		out = append(out, e)
	}
	return out
}

// check fails unless the books are true.
func (b *books) check(t *testing.T) {
	t.Helper()
	onHand, reserved := map[inventory.LevelKey]int64{}, map[inventory.LevelKey]int64{}
	for _, m := range b.movements {
		onHand[m.LevelKey] += m.OnHand
		reserved[m.LevelKey] += m.Reserved
		if m.OnHandAfter != onHand[m.LevelKey] || m.ReservedAfter != reserved[m.LevelKey] {
			t.Fatalf("the movement %+v leaves %d and %d", m, onHand[m.LevelKey], reserved[m.LevelKey])
		}
	}
	held := map[inventory.LevelKey]int64{}
	for _, c := range b.claims {
		if c.State == inventory.Held {
			for _, p := range c.Parts {
				held[inventory.LevelKey{SKU: c.SKU, Location: p.Location}] += p.Quantity
			}
		}
		if c.Back < 0 || c.Back > c.Quantity() {
			t.Fatalf("of %d that left %d came back", c.Quantity(), c.Back)
		}
	}
	for key, v := range b.levels {
		if v.Reserved < 0 || v.Reserved > v.OnHand {
			t.Fatalf("the level %+v is out of bounds", v)
		}
		if v.OnHand != onHand[key] || v.Reserved != reserved[key] || v.Reserved != held[key] {
			t.Fatalf("the level %+v has movements of %d and %d and claims of %d", v, onHand[key], reserved[key], held[key])
		}
	}
}
