package integration_test

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ipswich-retail/commerce/adapters/bridge"
	"github.com/ipswich-retail/commerce/adapters/exchange"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// TestLeavingComesBack exports shops in the formats of others, imports that into an empty shop and exports it again: the same
// bytes, for what the format has a place for came back as it was.
func TestLeavingComesBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		first := memoryDealer()
		leaver(r, first)
		for _, as := range []exchange.Format{exchange.Shopify, exchange.WooCommerce} {
			want := first.exported(r, as)
			second := memoryDealer()
			second.imported(r, want, bridge.ImportRun{})
			if got := second.exported(r, as); got != want {
				r.Fatalf("as %s it comes back as\n%s\nwant\n%s", as, got, want)
			}
		}
	})
}

// leaver fills a shop with what both formats have a place for: texts that files mistake for something else too.
func leaver(r *rapid.T, d dealer) {
	ctx := context.Background()
	must := func(err error) {
		r.Helper()
		if err != nil {
			r.Fatalf("filling the shop: %v", err)
		}
	}
	texts := slices.DeleteFunc(slices.Clone(awkward), func(s string) bool { return strings.TrimSpace(s) != s || strings.Contains(s, "\r") || s == "'" })
	odd := func(name string) string { return rapid.SampledFrom(texts).Draw(r, name) }
	for i := range rapid.IntRange(1, 3).Draw(r, "products") {
		p := catalog.Product{
			Slug: fmt.Sprintf("product-%d", i), Title: odd("title"), Description: odd("description"), Brand: fmt.Sprintf("Brand %d", i), Type: "Mugs",
			Status: rapid.SampledFrom([]catalog.Status{catalog.Active, catalog.Draft}).Draw(r, "status"), Tags: []string{fmt.Sprintf("tag %d", i), "=tag"},
		}
		for j := range rapid.IntRange(0, 3).Draw(r, "media") {
			p.Media = append(p.Media, catalog.Media{ID: ref.NewID[ref.MediaKind]([16]byte{1, byte(i), byte(j), 6: 0x70, 8: 0x80, 15: 1}), SourceURL: fmt.Sprintf("https://x.example/%d.jpg", j)})
		}
		values := []string{""}
		if n := rapid.IntRange(0, 3).Draw(r, "variants"); n > 0 {
			p.Options, values = []string{"Size", "=Colour"}, nil
			for j := range n {
				values = append(values, fmt.Sprintf("%d, %s", j, "a"))
			}
		}
		for j, value := range values {
			v := catalog.Variant{SKU: ref.SKU(fmt.Sprintf("-SKU-%d-%d", i, j)), Barcode: "0042", Grams: int64(j * 105)}
			if len(p.Options) > 0 {
				v.Options = []string{value, "-blue"}
			}
			if len(p.Media) > 0 && rapid.Bool().Draw(r, "pictured") && len(p.Options) > 0 {
				v.Media = p.Media[len(p.Media)-1].ID
			}
			p.Variants = append(p.Variants, v)
		}
		shelf, err := d.catalog.EnsureCategory(ctx, "Mugs")
		must(err)
		p.Categories = []ref.CategoryID{shelf.ID}
		saved, err := d.catalog.Save(ctx, p)
		must(err)
		for _, v := range saved.Variants {
			price := pricing.Price{Key: pricing.Key{Variant: v.ID}, Amount: money.NewUnitPrice(1_990_000, money.GBP)}
			if rapid.Bool().Draw(r, "compared") {
				price.CompareAt = new(money.NewUnitPrice(2_990_000, money.GBP))
			}
			_, err := d.pricing.Set(ctx, dealScope(), []pricing.Price{price})
			must(err)
			must(d.inventory.Adjust(ctx, []inventory.Adjustment{{
				Key: string(v.SKU), LevelKey: inventory.LevelKey{SKU: v.SKU, Location: inventory.DefaultLocation}, Kind: inventory.MoveCount,
				Quantity: rapid.Int64Range(0, 5).Draw(r, "quantity"),
			}}))
			if rapid.Bool().Draw(r, "beyond stock") {
				_, err := d.inventory.SetPolicies(ctx, []inventory.Policy{{SKU: v.SKU, Kind: inventory.Backorder, Limit: inventory.QuantityMax}})
				must(err)
			}
		}
	}
}

// TestLossesAreNamed exports shops of all that can be in one in the formats of others: all of it stays readable, no cell is a
// formula, and what is left behind is named.
func TestLossesAreNamed(t *testing.T) {
	t.Parallel()
	formula := regexp.MustCompile(`(?m)(^|,)"?[=+@\t]`)
	seen := map[string]bool{}
	rapid.Check(t, func(r *rapid.T) {
		d := memoryDealer()
		stocked(r, d)
		for _, as := range []exchange.Format{exchange.Shopify, exchange.WooCommerce} {
			var out bytes.Buffer
			w := exchange.NewWriter(&out, as, money.GBP)
			if err := d.exporter.Export(context.Background(), dealScope(), w, nil); err != nil {
				r.Fatalf("the export as %s: %v", as, err)
			}
			for _, loss := range exchange.Losses(w) {
				what, _, _ := strings.Cut(loss, ": ")
				seen[what] = true
			}
			if strings.Count(out.String(), "\n") < 2 {
				continue
			}
			if at := formula.FindString(out.String()); at != "" {
				r.Fatalf("as %s a cell begins with %q:\n%s", as, at, out.String())
			}
			s, err := exchange.Open(bytes.NewReader(out.Bytes()), int64(out.Len()), as, money.GBP)
			if err == nil {
				err = s.Check(nil)
			}
			if err != nil {
				r.Fatalf("as %s it cannot be read again: %v\n%s", as, err, out.String())
			}
		}
	})
	for _, what := range []string{
		"collections", "former slugs", "categories", "products with translations", "products with metadata", "planned prices", "limits of what is sold beyond stock",
		"variants with prices in other channels or currencies, or of before", "pictures without an address; they are in the media folder", "retired variants",
	} {
		if !seen[what] {
			t.Errorf("no export told of %s; those that did told of %v", what, seen)
		}
	}
}
