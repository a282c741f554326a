package bridge_test

import (
	"context"
	"testing"

	"github.com/ipswich-retail/commerce/adapters/bridge"
	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
)

// ledger is one order, as ordering's ports give and take it.
type ledger struct {
	ordering.Orders
	order  ordering.Order
	writes int
	fail   error
}

func (l *ledger) Order(_ context.Context, id ref.OrderID) (ordering.Order, []ordering.Payment, error) {
	if id != l.order.ID {
		return ordering.Order{}, nil, fault.Missing.New("there is no such order")
	}
	return l.order, nil, l.fail
}

func (l *ledger) Commit(_ context.Context, c ordering.Commit) (ordering.Outcome, error) {
	l.order, l.writes = c.Orders[0].State, l.writes+1
	return ordering.Outcome{}, nil
}

func TestBackorders(t *testing.T) {
	t.Parallel()
	id, claim := ref.NewID[ref.OrderKind](ref.UUID{1}), ref.NewID[ref.ClaimKind](ref.UUID{2})
	orders := &ledger{order: ordering.Order{ID: id, Version: 1, Status: ordering.Placed, Lines: []ordering.OrderLine{{Claim: claim, Quantity: 5, Backordered: 4}}}}
	clock, ids := orderingtest.NewClock(orderingtest.Moment()), &orderingtest.Sequence{}
	shop := openShop()
	b := bridge.NewBackorders(ordering.NewService(ordering.Parts{Orders: orders, Committer: orders, Clock: clock, IDs: ids}, nil), shop.inventory)
	told := func(p event.Payload) event.Event {
		return event.New(ref.NewID[ref.EventKind](ids.New()), "x", orderingtest.Moment(), p)
	}
	filled := func(owner string, left int64) event.Event {
		return told(inventory.BackorderFilled{Claim: claim, Owner: owner, SKU: "A", Quantity: 1, Left: left})
	}
	for name, tc := range map[string]event.Event{
		"another's event":  told(inventory.ClaimLapsed{Claim: claim}),
		"an unknown order": filled(ref.NewID[ref.OrderKind](ref.UUID{9}).String(), 0),
		"no order":         filled("somebody", 0),
	} {
		if err := b.Handle(t.Context(), tc); err != nil || orders.writes != 0 {
			t.Errorf("%s: %v, %d writes", name, err, orders.writes)
		}
	}
	for range 2 {
		if err := b.Handle(t.Context(), filled(id.String(), 3)); err != nil || orders.writes != 1 || orders.order.Lines[0].Backordered != 3 {
			t.Errorf("%v, %d writes, %+v", err, orders.writes, orders.order.Lines)
		}
	}
	writes := shop.writes
	if err := b.Handle(t.Context(), told(inventory.FillsWait{SKU: "A"})); err != nil || shop.writes != writes+1 {
		t.Errorf("going on: %v, %d commits", err, shop.writes-writes)
	}
	for _, name := range []string{"inventory.backorder_filled", "inventory.fills_wait"} {
		if err := b.Handle(t.Context(), event.Event{Name: name, Data: []byte("{")}); err == nil {
			t.Errorf("%s that cannot be read was taken", name)
		}
	}
	orders.fail = fault.Down.New("away")
	if err := b.Handle(t.Context(), filled(id.String(), 0)); !fault.Is(err, fault.Down) {
		t.Errorf("while orders are away: %v", err)
	}
}
