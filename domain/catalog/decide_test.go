package catalog_test

import (
	"testing"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Decide looks at the structure first, then at versions, at what is named, and at unique names last. That a store asks
// it about the right things is what catalogtest proves.
func TestDecide(t *testing.T) {
	t.Parallel()
	p := mug()
	p.ID, p.Version, p.BrandID = ref.NewID[ref.ProductKind](ref.UUID{1}), 2, brandID
	other := ref.NewID[ref.ProductKind](ref.UUID{2})
	commit := func(change func(c *catalog.Commit, f *catalog.Facts)) (catalog.Commit, catalog.Facts) {
		version := ref.Version(3)
		c := catalog.Commit{Products: []catalog.Write[catalog.Product]{{State: p, Expected: 1}}, Structure: &version}
		f := catalog.Facts{
			Structure: 3, Products: map[ref.ProductID]ref.Version{p.ID: 1, other: 1}, Brands: map[ref.BrandID]ref.Version{brandID: 1},
			Categories: map[ref.CategoryID]ref.Version{shelf(1): 1}, Slugs: map[string]ref.ProductID{"mug": p.ID},
		}
		change(&c, &f)
		return c, f
	}
	for name, tc := range map[string]struct {
		change func(c *catalog.Commit, f *catalog.Facts)
		class  fault.Class
	}{
		"sound":             {func(*catalog.Commit, *catalog.Facts) {}, fault.Class{}},
		"nothing":           {func(c *catalog.Commit, _ *catalog.Facts) { *c = catalog.Commit{} }, fault.Class{}},
		"another structure": {func(_ *catalog.Commit, f *catalog.Facts) { f.Structure = 4; f.Products[p.ID] = 9 }, catalog.StructureChanged},
		"any structure":     {func(c *catalog.Commit, f *catalog.Facts) { c.Structure = nil; f.Structure = 4 }, fault.Class{}},
		"another version":   {func(_ *catalog.Commit, f *catalog.Facts) { f.Products[p.ID] = 9; clear(f.Brands) }, fault.VersionConflict},
		"no brand":          {func(_ *catalog.Commit, f *catalog.Facts) { clear(f.Brands); f.Slugs["mug"] = other }, catalog.UnknownReference},
		"the brand goes": {func(c *catalog.Commit, _ *catalog.Facts) {
			c.Removals = []catalog.Removal{{Brand: brandID, Expected: 1}}
		}, catalog.UnknownReference},
		"the slug of another": {func(_ *catalog.Commit, f *catalog.Facts) { f.Slugs["mug"] = other }, catalog.SlugTaken},
		"an SKU of another":   {func(_ *catalog.Commit, f *catalog.Facts) { f.SKUs = map[ref.SKU]ref.ProductID{"MUG-L": other} }, catalog.SKUTaken},
		"a variant of another": {func(_ *catalog.Commit, f *catalog.Facts) {
			f.Variants = map[ref.VariantID]ref.ProductID{p.Variants[0].ID: other}
		}, fault.VersionConflict},
		"removed twice": {func(c *catalog.Commit, _ *catalog.Facts) {
			c.Removals = []catalog.Removal{{Category: shelf(1), Expected: 1}, {Category: shelf(1), Expected: 1}}
		}, fault.VersionConflict},
		"removed what never was": {func(c *catalog.Commit, _ *catalog.Facts) {
			c.Removals = []catalog.Removal{{Collection: ref.NewID[ref.CollectionKind](ref.UUID{1})}}
		}, fault.VersionConflict},
		"removed in use": {func(c *catalog.Commit, f *catalog.Facts) {
			c.Removals = []catalog.Removal{{Category: shelf(1), Expected: 1}}
			f.CategoriesInUse = map[ref.CategoryID]bool{shelf(1): true}
		}, catalog.InUse},
	} {
		err := catalog.Decide(commit(tc.change))
		if (tc.class == fault.Class{}) != (err == nil) || err != nil && !fault.Is(err, tc.class) {
			t.Errorf("%s: got %v, want %q", name, err, tc.class.Code())
		}
	}
}

func TestStructuralCommits(t *testing.T) {
	t.Parallel()
	id := ref.NewID[ref.CollectionKind](ref.UUID{1})
	for name, tc := range map[string]struct {
		c    catalog.Commit
		want bool
	}{
		"nothing":      {catalog.Commit{}, false},
		"a product":    {catalog.Commit{Products: make([]catalog.Write[catalog.Product], 1), Brands: make([]catalog.Write[catalog.Brand], 1)}, false},
		"a category":   {catalog.Commit{Categories: make([]catalog.Write[catalog.Category], 1)}, true},
		"a collection": {catalog.Commit{Collections: make([]catalog.Write[catalog.Collection], 1)}, true},
		"one removed":  {catalog.Commit{Removals: []catalog.Removal{{Collection: id}}}, true},
		"a brand less": {catalog.Commit{Removals: []catalog.Removal{{Brand: brandID}}}, false},
	} {
		if got := tc.c.Structural(); got != tc.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}
