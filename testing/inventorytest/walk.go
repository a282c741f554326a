package inventorytest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// The random walk: the same on each run, short enough for a store that is a process away.
const (
	walkSeed  = 20260302
	walkSteps = 150
)

// walker takes the same steps in a store and in a model, which is the pure ledger itself.
type walker struct {
	h      Harness
	random *rand.Rand
	model  *inventory.Ledger
	claims []inventory.Effect
	keys   []string
}

// skus are what the walk is about; two, so that steps meet.
var skus = []ref.SKU{"A", "B"}

func (s suite) ruleWalk(t *testing.T) {
	t.Parallel()
	w := &walker{h: s.open(t), random: rand.New(rand.NewPCG(walkSeed, 1)), model: inventory.NewLedger(nil, nil, nil, base)}
	for step := range walkSteps {
		var got, want error
		if w.random.IntN(2) == 0 {
			adjustments := w.adjustments(step)
			want = w.model.Adjust(adjustments)
			got = w.h.Stock.Commit(t.Context(), inventory.Commit{Adjustments: adjustments, At: base})
		} else {
			got, want = w.effect(t, step)
		}
		if (got == nil) != (want == nil) || want != nil && fault.CodeOf(got) != fault.CodeOf(want) {
			t.Fatalf("step %d: the store says %v, the ledger %v", step, got, want)
		}
		w.compare(t, step)
	}
}

// adjustments makes one to three adjustments, now and then of a key that was used.
func (w *walker) adjustments(step int) []inventory.Adjustment {
	var out []inventory.Adjustment
	for i := range 1 + w.random.IntN(3) {
		key := fmt.Sprintf("key-%d-%d", step, i)
		if len(w.keys) > 0 && w.random.IntN(8) == 0 {
			key = w.keys[w.random.IntN(len(w.keys))]
		}
		w.keys = append(w.keys, key)
		sku := skus[w.random.IntN(len(skus))]
		switch w.random.IntN(4) {
		case 0:
			expected := w.level(sku).OnHand + int64(w.random.IntN(2))
			out = append(out, count(key, sku, &expected, int64(w.random.IntN(30))))
		case 1:
			out = append(out, adjust(key, sku, int64(w.random.IntN(15)-10)))
		default:
			out = append(out, receive(key, sku, int64(1+w.random.IntN(10))))
		}
	}
	return out
}

// effect takes one step of an order in both, and gives what the store and the ledger say.
func (w *walker) effect(t *testing.T, step int) (got, want error) {
	t.Helper()
	e := inventory.Effect{
		Kind: inventory.ClaimStock, Claim: claim(step + 1), SKU: skus[w.random.IntN(len(skus))],
		Quantity: int64(1 + w.random.IntN(8)), Until: base.Add(time.Hour),
	}
	kind := ordering.StockClaim
	if len(w.claims) > 0 && w.random.IntN(2) == 0 {
		e = w.claims[w.random.IntN(len(w.claims))]
		steps := []struct {
			theirs ordering.StockEffectKind
			ours   inventory.EffectKind
		}{
			{ordering.StockClaim, inventory.ClaimStock},
			{ordering.StockExtend, inventory.ExtendClaim},
			{ordering.StockConsume, inventory.ConsumeClaim},
			{ordering.StockRelease, inventory.ReleaseClaim},
			{ordering.StockRestock, inventory.RestockClaim},
			{ordering.StockExpire, inventory.ExpireClaim},
		}
		pick := steps[w.random.IntN(len(steps))]
		kind, e.Kind = pick.theirs, pick.ours
		if kind == ordering.StockRestock {
			e.Quantity = 1 + int64(w.random.IntN(int(e.Quantity)))
		}
	}
	shorts, want := w.model.Apply([]inventory.Effect{e})
	if len(shorts) > 0 {
		want = ordering.OutOfStock.New("the ledger has not enough")
	}
	if want == nil && e.Kind == inventory.ClaimStock {
		w.claims = append(w.claims, e)
	}
	return w.h.effect(t, kind, e.Claim, e.SKU, e.Quantity), want
}

// level is the model's level.
func (w *walker) level(sku ref.SKU) inventory.Level {
	for _, l := range w.model.Changes().Levels {
		if l.LevelKey == at(sku) {
			return l
		}
	}
	return inventory.Level{LevelKey: at(sku)}
}

// compare fails unless the store stands where the model does.
func (w *walker) compare(t *testing.T, step int) {
	t.Helper()
	changes := w.model.Changes()
	for _, sku := range skus {
		var levels []inventory.Level
		for _, l := range changes.Levels {
			if l.SKU == sku {
				levels = append(levels, l)
			}
		}
		movements := 0
		for _, m := range changes.Movements {
			if m.SKU == sku {
				movements++
			}
		}
		p := w.h.position(t, sku)
		if !slices.Equal(p.Levels, levels) || p.Movements != int64(movements) {
			t.Fatalf("step %d: the store has %+v and %d movements of %s, the ledger %+v and %d",
				step, p.Levels, p.Movements, sku, levels, movements)
		}
	}
}
