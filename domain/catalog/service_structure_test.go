package catalog_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

func text(name string) catalog.Text { return catalog.Text{Name: name} }

func TestBrandCommands(t *testing.T) {
	t.Parallel()
	s, store := service()
	b, err := s.SaveBrand(t.Context(), catalog.Brand{Text: text("Ebb Lane")})
	if err != nil || b.Slug != "ebb-lane" || b.Version != 1 || b.CreatedAt.IsZero() {
		t.Fatalf("SaveBrand: %+v, %v", b, err)
	}
	if again, err := s.SaveBrand(t.Context(), b); err != nil || again.Version != 1 {
		t.Errorf("saved again: %+v, %v", again, err)
	}
	b.Description = "By the sea"
	changed, err := s.SaveBrand(t.Context(), b)
	if err != nil || changed.Version != 2 || changed.CreatedAt != b.CreatedAt {
		t.Errorf("changed: %+v, %v", changed, err)
	}
	if _, err := s.SaveBrand(t.Context(), b); !fault.Is(err, fault.VersionConflict) {
		t.Errorf("an old version: %v", err)
	}
	if _, err := s.SaveBrand(t.Context(), catalog.Brand{Text: text("EBB lane")}); !fault.Is(err, catalog.BrandTaken) {
		t.Errorf("the same name: %v", err)
	}
	if _, err := s.SaveBrand(t.Context(), catalog.Brand{}); !fault.Is(err, fault.Bad) {
		t.Errorf("nothing: %v", err)
	}
	if other, err := s.SaveBrand(t.Context(), catalog.Brand{Text: text("日本")}); err != nil || other.Slug != "brd-"+other.ID.String()[4:] {
		t.Errorf("a name without a slug: %+v, %v", other, err)
	}
	if page, err := s.Brands(t.Context(), web(), catalog.BrandQuery{Limit: 1}); err != nil || len(page.Items) != 1 || page.Next != "ebb lane" {
		t.Errorf("Brands: %+v, %v", page, err)
	}
	if _, err := s.Brands(t.Context(), web(), catalog.BrandQuery{}); !fault.Is(err, fault.Bad) {
		t.Errorf("a page of nothing: %v", err)
	}
	if got, err := s.Brand(t.Context(), web(), "ebb-lane"); err != nil || got.ID != b.ID {
		t.Errorf("Brand: %+v, %v", got, err)
	}
	p := mug()
	p.BrandID = b.ID
	saved, err := s.Save(t.Context(), p)
	if err != nil || saved.Brand != "Ebb Lane" {
		t.Fatalf("Save: %+v, %v", saved, err)
	}
	if err := s.RemoveBrand(t.Context(), b.ID, 2); !fault.Is(err, catalog.InUse) {
		t.Errorf("in use: %v", err)
	}
	saved.Brand = ""
	if saved, err = s.Save(t.Context(), saved); err != nil || !saved.BrandID.IsZero() {
		t.Errorf("without a brand: %+v, %v", saved, err)
	}
	if err := s.RemoveBrand(t.Context(), b.ID, 1); !fault.Is(err, fault.VersionConflict) {
		t.Errorf("another version: %v", err)
	}
	if err := s.RemoveBrand(t.Context(), b.ID, 2); err != nil {
		t.Errorf("RemoveBrand: %v", err)
	}
	if err := s.RemoveBrand(t.Context(), b.ID, 2); !fault.Is(err, fault.Missing) {
		t.Errorf("again: %v", err)
	}
	wantTold(t, store, "catalog.brand_saved 3", "catalog.brand_removed 1", "catalog.product_created 1", "catalog.product_updated 1", "catalog.product_published 1")
}

func TestProductsFindOrMakeTheirBrand(t *testing.T) {
	t.Parallel()
	s, store := service()
	save := func(p catalog.Product) catalog.Product {
		t.Helper()
		saved, err := s.Save(t.Context(), p)
		if err != nil {
			t.Fatalf("Save: %v", err)
		}
		return saved
	}
	first := mug()
	first.Brand = " Ebb  Lane"
	a := save(first)
	b := save(another(1, " EBB lane"))
	c := save(another(2, "Ebb-Lane")) // Another name, whose slug is taken.
	if a.Brand != "Ebb Lane" || b.BrandID != a.BrandID || b.Brand != "Ebb Lane" || c.BrandID == a.BrandID {
		t.Errorf("brands %q %s, %q %s, %q %s", a.Brand, a.BrandID, b.Brand, b.BrandID, c.Brand, c.BrandID)
	}
	if made, err := s.Brand(t.Context(), web(), "ebb-lane-2"); err != nil || made.ID != c.BrandID {
		t.Errorf("the second brand: %+v, %v", made, err)
	}
	b.Brand = "Ebb-lane"
	if b = save(b); b.BrandID != c.BrandID || b.Brand != "Ebb-Lane" {
		t.Errorf("a brand by another name: %q %s", b.Brand, b.BrandID)
	}
	b.BrandID = a.BrandID
	if b = save(b); b.Brand != "Ebb Lane" {
		t.Errorf("a brand by another id: %q", b.Brand)
	}
	b.BrandID = ref.NewID[ref.BrandKind](ref.UUID{9})
	if _, err := s.Save(t.Context(), b); !fault.Is(err, catalog.UnknownReference) {
		t.Errorf("a brand that is not there: %v", err)
	}
	wantTold(t, store, "catalog.brand_saved 2")
}

// another is the n-th product besides the mug.
func another(n int, brand string) catalog.Product {
	return catalog.Product{
		Title: "Thing", Status: catalog.Active, Brand: brand,
		Variants: []catalog.Variant{{ID: ref.NewID[ref.VariantKind](ref.UUID{0: 7, 1: byte(n >> 8), 2: byte(n)}), SKU: ref.SKU(fmt.Sprintf("THING-%d", n))}},
	}
}

func TestCategoryCommands(t *testing.T) {
	t.Parallel()
	s, store := service()
	other := catalog.NewService(partsOf(store)) // A second server, whose view is old after each command of the first.
	make2 := func(s *catalog.Service, name string, parent ref.CategoryID) catalog.Category {
		t.Helper()
		c, err := s.SaveCategory(t.Context(), catalog.Category{Parent: parent, Text: text(name)})
		if err != nil {
			t.Fatalf("SaveCategory(%s): %v", name, err)
		}
		return c
	}
	home := make2(s, "Home", ref.CategoryID{})
	mugs := make2(other, "Mugs", home.ID)
	jugs := make2(s, "Jugs", home.ID)
	tree := func() string {
		t.Helper()
		got, err := s.Tree(t.Context(), web())
		if err != nil || got.Check() != nil {
			t.Fatalf("Tree: %v, %v", got.Check(), err)
		}
		return slugsOf(got.Subtree(ref.CategoryID{}))
	}
	if got := tree(); got != "home mugs jugs" || mugs.Position != 0 || jugs.Position != 1 {
		t.Errorf("the tree is %q", got)
	}
	jugs.Description = "All of them"
	changed, err := other.SaveCategory(t.Context(), jugs)
	if err != nil || changed.Version != 2 || changed.Parent != home.ID || changed.Position != 1 {
		t.Errorf("changed: %+v, %v", changed, err)
	}
	if same, err := s.SaveCategory(t.Context(), changed); err != nil || same.Version != 2 {
		t.Errorf("saved again: %+v, %v", same, err)
	}
	moved, err := s.MoveCategory(t.Context(), changed.ID, 2, home.ID, 0)
	if err != nil || moved.Version != 3 || tree() != "home jugs mugs" {
		t.Errorf("moved: %+v, %v; the tree is %q", moved, err, tree())
	}
	if same, err := s.MoveCategory(t.Context(), moved.ID, 3, home.ID, 0); err != nil || same.Version != 3 {
		t.Errorf("moved to where it is: %+v, %v", same, err)
	}
	for name, err := range map[string]error{
		"an old version":   errOf(s.MoveCategory(t.Context(), moved.ID, 2, home.ID, 1)),
		"saved in another": errOf(s.SaveCategory(t.Context(), jugs)),
		"removed in one":   s.RemoveCategory(t.Context(), moved.ID, 1),
	} {
		if !fault.Is(err, fault.VersionConflict) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := s.MoveCategory(t.Context(), home.ID, 1, mugs.ID, 0); !fault.Is(err, catalog.CategoryCycle) {
		t.Errorf("into itself: %v", err)
	}
	unknown := ref.NewID[ref.CategoryKind](ref.UUID{9})
	for name, err := range map[string]error{
		"moved nobody":   errOf(s.MoveCategory(t.Context(), unknown, 1, home.ID, 0)),
		"below nobody":   errOf(s.SaveCategory(t.Context(), catalog.Category{Parent: unknown, Text: text("X")})),
		"removed nobody": s.RemoveCategory(t.Context(), unknown, 1),
	} {
		if !fault.Is(err, fault.Missing) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if c, err := s.EnsureCategory(t.Context(), " HOME "); err != nil || c.ID != home.ID {
		t.Errorf("EnsureCategory of one that is there: %+v, %v", c, err)
	}
	if c, err := other.EnsureCategory(t.Context(), "Mugs"); err != nil || !c.Parent.IsZero() || c.Slug != "mugs-2" {
		t.Errorf("EnsureCategory makes roots: %+v, %v", c, err)
	}
	if err := s.RemoveCategory(t.Context(), home.ID, 1); !fault.Is(err, catalog.InUse) {
		t.Errorf("removed above others: %v", err)
	}
	p := mug()
	p.Categories = []ref.CategoryID{mugs.ID, unknown}
	if _, err := s.Save(t.Context(), p); !fault.Is(err, catalog.UnknownReference) {
		t.Errorf("a product in no category: %v", err)
	}
	p.Categories = []ref.CategoryID{moved.ID, mugs.ID}
	saved, err := s.Save(t.Context(), p)
	if err != nil {
		t.Fatalf("Save: %v", err)
	}
	if got, err := s.CategoriesOf(t.Context(), web(), saved); err != nil || slugsOf(got) != "jugs mugs" {
		t.Errorf("CategoriesOf: %v, %v", got, err)
	}
	if got, err := s.Subtree(t.Context(), web(), "home"); err != nil || slugsOf(got) != "home jugs mugs" {
		t.Errorf("Subtree: %v, %v", got, err)
	}
	if err := s.RemoveCategory(t.Context(), mugs.ID, 2); !fault.Is(err, catalog.InUse) {
		t.Errorf("removed with a product: %v", err)
	}
	saved.Categories = nil
	if _, err := s.Save(t.Context(), saved); err != nil {
		t.Fatalf("Save: %v", err)
	}
	if err := s.RemoveCategory(t.Context(), mugs.ID, 2); err != nil {
		t.Errorf("RemoveCategory: %v", err)
	}
	wantTold(t, store, "catalog.category_saved 5", "catalog.category_moved 1", "catalog.category_removed 1")
}

func TestCollectionCommands(t *testing.T) {
	t.Parallel()
	s, store := service()
	p := must(s.Save(t.Context(), mug()))
	hand, err := s.SaveCollection(t.Context(), catalog.Collection{Text: text("Best of"), Products: []ref.ProductID{p.ID}})
	if err != nil || hand.Slug != "best-of" {
		t.Fatalf("SaveCollection: %+v, %v", hand, err)
	}
	blue := ask(catalog.RuleTag, "blue")
	rule, err := s.SaveCollection(t.Context(), catalog.Collection{Text: text("Best of"), Rule: &blue})
	if err != nil || rule.Slug != "best-of-2" {
		t.Fatalf("SaveCollection: %+v, %v", rule, err)
	}
	if page, err := s.Members(t.Context(), web(), rule.ID, catalog.MemberQuery{Limit: 5}); err != nil || len(page.Items) != 0 {
		t.Errorf("before the sweep: %d members, %v", len(page.Items), err)
	}
	if got, err := s.Sweep(t.Context(), 10); err != nil || got != (catalog.Swept{Looked: 1, Changed: 1, Done: true}) {
		t.Errorf("Sweep: %+v, %v", got, err)
	}
	if got, err := s.Sweep(t.Context(), 10); err != nil || got != (catalog.Swept{Done: true}) {
		t.Errorf("Sweep again: %+v, %v", got, err)
	}
	for _, c := range []catalog.Collection{hand, rule} {
		if page, err := s.Members(t.Context(), web(), c.ID, catalog.MemberQuery{Limit: 5}); err != nil || len(page.Items) != 1 {
			t.Errorf("%s has %d members, %v", c.Slug, len(page.Items), err)
		}
	}
	if got, err := s.Collection(t.Context(), web(), "best-of"); err != nil || got.ID != hand.ID {
		t.Errorf("Collection: %+v, %v", got, err)
	}
	if got, err := s.GetCollection(t.Context(), rule.ID); err != nil || got.Rule == nil {
		t.Errorf("GetCollection: %+v, %v", got, err)
	}
	if _, err := s.Members(t.Context(), web(), hand.ID, catalog.MemberQuery{}); !fault.Is(err, fault.Bad) {
		t.Errorf("a page of nothing: %v", err)
	}
	turned := hand
	turned.Rule, turned.Products = &blue, nil
	if _, err := s.SaveCollection(t.Context(), turned); !slices.Equal(fields(err), []string{"rule"}) {
		t.Errorf("by hand and then by rule: %v", err)
	}
	if same, err := s.SaveCollection(t.Context(), hand); err != nil || same.Version != 1 {
		t.Errorf("saved again: %+v, %v", same, err)
	}
	hand.Products = append(hand.Products, ref.NewID[ref.ProductKind](ref.UUID{9}))
	if _, err := s.SaveCollection(t.Context(), hand); !fault.Is(err, catalog.UnknownReference) {
		t.Errorf("a product that is not there: %v", err)
	}
	rule.Name = "Blue things" // No reason to sweep.
	rule, err = s.SaveCollection(t.Context(), rule)
	if got, sweep := s.Sweep(t.Context(), 10); err != nil || sweep != nil || got.Looked != 0 {
		t.Errorf("renamed: %v; swept %+v, %v", err, got, sweep)
	}
	red := not(blue)
	rule.Rule = &red
	if rule, err = s.SaveCollection(t.Context(), rule); err != nil {
		t.Fatalf("SaveCollection: %v", err)
	}
	if got, err := s.Sweep(t.Context(), 10); err != nil || got.Changed != 1 {
		t.Errorf("Sweep: %+v, %v", got, err)
	}
	p = must(s.Get(t.Context(), p.ID))
	p.Tags = nil // Held against the rule when it is saved, without a sweep.
	if p = must(s.Save(t.Context(), p)); !slices.Equal(p.Collections, []ref.CollectionID{rule.ID}) {
		t.Errorf("the product is in %v", p.Collections)
	}
	for _, c := range []catalog.Collection{hand, rule} {
		if err := s.RemoveCollection(t.Context(), c.ID, 99); !fault.Is(err, fault.VersionConflict) {
			t.Errorf("another version: %v", err)
		}
		if err := s.RemoveCollection(t.Context(), c.ID, c.Version); err != nil {
			t.Errorf("RemoveCollection: %v", err)
		}
		if err := s.RemoveCollection(t.Context(), c.ID, c.Version); !fault.Is(err, fault.Missing) {
			t.Errorf("again: %v", err)
		}
	}
	if got, err := s.Sweep(t.Context(), 10); err != nil || got.Changed != 1 || len(must(s.Get(t.Context(), p.ID)).Collections) != 0 {
		t.Errorf("the sweep after the removal: %+v, %v", got, err)
	}
	wantTold(t, store, "catalog.collection_saved 4", "catalog.collection_removed 2")
}

// TestCollectionsWalk saves products, rules and categories at random from two servers, sweeping in between: when the
// sweep is done every product is in just those collections whose rule holds for it.
func TestCollectionsWalk(t *testing.T) {
	t.Parallel()
	for seed := range uint64(15) {
		random := rand.New(rand.NewPCG(seed, 4))
		one, store := service()
		servers := []*catalog.Service{one, catalog.NewService(partsOf(store))}
		pick := func() *catalog.Service { return servers[random.IntN(2)] }
		var products []ref.ProductID
		var categories []ref.CategoryID
		var collections []ref.CollectionID
		tags := []string{"a", "b", "c"}
		anyRule := func() *catalog.Rule {
			r := ask(catalog.RuleTag, tags[random.IntN(3)])
			if len(categories) > 0 && random.IntN(2) == 0 {
				r = ask(catalog.RuleCategory, categories[random.IntN(len(categories))].String())
			}
			if random.IntN(3) == 0 {
				r = not(r)
			}
			return &r
		}
		for range 60 {
			s := pick()
			switch random.IntN(7) {
			case 0, 1:
				p := another(len(products), "")
				p.Tags = []string{tags[random.IntN(3)]}
				products = append(products, must(s.Save(t.Context(), p)).ID)
			case 2:
				if len(products) > 0 {
					p := must(s.Get(t.Context(), products[random.IntN(len(products))]))
					p.Tags = []string{tags[random.IntN(3)]}
					if len(categories) > 0 {
						p.Categories = []ref.CategoryID{categories[random.IntN(len(categories))]}
					}
					must(s.Save(t.Context(), p))
				}
			case 3:
				categories = append(categories, must(s.SaveCategory(t.Context(), catalog.Category{Text: text("C")})).ID)
			case 4:
				if len(categories) > 1 {
					tree := must(s.Tree(t.Context(), web()))
					c, _ := tree.Get(categories[random.IntN(len(categories))])
					_, err := s.MoveCategory(t.Context(), c.ID, c.Version, categories[random.IntN(len(categories))], 0)
					if err != nil && !fault.Is(err, catalog.CategoryCycle) && !fault.Is(err, catalog.TreeTooDeep) {
						t.Fatalf("seed %d: %v", seed, err)
					}
				}
			case 5:
				if len(collections) > 2 {
					c := must(s.GetCollection(t.Context(), collections[random.IntN(3)]))
					c.Rule = anyRule()
					must(s.SaveCollection(t.Context(), c))
				} else {
					collections = append(collections, must(s.SaveCollection(t.Context(), catalog.Collection{Text: text("K"), Rule: anyRule()})).ID)
				}
			default:
				must(s.Sweep(t.Context(), 1+random.IntN(4)))
			}
		}
		for range 100 {
			if must(pick().Sweep(t.Context(), 3)).Done {
				break
			}
		}
		st := must(store.Categories().Structure(t.Context()))
		if st.Sweep.Running {
			t.Fatalf("seed %d: the sweep does not end", seed)
		}
		for _, id := range products {
			p := must(one.Get(t.Context(), id))
			subject := catalog.SubjectOf(p, st.Tree())
			var want []ref.CollectionID
			for _, r := range st.Ruled {
				if r.Rule.Holds(subject) {
					want = append(want, r.ID)
				}
			}
			if !slices.Equal(p.Collections, want) {
				t.Errorf("seed %d: %s is in %v, want %v", seed, p.Slug, p.Collections, want)
			}
		}
	}
}
