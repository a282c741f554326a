package simulation

import (
	"context"
	"slices"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/shoptest"
)

// watched puts an observer between the servers' faults and the store, who sees what the store was asked for and what it
// really answered.
func (w *world) watched(p shoptest.Ports) shoptest.Ports {
	p.Ordering = watchedOrdering{p.Ordering, w}
	p.Stock = watchedStock{p.Stock, w}
	return p
}

// touch notes once what a step wrote to.
func touch[K comparable](list *[]K, key K) {
	if !slices.Contains(*list, key) {
		*list = append(*list, key)
	}
}

// watchedOrdering notes what commits write to.
type watchedOrdering struct {
	ordering.Committer
	world *world
}

// Unwrap hides nothing.
func (o watchedOrdering) Unwrap() any { return o.Committer }

// Commit notes everything that the commit names, whatever comes of it.
func (o watchedOrdering) Commit(ctx context.Context, c ordering.Commit) (ordering.Outcome, error) {
	t := &o.world.touched
	for _, w := range c.Carts {
		touch(&t.carts, w.State.ID)
	}
	for _, w := range c.Orders {
		touch(&t.orders, w.State.ID)
	}
	for _, e := range c.Stock {
		touch(&t.skus, e.SKU)
	}
	for _, p := range c.Purges {
		touch(&t.carts, p.Cart)
	}
	out, err := o.Committer.Commit(ctx, c)
	if err == nil && out.Replay == nil {
		for _, p := range c.Purges {
			o.world.purged[p.Cart] = true
		}
		o.world.follow(c)
	}
	return out, err
}

// watchedStock keeps the books of what came in.
type watchedStock struct {
	inventory.Stock
	world *world
}

// Unwrap hides nothing.
func (s watchedStock) Unwrap() any { return s.Stock }

// Commit counts what was accepted, each key once.
func (s watchedStock) Commit(ctx context.Context, c inventory.Commit) error {
	err := s.Stock.Commit(ctx, c)
	w := s.world
	for _, a := range c.Adjustments {
		touch(&w.touched.skus, a.SKU)
		if err != nil || w.applied[a.Key] {
			continue
		}
		w.applied[a.Key] = true
		switch a.Kind {
		case inventory.MoveReceive, inventory.MoveAdjust:
			w.onHand[a.SKU] += a.Delta
		case inventory.MoveDamage:
			w.onHand[a.SKU] -= a.Delta
		default:
		}
	}
	for _, k := range c.Lapsed {
		touch(&w.touched.skus, k.SKU)
	}
	for _, sku := range c.Fill {
		touch(&w.touched.skus, sku)
	}
	return err
}

// check looks at what the step touched.
func (w *world) check() {
	ctx := context.Background()
	w.checkJournal()
	w.listen(ctx)
	for _, id := range w.touched.carts {
		if ss, known := w.byCart[id]; known {
			c, err := w.ports.Carts.Cart(ctx, id)
			switch gone := fault.Is(err, fault.Missing); {
			case gone && w.purged[id]:
			case err != nil:
				w.find("cart-lost", ss.name, err.Error())
			case w.purged[id]:
				w.find("cart-lost", ss.name, "it was deleted and is there")
			default:
				w.learn(ss, c)
			}
		}
	}
	for _, id := range w.touched.orders {
		w.look(ctx, id)
	}
	w.checkStock(ctx, w.touched.skus)
	w.touched.carts, w.touched.orders, w.touched.skus = w.touched.carts[:0], w.touched.orders[:0], w.touched.skus[:0]
}

// checkStock compares what can be bought with the books.
func (w *world) checkStock(ctx context.Context, skus []ref.SKU) {
	if len(skus) == 0 {
		return
	}
	available, err := w.ports.Stock.Availability(ctx, skus)
	if err != nil {
		w.find("unexpected-error", "stock", err.Error())
		return
	}
	for _, sku := range skus {
		a := available[sku]
		if onHand := w.onHand[sku] + w.moved[sku]; a.OnHand != onHand || a.Reserved+a.Owed != w.reserved[sku] || a.Reserved < 0 || a.Reserved > a.OnHand || a.Owed < 0 {
			w.find("stock-available", string(sku), sprintf("%d on hand, %d reserved and %d owed; by the books %d are there and orders hold %d",
				a.OnHand, a.Reserved, a.Owed, onHand, w.reserved[sku]))
		}
		if a.Owed > 0 && a.OnHand > a.Reserved {
			w.find("stock-owed", string(sku), sprintf("%d are owed and %d lie free", a.Owed, a.OnHand-a.Reserved))
		}
	}
}

// look looks at an order.
func (w *world) look(ctx context.Context, id ref.OrderID) {
	o, payments, err := w.ports.Orders.Order(ctx, id)
	before, known := w.orders[id]
	if err != nil {
		if known || !fault.Is(err, fault.Missing) {
			w.find("order-lost", id.String(), err.Error())
		}
		return
	}
	if !known {
		w.known = append(w.known, id)
		w.appeared(o)
	} else {
		w.changed(before.Order, o)
	}
	w.hold(before.Order, -1)
	w.hold(o, +1)
	w.orders[id] = seen{o, payments}
	w.checkMoney(o, payments)
	if got := w.outbox.status[id.String()]; got != o.Status {
		w.find("event-missing", id.String(), sprintf("the order is %s and its events say %q", o.Status, got))
	}
}

// hold adds to the books what an order holds of the stock and took of it, or takes it off.
func (w *world) hold(o ordering.Order, sign int64) {
	waits := o.Status == ordering.Pending || o.Status == ordering.Placed
	for _, c := range o.Claims() {
		if waits && o.Holding == ordering.HoldingOwn {
			w.reserved[c.SKU] += sign * (c.Quantity - c.Gone)
		}
		w.moved[c.SKU] += sign * (c.Back - c.Damaged - c.Gone)
		touch(&w.touched.skus, c.SKU)
	}
}
