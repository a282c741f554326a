package bridge_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// The stores of these tests are as small as the ports allow. That the real ones do the same is proven by the suites of
// the contexts, and that an import works on them by the tests of the shop.

// monitor counts what reaches a store and can make it fail.
type monitor struct {
	mu      sync.Mutex
	reads   int
	writes  int
	fail    error // Of every write once none is allowed.
	allowed int   // Writes that still succeed while fail is set.
}

func (m *monitor) read() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.reads++
}

func (m *monitor) write() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fail != nil {
		if m.allowed == 0 {
			return m.fail
		}
		m.allowed--
	}
	m.writes++
	return nil
}

// products keeps the catalogue.
type products struct {
	catalog.Products // The reads that no test here makes.
	*monitor
	bySlug     map[string]catalog.Product
	brands     map[string]catalog.Brand // By NameKey.
	categories []catalog.Category
}

func (s *products) Get(_ context.Context, id ref.ProductID) (catalog.Product, error) {
	s.read()
	for _, p := range s.bySlug {
		if p.ID == id {
			return clone(p), nil
		}
	}
	return catalog.Product{}, fault.Missing.New("there is no such product")
}

func (s *products) Structure(context.Context) (catalog.Structure, error) {
	s.read()
	return catalog.Structure{Version: ref.Version(len(s.categories)), Categories: slices.Clone(s.categories)}, nil
}

func (s *products) Subtree(context.Context, ref.Scope, string) ([]catalog.Category, error) {
	return nil, fault.Missing.New("nobody asks here")
}

func (s *products) ByIDs(context.Context, ref.Scope, []ref.CategoryID) ([]catalog.Category, error) {
	return nil, fault.Missing.New("nobody asks here")
}

// makers keeps the brands of a catalogue.
type makers struct{ *products }

func (m makers) List(context.Context, ref.Scope, catalog.BrandQuery) (catalog.BrandPage, error) {
	return catalog.BrandPage{}, fault.Missing.New("nobody asks here")
}

func (m makers) BySlug(context.Context, ref.Scope, string) (catalog.Brand, error) {
	return catalog.Brand{}, fault.Missing.New("there is no such brand")
}

func (m makers) ByName(_ context.Context, name string) (catalog.Brand, error) {
	m.read()
	b, found := m.brands[catalog.NameKey(name)]
	if !found {
		return b, fault.Missing.New("there is no such brand")
	}
	return b, nil
}

func (m makers) Get(_ context.Context, id ref.BrandID) (catalog.Brand, error) {
	m.read()
	for _, b := range m.brands {
		if b.ID == id {
			return b, nil
		}
	}
	return catalog.Brand{}, fault.Missing.New("there is no such brand")
}

// slugs makes slugs of names without anything but letters and spaces.
type slugs struct{}

func (slugs) Slug(text string) string { return strings.ReplaceAll(strings.ToLower(text), " ", "-") }

func (s *products) Find(_ context.Context, slug string) (catalog.Product, error) {
	s.read()
	p, found := s.bySlug[slug]
	if !found {
		return p, fault.Missing.New("there is no such product")
	}
	return clone(p), nil
}

func (s *products) SKUs(_ context.Context, skus []ref.SKU) (map[ref.SKU]ref.ProductID, error) {
	s.read()
	out := map[ref.SKU]ref.ProductID{}
	for _, p := range s.bySlug {
		for _, v := range p.Variants {
			if slices.Contains(skus, v.SKU) {
				out[v.SKU] = p.ID
			}
		}
	}
	return out, nil
}

func (s *products) Sellable(_ context.Context, _ ref.Scope, ids []ref.VariantID, skus []ref.SKU) ([]catalog.Sellable, error) {
	s.read()
	var out []catalog.Sellable
	for _, p := range s.bySlug {
		for _, v := range p.Variants {
			if p.Status == catalog.Active && (slices.Contains(ids, v.ID) || slices.Contains(skus, v.SKU)) {
				out = append(out, p.Sellable(v))
			}
		}
	}
	return out, nil
}

func (s *products) Commit(_ context.Context, c catalog.Commit) error {
	if err := s.write(); err != nil {
		return err
	}
	for _, w := range c.Brands {
		s.brands[catalog.NameKey(w.State.Name)] = w.State
	}
	for _, w := range c.Categories {
		s.categories = append(s.categories, w.State)
	}
	for _, w := range c.Products {
		if s.bySlug[w.State.Slug].Version != w.Expected {
			return fault.VersionConflict.New("the product was changed meanwhile")
		}
		s.bySlug[w.State.Slug] = clone(w.State)
	}
	return nil
}

// clone gives lists that are nobody else's, and none for an empty one, as a store may.
func clone(p catalog.Product) catalog.Product {
	p.Tags = append([]string(nil), p.Tags...)
	p.Options = append([]string(nil), p.Options...)
	p.Media = append([]catalog.Media(nil), p.Media...)
	p.Variants = append([]catalog.Variant(nil), p.Variants...)
	for i := range p.Variants {
		p.Variants[i].Options = append([]string(nil), p.Variants[i].Options...)
	}
	return p
}

// prices keeps what things cost.
type prices struct {
	*monitor
	pricing.Prices // The history, which no test here reads.
	byKey          map[pricing.Key]pricing.Plan
}

func (s *prices) Plans(_ context.Context, scope ref.Scope, variants []ref.VariantID) (map[ref.VariantID]pricing.Plan, error) {
	s.read()
	out := map[ref.VariantID]pricing.Plan{}
	for _, v := range variants {
		if p, found := s.byKey[pricing.Key{Variant: v, Channel: scope.Channel, Currency: scope.Currency}]; found {
			out[v] = p
		}
	}
	return out, nil
}

func (s *prices) Commit(_ context.Context, c pricing.Commit) error {
	if err := s.write(); err != nil {
		return err
	}
	for _, w := range c.Plans {
		if s.byKey[w.State.Key].Version != w.Expected {
			return fault.VersionConflict.New("the price was changed meanwhile")
		}
		s.byKey[w.State.Key] = w.State
	}
	return nil
}

// stock keeps levels and policies.
type stock struct {
	inventory.Stock // The reads that no test here makes.
	*monitor
	levels   map[inventory.LevelKey]inventory.Level
	promises map[ref.SKU]inventory.Promise
	applied  map[string]bool
}

func (s *stock) Commit(_ context.Context, c inventory.Commit) error {
	if err := s.write(); err != nil {
		return err
	}
	f := inventory.Facts{Levels: slices.Collect(maps.Values(s.levels)), Promises: slices.Collect(maps.Values(s.promises)), Applied: slices.Collect(maps.Keys(s.applied))}
	ledger := inventory.NewLedger(f)
	if err := ledger.Commit(c); err != nil {
		return err
	}
	changes := ledger.Changes()
	for _, l := range changes.Levels {
		s.levels[l.LevelKey] = l
	}
	for _, p := range changes.Promises {
		s.promises[p.SKU] = p
	}
	for _, key := range changes.Applied {
		s.applied[key] = true
	}
	return nil
}

func (s *stock) Availability(_ context.Context, skus []ref.SKU) (map[ref.SKU]inventory.Availability, error) {
	s.read()
	out := map[ref.SKU]inventory.Availability{}
	for _, sku := range skus {
		l, counted := s.levels[inventory.LevelKey{SKU: sku, Location: inventory.DefaultLocation}]
		p, promised := s.promises[sku]
		if counted || promised {
			out[sku] = inventory.Availability{Promise: p, Counted: counted, OnHand: l.OnHand, Reserved: l.Reserved}
		}
	}
	return out, nil
}
