package inventorytest

import (
	"fmt"
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// availableClauses prove [stock-available].
func availableClauses() []Clause {
	const id = "stock-available"
	return []Clause{
		{ID: id, Case: "adds up the locations", Run: availableSums},
		{ID: id, Case: "tells what is promised", Run: availablePromise},
		{ID: id, Case: "leaves out what is not known", Run: availableLeavesOut},
		{ID: id, Case: "many at once", Run: availableMany},
		{ID: id, Case: "tells when the caller is gone", Run: availableGone},
	}
}

// available reads what can be sold.
func (h Harness) available(t TB, skus ...ref.SKU) map[ref.SKU]inventory.Availability {
	t.Helper()
	got, err := h.Stock.Availability(t.Context(), skus)
	if err != nil {
		t.Fatalf("Availability: %v", err)
	}
	return got
}

// denied is what a SKU without a policy has.
func denied(sku ref.SKU, onHand, reserved int64) inventory.Availability {
	a := inventory.Availability{Counted: true, OnHand: onHand, Reserved: reserved}
	a.Policy = inventory.Policy{SKU: sku, Kind: inventory.Deny}
	return a
}

func availableSums(t TB, open func(TB) Harness) {
	h := open(t)
	h.open(t, "a", "b")
	h.put(t, receive("r1", "A", 5), there(receive("r2", "A", 6), "a"), there(receive("r3", "A", 7), "b"), receive("r4", "B", 1))
	h.must(t, effect(ordering.StockClaim, 1, "A", 9))
	got := h.available(t, "A", "B", "A")
	if len(got) != 2 || got["A"] != denied("A", 18, 9) || got["B"] != denied("B", 1, 0) {
		t.Errorf("got %+v", got)
	}
}

func availablePromise(t TB, open func(TB) Harness) {
	h := open(t)
	until := base.Add(48 * time.Hour)
	pre := policy("B", 1, 7)
	pre.State.Kind, pre.State.Until = inventory.Preorder, until
	h.save(t, inventory.Commit{Policies: []inventory.Write[inventory.Policy]{policy("A", 1, 4), pre}})
	h.put(t, receive("r1", "A", 2))
	h.must(t, effect(ordering.StockClaim, 1, "A", 5))
	got := h.available(t, "A", "B")
	a := inventory.Availability{Counted: true, OnHand: 2, Reserved: 2}
	a.Policy, a.Owed = policy("A", 1, 4).State, 3
	b := inventory.Availability{}
	b.Policy = pre.State
	if len(got) != 2 || got["A"] != a || got["B"] != b {
		t.Errorf("got %+v, want %+v and %+v", got, a, b)
	}
	if got["A"].Offer(base).Sellable() != 1 || got["B"].Offer(base).Sellable() != 7 || got["B"].Offer(until).Sellable() != 0 {
		t.Errorf("on offer are %+v and %+v", got["A"].Offer(base), got["B"].Offer(base))
	}
}

func availableLeavesOut(t TB, open func(TB) Harness) {
	h := open(t)
	h.put(t, receive("r1", "A", 5), count("c1", "ZERO", nil, 0))
	got := h.available(t, "A", "ZERO", "NONE", "a")
	if len(got) != 2 || got["A"].OnHand != 5 || got["ZERO"] != denied("ZERO", 0, 0) {
		t.Errorf("got %v, want A 5 and ZERO 0", got)
	}
	if got := h.available(t); len(got) != 0 {
		t.Errorf("of nothing: got %v", got)
	}
}

func availableMany(t TB, open func(TB) Harness) {
	h := open(t)
	var skus []ref.SKU
	var goods []inventory.Adjustment
	for i := range 400 {
		skus = append(skus, ref.SKU(fmt.Sprint("S", i)))
		goods = append(goods, receive(fmt.Sprint("k", i), skus[i], int64(i+1)))
	}
	h.put(t, goods...)
	got := h.available(t, skus...)
	for i, sku := range skus {
		if got[sku].OnHand != int64(i+1) {
			t.Errorf("%s has %d on hand, want %d", sku, got[sku].OnHand, i+1)
		}
	}
}

func availableGone(t TB, open func(TB) Harness) {
	h := open(t)
	_, err := h.Stock.Availability(gone(t), []ref.SKU{"A"})
	wantGone(t, err)
}

// positionClauses prove [stock-position].
func positionClauses() []Clause {
	const id = "stock-position"
	return []Clause{
		{ID: id, Case: "gives levels by their codes", Run: positionLevels},
		{ID: id, Case: "gives zeros of what is not known", Run: positionUnknown},
		{ID: id, Case: "tells when the caller is gone", Run: positionGone},
	}
}

func positionLevels(t TB, open func(TB) Harness) {
	h := open(t)
	h.save(t, inventory.Commit{Sites: []inventory.Write[inventory.Site]{site("z", 1, -5), site("a", 1, 5)}})
	h.put(t, there(receive("r1", "A", 1), "z"), receive("r2", "A", 2), there(receive("r3", "A", 3), "a"), receive("r4", "B", 9))
	want := []inventory.Level{
		{LevelKey: inventory.LevelKey{SKU: "A", Location: "a"}, OnHand: 3},
		{LevelKey: at("A"), OnHand: 2},
		{LevelKey: inventory.LevelKey{SKU: "A", Location: "z"}, OnHand: 1},
	}
	if p := h.position(t, "A"); p.SKU != "A" || !slices.Equal(p.Levels, want) || p.Movements != 3 || p.OnHandSum != 6 {
		t.Errorf("got %+v, want the levels %+v", p, want)
	}
}

func positionUnknown(t TB, open func(TB) Harness) {
	h := open(t)
	if p := h.position(t, "NONE"); p.SKU != "NONE" || len(p.Levels) != 0 || p.Movements+p.OnHandSum+p.ReservedSum+p.Owed+p.OwedSum != 0 {
		t.Errorf("the position of an unknown SKU is %+v, want its name and zeros", p)
	}
}

func positionGone(t TB, open func(TB) Harness) {
	h := open(t)
	_, err := h.Stock.Position(gone(t), "A")
	wantGone(t, err)
}

// movementClauses prove [stock-movements].
func movementClauses() []Clause {
	const id = "stock-movements"
	return []Clause{
		{ID: id, Case: "tells all of an entry", Run: movementsWhole},
		{ID: id, Case: "pages from the newest", Run: movementsPages},
		{ID: id, Case: "tells when the caller is gone", Run: movementsGone},
	}
}

func movementsWhole(t TB, open func(TB) Harness) {
	h := open(t)
	h.put(t, receive("r1", "A", 5), receive("r2", "B", 7))
	h.must(t, effect(ordering.StockClaim, 1, "A", 2))
	page, err := h.Stock.Movements(t.Context(), "A", 0, 10)
	if err != nil || len(page.Entries) != 2 || page.Next != 0 {
		t.Fatalf("Movements: %+v, %v", page, err)
	}
	for i, want := range []inventory.Movement{
		{LevelKey: at("A"), Kind: inventory.MoveClaim, Reserved: 2, OnHandAfter: 5, ReservedAfter: 2, Cause: claim(1).String(), At: base.Add(time.Hour)},
		{LevelKey: at("A"), Kind: inventory.MoveReceive, OnHand: 5, OnHandAfter: 5, Cause: "r1", Reason: "delivery", At: base},
	} {
		if got := page.Entries[i].Movement; got != want {
			t.Errorf("entry %d is %+v, want %+v", i, got, want)
		}
	}
	if none, err := h.Stock.Movements(t.Context(), "NONE", 0, 10); err != nil || len(none.Entries) != 0 || none.Next != 0 {
		t.Errorf("of an unknown SKU: %+v, %v", none, err)
	}
}

func movementsPages(t TB, open func(TB) Harness) {
	h := open(t)
	const all = 23
	for i := range all {
		h.put(t, receive(fmt.Sprint("a", i), "A", int64(i+1)), receive(fmt.Sprint("b", i), "B", 1))
	}
	for _, limit := range []int{1, 5, all - 1, all, all + 1} {
		var seen []int64
		var before, last uint64
		for range all + 1 {
			page, err := h.Stock.Movements(t.Context(), "A", before, limit)
			if err != nil || len(page.Entries) > limit {
				t.Fatalf("%d entries, %v; want at most %d", len(page.Entries), err, limit)
			}
			for _, e := range page.Entries {
				if e.SKU != "A" || last > 0 && e.Place >= last {
					t.Errorf("the entry %+v comes after place %d", e, last)
				}
				last = e.Place
				seen = append(seen, e.OnHand)
			}
			if before > 0 && len(page.Entries) == 0 {
				t.Errorf("pages of %d end with an empty one", limit)
			}
			if before = page.Next; before == 0 {
				break
			}
		}
		slices.Reverse(seen)
		if len(seen) != all || !slices.IsSorted(seen) || seen[0] != 1 {
			t.Errorf("pages of %d have the entries %v, want %d of them", limit, seen, all)
		}
	}
	if page, err := h.Stock.Movements(t.Context(), "A", 0, 0); err != nil || len(page.Entries) != 0 {
		t.Errorf("a page of none: %+v, %v", page, err)
	}
}

func movementsGone(t TB, open func(TB) Harness) {
	h := open(t)
	_, err := h.Stock.Movements(gone(t), "A", 0, 1)
	wantGone(t, err)
}

// lapsedClauses prove [stock-lapsed].
func lapsedClauses() []Clause {
	const id = "stock-lapsed"
	return []Clause{
		{ID: id, Case: "the longest over first", Run: lapsedOrder},
		{ID: id, Case: "only what is held and over", Run: lapsedOnly},
		{ID: id, Case: "tells when the caller is gone", Run: lapsedGone},
	}
}

// lapsed reads lapsed claims and gives the numbers of those that were claimed as 1 to 9.
func (h Harness) lapsed(t TB, now time.Time, limit int) []int {
	t.Helper()
	claims, err := h.Stock.Lapsed(t.Context(), now, limit)
	if err != nil {
		t.Fatalf("Lapsed: %v", err)
	}
	var out []int
	for _, c := range claims {
		n := -1
		for i := range 10 {
			if c.ID == claim(i) {
				n = i
			}
		}
		out = append(out, n)
	}
	return out
}

// until claims one of A for the n-th claim, until so long after base.
func (h Harness) until(t TB, n int, after time.Duration) {
	t.Helper()
	e := effect(ordering.StockClaim, n, "A", 1)
	e.Until = base.Add(after)
	h.must(t, e)
}

func lapsedOrder(t TB, open func(TB) Harness) {
	h := open(t)
	h.put(t, receive("r1", "A", 10))
	for n, seconds := range map[int]int{1: 3, 2: 1, 3: 2, 4: 2, 5: 9} {
		h.until(t, n, time.Duration(seconds)*time.Second)
	}
	for _, tc := range []struct {
		now   time.Duration
		limit int
		want  []int
	}{
		{3 * time.Second, 10, []int{2, 3, 4, 1}},
		{3 * time.Second, 2, []int{2, 3}},
		{3*time.Second - time.Microsecond, 10, []int{2, 3, 4}},
		{0, 10, nil},
		{time.Minute, 0, nil},
	} {
		if got := h.lapsed(t, base.Add(tc.now), tc.limit); !slices.Equal(got, tc.want) {
			t.Errorf("after %v at most %d: %v, want %v", tc.now, tc.limit, got, tc.want)
		}
	}
}

func lapsedOnly(t TB, open func(TB) Harness) {
	h := open(t)
	h.put(t, receive("r1", "A", 10))
	for n := range 6 {
		h.until(t, n, 0)
	}
	h.must(t, effect(ordering.StockClaim, 7, "A", 1)) // For ever.
	h.must(t, effect(ordering.StockExtend, 1, "A", 0))
	h.must(t, effect(ordering.StockConsume, 2, "A", 0))
	h.must(t, effect(ordering.StockRelease, 3, "A", 0))
	h.must(t, effect(ordering.StockExpire, 4, "A", 0))
	if got := h.lapsed(t, base.Add(time.Hour), 10); !slices.Equal(got, []int{0, 5}) {
		t.Errorf("lapsed are %v, want 0 and 5", got)
	}
}

func lapsedGone(t TB, open func(TB) Harness) {
	h := open(t)
	_, err := h.Stock.Lapsed(gone(t), base, 1)
	wantGone(t, err)
}

// locationClauses prove [stock-locations].
func locationClauses() []Clause {
	const id = "stock-locations"
	return []Clause{
		{ID: id, Case: "the default one is there", Run: locationsDefault},
		{ID: id, Case: "all in order", Run: locationsOrder},
		{ID: id, Case: "tells when the caller is gone", Run: locationsGone},
	}
}

// locations reads all locations.
func (h Harness) locations(t TB) []inventory.Site {
	t.Helper()
	all, err := h.Stock.Locations(t.Context())
	if err != nil {
		t.Fatalf("Locations: %v", err)
	}
	return all
}

func locationsDefault(t TB, open func(TB) Harness) {
	h := open(t)
	want := inventory.AllSites(nil)
	for range 2 {
		if got := h.locations(t); !slices.Equal(got, want) {
			t.Errorf("got %+v, want %+v", got, want)
		}
		h.put(t, receive("r1", "A", 1)) // Its use changes nothing of it.
	}
}

func locationsOrder(t TB, open func(TB) Harness) {
	h := open(t)
	writes := []inventory.Write[inventory.Site]{site("b", 1, 0), site("z", 1, -1), site("a", 1, 7), shut("c", 1)}
	h.save(t, inventory.Commit{Sites: writes})
	h.save(t, inventory.Commit{Sites: []inventory.Write[inventory.Site]{site(inventory.DefaultLocation, 1, 8)}})
	want := []inventory.Site{writes[1].State, writes[0].State, writes[3].State, writes[2].State, site(inventory.DefaultLocation, 1, 8).State}
	if got := h.locations(t); !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func locationsGone(t TB, open func(TB) Harness) {
	h := open(t)
	_, err := h.Stock.Locations(gone(t))
	wantGone(t, err)
}

// durableClauses prove [stock-durable].
func durableClauses() []Clause {
	return []Clause{{ID: "stock-durable", Case: "all of it", Run: durable}}
}

func durable(t TB, open func(TB) Harness) {
	h := open(t)
	h.save(t, everything())
	h.promise(t, 5)
	h.must(t, effect(ordering.StockClaim, 1, "A", 5))
	h.must(t, effect(ordering.StockConsume, 1, "A", 1))
	claimed, position, sites, goods := h.claimed(t, 1), h.position(t, "A"), h.locations(t), h.available(t, "A", "B", "C")
	h = h.Reopen(t)
	if got := h.claimed(t, 1); !sameClaim(got, claimed) {
		t.Errorf("the claim is %+v, was %+v", got, claimed)
	}
	if got := h.position(t, "A"); !slices.Equal(got.Levels, position.Levels) || got.Movements != position.Movements || got.Owed != 2 || got.OwedSum != 2 {
		t.Errorf("the position is %+v, was %+v", got, position)
	}
	if got := h.locations(t); !slices.Equal(got, sites) {
		t.Errorf("the locations are %+v, were %+v", got, sites)
	}
	for sku, a := range h.available(t, "A", "B", "C") {
		if a != goods[sku] {
			t.Errorf("of %s %+v is available, was %+v", sku, a, goods[sku])
		}
	}
	h.put(t, receive("r1", "A", 5)) // Its key was used.
	h.levels(t, "A", 2, 2)
	h.put(t, receive("r9", "A", 3))
	h.holds(t, 1, inventory.Held, 4, 0)
}
