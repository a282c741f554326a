package orderingtest_test

import (
	"context"
	"maps"
	"runtime"
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// Cart is ordering.Carts's.
func (s *sketch) Cart(_ context.Context, id ref.CartID) (ordering.Cart, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	c, known := s.carts[id]
	switch {
	case !known && s.flaw == inventsCarts:
		return ordering.Cart{ID: id}, nil
	case !known:
		return ordering.Cart{}, fault.Missing.New("there is no such cart")
	case s.flaw == cutsTimes:
		c.UpdatedAt = c.UpdatedAt.Truncate(time.Millisecond)
	case s.flaw == cutsLines:
		c.Lines = c.Lines[:min(len(c.Lines), 999)]
	default:
	}
	if s.flaw != sharesCart {
		c = cloneCart(c)
	}
	return c, nil
}

// Order is ordering.Orders's.
func (s *sketch) Order(_ context.Context, id ref.OrderID) (ordering.Order, []ordering.Payment, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	o, known := s.orders[id]
	if !known && s.flaw != inventsOrders {
		return ordering.Order{}, nil, fault.Missing.New("there is no such order")
	}
	if s.flaw == tornOrders {
		s.mu.RUnlock()
		for range 100 {
			runtime.Gosched()
		}
		s.mu.RLock()
	}
	if s.flaw == dropsBilling {
		o.BillingAddress = nil
	}
	var payments []ordering.Payment
	for _, p := range s.payments[id] {
		p.Entries = cloneEntries(p.Entries)
		payments = append(payments, p)
	}
	if s.flaw == newestFirst {
		slices.Reverse(payments)
	}
	if s.flaw != sharesOrder {
		o = cloneOrder(o)
	}
	return o, payments, nil
}

// Figures is ordering.Orders's.
func (s *sketch) Figures(context.Context) (ordering.Figures, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	f := ordering.Figures{Orders: map[ordering.Status]int64{}, Revenue: map[string]int64{}}
	for _, o := range s.orders {
		f.Orders[o.Status]++
		if o.Status == ordering.Placed || o.Status == ordering.Completed {
			f.Revenue[o.Currency().Code()] += o.Totals.Total.Minor()
		}
	}
	return f, nil
}

// Find is ports.Commands's.
func (s *sketch) Find(_ context.Context, key ports.CommandKey) (*ports.CommandRecord, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if r, known := s.records[key]; known {
		return &r, nil
	}
	return nil, nil
}

// sketchOutbox is the sketch as ports.Outbox, as far as the suites of ordering ask: they read all that was told.
type sketchOutbox struct {
	ports.Outbox
	*sketch
}

// Pending is ports.Outbox's.
func (s sketchOutbox) Pending(_ context.Context, _ string, limit int) ([]ports.Delivery, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var out []ports.Delivery
	for i, e := range s.events[:min(limit, len(s.events))] {
		out = append(out, ports.Delivery{Event: e, Cursor: ports.Cursor{Position: uint64(i) + 1}})
	}
	return out, nil
}

// sketchStock is the sketch as inventory.Stock, as far as the suites of ordering use it.
type sketchStock struct {
	inventory.Stock
	*sketch
}

// Commit is inventory.Stock's.
func (s sketchStock) Commit(_ context.Context, c inventory.Commit) error {
	s.turn.Lock()
	defer s.turn.Unlock()
	l := s.ledger(s.snapshot())
	if err := l.Commit(c); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.move(l.Changes())
	return nil
}

// Locations is inventory.Stock's.
func (s sketchStock) Locations(context.Context) ([]inventory.Site, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return inventory.AllSites(slices.Collect(maps.Values(s.sites))), nil
}

// Position is inventory.Stock's.
func (s sketchStock) Position(_ context.Context, sku ref.SKU) (inventory.Position, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	p := s.sums[sku]
	p.SKU = sku
	for _, l := range s.levels {
		if l.SKU == sku {
			p.Levels = append(p.Levels, l)
		}
	}
	slices.SortFunc(p.Levels, func(a, b inventory.Level) int { return a.LevelKey.Compare(b.LevelKey) })
	return p, nil
}
