package catalog_test

import (
	"reflect"
	"testing"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

func TestSave(t *testing.T) {
	t.Parallel()
	s, store := service()
	made, err := s.Save(t.Context(), mug())
	if err != nil {
		t.Fatalf("Save: %v", err)
	}
	if made.ID.IsZero() || made.Version != 1 || made.CreatedAt.IsZero() || made.UpdatedAt != made.CreatedAt {
		t.Errorf("made %+v", made)
	}
	same, err := s.Save(t.Context(), made)
	if err != nil || !reflect.DeepEqual(same, made) {
		t.Errorf("saved again: %+v, %v; want it as it was", same, err)
	}
	made.Title = "Big mug"
	changed, err := s.Save(t.Context(), made)
	if err != nil || changed.Version != 2 || changed.CreatedAt != made.CreatedAt || !changed.UpdatedAt.After(made.UpdatedAt) {
		t.Errorf("changed: %+v, %v", changed, err)
	}
	pending, err := store.Outbox().Pending(t.Context(), "test", 10)
	if err != nil || len(pending) != 3 {
		t.Fatalf("%d events, %v; want it made, published and updated", len(pending), err)
	}
	e := pending[2].Event
	want := `{"product":"` + made.ID.String() + `","slug":"mug","status":"active","version":2}`
	if e.Name != "catalog.product_updated" || e.Aggregate != made.ID.String() || string(e.Data) != want {
		t.Errorf("got event %+v with %s, want %s", e, e.Data, want)
	}
}

func TestSaveRefuses(t *testing.T) {
	t.Parallel()
	s, _ := service()
	made, err := s.Save(t.Context(), mug())
	if err != nil {
		t.Fatalf("Save: %v", err)
	}
	if _, err := s.Save(t.Context(), catalog.Product{}); !fault.Is(err, fault.Bad) {
		t.Errorf("nothing: got %v, want invalid", err)
	}
	if _, err := s.Save(t.Context(), mug()); !fault.Is(err, catalog.SlugTaken) {
		t.Errorf("the same slug: got %v, want slug_taken", err)
	}
	stale := made
	stale.Title, stale.Version = "Old", 7
	if _, err := s.Save(t.Context(), stale); !fault.Is(err, fault.VersionConflict) {
		t.Errorf("another version: got %v, want version_conflict", err)
	}
	kept := mug()
	kept.ID, kept.Slug = ref.NewID[ref.ProductKind](ref.UUID{7}), "own"
	kept.Variants = kept.Variants[:1]
	kept.Variants[0].SKU, kept.Variants[0].ID = "OWN", ref.NewID[ref.VariantKind](ref.UUID{7})
	if p, err := s.Save(t.Context(), kept); err != nil || p.ID != kept.ID {
		t.Errorf("an id of its own: %v, %v", p.ID, err)
	}
}

func TestReads(t *testing.T) {
	t.Parallel()
	s, _ := service()
	made, err := s.Save(t.Context(), mug())
	if err != nil {
		t.Fatalf("Save: %v", err)
	}
	for _, name := range []string{"mug", made.ID.String()} {
		if p, err := s.Product(t.Context(), web(), name); err != nil || p.ID != made.ID {
			t.Errorf("Product(%q): %v, %v", name, p.ID, err)
		}
	}
	for _, name := range []string{"", "cup", ref.NewID[ref.ProductKind](ref.UUID{9}).String()} {
		if _, err := s.Product(t.Context(), web(), name); !fault.Is(err, fault.Missing) {
			t.Errorf("Product(%q): got %v, want not_found", name, err)
		}
	}
	if p, err := s.Find(t.Context(), "mug"); err != nil || p.ID != made.ID {
		t.Errorf("Find: %v, %v", p.ID, err)
	}
	if found, err := s.Sellable(t.Context(), web(), nil, []ref.SKU{"MUG-L"}); err != nil || len(found) != 1 {
		t.Errorf("Sellable: %d, %v", len(found), err)
	}
	if owners, err := s.SKUs(t.Context(), []ref.SKU{"MUG-L", "X"}); err != nil || len(owners) != 1 || owners["MUG-L"] != made.ID {
		t.Errorf("SKUs: %v, %v", owners, err)
	}
	if all, active, err := s.Count(t.Context()); err != nil || all != 1 || active != 1 {
		t.Errorf("Count: %d, %d, %v", all, active, err)
	}
	for limit, ok := range map[int]bool{-1: false, 0: false, 1: true, catalog.PageMax: true, catalog.PageMax + 1: false} {
		page, err := s.List(t.Context(), web(), catalog.ListQuery{Limit: limit})
		if ok && (err != nil || len(page.Items) != 1) || !ok && !fault.Is(err, fault.Bad) {
			t.Errorf("List of %d: %d, %v", limit, len(page.Items), err)
		}
	}
}
