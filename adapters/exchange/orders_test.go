package exchange_test

import (
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/adapters/exchange"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
)

// orderOptions are those of the documented example.
func orderOptions(t *testing.T) exchange.OrderOptions {
	t.Helper()
	columns, err := exchange.ParseOrderMap(exchange.DefaultOrderMap)
	if err != nil {
		t.Fatal(err)
	}
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	return exchange.OrderOptions{
		Map: columns, Currency: money.GBP, Location: london,
		Rules: ordering.ImportRules{CreditPrefix: "C", AdjustmentPrefix: "A", NotProducts: map[string]bool{"POST": true, "BANK CHARGES": true}},
	}
}

// orderRows reads a file to its end.
func orderRows(t *testing.T, o exchange.OrderOptions, text string) ([]exchange.OrderRow, error) {
	t.Helper()
	r, err := exchange.NewOrderReader(strings.NewReader(text), o)
	var out []exchange.OrderRow
	for err == nil {
		var row exchange.OrderRow
		if row, err = r.Next(); err == nil {
			out = append(out, row)
		}
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return out, err
}

// TestOrderRows reads rows as they come: descriptions missing, customers missing, codes with spaces and of any case.
func TestOrderRows(t *testing.T) {
	t.Parallel()
	rows, err := orderRows(t, orderOptions(t), "\ufeff"+ordersHead+
		"536365,85123A,WHITE HANGING HEART,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom\r\n"+
		"536365,85123a,,2.00,2010-12-01 08:27,0.0010000,,\n"+
		"536366,gift_0001_20,\"AIRLINE, \"\"BIG\"\"\nSIGN\",1,2011-07-01T08:26:00,850,a17850,EIRE\n"+
		"536365,bank charges,,-1,2011-07-01T08:26:00.25Z,15.00,,United Kingdom\n"+
		"C536379,D,Discount,-1,2010-12-01,27.5,14527,United Kingdom\n")
	if err != nil || len(rows) != 5 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	price := func(micro int64) money.UnitPrice { return money.NewUnitPrice(micro, money.GBP) }
	utc := func(month time.Month, day, hour, minute, milli int) time.Time {
		year := 2010
		if month == time.July {
			year = 2011
		}
		return time.Date(year, month, day, hour, minute, 0, milli*1e6, time.UTC)
	}
	for i, want := range []exchange.OrderRow{
		{Line: 2, Row: ordering.ImportedRow{Invoice: "536365", Ordinal: 1, Kind: ordering.ImportedSale, Code: "85123A", Title: "WHITE HANGING HEART", Quantity: 6, UnitPrice: price(2_550_000), At: utc(12, 1, 8, 26, 0), Customer: "17850", Country: "United Kingdom"}},
		{Line: 3, Row: ordering.ImportedRow{Invoice: "536365", Ordinal: 2, Kind: ordering.ImportedSale, Code: "85123A", Quantity: 2, UnitPrice: price(1_000), At: utc(12, 1, 8, 27, 0)}},
		{Line: 4, Row: ordering.ImportedRow{Invoice: "536366", Ordinal: 1, Kind: ordering.ImportedSale, Code: "GIFT_0001_20", Title: "AIRLINE, \"BIG\" SIGN", Quantity: 1, UnitPrice: price(850_000_000), At: utc(7, 1, 7, 26, 0), Customer: "a17850", Country: "EIRE"}},
		{Line: 6, Row: ordering.ImportedRow{Invoice: "536365", Ordinal: 3, Kind: ordering.ImportedAdjustment, Reason: ordering.AdjustsNoProduct, Code: "BANK CHARGES", Quantity: -1, UnitPrice: price(15_000_000), At: utc(7, 1, 8, 26, 250), Country: "United Kingdom"}},
		{Line: 7, Row: ordering.ImportedRow{Invoice: "C536379", Ordinal: 1, Kind: ordering.ImportedRefund, Code: "D", Title: "Discount", Quantity: -1, UnitPrice: price(27_500_000), At: utc(12, 1, 0, 0, 0), Customer: "14527", Country: "United Kingdom"}},
	} {
		want.Valued = true
		if rows[i] != want {
			t.Errorf("row %d\ngot  %+v\nwant %+v", i, rows[i], want)
		}
	}
}

// TestRejectedOrderRows: what cannot be read says where and why, and counts as far as it has a value.
func TestRejectedOrderRows(t *testing.T) {
	t.Parallel()
	for row, want := range map[string]struct {
		column, code string
		valued       bool
	}{
		",85123A,x,6,2010-12-01 08:26:00,2.55,1,UK":                 {"InvoiceNo", exchange.CodeMissingValue, true},
		"1, ,x,6,2010-12-01 08:26:00,2.55,1,UK":                     {"StockCode", exchange.CodeMissingValue, true},
		"1,a,x,,2010-12-01 08:26:00,2.55,1,UK":                      {"Quantity", exchange.CodeMissingValue, false},
		"1,a,x,six,2010-12-01 08:26:00,2.55,1,UK":                   {"Quantity", exchange.CodeBadNumber, false},
		"1,a,x,6.5,2010-12-01 08:26:00,2.55,1,UK":                   {"Quantity", exchange.CodeBadNumber, false},
		"1,a,x,99999999999999999999,2010-12-01 08:26:00,2.55,1,UK":  {"Quantity", exchange.CodeBadNumber, false},
		"1,a,x,1000000001,2010-12-01 08:26:00,0,1,UK":               {"Quantity", exchange.CodeOutOfRange, true},
		"1,a,x,6,2010-12-01 08:26:00,£2.55,1,UK":                    {"UnitPrice", exchange.CodeBadPrice, false},
		"1,a,x,6,2010-12-01 08:26:00,\"2,55\",1,UK":                 {"UnitPrice", exchange.CodeBadPrice, false},
		"1,a,x,6,2010-12-01 08:26:00,2.5500001,1,UK":                {"UnitPrice", exchange.CodeBadPrice, false},
		"1,a,x,6,2010-12-01 08:26:00,,1,UK":                         {"UnitPrice", exchange.CodeMissingValue, false},
		"1,a,x,1000000000,2010-12-01 08:26:00,999999999999.99,1,UK": {"UnitPrice", exchange.CodeOutOfRange, true},
		"1,a,x,6,2010-13-01 08:26:00,2.55,1,UK":                     {"InvoiceDate", exchange.CodeBadTime, true},
		"1,a,x,6,12/1/2010 8:26,2.55,1,UK":                          {"InvoiceDate", exchange.CodeBadTime, true},
		"1,a,x,6,,2.55,1,UK":                                        {"InvoiceDate", exchange.CodeMissingValue, true},
		"1,a,x,6,1066-10-14 09:00:00,2.55,1,UK":                     {"InvoiceDate", exchange.CodeOutOfRange, true},
		"1,a,x,6,2010-12-01 08:26:00,2.55":                          {"", exchange.CodeFieldCount, true},
		"1,a,caf\xe9 \xa3,6,2010-12-01 08:26:00,2.55,1,UK":          {"Description", exchange.CodeNotUTF8, true},
		"1\x00,a,x,6,2010-12-01 08:26:00,2.55,1,UK":                 {"InvoiceNo", exchange.CodeNotUTF8, true},
		"1,a,x,6\xa0,2010-12-01 08:26:00,2.55,1,UK":                 {"Quantity", exchange.CodeNotUTF8, false},
		"1,a,x,\"1,200\",2010-12-01 08:26:00,2.55,1,UK":             {"Quantity", exchange.CodeBadNumber, false},
		"1,a,x,6,2010-12-01 08:26:00,\"1,234.50\",1,UK":             {"UnitPrice", exchange.CodeBadPrice, false},
		"1,a,x,6,2010-12-01 08:26:00,2.55,1,UK,more":                {"", exchange.CodeFieldCount, true},
		"1,a,x": {"", exchange.CodeFieldCount, false},
		strings.Repeat("1", 65) + ",a,x,6,2010-12-01 08:26:00,2.55,1,UK":            {"InvoiceNo", exchange.CodeOutOfRange, true},
		"1," + strings.Repeat("a", 65) + ",x,6,2010-12-01 08:26:00,2.55,1,UK":       {"StockCode", exchange.CodeOutOfRange, true},
		"1,a," + strings.Repeat("x", 1001) + ",6,2010-12-01 08:26:00,2.55,1,UK":     {"Description", exchange.CodeOutOfRange, true},
		"1,a,x,6,2010-12-01 08:26:00,2.55," + strings.Repeat("1", 256) + ",UK":      {"CustomerID", exchange.CodeOutOfRange, true},
		"1,a,x,6,2010-12-01 08:26:00,2.55,1," + strings.Repeat("United ", 40) + "K": {"Country", exchange.CodeOutOfRange, true},
	} {
		rows, err := orderRows(t, orderOptions(t), ordersHead+row+"\n536365,85123A,x,6,2010-12-01 08:26:00,2.55,1,UK\n")
		if err != nil || len(rows) != 2 || rows[1].Code != "" {
			t.Fatalf("%s: %+v, %v", row, rows, err)
		}
		if got := rows[0]; got.Line != 2 || got.Code != want.code || got.Column != want.column && want.column != "" || got.Valued != want.valued || got.Reason == "" {
			t.Errorf("%s: %+v, want %+v", row, got, want)
		}
	}
}

// TestManyFaultsOfARow: one rejection tells of all.
func TestManyFaultsOfARow(t *testing.T) {
	t.Parallel()
	rows, err := orderRows(t, orderOptions(t), ordersHead+",,x,six,soon,free,1,UK\n")
	if err != nil || len(rows) != 1 || rows[0].Column != "InvoiceNo" {
		t.Fatalf("%+v, %v", rows, err)
	}
	for _, column := range []string{"StockCode", "Quantity", "InvoiceDate", "UnitPrice"} {
		if !strings.Contains(rows[0].Reason, "also "+column) {
			t.Errorf("%q does not tell of %s", rows[0].Reason, column)
		}
	}
}

func TestOrderDates(t *testing.T) {
	t.Parallel()
	for text, want := range map[exchange.DateForm]string{exchange.DatesDMY: "2010-01-12T08:26:00Z", exchange.DatesMDY: "2010-12-01T08:26:00Z"} {
		o := orderOptions(t)
		o.Dates, o.Location = text, nil
		rows, err := orderRows(t, o, ordersHead+"1,a,x,6,12/1/2010 8:26,2.55,1,UK\n")
		if err != nil || rows[0].Row.At.Format(time.RFC3339) != want {
			t.Errorf("%s: %+v, %v", text, rows, err)
		}
	}
	// An hour that is not there and one that is there twice are times all the same.
	rows, err := orderRows(t, orderOptions(t), ordersHead+"1,a,x,6,2011-03-27 01:30:00,2.55,1,UK\n1,a,x,6,2011-10-30 01:30:00,2.55,1,UK\n")
	if err != nil || rows[0].Code != "" || rows[1].Code != "" {
		t.Errorf("%+v, %v", rows, err)
	}
}

func TestOrderMaps(t *testing.T) {
	t.Parallel()
	good, err := exchange.ParseOrderMap(` invoice = No ,"title=What, exactly",sku=Code,quantity=Qty,at=When,unit_price=Price`)
	if err != nil || good[exchange.OrderTitle] != "What, exactly" || good[exchange.OrderInvoice] != "No" || len(good) != 6 {
		t.Errorf("%v, %v", good, err)
	}
	const rest = ",sku=Code,quantity=Qty,at=When,unit_price=Price"
	for text, words := range map[string][]string{
		"invoice" + rest:               {`"invoice" has no column`},
		"invoice=" + rest:              {"the field invoice has no column"},
		"invoice=No,colour=Hue" + rest: {`"colour" is no field`, "invoice, sku, title"},
		"invoice=No,invoice=N2" + rest: {"invoice is mapped twice"},
		"invoice=No," + rest:           {"a pair is empty"},
		"title=What":                   {"invoice is not mapped", "sku is not mapped", "quantity is not mapped", "at is not mapped", "unit_price is not mapped"},
		"\"invoice=No" + rest:          {"cannot be read"},
		"":                             {"invoice is not mapped"},
	} {
		_, err := exchange.ParseOrderMap(text)
		if !fault.Is(err, fault.Bad) {
			t.Errorf("%s: %v", text, err)
			continue
		}
		var all string
		for _, v := range fault.Of(err).Violations() {
			if all += v.Message() + "\n"; v.Field() != "map" {
				t.Errorf("%s: a violation of %q", text, v.Field())
			}
		}
		for _, w := range words {
			if !strings.Contains(all, w) {
				t.Errorf("%s: nothing says %q but\n%s", text, w, all)
			}
		}
	}
}

// TestBrokenOrderFiles: a file that is no such table is refused as a whole.
func TestBrokenOrderFiles(t *testing.T) {
	t.Parallel()
	for text, code := range map[string]string{
		"": exchange.CodeEmptyFile, "\n\n": exchange.CodeEmptyFile,
		"InvoiceNo,StockCode\n":                                   exchange.CodeMissingColumn,
		strings.Replace(ordersHead, "Country", "Quantity", 1):     exchange.CodeDuplicateColumn,
		ordersHead + "1,\"a,x,6,2010-12-01 08:26:00,2.55,1,UK\n":  exchange.CodeUnclosedQuote,
		ordersHead + "1,a\"b,x,6,2010-12-01 08:26:00,2.55,1,UK\n": exchange.CodeMisplacedQuote,
		"\xff\xfeI\x00n\x00v\x00":                                 exchange.CodeNotUTF8,
		"Invoice\xe9\n" + ordersHead:                              exchange.CodeNotUTF8,
		strings.ReplaceAll(ordersHead, ",", ";"):                  exchange.CodeMissingColumn,
	} {
		_, err := orderRows(t, orderOptions(t), text)
		var refused *exchange.FileError
		if !errors.As(err, &refused) || refused.Rejections[0].Code != code {
			t.Errorf("%q: %v, want %s", text, err, code)
		}
	}
	// Columns compare without case where none is exact.
	if rows, err := orderRows(t, orderOptions(t), strings.ToLower(ordersHead)+"1,a,x,6,2010-12-01 08:26:00,2.55,1,UK\n"); err != nil || len(rows) != 1 {
		t.Errorf("%+v, %v", rows, err)
	}
}

// TestOrdersRealFile reads the month of a retailer that COMMERCE_ORDERS_CSV names.
func TestOrdersRealFile(t *testing.T) {
	t.Parallel()
	path := os.Getenv("COMMERCE_ORDERS_CSV")
	if path == "" {
		t.Log("COMMERCE_ORDERS_CSV is not set: no real file was read")
		return
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	o := orderOptions(t)
	for _, code := range []string{"POST", "DOT", "M", "C2", "D", "S", "B", "CRUK", "PADS", "AMAZONFEE", "BANK CHARGES"} {
		o.Rules.NotProducts[code] = true
	}
	rows, err := orderRows(t, o, string(text))
	if err != nil {
		t.Fatal(err)
	}
	counts, sums := map[ordering.ImportedKind]int{}, map[ordering.ImportedKind]*ordering.ExactSum{}
	for _, r := range rows {
		if sums[r.Row.Kind] == nil {
			sums[r.Row.Kind] = &ordering.ExactSum{}
		}
		counts[r.Row.Kind]++
		sums[r.Row.Kind].AddLine(r.Row.UnitPrice, r.Row.Quantity)
	}
	for kind, want := range map[ordering.ImportedKind]struct {
		rows int
		sum  string
	}{
		ordering.ImportedSale: {41320, "778008.36"}, ordering.ImportedRefund: {698, "-17607.86"}, ordering.ImportedAdjustment: {463, "-11443.48"},
	} {
		if got := sums[kind].Decimal(money.GBP); counts[kind] != want.rows || got != want.sum {
			t.Errorf("%s: %d rows of %s, want %d of %s", kind, counts[kind], got, want.rows, want.sum)
		}
	}
	if len(rows) != 42481 || counts[""] != 0 {
		t.Errorf("%d rows, %d of them rejected", len(rows), counts[""])
	}
}
