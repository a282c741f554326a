package exchange_test

import (
	"errors"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/ipswich-retail/commerce/adapters/exchange"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
)

const export = "\ufeffHandle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Published,Option1 Name,Option1 Value," +
	"Option2 Name,Option2 Value,Option3 Name,Option3 Value,Variant SKU,Variant Grams,Variant Inventory Tracker," +
	"Variant Inventory Qty,Variant Inventory Policy,Variant Fulfillment Service,Variant Price,Variant Compare At Price," +
	"Variant Barcode,Image Src,Image Position,Image Alt Text,Variant Image,Cost per item,Status\r\n" +
	"mug,Quay mug,\"<p>Holds \"\"tea\"\",\r\nand coffee.</p>\",Ebb Lane,Home > Mugs,,\"Kitchen, mugs ,kitchen,\",true,Colour,Blue,Size,S,,," +
	"MUG-B-S,226.796,shopify,3,deny,manual,16.00,20,501,https://x.example/b.jpg,2,A blue mug,https://x.example/r.jpg,1,active\r\n" +
	"mug,,,,,,,,,Red,,S,,,,250,shopify,-2,continue,manual,17.5,0,,https://x.example/a.jpg,1,,https://x.example/v.jpg,,\r\n" +
	"mug,,,,,,,,,,,,,,,,,,,,,,,https://x.example/r.jpg,3,A red mug,,,\r\n" +
	",,,,,,,,,,,,,,,,,,,,,,,,,,,,\r\n" +
	"poster,Poster,,,,Prints,,FALSE,Title,Default Title,,,,,,,,,deny,manual,0,,,media:demo/poster.svg,1,,,,active\r\n\r\n"

func read(t *testing.T, text string) exchange.File {
	t.Helper()
	f, err := exchange.ReadShopify(strings.NewReader(text), money.GBP)
	if err != nil {
		t.Fatalf("the file was refused: %v", err)
	}
	for i := range f.Products {
		f.Products[i].Place = nil // A function is equal to none.
	}
	return f
}

func refusals(t *testing.T, text string) []exchange.Rejection {
	t.Helper()
	f, err := exchange.ReadShopify(strings.NewReader(text), money.GBP)
	var refused *exchange.FileError
	if !errors.As(err, &refused) {
		t.Fatalf("the file was not refused but gave %v and %+v", err, f)
	}
	if !fault.Is(err, exchange.BrokenFile) || fault.KindOf(err) != fault.Invalid {
		t.Errorf("the error is %v, not of class BrokenFile", err)
	}
	if len(f.Products) > 0 {
		t.Error("a refused file gave products")
	}
	return refused.Rejections
}

func TestReadShopifyExport(t *testing.T) {
	t.Parallel()
	f := read(t, export)
	if f.Rows != 4 || len(f.Products) != 2 {
		t.Fatalf("%d rows and %d products, want 4 and 2", f.Rows, len(f.Products))
	}
	pounds := func(pence int64) money.UnitPrice { return money.NewUnitPrice(pence*10_000, money.GBP) }
	blank, none := "", pounds(0)
	was, body := pounds(2000), "<p>Holds \"tea\",\nand coffee.</p>"
	wanted := exchange.Product{
		Line: 2, Handle: "mug", Title: "Quay mug", Description: &body, Brand: new("Ebb Lane"), Type: new("Kitchen"),
		Tags: []string{"Kitchen", "mugs"}, Status: catalog.Active, Options: []string{"Colour", "Size"},
		Variants: []exchange.Variant{
			{
				Line: 2, Options: []string{"Blue", "S"}, SKU: "MUG-B-S", Price: pounds(1600), CompareAt: &was,
				Quantity: new(int64(3)), Barcode: new("501"), Grams: new(int64(227)), Picture: new(2),
			},
			{
				Line: 4, Options: []string{"Red", "S"}, SKU: "MUG-RED-S", Spare: f.Products[0].Variants[1].Spare, Price: pounds(1750),
				CompareAt: &none, Quantity: new(int64(-2)), Oversell: true, Barcode: &blank, Grams: new(int64(250)), Picture: new(3),
			},
		},
		Images: []exchange.Image{
			{Line: 4, URL: "https://x.example/a.jpg"},
			{Line: 2, URL: "https://x.example/b.jpg", Alt: "A blue mug"},
			{Line: 2, URL: "https://x.example/r.jpg", Alt: "A red mug"},
			{Line: 4, URL: "https://x.example/v.jpg"},
		},
	}
	if !reflect.DeepEqual(f.Products[0], wanted) {
		t.Errorf("the mug is\n%+v, want\n%+v", f.Products[0], wanted)
	}
	poster := f.Products[1]
	if poster.Status != catalog.Draft || len(poster.Options) != 0 || len(poster.Variants) != 1 || *poster.Type != "Prints" {
		t.Errorf("the poster is %+v", poster)
	}
	v := poster.Variants[0]
	if v.SKU != "POSTER" || v.Quantity != nil || len(v.Options) != 0 || !v.Price.IsZero() || *v.Picture != -1 {
		t.Errorf("the poster's variant is %+v", v)
	}
	if want := (exchange.Image{Line: 7, Key: "demo/poster.svg"}); len(poster.Images) != 1 || poster.Images[0] != want {
		t.Errorf("the poster's images are %+v, want %+v", poster.Images, want)
	}
	wantIgnored := []string{"Product Category", "Variant Inventory Tracker", "Variant Fulfillment Service", "Cost per item"}
	if !slices.Equal(f.Ignored, wantIgnored) {
		t.Errorf("ignored %v, want %v", f.Ignored, wantIgnored)
	}
}

func TestReadShopifySavedOtherwise(t *testing.T) {
	t.Parallel()
	want := read(t, export)
	for name, change := range map[string]func(string) string{
		"line feeds":       func(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") },
		"carriage returns": func(s string) string { return strings.ReplaceAll(s, "\r\n", "\r") },
		"no mark":          func(s string) string { return strings.TrimPrefix(s, "\ufeff") },
		"no last line end": func(s string) string { return strings.TrimRight(s, "\r\n") },
		"names in capitals": func(s string) string {
			first, rest, _ := strings.Cut(s, "\r\n")
			return strings.ToUpper(first) + "\r\n" + rest
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := read(t, change(export)); !reflect.DeepEqual(got.Products, want.Products) {
				t.Errorf("the products are\n%+v, want\n%+v", got.Products, want.Products)
			}
		})
	}
}

func TestReadShopifyTemplateSince2024(t *testing.T) {
	t.Parallel()
	f := read(t, "Title,URL handle,Description,Vendor,Type,Tags,Published on online store,Status,SKU,Barcode,Option1 name,"+
		"Option1 value,Option1 Linked To,Price,Compare-at price,Inventory quantity,Continue selling when out of stock,"+
		"Weight value (grams),Product image URL,Image position,Image alt text,Variant image URL\n"+
		"Mug,mug,Nice,Acme,Mugs,a,TRUE,Unlisted,M-1,,Size,S,,10.00,12,3,DENY,200,https://x.example/1.jpg,1,Alt,\n"+
		",mug,,,,,,,M-2,,,L,,11.00,,4,CONTINUE,300,,,,\n")
	p := f.Products[0]
	if len(f.Products) != 1 || p.Handle != "mug" || p.Status != catalog.Draft || len(p.Variants) != 2 || *p.Description != "Nice" {
		t.Fatalf("the products are %+v", f.Products)
	}
	if v := p.Variants[1]; v.SKU != "M-2" || *v.Quantity != 4 || !v.Oversell || *v.Grams != 300 {
		t.Errorf("the second variant is %+v", v)
	}
	if len(f.Notes) != 1 || f.Notes[0].Line != 2 || f.Notes[0].Column != "Status" {
		t.Errorf("the notes are %+v, want one about the status", f.Notes)
	}
}

func TestReadShopifyFewColumns(t *testing.T) {
	t.Parallel()
	f := read(t, "Variant Price,Title,Handle,\n1.5,Mug™,Quay™ Mug,\n")
	p := f.Products[0]
	if p.Handle != "quay-mug" || p.Description != nil || p.Brand != nil || p.Type != nil || p.Tags != nil || p.Status != "" {
		t.Errorf("what the file does not say was made up: %+v", p)
	}
	if v := p.Variants[0]; v.SKU != "QUAY-MUG" || v.CompareAt != nil || v.Quantity != nil || v.Barcode != nil || v.Grams != nil || v.Picture != nil {
		t.Errorf("what the file does not say was made up: %+v", v)
	}
	if len(f.Notes) != 1 || f.Notes[0].Column != "Handle" {
		t.Errorf("the notes are %+v, want one about the handle", f.Notes)
	}
}

func TestReadShopifyReaderFails(t *testing.T) {
	t.Parallel()
	gone := errors.New("the disk is gone")
	_, err := exchange.ReadShopify(io.MultiReader(strings.NewReader(export[:200]), iotest.ErrReader(gone)), money.GBP)
	if !errors.Is(err, gone) || fault.Of(err) != nil {
		t.Errorf("the error is %v, want the reader's", err)
	}
	if _, err := exchange.ReadShopify(strings.NewReader(export), money.Currency{}); !fault.Is(err, money.CurrencyMismatch) {
		t.Errorf("without a currency the error is %v", err)
	}
}
