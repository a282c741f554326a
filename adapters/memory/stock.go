package memory

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// stockState holds levels, claims and the ledger of movements.
type stockState struct {
	levels    map[ref.SKU][]inventory.Level // By location, the order in which claims draw on them.
	claims    map[ref.ClaimID]inventory.Claim
	movements map[ref.SKU][]inventory.Movement
	applied   map[string]bool // Keys of adjustments.
}

func newStockState() stockState {
	return stockState{
		levels: map[ref.SKU][]inventory.Level{}, claims: map[ref.ClaimID]inventory.Claim{},
		movements: map[ref.SKU][]inventory.Movement{}, applied: map[string]bool{},
	}
}

// stock reads and changes the stock of a store.
type stock struct{ store *Store }

var _ inventory.Stock = stock{}

// Stock gives the port that reads and adjusts stock.
func (s *Store) Stock() inventory.Stock { return stock{s} }

// Commit makes the commit true, wholly or not at all.
func (k stock) Commit(ctx context.Context, c inventory.Commit) error {
	s := k.store
	return s.update(ctx, func() (func(), error) {
		ledger := s.stock.forAdjustments(c.Adjustments, c.At)
		if err := ledger.Adjust(c.Adjustments); err != nil {
			return nil, err
		}
		return func() {
			s.stock.write(ledger.Changes())
			for _, a := range c.Adjustments {
				s.stock.applied[a.Key] = true
			}
			s.tell(c.Events)
		}, nil
	})
}

// Available gives what can be claimed of each SKU that has a level.
func (k stock) Available(ctx context.Context, skus []ref.SKU) (map[ref.SKU]int64, error) {
	return view(ctx, k.store, func() (map[ref.SKU]int64, error) {
		out := make(map[ref.SKU]int64, len(skus))
		for _, sku := range skus {
			levels := k.store.stock.levels[sku]
			if len(levels) == 0 {
				continue
			}
			var n int64
			for _, l := range levels {
				n += l.Available()
			}
			out[sku] = n
		}
		return out, nil
	})
}

// Position gives the levels and the ledger's sums, added up from its entries.
func (k stock) Position(ctx context.Context, sku ref.SKU) (inventory.Position, error) {
	return view(ctx, k.store, func() (inventory.Position, error) {
		state := &k.store.stock
		out := inventory.Position{
			SKU: sku, Levels: slices.Clone(state.levels[sku]), Movements: int64(len(state.movements[sku])),
		}
		for _, m := range state.movements[sku] {
			out.OnHandSum += m.OnHand
			out.ReservedSum += m.Reserved
		}
		return out, nil
	})
}

// forAdjustments makes a ledger of what the adjustments touch.
func (k *stockState) forAdjustments(adjustments []inventory.Adjustment, at time.Time) *inventory.Ledger {
	skus := make(map[ref.SKU]bool, len(adjustments))
	var applied []string
	for _, a := range adjustments {
		skus[a.SKU] = true
		if k.applied[a.Key] {
			applied = append(applied, a.Key)
		}
	}
	return inventory.NewLedger(k.levelsOf(skus), nil, applied, at)
}

// forEffects makes a ledger of what the effects touch: their claims, and the levels of their own SKUs and of those
// that the claims are on.
func (k *stockState) forEffects(effects []inventory.Effect, at time.Time) *inventory.Ledger {
	skus := make(map[ref.SKU]bool, len(effects))
	var claims []inventory.Claim
	for _, e := range effects {
		skus[e.SKU] = true
		if c, known := k.claims[e.Claim]; known {
			skus[c.SKU] = true
			claims = append(claims, c)
		}
	}
	return inventory.NewLedger(k.levelsOf(skus), claims, nil, at)
}

func (k *stockState) levelsOf(skus map[ref.SKU]bool) []inventory.Level {
	var out []inventory.Level
	for sku := range skus {
		out = append(out, k.levels[sku]...)
	}
	return out
}

// write stores what a ledger changed.
func (k *stockState) write(c inventory.Changes) {
	for _, l := range c.Levels {
		levels := k.levels[l.SKU]
		i, found := slices.BinarySearchFunc(levels, l.Location, func(have inventory.Level, want inventory.Location) int {
			return cmp.Compare(have.Location, want)
		})
		if found {
			levels[i] = l
			continue
		}
		k.levels[l.SKU] = slices.Insert(levels, i, l)
	}
	for _, claim := range c.Claims {
		claim.Parts = slices.Clone(claim.Parts)
		k.claims[claim.ID] = claim
	}
	for _, m := range c.Movements {
		k.movements[m.SKU] = append(k.movements[m.SKU], m)
	}
}
