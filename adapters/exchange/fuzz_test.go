package exchange_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/adapters/exchange"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// FuzzReadShopify proves that no file makes the reader panic, that a refusal says why, and that whatever is accepted
// is valid by the rules of the catalogue, with SKUs and handles that differ.
func FuzzReadShopify(f *testing.F) {
	f.Add(export)
	f.Add(columns + "mug,Mug,true,Size,S,Colour,Blue,,1.5,2,deny,5,media:a/b.svg,active\nmug,,,,L,,Blue,,,,,6,,\n")
	f.Add(columns + "a-b,A,,Size,c,,,,,,,5,,\na,B,,Size,b-c,,,A-B-C,,,,5,,\n")
	f.Add("Title,URL handle,Price,SKU\n\"x\ny\",ʼn,0.000001,\"a\"\"b\"\n")
	fuzz(f, exchange.ReadShopify)
}

// FuzzReadWooCommerce proves the same of WooCommerce's format.
func FuzzReadWooCommerce(f *testing.F) {
	f.Add(wooShop())
	f.Add("Type,Name,SKU,Regular price,Parent\nvariable,A,a,,\nvariation,A,,1,a\nvariation,A,,1,A\n")
	f.Add("ID,Type,Name,Weight (lbs),Attribute 1 name,Attribute 1 value(s)\n1,simple,x,1.5,\"a\\,b\",\"c, d\"\n")
	fuzz(f, exchange.ReadWooCommerce)
}

// FuzzReadCSV proves the same of our own CSV.
func FuzzReadCSV(f *testing.F) {
	f.Add(ownShop)
	f.Add("slug,title,sku,price,stock\na,A,X,1.00,5\na,,Y,2,\n")
	f.Add("slug,sku,metadata,translations\na,'=X,\"{\"\"k\"\":1}\",\"{\"\"fr\"\":{}}\"\n")
	fuzz(f, exchange.ReadCSV)
}

// FuzzReadJSONL proves the same of our own JSON Lines.
func FuzzReadJSONL(f *testing.F) {
	f.Add(linesShop)
	f.Add(linesHead + `{"kind":"product","slug":"a","variants":[{"sku":"X"},{}]}` + "\n" + `{"kind":"end","products":1}`)
	f.Add(linesHead + "[]\n{}\nnull\n")
	fuzz(f, exchange.ReadJSONL)
}

// fuzz proves that no file makes a reader panic, that a refusal says why, and that whatever is accepted is valid by the
// rules of the catalogue as far as the file says it, with SKUs and handles that differ.
func fuzz(f *testing.F, read func(io.Reader, money.Currency) (exchange.File, error)) {
	f.Helper()
	f.Fuzz(func(t *testing.T, text string) {
		file, err := read(strings.NewReader(text), money.GBP)
		var refused *exchange.FileError
		switch {
		case errors.As(err, &refused):
			if refused.Count < 1 || len(refused.Rejections) != min(refused.Count, exchange.ListMax) {
				t.Fatalf("%d rejections are listed of %d", len(refused.Rejections), refused.Count)
			}
			for _, r := range refused.Rejections {
				if r.Line < 1 || r.Line > strings.Count(text, "\n")+strings.Count(text, "\r")+1 || r.Code == "" || r.Reason == "" {
					t.Fatalf("a rejection does not say where and why: %+v", r)
				}
			}
			return
		case err != nil:
			t.Fatalf("the error is %v", err)
		}
		handles, skus := map[string]bool{}, map[ref.SKU]bool{}
		for _, p := range file.Products {
			if handles[p.Handle] {
				t.Fatalf("two products are %q", p.Handle)
			}
			handles[p.Handle] = true
			if err := product(p).Validate(); err != nil && !p.SameOptions && p.Title != "" && len(p.Variants) > 0 {
				t.Fatalf("accepted %+v, which is not valid: %v", p, err)
			}
			for _, v := range p.Variants {
				if skus[v.SKU] || v.Price.IsNegative() || v.Price.Currency() != money.GBP && !v.Price.Currency().IsZero() {
					t.Fatalf("accepted a variant with a SKU or price that cannot be: %+v", v)
				}
				skus[v.SKU] = true
			}
		}
	})
}

// product is what an import makes of a product of a file.
func product(p exchange.Product) catalog.Product {
	out := catalog.Product{Slug: p.Handle, Title: p.Title, Status: p.Status, Options: p.Options, Tags: p.Tags}
	for to, from := range map[*string]*string{&out.Description: p.Description, &out.Brand: p.Brand, &out.Type: p.Type} {
		if from != nil {
			*to = *from
		}
	}
	if out.Status == "" {
		out.Status = catalog.Active
	}
	for i, img := range p.Images {
		out.Media = append(out.Media, catalog.Media{
			ID: ref.NewID[ref.MediaKind]([16]byte{14: byte(i >> 8), 15: byte(i), 1: 1}), Key: img.Key, SourceURL: img.URL, Alt: img.Alt,
		})
	}
	for _, v := range p.Variants {
		made := catalog.Variant{SKU: v.SKU, Options: v.Options}
		if v.Barcode != nil {
			made.Barcode = *v.Barcode
		}
		if v.Grams != nil {
			made.Grams = *v.Grams
		}
		if v.Picture != nil && *v.Picture >= 0 {
			made.Media = out.Media[*v.Picture].ID
		}
		if v.Also != nil {
			v.Also(&made)
		}
		out.Variants = append(out.Variants, made)
	}
	if p.Also != nil {
		p.Also(&out)
	}
	return out
}
