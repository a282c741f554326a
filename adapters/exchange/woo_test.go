package exchange_test

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/adapters/exchange"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// wooColumns are columns of WooCommerce's own exporter.
const wooColumns = `ID,Type,SKU,Name,Published,"Is featured?","Visibility in catalog","Short description",Description,` +
	`"Date sale price starts","Date sale price ends","Tax class","In stock?",Stock,"Backorders allowed?","Weight (kg)","Sale price",` +
	`"Regular price",Categories,Tags,Images,Parent,"Attribute 1 name","Attribute 1 value(s)","Attribute 1 visible","Attribute 1 global",` +
	`"Attribute 2 name","Attribute 2 value(s)","Meta: care","Meta: _wp_old","Purchase note"` + "\n"

// wooRow is a row with these cells, and nothing else.
func wooRow(cells map[string]string) string {
	var out []string
	for name := range strings.SplitSeq(strings.TrimSpace(strings.ReplaceAll(wooColumns, `"`, "")), ",") {
		out = append(out, `"`+strings.ReplaceAll(cells[name], `"`, `""`)+`"`)
	}
	return strings.Join(out, ",") + "\n"
}

// sold reads a file in any format.
func sold(t *testing.T, text string) (*exchange.Source, []exchange.Product) {
	t.Helper()
	s, err := exchange.Open(strings.NewReader(text), int64(len(text)), "", money.GBP)
	if err == nil {
		err = s.Check(nil)
	}
	if err != nil {
		t.Fatalf("the file is refused: %v", err)
	}
	var out []exchange.Product
	if err := s.Each(func(i exchange.Item) error {
		if i.Product != nil {
			out = append(out, *i.Product)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return s, out
}

// unsold reads a file that is refused, and gives why.
func unsold(t *testing.T, text string, as exchange.Format) []exchange.Rejection {
	t.Helper()
	s, err := exchange.Open(strings.NewReader(text), int64(len(text)), as, money.GBP)
	if err == nil {
		err = s.Check(nil)
	}
	var refused *exchange.FileError
	if !errors.As(err, &refused) {
		t.Fatalf("the error is %v", err)
	}
	return refused.Rejections
}

func wooShop() string {
	return wooColumns +
		wooRow(map[string]string{
			"ID": "10", "Type": "variable", "SKU": "tee", "Name": "V-Neck Tee", "Published": "1", "Is featured?": "1", "Visibility in catalog": "visible",
			"Short description": `Soft.\nGreen.`, "Description": `<p>It's "fine"</p>`, "In stock?": "1", "Weight (kg)": "0.25",
			"Categories": `Clothing > T-shirts, Gifts\, and more`, "Tags": "cotton, Cotton, summer", "Images": "https://x.example/a.jpg, https://x.example/b.jpg",
			"Attribute 1 name": "Color", "Attribute 1 value(s)": "Blue, Red", "Attribute 2 name": "Size", "Attribute 2 value(s)": "L, M", "Meta: care": "'=cold",
		}) +
		wooRow(map[string]string{"ID": "11", "Type": "simple, downloadable, virtual", "SKU": "album", "Name": "Album", "Published": "0", "In stock?": "1", "Regular price": "15,50", "Attribute 1 name": "Label", "Attribute 1 value(s)": "Own"}) +
		wooRow(map[string]string{"ID": "12", "Type": "variation", "SKU": "tee-red", "Name": "V-Neck Tee - Red", "Published": "1", "In stock?": "1", "Stock": "5", "Sale price": "18", "Regular price": "20", "Parent": "tee", "Attribute 1 name": "Color", "Attribute 1 value(s)": "Red", "Images": "https://x.example/r.jpg"}) +
		wooRow(map[string]string{"ID": "13", "Type": "variation", "Name": "V-Neck Tee - Blue", "Published": "-1", "In stock?": "backorder", "Weight (kg)": ".3", "Sale price": "9", "Regular price": "20", "Date sale price starts": "2026-05-01", "Date sale price ends": "2026-05-31", "Parent": "id:10", "Attribute 1 name": "Color", "Attribute 1 value(s)": "Blue", "Attribute 2 name": "Size"}) +
		wooRow(map[string]string{"ID": "14", "Type": "grouped", "Name": "Set"}) +
		wooRow(map[string]string{"ID": "15", "Type": "simple", "SKU": "b1", "Name": "Beanie", "Published": "1", "Visibility in catalog": "hidden", "In stock?": "0", "Regular price": "3"}) +
		wooRow(map[string]string{"ID": "16", "Type": "simple", "SKU": "b2", "Name": "Beanie", "Stock": "-4", "Backorders allowed?": "notify", "Regular price": "4"})
}

func TestReadWooCommerce(t *testing.T) {
	t.Parallel()
	s, got := sold(t, wooShop())
	if s.Format() != exchange.WooCommerce || s.Rows() != 7 || len(got) != 4 {
		t.Fatalf("%s: %d rows, %d products", s.Format(), s.Rows(), len(got))
	}
	if want := []string{"Meta: _wp_old", "Purchase note"}; !slices.Equal(s.Ignored(), want) {
		t.Errorf("left out are %q, want %q", s.Ignored(), want)
	}
	pounds := func(pence int64) money.UnitPrice { return money.NewUnitPrice(pence*10_000, money.GBP) }
	tee := got[0]
	made := catalog.Product{}
	tee.Also(&made)
	if tee.Handle != "v-neck-tee" || tee.Title != "V-Neck Tee" || *tee.Description != "Soft.\nGreen.\n\n<p>It's \"fine\"</p>" || tee.Status != catalog.Active ||
		!slices.Equal(tee.Tags, []string{"cotton", "summer"}) || !slices.Equal(tee.Options, []string{"Color"}) || !made.Featured || made.Metadata["care"] != "=cold" || made.Metadata["Size"] != "L, M" {
		t.Errorf("the tee is %+v, and %+v", tee, made)
	}
	if len(tee.Shelves) != 2 || !slices.Equal(tee.Shelves[0], []string{"Clothing", "T-shirts"}) || !slices.Equal(tee.Shelves[1], []string{"Gifts, and more"}) {
		t.Errorf("the tee is in %q", tee.Shelves)
	}
	red, blue := tee.Variants[0], tee.Variants[1]
	if red.SKU != "tee-red" || red.Price != pounds(1800) || *red.CompareAt != pounds(2000) || *red.Quantity != 5 || *red.Grams != 250 || *red.Picture != 2 || red.Line != 4 {
		t.Errorf("the red one is %+v", red)
	}
	if blue.SKU != "V-NECK-TEE-BLUE" || blue.Price != pounds(2000) || len(blue.Planned) != 1 || *blue.Grams != 300 || *blue.Picture != -1 || !blue.Oversell {
		t.Errorf("the blue one is %+v", blue)
	}
	if sale := blue.Planned[0]; sale.Amount != pounds(900) || !sale.Window.Until.Equal(time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)) || *sale.CompareAt != pounds(2000) {
		t.Errorf("the sale is %+v", sale)
	}
	album := got[1]
	if album.Status != catalog.Draft || album.Variants[0].Price != pounds(1550) || album.Variants[0].Quantity != nil || !album.Variants[0].Oversell || album.Variants[0].SKU != "album" {
		t.Errorf("the album is %+v", album)
	}
	if got[2].Handle != "beanie-b1" || got[3].Handle != "beanie-b2" || got[2].Status != catalog.Draft || *got[2].Variants[0].Quantity != 0 || *got[3].Variants[0].Quantity != -4 {
		t.Errorf("the beanies are %+v and %+v", got[2], got[3])
	}
	notes := fmt.Sprint(s.Notes())
	for _, part := range []string{"grouped", "hidden becomes draft", "without being counted"} {
		if !strings.Contains(notes, part) {
			t.Errorf("the notes %s do not tell of %q", notes, part)
		}
	}
	if n := strings.Count(notes, "fits any"); n != 0 {
		t.Errorf("an attribute that nobody differs in is told of %d times", n)
	}
}

func TestReadWooCommerceAny(t *testing.T) {
	t.Parallel()
	s, got := sold(t, wooColumns+
		wooRow(map[string]string{"ID": "2", "Type": "variation", "Parent": "id:1", "Regular price": "1", "Attribute 1 name": "Color", "Attribute 1 value(s)": "Red"})+
		wooRow(map[string]string{"ID": "1", "Type": "variable", "Name": "Tee", "Attribute 1 name": "Color", "Attribute 1 value(s)": "Red, Blue"})+
		wooRow(map[string]string{"ID": "3", "Type": "variation", "Parent": "id:1", "Regular price": "1", "Attribute 1 name": "Color"}))
	if len(got) != 1 || len(got[0].Variants) != 2 || got[0].Variants[1].Options[0] != "Any" || len(s.Notes()) != 1 {
		t.Errorf("the products are %+v, the notes %v", got, s.Notes())
	}
}

func TestReadWooCommerceRefuses(t *testing.T) {
	t.Parallel()
	simple := func(name, text string) string {
		return wooColumns + wooRow(map[string]string{"ID": "1", "Type": "simple", "SKU": "A", "Name": "A", "Regular price": "1"}) +
			wooRow(map[string]string{"ID": "2", "Type": "simple", "SKU": "B", "Name": "B", "Regular price": "1", name: text})
	}
	for _, c := range []struct {
		name, text, column, code string
	}{
		{"a bad price", simple("Regular price", "free"), "Regular price", exchange.CodeBadPrice},
		{"thousands", simple("Regular price", "1,234"), "Regular price", exchange.CodeBadPrice},
		{"a negative price", simple("Sale price", "-1"), "Sale price", exchange.CodeNegative},
		{"a SKU twice", simple("SKU", "A"), "SKU", exchange.CodeDuplicateSKU},
		{"a SKU too long", simple("SKU", strings.Repeat("x", ref.SKUMax+1)), "SKU", exchange.CodeBadSKU},
		{"no name", simple("Name", ""), "Name", exchange.CodeMissingTitle},
		{"half a piece", simple("Stock", "2.5"), "Stock", exchange.CodeBadNumber},
		{"a bad weight", simple("Weight (kg)", "heavy"), "Weight (kg)", exchange.CodeBadNumber},
		{"a bad truth", simple("Published", "perhaps"), "Published", exchange.CodeUnknownValue},
		{"a bad visibility", simple("Visibility in catalog", "perhaps"), "Visibility in catalog", exchange.CodeUnknownValue},
		{"a bad day", simple("Date sale price ends", "soon"), "Date sale price ends", exchange.CodeBadValue},
		{"a bad word on stock", simple("In stock?", "perhaps"), "In stock?", exchange.CodeUnknownValue},
		{"a name too long", simple("Name", strings.Repeat("x", 300)), "Name", exchange.CodeRule},
		{"an orphan", simple("Type", "variation"), "Parent", exchange.CodeMissingParent},
		{"a lost orphan", wooColumns + "\n" + wooRow(map[string]string{"ID": "1", "Type": "variation", "Parent": "nobody"}), "Parent", exchange.CodeMissingParent},
		{"no variations", simple("Type", "variable"), "Type", exchange.CodeMissingVariant},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			text := c.text
			if c.code == exchange.CodeBadValue {
				text = strings.Replace(text, `"soon"`, `"soon"`, 1)
				text = strings.Replace(text, wooRow(map[string]string{"ID": "2", "Type": "simple", "SKU": "B", "Name": "B", "Regular price": "1", "Date sale price ends": "soon"}),
					wooRow(map[string]string{"ID": "2", "Type": "simple", "SKU": "B", "Name": "B", "Regular price": "2", "Sale price": "1", "Date sale price ends": "soon"}), 1)
			}
			got := unsold(t, text, "")
			if got[0].Line != 3 || got[0].Column != c.column || got[0].Code != c.code || got[0].Reason == "" {
				t.Errorf("rejected %v, want line 3, column %q, %s", got, c.column, c.code)
			}
		})
	}
}

func TestReadWooCommerceTooManyVariations(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString(wooColumns + wooRow(map[string]string{"ID": "1", "Type": "variable", "Name": "Tee", "Attribute 1 name": "N"}))
	for i := range 3000 {
		b.WriteString(wooRow(map[string]string{"Type": "variation", "Parent": "id:1", "Regular price": "1", "Attribute 1 name": "N", "Attribute 1 value(s)": strconv.Itoa(i)}))
	}
	if got := unsold(t, b.String(), ""); len(got) != 1 || got[0].Line != 2 || !strings.Contains(got[0].Reason, "3000 variations and may have 2048") {
		t.Errorf("rejected %v", got)
	}
}
