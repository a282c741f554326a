package bridge_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/adapters/bridge"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
)

// shop is an empty shop to import into.
type shop struct {
	*monitor
	catalog   *catalog.Service
	pricing   *pricing.Service
	inventory *inventory.Service
	importer  *bridge.Importer
}

func openShop() *shop {
	m := &monitor{}
	shelves := &products{monitor: m, bySlug: map[string]catalog.Product{}, brands: map[string]catalog.Brand{}}
	tags := &prices{monitor: m, byKey: map[pricing.Key]pricing.Plan{}}
	clock, ids := orderingtest.NewClock(orderingtest.Moment()), &orderingtest.Sequence{}
	s := &shop{
		monitor: m, catalog: catalog.NewService(catalog.Parts{
			Products: shelves, Categories: shelves, Brands: makers{shelves}, Committer: shelves, Slugger: slugs{}, Clock: clock, IDs: ids,
		}), pricing: pricing.NewService(tags, tags, clock, ids),
		inventory: inventory.NewService(&stock{
			monitor: m, levels: map[inventory.LevelKey]inventory.Level{}, promises: map[ref.SKU]inventory.Promise{}, applied: map[string]bool{},
		}, clock, ids),
	}
	s.importer = bridge.NewImporter(s.catalog, s.pricing, s.inventory, ids)
	return s
}

func scope() ref.Scope {
	return ref.Scope{Channel: ref.DefaultChannel, Currency: money.GBP, At: orderingtest.Moment()}
}

func pounds(n int64) money.UnitPrice { return money.NewUnitPrice(n*1_000_000, money.GBP) }

// bring imports what must not be refused.
func (s *shop) bring(t *testing.T, products ...bridge.ImportProduct) bridge.ImportReport {
	t.Helper()
	report, err := s.importer.Import(t.Context(), scope(), products)
	if err != nil {
		t.Fatalf("the import failed: %v", err)
	}
	if report.Products != len(products) || report.Created+report.Updated+report.Unchanged != report.Products {
		t.Errorf("the report does not add up: %+v", report)
	}
	return report
}

// refused imports what must be refused and gives the violations, each as "field code handle".
func (s *shop) refused(t *testing.T, products ...bridge.ImportProduct) []string {
	t.Helper()
	writes := s.writes
	_, err := s.importer.Import(t.Context(), scope(), products)
	if !fault.Is(err, bridge.ImportRefused) {
		t.Fatalf("the error is %v, want a refusal", err)
	}
	if s.writes != writes {
		t.Errorf("a refused import wrote %d times", s.writes-writes)
	}
	var out []string
	for _, v := range fault.Of(err).Violations() {
		handle, _ := v.Details()["handle"].(string)
		out = append(out, strings.Join([]string{v.Field(), v.Code(), handle}, " "))
	}
	return out
}

func (s *shop) product(t *testing.T, slug string) catalog.Product {
	t.Helper()
	p, err := s.catalog.Find(t.Context(), slug)
	if err != nil {
		t.Fatalf("finding %q: %v", slug, err)
	}
	return p
}

func (s *shop) price(t *testing.T, v catalog.Variant) pricing.ResolvedPrice {
	t.Helper()
	prices, err := s.pricing.Current(t.Context(), scope(), []ref.VariantID{v.ID})
	if err != nil {
		t.Fatalf("reading a price: %v", err)
	}
	p, found := prices[v.ID]
	if !found {
		t.Fatalf("%s has no price", v.SKU)
	}
	return p
}

// left is what can be claimed of a SKU, -1 without a level.
func (s *shop) left(t *testing.T, sku ref.SKU) int64 {
	t.Helper()
	available, err := s.inventory.Available(t.Context(), []ref.SKU{sku})
	if err != nil {
		t.Fatalf("reading stock: %v", err)
	}
	if n, found := available[sku]; found {
		return n
	}
	return -1
}

// warned checks that exactly these are the report's warnings, each by a part of it.
func warned(t *testing.T, r bridge.ImportReport, parts ...string) {
	t.Helper()
	if len(r.Warnings) != len(parts) {
		t.Errorf("the warnings are %q, want %d", r.Warnings, len(parts))
	}
	for _, part := range parts {
		if !slices.ContainsFunc(r.Warnings, func(w string) bool { return strings.Contains(w, part) }) {
			t.Errorf("the warnings are %q, want one with %q", r.Warnings, part)
		}
	}
}

// mug has two variants and two pictures, all that a source can say.
func mug() bridge.ImportProduct {
	was := pounds(20)
	return bridge.ImportProduct{
		Line: 2, Handle: "mug", Title: "Mug", Description: new("For tea."), Brand: new("Ebb Lane"), Type: new("Ceramics"),
		Tags: []string{"kitchen"}, Status: catalog.Active, Options: []string{"Size"},
		Variants: []bridge.ImportVariant{
			{
				Line: 2, Options: []string{"Small"}, SKU: "M-1", Price: pounds(10), CompareAt: &was, Quantity: new(int64(3)),
				Barcode: new("501"), Grams: new(int64(250)), Picture: new(1),
			},
			{
				Line: 3, Options: []string{"Large"}, SKU: "MUG-LARGE", Spare: "MUG-LARGE-1", Price: pounds(12), CompareAt: new(pounds(0)),
				Quantity: new(int64(0)), Barcode: new(""), Grams: new(int64(0)), Picture: new(-1),
			},
		},
		Images: []bridge.ImportImage{{Line: 2, URL: "https://x.example/1.jpg", Alt: "A mug"}, {Line: 3, Key: "demo/mug.svg"}},
	}
}

// plain says no more than a source must.
func plain(handle string, sku ref.SKU) bridge.ImportProduct {
	return bridge.ImportProduct{Handle: handle, Title: handle, Variants: []bridge.ImportVariant{{SKU: sku, Price: pounds(5)}}}
}
