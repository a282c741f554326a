package catalogtest

import (
	"slices"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// CollectionsClauses are the clauses of catalog.Collections.
func CollectionsClauses() []Clause {
	return []Clause{
		{ID: "collections-scope", Case: "the collection itself", Run: collectionScope},
		{ID: "collections-scope", Case: "its products", Run: memberScope},
		{ID: "collections-find", Case: "whole, whatever its window", Run: collectionFound},
		{ID: "collections-find", Case: "all, by slug", Run: collectionWalk},
		{ID: "collections-members", Case: "by hand", Run: membersByHand},
		{ID: "collections-members", Case: "by rule", Run: membersByRule},
		{ID: "collections-members", Case: "a collection that is gone", Run: membersGone},
		{ID: "collections-keyset", Case: "by hand in pages of any size", Run: memberPages},
		{ID: "collections-keyset", Case: "by rule, newest first", Run: memberNewest},
		{ID: "collections-keyset", Case: "the catalogue changes", Run: memberChanges},
	}
}

// byHand is the n-th collection with these products.
func byHand(n int, products ...int) catalog.Collection {
	c := collection(n)
	for _, p := range products {
		c.Products = append(c.Products, productID(p))
	}
	return c
}

// ruledIn is the product in these collections by rule.
func ruledIn(p catalog.Product, collections ...int) catalog.Product {
	p.Collections = nil
	for _, n := range collections {
		p.Collections = append(p.Collections, collection(n).ID)
	}
	return p
}

// members reads a collection in pages and gives the ids, calling between after each page.
func (h Harness) members(t TB, scope ref.Scope, id ref.CollectionID, limit int, between func(page int)) []ref.ProductID {
	t.Helper()
	var out []ref.ProductID
	var after *catalog.MemberPlace
	for n := range 100 {
		page, err := h.Collections.Members(t.Context(), scope, id, catalog.MemberQuery{Limit: limit, After: after})
		if err != nil || len(page.Items) > limit || len(page.Items) < limit && page.Next != nil {
			t.Fatalf("Members: %d of %d, next %v, %v", len(page.Items), limit, page.Next, err)
		}
		out = append(out, productIDs(page.Items)...)
		if page.Next == nil {
			return out
		}
		after = page.Next
		between(n)
	}
	t.Fatalf("the list does not end")
	return nil
}

// holds checks the products of a collection in pages of any size.
func (h Harness) holds(t TB, scope ref.Scope, n int, want ...int) {
	t.Helper()
	var ids []ref.ProductID
	for _, p := range want {
		ids = append(ids, productID(p))
	}
	for limit := 1; limit <= len(want)+1; limit++ {
		if got := h.members(t, scope, collection(n).ID, limit, quiet); !slices.Equal(got, ids) {
			t.Errorf("collection %d in %s, limit %d: got %v, want %v", n, scope.Channel, limit, got, ids)
		}
	}
}

// contains checks who is in a collection, in whatever order.
func (h Harness) contains(t TB, scope ref.Scope, n int, want ...int) {
	t.Helper()
	var ids []ref.ProductID
	for _, p := range want {
		ids = append(ids, productID(p))
	}
	got := h.members(t, scope, collection(n).ID, catalog.PageMax, quiet)
	slices.SortFunc(got, ref.ProductID.Compare)
	slices.SortFunc(ids, ref.ProductID.Compare)
	if !slices.Equal(got, ids) {
		t.Errorf("collection %d in %s: got %v, want %v", n, scope.Channel, got, ids)
	}
}

func collectionScope(t TB, open func(TB) Harness) {
	h := open(t)
	everywhere, elsewhere, soon := collection(1), collection(2), collection(3)
	elsewhere.Listings = []catalog.Listing{{Channel: "b2b", Published: true}, {Channel: "pos"}}
	soon.Publication = catalog.Window{From: hour(1), Until: hour(2)}
	h.accept(t, with(catalog.Commit{}, everywhere, elsewhere, soon))
	for _, tc := range []struct {
		scope ref.Scope
		c     catalog.Collection
		seen  bool
	}{
		{front(), everywhere, true},
		{in("b2b", base), everywhere, false},
		{front(), elsewhere, false},
		{in("b2b", base), elsewhere, true},
		{in("pos", base), elsewhere, false},
		{front(), soon, false},
		{in(ref.DefaultChannel, hour(1)), soon, true},
		{in(ref.DefaultChannel, hour(2)), soon, false},
	} {
		got, err := h.Collections.BySlug(t.Context(), tc.scope, tc.c.Slug)
		if (err == nil) != tc.seen || err != nil && fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s in %s at %s: %v, want it seen: %t", tc.c.Slug, tc.scope.Channel, tc.scope.At, err, tc.seen)
		}
		if err == nil {
			same(t, got, tc.c)
		}
	}
	if got, err := h.Collections.BySlug(t.Context(), french("fr-CA"), everywhere.Slug); err != nil || got.Name != "Choix 1" {
		t.Errorf("in French: %+v, %v", got, err)
	}
}

func memberScope(t TB, open func(TB) Harness) {
	h := open(t)
	plain, elsewhere, draft, soon, french1 := product(1), product(2), product(3), product(4), product(5)
	elsewhere.Listings = []catalog.Listing{{Channel: "b2b", Published: true}}
	draft.Status = catalog.Draft
	soon.Publication.From = hour(1)
	french1.Translations = full().Translations
	h.save(t, ruledIn(plain, 2), ruledIn(elsewhere, 2), ruledIn(draft, 2), ruledIn(soon, 2), ruledIn(french1, 2))
	h.accept(t, with(catalog.Commit{}, byHand(1, 1, 2, 3, 4, 5), ruled(2)))
	h.contains(t, front(), 1, 1, 5)
	h.contains(t, front(), 2, 5, 1)
	h.contains(t, in("b2b", base), 1, 2)
	h.contains(t, in("b2b", base), 2, 2)
	h.contains(t, in(ref.DefaultChannel, hour(1)), 1, 1, 4, 5)
	page, err := h.Collections.Members(t.Context(), french("fr"), collection(1).ID, catalog.MemberQuery{Limit: 5})
	if err != nil || len(page.Items) != 2 || page.Items[0].Title != "Tasse" && page.Items[1].Title != "Tasse" {
		t.Errorf("in French: %+v, %v", page.Items, err)
	}
}

func collectionFound(t TB, open func(TB) Harness) {
	h := open(t)
	h.save(t, product(1), product(2))
	want := byHand(1, 2, 1)
	want.Publication = catalog.Window{From: hour(-2), Until: hour(-1)}
	want.Listings = []catalog.Listing{{Channel: "b2b", Published: true, Window: catalog.Window{From: hour(3)}}}
	h.accept(t, with(catalog.Commit{}, want, ruled(2)))
	for _, c := range []catalog.Collection{want, ruled(2)} {
		got, err := h.Collections.Get(t.Context(), c.ID)
		if err != nil {
			t.Errorf("Get: %v", err)
		}
		same(t, got, c)
		got, err = h.Collections.Find(t.Context(), c.Slug)
		if err != nil {
			t.Errorf("Find: %v", err)
		}
		same(t, got, c)
	}
	_, err := h.Collections.Get(t.Context(), collection(3).ID)
	wantKind(t, err, fault.NotFound)
	_, err = h.Collections.Find(t.Context(), "collection-3")
	wantKind(t, err, fault.NotFound)
	_, err = h.Collections.Find(gone(t), "collection-1")
	wantKind(t, err, fault.Unavailable)
}

func collectionWalk(t TB, open func(TB) Harness) {
	h := open(t)
	for n, slug := range []string{"b", "a-z", "a", "c.1", "ab"} {
		c := collection(n + 1)
		c.Slug = slug
		c.Publication.From = hour(n) // Whatever its window.
		h.accept(t, with(catalog.Commit{}, c))
	}
	for limit := 1; limit <= 6; limit++ {
		var got []string
		after := ""
		for range 10 {
			page, err := h.Collections.Walk(t.Context(), after, limit)
			if err != nil || len(page) > limit {
				t.Fatalf("Walk: %d of %d, %v", len(page), limit, err)
			}
			for _, c := range page {
				got, after = append(got, c.Slug), c.Slug
			}
			if len(page) < limit {
				break
			}
		}
		if want := []string{"a", "a-z", "ab", "b", "c.1"}; !slices.Equal(got, want) {
			t.Errorf("limit %d: got %v, want %v", limit, got, want)
		}
	}
}

func membersByHand(t TB, open func(TB) Harness) {
	h := open(t)
	h.save(t, product(1), product(2), product(3), product(4))
	c := byHand(1, 3, 1, 4)
	h.accept(t, with(catalog.Commit{}, c, byHand(2, 1)))
	h.contains(t, front(), 1, 3, 1, 4)
	h.contains(t, front(), 2, 1)
	h.save(t, next(product(1))) // What is in no collection by rule stays in those by hand.
	h.contains(t, front(), 1, 3, 1, 4)
	changed := byHand(1, 2, 4)
	changed.Version = 2
	h.accept(t, with(catalog.Commit{}, changed))
	h.contains(t, front(), 1, 2, 4)
	h.contains(t, front(), 2, 1)
	h.contains(t, front(), 9)
}

func membersByRule(t TB, open func(TB) Harness) {
	h := open(t)
	h.accept(t, with(catalog.Commit{}, ruled(1), ruled(2)))
	a, b := ruledIn(product(1), 1), ruledIn(product(2), 1, 2)
	h.save(t, a, b)
	h.contains(t, front(), 1, 2, 1)
	h.contains(t, front(), 2, 2)
	h.save(t, ruledIn(next(a), 2), ruledIn(next(b), 1, 2))
	h.contains(t, front(), 1, 2)
	h.contains(t, front(), 2, 2, 1)
	h.save(t, ruledIn(next(next(b))))
	h.contains(t, front(), 1)
	h.contains(t, front(), 2, 1)
}

func membersGone(t TB, open func(TB) Harness) {
	h := open(t)
	h.save(t, ruledIn(product(1), 1))
	h.accept(t, with(catalog.Commit{}, ruled(1), byHand(2, 1)))
	h.accept(t, catalog.Commit{Removals: []catalog.Removal{{Collection: ruled(1).ID, Expected: 1}, {Collection: collection(2).ID, Expected: 1}}})
	h.contains(t, front(), 1)
	h.contains(t, front(), 2)
}

func memberPages(t TB, open func(TB) Harness) {
	h := open(t)
	random := newRandom(2)
	var numbers []int
	for n := 1; n <= 12; n++ {
		h.save(t, product(n))
		numbers = append(numbers, n)
	}
	random.Shuffle(len(numbers), func(i, j int) { numbers[i], numbers[j] = numbers[j], numbers[i] })
	h.accept(t, with(catalog.Commit{}, byHand(1, numbers...)))
	h.holds(t, front(), 1, numbers...)
	page, err := h.Collections.Members(t.Context(), front(), collection(1).ID, catalog.MemberQuery{Limit: 12})
	if err != nil || page.Next != nil {
		t.Errorf("a page that is the last has a next place: %v, %v", page.Next, err)
	}
}

func memberNewest(t TB, open func(TB) Harness) {
	h := open(t)
	h.accept(t, with(catalog.Commit{}, ruled(1)))
	for n := 1; n <= 9; n++ {
		p := ruledIn(product(n), 1)
		p.CreatedAt = base.Add(-hour(n / 4).Sub(base)) // Runs of one instant, the later numbers older.
		h.save(t, p)
	}
	h.holds(t, front(), 1, 3, 2, 1, 7, 6, 5, 4, 9, 8)
}

func memberChanges(t TB, open func(TB) Harness) {
	h := open(t)
	h.accept(t, with(catalog.Commit{}, ruled(1)))
	present := map[int]catalog.Product{}
	for n := 1; n <= 20; n++ {
		present[n] = ruledIn(product(n), 1)
		h.save(t, present[n])
	}
	touched := map[ref.ProductID]bool{}
	got := h.members(t, front(), collection(1).ID, 3, func(page int) {
		last := 20 - 3*page - 2 // The product to which the next place points leaves the collection.
		h.save(t, ruledIn(next(present[last])))
		touched[productID(last)] = true
		newer := ruledIn(product(100+page), 1)
		h.save(t, newer)
		touched[newer.ID] = true
	})
	seen := map[ref.ProductID]bool{}
	for _, id := range got {
		if seen[id] {
			t.Errorf("%s came twice", id)
		}
		seen[id] = true
	}
	for n := range present {
		if id := productID(n); !seen[id] && !touched[id] {
			t.Errorf("product %d was there all the time and did not come", n)
		}
	}
}
