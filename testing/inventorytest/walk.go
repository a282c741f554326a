package inventorytest

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// The random walk: the same on each run, short enough for a store that is a process away.
const (
	walkSeed  = 20260302
	walkSteps = 120
)

// walker takes the same steps in a store and in a model, which is the pure ledger itself.
type walker struct {
	h      Harness
	random *rand.Rand
	model  *inventory.Ledger
	at     time.Time
	step   int
	keys   []string
	limit  int64 // Of what may be owed of each SKU; 0 for none.
	kinds  []ordering.StockEffectKind
}

// walkSKUs are what the walk is about; two, so that steps meet.
var walkSKUs = []ref.SKU{"A", "B"}

// newWalker begins in a store that has the location shop and nothing else, at a moment.
func newWalker(h Harness, now time.Time) *walker {
	shop := site("shop", 1, 1).State
	return &walker{
		h: h, at: now, kinds: slices.Sorted(maps.Keys(walkKinds)), random: rand.New(rand.NewPCG(walkSeed, 1)), model: inventory.NewLedger(inventory.Facts{Sites: []inventory.Site{shop}}),
	}
}

func (w *walker) run(t TB) {
	t.Helper()
	for w.step = range walkSteps {
		var got, want error
		switch n := w.random.IntN(12); {
		case n < 5:
			got, want = w.commit(t, inventory.Commit{Adjustments: w.adjustments()})
		case n == 5:
			got, want = w.commit(t, inventory.Commit{Lapsed: w.lapsed()})
		case n == 6 && w.limit > 0:
			got, want = w.commit(t, w.policy())
		default:
			got, want = w.effects(t)
		}
		if (got == nil) != (want == nil) || want != nil && fault.CodeOf(got) != fault.CodeOf(want) {
			t.Fatalf("step %d: the store says %v, the ledger %v", w.step, got, want)
		}
		w.compare(t)
	}
}

// commit commits in both.
func (w *walker) commit(t TB, c inventory.Commit) (got, want error) {
	c.At = w.at
	return w.h.Stock.Commit(t.Context(), c), w.model.Commit(c)
}

// adjustments makes one to three adjustments, now and then of a key that was used.
func (w *walker) adjustments() []inventory.Adjustment {
	var out []inventory.Adjustment
	for i := range 1 + w.random.IntN(3) {
		key := fmt.Sprintf("key-%d-%d", w.step, i)
		if len(w.keys) > 0 && w.random.IntN(8) == 0 {
			key = w.keys[w.random.IntN(len(w.keys))]
		}
		w.keys = append(w.keys, key)
		sku := walkSKUs[w.random.IntN(len(walkSKUs))]
		var a inventory.Adjustment
		switch w.random.IntN(8) {
		case 0:
			expected := w.level(sku).OnHand + int64(w.random.IntN(2))
			a = count(key, sku, &expected, int64(w.random.IntN(30)))
		case 1:
			a = adjust(key, sku, int64(w.random.IntN(15)-10))
		case 2:
			a = move(key, sku, int64(1+w.random.IntN(6)), "shop")
		case 3:
			a = inventory.Adjustment{Key: key, LevelKey: at(sku), Kind: inventory.MoveDamage, Delta: 1, Reason: "fell"}
		case 4:
			a = there(receive(key, sku, int64(1+w.random.IntN(5))), "shop")
		default:
			a = receive(key, sku, int64(1+w.random.IntN(10)))
		}
		out = append(out, a)
	}
	return out
}

// policy changes how much may be owed of a SKU.
func (w *walker) policy() inventory.Commit {
	sku := walkSKUs[w.random.IntN(len(walkSKUs))]
	var version ref.Version
	for _, p := range w.model.Changes().Promises {
		if p.SKU == sku {
			version = p.Version
		}
	}
	return inventory.Commit{Policies: []inventory.Write[inventory.Policy]{policy(sku, version+1, w.random.Int64N(w.limit+1))}}
}

// lapsed names claims, lapsed and not.
func (w *walker) lapsed() []inventory.ClaimKey {
	var out []inventory.ClaimKey
	for _, c := range w.model.Changes().Claims {
		out = append(out, inventory.ClaimKey{ID: c.ID, SKU: c.SKU})
	}
	return out[:min(len(out), inventory.LapsedMax)]
}

// effects takes one or two steps of an order in both, and gives what the store and the ledger say.
func (w *walker) effects(t TB) (got, want error) {
	var effects []ordering.StockEffect
	claims := w.model.Changes().Claims
	for i := range 1 + w.random.IntN(2) {
		e := effect(ordering.StockClaim, 2*w.step+i+1, walkSKUs[w.random.IntN(len(walkSKUs))], int64(1+w.random.IntN(8)))
		if w.random.IntN(2) == 0 {
			e.Until = w.at.Add(time.Duration(w.random.IntN(3)-1) * time.Hour)
		}
		if len(claims) > 0 && w.random.IntN(2) == 0 {
			c := claims[w.random.IntN(len(claims))]
			e.Claim, e.SKU, e.Kind = c.ID, c.SKU, w.kinds[w.random.IntN(len(w.kinds))]
			e.Quantity = w.random.Int64N(c.Quantity() + 1)
			if e.Kind == ordering.StockRestock {
				e.Damaged = w.random.Int64N(e.Quantity + 1)
			}
		}
		effects = append(effects, e)
	}
	in := make([]inventory.Effect, len(effects))
	for i, e := range effects {
		in[i] = inventory.Effect{
			Kind: walkKinds[e.Kind], Claim: e.Claim, Owner: e.Order.String(), SKU: e.SKU, Quantity: e.Quantity, Damaged: e.Damaged, Until: e.Until,
		}
	}
	granted, want := w.model.Apply(w.at, in)
	if len(granted.Short) > 0 {
		want = ordering.OutOfStock.New("the ledger has not enough")
	}
	out, got := w.h.Ordering.Commit(t.Context(), ordering.Commit{At: w.at, Stock: effects})
	if got == nil && want == nil && len(granted.Owed)+len(out.Backordered) > 0 && !reflect.DeepEqual(out.Backordered, granted.Owed) {
		want = fault.Unexpected.Newf("the store says that %v are owed, the ledger %v", out.Backordered, granted.Owed)
	}
	return got, want
}

// walkKinds are the kinds of effects in the words of inventory.
var walkKinds = map[ordering.StockEffectKind]inventory.EffectKind{
	ordering.StockClaim: inventory.ClaimStock, ordering.StockExtend: inventory.ExtendClaim, ordering.StockConsume: inventory.ConsumeClaim,
	ordering.StockRelease: inventory.ReleaseClaim, ordering.StockRestock: inventory.RestockClaim, ordering.StockExpire: inventory.ExpireClaim,
}

// level is the model's level at the default location.
func (w *walker) level(sku ref.SKU) inventory.Level {
	for _, l := range w.model.Changes().Levels {
		if l.LevelKey == at(sku) {
			return l
		}
	}
	return inventory.Level{LevelKey: at(sku)}
}

// compare fails unless the store stands where the model does.
func (w *walker) compare(t TB) {
	t.Helper()
	changes := w.model.Changes()
	for _, sku := range walkSKUs {
		var levels []inventory.Level
		for _, l := range changes.Levels {
			if l.SKU == sku {
				levels = append(levels, l)
			}
		}
		if p := w.h.position(t, sku); !slices.Equal(p.Levels, levels) {
			t.Fatalf("step %d: the store has %+v of %s, the ledger %+v", w.step, p.Levels, sku, levels)
		}
	}
	for _, c := range changes.Claims {
		got, found, err := w.h.Claim(t.Context(), c.ID)
		if err != nil || !found || !sameClaim(got, c) {
			t.Fatalf("step %d: the store has the claim %+v (%v, %v), the ledger %+v", w.step, got, found, err, c)
		}
	}
}

// sameClaim compares claims; an empty list is none.
func sameClaim(a, b inventory.Claim) bool {
	parts := slices.Equal(a.Parts, b.Parts) && slices.Equal(a.Sent, b.Sent)
	a.Parts, a.Sent, b.Parts, b.Sent = nil, nil, nil, nil
	return parts && reflect.DeepEqual(a, b)
}
