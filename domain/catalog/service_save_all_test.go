package catalog_test

import (
	"slices"
	"testing"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// sold is a product of one variant.
func sold(title string, sku ref.SKU, brand string) catalog.Product {
	return catalog.Product{Title: title, Brand: brand, Status: catalog.Active, Variants: []catalog.Variant{{SKU: sku}}}
}

func TestSaveAllInOneCommit(t *testing.T) {
	t.Parallel()
	s, store := service()
	had := must(s.Save(t.Context(), mug()))
	had.Title, had.Brand = "Another mug", "ebb flow"
	made := must(s.SaveAll(t.Context(), []catalog.Product{
		sold("pot", "POT", "ebb flow"), had, sold("pot", "POT-2", "EBB  flow"), sold("cup", "CUP", "ebb-flow"),
	}))
	slugs := []string{made[0].Slug, made[2].Slug, made[3].Slug}
	if !slices.Equal(slugs, []string{"pot", "pot-2", "cup"}) || made[0].BrandID != made[1].BrandID || made[2].BrandID != made[0].BrandID || made[3].BrandID == made[0].BrandID {
		t.Errorf("saved are %v with brands %v %v %v %v", slugs, made[0].BrandID, made[1].BrandID, made[2].BrandID, made[3].BrandID)
	}
	for i, p := range made {
		if stored := must(s.Get(t.Context(), p.ID)); stored.Version != p.Version || stored.Brand != p.Brand || stored.Title != p.Title {
			t.Errorf("%d is stored as %+v, given as %+v", i, stored, p)
		}
	}
	if !made[0].CreatedAt.Before(made[2].CreatedAt) || !made[2].CreatedAt.Before(made[3].CreatedAt) {
		t.Error("they were not made in the order in which they were given")
	}
	wantTold(t, store, "catalog.brand_saved 2")
	again := must(s.SaveAll(t.Context(), made))
	if again[1].Version != made[1].Version {
		t.Error("what is the same is written again")
	}
	if none, err := s.SaveAll(t.Context(), nil); err != nil || len(none) != 0 {
		t.Errorf("nothing at all: %v, %v", none, err)
	}
}

func TestSaveAllOrNone(t *testing.T) {
	t.Parallel()
	s, _ := service()
	had := must(s.Save(t.Context(), mug()))
	for name, c := range map[string]struct {
		p     catalog.Product
		field string
	}{
		"a broken rule":  {sold("", "X", ""), "products[1].title"},
		"a SKU that is":  {sold("X", had.Variants[0].SKU, ""), ""},
		"an old version": {func() catalog.Product { p := had; p.Version = 7; return p }(), ""},
		"less variants":  {func() catalog.Product { p := had; p.Variants = nil; return p }(), "products[1].variants"},
	} {
		_, err := s.SaveAll(t.Context(), []catalog.Product{sold("pot", "POT", ""), c.p})
		if err == nil || c.field != "" && fault.Of(err).Field() != c.field && !slices.ContainsFunc(fault.Of(err).Violations(), func(v *fault.Error) bool { return v.Field() == c.field }) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := s.Find(t.Context(), "pot"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s: the other one was saved", name)
		}
	}
}
