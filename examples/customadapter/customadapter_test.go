package customadapter_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/examples/customadapter"
	"github.com/ipswich-retail/commerce/testing/catalogtest"
)

// open makes an empty store for one subtest. Reopen is what makes the suites prove that things are in the files.
func open(t *testing.T) catalogtest.Harness {
	t.Helper()
	return in(t, t.TempDir())
}

// in opens the store of a directory, as the suites want it.
func in(t *testing.T, dir string) catalogtest.Harness {
	t.Helper()
	s, err := customadapter.Open(dir)
	if err != nil {
		t.Fatalf("opening %s: %v", dir, err)
	}
	return catalogtest.Harness{
		Products: s.Products(), Upkeep: s.Upkeep(), Categories: s.Categories(), Brands: s.Brands(), Collections: s.Collections(),
		Committer: s.Committer(), Events: func(catalogtest.TB) []event.Event { return s.Events() },
		Reopen: func(catalogtest.TB) catalogtest.Harness { return in(t, dir) },
	}
}

// The whole proof: one line for each port.
func TestProducts(t *testing.T)    { t.Parallel(); catalogtest.TestProducts(t, open) }
func TestUpkeep(t *testing.T)      { t.Parallel(); catalogtest.TestUpkeep(t, open) }
func TestCategories(t *testing.T)  { t.Parallel(); catalogtest.TestCategories(t, open) }
func TestBrands(t *testing.T)      { t.Parallel(); catalogtest.TestBrands(t, open) }
func TestCollections(t *testing.T) { t.Parallel(); catalogtest.TestCollections(t, open) }
func TestCommitter(t *testing.T)   { t.Parallel(); catalogtest.TestCommitter(t, open) }

// The suites cannot know how a store is cut off; that is for its own tests. Here the process ends just behind the moment
// at which a commit of two products became true: none of its files is there yet but the one that holds it all.
func TestACommitThatWasCutOffIsEnded(t *testing.T) {
	t.Parallel()
	dir, whole := t.TempDir(), t.TempDir()
	block(t, dir) // Nothing can be carried out here.
	var c catalog.Commit
	for n := range byte(2) {
		p := catalog.Product{ID: ref.NewID[ref.ProductKind](ref.UUID{n + 1}), Version: 1, Slug: string(rune('a' + n))}
		c.Products = append(c.Products, catalog.Write[catalog.Product]{State: p})
	}
	h := in(t, dir)
	if err := h.Committer.Commit(t.Context(), c); err != nil {
		t.Fatalf("Commit: %v", err)
	}
	if err := h.Committer.Commit(t.Context(), catalog.Commit{}); !fault.Is(err, fault.Down) {
		t.Errorf("a commit over one that is not carried out: %v", err)
	}
	held, err := os.ReadFile(filepath.Join(dir, "pending.json"))
	if err != nil {
		t.Fatalf("the commit was carried out, or never held: %v", err)
	}
	if err := os.WriteFile(filepath.Join(whole, "pending.json"), held, 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 { // Whoever opens it carries it out, and the next one finds the files.
		if all, _, err := in(t, whole).Products.Count(t.Context()); err != nil || all != 2 {
			t.Errorf("%d products, %v", all, err)
		}
	}
	if _, err := os.Stat(filepath.Join(whole, "pending.json")); err == nil {
		t.Error("the commit is held for ever")
	}
}

// block puts a directory in the place of a file of every commit, so that carrying it out fails.
func block(t *testing.T, dir string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(dir, "book.json", "in the way"), 0o750); err != nil {
		t.Fatal(err)
	}
}
