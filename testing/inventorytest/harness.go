// Package inventorytest proves adapters of inventory's port: TestStock. Each subtest's name begins with the id of the
// clause that it proves; the clauses stand in the comment of the port.
package inventorytest

import (
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Harness is an empty store, opened for one subtest.
type Harness struct {
	Stock inventory.Stock
	// Ordering is the port of the same store through which orders claim stock.
	Ordering ordering.Committer
	// Events gives all events that the store's outbox holds, in its order; all that were committed before the call,
	// also when a relay may not read them yet.
	Events func(t *testing.T) []event.Event
}

// suite runs subtests, each on a store of its own.
type suite struct {
	open func(t *testing.T) Harness
}

// base is a time in the form that stores keep.
var base = time.Date(2026, 3, 2, 9, 30, 0, 123456000, time.UTC)

// uuid makes a UUID that sorts by n.
func uuid(n int) [16]byte {
	var u [16]byte
	binary.BigEndian.PutUint64(u[8:], uint64(n))
	u[6], u[8] = 0x70, u[8]|0x80
	return u
}

// claim is the id of the n-th claim.
func claim(n int) ref.ClaimID { return ref.NewID[ref.ClaimKind](uuid(n)) }

// at names a level at the default location.
func at(sku ref.SKU) inventory.LevelKey {
	return inventory.LevelKey{SKU: sku, Location: inventory.DefaultLocation}
}

// receive is a delivery.
func receive(key string, sku ref.SKU, n int64) inventory.Adjustment {
	return inventory.Adjustment{Key: key, LevelKey: at(sku), Kind: inventory.MoveReceive, Delta: n, Reason: "delivery"}
}

// adjust is a correction by a difference.
func adjust(key string, sku ref.SKU, n int64) inventory.Adjustment {
	return inventory.Adjustment{Key: key, LevelKey: at(sku), Kind: inventory.MoveAdjust, Delta: n, Reason: "breakage"}
}

// count is a correction to what was counted; expected nil means that there is no level yet.
func count(key string, sku ref.SKU, expected *int64, n int64) inventory.Adjustment {
	return inventory.Adjustment{Key: key, LevelKey: at(sku), Kind: inventory.MoveCount, Expected: expected, Quantity: n}
}

// commit makes a commit of the adjustments with an event for each, whose id is told by first and its place.
func commit(first int, adjustments ...inventory.Adjustment) inventory.Commit {
	c := inventory.Commit{Adjustments: adjustments, At: base}
	for i, a := range adjustments {
		c.Events = append(c.Events, event.New(ref.NewID[ref.EventKind](uuid(first+i)), "sku:"+string(a.SKU), base,
			inventory.StockAdjusted{SKU: a.SKU, Location: a.Location, Kind: a.Kind, Key: a.Key}))
	}
	return c
}

// save commits adjustments that the store must accept.
func (h Harness) save(t *testing.T, adjustments ...inventory.Adjustment) {
	t.Helper()
	if err := h.Stock.Commit(t.Context(), inventory.Commit{Adjustments: adjustments, At: base}); err != nil {
		t.Fatalf("Commit: %v", err)
	}
}

// effect commits what an order does to one claim.
func (h Harness) effect(t *testing.T, kind ordering.StockEffectKind, id ref.ClaimID, sku ref.SKU, quantity int64) error {
	t.Helper()
	_, err := h.Ordering.Commit(t.Context(), ordering.Commit{At: base, Stock: []ordering.StockEffect{{
		Kind: kind, Claim: id, Order: ref.NewID[ref.OrderKind](id.UUID()), SKU: sku, Quantity: quantity, Until: base.Add(time.Hour),
	}}})
	return err
}

// claimed claims stock of SKU A that must be there.
func (h Harness) claimed(t *testing.T, id ref.ClaimID, quantity int64) {
	t.Helper()
	if err := h.effect(t, ordering.StockClaim, id, "A", quantity); err != nil {
		t.Fatalf("claiming %d of A: %v", quantity, err)
	}
}

// position reads a SKU's position with its levels sorted, and fails unless the ledger is true and every level within
// its bounds.
func (h Harness) position(t *testing.T, sku ref.SKU) inventory.Position {
	t.Helper()
	p, err := h.Stock.Position(t.Context(), sku)
	if err != nil {
		t.Fatalf("Position(%s): %v", sku, err)
	}
	if problem := untrue(p); problem != "" {
		t.Fatalf("position of %s: %s", sku, problem)
	}
	slices.SortFunc(p.Levels, func(a, b inventory.Level) int { return cmp.Compare(a.Location, b.Location) })
	return p
}

// untrue tells what is wrong with a position in itself, or "".
func untrue(p inventory.Position) string {
	for _, l := range p.Levels {
		if l.SKU != p.SKU || l.Reserved < 0 || l.Reserved > l.OnHand || l.OnHand > inventory.QuantityMax {
			return fmt.Sprintf("the level %+v is out of bounds", l)
		}
	}
	if onHand, reserved := p.Totals(); onHand != p.OnHandSum || reserved != p.ReservedSum {
		return fmt.Sprintf("the levels are %d and %d, the sums of the ledger %d and %d", onHand, reserved, p.OnHandSum, p.ReservedSum)
	}
	return ""
}

// wantLevel fails unless the SKU has these numbers in all.
func (h Harness) wantLevel(t *testing.T, sku ref.SKU, onHand, reserved, movements int64) {
	t.Helper()
	p := h.position(t, sku)
	if gotHand, gotReserved := p.Totals(); gotHand != onHand || gotReserved != reserved || p.Movements != movements {
		t.Errorf("%s: %d on hand, %d reserved, %d movements; want %d, %d, %d",
			sku, gotHand, gotReserved, p.Movements, onHand, reserved, movements)
	}
}

// wantClass fails unless the error is of the class.
func wantClass(t *testing.T, err error, class fault.Class) {
	t.Helper()
	if !fault.Is(err, class) {
		t.Errorf("got error %v, want one of class %s", err, class.Code())
	}
}

// wantGone fails unless the error tells that nothing was done.
func wantGone(t *testing.T, err error) {
	t.Helper()
	if err == nil || fault.KindOf(err) != fault.Unavailable {
		t.Errorf("got error %v, want one of kind unavailable", err)
	}
}

// gone is a context that has ended.
func gone(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}

// ptr points to a number.
func ptr(n int64) *int64 { return &n }
