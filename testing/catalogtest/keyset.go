package catalogtest

import (
	"math/rand/v2"
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// seed makes the random walks of this suite the same on each run.
const seed = 20260302

// walk reads the whole list in pages, calling between after each, and gives the ids in the order of the pages.
func (h Harness) walk(t TB, limit int, between func(page int)) []ref.ProductID {
	t.Helper()
	return h.walkIn(t, front(), limit, between)
}

// walkIn is walk in a scope.
func (h Harness) walkIn(t TB, scope ref.Scope, limit int, between func(page int)) []ref.ProductID {
	t.Helper()
	var out []ref.ProductID
	var after *catalog.Place
	for n := 0; n < 1000; n++ {
		page, err := h.Products.List(t.Context(), scope, catalog.ListQuery{Limit: limit, After: after})
		if err != nil {
			t.Fatalf("List: %v", err)
		}
		if len(page.Items) > limit || len(page.Items) < limit && page.Next != nil {
			t.Fatalf("page %d of %d items, next %v; the limit is %d", n, len(page.Items), page.Next, limit)
		}
		for _, p := range page.Items {
			out = append(out, p.ID)
		}
		if page.Next == nil {
			return out
		}
		if last := page.Items[len(page.Items)-1]; page.Next.ID != last.ID || !page.Next.CreatedAt.Equal(last.CreatedAt) {
			t.Fatalf("next place %v is not that of the last product %s", page.Next, last.ID)
		}
		after = page.Next
		between(n)
	}
	t.Fatalf("the list does not end")
	return nil
}

func quiet(int) {}

func keysetClauses() []Clause {
	return []Clause{
		{ID: "products-keyset", Case: "newest first in pages of any size", Run: keysetPages},
		{ID: "products-keyset", Case: "ties by id", Run: keysetTies},
		{ID: "products-keyset", Case: "the catalogue changes", Run: keysetMeanwhile},
		{ID: "products-keyset", Case: "another channel", Run: keysetChannel},
		{ID: "products-keyset", Case: "what the clock hides", Run: keysetHidden},
		{ID: "products-keyset", Case: "nothing", Run: keysetEmpty},
	}
}

func keysetPages(t TB, open func(TB) Harness) {
	h := open(t)
	const total = 12
	var want []ref.ProductID
	for n := total; n > 0; n-- { // Stored oldest last, to tell the order of writing from that of making.
		want = append(want, product(n).ID)
		h.save(t, product(n))
	}
	for limit := 1; limit <= total+1; limit++ {
		pages := 1
		got := h.walk(t, limit, func(int) { pages++ })
		if !slices.Equal(got, want) {
			t.Errorf("limit %d: got %v, want %v", limit, got, want)
		}
		if most := (total + limit - 1) / limit; pages != most {
			t.Errorf("limit %d: %d pages, want %d: a next place exactly when more follow", limit, pages, most)
		}
	}
}

func keysetTies(t TB, open func(TB) Harness) {
	h := open(t)
	var want []ref.ProductID
	for n := 1; n <= 9; n++ {
		p := product(n)
		p.CreatedAt = base.Add(time.Duration(n/4) * time.Microsecond) // Runs of one instant; ids ascend within.
		h.save(t, p)
		want = append(want, p.ID)
	}
	slices.Reverse(want)
	for _, limit := range []int{1, 2, 3, 100} {
		if got := h.walk(t, limit, quiet); !slices.Equal(got, want) {
			t.Errorf("limit %d: got %v, want %v", limit, got, want)
		}
	}
}

func keysetMeanwhile(t TB, open func(TB) Harness) {
	h := open(t)
	const total = 30
	random := newRandom(1)
	present := map[int]catalog.Product{}
	for n := 1; n <= total; n++ {
		present[n] = product(n)
		h.save(t, present[n])
	}
	touched := map[ref.ProductID]bool{} // Archived at some time: it may be seen or not.
	fresh := total
	got := h.walk(t, 4, func(page int) {
		fresh++
		h.save(t, product(fresh)) // Newer than all: before every page that is still to come.
		touched[product(fresh).ID] = true
		n := 1 + random.IntN(total)
		if page%3 == 0 {
			n = total - 4*page - 3 // The last product of this page, to which the next place points.
		}
		p := next(present[n])
		p.Title = "Changed"
		if page%2 == 0 {
			p.Status = catalog.Archived
			touched[p.ID] = true
		}
		h.save(t, p)
		present[n] = p
	})
	seen := map[ref.ProductID]bool{}
	for i, id := range got {
		if seen[id] {
			t.Errorf("%s came twice", id)
		}
		seen[id] = true
		if i > 0 && got[i-1].Compare(id) <= 0 {
			t.Errorf("%s came after %s", id, got[i-1])
		}
	}
	for n := 1; n <= total; n++ {
		if id := product(n).ID; !seen[id] && !touched[id] {
			t.Errorf("product %d was there all the time and did not come", n)
		}
	}
}

func keysetEmpty(t TB, open func(TB) Harness) {
	h := open(t)
	if got := h.walk(t, 5, quiet); len(got) != 0 {
		t.Errorf("got %v, want nothing", got)
	}
	h.save(t, product(5))
	page, err := h.Products.List(t.Context(), front(), catalog.ListQuery{
		Limit: 5, After: &catalog.Place{CreatedAt: product(5).CreatedAt, ID: product(5).ID},
	})
	if err != nil || len(page.Items) != 0 || page.Next != nil {
		t.Errorf("behind the last: got %d, %v, %v", len(page.Items), page.Next, err)
	}
}

func keysetChannel(t TB, open func(TB) Harness) {
	h := open(t)
	var want []ref.ProductID
	for n := 1; n <= 12; n++ {
		p := product(n)
		switch n % 3 {
		case 0: // Of the default channel alone.
		case 1:
			p.Listings = []catalog.Listing{{Channel: "b2b", Published: true}}
			want = append(want, p.ID)
		default:
			p.Listings = []catalog.Listing{{Channel: ref.DefaultChannel, Published: true}, {Channel: "b2b", Published: true}}
			want = append(want, p.ID)
		}
		h.save(t, p)
	}
	slices.Reverse(want)
	for limit := 1; limit <= 9; limit++ {
		if got := h.walkIn(t, in("b2b", base), limit, quiet); !slices.Equal(got, want) {
			t.Errorf("limit %d: got %v, want %v", limit, got, want)
		}
	}
}

func keysetHidden(t TB, open func(TB) Harness) {
	h := open(t)
	var want []ref.ProductID
	for n := 1; n <= 12; n++ {
		p := product(n)
		p.Listings = []catalog.Listing{{Channel: ref.DefaultChannel, Published: true}, {Channel: "b2b", Published: true}}
		switch n % 3 {
		case 0:
			p.Publication.From = hour(1)
		case 1:
			p.Publication.Until = base
		default:
			want = append(want, p.ID)
		}
		h.save(t, p)
	}
	slices.Reverse(want)
	for _, channel := range []ref.Channel{ref.DefaultChannel, "b2b"} {
		for limit := 1; limit <= 5; limit++ {
			if got := h.walkIn(t, in(channel, base), limit, quiet); !slices.Equal(got, want) {
				t.Errorf("limit %d in %s: got %v, want %v", limit, channel, got, want)
			}
		}
	}
}

// newRandom makes a source of the suite's own, the same on each run.
func newRandom(stream uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, stream)) }
