package catalogtest

import (
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// UpkeepClauses are the clauses of catalog.Upkeep.
func UpkeepClauses() []Clause {
	return []Clause{
		{ID: "upkeep-due", Case: "the longest first", Run: dueOrder},
		{ID: "upkeep-due", Case: "the moment itself", Run: dueMoment},
		{ID: "upkeep-due", Case: "no longer due", Run: dueChanged},
		{ID: "upkeep-walk", Case: "by id, whatever the status", Run: walkOrder},
		{ID: "upkeep-walk", Case: "the caller is gone", Run: walkGone},
	}
}

func (h Harness) due(t TB, at time.Time, limit int) []catalog.Product {
	t.Helper()
	got, err := h.Upkeep.Due(t.Context(), at, limit)
	if err != nil {
		t.Fatalf("Due: %v", err)
	}
	return got
}

func productIDs(products []catalog.Product) []ref.ProductID {
	var out []ref.ProductID
	for _, p := range products {
		out = append(out, p.ID)
	}
	return out
}

func dueOrder(t TB, open func(TB) Harness) {
	h := open(t)
	for n, at := range map[int]time.Time{1: hour(3), 2: hour(1), 3: {}, 4: hour(2), 5: hour(9)} {
		p := product(n)
		p.Due = at
		h.save(t, p)
	}
	for limit, want := range map[int][]ref.ProductID{
		1: {productID(2)}, 2: {productID(2), productID(4)}, 3: {productID(2), productID(4), productID(1)}, 10: {productID(2), productID(4), productID(1)},
	} {
		if got := productIDs(h.due(t, hour(4), limit)); !slices.Equal(got, want) {
			t.Errorf("limit %d: got %v, want %v", limit, got, want)
		}
	}
	want := product(2)
	want.Due = hour(1)
	same(t, h.due(t, hour(4), 1)[0], want)
}

func dueMoment(t TB, open func(TB) Harness) {
	h := open(t)
	p := product(1)
	p.Due = hour(1)
	h.save(t, p)
	if got := h.due(t, hour(1).Add(-time.Microsecond), 5); len(got) != 0 {
		t.Errorf("%d are due before the moment", len(got))
	}
	if got := h.due(t, hour(1), 5); len(got) != 1 {
		t.Errorf("%d are due at the moment, want 1", len(got))
	}
}

func dueChanged(t TB, open func(TB) Harness) {
	h := open(t)
	p := product(1)
	p.Due = hour(1)
	h.save(t, p)
	p = next(p)
	p.Due = hour(3)
	h.save(t, p)
	if got := h.due(t, hour(2), 5); len(got) != 0 {
		t.Errorf("%d are due before the new moment", len(got))
	}
	p = next(p)
	p.Due = time.Time{}
	h.save(t, p)
	if got := h.due(t, hour(9), 5); len(got) != 0 {
		t.Errorf("%d are due that no longer are", len(got))
	}
}

func walkOrder(t TB, open func(TB) Harness) {
	h := open(t)
	var want []ref.ProductID
	for n := 9; n > 0; n-- {
		p := product(n)
		p.Status = []catalog.Status{catalog.Draft, catalog.Active, catalog.Archived}[n%3]
		p.CreatedAt = base.Add(-time.Duration(n) * time.Hour) // Unlike the order of ids.
		h.save(t, p)
		want = append(want, p.ID)
	}
	slices.Reverse(want)
	for limit := 1; limit <= 10; limit++ {
		var got []ref.ProductID
		var after ref.ProductID
		for range 20 {
			page, err := h.Upkeep.Walk(t.Context(), after, limit)
			if err != nil || len(page) > limit {
				t.Fatalf("Walk: %d of %d, %v", len(page), limit, err)
			}
			got = append(got, productIDs(page)...)
			if len(page) < limit {
				break
			}
			after = page[len(page)-1].ID
		}
		if !slices.Equal(got, want) {
			t.Errorf("limit %d: got %v, want %v", limit, got, want)
		}
	}
	page, err := h.Upkeep.Walk(t.Context(), ref.ProductID{}, 1)
	if err != nil || len(page) != 1 || len(page[0].Variants) != 2 {
		t.Errorf("Walk gives no whole product: %+v, %v", page, err)
	}
}

func walkGone(t TB, open func(TB) Harness) {
	h := open(t)
	_, err := h.Upkeep.Walk(gone(t), ref.ProductID{}, 1)
	wantKind(t, err, fault.Unavailable)
}
