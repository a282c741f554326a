package catalogtest_test

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/catalogtest"
)

// sketch is the smallest store that keeps the contracts, with places where it can be broken.
type sketch struct {
	flaw        flaw
	mu          sync.Mutex
	products    map[ref.ProductID]catalog.Product
	moved       map[string]ref.ProductID
	brands      map[ref.BrandID]catalog.Brand
	categories  map[ref.CategoryID]catalog.Category
	collections map[ref.CollectionID]catalog.Collection
	version     ref.Version
	sweep       catalog.Sweep
	events      []event.Event
	// What flaws remember: parents as they were at first, products that were ever in collections.
	parents map[ref.CategoryID]ref.CategoryID
	ever    map[ref.CollectionID]map[ref.ProductID]bool
	named   map[ref.BrandID]string
}

func newSketch(f flaw) *sketch {
	return &sketch{
		flaw: f, products: map[ref.ProductID]catalog.Product{}, moved: map[string]ref.ProductID{}, brands: map[ref.BrandID]catalog.Brand{},
		categories: map[ref.CategoryID]catalog.Category{}, collections: map[ref.CollectionID]catalog.Collection{},
		parents: map[ref.CategoryID]ref.CategoryID{}, ever: map[ref.CollectionID]map[ref.ProductID]bool{}, named: map[ref.BrandID]string{},
	}
}

func (s *sketch) harness() catalogtest.Harness {
	return catalogtest.Harness{
		Products: productsOf{s}, Upkeep: upkeepOf{s}, Categories: categoriesOf{s}, Brands: brandsOf{s}, Collections: collectionsOf{s},
		Committer: s,
		Events: func(catalogtest.TB) []event.Event {
			s.mu.Lock()
			defer s.mu.Unlock()
			return slices.Clone(s.events)
		},
		Reopen: func(catalogtest.TB) catalogtest.Harness {
			if s.flaw == forgetsCategories {
				clear(s.categories)
			}
			return s.harness()
		},
	}
}

// copied is a copy that shares nothing.
func copied[T any](v T) T {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	var out T
	if err := json.Unmarshal(data, &out); err != nil {
		panic(err)
	}
	return out
}

// enter begins a read or a commit, which leave must end.
func (s *sketch) enter(ctx context.Context) error {
	if ctx.Err() != nil && s.flaw != servesLeft {
		return fault.Down.New("the caller has left")
	}
	s.mu.Lock()
	return nil
}

func missing() error { return fault.Missing.New("it is not there") }

// facts are all that there is.
func (s *sketch) facts(c catalog.Commit) catalog.Facts {
	f := catalog.Facts{
		Structure: s.version, Products: map[ref.ProductID]ref.Version{}, Brands: map[ref.BrandID]ref.Version{},
		Categories: map[ref.CategoryID]ref.Version{}, Collections: map[ref.CollectionID]ref.Version{},
		Slugs: map[string]ref.ProductID{}, SKUs: map[ref.SKU]ref.ProductID{}, Variants: map[ref.VariantID]ref.ProductID{},
		BrandSlugs: map[string]ref.BrandID{}, BrandNames: map[string]ref.BrandID{}, CategorySlugs: map[string]ref.CategoryID{},
		CollectionSlugs: map[string]ref.CollectionID{}, BrandsInUse: map[ref.BrandID]bool{}, CategoriesInUse: map[ref.CategoryID]bool{},
	}
	for id, p := range s.products {
		f.Products[id], f.Slugs[p.Slug] = p.Version, id
		f.BrandsInUse[p.BrandID] = !p.BrandID.IsZero()
		for _, k := range p.Categories {
			f.CategoriesInUse[k] = true
		}
		for _, v := range p.Variants {
			if s.flaw != archivedFree || p.Status != catalog.Archived {
				f.SKUs[v.SKU] = id
			}
			f.Variants[v.ID] = id
		}
	}
	for id, b := range s.brands {
		f.Brands[id], f.BrandSlugs[b.Slug], f.BrandNames[catalog.NameKey(b.Name)] = b.Version, id, id
	}
	for id, k := range s.categories {
		f.Categories[id], f.CategorySlugs[k.Slug] = k.Version, id
		if !k.Parent.IsZero() && s.flaw != removesParents {
			f.CategoriesInUse[k.Parent] = true
		}
	}
	for id, k := range s.collections {
		f.Collections[id], f.CollectionSlugs[k.Slug] = k.Version, id
	}
	s.bend(c, &f)
	return f
}

// bend makes the facts of a store that does not look where its flaw is.
func (s *sketch) bend(c catalog.Commit, f *catalog.Facts) {
	switch s.flaw {
	case sharesSlugs:
		clear(f.Slugs)
	case sharesSKUs:
		clear(f.SKUs)
	case sharesCategorySlugs:
		clear(f.CategorySlugs)
	case sharesCollectionSlugs:
		clear(f.CollectionSlugs)
	case namesByCase:
		clear(f.BrandNames)
	case removesInUse:
		clear(f.BrandsInUse)
		clear(f.CategoriesInUse)
	case anyStructure:
		if c.Structure != nil {
			f.Structure = *c.Structure
		}
	case takesOlder:
		for _, w := range c.Products {
			if w.Expected < f.Products[w.State.ID] && w.Expected > 0 {
				f.Products[w.State.ID] = w.Expected
			}
		}
	case removesAnyVersion:
		for _, r := range c.Removals {
			if r.Expected > 0 {
				f.Brands[r.Brand] = r.Expected
			}
		}
	case danglingBrands, danglingCategories, danglingParents, danglingProducts:
		s.invent(c, f)
	default:
	}
}

// invent adds to the facts what the commit names and nobody has.
func (s *sketch) invent(c catalog.Commit, f *catalog.Facts) {
	for _, w := range c.Products {
		if s.flaw == danglingBrands && !slices.ContainsFunc(c.Brands, func(o catalog.Write[catalog.Brand]) bool { return o.State.ID == w.State.BrandID }) {
			f.Brands[w.State.BrandID] = max(f.Brands[w.State.BrandID], 1)
		}
		for _, id := range w.State.Categories {
			if s.flaw == danglingCategories {
				inventCategory(c, f, id)
			}
		}
	}
	for _, w := range c.Categories {
		if s.flaw == danglingParents && !w.State.Parent.IsZero() {
			inventCategory(c, f, w.State.Parent)
		}
	}
	for _, w := range c.Collections {
		for _, id := range w.State.Products {
			if s.flaw == danglingProducts && !slices.ContainsFunc(c.Products, func(o catalog.Write[catalog.Product]) bool { return o.State.ID == id }) {
				f.Products[id] = max(f.Products[id], 1)
			}
		}
	}
}

func inventCategory(c catalog.Commit, f *catalog.Facts, id ref.CategoryID) {
	if !slices.ContainsFunc(c.Categories, func(o catalog.Write[catalog.Category]) bool { return o.State.ID == id }) {
		f.Categories[id] = max(f.Categories[id], 1)
	}
}

// Commit is catalog.Committer's.
func (s *sketch) Commit(ctx context.Context, c catalog.Commit) error {
	if err := s.enter(ctx); err != nil {
		return err
	}
	defer s.mu.Unlock()
	judged := c
	if s.flaw == takesTwice && len(c.Products) == 2 && c.Products[0].State.ID == c.Products[1].State.ID {
		judged.Products = c.Products[:1]
	}
	err := catalog.Decide(judged, s.facts(c))
	if err == nil && s.flaw == keepsSKUs {
		err = s.exchanges(c)
	}
	switch {
	case err == nil:
	case s.flaw == keepsBrandsOfRefused:
		s.writeBrands(c)
		return err
	case s.flaw == tellsRefused:
		s.events = append(s.events, c.Events...)
		return err
	default:
		return err
	}
	s.write(c)
	events := slices.Clone(c.Events)
	if s.flaw == tellsBackwards {
		slices.Reverse(events)
	}
	s.events = append(s.events, events...)
	return nil
}

// exchanges refuses a SKU that another product has, though that gives it up in the same commit.
func (s *sketch) exchanges(c catalog.Commit) error {
	for _, w := range c.Products {
		for _, v := range w.State.Variants {
			for id, p := range s.products {
				if id != w.State.ID && slices.ContainsFunc(p.Variants, func(o catalog.Variant) bool { return o.SKU == v.SKU }) {
					return catalog.SKUTaken.New("another variant has it")
				}
			}
		}
	}
	return nil
}

func (s *sketch) writeBrands(c catalog.Commit) {
	for _, w := range c.Brands {
		s.brands[w.State.ID] = copied(w.State)
		if s.named[w.State.ID] == "" {
			s.named[w.State.ID] = w.State.Name
		}
	}
}

func (s *sketch) write(c catalog.Commit) {
	s.writeBrands(c)
	for _, w := range c.Categories {
		s.categories[w.State.ID] = copied(w.State)
		if _, known := s.parents[w.State.ID]; !known {
			s.parents[w.State.ID] = w.State.Parent
		}
	}
	for _, w := range c.Collections {
		s.collections[w.State.ID] = copied(w.State)
		for _, id := range w.State.Products {
			s.note(w.State.ID, id)
		}
	}
	for _, r := range c.Removals {
		delete(s.brands, r.Brand)
		delete(s.categories, r.Category)
		if s.flaw != keepsRuled || s.collections[r.Collection].Rule == nil {
			delete(s.collections, r.Collection)
		}
	}
	s.writeProducts(c)
	raises := c.Structural() && (s.flaw != collectionsAside || len(c.Categories) > 0 || len(c.Removals) > 0)
	if raises || s.flaw == productsRaise && len(c.Products) > 0 {
		s.version++
	}
	if c.Sweep != nil && s.flaw != forgetsSweep {
		s.sweep = *c.Sweep
	} else if c.Structural() && s.flaw == restartsSweep {
		s.sweep = catalog.Sweep{Running: s.sweep.Running}
	}
}

func (s *sketch) note(k ref.CollectionID, p ref.ProductID) {
	if s.ever[k] == nil {
		s.ever[k] = map[ref.ProductID]bool{}
	}
	s.ever[k][p] = true
}

func (s *sketch) writeProducts(c catalog.Commit) {
	for _, w := range c.Products {
		old, known := s.products[w.State.ID]
		if _, left := s.moved[old.Slug]; known && old.Slug != w.State.Slug && s.flaw != forgetsMoves && (!left || s.flaw != keepsFirstMover) {
			s.moved[old.Slug] = old.ID
		}
	}
	for _, w := range c.Products {
		s.products[w.State.ID] = copied(w.State)
		if s.flaw == keepsCallers {
			s.products[w.State.ID] = w.State
		}
		if s.flaw != keepsMoves && s.flaw != keepsFirstMover {
			delete(s.moved, w.State.Slug)
		}
		for _, k := range w.State.Collections {
			s.note(k, w.State.ID)
		}
	}
	s.forward(c.Former)
}

// forward lets former slugs lead to products.
func (s *sketch) forward(former []catalog.NamedSlug) {
	for _, n := range former {
		id := ref.NewID[ref.ProductKind](n.ID)
		_, there := s.products[id]
		_, left := s.moved[n.Slug]
		had := false
		for _, p := range s.products {
			had = had || p.Slug == n.Slug
		}
		switch {
		case n.Kind != catalog.ProductSlugs, s.flaw == forwardsNothing:
		case had && s.flaw != forwardsHad, !there && s.flaw != forwardsNowhere, left && s.flaw == forwardsOnce:
		default:
			s.moved[n.Slug] = id
		}
	}
}

// sorted gives the products that are to be kept in an order.
func (s *sketch) sorted(keep func(catalog.Product) bool, compare func(a, b catalog.Product) int) []catalog.Product {
	var out []catalog.Product
	for _, p := range s.products {
		if keep(p) {
			out = append(out, p)
		}
	}
	slices.SortFunc(out, compare)
	return out
}

// whole is a product as readers get it.
func (s *sketch) whole(p catalog.Product) catalog.Product {
	if s.flaw != sharesProducts && s.flaw != keepsCallers {
		p = copied(p)
	}
	if b, named := s.brands[p.BrandID]; named {
		p.Brand = b.Name
		if s.flaw == oldBrands {
			p.Brand = s.named[b.ID]
		}
	}
	switch s.flaw {
	case dropsTags:
		p.Tags = nil
	case dropsMetadata:
		p.Metadata = nil
	default:
	}
	return p
}

// view is the scope in which the sketch looks.
func (s *sketch) view(scope ref.Scope) ref.Scope {
	switch s.flaw {
	case oneChannel:
		scope.Channel = ref.DefaultChannel
	case exactLocale:
		if strings.Contains(scope.Locale, "-") {
			scope.Locale = "x-" + scope.Locale
		}
	case ownTexts:
		scope.Locale = ""
	default:
	}
	return scope
}

// seen is a product as a scope sees it.
func (s *sketch) seen(p catalog.Product, scope ref.Scope) (catalog.Product, bool) {
	in, ok := s.look(p, scope)
	if !ok {
		return catalog.Product{}, false
	}
	return s.whole(in), true
}

// look is seen, shared with the store.
func (s *sketch) look(p catalog.Product, scope ref.Scope) (catalog.Product, bool) {
	scope = s.view(scope)
	switch s.flaw {
	case anyStatus:
		if p.Status == catalog.Draft {
			p.Status = catalog.Active
		}
	case closesLate:
		if _, ok := p.In(scope); !ok {
			scope.At = scope.At.Add(-time.Microsecond)
		}
	case retiredSold:
		p = copied(p)
		for i := range p.Variants {
			p.Variants[i].Retired = false
		}
	case emptyShown:
		if len(p.Variants) > 0 && p.Variants[0].Retired && p.Variants[len(p.Variants)-1].Retired {
			return p, true
		}
	default:
	}
	return p.In(scope)
}

// ordered gives all values of a map in an order.
func ordered[K comparable, V any](m map[K]V, compare func(a, b V) int) []V {
	return slices.SortedFunc(maps.Values(m), compare)
}

// older orders products from new to old.
func older(a, b catalog.Product) int {
	return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), b.ID.Compare(a.ID))
}
