package bridge_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/adapters/bridge"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
)

func TestImportMakesProducts(t *testing.T) {
	t.Parallel()
	s := openShop()
	report := s.bring(t, mug(), plain("pot", "POT"))
	want := bridge.ImportReport{Products: 2, Variants: 3, Images: 2, Created: 2, Prices: 3, Stock: 2, Warnings: report.Warnings}
	if !reflect.DeepEqual(report, want) {
		t.Errorf("the report is %+v, want %+v", report, want)
	}
	warned(t, report, "1 variants have no quantity")
	p := s.product(t, "mug")
	if p.Title != "Mug" || p.Description != "For tea." || p.Brand != "Ebb Lane" || p.Type != "Ceramics" || p.Status != catalog.Active ||
		!slices.Equal(p.Tags, []string{"kitchen"}) || !slices.Equal(p.Options, []string{"Size"}) {
		t.Errorf("the mug is %+v", p)
	}
	if len(p.Media) != 2 || p.Media[0].SourceURL != "https://x.example/1.jpg" || p.Media[0].Alt != "A mug" || p.Media[1].Key != "demo/mug.svg" {
		t.Errorf("the mug's pictures are %+v", p.Media)
	}
	small, large := p.Variants[0], p.Variants[1]
	if small.SKU != "M-1" || small.Barcode != "501" || small.Grams != 250 || small.Media != p.Media[1].ID || large.SKU != "MUG-LARGE" || !large.Media.IsZero() {
		t.Errorf("the mug's variants are %+v", p.Variants)
	}
	if price := s.price(t, small); price.Amount != pounds(10) || *price.CompareAt != pounds(20) {
		t.Errorf("the small one costs %+v", price)
	}
	if price := s.price(t, large); price.Amount != pounds(12) || price.CompareAt != nil {
		t.Errorf("the large one costs %+v", price)
	}
	if s.left(t, "M-1") != 3 || s.left(t, "MUG-LARGE") != 0 || s.left(t, "POT") != -1 {
		t.Error("the stock is not what the source says")
	}
	if pot := s.product(t, "pot"); pot.Status != catalog.Active {
		t.Errorf("a new product without a status is %s", pot.Status)
	}
}

func TestImportTwiceIsOnce(t *testing.T) {
	t.Parallel()
	s := openShop()
	s.bring(t, mug(), plain("pot", "POT"))
	before, writes := s.product(t, "mug"), s.writes
	report := s.bring(t, mug(), plain("pot", "POT"))
	if report.Unchanged != 2 || report.Prices != 0 || report.Stock != 0 || s.writes != writes {
		t.Errorf("the second import wrote %d times: %+v", s.writes-writes, report)
	}
	if after := s.product(t, "mug"); !reflect.DeepEqual(before, after) {
		t.Errorf("the mug became\n%+v from\n%+v", after, before)
	}
}

func TestImportWritesWhatChanged(t *testing.T) {
	t.Parallel()
	third := bridge.ImportVariant{Options: []string{"Huge"}, SKU: "M-3", Price: pounds(15), Quantity: new(int64(1))}
	for _, c := range []struct {
		name   string
		change func(*bridge.ImportProduct)
		writes int
		check  func(t *testing.T, s *shop, before, after catalog.Product, r bridge.ImportReport)
	}{
		{"a price", func(p *bridge.ImportProduct) { p.Variants[1].Price = pounds(13) }, 1, func(t *testing.T, s *shop, before, after catalog.Product, r bridge.ImportReport) {
			t.Helper()
			if s.price(t, after.Variants[1]).Amount != pounds(13) || r.Prices != 1 || after.Version != before.Version {
				t.Errorf("the report is %+v", r)
			}
		}},
		{"a title", func(p *bridge.ImportProduct) { p.Title = "Cup" }, 1, func(t *testing.T, _ *shop, before, after catalog.Product, _ bridge.ImportReport) {
			t.Helper()
			if after.Title != "Cup" || after.ID != before.ID || !reflect.DeepEqual(after.Variants, before.Variants) || !reflect.DeepEqual(after.Media, before.Media) {
				t.Errorf("the mug became\n%+v from\n%+v", after, before)
			}
		}},
		{"one variant more", func(p *bridge.ImportProduct) { p.Variants = append(p.Variants, third) }, 3, func(t *testing.T, s *shop, before, after catalog.Product, r bridge.ImportReport) {
			t.Helper()
			if len(after.Variants) != 3 || !reflect.DeepEqual(after.Variants[:2], before.Variants) || s.left(t, "M-3") != 1 || r.Prices != 1 {
				t.Errorf("the variants are %+v, the report %+v", after.Variants, r)
			}
		}},
		{"one variant less", func(p *bridge.ImportProduct) { p.Variants = p.Variants[1:] }, 1, func(t *testing.T, _ *shop, before, after catalog.Product, r bridge.ImportReport) {
			t.Helper()
			if len(after.Variants) != 2 || after.Variants[1].ID != before.Variants[0].ID {
				t.Errorf("the variants are %+v", after.Variants)
			}
			warned(t, r, "kept variants")
		}},
		{"pictures", func(p *bridge.ImportProduct) {
			p.Images = []bridge.ImportImage{{URL: "https://x.example/2.jpg"}, {Key: "demo/mug.svg"}}
		}, 1, func(t *testing.T, _ *shop, before, after catalog.Product, r bridge.ImportReport) {
			t.Helper()
			if len(after.Media) != 3 || after.Media[1].ID != before.Media[1].ID || after.Media[2].ID != before.Media[0].ID {
				t.Errorf("the pictures are %+v", after.Media)
			}
			warned(t, r, "kept pictures")
		}},
		{"letters' case and a name", func(p *bridge.ImportProduct) { p.Options[0], p.Variants[0].Options = "Grösse", []string{"SMALL"} }, 1, func(t *testing.T, _ *shop, before, after catalog.Product, _ bridge.ImportReport) {
			t.Helper()
			if after.Variants[0].ID != before.Variants[0].ID || after.Variants[0].Options[0] != "SMALL" || after.Options[0] != "Grösse" {
				t.Errorf("the variants are %+v", after.Variants)
			}
		}},
		{"values of a SKU", func(p *bridge.ImportProduct) { p.Variants[0].Options = []string{"Tiny"} }, 1, func(t *testing.T, _ *shop, before, after catalog.Product, _ bridge.ImportReport) {
			t.Helper()
			if len(after.Variants) != 2 || after.Variants[0].ID != before.Variants[0].ID {
				t.Errorf("the variants are %+v", after.Variants)
			}
		}},
		{"a SKU", func(p *bridge.ImportProduct) { p.Variants[0].SKU = "M-9" }, 2, func(t *testing.T, s *shop, before, after catalog.Product, r bridge.ImportReport) {
			t.Helper()
			if after.Variants[0].ID != before.Variants[0].ID || after.Variants[0].SKU != "M-9" || s.left(t, "M-1") != 3 || s.left(t, "M-9") != 3 {
				t.Errorf("the variants are %+v", after.Variants)
			}
			warned(t, r, "the SKU M-1 became M-9")
		}},
		{"a SKU generated otherwise", func(p *bridge.ImportProduct) { p.Variants[1].SKU = "MUG-LARGE-1" }, 0, func(t *testing.T, _ *shop, before, after catalog.Product, _ bridge.ImportReport) {
			t.Helper()
			if !reflect.DeepEqual(after, before) {
				t.Errorf("the variants are %+v", after.Variants)
			}
		}},
		{"all but what must be said", func(p *bridge.ImportProduct) {
			p.Description, p.Brand, p.Type, p.Tags, p.Status, p.Images = nil, nil, nil, nil, "", nil
			for i := range p.Variants {
				v := &p.Variants[i]
				*v = bridge.ImportVariant{Options: v.Options, SKU: v.SKU, Spare: v.Spare, Price: v.Price}
			}
		}, 0, func(t *testing.T, s *shop, before, after catalog.Product, r bridge.ImportReport) {
			t.Helper()
			if !reflect.DeepEqual(after, before) || *s.price(t, after.Variants[0]).CompareAt != pounds(20) {
				t.Errorf("the mug became\n%+v from\n%+v", after, before)
			}
			warned(t, r)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := openShop()
			s.bring(t, mug())
			before, writes := s.product(t, "mug"), s.writes
			changed := mug()
			c.change(&changed)
			report := s.bring(t, changed)
			if s.writes-writes != c.writes {
				t.Errorf("it wrote %d times, want %d", s.writes-writes, c.writes)
			}
			c.check(t, s, before, s.product(t, "mug"), report)
			if writes = s.writes; s.bring(t, changed).Unchanged != 1 || s.writes != writes {
				t.Error("the same again wrote something")
			}
		})
	}
}

func TestImportStock(t *testing.T) {
	t.Parallel()
	s := openShop()
	p := mug()
	p.Variants[0].Quantity, p.Variants[0].Oversell = new(int64(-4)), true
	report := s.bring(t, p)
	warned(t, report, "4 of M-1 beyond its stock")
	if s.left(t, "M-1") != 0 || report.Policies != 1 {
		t.Errorf("%d are left, want 0; the report is %+v", s.left(t, "M-1"), report)
	}
	warned(t, s.bring(t, p))
	err := s.inventory.Adjust(t.Context(), []inventory.Adjustment{
		{Key: "k", LevelKey: inventory.LevelKey{SKU: "M-1"}, Kind: inventory.MoveReceive, Delta: 7},
	})
	if err != nil {
		t.Fatal(err)
	}
	report = s.bring(t, mug())
	warned(t, report, "stock of M-1 left at 7, the source says 3")
	if s.left(t, "M-1") != 7 || report.Unchanged != 1 {
		t.Errorf("%d are left: %+v", s.left(t, "M-1"), report)
	}
}

func TestImportBackorders(t *testing.T) {
	t.Parallel()
	s := openShop()
	p := mug()
	p.Variants[0].Quantity, p.Variants[0].Oversell = nil, true
	rules := func() inventory.Policy {
		t.Helper()
		all, err := s.inventory.Availability(t.Context(), []ref.SKU{"M-1"})
		if err != nil {
			t.Fatal(err)
		}
		return all["M-1"].Policy
	}
	report := s.bring(t, p)
	warned(t, report) // It can be sold, though nobody counted it.
	if got := rules(); got.Kind != inventory.Backorder || got.Limit != inventory.QuantityMax || report.Policies != 1 {
		t.Errorf("the policy is %+v; %+v", got, report)
	}
	if again := s.bring(t, p); again.Unchanged != 1 || again.Policies != 0 {
		t.Errorf("the same again: %+v", again)
	}
	s.bring(t, mug())
	if got := rules(); got.Kind != inventory.Backorder {
		t.Errorf("a source that does not sell on took the policy away: %+v", got)
	}
	if _, err := s.inventory.SetPolicies(t.Context(), []inventory.Policy{{SKU: "M-1", Kind: inventory.Deny}}); err != nil {
		t.Fatal(err)
	}
	p.Variants[0].Quantity = mug().Variants[0].Quantity
	report = s.bring(t, p)
	warned(t, report, "the shop's own policy was kept, which is deny")
	if got := rules(); got.Kind != inventory.Deny || report.Unchanged != 1 {
		t.Errorf("the shop's own policy became %+v", got)
	}
}

func TestImportRefuses(t *testing.T) {
	t.Parallel()
	more := mug()
	more.Options = []string{"Size", "Colour"}
	for i := range more.Variants {
		more.Variants[i].Options = append(more.Variants[i].Options, "Blue")
	}
	broken := plain("new", "NEW")
	broken.Title, broken.Variants[0].Price, broken.Variants[0].Quantity = "", money.NewUnitPrice(-1, money.EUR), new(int64(inventory.QuantityMax+1))
	for _, c := range []struct {
		name string
		in   []bridge.ImportProduct
		want []string
	}{
		{"a SKU of another product", []bridge.ImportProduct{plain("new", "NEW"), plain("other", "POT")}, []string{"products[1].variants[0].sku sku_taken other"}},
		{"a SKU of another import", []bridge.ImportProduct{plain("a", "A"), plain("b", "A")}, []string{"products[1].variants[0].sku sku_taken b"}},
		{"a handle twice", []bridge.ImportProduct{plain("a", "A"), plain("a", "B")}, []string{"products[1].handle import_conflict a"}},
		{"other options", []bridge.ImportProduct{more}, []string{"products[0].options import_conflict mug"}},
		{"broken rules", []bridge.ImportProduct{plain("a", "A"), broken}, []string{
			"products[1].title product_rule new", "products[1].variants[0].amount price_rule new",
			"products[1].variants[0].amount price_rule new", "products[1].variants[0].quantity stock_rule new",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := openShop()
			s.bring(t, mug(), plain("pot", "POT"))
			if got := s.refused(t, c.in...); !slices.Equal(got, c.want) {
				t.Errorf("refused for %q, want %q", got, c.want)
			}
		})
	}
}

func TestImportOptionsAdded(t *testing.T) {
	t.Parallel()
	s := openShop()
	s.bring(t, plain("pot", "POT"))
	before := s.product(t, "pot")
	p := plain("pot", "POT")
	p.Options, p.Variants[0].Options = []string{"Size"}, []string{"S"}
	s.bring(t, p)
	if after := s.product(t, "pot"); len(after.Variants) != 1 || after.Variants[0].ID != before.Variants[0].ID {
		t.Errorf("a variant that its SKU names was not found: %+v", after.Variants)
	}
}

func TestImportTakesSpareSKU(t *testing.T) {
	t.Parallel()
	s := openShop()
	s.bring(t, plain("a", "A-B"))
	p := plain("a-b", "A-B")
	p.Variants[0].Spare = "A-B-1"
	for range 2 {
		s.bring(t, p)
		if sku := s.product(t, "a-b").Variants[0].SKU; sku != "A-B-1" {
			t.Errorf("the SKU is %s, want the spare one", sku)
		}
	}
	p.Handle, p.Variants[0].SKU = "c", "A-B-1"
	if got := s.refused(t, p); !slices.Equal(got, []string{"products[0].variants[0].sku sku_taken c"}) {
		t.Errorf("refused for %q", got)
	}
}

func TestImportResumes(t *testing.T) {
	t.Parallel()
	in := []bridge.ImportProduct{mug(), plain("pot", "POT"), plain("cup", "CUP")}
	in[1].Variants[0].Quantity = new(int64(5))
	const total = 1 + 1 + 1 + 1 // The category, all products, all stock, all prices.
	for n := range total {
		made := 3 * min(max(n-1, 0), 1)
		t.Run(fmt.Sprintf("after %d writes", n), func(t *testing.T) {
			t.Parallel()
			s := openShop()
			s.fail, s.allowed = fault.Down.New("the store is gone"), n
			report, err := s.importer.Import(t.Context(), scope(), in)
			if fault.KindOf(err) != fault.Unavailable || !strings.Contains(err.Error(), "importing product") {
				t.Fatalf("the error is %v", err)
			}
			if report.Created != made {
				t.Errorf("the report is %+v, want %d created", report, made)
			}
			s.fail = nil
			again := s.bring(t, in...)
			if again.Created != 3-made || again.Updated != made {
				t.Errorf("the second report is %+v", again)
			}
			for _, p := range in {
				for _, v := range s.product(t, p.Handle).Variants {
					s.price(t, v)
				}
			}
			if s.left(t, "M-1") != 3 || s.left(t, "POT") != 5 {
				t.Error("the stock is not what the source says")
			}
			if r := s.bring(t, in...); r.Unchanged != 3 {
				t.Errorf("the third report is %+v", r)
			}
		})
	}
}

func TestImportReads(t *testing.T) {
	t.Parallel()
	s := openShop()
	var in []bridge.ImportProduct
	for i := range 20 {
		in = append(in, plain(fmt.Sprintf("p%d", i), ref.SKU(fmt.Sprintf("P%d", i))))
		in[i].Variants[0].CompareAt = new(pounds(0))
	}
	for _, most := range []int{1 + 4*20, 1 + 3*20} { // New ones, then ones that are there.
		before := s.reads
		s.bring(t, in...)
		if n := s.reads - before; n > most {
			t.Errorf("%d reads, want at most %d", n, most)
		}
	}
}

func TestImportReport(t *testing.T) {
	t.Parallel()
	s := openShop()
	var in []bridge.ImportProduct
	for i := range bridge.WarningsMax + 10 {
		p := plain(fmt.Sprintf("p%d", i), ref.SKU(fmt.Sprintf("P%d", i)))
		p.Variants[0].Quantity = new(int64(-1))
		in = append(in, p)
	}
	report := s.bring(t, in...)
	if n := len(report.Warnings); n != bridge.WarningsMax || report.Warnings[n-1] != "11 more warnings" {
		t.Errorf("%d warnings, the last %q", n, report.Warnings[n-1])
	}
	text, err := json.Marshal(openShop().bring(t))
	if want := `{"products":0,"variants":0,"images":0,"created":0,"updated":0,"unchanged":0,"prices":0,"stock":0,"policies":0,"structure":0,"warnings":[]}`; err != nil || string(text) != want {
		t.Errorf("the report is %s, %v", text, err)
	}
}
