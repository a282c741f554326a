package orderingtest

import (
	"time"

	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// effectClauses prove [commit-stock] for the effects on claims that exist.
func effectClauses() []Clause[Harness] {
	const id = "commit-stock"
	return []Clause[Harness]{
		{ID: id, Case: "extend", Run: extend},
		{ID: id, Case: "consume and restock", Run: consumeAndRestock},
		{ID: id, Case: "release", Run: release},
		{ID: id, Case: "a claim that is settled", Run: settledClaim},
		{ID: id, Case: "the second time changes nothing", Run: secondTime},
		{ID: id, Case: "some of a claim", Run: someOfClaim},
		{ID: id, Case: "beyond stock", Run: beyondStock},
	}
}

// effect makes the commit of one effect on the claim of an order's first line.
func (w *world) effect(p placed, kind ordering.StockEffectKind, quantity int64, until time.Time) ordering.Commit {
	l := p.order.Lines[0]
	return ordering.Commit{At: w.at, Stock: []ordering.StockEffect{{
		Kind: kind, Claim: l.Claim, Order: p.order.ID, SKU: l.SKU, Quantity: quantity, Until: until,
	}}}
}

// claim checks the claim of an order's first line.
func (w *world) claim(p placed, state inventory.ClaimState, back int64, until time.Time) {
	w.Helper()
	if w.excused(w.h.features.NoClaims) {
		return
	}
	l := p.order.Lines[0]
	got, known, err := w.h.Claim(w.Context(), l.Claim)
	if err != nil || !known {
		w.Fatalf("reading a claim: known %v, %v", known, err)
	}
	wanted := inventory.Claim{ID: l.Claim, Owner: p.order.ID.String(), SKU: l.SKU, State: state, Back: back, Until: until}
	all := []inventory.Part{{Location: inventory.DefaultLocation, Quantity: l.Quantity}}
	switch state {
	case inventory.Held:
		wanted.Parts = all
	case inventory.Consumed:
		wanted.Sent = all
	default:
		wanted.Freed = l.Quantity
	}
	got.Parts, got.Sent = none(got.Parts), none(got.Sent)
	w.same("the claim", got, wanted)
}

func extend(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.seed("A", 5)
	p := w.order(want{"A", 3})
	w.claim(p, inventory.Held, 0, w.at.Add(ordering.ClaimTTL))
	w.accept(w.effect(p, ordering.StockExtend, 3, w.at.Add(time.Hour)))
	w.claim(p, inventory.Held, 0, w.at.Add(time.Hour))
	w.accept(w.settle(p, ordering.ChargeCaptured).commit)
	w.claim(p, inventory.Held, 0, time.Time{})
	w.levels("A", 5, 3)
}

func consumeAndRestock(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.seed("A", 5)
	p := w.order(want{"A", 3})
	until := w.at.Add(ordering.ClaimTTL)
	w.accept(w.effect(p, ordering.StockConsume, 3, time.Time{}))
	w.levels("A", 2, 0)
	w.claim(p, inventory.Consumed, 0, until)
	w.accept(w.effect(p, ordering.StockRestock, 1, time.Time{}))
	w.levels("A", 3, 0)
	w.accept(w.effect(p, ordering.StockRestock, 3, time.Time{})) // In all.
	w.levels("A", 5, 0)
	w.claim(p, inventory.Consumed, 3, until)
	w.refuses(w.effect(p, ordering.StockRestock, 4, time.Time{}), inventory.BrokenRule)
	w.order(want{"A", 5})
}

func release(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.seed("A", 5)
	p := w.order(want{"A", 5})
	w.refuses(w.place(w.cart(want{"A", 1})).commit, ordering.OutOfStock)
	w.accept(w.settle(p, ordering.ChargeDeclined).commit)
	w.levels("A", 5, 0)
	w.claim(p, inventory.Released, 0, w.at.Add(ordering.ClaimTTL))
	w.order(want{"A", 5})
	w.levels("A", 5, 5)
}

func settledClaim(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.seed("A", 9)
	released, consumed, held := w.order(want{"A", 3}), w.order(want{"A", 3}), w.order(want{"A", 3})
	w.accept(w.effect(released, ordering.StockRelease, 3, time.Time{}))
	w.accept(w.effect(consumed, ordering.StockConsume, 3, time.Time{}))
	for _, tc := range []struct {
		of   placed
		kind ordering.StockEffectKind
	}{
		{released, ordering.StockExtend},
		{released, ordering.StockConsume},
		{released, ordering.StockRestock},
		{consumed, ordering.StockExtend},
		{consumed, ordering.StockRelease},
		{held, ordering.StockRestock},
	} {
		w.refuses(w.effect(tc.of, tc.kind, 3, time.Time{}), inventory.ClaimSettled)
	}
	unknown := w.place(w.newCart(want{"A", 1}))
	w.refuses(w.effect(unknown, ordering.StockConsume, 1, time.Time{}), inventory.BrokenRule)
}

func secondTime(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.seed("A", 9)
	p := w.order(want{"A", 3})
	again := w.effect(p, ordering.StockClaim, 3, w.at.Add(time.Hour))
	w.accept(again)
	w.levels("A", 9, 3)
	released := w.order(want{"A", 3})
	for range 2 {
		w.accept(w.effect(released, ordering.StockRelease, 3, time.Time{}))
		w.levels("A", 9, 3)
	}
	for range 2 {
		w.accept(w.effect(p, ordering.StockConsume, 3, time.Time{}))
		w.levels("A", 6, 0)
	}
	for range 2 {
		w.accept(w.effect(p, ordering.StockRestock, 2, time.Time{}))
		w.levels("A", 8, 0)
	}
}

func someOfClaim(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.seed("A", 9)
	p := w.order(want{"A", 6})
	for range 2 {
		w.accept(w.effect(p, ordering.StockConsume, 2, time.Time{})) // In all.
		w.levels("A", 7, 4)
	}
	w.accept(w.effect(p, ordering.StockRelease, 1, time.Time{}))
	w.levels("A", 7, 3)
	back := w.effect(p, ordering.StockRestock, 2, time.Time{})
	back.Stock[0].Damaged = 1
	for range 2 {
		w.accept(back)
		w.levels("A", 8, 3)
	}
	w.accept(w.effect(p, ordering.StockConsume, 0, time.Time{})) // All that was not given up.
	w.levels("A", 5, 0)
}

// beyondStock orders more than there is of what may be promised, and tells the order as goods come in.
func beyondStock(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.seed("A", 5)
	policy := inventory.Policy{SKU: "A", Version: 1, Kind: inventory.Backorder, Limit: 6}
	err := w.h.Stock.Commit(w.Context(), inventory.Commit{At: w.at, Policies: []inventory.Write[inventory.Policy]{{State: policy}}})
	if err != nil {
		w.Fatalf("setting a policy: %v", err)
	}
	_, err = w.commit(w.place(w.cart(want{"A", 12})).commit)
	w.shorts(err, map[string]short{"lines[0].quantity": {"A", 11}})
	p := w.place(w.cart(want{"A", 4}, want{"A", 4}))
	out, err := w.commit(p.commit)
	if err != nil {
		w.Fatalf("ordering beyond stock: %v", err)
	}
	owed := map[ref.ClaimID]int64{p.order.Lines[1].Claim: 3}
	w.same("what is promised", out.Backordered, owed)
	stored := w.glance(p.commit).Orders[p.order.ID]
	w.same("the order", stored, normalOrder(p.commit.Owing(owed).Orders[0].State))
	for _, left := range []int64{1, 0} {
		lowered, c, changed := ordering.LowerBackorder(stored, p.order.Lines[1].Claim, left, w.at, w.id)
		if !changed {
			w.Fatalf("lowering to %d changes nothing", left)
		}
		w.accept(c)
		stored = w.glance(c).Orders[p.order.ID]
		w.same("the order as goods come in", stored, normalOrder(lowered))
	}
	more := w.place(w.cart(want{"A", 3}))
	if out, err = w.commit(more.commit); err != nil || out.Backordered[more.order.Lines[0].Claim] != 3 {
		w.Errorf("ordering more: %+v, %v", out, err)
	}
	w.shorts(second(w.commit(w.place(w.cart(want{"A", 1})).commit)), map[string]short{"lines[0].quantity": {"A", 0}})
	w.levels("A", 5, 5)
}

// second is the error of a commit.
func second(_ ordering.Outcome, err error) error { return err }
