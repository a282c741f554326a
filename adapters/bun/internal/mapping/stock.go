package mapping

import (
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// StockRule is inventory's rule in ordering's words.
func StockRule(l *inventory.Ledger) func(time.Time, []ordering.StockEffect) (ordering.StockVerdict, error) {
	kinds := map[ordering.StockEffectKind]inventory.EffectKind{
		ordering.StockClaim: inventory.ClaimStock, ordering.StockExtend: inventory.ExtendClaim,
		ordering.StockConsume: inventory.ConsumeClaim, ordering.StockRelease: inventory.ReleaseClaim,
		ordering.StockRestock: inventory.RestockClaim, ordering.StockExpire: inventory.ExpireClaim,
	}
	return func(at time.Time, effects []ordering.StockEffect) (ordering.StockVerdict, error) {
		in := make([]inventory.Effect, len(effects))
		for i, e := range effects {
			in[i] = inventory.Effect{
				Kind: kinds[e.Kind], Claim: e.Claim, Owner: e.Order.String(), SKU: e.SKU, Quantity: e.Quantity, Damaged: e.Damaged, Until: e.Until,
			}
		}
		granted, err := l.Apply(at, in)
		out := ordering.StockVerdict{Backordered: granted.Owed, Steady: granted.Steady}
		for _, short := range granted.Short {
			out.Short = append(out.Short, ordering.Shortage(short))
		}
		return out, err
	}
}

// ClaimFact is a claim in the words of ordering.
func ClaimFact(c inventory.Claim) ordering.ClaimFact {
	return ordering.ClaimFact{
		Claim: c.ID, SKU: c.SKU, Owner: c.Owner, State: string(c.State), Quantity: c.Quantity(), Held: c.Held(), Owed: c.Owed, Gone: c.Gone(), Until: c.Until,
	}
}

// Crossed lists the SKUs of which some can be sold and could not, or the other way round, or until another moment: those
// that make products be in stock or not. A commit of orders that sells the last of nothing writes nothing for it.
func Crossed(f inventory.Facts, c inventory.Changes) []string {
	was, is := map[ref.SKU]inventory.Availability{}, map[ref.SKU]inventory.Availability{}
	levels, promises := map[inventory.LevelKey]inventory.Level{}, map[ref.SKU]inventory.Promise{}
	for _, l := range f.Levels {
		levels[l.LevelKey] = l
		was[l.SKU] = with(was[l.SKU], l)
	}
	for _, p := range f.Promises {
		promises[p.SKU] = p
		was[p.SKU] = promised(was[p.SKU], p)
	}
	for _, l := range c.Levels {
		levels[l.LevelKey] = l
	}
	for _, p := range c.Promises {
		promises[p.SKU] = p
	}
	for _, l := range levels {
		is[l.SKU] = with(is[l.SKU], l)
	}
	for _, p := range promises {
		is[p.SKU] = promised(is[p.SKU], p)
	}
	var out []string
	for sku, now := range is {
		before, everBefore := was[sku].SoldUntil()
		after, everAfter := now.SoldUntil()
		if everBefore != everAfter || !before.Equal(after) {
			out = append(out, string(sku))
		}
	}
	slices.Sort(out)
	return out
}

// with adds a level.
func with(a inventory.Availability, l inventory.Level) inventory.Availability {
	a.OnHand += l.OnHand
	a.Reserved += l.Reserved
	return a
}

// promised adds a promise.
func promised(a inventory.Availability, p inventory.Promise) inventory.Availability {
	a.Promise = p
	return a
}
