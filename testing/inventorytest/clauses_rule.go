package inventorytest

import (
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ordering"
)

// ruleClauses prove [stock-rule].
func ruleClauses() []Clause {
	const id = "stock-rule"
	return []Clause{
		{ID: id, Case: "counts only what did not change", Run: ruleCount},
		{ID: id, Case: "keeps what is claimed", Run: ruleClaimed},
		{ID: id, Case: "moves goods and writes off damage", Run: ruleMoves},
		{ID: id, Case: "names what is wrong", Run: ruleInvalid},
		{ID: id, Case: "takes a claim in parts", Run: ruleParts},
		{ID: id, Case: "draws by priority", Run: rulePriority},
		{ID: id, Case: "is that of the ledger on a random walk", Run: ruleWalk},
	}
}

func ruleCount(t TB, open func(TB) Harness) {
	h := open(t)
	try := func(n int, a inventory.Adjustment) error { return h.Stock.Commit(t.Context(), with(n, a)) }
	refused(t, try(1, count("c1", "A", new(int64(3)), 4)), inventory.CountChanged)
	h.put(t, count("c1", "A", nil, 10))
	refused(t, try(2, count("c2", "A", nil, 4)), inventory.CountChanged)
	refused(t, try(3, count("c3", "A", new(int64(9)), 4)), inventory.CountChanged)
	h.put(t, count("c4", "A", new(int64(10)), 4))
	h.levels(t, "A", 4, 0)
	h.put(t, count("c5", "B", nil, 0))
	h.levels(t, "B", 0, 0)
}

func ruleClaimed(t TB, open func(TB) Harness) {
	h := open(t)
	try := func(n int, a inventory.Adjustment) error { return h.Stock.Commit(t.Context(), with(n, a)) }
	h.put(t, receive("r1", "A", 10))
	h.must(t, effect(ordering.StockClaim, 1, "A", 6))
	refused(t, try(1, adjust("a1", "A", -5)), inventory.BelowZero)
	refused(t, try(2, count("c1", "A", new(int64(10)), 5)), inventory.BelowZero)
	h.put(t, adjust("a2", "A", -4))
	h.levels(t, "A", 6, 6)
	h.must(t, effect(ordering.StockRelease, 1, "A", 6))
	h.put(t, adjust("a3", "A", -6))
	h.levels(t, "A", 0, 0)
}

func ruleMoves(t TB, open func(TB) Harness) {
	h := open(t)
	h.open(t, "shop", "yard")
	h.put(t, receive("r1", "A", 10))
	h.must(t, effect(ordering.StockClaim, 1, "A", 4))
	refused(t, h.Stock.Commit(t.Context(), with(1, move("m1", "A", 7, "shop"))), inventory.BelowZero)
	h.put(t, move("m2", "A", 5, "shop"), there(move("m3", "A", 2, "yard"), "shop"))
	broken := inventory.Adjustment{Key: "d1", LevelKey: at("A"), Kind: inventory.MoveDamage, Delta: 2, Reason: "fell"}
	refused(t, h.Stock.Commit(t.Context(), with(2, broken)), inventory.BelowZero)
	broken.Delta = 1
	h.put(t, broken)
	h.at(t, map[inventory.Location][2]int64{inventory.DefaultLocation: {4, 4}, "shop": {3, 0}, "yard": {2, 0}})
}

// at fails unless A has these numbers at its locations.
func (h Harness) at(t TB, wanted map[inventory.Location][2]int64) {
	t.Helper()
	got := map[inventory.Location][2]int64{}
	for _, l := range h.position(t, "A").Levels {
		got[l.Location] = [2]int64{l.OnHand, l.Reserved}
	}
	for l, n := range wanted {
		if got[l] != n {
			t.Errorf("at %s %v are on hand and reserved, want %v", l, got[l], n)
		}
	}
	if len(got) != len(wanted) {
		t.Errorf("A lies at %d locations, want %d", len(got), len(wanted))
	}
}

func ruleInvalid(t TB, open func(TB) Harness) {
	h := open(t)
	claiming := receive("k", "A", 1)
	claiming.Kind = inventory.MoveClaim
	for name, bad := range map[string]inventory.Adjustment{
		"no SKU":              receive("k", "", 1),
		"no key":              receive("", "A", 1),
		"no location":         there(receive("k", "A", 1), ""),
		"an unknown location": there(receive("k", "A", 1), "nowhere"),
		"to an unknown one":   move("k", "A", 1, "nowhere"),
		"a kind of others":    claiming,
		"nothing received":    receive("k", "A", 0),
		"too much":            receive("k", "A", inventory.QuantityMax+1),
		"a negative count":    count("k", "A", nil, -1),
		"too large a count":   count("k", "A", nil, inventory.QuantityMax+1),
		"below zero at once":  adjust("k", "A", -1),
	} {
		err := h.Stock.Commit(t.Context(), with(1, bad))
		if err == nil {
			t.Errorf("%s was accepted", name)
			continue
		}
		if k := fault.KindOf(err); k != fault.Invalid && k != fault.Conflict {
			t.Errorf("%s: got %v, want a refusal", name, err)
		}
	}
	h.levels(t, "A", 0, 0)
}

func ruleParts(t TB, open func(TB) Harness) {
	h := open(t)
	h.put(t, receive("r1", "A", 10))
	h.must(t, effect(ordering.StockClaim, 1, "A", 6))
	damaged := effect(ordering.StockRestock, 1, "A", 3)
	damaged.Damaged = 2
	for _, s := range []struct {
		effect           ordering.StockEffect
		onHand, reserved int64
	}{
		{effect(ordering.StockConsume, 1, "A", 2), 8, 4},
		{effect(ordering.StockConsume, 1, "A", 2), 8, 4},
		{effect(ordering.StockConsume, 1, "A", 3), 7, 3},
		{effect(ordering.StockRelease, 1, "A", 1), 7, 2},
		{effect(ordering.StockRelease, 1, "A", 1), 7, 2},
		{damaged, 8, 2},
		{damaged, 8, 2},
		{effect(ordering.StockConsume, 1, "A", 0), 6, 0},
	} {
		h.must(t, s.effect)
		h.levels(t, "A", s.onHand, s.reserved)
	}
	c := h.claimed(t, 1)
	want := inventory.Claim{
		ID: claim(1), Owner: c.Owner, SKU: "A", State: inventory.Consumed, Freed: 1, Back: 3, Damaged: 2,
		Sent: []inventory.Part{{Location: inventory.DefaultLocation, Quantity: 5}},
	}
	if len(c.Parts) != 0 || !slices.Equal(c.Sent, want.Sent) || c.State != want.State || c.Freed != 1 || c.Back != 3 || c.Damaged != 2 || c.Quantity() != 6 {
		t.Errorf("the claim is %+v, want %+v", c, want)
	}
}

func rulePriority(t TB, open func(TB) Harness) {
	h := open(t)
	h.save(t, inventory.Commit{Sites: []inventory.Write[inventory.Site]{site("a", 1, 2), site("b", 1, -1)}})
	h.put(t, there(receive("r1", "A", 3), "a"), there(receive("r2", "A", 3), "b"), receive("r3", "A", 3))
	h.must(t, effect(ordering.StockClaim, 1, "A", 2))
	h.at(t, map[inventory.Location][2]int64{"b": {3, 2}, "a": {3, 0}, inventory.DefaultLocation: {3, 0}})
	h.save(t, inventory.Commit{Sites: []inventory.Write[inventory.Site]{site("a", 2, -2)}})
	h.must(t, effect(ordering.StockClaim, 2, "A", 2))
	h.at(t, map[inventory.Location][2]int64{"b": {3, 2}, "a": {3, 2}, inventory.DefaultLocation: {3, 0}})
}

func ruleWalk(t TB, open func(TB) Harness) {
	h := open(t)
	h.open(t, "shop")
	newWalker(h, base.Add(time.Hour)).run(t)
}
