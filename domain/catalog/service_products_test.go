package catalog_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/adapters/memory"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/domain/statemachine"
)

func errOf[T any](_ T, err error) error { return err }

// wantTold counts the events of some names, each "name count".
func wantTold(t *testing.T, store *memory.Store, want ...string) {
	t.Helper()
	deliveries, err := store.Outbox().Pending(t.Context(), "test", 10_000)
	if err != nil {
		t.Fatalf("Pending: %v", err)
	}
	count := map[string]int{}
	for _, d := range deliveries {
		count[d.Event.Name]++
	}
	for _, w := range want {
		name, _, _ := strings.Cut(w, " ")
		if got := fmt.Sprintf("%s %d", name, count[name]); got != w {
			t.Errorf("told %s times, want %s", got, w)
		}
	}
}

func TestStatusCommands(t *testing.T) {
	t.Parallel()
	s, store := service()
	p := mug()
	p.Status = catalog.Draft
	p = must(s.Save(t.Context(), p))
	for _, step := range []struct {
		on   catalog.StatusEvent
		want catalog.Status
	}{
		{catalog.Publish, catalog.Active},
		{catalog.Withdraw, catalog.Draft},
		{catalog.Publish, catalog.Active},
		{catalog.Archive, catalog.Archived},
		{catalog.Restore, catalog.Draft},
		{catalog.Archive, catalog.Archived},
		{catalog.Publish, catalog.Active},
	} {
		next, err := s.Change(t.Context(), p.ID, p.Version, step.on)
		if err != nil || next.Status != step.want || next.Version != p.Version+1 {
			t.Fatalf("%s: %s, %v", step.on, next.Status, err)
		}
		p = next
	}
	if _, err := s.Change(t.Context(), p.ID, p.Version, catalog.Restore); !fault.Is(err, statemachine.IllegalTransition) {
		t.Errorf("restoring what is active: %v", err)
	}
	if _, err := s.Change(t.Context(), p.ID, 1, catalog.Archive); !fault.Is(err, fault.VersionConflict) {
		t.Errorf("an old version: %v", err)
	}
	if _, err := s.Change(t.Context(), ref.ProductID{}, 1, catalog.Archive); !fault.Is(err, fault.Missing) {
		t.Errorf("nobody: %v", err)
	}
	wantTold(t, store, "catalog.product_created 1", "catalog.product_updated 7", "catalog.product_published 3", "catalog.product_withdrawn 2",
		"catalog.product_archived 2", "catalog.product_restored 2")
}

func TestVariantCommands(t *testing.T) {
	t.Parallel()
	s, store := service()
	p := must(s.Save(t.Context(), mug()))
	small, large := p.Variants[0].ID, p.Variants[1].ID
	dropped := p
	dropped.Variants = p.Variants[:1]
	if _, err := s.Save(t.Context(), dropped); !fault.Is(err, catalog.VariantKept) {
		t.Errorf("a variant left out: %v", err)
	}
	if _, err := s.RemoveVariant(t.Context(), p.ID, p.Version, large, false); !fault.Is(err, catalog.VariantKept) {
		t.Errorf("removed while it is sold: %v", err)
	}
	p = must(s.RetireVariant(t.Context(), p.ID, p.Version, large))
	if sold, err := s.Sellable(t.Context(), web(), []ref.VariantID{small, large}, nil); err != nil || len(sold) != 1 || sold[0].Variant != small {
		t.Errorf("sold: %v, %v", sold, err)
	}
	if same := must(s.RetireVariant(t.Context(), p.ID, p.Version, large)); same.Version != p.Version {
		t.Errorf("retired again: version %d", same.Version)
	}
	if _, err := s.RemoveVariant(t.Context(), p.ID, p.Version, large, true); !fault.Is(err, catalog.VariantKept) {
		t.Errorf("removed though it was ordered: %v", err)
	}
	p = must(s.ReinstateVariant(t.Context(), p.ID, p.Version, large))
	p = must(s.RetireVariant(t.Context(), p.ID, p.Version, large))
	p = must(s.RemoveVariant(t.Context(), p.ID, p.Version, large, false))
	if len(p.Variants) != 1 {
		t.Errorf("%d variants are left", len(p.Variants))
	}
	unknown := ref.NewID[ref.VariantKind](ref.UUID{9})
	for name, err := range map[string]error{
		"retired":    errOf(s.RetireVariant(t.Context(), p.ID, p.Version, unknown)),
		"reinstated": errOf(s.ReinstateVariant(t.Context(), p.ID, p.Version, unknown)),
		"removed":    errOf(s.RemoveVariant(t.Context(), p.ID, p.Version, unknown, false)),
	} {
		if !fault.Is(err, fault.Missing) {
			t.Errorf("nobody %s: %v", name, err)
		}
	}
	p = must(s.RetireVariant(t.Context(), p.ID, p.Version, small))
	if _, err := s.RemoveVariant(t.Context(), p.ID, p.Version, small, false); !fault.Is(err, fault.Bad) {
		t.Errorf("the last one removed: %v", err)
	}
	if _, err := s.Product(t.Context(), web(), "mug"); !fault.Is(err, fault.Missing) {
		t.Errorf("with nothing to sell: %v", err)
	}
	wantTold(t, store, "catalog.variant_retired 3", "catalog.variant_restored 1", "catalog.variant_removed 1", "catalog.product_withdrawn 1")
}

func TestSlugsMove(t *testing.T) {
	t.Parallel()
	s, store := service()
	p := must(s.Save(t.Context(), mug()))
	p.Slug = "beaker"
	p = must(s.Save(t.Context(), p))
	_, err := s.Product(t.Context(), web(), "mug")
	if !fault.Is(err, catalog.SlugMoved) || fault.KindOf(err) != fault.NotFound || fault.Of(err).Details()["slug"] != "beaker" {
		t.Errorf("an old slug: %v", err)
	}
	wantTold(t, store, "catalog.product_updated 1")
	for i, want := range []string{"mug", "mug-2", "mug-3"} { // One that was given up is free.
		next := another(i, "")
		next.Title = "Mug"
		if next = must(s.Save(t.Context(), next)); next.Slug != want {
			t.Errorf("the slug of product %d is %q, want %q", i, next.Slug, want)
		}
	}
	if got, err := s.Product(t.Context(), web(), "mug"); err != nil || got.ID == p.ID {
		t.Errorf("a slug that was taken again: %v, %v", got.ID, err)
	}
	long := another(9, "")
	long.Title = strings.Repeat("a", catalog.SlugMax)
	must(s.Save(t.Context(), long))
	next := another(10, "")
	next.Title = long.Title
	if got := must(s.Save(t.Context(), next)); len(got.Slug) > catalog.SlugMax || !strings.HasSuffix(got.Slug, "a-2") {
		t.Errorf("a long slug: %q", got.Slug)
	}
}

// PublishDue tells what the clock did, once, whoever calls it, and what scopes see never waits for it.
func TestPublishDue(t *testing.T) {
	t.Parallel()
	clock := &setClock{now: day}
	store := memory.New(clock, nil)
	parts := partsOf(store)
	parts.Clock = clock
	s := catalog.NewService(parts)
	p := mug()
	p.Publication = catalog.Window{From: hour(2), Until: hour(6)}
	p.Listings = []catalog.Listing{{Channel: "web", Published: true}, {Channel: "b2b", Published: true, Window: catalog.Window{From: hour(4)}}}
	p = must(s.Save(t.Context(), p))
	if !p.Due.Equal(hour(2)) {
		t.Errorf("due at %v, want hour 2", p.Due)
	}
	for _, step := range []struct {
		at, took int
		told     []string
	}{
		{1, 0, []string{"catalog.product_published 0"}},
		{2, 1, []string{"catalog.product_published 1"}},
		{3, 0, nil},
		{5, 1, []string{"catalog.product_published 2", "catalog.product_withdrawn 0"}},
		{6, 1, []string{"catalog.product_published 2", "catalog.product_withdrawn 1"}},
		{9, 0, []string{"catalog.product_updated 0"}},
	} {
		clock.set(hour(step.at))
		if n, err := s.PublishDue(t.Context(), 10); err != nil || n != step.took {
			t.Errorf("at %d it took up %d, %v; want %d", step.at, n, err, step.took)
		}
		if n, err := s.PublishDue(t.Context(), 10); err != nil || n != 0 {
			t.Errorf("at %d again it took up %d, %v", step.at, n, err)
		}
		wantTold(t, store, step.told...)
	}
	if got := must(s.Get(t.Context(), p.ID)); !got.Due.IsZero() || !got.UpdatedAt.Equal(p.UpdatedAt) {
		t.Errorf("due at %v, updated at %v", got.Due, got.UpdatedAt)
	}
	// Who saves a product after its moment passed tells of that too.
	q := another(1, "")
	q.Publication.From = hour(20)
	q = must(s.Save(t.Context(), q))
	clock.set(hour(21))
	q.Tags = []string{"x"}
	must(s.Save(t.Context(), q))
	wantTold(t, store, "catalog.product_published 3")
	if n, err := s.PublishDue(t.Context(), 10); err != nil || n != 0 {
		t.Errorf("it took up %d, %v of what was told", n, err)
	}
}

// setClock shows what it is set to.
type setClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *setClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *setClock) set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = at
}

// lost is a committer and the reads of a store that fails.
type lost struct {
	catalog.Committer
	catalog.Products
	catalog.Categories
	catalog.Upkeep
}

func (lost) Commit(context.Context, catalog.Commit) error { return fault.Down.New("no database") }

func (lost) Moved(context.Context, ref.Scope, string) (string, error) {
	return "", fault.Down.New("no database")
}

func (lost) BySlug(context.Context, ref.Scope, string) (catalog.Product, error) {
	return catalog.Product{}, fault.Missing.New("none")
}

func (lost) Structure(context.Context) (catalog.Structure, error) {
	return catalog.Structure{}, fault.Down.New("no database")
}

func (lost) Due(context.Context, time.Time, int) ([]catalog.Product, error) {
	return nil, fault.Down.New("no database")
}

func TestTroubleIsPassedOn(t *testing.T) {
	t.Parallel()
	_, store := service()
	parts := partsOf(store)
	parts.Committer = lost{}
	s := catalog.NewService(parts)
	dead := partsOf(store)
	dead.Categories, dead.Products, dead.Upkeep = lost{}, lost{}, lost{}
	d := catalog.NewService(dead)
	for name, err := range map[string]error{
		"Save":           errOf(s.Save(t.Context(), mug())),
		"SaveBrand":      errOf(s.SaveBrand(t.Context(), catalog.Brand{Text: text("B")})),
		"SaveCategory":   errOf(s.SaveCategory(t.Context(), catalog.Category{Text: text("C")})),
		"EnsureCategory": errOf(s.EnsureCategory(t.Context(), "C")),
		"SaveCollection": errOf(s.SaveCollection(t.Context(), catalog.Collection{Text: text("C")})),
		"Product":        errOf(d.Product(t.Context(), web(), "mug")),
		"Tree":           errOf(d.Tree(t.Context(), web())),
		"Sweep":          errOf(d.Sweep(t.Context(), 1)),
		"PublishDue":     errOf(d.PublishDue(t.Context(), 1)),
		"a category":     errOf(d.SaveCategory(t.Context(), catalog.Category{Text: text("C")})),
		"ensured":        errOf(d.EnsureCategory(t.Context(), "C")),
	} {
		if fault.KindOf(err) != fault.Unavailable {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Many servers save products of one new brand at once: there is one brand afterwards.
func TestOneBrandOfMany(t *testing.T) {
	t.Parallel()
	_, store := service()
	var all sync.WaitGroup
	for n := range 8 {
		s := catalog.NewService(partsOf(store))
		all.Go(func() {
			p := another(n, "Wanted")
			p.Slug = fmt.Sprintf("p%d", n)
			if _, err := s.Save(t.Context(), p); err != nil {
				t.Errorf("Save: %v", err)
			}
		})
	}
	all.Wait()
	s := catalog.NewService(partsOf(store))
	page := must(s.Brands(t.Context(), web(), catalog.BrandQuery{Limit: 10}))
	list := must(s.List(t.Context(), web(), catalog.ListQuery{Limit: 10}))
	if len(page.Items) != 1 || len(list.Items) != 8 || slices.ContainsFunc(list.Items, func(p catalog.Product) bool { return p.BrandID != page.Items[0].ID }) {
		t.Errorf("%d brands of %d products", len(page.Items), len(list.Items))
	}
}

func TestSaveNamesWhatIsNew(t *testing.T) {
	t.Parallel()
	s, _ := service()
	p := mug()
	p.Variants[1].ID, p.Media = ref.VariantID{}, append(p.Media, catalog.Media{Key: "a.svg"})
	saved, err := s.Save(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	if !p.Variants[1].ID.IsZero() || !p.Media[1].ID.IsZero() {
		t.Error("the caller's product was changed")
	}
	if saved.Variants[0].ID != p.Variants[0].ID || saved.Variants[1].ID.IsZero() || saved.Media[1].ID.IsZero() || saved.Media[0].ID != p.Media[0].ID {
		t.Errorf("the ids: %+v %+v", saved.Variants, saved.Media)
	}
}
