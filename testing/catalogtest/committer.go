package catalogtest

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// TestCommitter proves an adapter of catalog.Committer. Open gives an empty store for each subtest.
func TestCommitter(t *testing.T, open func(t *testing.T) Harness) {
	t.Helper()
	s := suite{open}
	t.Run("catalog-atomic writes products and events together", s.atomicWrites)
	t.Run("catalog-atomic refuses wholly", s.atomicRefuses)
	t.Run("catalog-atomic writes nothing for a caller who is gone", s.atomicGone)
	t.Run("catalog-version stores the new version", s.versionStored)
	t.Run("catalog-version refuses another version", s.versionRefused)
	t.Run("catalog-version lets one of many win", s.versionRace)
	t.Run("catalog-slug refuses the slug of another", s.slugTaken)
	t.Run("catalog-slug refuses the SKU of another", s.skuTaken)
	t.Run("catalog-slug is free again when given up", s.slugFreed)
	t.Run("catalog-slug goes to one of many", s.slugRace)
}

// told lists the ids of events.
func told(events []event.Event) []ref.EventID {
	var out []ref.EventID
	for _, e := range events {
		out = append(out, e.ID)
	}
	return out
}

func (s suite) atomicWrites(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	a, b := product(1), product(2)
	c := writes(a, b)
	c.Events = []event.Event{saved(1, a), saved(2, b)}
	if err := h.Committer.Commit(t.Context(), c); err != nil {
		t.Fatalf("Commit: %v", err)
	}
	same(t, h.stored(t, a.Slug), a)
	same(t, h.stored(t, b.Slug), b)
	if got := told(h.Events(t)); len(got) != 2 || got[0] != c.Events[0].ID || got[1] != c.Events[1].ID {
		t.Errorf("events %v, want those of the commit in order", got)
	}
}

func (s suite) atomicRefuses(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	a := product(1)
	h.save(t, a)
	changed, fresh, stale := next(a), product(2), product(3)
	changed.Title = "Changed"
	changed.Slug = "changed"
	stale.Version = 7
	for name, bad := range map[string]catalog.Product{"a version": stale, "a slug": twin(fresh, "product-9"), "a SKU": twin(fresh, "P2-S")} {
		c := writes(changed, fresh, bad)
		c.Events = []event.Event{saved(1, changed), saved(2, fresh)}
		if err := h.Committer.Commit(t.Context(), c); err == nil {
			t.Fatalf("%s: the commit was accepted", name)
		}
		same(t, h.stored(t, a.Slug), a)
		for _, slug := range []string{"changed", fresh.Slug, bad.Slug} {
			if _, err := h.Products.Find(t.Context(), slug); !fault.Is(err, fault.Missing) {
				t.Errorf("%s: %q of a refused commit: %v", name, slug, err)
			}
		}
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

func (s suite) atomicGone(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	c := writes(product(1))
	c.Events = []event.Event{saved(1, product(1))}
	wantKind(t, h.Committer.Commit(gone(t), c), fault.Unavailable)
	if _, err := h.Products.Find(t.Context(), "product-1"); !fault.Is(err, fault.Missing) {
		t.Errorf("Find: %v, want nothing written", err)
	}
	if got := h.Events(t); len(got) != 0 {
		t.Errorf("%d events, want none", len(got))
	}
}

func (s suite) versionStored(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	p := product(1)
	for want := ref.Version(1); want <= 4; want++ {
		h.save(t, p)
		if got := h.stored(t, p.Slug).Version; got != want {
			t.Errorf("version %d, want %d", got, want)
		}
		p = next(p)
	}
}

func (s suite) versionRefused(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	p := product(1)
	h.save(t, p)
	second := next(p)
	h.save(t, second)
	for name, c := range map[string]catalog.Commit{
		"made again":    writes(p),
		"an old one":    writes(second),
		"a future one":  writes(next(next(second))),
		"never existed": writes(next(product(2))),
	} {
		if err := h.Committer.Commit(t.Context(), c); !fault.Is(err, fault.VersionConflict) {
			t.Errorf("%s: got %v, want version_conflict", name, err)
		}
	}
	same(t, h.stored(t, p.Slug), second)
}

func (s suite) versionRace(t *testing.T) {
	t.Parallel()
	h := s.open(t)
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
func (h Harness) race(t *testing.T, refused fault.Class, commit func(i int) catalog.Commit) int64 {
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

func (s suite) slugTaken(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	a, b := product(1), product(2)
	h.save(t, a, b)
	thief := product(3)
	thief.Slug = a.Slug
	wantClass(t, h.Committer.Commit(t.Context(), writes(thief)), catalog.SlugTaken)
	renamed := next(b)
	renamed.Slug = a.Slug
	wantClass(t, h.Committer.Commit(t.Context(), writes(renamed)), catalog.SlugTaken)
	one, two := product(4), product(5)
	two.Slug = one.Slug
	wantClass(t, h.Committer.Commit(t.Context(), writes(one, two)), catalog.SlugTaken)
	same(t, h.stored(t, a.Slug), a)
	same(t, h.stored(t, b.Slug), b)
}

func (s suite) skuTaken(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	a, b := product(1), product(2)
	a.Status = catalog.Archived // What is archived keeps its names.
	h.save(t, a, b)
	thief := product(3)
	thief.Variants[1].SKU = a.Variants[0].SKU
	wantClass(t, h.Committer.Commit(t.Context(), writes(thief)), catalog.SKUTaken)
	changed := next(b)
	changed.Variants = append([]catalog.Variant(nil), b.Variants...)
	changed.Variants[0].SKU = a.Variants[1].SKU
	wantClass(t, h.Committer.Commit(t.Context(), writes(changed)), catalog.SKUTaken)
	one, two := product(4), product(5)
	two.Variants[0].SKU = one.Variants[0].SKU
	wantClass(t, h.Committer.Commit(t.Context(), writes(one, two)), catalog.SKUTaken)
	other := product(6)
	other.Variants[0].SKU = "p2-s" // SKUs differ by case.
	h.save(t, other)
	same(t, h.stored(t, b.Slug), b)
}

func (s suite) slugFreed(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	a := product(1)
	h.save(t, a)
	renamed := next(a)
	renamed.Slug, renamed.Variants = "elsewhere", renamed.Variants[:1]
	h.save(t, renamed)
	heir := product(2)
	heir.Slug, heir.Variants[0].SKU = "product-1", "P1-L"
	h.save(t, heir)
	same(t, h.stored(t, "elsewhere"), renamed)
	same(t, h.stored(t, "product-1"), heir)
}

func (s suite) slugRace(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	won := h.race(t, catalog.SlugTaken, func(i int) catalog.Commit {
		p := product(i + 1)
		p.Slug = "wanted"
		return writes(p)
	})
	if won != 1 {
		t.Errorf("%d products have the slug, want one", won)
	}
}
