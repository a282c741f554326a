package inventorytest_test

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// reading begins a read.
func (s *sketch) reading(ctx context.Context) (end func(), err error) {
	if ctx.Err() != nil && s.flaw != readsForGone {
		return nil, fault.Down.New("the caller has left")
	}
	s.mu.RLock()
	return s.mu.RUnlock, nil
}

// Availability is inventory.Stock's.
func (s *sketch) Availability(ctx context.Context, skus []ref.SKU) (map[ref.SKU]inventory.Availability, error) {
	end, err := s.reading(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	if s.flaw == hundredSKUs {
		skus = skus[:min(len(skus), 100)]
	}
	out := map[ref.SKU]inventory.Availability{}
	for _, sku := range skus {
		p, promised := s.promises[sku]
		if !promised || s.flaw == hidesPromises {
			p = inventory.Promise{Policy: inventory.Policy{SKU: sku, Kind: inventory.Deny}}
		}
		a := inventory.Availability{Promise: p}
		for _, l := range s.levels {
			if l.SKU == sku && (s.flaw != oneLocation || l.Location == inventory.DefaultLocation) {
				a.Counted = true
				a.OnHand += l.OnHand
				a.Reserved += l.Reserved
			}
		}
		known := a.Counted || promised
		if s.flaw == hidesZero {
			known = a.OnHand > 0 || promised
		}
		if known || s.flaw == inventsSKUs {
			out[sku] = a
		}
	}
	return out, nil
}

// Position is inventory.Stock's.
func (s *sketch) Position(ctx context.Context, sku ref.SKU) (inventory.Position, error) {
	end, err := s.reading(ctx)
	if err != nil {
		return inventory.Position{}, err
	}
	defer end()
	p := inventory.Position{SKU: sku, Owed: s.promises[sku].Owed}
	for _, l := range s.levels {
		if l.SKU == sku {
			p.Levels = append(p.Levels, l)
		}
	}
	slices.SortFunc(p.Levels, compareLevels)
	if s.flaw == levelsByPriority {
		slices.SortStableFunc(p.Levels, func(a, b inventory.Level) int {
			return int(s.sites[a.Location].Priority - s.sites[b.Location].Priority)
		})
	}
	for _, m := range s.movements {
		if m.SKU == sku {
			p.Movements++
			p.OnHandSum += m.OnHand
			p.ReservedSum += m.Reserved
		}
	}
	for _, c := range s.claims {
		if c.SKU == sku {
			p.OwedSum += c.Owed
		}
	}
	if s.flaw == nameless && p.Movements == 0 {
		p.SKU = ""
	}
	return p, nil
}

// Movements is inventory.Stock's.
func (s *sketch) Movements(ctx context.Context, sku ref.SKU, before uint64, limit int) (inventory.Movements, error) {
	end, err := s.reading(ctx)
	if err != nil {
		return inventory.Movements{}, err
	}
	defer end()
	var all []inventory.Entry
	for i, m := range s.movements {
		place := uint64(i + 1)
		behind := before > 0 && (place > before || place == before && s.flaw != repeatsEntry)
		if (m.SKU == sku || s.flaw == anySKU) && !behind {
			all = append(all, inventory.Entry{Place: place, Movement: m})
		}
	}
	if s.flaw != oldestFirst {
		slices.Reverse(all)
	}
	if s.flaw == forgetsReason {
		for i := range all {
			all[i].Reason = ""
		}
	}
	var out inventory.Movements
	out.Entries = all[:min(len(all), limit)]
	if n := len(out.Entries); n > 0 && n < len(all) {
		out.Next = out.Entries[n-1].Place
	}
	if n := len(out.Entries); n > 0 && n == limit && s.flaw == endlessPages {
		out.Next = out.Entries[n-1].Place
	}
	return out, nil
}

// Lapsed is inventory.Stock's.
func (s *sketch) Lapsed(ctx context.Context, at time.Time, limit int) ([]inventory.Claim, error) {
	end, err := s.reading(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	all := slices.DeleteFunc(slices.Collect(maps.Values(s.claims)), func(c inventory.Claim) bool {
		switch s.flaw {
		case sweepsSettled:
			return c.Until.IsZero() || at.Before(c.Until)
		case sweepsForever:
			return c.State != inventory.Held || at.Before(c.Until)
		case sweepsLate:
			return !c.Lapsed(at.Add(-time.Microsecond))
		default:
			return !c.Lapsed(at)
		}
	})
	slices.SortFunc(all, func(a, b inventory.Claim) int {
		if n := a.Until.Compare(b.Until); n != 0 && s.flaw != sweepsByID {
			return n
		}
		return a.ID.Compare(b.ID)
	})
	if s.flaw == sweepsUnbounded {
		return all, nil
	}
	return all[:min(len(all), limit)], nil
}

// Locations is inventory.Stock's.
func (s *sketch) Locations(ctx context.Context) ([]inventory.Site, error) {
	end, err := s.reading(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	kept := slices.Collect(maps.Values(s.sites))
	switch s.flaw {
	case hidesDefault:
		return kept, nil
	case hidesClosed:
		kept = slices.DeleteFunc(kept, func(l inventory.Site) bool { return l.State == inventory.SiteClosed })
	case placesByCode:
		kept = inventory.AllSites(kept)
		slices.SortFunc(kept, func(a, b inventory.Site) int {
			return compareLevels(inventory.Level{LevelKey: inventory.LevelKey{Location: a.Location}}, inventory.Level{LevelKey: inventory.LevelKey{Location: b.Location}})
		})
		return kept, nil
	default:
	}
	return inventory.AllSites(kept), nil
}
