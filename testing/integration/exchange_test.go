package integration_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ipswich-retail/commerce/adapters/bridge"
	"github.com/ipswich-retail/commerce/adapters/exchange"
	"github.com/ipswich-retail/commerce/adapters/memory"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
)

// dealer is a shop that imports and exports.
type dealer struct {
	catalog   *catalog.Service
	pricing   *pricing.Service
	inventory *inventory.Service
	importer  *bridge.Importer
	exporter  *bridge.Exporter
	clock     *orderingtest.Clock
}

func newDealer(clock *orderingtest.Clock, ids ports.IDs, parts catalog.Parts, prices pricing.Prices, committer pricing.Committer, stock inventory.Stock) dealer {
	d := dealer{catalog: catalog.NewService(parts), pricing: pricing.NewService(prices, committer, clock, ids), inventory: inventory.NewService(stock, clock, ids), clock: clock}
	d.importer = bridge.NewImporter(d.catalog, d.pricing, d.inventory, ids)
	d.exporter = bridge.NewExporter(d.catalog, d.pricing, d.inventory)
	return d
}

// memoryDealer is an empty shop in memory.
func memoryDealer() dealer { return memoryDealerAt(orderingtest.Moment()) }

// memoryDealerAt is one whose clock is behind or ahead.
func memoryDealerAt(now time.Time) dealer {
	clock, ids := orderingtest.NewClock(now), &orderingtest.Sequence{}
	s := memory.New(clock, nil)
	return newDealer(clock, ids, memoryParts(s, clock, ids), s.Prices(), s.Pricing(), s.Stock())
}

func dealScope() ref.Scope {
	return ref.Scope{Channel: ref.DefaultChannel, Currency: money.GBP, At: orderingtest.Moment()}
}

// fataler is what of a test may end it.
type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

// exported is all of the shop in a format.
func (d dealer) exported(t fataler, as exchange.Format) string {
	t.Helper()
	var out bytes.Buffer
	if err := d.exporter.Export(context.Background(), dealScope(), exchange.NewWriter(&out, as, money.GBP), nil); err != nil {
		t.Fatalf("the export as %s: %v", as, err)
	}
	return out.String()
}

// imported imports a file, whose format is found.
func (d dealer) imported(t fataler, file string, run bridge.ImportRun) bridge.ImportReport {
	t.Helper()
	source, err := exchange.Open(strings.NewReader(file), int64(len(file)), "", money.GBP)
	if err != nil {
		t.Fatalf("opening: %v", err)
	}
	report, err := d.importer.ImportFile(context.Background(), dealScope(), source, run)
	if err != nil {
		t.Fatalf("importing %s: %v\n%s", source.Format(), err, file)
	}
	return report
}

// TestExchangeLosesNothing makes shops of all that can be in one and has happened to one, exports them in each of our formats
// and imports that into empty shops on memory, SQLite and PostgreSQL. What these export is the same, byte by byte, in both formats; and a second
// import changes nothing.
func TestExchangeLosesNothing(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	dsn, shop := database(t), int32(0)
	formats := []exchange.Format{exchange.JSONL, exchange.CSV}
	rapid.Check(t, func(r *rapid.T) {
		first := memoryDealerAt(orderingtest.Moment().Add(-50 * 24 * time.Hour))
		stocked(r, first)
		want := map[exchange.Format]string{}
		for _, as := range formats {
			want[as] = first.exported(r, as)
		}
		for _, as := range formats {
			d := memoryDealer()
			taken(r, "memory", d, as, want)
			answersAlike(r, first, d)
		}
		if rapid.IntRange(0, 9).Draw(r, "on sqlite") == 0 {
			cfg := shopFile(t)
			store := openSQLite(t, cfg)
			clock, ids := orderingtest.NewClock(orderingtest.Moment()), &orderingtest.Sequence{}
			d := newDealer(clock, ids, sqliteParts(store, clock, ids), store.Prices(), store.Pricing(), store.Stock())
			taken(r, "sqlite", d, rapid.SampledFrom(formats).Draw(r, "as"), want)
			answersAlike(r, first, d)
		}
		if rapid.IntRange(0, 9).Draw(r, "on postgres") > 0 { // A database takes a second.
			return
		}
		shop++
		cfg := small(dsn)
		cfg.Shop = shop
		clock, ids := orderingtest.NewClock(orderingtest.Moment()), &orderingtest.Sequence{}
		store := openPostgres(t, cfg)
		defer store.Close()
		d := newDealer(clock, ids, postgresParts(store, clock, ids), store.Prices(), store.Pricing(), store.Stock())
		taken(r, "postgres", d, rapid.SampledFrom(formats).Draw(r, "as"), want)
		answersAlike(r, first, d)
	})
}

// taken imports a file into an empty shop and compares what that exports, once and again.
func taken(r *rapid.T, name string, d dealer, as exchange.Format, want map[exchange.Format]string) {
	d.imported(r, want[as], bridge.ImportRun{})
	for also, text := range want {
		if got := d.exported(r, also); got != text {
			r.Fatalf("%s, imported as %s, exports as %s\n%s\nwant\n%s", name, as, also, got, text)
		}
	}
	again := d.imported(r, want[as], bridge.ImportRun{})
	if again.Created+again.Updated+again.Structure+again.Prices+again.Stock+again.Policies != 0 {
		r.Fatalf("%s: a second import changed something: %+v", name, again)
	}
}

// awkward are texts that files and spreadsheets mistake for something else.
var awkward = []string{
	"Mug", "=1+1", "-2", "+44 1473", "@home", "'quoted", "''=x", "\"inches\"", "a,b", " two  spaces ", "line\none", "line\r\ntwo", "\rstart", "tab\there",
	"Größe 日本", "<p>HTML & \"more\"</p>", "back\\slash", "'\"json\"", "semi;colon", "{\"a\":1}", "null", "0042", "TRUE", "\u2028", "'",
}

// stocked fills a shop.
func stocked(r *rapid.T, d dealer) {
	ctx := context.Background()
	must := func(err error) {
		r.Helper()
		if err != nil {
			r.Fatalf("filling the shop: %v", err)
		}
	}
	odd := func(name string) string { return rapid.SampledFrom(awkward).Draw(r, name) }
	text := func() catalog.Text {
		return catalog.Text{Name: "N" + odd("name"), Description: odd("description"), SEO: catalog.SEO{Title: odd("seo"), Description: odd("seo")}}
	}
	translated := func() map[string]catalog.Text {
		if !rapid.Bool().Draw(r, "translated") {
			return nil
		}
		return map[string]catalog.Text{"fr": text(), "de-CH": {Description: odd("only one")}}
	}
	sites := []inventory.Location{inventory.DefaultLocation}
	if rapid.Bool().Draw(r, "another location") {
		_, err := d.inventory.OpenLocation(ctx, inventory.Site{Location: "shop", Name: odd("location"), Priority: -2})
		must(err)
		_, err = d.inventory.OpenLocation(ctx, inventory.Site{Location: "old", Name: "Old"})
		must(err)
		_, err = d.inventory.CloseLocation(ctx, "old")
		must(err)
		sites = append(sites, "shop")
	}
	var brands []catalog.Brand
	for i := range rapid.IntRange(0, 2).Draw(r, "brands") {
		t := text()
		t.Name = fmt.Sprintf("%s %d", strings.Join(strings.Fields(t.Name), " "), i)
		b, err := d.catalog.SaveBrand(ctx, catalog.Brand{Slug: fmt.Sprintf("brand-%d", i), Text: t, Translations: translated()})
		must(err)
		brands = append(brands, b)
	}
	var categories []catalog.Category
	for i := range rapid.IntRange(0, 4).Draw(r, "categories") {
		c := catalog.Category{Slug: fmt.Sprintf("category-ü-%d", i), Text: text(), Translations: translated()}
		if i > 0 && rapid.Bool().Draw(r, "below") {
			c.Parent = categories[rapid.IntRange(0, i-1).Draw(r, "parent")].ID
		}
		saved, err := d.catalog.SaveCategory(ctx, c)
		must(err)
		categories = append(categories, saved)
	}
	if len(brands)*len(categories) > 0 {
		_, err := d.catalog.SaveCollection(ctx, catalog.Collection{
			Slug: "ruled", Text: text(), Translations: translated(), Metadata: catalog.Metadata{"k": odd("value")},
			Rule: &catalog.Rule{Op: catalog.RuleAny, Rules: []catalog.Rule{
				{Op: catalog.RuleBrand, Value: brands[0].ID.String()},
				{Op: catalog.RuleNot, Rules: []catalog.Rule{{Op: catalog.RuleCategory, Value: categories[0].ID.String()}}},
			}},
		})
		must(err)
	}
	var all []catalog.Product
	for i := range rapid.IntRange(0, 3).Draw(r, "products") {
		p := drawnProduct(r, odd, i, brands, categories)
		saved, err := d.catalog.Save(ctx, p)
		must(err)
		all = append(all, saved)
		for _, v := range saved.Variants {
			must(livedWith(ctx, r, d, v))
		}
	}
	d.clock.Advance(orderingtest.Moment().Sub(d.clock.Now()))
	for _, p := range all {
		for _, v := range p.Variants {
			must(soldAs(ctx, r, d, v, sites))
		}
	}
	if len(all) > 0 {
		_, err := d.catalog.SaveCollection(ctx, catalog.Collection{
			Slug: "by-hand", Text: text(), Products: []ref.ProductID{all[len(all)-1].ID}, Publication: catalog.Window{From: orderingtest.Moment()},
			Listings: []catalog.Listing{{Channel: "web", Published: true}},
		})
		must(err)
	}
	must(renamed(ctx, r, d, all, brands, categories))
}

// drawnProduct is a product with all that a product may have.
func drawnProduct(r *rapid.T, odd func(string) string, i int, brands []catalog.Brand, categories []catalog.Category) catalog.Product {
	p := catalog.Product{
		Slug: fmt.Sprintf("product-%d", i), Title: "T" + odd("title"), Description: odd("description"), Type: odd("type"),
		Status: rapid.SampledFrom([]catalog.Status{catalog.Active, catalog.Draft, catalog.Archived}).Draw(r, "status"), Featured: rapid.Bool().Draw(r, "featured"),
		SEO: catalog.SEO{Title: odd("seo"), Description: odd("seo")}, TaxCategory: rapid.SampledFrom([]string{"", "books"}).Draw(r, "tax"),
	}
	for j := range rapid.IntRange(0, 2).Draw(r, "tags") {
		p.Tags = append(p.Tags, fmt.Sprintf("%s%d", odd("tag"), j))
	}
	if rapid.Bool().Draw(r, "more") {
		p.Metadata = catalog.Metadata{"=key": odd("value"), "b": ""}
		p.Publication = catalog.Window{From: orderingtest.Moment().Add(-time.Hour), Until: orderingtest.Moment().Add(time.Hour + time.Microsecond)}
		p.Listings = []catalog.Listing{{Channel: "web", Published: true, Window: catalog.Window{Until: orderingtest.Moment().Add(time.Hour)}}, {Channel: "b2b"}}
	}
	if len(brands) > 0 && rapid.Bool().Draw(r, "branded") {
		p.BrandID = brands[len(brands)-1].ID
	}
	for _, c := range categories {
		if rapid.Bool().Draw(r, "in it") {
			p.Categories = append([]ref.CategoryID{c.ID}, p.Categories...)
		}
	}
	for j := range rapid.IntRange(0, 3).Draw(r, "media") {
		m := catalog.Media{ID: ref.NewID[ref.MediaKind]([16]byte{1, 2, byte(i), byte(j), 6: 0x70, 8: 0x80, 15: 1}), SourceURL: fmt.Sprintf("https://x.example/%d.jpg?a=1,2", j), Alt: odd("alt")}
		if j == 1 {
			m.SourceURL, m.Key = "", fmt.Sprintf("own/%d.png", j)
		}
		if j == 2 {
			m.Key = fmt.Sprintf("own/%d.png", j)
		}
		p.Media = append(p.Media, m)
	}
	values := []string{""}
	if n := rapid.IntRange(0, 3).Draw(r, "variants"); n > 0 {
		p.Options, values = []string{"O" + odd("option"), "Plain"}, nil
		for j := range n {
			values = append(values, fmt.Sprintf("%s %d", odd("value"), j))
		}
	}
	for j, value := range values {
		v := catalog.Variant{SKU: ref.SKU(fmt.Sprintf("SKU-%d-%d", i, j)), Barcode: odd("barcode"), Grams: int64(j * 100), Retired: j == 2}
		if len(p.Options) > 0 {
			v.Options = []string{value, "same"}
		}
		if len(p.Media) > 0 && rapid.Bool().Draw(r, "pictured") {
			v.Media = p.Media[len(p.Media)-1].ID
		}
		if rapid.Bool().Draw(r, "own facts") {
			v.Metadata, v.Channels = catalog.Metadata{"v": odd("value")}, []ref.Channel{"web", "b2b"}
		}
		p.Variants = append(p.Variants, v)
	}
	if rapid.Bool().Draw(r, "translated") {
		p.Translations = map[string]catalog.Translation{"fr": {Title: odd("title"), Description: odd("description"), SEO: catalog.SEO{Title: odd("seo")}}}
		if len(p.Options) > 0 {
			p.Translations["de"] = catalog.Translation{Options: []catalog.OptionText{{Name: odd("name"), Values: map[string]string{p.Variants[0].Options[0]: odd("value")}}}}
		}
	}
	return p
}

// soldAs gives a variant prices, stock and a policy.
func soldAs(ctx context.Context, r *rapid.T, d dealer, v catalog.Variant, sites []inventory.Location) error {
	price := func(micro int64) money.UnitPrice { return money.NewUnitPrice(micro, money.GBP) }
	amount := rapid.SampledFrom([]int64{0, 1, 1_990_000, 12_345_678_000_000}).Draw(r, "price")
	if rapid.Bool().Draw(r, "priced") {
		set := pricing.Price{Key: pricing.Key{Variant: v.ID}, Amount: price(amount)}
		if rapid.Bool().Draw(r, "compared") {
			set.CompareAt = new(price(amount + 10_000))
		}
		if _, err := d.pricing.Set(ctx, dealScope(), []pricing.Price{set}); err != nil {
			return err
		}
	}
	if rapid.Bool().Draw(r, "sale") {
		now := orderingtest.Moment()
		if _, err := d.pricing.Schedule(ctx, dealScope(), []pricing.Price{
			{Key: pricing.Key{Variant: v.ID}, Amount: price(7), CompareAt: new(price(9)), Window: pricing.Window{From: now.Add(-time.Hour), Until: now.Add(time.Hour)}},
			{Key: pricing.Key{Variant: v.ID}, Amount: price(5), Window: pricing.Window{From: now.Add(2 * time.Hour)}},
		}); err != nil {
			return err
		}
	}
	for i, at := range sites {
		if !rapid.Bool().Draw(r, "counted") {
			continue
		}
		if err := d.inventory.Adjust(ctx, []inventory.Adjustment{{
			Key: fmt.Sprintf("%s/%d", v.SKU, i), LevelKey: inventory.LevelKey{SKU: v.SKU, Location: at}, Kind: inventory.MoveCount,
			Quantity: rapid.Int64Range(0, 50).Draw(r, "quantity"),
		}}); err != nil {
			return err
		}
	}
	policy := inventory.Policy{SKU: v.SKU, Kind: inventory.Backorder, Limit: 10}
	if rapid.Bool().Draw(r, "preorder") {
		policy.Kind, policy.Until = inventory.Preorder, orderingtest.Moment().Add(48*time.Hour)
	}
	if rapid.Bool().Draw(r, "beyond stock") {
		_, err := d.inventory.SetPolicies(ctx, []inventory.Policy{policy})
		return err
	}
	return nil
}
