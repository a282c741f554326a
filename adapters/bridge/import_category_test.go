package bridge_test

import (
	"slices"
	"testing"

	"github.com/ipswich-retail/commerce/adapters/bridge"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// shelvesOf names the categories of a product.
func (s *shop) shelvesOf(t *testing.T, slug string) []string {
	t.Helper()
	tree, err := s.catalog.Tree(t.Context(), ref.Scope{})
	if err != nil {
		t.Fatalf("Tree: %v", err)
	}
	var out []string
	for _, id := range s.product(t, slug).Categories {
		c, _ := tree.Get(id)
		out = append(out, c.Name)
	}
	return out
}

func TestImportCategories(t *testing.T) {
	t.Parallel()
	s := openShop()
	typed, tagged, neither := mug(), plain("pot", "POT"), plain("cup", "CUP")
	tagged.Tags = []string{"ceramics", "blue"}
	s.bring(t, typed, tagged, neither)
	want := func(slug string, names ...string) {
		t.Helper()
		if got := s.shelvesOf(t, slug); !slices.Equal(got, names) {
			t.Errorf("%s is in %q, want %q", slug, got, names)
		}
	}
	want("mug", "Ceramics")
	want("pot", "Ceramics") // Of its first tag, whatever the case.
	want("cup")
	curated, err := s.catalog.SaveCategory(t.Context(), catalog.Category{Text: catalog.Text{Name: "Gifts"}})
	if err != nil {
		t.Fatalf("SaveCategory: %v", err)
	}
	p := s.product(t, "mug")
	p.Categories = append(p.Categories, curated.ID)
	if _, err := s.catalog.Save(t.Context(), p); err != nil {
		t.Fatalf("Save: %v", err)
	}
	if r := s.bring(t, typed); r.Unchanged != 1 {
		t.Errorf("what the shop added is a change: %+v", r)
	}
	want("mug", "Ceramics", "Gifts")
	typed.Type = new("Mugs and more")
	s.bring(t, typed)
	want("mug", "Gifts", "Mugs and more")
	if r := s.bring(t, typed, tagged, neither); r.Unchanged != 3 {
		t.Errorf("again is a change: %+v", r)
	}
}

func TestImportBrands(t *testing.T) {
	t.Parallel()
	s := openShop()
	other := plain("pot", "POT")
	other.Brand = new(" EBB  lane")
	s.bring(t, mug(), other)
	a, b := s.product(t, "mug"), s.product(t, "pot")
	if a.BrandID.IsZero() || a.BrandID != b.BrandID || b.Brand != "Ebb Lane" {
		t.Errorf("the brands are %s %q and %s %q, want one", a.BrandID, a.Brand, b.BrandID, b.Brand)
	}
	in := mug()
	in.Brand = new("Orwell")
	s.bring(t, in)
	if p := s.product(t, "mug"); p.Brand != "Orwell" || p.BrandID == a.BrandID {
		t.Errorf("the brand is %q still", p.Brand)
	}
	in.Brand = new("")
	s.bring(t, in)
	if p := s.product(t, "mug"); p.Brand != "" || !p.BrandID.IsZero() {
		t.Errorf("the brand is %q, want none", p.Brand)
	}
	if r := s.bring(t, bridge.ImportProduct{Handle: "pot", Title: "pot", Variants: other.Variants}); r.Unchanged != 1 || s.product(t, "pot").Brand != "Ebb Lane" {
		t.Errorf("a source that does not say changes the brand: %+v", r)
	}
}
