package exchange_test

import (
	"encoding/csv"
	"os"
	"strconv"
	"testing"

	"github.com/ipswich-retail/commerce/adapters/exchange"
	"github.com/ipswich-retail/commerce/domain/money"
)

// TestReadShopifyRealFile reads the file that COMMERCE_SHOPIFY_CSV names and compares what came of it with what
// another reader counts.
func TestReadShopifyRealFile(t *testing.T) {
	t.Parallel()
	path := os.Getenv("COMMERCE_SHOPIFY_CSV")
	if path == "" {
		t.Log("COMMERCE_SHOPIFY_CSV is not set: no real file was read")
		return
	}
	in, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = in.Close() }()
	file, err := exchange.ReadShopify(in, money.GBP)
	if err != nil {
		t.Fatalf("the file was refused: %v", err)
	}
	variants, images, sum := 0, 0, money.Zero(money.GBP)
	for _, p := range file.Products {
		variants, images = variants+len(p.Variants), images+len(p.Images)
		for _, v := range p.Variants {
			if v.Quantity == nil {
				continue
			}
			value, err := v.Price.Mul(*v.Quantity, money.DefaultRounding)
			if err != nil {
				t.Fatal(err)
			}
			if sum, err = sum.Add(value); err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Logf("%d rows: %d products, %d variants, %d images, price × quantity %s; %d columns ignored, %d notes",
		file.Rows, len(file.Products), variants, images, sum, len(file.Ignored), len(file.Notes))
	wantProducts, wantVariants := countRows(t, path)
	if len(file.Products) != wantProducts || variants != wantVariants {
		t.Errorf("read %d products and %d variants, another reader counts %d and %d", len(file.Products), variants, wantProducts, wantVariants)
	}
}

// countRows counts handles and rows with a price.
func countRows(t *testing.T, path string) (products, variants int) {
	t.Helper()
	in, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = in.Close() }()
	rows, err := csv.NewReader(in).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	for i, name := range rows[0] {
		at[name] = i
	}
	handles := map[string]bool{}
	for _, r := range rows[1:] {
		handles[r[at["Handle"]]] = true
		if _, err := strconv.Atoi(r[at["Variant Inventory Qty"]]); err == nil || r[at["Variant Price"]] != "" {
			variants++
		}
	}
	return len(handles), variants
}
