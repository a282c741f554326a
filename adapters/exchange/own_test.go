package exchange_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/adapters/exchange"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/money"
)

// ownShop is a file of our CSV with one of each kind.
const ownShop = "kind,slug,title,description,parent,brand,tags,status,categories,options,sku,values,price,compare_at,currency,stock,stock_elsewhere,policy,policy_limit,image,images,rule,products,translations\n" +
	"location,shop,Cornhill,,,,,open,,,,,,,,,,,,,,,,\n" +
	"brand,ebb,Ebb & Flow,,,,,,,,,,,,,,,,,,,,,\n" +
	"category,mugs,Mugs,,,,,,,,,,,,,,,,,,,,,\n" +
	"category,big,Big,,mugs,,,,,,,,,,,,,,,,,,,\n" +
	"product,mug,'=Mug,For tea.,,Ebb & Flow,\"a\\,b,c\",active,\"big,mugs\",Size,,,,,,,,,,,\"[{\"\"url\"\":\"\"https://x.example/1.jpg\"\"}]\",,,\"{\"\"fr\"\":{\"\"title\"\":\"\"Tasse\"\"}}\"\n" +
	"variant,mug,,,,,,,,,M-S,S,10.00,12.50,GBP,5,\"{\"\"shop\"\":2}\",backorder,10,1,,,,\n" +
	"variant,mug,,,,,,,,,,L,,,,,,,,,,,,\n" +
	"collection,hand,By hand,,,,,,,,,,,,,,,,,,,,mug,\n" +
	"collection,rule,By rule,,,,,,,,,,,,,,,,,,,\"{\"\"op\"\":\"\"brand\"\",\"\"value\"\":\"\"ebb\"\"}\",,\n"

// linesHead is the first line of our JSON Lines.
const linesHead = `{"kind":"shop","format":"commerce.products","version":1,"currency":"GBP"}` + "\n"

// linesShop is a file of our JSON Lines.
const linesShop = linesHead + `{"kind":"product","slug":"mug","title":"Mug","colour":"blue","tags":["a"],"options":["Size"],"featured":true,"variants":[{"sku":"M","values":["S"],"price":"5.00","stock":3}]}` + "\n" +
	`{"kind":"end","products":1}` + "\n"

func TestReadOwnCSV(t *testing.T) {
	t.Parallel()
	s, err := exchange.Open(strings.NewReader(ownShop), int64(len(ownShop)), "", money.GBP)
	if err != nil || s.Format() != exchange.CSV {
		t.Fatalf("%v", err)
	}
	if err := s.Check(nil); err != nil {
		t.Fatalf("refused: %v", err)
	}
	var kinds []string
	var mug exchange.Product
	if err := s.Each(func(i exchange.Item) error {
		switch {
		case i.Location != nil:
			kinds = append(kinds, string(i.Location.Location)+" "+string(i.Location.State))
		case i.Brand != nil:
			kinds = append(kinds, i.Brand.Slug)
		case i.Category != nil:
			kinds = append(kinds, i.Category.Slug+" below "+*i.Category.Parent)
		case i.Product != nil:
			kinds, mug = append(kinds, i.Product.Handle), *i.Product
		case i.Collection != nil:
			kinds = append(kinds, fmt.Sprint(i.Collection.Slug, i.Collection.Products, i.Collection.Rule != nil))
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if want := []string{"shop open", "ebb", "mugs below ", "big below mugs", "mug", "hand[mug] false", "rule[] true"}; !slices.Equal(kinds, want) {
		t.Errorf("the file has %q, want %q", kinds, want)
	}
	if mug.Title != "=Mug" || !slices.Equal(mug.Tags, []string{"a,b", "c"}) || !slices.Equal(mug.Categories, []string{"big", "mugs"}) || mug.Status != catalog.Active {
		t.Errorf("the mug is %+v", mug)
	}
	small, large := mug.Variants[0], mug.Variants[1]
	if small.Levels[inventory.DefaultLocation] != 5 || small.Levels["shop"] != 2 || small.Policy.Limit != 10 || *small.Picture != 0 || small.Price.Decimal() != "10.00" {
		t.Errorf("the small one is %+v", small)
	}
	if large.SKU != "MUG-L" || large.Levels != nil || large.Policy != nil || !large.Price.Currency().IsZero() || !large.CompareAt.IsZero() {
		t.Errorf("the large one is %+v", large)
	}
}

func TestReadOwnWithoutColumns(t *testing.T) {
	t.Parallel()
	_, got := sold(t, "slug,sku,price\nmug,M-S,9.00\nmug,M-L,10.00\npot,POT,3\n")
	if len(got) != 2 || len(got[0].Variants) != 2 || !got[0].SameOptions || got[0].Title != "" || got[0].Description != nil || got[0].Variants[0].CompareAt != nil ||
		got[0].Variants[0].Barcode != nil || got[0].Variants[1].Line != 3 {
		t.Errorf("the file says %+v", got)
	}
	_, got = sold(t, linesHead+`{"kind":"product","slug":"mug","description":null,"variants":[]}`)
	if len(got) != 1 || *got[0].Description != "" || got[0].Brand != nil || len(got[0].Variants) != 0 {
		t.Errorf("null clears, and what is not there keeps: %+v", got)
	}
}

func TestReadOwnRefuses(t *testing.T) {
	t.Parallel()
	csv := func(column, text string) string {
		return "kind,slug,sku,price," + column + "\nproduct,mug,M,1," + text + "\nvariant,mug,M,1," + text + "\n"
	}
	line := func(fields string) string { return linesHead + "\n" + `{"kind":"product","slug":"mug",` + fields + "}" }
	for _, c := range []struct {
		name, text   string
		line         int
		column, code string
	}{
		{"no slug column", "kind,title\nproduct,A\n", 1, "Handle", exchange.CodeMissingColumn},
		{"an unknown kind", "kind,slug\nthing,a\n", 2, "kind", exchange.CodeUnknownKind},
		{"no slug", "slug,sku\n,X\n", 2, "slug", exchange.CodeMissingHandle},
		{"a brand twice", "kind,slug,title\nbrand,a,A\nbrand,a,B\n", 3, "slug", exchange.CodeSplitProduct},
		{"rows apart", "slug,sku\na,A\nb,B\na,C\n", 4, "slug", exchange.CodeSplitProduct},
		{"a bad price", csv("compare_at", "cheap"), 3, "compare_at", exchange.CodeBadPrice},
		{"another currency", csv("currency", "EUR"), 3, "currency", exchange.CodeWrongCurrency},
		{"negative stock", csv("stock", "-1"), 3, "stock", exchange.CodeBadNumber},
		{"half a piece", csv("stock", "0.5"), 3, "stock", exchange.CodeBadValue},
		{"an endless limit", csv("policy", "backorder"), 3, "policy_limit", exchange.CodeBadValue},
		{"an unknown policy", csv("policy", "maybe"), 3, "policy", exchange.CodeBadValue},
		{"a bad status", csv("status", "sold"), 2, "status", exchange.CodeUnknownValue},
		{"a bad truth", csv("featured", "maybe"), 2, "featured", exchange.CodeBadValue},
		{"broken JSON", csv("metadata", `"{""a"":"`), 2, "metadata", exchange.CodeBadValue},
		{"a typo in JSON", csv("images", `"[{""href"":""https://x.example""}]"`), 2, "images", exchange.CodeBadValue},
		{"a script for an image", csv("images", `"[{""url"":""javascript:1""}]"`), 2, "images", exchange.CodeBadImage},
		{"an image that is not there", csv("image", "2"), 3, "image", exchange.CodeBadImage},
		{"a bad moment", csv("published_from", "soon"), 2, "published_from", exchange.CodeBadValue},
		{"a sale for ever", csv("prices", `"[{""amount"":""1""}]"`), 3, "prices[0]", exchange.CodeBadValue},
		{"a description too long", csv("description", strings.Repeat("x", 10<<20)), 2, "description", exchange.CodeRule},
		{"a list that ends in the air", csv("tags", `a\`), 2, "tags", exchange.CodeBadValue},
		{"a SKU twice", "slug,sku\na,A\nb,A\n", 3, "sku", exchange.CodeDuplicateSKU},
		{"no SKU", "slug,sku,price\na,,1\n", 2, "sku", exchange.CodeBadSKU},
		{"no line of the format", `{"kind":"product","slug":"a"}`, 1, "format", exchange.CodeUnknownVersion},
		{"a later version", strings.Replace(linesHead, ":1,", ":2,", 1), 1, "version", exchange.CodeUnknownVersion},
		{"a shop of another currency", strings.Replace(linesHead, "GBP", "EUR", 1), 1, "currency", exchange.CodeWrongCurrency},
		{"only the line of the format", linesHead, 1, "", exchange.CodeNoRows},
		{"no object", linesHead + "[1]\n", 2, "", exchange.CodeBadLine},
		{"half an object", linesHead + `{"kind":` + "\n", 2, "", exchange.CodeBadLine},
		{"Latin-1", linesHead + "{\"kind\":\"product\",\"slug\":\"caf\xe9\"}\n", 2, "", exchange.CodeNotUTF8},
		{"a number for a text", line(`"title":5`), 3, "title", exchange.CodeBadValue},
		{"a number for a price", line(`"variants":[{"sku":"A"},{"sku":"B","price":5.1}]`), 3, "variants[1].price", exchange.CodeBadValue},
		{"a broken rule of a variant", line(`"options":["S"],"variants":[{"sku":"A","values":["a"]},{"sku":"B","values":["a"]}]`), 3, "variants[1].values", exchange.CodeRule},
		{"too few at the end", line(`"title":"A"`) + "\n" + `{"kind":"end","products":2}`, 4, "products", exchange.CodeCutOff},
		{"two files in one", linesShop + linesShop, 4, "kind", exchange.CodeCutOff},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := unsold(t, c.text, "")
			if got[0].Line != c.line || got[0].Column != c.column || got[0].Code != c.code || got[0].Reason == "" {
				t.Errorf("rejected %v, want line %d, column %q, %s", got, c.line, c.column, c.code)
			}
		})
	}
}

func TestReadOwnLeavesOut(t *testing.T) {
	t.Parallel()
	s, got := sold(t, linesShop)
	if len(got) != 1 || !slices.Equal(s.Ignored(), []string{"product.colour"}) || len(s.Notes()) != 0 {
		t.Errorf("left out are %q, the notes %v", s.Ignored(), s.Notes())
	}
	s, _ = sold(t, strings.TrimSuffix(linesShop, `{"kind":"end","products":1}`+"\n"))
	if len(s.Notes()) != 1 || !strings.Contains(s.Notes()[0].Text, "it is whole") {
		t.Errorf("a file that may be cut off is not told of: %v", s.Notes())
	}
}

// TestWriteGuards shows what spreadsheets see: no cell that is a formula, whatever a text begins with.
func TestWriteGuards(t *testing.T) {
	t.Parallel()
	for _, title := range []string{"=1+1", "+1", "-1", "@A1", "\tx", "\rx", "'x", "'=x", "plain"} {
		var out bytes.Buffer
		w := exchange.NewWriter(&out, exchange.CSV, money.GBP)
		p := catalog.Product{Slug: "a", Title: title, Status: catalog.Draft, Variants: []catalog.Variant{{SKU: "A"}}}
		if err := w.Product(p, nil, nil, []exchange.SoldAs{{}}); err != nil {
			t.Fatal(err)
		}
		if err := w.End(); err != nil {
			t.Fatal(err)
		}
		for _, bad := range []string{",=", ",+", ",-", ",@", ",\t", ",\"=", ",\"\t", "\r1", "\rx"} {
			if strings.Contains(out.String(), bad) {
				t.Errorf("%q is written as %q", title, out.String())
			}
		}
		if _, got := sold(t, out.String()); got[0].Title != title {
			t.Errorf("%q comes back as %q", title, got[0].Title)
		}
	}
}

func TestFormatsAreFound(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]exchange.Format{
		export: exchange.Shopify, wooShop(): exchange.WooCommerce, ownShop: exchange.CSV, linesShop: exchange.JSONL,
		"\ufeff" + ownShop: exchange.CSV, "\ufeff" + linesShop: exchange.JSONL, "URL handle,Title,Price\n": exchange.Shopify,
		"\nslug,sku,price\n": exchange.CSV, "": exchange.Shopify, "a;b": exchange.Shopify, "\"open": exchange.Shopify,
		"Type,SKU,Name\n": exchange.WooCommerce, strings.ReplaceAll(wooColumns, "\n", "\r"): exchange.WooCommerce,
	} {
		s, err := exchange.Open(strings.NewReader(text), int64(len(text)), "", money.GBP)
		if err != nil || s.Format() != want {
			t.Errorf("%.40q is %s, want %s: %v", text, s.Format(), want, err)
		}
	}
}
