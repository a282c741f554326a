package memory

import (
	"bytes"
	"cmp"
	"context"
	"slices"

	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

var (
	_ ordering.Auditor    = orders{}
	_ inventory.Auditor   = stock{}
	_ ports.OutboxAuditor = Outbox{}
	_ pricing.Auditor     = prices{}
)

// behind gives the keys of a map behind one, in order, at most limit.
func behind[K comparable, V any](m map[K]V, after K, limit int, compare func(a, b K) int) []K {
	var keys []K
	for k := range m {
		if compare(k, after) > 0 {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, compare)
	return keys[:min(len(keys), max(limit, 0))]
}

// AuditOrders gives orders with what must agree with them.
func (o orders) AuditOrders(ctx context.Context, after ref.OrderID, limit int) ([]ordering.OrderAudit, error) {
	return view(ctx, o.store, func() ([]ordering.OrderAudit, error) {
		state := &o.store.ordering
		var out []ordering.OrderAudit
		for _, id := range behind(state.orders, after, limit, ref.OrderID.Compare) {
			a := ordering.OrderAudit{Order: copyOrder(state.orders[id])}
			for _, p := range state.byOrder[id] {
				a.Payments = append(a.Payments, copyPayment(state.payments[p]))
			}
			for _, l := range a.Order.Claims() {
				if c, known := o.store.stock.claims[l.Claim]; known {
					a.Claims = append(a.Claims, claimFact(c))
				}
			}
			out = append(out, a)
		}
		return out, nil
	})
}

// claimFact is a claim in the words of ordering.
func claimFact(c inventory.Claim) ordering.ClaimFact {
	return ordering.ClaimFact{
		Claim: c.ID, SKU: c.SKU, Owner: c.Owner, State: string(c.State), Quantity: c.Quantity(), Held: c.Held(), Owed: c.Owed, Gone: c.Gone(), Until: c.Until,
	}
}

// AuditCarts gives carts with their live orders.
func (o orders) AuditCarts(ctx context.Context, after ref.CartID, limit int) ([]ordering.CartAudit, error) {
	return view(ctx, o.store, func() ([]ordering.CartAudit, error) {
		state := &o.store.ordering
		compare := func(a, b ref.CartID) int {
			x, y := a.Bytes(), b.Bytes()
			return bytes.Compare(x[:], y[:])
		}
		live := map[ref.CartID][]ref.OrderID{}
		for id, order := range state.orders {
			if order.Live() && !order.Cart.IsZero() {
				live[order.Cart] = append(live[order.Cart], id)
			}
		}
		var out []ordering.CartAudit
		for _, id := range behind(state.carts, after, limit, compare) {
			slices.SortFunc(live[id], ref.OrderID.Compare)
			out = append(out, ordering.CartAudit{Cart: copyCart(state.carts[id]), Live: live[id]})
		}
		return out, nil
	})
}

// ClaimsOf gives the claims of the lines of orders.
func (o orders) ClaimsOf(ctx context.Context, ids []ref.OrderID) (map[ref.OrderID][]ref.ClaimID, error) {
	return view(ctx, o.store, func() (map[ref.OrderID][]ref.ClaimID, error) {
		out := make(map[ref.OrderID][]ref.ClaimID, len(ids))
		for _, id := range ids {
			order, known := o.store.ordering.orders[id]
			if !known {
				continue
			}
			out[id] = claimIDs(order)
		}
		return out, nil
	})
}

// claimIDs are the ids of the claims that an order has.
func claimIDs(o ordering.Order) []ref.ClaimID {
	claims := o.Claims()
	out := make([]ref.ClaimID, len(claims))
	for i, c := range claims {
		out[i] = c.Claim
	}
	return out
}

// AuditLevels gives levels with their sums.
func (k stock) AuditLevels(ctx context.Context, after inventory.LevelKey, limit int) ([]inventory.LevelAudit, error) {
	return view(ctx, k.store, func() ([]inventory.LevelAudit, error) {
		state := &k.store.stock
		all := map[inventory.LevelKey]inventory.LevelAudit{}
		at := func(key inventory.LevelKey, change func(a *inventory.LevelAudit)) {
			a := all[key]
			a.LevelKey = key
			change(&a)
			all[key] = a
		}
		for _, levels := range state.levels {
			for _, l := range levels {
				at(l.LevelKey, func(a *inventory.LevelAudit) { a.Level = l })
			}
		}
		for _, movements := range state.movements {
			for _, m := range movements {
				at(m.LevelKey, func(a *inventory.LevelAudit) {
					a.Movements++
					a.OnHandSum += m.OnHand
					a.ReservedSum += m.Reserved
					if m.Kind == inventory.MoveConsume {
						a.GoneSum -= m.OnHand
					}
				})
			}
		}
		for _, c := range state.claims {
			for _, p := range c.Parts {
				at(inventory.LevelKey{SKU: c.SKU, Location: p.Location}, func(a *inventory.LevelAudit) { a.Held += p.Quantity })
			}
			for _, p := range c.Sent {
				at(inventory.LevelKey{SKU: c.SKU, Location: p.Location}, func(a *inventory.LevelAudit) { a.Gone += p.Quantity })
			}
		}
		var out []inventory.LevelAudit
		for _, key := range behind(all, after, limit, inventory.LevelKey.Compare) {
			out = append(out, all[key])
		}
		return out, nil
	})
}

// AuditClaims gives claims.
func (k stock) AuditClaims(ctx context.Context, after ref.ClaimID, limit int) ([]inventory.Claim, error) {
	return view(ctx, k.store, func() ([]inventory.Claim, error) {
		var out []inventory.Claim
		for _, id := range behind(k.store.stock.claims, after, limit, ref.ClaimID.Compare) {
			out = append(out, k.store.stock.claims[id].Clone())
		}
		return out, nil
	})
}

// AuditPromises gives what is owed.
func (k stock) AuditPromises(ctx context.Context, after ref.SKU, limit int) ([]inventory.PromiseAudit, error) {
	return view(ctx, k.store, func() ([]inventory.PromiseAudit, error) {
		state := &k.store.stock
		all := map[ref.SKU]inventory.PromiseAudit{}
		for sku, p := range state.promises {
			all[sku] = inventory.PromiseAudit{SKU: sku, Owed: p.Owed}
		}
		for _, c := range state.claims {
			if c.Owed > 0 {
				a := all[c.SKU]
				a.SKU = c.SKU
				a.OwedSum += c.Owed
				all[c.SKU] = a
			}
		}
		var out []inventory.PromiseAudit
		for _, sku := range behind(all, after, limit, cmp.Compare[ref.SKU]) {
			out = append(out, all[sku])
		}
		return out, nil
	})
}

// AuditEvents gives events, whoever took them.
func (o Outbox) AuditEvents(ctx context.Context, after ports.Cursor, limit int) ([]ports.Delivery, error) {
	return view(ctx, o.store, func() ([]ports.Delivery, error) {
		var out []ports.Delivery
		limit := max(limit, 0)
		for partition := range o.store.outbox.rows {
			rows := o.store.outbox.behind(partition, after.Position)
			for _, row := range rows[:min(limit, len(rows))] {
				out = append(out, row.delivery(partition, false))
			}
		}
		slices.SortFunc(out, func(a, b ports.Delivery) int { return cmp.Compare(a.Cursor.Position, b.Cursor.Position) })
		return out[:min(limit, len(out))], nil
	})
}

// AuditPrices gives the keys of plans.
func (p prices) AuditPrices(ctx context.Context, after pricing.Key, limit int) ([]pricing.Key, error) {
	return view(ctx, p.store, func() ([]pricing.Key, error) {
		return behind(p.store.pricing.plans, after, limit, pricing.Key.Compare), nil
	})
}
