package memory

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// lapse is a held claim and when its time is over.
type lapse struct {
	until time.Time
	id    ref.ClaimID
}

// lapses tells whether the claim stands among those that have an end.
func lapses(c inventory.Claim) bool { return c.State == inventory.Held && !c.Until.IsZero() }

// lapseOf is the place of a claim among those that have an end.
func (k *stockState) lapseOf(c inventory.Claim) int {
	i, _ := slices.BinarySearchFunc(k.lapsing, lapse{c.Until, c.ID}, func(a, b lapse) int {
		return cmp.Or(a.until.Compare(b.until), a.id.Compare(b.id))
	})
	return i
}

// Availability adds up the levels of each SKU that has one, or a policy.
func (k stock) Availability(ctx context.Context, skus []ref.SKU) (map[ref.SKU]inventory.Availability, error) {
	return view(ctx, k.store, func() (map[ref.SKU]inventory.Availability, error) {
		state := &k.store.stock
		out := make(map[ref.SKU]inventory.Availability, len(skus))
		for _, sku := range skus {
			if a := state.available(sku); a.Counted || a.Version > 0 {
				out[sku] = a
			}
		}
		return out, nil
	})
}

// available adds up a SKU's levels, and tells its policy.
func (k *stockState) available(sku ref.SKU) inventory.Availability {
	promise, promised := k.promises[sku]
	if !promised {
		promise.Policy = inventory.Policy{SKU: sku, Kind: inventory.Deny}
	}
	a := inventory.Availability{Promise: promise, Counted: len(k.levels[sku]) > 0}
	for _, l := range k.levels[sku] {
		a.OnHand += l.OnHand
		a.Reserved += l.Reserved
	}
	return a
}

// Position gives the levels and the sums of the ledger and of what is owed, added up from their entries.
func (k stock) Position(ctx context.Context, sku ref.SKU) (inventory.Position, error) {
	return view(ctx, k.store, func() (inventory.Position, error) {
		state := &k.store.stock
		out := inventory.Position{
			SKU: sku, Levels: slices.Clone(state.levels[sku]), Movements: int64(len(state.movements[sku])),
			Owed: state.promises[sku].Owed,
		}
		for _, m := range state.movements[sku] {
			out.OnHandSum += m.OnHand
			out.ReservedSum += m.Reserved
		}
		for _, id := range state.owed[sku] {
			out.OwedSum += state.claims[id].Owed
		}
		return out, nil
	})
}

// Movements gives a page of a SKU's ledger, the newest first. The place of an entry is its number, from 1.
func (k stock) Movements(ctx context.Context, sku ref.SKU, before uint64, limit int) (inventory.Movements, error) {
	return view(ctx, k.store, func() (inventory.Movements, error) {
		all := k.store.stock.movements[sku]
		end := uint64(len(all)) + 1
		if before > 0 {
			end = min(before, end)
		}
		var out inventory.Movements
		for place := end - 1; place > 0 && len(out.Entries) < min(limit, inventory.MovementsMax); place-- {
			out.Entries = append(out.Entries, inventory.Entry{Place: place, Movement: all[place-1]})
		}
		if n := len(out.Entries); n > 0 && out.Entries[n-1].Place > 1 {
			out.Next = out.Entries[n-1].Place
		}
		return out, nil
	})
}

// Lapsed gives held claims whose time was over, the longest over first.
func (k stock) Lapsed(ctx context.Context, at time.Time, limit int) ([]inventory.Claim, error) {
	return view(ctx, k.store, func() ([]inventory.Claim, error) {
		var out []inventory.Claim
		for _, l := range k.store.stock.lapsing {
			if l.until.After(at) || len(out) >= limit {
				break
			}
			out = append(out, k.store.stock.claims[l.id].Clone())
		}
		return out, nil
	})
}

// Locations gives all locations, in the order in which claims draw on them.
func (k stock) Locations(ctx context.Context) ([]inventory.Site, error) {
	return view(ctx, k.store, func() ([]inventory.Site, error) {
		out := make([]inventory.Site, 0, len(k.store.stock.sites)+1)
		for _, s := range k.store.stock.sites {
			out = append(out, s)
		}
		return inventory.AllSites(out), nil
	})
}
