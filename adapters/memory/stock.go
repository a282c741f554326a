package memory

import (
	"cmp"
	"context"
	"slices"

	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// stockState holds locations, policies, levels, claims and the ledger of movements.
type stockState struct {
	sites     map[inventory.Location]inventory.Site
	promises  map[ref.SKU]inventory.Promise
	levels    map[ref.SKU][]inventory.Level // By location.
	claims    map[ref.ClaimID]inventory.Claim
	owed      map[ref.SKU][]ref.ClaimID // Claims that are owed some, by id.
	lapsing   []lapse                   // Held claims that have an end, by it.
	movements map[ref.SKU][]inventory.Movement
	applied   map[string]bool            // Keys of adjustments.
	lying     map[inventory.Location]int // Levels above 0 at each location.
}

func newStockState() stockState {
	return stockState{
		sites: map[inventory.Location]inventory.Site{}, promises: map[ref.SKU]inventory.Promise{},
		levels: map[ref.SKU][]inventory.Level{}, claims: map[ref.ClaimID]inventory.Claim{}, owed: map[ref.SKU][]ref.ClaimID{},
		movements: map[ref.SKU][]inventory.Movement{}, applied: map[string]bool{}, lying: map[inventory.Location]int{},
	}
}

// stock reads and changes the stock of a store.
type stock struct{ store *Store }

var _ inventory.Stock = stock{}

// Stock gives the port that reads and changes stock.
func (s *Store) Stock() inventory.Stock { return stock{s} }

// Commit makes the commit true, wholly or not at all.
func (k stock) Commit(ctx context.Context, c inventory.Commit) error {
	s := k.store
	return s.update(ctx, func() (func(), error) {
		ledger := inventory.NewLedger(s.stock.ofCommit(c))
		if err := ledger.Commit(c); err != nil {
			return nil, err
		}
		changes := ledger.Changes()
		return func() {
			s.stock.write(changes)
			s.tell(changes.Events)
		}, nil
	})
}

// ofCommit reads what a commit names.
func (k *stockState) ofCommit(c inventory.Commit) inventory.Facts {
	n := c.Names()
	f := k.ofStock(n.SKUs, n.Claims)
	f.Owed = k.waiting(n.SKUs)
	for _, key := range n.Keys {
		if k.applied[key] {
			f.Applied = append(f.Applied, key)
		}
	}
	for _, at := range n.Locations {
		if site, known := k.sites[at]; known {
			f.Sites = append(f.Sites, site)
		}
	}
	for _, at := range n.Closing {
		if k.lying[at] > 0 {
			f.Occupied = append(f.Occupied, at)
		}
	}
	return f
}

// ofEffects reads what the effects of an order name.
func (k *stockState) ofEffects(effects []inventory.Effect) inventory.Facts {
	skus, claims := make([]ref.SKU, len(effects)), make([]ref.ClaimID, len(effects))
	for i, e := range effects {
		skus[i], claims[i] = e.SKU, e.Claim
		if c, known := k.claims[e.Claim]; known {
			skus[i] = c.SKU
		}
	}
	f := k.ofStock(skus, claims)
	f.Owed = k.waiting(skus)
	return f
}

// ofStock reads SKUs with their levels, locations and promises, and claims.
func (k *stockState) ofStock(skus []ref.SKU, claims []ref.ClaimID) inventory.Facts {
	var f inventory.Facts
	for _, sku := range distinct(skus) {
		f.Levels = append(f.Levels, k.levels[sku]...)
		for _, l := range k.levels[sku] {
			if site, known := k.sites[l.Location]; known {
				f.Sites = append(f.Sites, site)
			}
		}
		if p, known := k.promises[sku]; known {
			f.Promises = append(f.Promises, p)
		}
	}
	for _, id := range claims {
		if c, known := k.claims[id]; known {
			f.Claims = append(f.Claims, c.Clone())
		}
	}
	return f
}

// waiting gives the claims on each SKU that wait longest for what they are owed.
func (k *stockState) waiting(skus []ref.SKU) []inventory.Claim {
	var out []inventory.Claim
	for _, sku := range distinct(skus) {
		ids := k.owed[sku]
		for _, id := range ids[:min(len(ids), inventory.FillMax)] {
			out = append(out, k.claims[id].Clone())
		}
	}
	return out
}

// distinct gives each SKU once.
func distinct(skus []ref.SKU) []ref.SKU {
	out := slices.Clone(skus)
	slices.Sort(out)
	return slices.Compact(out)
}

// write stores what a ledger changed.
func (k *stockState) write(c inventory.Changes) {
	for _, s := range c.Sites {
		k.sites[s.Location] = s
	}
	for _, p := range c.Promises {
		k.promises[p.SKU] = p
	}
	for _, l := range c.Levels {
		k.writeLevel(l)
	}
	for _, claim := range c.Claims {
		k.writeClaim(claim.Clone())
	}
	for _, m := range c.Movements {
		k.movements[m.SKU] = append(k.movements[m.SKU], m)
	}
	for _, key := range c.Applied {
		k.applied[key] = true
	}
}

func (k *stockState) writeLevel(l inventory.Level) {
	levels := k.levels[l.SKU]
	i, found := slices.BinarySearchFunc(levels, l.Location, func(have inventory.Level, want inventory.Location) int {
		return cmp.Compare(have.Location, want)
	})
	if !found {
		levels = slices.Insert(levels, i, inventory.Level{LevelKey: l.LevelKey})
		k.levels[l.SKU] = levels
	}
	switch lay, lies := levels[i].OnHand > 0, l.OnHand > 0; {
	case lies && !lay:
		k.lying[l.Location]++
	case lay && !lies:
		k.lying[l.Location]--
	}
	levels[i] = l
}

func (k *stockState) writeClaim(c inventory.Claim) {
	if old, known := k.claims[c.ID]; known && lapses(old) {
		k.lapsing = slices.Delete(k.lapsing, k.lapseOf(old), k.lapseOf(old)+1)
	}
	k.claims[c.ID] = c
	if lapses(c) {
		k.lapsing = slices.Insert(k.lapsing, k.lapseOf(c), lapse{c.Until, c.ID})
	}
	ids := k.owed[c.SKU]
	i, listed := slices.BinarySearchFunc(ids, c.ID, ref.ClaimID.Compare)
	switch {
	case c.Owed > 0 && !listed:
		k.owed[c.SKU] = slices.Insert(ids, i, c.ID)
	case c.Owed == 0 && listed:
		k.owed[c.SKU] = slices.Delete(ids, i, i+1)
	}
}
