package exchange_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/adapters/exchange"
)

// columns is the first line of small files: 14 columns.
const columns = "Handle,Title,Published,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant SKU,Variant Grams," +
	"Variant Inventory Qty,Variant Inventory Policy,Variant Price,Image Src,Status\n"

func TestReadShopifyRefuses(t *testing.T) {
	t.Parallel()
	const first = "mug,Mug,true,Size,S,,,,1,2,deny,5,,\n"
	for _, c := range []struct {
		name, text string
		line       int
		column     string
		code       string
	}{
		{"nothing", "", 1, "", exchange.CodeEmptyFile},
		{"only line ends", "\n\r\n", 1, "", exchange.CodeEmptyFile},
		{"only a header", columns, 1, "", exchange.CodeNoRows},
		{"another table", "a,b\n1,2\n", 1, "Handle", exchange.CodeMissingColumn},
		{"semicolons", "Handle;Title;Variant Price\n", 1, "Handle", exchange.CodeMissingColumn},
		{"no price column", "Handle,Title\nmug,Mug\n", 1, "Variant Price", exchange.CodeMissingColumn},
		{"a column twice", "Handle,Title,Price,Variant Price\n", 1, "Variant Price", exchange.CodeDuplicateColumn},
		{"Latin-1", columns + first + "mug,,,,\"a\nb\n\xe9\",,,,,,,5,,\n", 5, "Option1 Value", exchange.CodeNotUTF8},
		{"UTF-16", "\xff\xfeH\x00a\x00", 1, "", exchange.CodeNotUTF8},
		{"NUL", columns + "mug\x00,Mug,,,,,,,,,,5,,\n", 2, "Handle", exchange.CodeNotUTF8},
		{"an open quote", columns + first + "mug,,,,\"L,,,,,,,5,,\nmug\n", 3, "Option1 Value", exchange.CodeUnclosedQuote},
		{"a quote inside", columns + "mug,5\" mug,,,,,,,,,,5,,\n", 2, "Title", exchange.CodeMisplacedQuote},
		{"text behind a quote", columns + "mug,\"Mug\" blue,,,,,,,,,,5,,\n", 2, "Title", exchange.CodeMisplacedQuote},
		{"an endless cell", columns + "mug,\"" + strings.Repeat("x", exchange.CellMax+1) + "\"", 2, "Title", exchange.CodeTooLong},
		{"an endless bare cell", columns + "mug," + strings.Repeat("x", exchange.CellMax+1), 2, "Title", exchange.CodeTooLong},
		{"an endless row", columns + strings.Repeat(",", exchange.ColumnsMax+1), 2, "", exchange.CodeTooLong},
		{"an enormous row", columns + strings.Repeat(strings.Repeat("x", exchange.CellMax)+",", 5), 2, "", exchange.CodeTooLong},
		{"a cell too many", columns + "mug,Mug,true,,,,,,1,2,deny,5,,,\n", 2, "", exchange.CodeFieldCount},
		{"a cell too few", columns + first + "mug,,,\n", 3, "Option1 Value", exchange.CodeFieldCount},
		{"no handle", columns + ",Mug,true,,,,,,1,2,deny,5,,\n", 2, "Handle", exchange.CodeMissingHandle},
		{"a handle of signs", columns + "..,Mug,true,,,,,,1,2,deny,5,,\n", 2, "Handle", exchange.CodeBadHandle},
		{"a handle like an id", columns + "prd_1,Mug,true,,,,,,1,2,deny,5,,\n", 2, "Handle", exchange.CodeRule},
		{"a handle too long", columns + strings.Repeat("x", 256) + ",Mug,true,,,,,,1,2,deny,5,,\n", 2, "Handle", exchange.CodeRule},
		{"two blocks", columns + first + "pot,Pot,,,,,,,,,,5,,\n" + "mug,,,,L,,,,,,,5,,\n", 4, "Handle", exchange.CodeSplitProduct},
		{"handles that become one", columns + first + "MUG,Mug,,,,,,,,,,5,,\n", 3, "Handle", exchange.CodeSplitProduct},
		{"no title", columns + "mug,,true,,,,,,1,2,deny,5,,\n", 2, "Title", exchange.CodeMissingTitle},
		{"a title too long", columns + "mug," + strings.Repeat("x", 256) + ",true,,,,,,1,2,deny,5,,\n", 2, "Title", exchange.CodeRule},
		{"two titles", columns + first + "mug,Cup,,,L,,,,,,,5,,\n", 3, "Title", exchange.CodeConflict},
		{"two option names", columns + first + "mug,,,Weight,L,,,,,,,5,,\n", 3, "Option1 Name", exchange.CodeConflict},
		{"an option without a name", columns + "mug,Mug,true,Size,S,,Blue,,1,2,deny,5,,\n", 2, "Option2 Value", exchange.CodeMissingOptionName},
		{"an option without a value", columns + first + "mug,,,,,,,,1,2,deny,5,,\n", 3, "Option1 Value", exchange.CodeMissingOptionValue},
		{"an option named twice", columns + "mug,Mug,true,Size,S,size,L,,1,2,deny,5,,\n", 2, "Option2 Name", exchange.CodeRule},
		{"a value too long", columns + "mug,Mug,true,,,Size," + strings.Repeat("x", 256) + ",,1,2,deny,5,,\n", 2, "Option2 Value", exchange.CodeRule},
		{"a variant twice", columns + first + "mug,,,,s,,,,1,2,deny,5,,\n", 3, "Option1 Value", exchange.CodeDuplicateVariant},
		{"variants without options", columns + "mug,Mug,,Title,Default Title,,,,,,,5,,\nmug,,,,Default Title,,,,,,,5,,\n", 3, "Option1 Value", exchange.CodeDuplicateVariant},
		{"variants without anything", columns + "mug,Mug,,,,,,,,,,5,,\nmug,,,,,,,,,,,5,,\n", 3, "Option1 Value", exchange.CodeDuplicateVariant},
		{"a SKU too long", columns + "mug,Mug,,,,,," + strings.Repeat("x", 65) + ",,,,5,,\n", 2, "Variant SKU", exchange.CodeBadSKU},
		{"a SKU twice", columns + "mug,Mug,,,,,,A,,,,5,,\npot,Pot,,,,,,A,,,,5,,\n", 3, "Variant SKU", exchange.CodeDuplicateSKU},
		{"no price", columns + first + "mug,,,,L,,,,1,2,deny,,,\n", 3, "Variant Price", exchange.CodeMissingPrice},
		{"a price with a comma", columns + "mug,Mug,,,,,,,,,,\"1,234.50\",,\n", 2, "Variant Price", exchange.CodeBadPrice},
		{"a price with a sign", columns + "mug,Mug,,,,,,,,,,£5,,\n", 2, "Variant Price", exchange.CodeBadPrice},
		{"a price too large", columns + "mug,Mug,,,,,,,,,,99999999999999,,\n", 2, "Variant Price", exchange.CodeBadPrice},
		{"a negative price", columns + "mug,Mug,,,,,,,,,,-5,,\n", 2, "Variant Price", exchange.CodeNegative},
		{"half a piece", columns + "mug,Mug,,,,,,,,2.5,,5,,\n", 2, "Variant Inventory Qty", exchange.CodeBadNumber},
		{"too many pieces", columns + "mug,Mug,,,,,,,,1000000001,,5,,\n", 2, "Variant Inventory Qty", exchange.CodeBadNumber},
		{"a weight in words", columns + "mug,Mug,,,,,,,1kg,,,5,,\n", 2, "Variant Grams", exchange.CodeBadNumber},
		{"a weight by powers", columns + "mug,Mug,,,,,,,1.5e3,,,5,,\n", 2, "Variant Grams", exchange.CodeBadNumber},
		{"a negative weight", columns + "mug,Mug,,,,,,,-1,,,5,,\n", 2, "Variant Grams", exchange.CodeNegative},
		{"an unknown policy", columns + "mug,Mug,,,,,,,,,perhaps,5,,\n", 2, "Variant Inventory Policy", exchange.CodeUnknownValue},
		{"an unknown truth", columns + "mug,Mug,perhaps,,,,,,,,,5,,\n", 2, "Published", exchange.CodeUnknownValue},
		{"an unknown status", columns + "mug,Mug,,,,,,,,,,5,,sold\n", 2, "Status", exchange.CodeUnknownValue},
		{"a script for an image", columns + "mug,Mug,,,,,,,,,,5,javascript:1,\n", 2, "Image Src", exchange.CodeBadImage},
		{"media outside", columns + "mug,Mug,,,,,,,,,,5,media:../x,\n", 2, "Image Src", exchange.CodeBadImage},
		{"an address too long", columns + "mug,Mug,,,,,,,,,,5,https://" + strings.Repeat("x", 2048) + ",\n", 2, "Image Src", exchange.CodeRule},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := refusals(t, c.text)
			i := slices.IndexFunc(got, func(r exchange.Rejection) bool {
				return r.Line == c.line && r.Column == c.column && r.Code == c.code
			})
			if i < 0 || got[i].Reason == "" {
				t.Errorf("rejected %v, want line %d, column %q, %s", got, c.line, c.column, c.code)
			}
			if i > 0 {
				t.Errorf("rejected %v, want what is wrong first", got)
			}
		})
	}
}

func TestReadShopifyTooManyVariants(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString(columns + "mug,Mug,,Size,0,,,,,,,5,,\n")
	for i := 1; i <= 2048; i++ {
		fmt.Fprintf(&b, "mug,,,,%d,,,,,,,5,,\n", i)
	}
	if got := refusals(t, b.String()); len(got) != 1 || got[0].Line != 2 || got[0].Code != exchange.CodeRule {
		t.Errorf("rejected %v, want the number of variants", got)
	}
}

func TestReadShopifyListsAll(t *testing.T) {
	t.Parallel()
	got := refusals(t, columns+"mug,,maybe,,,,,,x,y,z,,,\npot,Pot,,,,,,,,,,-1,,\n")
	var codes []string
	for _, r := range got {
		codes = append(codes, fmt.Sprintf("%d %s %s", r.Line, r.Column, r.Code))
	}
	want := []string{
		"2 Title missing_title", "2 Published unknown_value", "2 Variant Price missing_price",
		"2 Variant Inventory Qty bad_number", "2 Variant Grams bad_number", "2 Variant Inventory Policy unknown_value",
		"3 Variant Price negative",
	}
	if !slices.Equal(codes, want) {
		t.Errorf("rejected %q, want %q", codes, want)
	}
	if text, err := json.Marshal(got[0]); err != nil || !strings.HasPrefix(string(text), `{"line":2,"column":"Title","code":"missing_title","reason":"`) {
		t.Errorf("as JSON a rejection is %s, %v", text, err)
	}
	many := refusals(t, columns+strings.Repeat("mug,\n", 500))
	if len(many) != exchange.ListMax {
		t.Errorf("%d rejections are listed, want %d", len(many), exchange.ListMax)
	}
}
