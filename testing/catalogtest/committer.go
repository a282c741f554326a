package catalogtest

import (
	"sync"
	"sync/atomic"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

func atomicClauses() []Clause {
	return []Clause{
		{ID: "catalog-atomic", Case: "all and its events together", Run: atomicWrites},
		{ID: "catalog-atomic", Case: "refused wholly", Run: atomicRefuses},
		{ID: "catalog-atomic", Case: "the caller is gone", Run: atomicGone},
		{ID: "catalog-atomic", Case: "opened again", Run: atomicStays},
	}
}

func versionClauses() []Clause {
	return []Clause{
		{ID: "catalog-version", Case: "the new one is stored", Run: versionStored},
		{ID: "catalog-version", Case: "another one of a product", Run: versionRefused},
		{ID: "catalog-version", Case: "another one of what products belong to", Run: versionOthers},
		{ID: "catalog-version", Case: "a thing twice", Run: versionTwice},
		{ID: "catalog-version", Case: "one of many wins", Run: versionRace},
	}
}

// told lists the ids of events.
func told(events []event.Event) []ref.EventID {
	var out []ref.EventID
	for _, e := range events {
		out = append(out, e.ID)
	}
	return out
}

func atomicWrites(t TB, open func(TB) Harness) {
	h := open(t)
	a, b := full(), product(2)
	c := with(writes(a, b), brand(1), category(1, 0), category(2, 1), byHand(1, 2, 1), ruled(7))
	c.Events = []event.Event{saved(2, a), saved(1, b)}
	h.accept(t, c)
	same(t, h.stored(t, a.Slug), a)
	same(t, h.stored(t, b.Slug), b)
	if got := told(h.Events(t)); len(got) != 2 || got[0] != c.Events[0].ID || got[1] != c.Events[1].ID {
		t.Errorf("events %v, want those of the commit in order", got)
	}
	if s := h.structure(t); len(s.Categories) != 2 || len(s.Ruled) != 1 {
		t.Errorf("the structure is %+v", s)
	}
	if got, err := h.Brands.Get(t.Context(), brand(1).ID); err != nil || got.Version != 1 {
		t.Errorf("the brand: %+v, %v", got, err)
	}
}

func atomicRefuses(t TB, open func(TB) Harness) {
	h := open(t)
	a := product(1)
	h.save(t, a)
	changed, fresh, stale := next(a), product(2), product(3)
	changed.Title = "Changed"
	changed.Slug = "changed"
	stale.Version = 7
	before := h.structure(t)
	for name, bad := range map[string]catalog.Product{
		"a version": stale, "a slug": twin(fresh, "product-9"), "a SKU": twin(fresh, "P2-S"),
	} {
		c := with(writes(changed, fresh, bad), brand(1), category(1, 0), byHand(1, 2))
		c.Events = []event.Event{saved(1, changed), saved(2, fresh)}
		c.Sweep = &catalog.Sweep{Running: true}
		if err := h.Committer.Commit(t.Context(), c); err == nil {
			t.Fatalf("%s: the commit was accepted", name)
		}
		same(t, h.stored(t, a.Slug), a)
		for _, slug := range []string{"changed", fresh.Slug, bad.Slug} {
			if _, err := h.Products.Find(t.Context(), slug); !fault.Is(err, fault.Missing) {
				t.Errorf("%s: %q of a refused commit: %v", name, slug, err)
			}
		}
		if _, err := h.Brands.Get(t.Context(), brand(1).ID); !fault.Is(err, fault.Missing) {
			t.Errorf("%s: the brand of a refused commit: %v", name, err)
		}
		if _, err := h.Collections.Find(t.Context(), "collection-1"); !fault.Is(err, fault.Missing) {
			t.Errorf("%s: the collection of a refused commit: %v", name, err)
		}
		same(t, h.structure(t), before)
		if got := h.Events(t); len(got) != 0 {
			t.Errorf("%s: %d events of a refused commit", name, len(got))
		}
	}
}

// twin is another product that collides with p: in its slug, or when name is a SKU of p in that SKU.
func twin(p catalog.Product, name string) catalog.Product {
	other := product(9)
	if name == string(p.Variants[0].SKU) {
		other.Variants[0].SKU = p.Variants[0].SKU
	} else {
		other.Slug = p.Slug
	}
	return other
}

func atomicGone(t TB, open func(TB) Harness) {
	h := open(t)
	c := with(writes(product(1)), brand(1))
	c.Events = []event.Event{saved(1, product(1))}
	wantKind(t, h.Committer.Commit(gone(t), c), fault.Unavailable)
	if _, err := h.Products.Find(t.Context(), "product-1"); !fault.Is(err, fault.Missing) {
		t.Errorf("Find: %v, want nothing written", err)
	}
	if got := h.Events(t); len(got) != 0 {
		t.Errorf("%d events, want none", len(got))
	}
}

func atomicStays(t TB, open func(TB) Harness) {
	h := open(t)
	p := full()
	h.accept(t, with(writes(p), brand(1), category(1, 0), category(2, 1), ruled(7)))
	before := h.structure(t)
	h = h.Reopen(t)
	same(t, h.stored(t, p.Slug), p)
	same(t, h.structure(t), before)
	h.contains(t, front(), 7, 1)
}

func versionStored(t TB, open func(TB) Harness) {
	h := open(t)
	p := product(1)
	for want := ref.Version(1); want <= 4; want++ {
		h.save(t, p)
		if got := h.stored(t, p.Slug).Version; got != want {
			t.Errorf("version %d, want %d", got, want)
		}
		p = next(p)
	}
}

func versionRefused(t TB, open func(TB) Harness) {
	h := open(t)
	p := product(1)
	h.save(t, p)
	second := next(p)
	h.save(t, second)
	for _, c := range []catalog.Commit{writes(p), writes(second), writes(next(next(second))), writes(next(product(2)))} {
		h.refuse(t, c, fault.VersionConflict)
	}
	same(t, h.stored(t, p.Slug), second)
}

func versionOthers(t TB, open func(TB) Harness) {
	h := open(t)
	b, k, c := brand(1), category(1, 0), collection(1)
	h.accept(t, with(catalog.Commit{}, b, k, c))
	for _, version := range []ref.Version{1, 3} {
		b.Version, k.Version, c.Version = version, version, version
		h.refuse(t, with(catalog.Commit{}, b), fault.VersionConflict)
		h.refuse(t, with(catalog.Commit{}, k), fault.VersionConflict)
		h.refuse(t, with(catalog.Commit{}, c), fault.VersionConflict)
	}
	for _, expected := range []ref.Version{0, 2} {
		h.refuse(t, catalog.Commit{Removals: []catalog.Removal{{Brand: b.ID, Expected: expected}}}, fault.VersionConflict)
		h.refuse(t, catalog.Commit{Removals: []catalog.Removal{{Category: k.ID, Expected: expected}}}, fault.VersionConflict)
		h.refuse(t, catalog.Commit{Removals: []catalog.Removal{{Collection: c.ID, Expected: expected}}}, fault.VersionConflict)
	}
	b.Version, k.Version, c.Version = 2, 2, 2
	h.accept(t, with(catalog.Commit{}, b, k, c))
}

func versionTwice(t TB, open func(TB) Harness) {
	h := open(t)
	h.refuse(t, writes(product(1), product(1)), fault.VersionConflict)
	h.save(t, product(1))
	h.refuse(t, writes(next(product(1)), next(product(1))), fault.VersionConflict)
	h.refuse(t, with(catalog.Commit{}, brand(1), brand(1)), fault.VersionConflict)
}

func versionRace(t TB, open func(TB) Harness) {
	h := open(t)
	p := product(1)
	h.save(t, p)
	won := h.race(t, fault.VersionConflict, func(i int) catalog.Commit {
		q := next(p)
		q.Title = product(100 + i).Title
		return writes(q)
	})
	if got := h.stored(t, p.Slug); won != 1 || got.Version != 2 {
		t.Errorf("%d commits of one version won, version %d is stored; want one and 2", won, got.Version)
	}
}

// racers is how many commits race.
const racers = 16

// race commits at once and counts those that were accepted; each other one must be refused with the class.
func (h Harness) race(t TB, refused fault.Class, commit func(i int) catalog.Commit) int64 {
	t.Helper()
	var won atomic.Int64
	var all sync.WaitGroup
	start := make(chan struct{})
	for i := range racers {
		c := commit(i)
		all.Go(func() {
			<-start
			switch err := h.Committer.Commit(t.Context(), c); {
			case err == nil:
				won.Add(1)
			case !fault.Is(err, refused):
				t.Errorf("racer %d: got %v, want %s", i, err, refused.Code())
			}
		})
	}
	close(start)
	all.Wait()
	return won.Load()
}
