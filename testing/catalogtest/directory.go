package catalogtest

import (
	"fmt"
	"slices"
	"testing"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/clausetest"
)

// TestDirectory proves an adapter of catalog.Directory. Open gives an empty store for each subtest.
func TestDirectory(t *testing.T, open func(t *testing.T) Harness) {
	t.Helper()
	clausetest.Run(t, DirectoryClauses(), open)
}

// DirectoryClauses are the clauses of catalog.Directory.
func DirectoryClauses() []Clause {
	return []Clause{
		{ID: "directory-index", Case: "in pages of any size", Run: indexPages},
		{ID: "directory-index", Case: "what is shown of a product", Run: indexShown},
		{ID: "directory-index", Case: "by status and text", Run: indexFilters},
		{ID: "directory-index", Case: "the catalogue changes", Run: indexMeanwhile},
		{ID: "directory-collections", Case: "in pages of any size", Run: collectionPages},
		{ID: "directory-collections", Case: "what the scope sees", Run: collectionsSeen},
		{ID: "directory-collections", Case: "texts in the locale", Run: collectionsLocale},
		{ID: "directory-moved", Case: "the present slug", Run: slugsLead},
		{ID: "directory-moved", Case: "until another takes it", Run: slugsTaken},
		{ID: "directory-moved", Case: "what is gone", Run: slugsGone},
		{ID: "directory-moved", Case: "given to things by a commit", Run: slugsForwarded},
		{ID: "directory-former", Case: "in pages of any size", Run: formerPages},
	}
}

// index reads the whole list of a query in pages, and calls between after each.
func (h Harness) index(t TB, q catalog.IndexQuery, between func()) []ref.ProductID {
	t.Helper()
	var out []ref.ProductID
	for range 100 {
		page, err := h.Directory.Index(t.Context(), q)
		if err != nil || len(page.Items) > q.Limit || len(page.Items) < q.Limit && page.Next != nil || len(page.Items) == 0 && q.After != nil {
			t.Fatalf("Index: %d of %d items, next %v, %v", len(page.Items), q.Limit, page.Next, err)
		}
		for _, it := range page.Items {
			out = append(out, it.ID)
		}
		if page.Next == nil {
			return out
		}
		q.After = page.Next
		between()
	}
	t.Fatalf("the list does not end")
	return nil
}

// drafted is the n-th product with a status that no buyer sees, of three in turn.
func drafted(n int) catalog.Product {
	p := product(n)
	p.Status = []catalog.Status{catalog.Active, catalog.Draft, catalog.Archived}[n%3]
	return p
}

func indexPages(t TB, open func(TB) Harness) {
	h := open(t)
	var want []ref.ProductID
	for n := 1; n <= 7; n++ {
		p := drafted(n)
		if n < 4 { // Made at one moment.
			p.CreatedAt = base
		}
		h.save(t, p)
		want = append(want, p.ID)
	}
	slices.Reverse(want)
	for limit := 1; limit <= 8; limit++ {
		if got := h.index(t, catalog.IndexQuery{Limit: limit}, func() {}); !slices.Equal(got, want) {
			t.Errorf("in pages of %d: %v, want %v", limit, got, want)
		}
	}
}

func indexShown(t TB, open func(TB) Harness) {
	h := open(t)
	p := full()
	h.accept(t, with(writes(p), brand(1), category(1, 0), category(2, 0)))
	renamed := brand(1)
	renamed.Version, renamed.Name = 2, "Orwell & Daughters"
	h.accept(t, with(catalog.Commit{}, renamed))
	p.Brand = renamed.Name
	page, err := h.Directory.Index(t.Context(), catalog.IndexQuery{Limit: 1})
	if err != nil || len(page.Items) != 1 {
		t.Fatalf("Index: %+v, %v", page, err)
	}
	same(t, page.Items[0], p.Indexed())
}

func indexFilters(t TB, open func(TB) Harness) {
	h := open(t)
	for n := 1; n <= 6; n++ {
		p := drafted(n)
		switch n {
		case 1:
			p.Title = "The Blue 100% MUG"
		case 2:
			p.Slug = "mug_of-blue"
		case 3:
			p.Variants[1].SKU = "mug_blue"
		case 4:
			p.Title = "Tasse Élan"
		}
		h.save(t, p)
	}
	for _, c := range []struct {
		text   string
		status catalog.Status
		want   []int
	}{
		{"", catalog.Draft, []int{4, 1}},
		{"", catalog.Archived, []int{5, 2}},
		{"", catalog.Active, []int{6, 3}},
		{"mUg", "", []int{2, 1}},
		{"mug", catalog.Archived, []int{2}},
		{"100% M", "", []int{1}},
		{"mug_", "", []int{2}},
		{"mug_blue", "", []int{3}},
		{"MUG_BLUE", "", nil},
		{"P5-S", "", []int{5}},
		{"P5", "", nil},
		{"Élan", "", []int{4}},
		{"élan", "", nil},
		{"product 6", "", []int{6}},
		{"nothing like it", "", nil},
	} {
		var want []ref.ProductID
		for _, n := range c.want {
			want = append(want, productID(n))
		}
		if got := h.index(t, catalog.IndexQuery{Text: c.text, Status: c.status, Limit: 1}, func() {}); !slices.Equal(got, want) {
			t.Errorf("%q of status %q: %v, want %v", c.text, c.status, got, want)
		}
	}
}

func indexMeanwhile(t TB, open func(TB) Harness) {
	h := open(t)
	var want []ref.ProductID
	for n := 1; n <= 6; n++ {
		h.save(t, product(n))
		want = append(want, productID(n))
	}
	slices.Reverse(want)
	late := 100
	got := h.index(t, catalog.IndexQuery{Limit: 2}, func() {
		late++
		p := next(h.stored(t, "product-6")) // Which the pages have passed.
		p.Title = fmt.Sprintf("Changed %d", late)
		h.save(t, p, product(late))
	})
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// listed reads the whole list of collections in pages and gives their slugs.
func (h Harness) listed(t TB, scope ref.Scope, q catalog.CollectionQuery) []string {
	t.Helper()
	var out []string
	for range 100 {
		page, err := h.Directory.Collections(t.Context(), scope, q)
		if err != nil || len(page.Items) > q.Limit {
			t.Fatalf("Collections: %d of %d, %v", len(page.Items), q.Limit, err)
		}
		for _, c := range page.Items {
			out = append(out, c.Slug)
			if c.Products != nil {
				t.Errorf("%s comes with its products", c.Slug)
			}
		}
		if page.Next == "" {
			return out
		}
		q.After = page.Next
	}
	t.Fatalf("the list does not end")
	return nil
}

func collectionPages(t TB, open func(TB) Harness) {
	h := open(t)
	h.save(t, product(1))
	var want []string
	for n := 1; n <= 6; n++ {
		c := collection(n)
		c.Products = []ref.ProductID{productID(1)}
		h.accept(t, with(catalog.Commit{}, c))
		want = append(want, c.Slug)
	}
	h.accept(t, with(catalog.Commit{}, ruled(7)))
	want = append(want, ruled(7).Slug)
	for limit := 1; limit <= 8; limit++ {
		for _, all := range []bool{false, true} {
			if got := h.listed(t, front(), catalog.CollectionQuery{All: all, Limit: limit}); !slices.Equal(got, want) {
				t.Errorf("in pages of %d, all %t: %v, want %v", limit, all, got, want)
			}
		}
	}
}

func collectionsSeen(t TB, open func(TB) Harness) {
	h := open(t)
	open24 := collection(1)
	before, after, b2b, closed := collection(2), collection(3), collection(4), collection(5)
	before.Publication = catalog.Window{From: hour(1)}
	after.Publication = catalog.Window{Until: base}
	b2b.Listings = []catalog.Listing{{Channel: "b2b", Published: true, Window: catalog.Window{From: base, Until: hour(2)}}}
	closed.Listings = []catalog.Listing{{Channel: ref.DefaultChannel}, {Channel: "b2b", Published: true, Window: catalog.Window{From: hour(1)}}}
	h.accept(t, with(catalog.Commit{}, open24, before, after, b2b, closed))
	for _, c := range []struct {
		scope ref.Scope
		all   bool
		want  []string
	}{
		{front(), false, []string{"collection-1"}},
		{in(ref.DefaultChannel, hour(1)), false, []string{"collection-1", "collection-2"}},
		{in(ref.DefaultChannel, hour(-1)), false, []string{"collection-1", "collection-3"}},
		{in("b2b", base), false, []string{"collection-4"}},
		{in("b2b", hour(1)), false, []string{"collection-4", "collection-5"}},
		{in("b2b", hour(2)), false, []string{"collection-5"}},
		{in("pos", base), false, nil},
		{front(), true, []string{"collection-1", "collection-2", "collection-3", "collection-4", "collection-5"}},
	} {
		if got := h.listed(t, c.scope, catalog.CollectionQuery{All: c.all, Limit: 1}); !slices.Equal(got, c.want) {
			t.Errorf("%s at %s, all %t: %v, want %v", c.scope.Channel, c.scope.At, c.all, got, c.want)
		}
	}
}

func collectionsLocale(t TB, open func(TB) Harness) {
	h := open(t)
	h.accept(t, with(catalog.Commit{}, ruled(1)))
	for _, all := range []bool{false, true} {
		want := ruled(1)
		if !all {
			want, _ = want.In(french("fr-CA"))
		}
		page, err := h.Directory.Collections(t.Context(), french("fr-CA"), catalog.CollectionQuery{All: all, Limit: 5})
		if err != nil || len(page.Items) != 1 {
			t.Fatalf("Collections: %+v, %v", page, err)
		}
		same(t, page.Items[0], want)
	}
}

// slugged makes the n-th thing of a kind in a version with a slug.
func slugged(kind catalog.SlugKind, n int, version ref.Version, slug string) any {
	switch kind {
	case catalog.BrandSlugs:
		b := brand(n)
		b.Version, b.Slug = version, slug
		return b
	case catalog.CategorySlugs:
		c := category(n, 0)
		c.Version, c.Slug = version, slug
		return c
	default:
		c := collection(n)
		c.Version, c.Slug = version, slug
		return c
	}
}

var slugKinds = []catalog.SlugKind{catalog.BrandSlugs, catalog.CategorySlugs, catalog.CollectionSlugs}

// follow checks where a slug of a kind leads; "" is nowhere.
func (h Harness) follow(t TB, kind catalog.SlugKind, slug, want string) {
	t.Helper()
	switch got, err := h.Directory.Moved(t.Context(), kind, slug); {
	case want == "":
		if err == nil || fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s %s leads to %q, %v; want kind not_found", kind, slug, got, err)
		}
	case err != nil || got != want:
		t.Errorf("%s %s leads to %q, %v; want %q", kind, slug, got, err, want)
	}
}

func slugsLead(t TB, open func(TB) Harness) {
	h := open(t)
	for _, kind := range slugKinds {
		h.accept(t, with(catalog.Commit{}, slugged(kind, 1, 1, "first")))
	}
	for i, kind := range slugKinds {
		h.follow(t, kind, "first", "")
		h.accept(t, with(catalog.Commit{}, slugged(kind, 1, 2, "second")))
		h.accept(t, with(catalog.Commit{}, slugged(kind, 1, 3, "third")))
		h.follow(t, kind, "first", "third")
		h.follow(t, kind, "second", "third")
		h.follow(t, kind, "third", "")
		h.follow(t, kind, "nothing", "")
		for _, other := range slugKinds[i+1:] {
			h.follow(t, other, "second", "")
		}
	}
	h.follow(t, "product", "first", "")
}

func slugsTaken(t TB, open func(TB) Harness) {
	h := open(t)
	for _, kind := range slugKinds {
		h.accept(t, with(catalog.Commit{}, slugged(kind, 1, 1, "one"), slugged(kind, 2, 1, "two")))
		h.accept(t, with(catalog.Commit{}, slugged(kind, 1, 2, "two"), slugged(kind, 2, 2, "one"))) // They exchange theirs.
		h.follow(t, kind, "one", "")
		h.follow(t, kind, "two", "")
		h.accept(t, with(catalog.Commit{}, slugged(kind, 1, 3, "three")))
		h.follow(t, kind, "two", "three")
		h.accept(t, with(catalog.Commit{}, slugged(kind, 2, 3, "two")))
		h.follow(t, kind, "two", "")
		h.follow(t, kind, "one", "two")
		h.accept(t, with(catalog.Commit{}, slugged(kind, 2, 4, "four")))
		h.follow(t, kind, "two", "four") // Of the last one that gave it up.
		h.accept(t, with(catalog.Commit{}, slugged(kind, 1, 4, "one")))
		h.follow(t, kind, "one", "")
		h.follow(t, kind, "three", "one")
	}
}

func slugsGone(t TB, open func(TB) Harness) {
	h := open(t)
	for _, kind := range slugKinds {
		h.accept(t, with(catalog.Commit{}, slugged(kind, 1, 1, "one")))
		h.accept(t, with(catalog.Commit{}, slugged(kind, 1, 2, "two")))
	}
	for _, r := range []catalog.Removal{{Brand: brand(1).ID}, {Category: category(1, 0).ID}, {Collection: collection(1).ID}} {
		r.Expected = 2
		h.accept(t, catalog.Commit{Removals: []catalog.Removal{r}})
	}
	for _, kind := range slugKinds {
		h.follow(t, kind, "one", "")
		h.follow(t, kind, "two", "")
	}
}
