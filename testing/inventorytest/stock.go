package inventorytest

import (
	"testing"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// TestStock proves an adapter of inventory.Stock. Open gives an empty store for each subtest.
func TestStock(t *testing.T, open func(t *testing.T) Harness) {
	t.Helper()
	s := suite{open}
	t.Run("stock-atomic writes adjustments and events together", s.atomicWrites)
	t.Run("stock-atomic refuses wholly", s.atomicRefuses)
	t.Run("stock-atomic writes nothing for a caller who is gone", s.atomicGone)
	t.Run("stock-key applies an adjustment once", s.keyOnce)
	t.Run("stock-key applies one of many at once", s.keyRace)
	t.Run("stock-rule counts only what did not change", s.ruleCount)
	t.Run("stock-rule keeps what is claimed", s.ruleClaimed)
	t.Run("stock-rule names what is wrong", s.ruleInvalid)
	t.Run("stock-rule is that of the ledger on a random walk", s.ruleWalk)
	t.Run("stock-ledger adds up through the life of claims", s.ledgerClaims)
	t.Run("stock-ledger adds up while many adjust at once", s.ledgerRace)
	t.Run("stock-ledger adds up while adjustments cross", s.ledgerCrossing)
	t.Run("stock-available adds up the locations", s.availableSums)
	t.Run("stock-available leaves out what has no level", s.availableLeavesOut)
	t.Run("stock-available tells when the caller is gone", s.availableGone)
}

func (s suite) atomicWrites(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	c := commit(1, receive("r1", "A", 5), receive("r2", "B", 7), adjust("a1", "A", -2))
	if err := h.Stock.Commit(t.Context(), c); err != nil {
		t.Fatalf("Commit: %v", err)
	}
	h.wantLevel(t, "A", 3, 0, 2)
	h.wantLevel(t, "B", 7, 0, 1)
	got := h.Events(t)
	if len(got) != 3 {
		t.Fatalf("%d events, want 3", len(got))
	}
	for i, e := range got {
		if e.ID != c.Events[i].ID {
			t.Errorf("event %d is %s, want %s", i, e.ID, c.Events[i].ID)
		}
	}
}

func (s suite) atomicRefuses(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	h.save(t, receive("r1", "A", 5))
	err := h.Stock.Commit(t.Context(), commit(1, receive("r2", "A", 1), receive("r3", "B", 1), adjust("a1", "A", -7)))
	wantClass(t, err, inventory.BelowZero)
	if e := fault.Of(err); e != nil && e.Field() != "adjustments[2]" {
		t.Errorf("the error is about %q, want adjustments[2]", e.Field())
	}
	h.wantLevel(t, "A", 5, 0, 1)
	h.wantLevel(t, "B", 0, 0, 0)
	if got := h.Events(t); len(got) != 0 {
		t.Errorf("%d events of a refused commit", len(got))
	}
	h.save(t, receive("r2", "A", 1)) // Its key was not used up.
	h.wantLevel(t, "A", 6, 0, 2)
}

func (s suite) atomicGone(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	wantGone(t, h.Stock.Commit(gone(t), commit(1, receive("r1", "A", 5))))
	h.wantLevel(t, "A", 0, 0, 0)
	if got := h.Events(t); len(got) != 0 {
		t.Errorf("%d events, want none", len(got))
	}
}

func (s suite) keyOnce(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	for range 3 {
		h.save(t, receive("r1", "A", 5))
	}
	h.wantLevel(t, "A", 5, 0, 1)
	h.save(t, receive("r1", "A", 5), receive("r2", "A", 1), adjust("a1", "A", -6))
	h.wantLevel(t, "A", 0, 0, 3)
	h.save(t, receive("r1", "A", 5), receive("r2", "A", 1), adjust("a1", "A", -6)) // -6 would be refused if it were new.
	h.save(t, receive("r3", "A", 2), receive("r3", "A", 2))
	h.wantLevel(t, "A", 2, 0, 4)
}

func (s suite) ruleCount(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	ctx := t.Context()
	wantClass(t, h.Stock.Commit(ctx, commit(1, count("c1", "A", ptr(3), 4))), inventory.CountChanged)
	h.save(t, count("c1", "A", nil, 10))
	wantClass(t, h.Stock.Commit(ctx, commit(2, count("c2", "A", nil, 4))), inventory.CountChanged)
	wantClass(t, h.Stock.Commit(ctx, commit(3, count("c3", "A", ptr(9), 4))), inventory.CountChanged)
	h.save(t, count("c4", "A", ptr(10), 4))
	h.wantLevel(t, "A", 4, 0, 2)
	h.save(t, count("c5", "B", nil, 0))
	h.wantLevel(t, "B", 0, 0, 1)
}

func (s suite) ruleClaimed(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	ctx := t.Context()
	h.save(t, receive("r1", "A", 10))
	h.claimed(t, claim(1), 6)
	wantClass(t, h.Stock.Commit(ctx, commit(1, adjust("a1", "A", -5))), inventory.BelowZero)
	wantClass(t, h.Stock.Commit(ctx, commit(2, count("c1", "A", ptr(10), 5))), inventory.BelowZero)
	h.save(t, adjust("a2", "A", -4))
	h.wantLevel(t, "A", 6, 6, 3)
	wantClass(t, h.effect(t, ordering.StockClaim, claim(2), "A", 1), ordering.OutOfStock)
	if err := h.effect(t, ordering.StockRelease, claim(1), "A", 6); err != nil {
		t.Fatalf("releasing: %v", err)
	}
	h.save(t, adjust("a3", "A", -6))
	h.wantLevel(t, "A", 0, 0, 5)
}

func (s suite) ruleInvalid(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	nowhere := receive("k", "A", 1)
	nowhere.Location = ""
	claiming := receive("k", "A", 1)
	claiming.Kind = inventory.MoveClaim
	for name, bad := range map[string]inventory.Adjustment{
		"no SKU":             receive("k", "", 1),
		"no key":             receive("", "A", 1),
		"no location":        nowhere,
		"a kind of others":   claiming,
		"nothing received":   receive("k", "A", 0),
		"too much":           receive("k", "A", inventory.QuantityMax+1),
		"a negative count":   count("k", "A", nil, -1),
		"too large a count":  count("k", "A", nil, inventory.QuantityMax+1),
		"below zero at once": adjust("k", "A", -1),
	} {
		err := h.Stock.Commit(t.Context(), commit(1, bad))
		if err == nil {
			t.Errorf("%s was accepted", name)
			continue
		}
		if k := fault.KindOf(err); k != fault.Invalid && k != fault.Conflict {
			t.Errorf("%s: got %v, want a refusal", name, err)
		}
	}
	h.wantLevel(t, "A", 0, 0, 0)
}

func (s suite) ledgerClaims(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	h.save(t, receive("r1", "A", 10))
	h.claimed(t, claim(1), 4)
	h.claimed(t, claim(2), 3)
	h.wantLevel(t, "A", 10, 7, 3)
	for _, step := range []struct {
		kind                       ordering.StockEffectKind
		claim                      ref.ClaimID
		quantity                   int64
		onHand, reserved, movement int64
	}{
		{ordering.StockClaim, claim(1), 4, 10, 7, 3}, // Again: nothing.
		{ordering.StockExtend, claim(1), 4, 10, 7, 3},
		{ordering.StockConsume, claim(1), 4, 6, 3, 4},
		{ordering.StockConsume, claim(1), 4, 6, 3, 4},
		{ordering.StockRelease, claim(2), 3, 6, 0, 5},
		{ordering.StockRelease, claim(2), 3, 6, 0, 5},
		{ordering.StockRestock, claim(1), 1, 7, 0, 6},
		{ordering.StockRestock, claim(1), 1, 7, 0, 6},
		{ordering.StockRestock, claim(1), 4, 10, 0, 7},
	} {
		if err := h.effect(t, step.kind, step.claim, "A", step.quantity); err != nil {
			t.Fatalf("effect %d on %s: %v", step.kind, step.claim, err)
		}
		h.wantLevel(t, "A", step.onHand, step.reserved, step.movement)
	}
	wantClass(t, h.effect(t, ordering.StockConsume, claim(2), "A", 3), inventory.ClaimSettled)
	wantClass(t, h.effect(t, ordering.StockRelease, claim(1), "A", 4), inventory.ClaimSettled)
	h.wantLevel(t, "A", 10, 0, 7)
}

func (s suite) availableSums(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	elsewhere := receive("r2", "A", 3)
	elsewhere.Location = "shop"
	h.save(t, receive("r1", "A", 5), elsewhere, receive("r3", "B", 1))
	h.claimed(t, claim(1), 2)
	got := h.available(t, "A", "B")
	if len(got) != 2 || got["A"] != 6 || got["B"] != 1 {
		t.Errorf("got %v, want A 6 and B 1", got)
	}
	h.claimed(t, claim(2), 6) // More than either location has left.
	if got := h.available(t, "A"); got["A"] != 0 {
		t.Errorf("got %v, want A 0", got)
	}
	if p := h.position(t, "A"); len(p.Levels) != 2 || p.Levels[0].Available() != 0 || p.Levels[1].Available() != 0 {
		t.Errorf("levels %+v, want two without anything available", p.Levels)
	}
}

func (s suite) availableLeavesOut(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	h.save(t, receive("r1", "A", 5), count("c1", "ZERO", nil, 0))
	got := h.available(t, "A", "ZERO", "NONE", "a")
	if zero, known := got["ZERO"]; len(got) != 2 || got["A"] != 5 || !known || zero != 0 {
		t.Errorf("got %v, want A 5 and ZERO 0", got)
	}
	if got := h.available(t); len(got) != 0 {
		t.Errorf("of nothing: got %v", got)
	}
	if p := h.position(t, "NONE"); p.SKU != "NONE" || len(p.Levels) != 0 || p.Movements != 0 {
		t.Errorf("the position of an unknown SKU is %+v, want its name and zeros", p)
	}
}

func (s suite) availableGone(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	_, err := h.Stock.Available(gone(t), []ref.SKU{"A"})
	wantGone(t, err)
	_, err = h.Stock.Position(gone(t), "A")
	wantGone(t, err)
}

// available reads what can be claimed.
func (h Harness) available(t *testing.T, skus ...ref.SKU) map[ref.SKU]int64 {
	t.Helper()
	got, err := h.Stock.Available(t.Context(), skus)
	if err != nil {
		t.Fatalf("Available: %v", err)
	}
	return got
}
