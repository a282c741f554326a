package integration_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/adapters/bridge"
	"github.com/ipswich-retail/commerce/adapters/exchange"
	"github.com/ipswich-retail/commerce/apps/shop/cli"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// TestMoveIn brings a shop's file into a database by the command, shows before what would come, and buys what came. It is
// the file that COMMERCE_SHOPIFY_CSV names, or a small one.
func TestMoveIn(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	file := os.Getenv("COMMERCE_SHOPIFY_CSV")
	if file == "" {
		file = mugs(t, "")
	}
	dsn := database(t)
	code, out, failure := shopCommand(t, dsn, "import products --dry-run "+file)
	if code != cli.ExitDone || failure != "" || !strings.Contains(out, "created product ") || !strings.Contains(out, "  + variants[") || !strings.Contains(out, "nothing was written") {
		t.Fatalf("exit %d\n%s%s", code, out, failure)
	}
	if r := importFile(t, dsn, file, cli.ExitDone); r.Created != r.Products || r.Products == 0 {
		t.Errorf("the import: %+v", r)
	}
	if r := importFile(t, dsn, file, cli.ExitDone); r.Unchanged != r.Products {
		t.Errorf("the second import: %+v", r)
	}
	again := filepath.Join(t.TempDir(), "shop.csv")
	wantCommand(t, dsn, "export products "+again, cli.ExitDone, "(csv): ", "")
	if r := importFile(t, dsn, again, cli.ExitDone); r.Unchanged != r.Products || r.Products == 0 {
		t.Errorf("the import of its export: %+v", r)
	}
	shop := startShop(t, "--store", "postgres", "--database-url", dsn)
	boughtOf(t, shop.base, again)
}

// boughtOf buys the first SKU of our CSV of which there are some.
func boughtOf(t *testing.T, base, file string) {
	t.Helper()
	text, err := os.ReadFile(file) //nolint:gosec // Our own file.
	if err != nil {
		t.Fatal(err)
	}
	s, err := exchange.Open(bytes.NewReader(text), int64(len(text)), "", money.GBP)
	if err != nil {
		t.Fatal(err)
	}
	var sku ref.SKU
	if err := s.Each(func(i exchange.Item) error {
		if i.Product == nil || i.Product.Status != catalog.Active {
			return nil
		}
		for _, v := range i.Product.Variants {
			if sku == "" && v.Levels["main"] > 0 && !v.Price.IsZero() {
				sku = v.SKU
			}
		}
		return nil
	}); err != nil || sku == "" {
		t.Fatalf("nothing to buy: %v", err)
	}
	var cart struct{ ID string }
	posted(t, base+"/api/v1/carts", fmt.Sprintf(`{"lines":[{"sku":%q,"quantity":1}]}`, sku), &cart)
	var order struct{ Status string }
	posted(t, base+"/api/v1/carts/"+cart.ID+"/checkout", `{"email":"a@b.example","payment":{"provider":"manual"},"shipping_address":{"name":"A","line1":"1 Quay","city":"Ipswich","postal_code":"IP4 1AA","country":"GB"}}`, &order)
	if order.Status != "placed" {
		t.Errorf("the order of %s is %+v", sku, order)
	}
}

// many is a file of our JSON Lines with so many products of one variant, written as it is read.
func many(products int, description string) io.ReaderAt {
	var b bytes.Buffer
	b.WriteString(`{"kind":"shop","format":"commerce.products","version":1,"currency":"GBP"}` + "\n")
	for i := range products {
		fmt.Fprintf(&b, `{"kind":"product","slug":"p-%d","title":"P %d","description":%q,"brand":"B %d","categories":[],"variants":[{"sku":"P-%d","price":"1.%02d","stock":%d}]}`+"\n", i, i, description, i%3, i, i%100, i%7)
	}
	fmt.Fprintf(&b, `{"kind":"end","products":%d}`+"\n", products)
	return bytes.NewReader(b.Bytes())
}

// opened opens what many makes.
func opened(t *testing.T, in io.ReaderAt) *exchange.Source {
	t.Helper()
	sized, ok := in.(interface{ Size() int64 })
	if !ok {
		t.Fatal("a file has a size")
	}
	s, err := exchange.Open(in, sized.Size(), "", money.GBP)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestImportGoesOn stops an import at each of its steps and runs it again: it ends as one that was not stopped, and what
// was shown in between was whole.
func TestImportGoesOn(t *testing.T) {
	t.Parallel()
	file := many(120, "some")
	whole := memoryDealer()
	steps := 0
	if _, err := whole.importer.ImportFile(t.Context(), dealScope(), opened(t, file), bridge.ImportRun{Tell: func(bridge.ImportProgress) { steps++ }}); err != nil {
		t.Fatal(err)
	}
	want := withoutIDs(whole.exported(t, exchange.JSONL))
	for stop := range steps {
		d := memoryDealer()
		ctx, cancel := context.WithCancel(t.Context())
		told := 0
		report, err := d.importer.ImportFile(ctx, dealScope(), opened(t, file), bridge.ImportRun{Tell: func(bridge.ImportProgress) {
			if told++; told > stop {
				cancel()
			}
		}})
		cancel()
		if err == nil && stop < steps-1 || err != nil && !errors.Is(err, context.Canceled) {
			t.Fatalf("stopped at step %d of %d: %v", stop, steps, err)
		}
		second, err := d.importer.ImportFile(t.Context(), dealScope(), opened(t, file), bridge.ImportRun{})
		if err != nil || second.Created+report.Created != 120 || second.Unchanged != report.Created {
			t.Fatalf("run again after step %d: %v, %+v after %+v", stop, err, second, report)
		}
		if got := withoutIDs(d.exported(t, exchange.JSONL)); got != want {
			t.Errorf("stopped at step %d it ends otherwise", stop)
		}
	}
}

// anID is an id in JSON Lines.
var anID = regexp.MustCompile(`"id":"[a-z0-9_]+",`)

// withoutIDs is an export without the ids, which a file that says none leaves to the shop.
func withoutIDs(text string) string { return anID.ReplaceAllString(text, "") }

// TestImportIsRefusedWhole gives a shop files that only the shop can refuse, in their last line: nothing of them is written.
func TestImportIsRefusedWhole(t *testing.T) {
	t.Parallel()
	d := memoryDealer()
	d.imported(t, "slug,title,sku,price,options,values\npot,Pot,POT,5,Size,S\n", bridge.ImportRun{})
	before := d.exported(t, exchange.JSONL)
	first := "kind,slug,title,sku,price,parent,categories,options,values,stock_elsewhere\nbrand,new,New,,,,,,,\ncategory,new,New,,,,,,,\nproduct,a,A,,,,,,,\nvariant,a,,A,1,,,,,\n"
	for _, c := range []struct{ name, row, column, code string }{
		{"a SKU of the shop", "product,b,B,,,,,,,\nvariant,b,,POT,1,,,,,", "sku", "sku_taken"},
		{"an unknown category", "product,b,B,,,,nowhere,,,\nvariant,b,,B,1,,,,,", "categories", "unknown_reference"},
		{"an unknown place", "product,b,B,,,,,,,\nvariant,b,,B,1,,,,,\"{\"\"moon\"\":1}\"", "stock", "unknown_location"},
		{"other options", "product,pot,Pot,,,,,Colour,,\nvariant,pot,,NEW,1,,,,\"Blue,Red\",", "values", "product_rule"},
		{"a category below none", "category,c,C,,,nowhere,,,,", "parent", "unknown_reference"},
		{"no title", "product,b,,,,,,,,\nvariant,b,,B,1,,,,,", "title", "product_rule"},
	} {
		file := first + c.row + "\n"
		s := opened(t, strings.NewReader(file))
		_, err := d.importer.ImportFile(t.Context(), dealScope(), s, bridge.ImportRun{})
		var refused *exchange.FileError
		switch {
		case errors.As(err, &refused):
			if r := refused.Rejections[0]; r.Column != c.column {
				t.Errorf("%s: %v", c.name, r)
			}
		case !fault.Is(err, bridge.ImportRefused):
			t.Errorf("%s: %v", c.name, err)
		default:
			v := fault.Of(err).Violations()[0]
			if line, _ := v.Details()["line"].(int); line < 6 || v.Details()["column"] != c.column || v.Code() != c.code {
				t.Errorf("%s: %s %v at %v", c.name, v.Code(), v.Details(), v)
			}
		}
		if after := d.exported(t, exchange.JSONL); after != before {
			t.Fatalf("%s: something was written:\n%s", c.name, after)
		}
	}
}

// TestImportKeepsWhatIsNotSaid gives a shop a file with few columns: absent ones keep, empty cells clear.
func TestImportKeepsWhatIsNotSaid(t *testing.T) {
	t.Parallel()
	d := memoryDealer()
	d.imported(t, "kind,slug,title,description,tags,brand,options,sku,values,price,compare_at,barcode,stock\nproduct,mug,Mug,For tea,\"a,b\",Ebb,Size,,,,,,\nvariant,mug,,,,,,M,S,5,6,501,3\n", bridge.ImportRun{})
	before := strings.Split(d.exported(t, exchange.JSONL), "\n")
	var shown []bridge.ImportChange
	r := d.imported(t, "slug,sku,price\nmug,M,4.50\n", bridge.ImportRun{DryRun: true, Show: func(c bridge.ImportChange) { shown = append(shown, c) }})
	if want := []bridge.FieldChange{{Field: "variants[M].price", From: "5.00 GBP", To: "4.50 GBP"}}; len(shown) != 1 || shown[0].What != "changed" || !slices.Equal(shown[0].Fields, want) || r.Updated != 1 {
		t.Errorf("shown are %+v, reported %+v", shown, r)
	}
	if after := strings.Split(d.exported(t, exchange.JSONL), "\n"); !slices.Equal(before, after) {
		t.Error("a dry run wrote")
	}
	d.imported(t, "slug,sku,price\nmug,M,4.50\n", bridge.ImportRun{})
	after := d.exported(t, exchange.JSONL)
	if want := strings.Replace(strings.Join(before, "\n"), `"price":"5.00"`, `"price":"4.50"`, 1); after != want {
		t.Errorf("after a file of prices\n%s\nwant\n%s", after, want)
	}
	d.imported(t, "slug,description,tags,brand,sku,compare_at,barcode\nmug,,,,M,,\n", bridge.ImportRun{})
	after = d.exported(t, exchange.JSONL)
	for _, gone := range []string{"For tea", `"a"`, `"brand":"Ebb"`, `"compare_at"`, "501"} {
		if strings.Contains(after, gone) {
			t.Errorf("an empty cell leaves %s:\n%s", gone, after)
		}
	}
	for _, kept := range []string{`"title":"Mug"`, `"values":["S"]`, `"price":"4.50"`, `"stock":3`} {
		if !strings.Contains(after, kept) {
			t.Errorf("an empty cell takes %s:\n%s", kept, after)
		}
	}
}

// TestImportHoldsNoFile reads a file of 100,000 rows and 60 MB that is made while it is read, in a fraction of its size.
func TestImportHoldsNoFile(t *testing.T) {
	row := strings.Repeat("x", 590)
	head := "Handle,Title,Body (HTML),Variant Price\n"
	line := func(i int) string { return fmt.Sprintf("p-%06d,P,%s,1.00\n", i, row) }
	const rows = 100_000
	width := int64(len(line(0)))
	in := madeFile{head: head, width: width, line: line, size: int64(len(head)) + rows*width}
	s, err := exchange.Open(in, in.size, "", money.GBP)
	if err != nil {
		t.Fatal(err)
	}
	var peak uint64
	look := func() {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		peak = max(peak, m.HeapAlloc)
	}
	look()
	before := peak
	if err := s.Check(func(rows int, _ int64) {
		if rows%20_000 == 0 {
			look()
		}
	}); err != nil {
		t.Fatal(err)
	}
	given := 0
	if err := s.Each(func(exchange.Item) error {
		if given++; given%50_000 == 0 {
			look()
		}
		return nil
	}); err != nil || given != rows {
		t.Fatalf("%d products: %v", given, err)
	}
	if held := (peak - min(before, peak)) >> 20; held > 32 {
		t.Errorf("%d MiB were held of a file of %d MiB", held, in.size>>20)
	}
}

// madeFile is a file of lines of one width that nobody holds.
type madeFile struct {
	head        string
	width, size int64
	line        func(i int) string
}

func (f madeFile) ReadAt(p []byte, at int64) (int, error) {
	n := 0
	for n < len(p) && at < f.size {
		text := f.head
		from := at
		if behind := at - int64(len(f.head)); behind >= 0 {
			text, from = f.line(int(behind/f.width)), behind%f.width
		}
		did := copy(p[n:], text[from:])
		n, at = n+did, at+int64(did)
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// posted sends JSON with a key of its own and reads what comes back of a call that made something.
func posted(t *testing.T, address, body string, into any) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Idempotency-Key", "moving")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusCreated {
		t.Fatalf("%s: %d %s %v", address, response.StatusCode, text, err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatal(err)
	}
}
