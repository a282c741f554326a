package inventorytest

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"sync"
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
	// Claim reads a claim on stock; found is false when there is none.
	Claim func(ctx context.Context, id ref.ClaimID) (c inventory.Claim, found bool, err error)
	// Events gives all events that the store's outbox holds, in its order; all that were committed before the call,
	// also when a relay may not read them yet.
	Events func(t TB) []event.Event
	// Reopen closes the store and opens the same data anew.
	Reopen func(t TB) Harness
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

// there moves an adjustment to another location.
func there(a inventory.Adjustment, location inventory.Location) inventory.Adjustment {
	a.Location = location
	return a
}

// move is a transfer from the default location.
func move(key string, sku ref.SKU, n int64, to inventory.Location) inventory.Adjustment {
	return inventory.Adjustment{Key: key, LevelKey: at(sku), Kind: inventory.MoveTransfer, Delta: n, To: to}
}

// site is the write of an open location's version.
func site(location inventory.Location, version ref.Version, priority int32) inventory.Write[inventory.Site] {
	return inventory.Write[inventory.Site]{Expected: version - 1, State: inventory.Site{
		Location: location, Version: version, Name: "Of " + string(location), State: inventory.SiteOpen, Priority: priority,
	}}
}

// shut is the write of a closed location's version.
func shut(location inventory.Location, version ref.Version) inventory.Write[inventory.Site] {
	w := site(location, version, 0)
	w.State.State = inventory.SiteClosed
	return w
}

// policy is the write of a policy's version: backorder up to a limit, or deny for 0.
func policy(sku ref.SKU, version ref.Version, limit int64) inventory.Write[inventory.Policy] {
	w := inventory.Write[inventory.Policy]{Expected: version - 1, State: inventory.Policy{SKU: sku, Version: version, Kind: inventory.Backorder, Limit: limit}}
	if limit == 0 {
		w.State.Kind = inventory.Deny
	}
	return w
}

// told is an event whose id is told by n.
func told(n int) event.Event {
	return event.New(ref.NewID[ref.EventKind](uuid(n)), "suite", base, inventory.FillsWait{SKU: "suite"})
}

// with gives each adjustment an event, whose id is told by first and its place.
func with(first int, adjustments ...inventory.Adjustment) inventory.Commit {
	c := inventory.Commit{At: base}
	for i, a := range adjustments {
		a.Event = told(first + i)
		c.Adjustments = append(c.Adjustments, a)
	}
	return c
}

// save commits what the store must accept.
func (h Harness) save(t TB, c inventory.Commit) {
	t.Helper()
	if c.At.IsZero() {
		c.At = base
	}
	if err := h.Stock.Commit(t.Context(), c); err != nil {
		t.Fatalf("Commit: %v", err)
	}
}

// put commits adjustments that the store must accept.
func (h Harness) put(t TB, adjustments ...inventory.Adjustment) {
	t.Helper()
	h.save(t, inventory.Commit{Adjustments: adjustments})
}

// open makes locations, in the order in which claims draw on them.
func (h Harness) open(t TB, locations ...inventory.Location) {
	t.Helper()
	var c inventory.Commit
	for i, l := range locations {
		c.Sites = append(c.Sites, site(l, 1, int32(i+1)))
	}
	h.save(t, c)
}

// promise lets so much of A be owed.
func (h Harness) promise(t TB, limit int64) {
	t.Helper()
	h.save(t, inventory.Commit{Policies: []inventory.Write[inventory.Policy]{policy("A", 1, limit)}})
}

// effect is what an order does to the n-th claim.
func effect(kind ordering.StockEffectKind, n int, sku ref.SKU, quantity int64) ordering.StockEffect {
	return ordering.StockEffect{Kind: kind, Claim: claim(n), Order: ref.NewID[ref.OrderKind](uuid(n)), SKU: sku, Quantity: quantity}
}

// order commits what an order does, an hour after base.
func (h Harness) order(t TB, effects ...ordering.StockEffect) (ordering.Outcome, error) {
	return h.Ordering.Commit(t.Context(), ordering.Commit{At: base.Add(time.Hour), Stock: effects})
}

// must commits what an order does and the store must accept.
func (h Harness) must(t TB, effects ...ordering.StockEffect) {
	t.Helper()
	if _, err := h.order(t, effects...); err != nil {
		t.Fatalf("the effects %+v: %v", effects, err)
	}
}

// position reads a SKU's position.
func (h Harness) position(t TB, sku ref.SKU) inventory.Position {
	t.Helper()
	p, err := h.Stock.Position(t.Context(), sku)
	if err != nil {
		t.Fatalf("Position(%s): %v", sku, err)
	}
	return p
}

// levels fails unless the SKU has these numbers in all.
func (h Harness) levels(t TB, sku ref.SKU, onHand, reserved int64) {
	t.Helper()
	if gotHand, gotReserved := h.position(t, sku).Totals(); gotHand != onHand || gotReserved != reserved {
		t.Errorf("%s: %d on hand and %d reserved, want %d and %d", sku, gotHand, gotReserved, onHand, reserved)
	}
}

// claimed reads the n-th claim, which must be there.
func (h Harness) claimed(t TB, n int) inventory.Claim {
	t.Helper()
	c, found, err := h.Claim(t.Context(), claim(n))
	if err != nil || !found {
		t.Fatalf("reading claim %d: found %v, %v", n, found, err)
	}
	return c
}

// holds fails unless the n-th claim is in the state and holds and is owed so much.
func (h Harness) holds(t TB, n int, state inventory.ClaimState, held, owed int64) {
	t.Helper()
	if c := h.claimed(t, n); c.State != state || c.Held() != held || c.Owed != owed {
		t.Errorf("claim %d is %s, holds %d and is owed %d; want %s, %d and %d", n, c.State, c.Held(), c.Owed, state, held, owed)
	}
}

// filled lists the fills that were told, in order.
func (h Harness) filled(t TB) []inventory.BackorderFilled {
	t.Helper()
	var out []inventory.BackorderFilled
	for _, e := range h.Events(t) {
		var f inventory.BackorderFilled
		if e.Name != f.EventName() {
			continue
		}
		if err := json.Unmarshal(e.Data, &f); err != nil {
			t.Fatalf("the event %s: %v", e.Name, err)
		}
		out = append(out, f)
	}
	return out
}

// ids fails unless these events of the suite's were told, in this order.
func (h Harness) ids(t TB, wanted ...int) {
	t.Helper()
	var got []ref.EventID
	for _, e := range h.Events(t) {
		if e.Aggregate == "suite" {
			got = append(got, e.ID)
		}
	}
	if len(got) != len(wanted) {
		t.Errorf("%d events were told, want %d", len(got), len(wanted))
		return
	}
	for i, n := range wanted {
		if got[i] != told(n).ID {
			t.Errorf("event %d is not that of %d", i, n)
		}
	}
}

// refused fails unless the error is of the class.
func refused(t TB, err error, class fault.Class) {
	t.Helper()
	if !fault.Is(err, class) {
		t.Errorf("got error %v, want one of class %s", err, class.Code())
	}
}

// wantGone fails unless the error tells that nothing was done.
func wantGone(t TB, err error) {
	t.Helper()
	if err == nil || fault.KindOf(err) != fault.Unavailable {
		t.Errorf("got error %v, want one of kind unavailable", err)
	}
}

// gone is a context that has ended.
func gone(t TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}

// racers is how many callers race.
const racers = 16

// race runs f for each racer at once.
func race(n int, f func(racer int)) {
	var all sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		all.Go(func() {
			<-start
			f(i)
		})
	}
	close(start)
	all.Wait()
}
