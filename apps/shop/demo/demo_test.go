package demo_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/apps/shop/demo"
)

const (
	defaultTitle = "Default Title"
	maxStock     = 200
	maxVariants  = 9
	minProducts  = 38
)

var (
	handleForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	priceForm  = regexp.MustCompile(`^[1-9][0-9]{0,3}\.[0-9]{2}$`)
	skuForm    = regexp.MustCompile(`^[A-Z0-9]+(-[A-Z0-9]+)+$`)
)

// row is one record of the catalogue, its cells by column name.
type row map[string]string

// product is the group of rows that share a handle, in the order of the file.
type product struct {
	handle string
	rows   []row
}

func readProducts(t *testing.T) []product {
	t.Helper()

	reader := csv.NewReader(bytes.NewReader(demo.Products()))

	header, err := reader.Read()
	if err != nil {
		t.Fatalf("read header: %v", err)
	}

	var list []product

	for {
		record, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return list
		}

		if err != nil {
			t.Fatalf("read record: %v", err)
		}

		cells := make(row, len(header))
		for i, name := range header {
			cells[name] = record[i]
		}

		handle := cells["Handle"]
		if len(list) == 0 || list[len(list)-1].handle != handle {
			list = append(list, product{handle: handle})
		}

		last := &list[len(list)-1]
		last.rows = append(last.rows, cells)
	}
}

func pence(t *testing.T, text string) int {
	t.Helper()

	if !priceForm.MatchString(text) {
		t.Fatalf("price %q is not pounds and pence", text)
	}

	amount, err := strconv.Atoi(strings.Replace(text, ".", "", 1))
	if err != nil {
		t.Fatalf("price %q: %v", text, err)
	}

	return amount
}

func TestProductsShape(t *testing.T) {
	t.Parallel()

	list := readProducts(t)
	if len(list) < minProducts {
		t.Errorf("%d products, want at least %d", len(list), minProducts)
	}

	seen := map[string]bool{}
	largest, single := 0, 0

	for _, p := range list {
		if !handleForm.MatchString(p.handle) {
			t.Errorf("handle %q is not a slug", p.handle)
		}

		if seen[p.handle] {
			t.Errorf("handle %q stands in two places", p.handle)
		}

		seen[p.handle] = true
		largest = max(largest, len(p.rows))

		if len(p.rows) > maxVariants {
			t.Errorf("%s: %d variants, want at most %d", p.handle, len(p.rows), maxVariants)
		}

		if p.rows[0]["Option1 Value"] == defaultTitle {
			single++
		}
	}

	if largest != maxVariants {
		t.Errorf("the largest product has %d variants, want %d", largest, maxVariants)
	}

	if single == 0 {
		t.Error("no product has a single default variant")
	}
}

func TestProductsDescribeThemselves(t *testing.T) {
	t.Parallel()

	required := []string{"Title", "Body (HTML)", "Vendor", "Type", "Tags", "Option1 Name", "Image Alt Text"}

	for _, p := range readProducts(t) {
		first := p.rows[0]

		for _, name := range required {
			if strings.TrimSpace(first[name]) == "" {
				t.Errorf("%s: %s is empty", p.handle, name)
			}
		}

		if first["Published"] != "true" {
			t.Errorf("%s: not published", p.handle)
		}

		for _, other := range p.rows[1:] {
			if other["Title"] != "" || other["Image Src"] != "" {
				t.Errorf("%s: title or image repeated on a later row", p.handle)
			}
		}
	}
}

func TestVariantOptions(t *testing.T) {
	t.Parallel()

	for _, p := range readProducts(t) {
		seen := map[string]bool{}

		for _, v := range p.rows {
			values := make([]string, 0, 3)

			for _, n := range []string{"1", "2", "3"} {
				named := p.rows[0]["Option"+n+" Name"] != ""
				value := v["Option"+n+" Value"]

				if named != (value != "") {
					t.Errorf("%s: option %s: name and value do not agree: %q", p.handle, n, value)
				}

				values = append(values, value)
			}

			key := strings.Join(values, " / ")
			if seen[key] {
				t.Errorf("%s: variant %q stands twice", p.handle, key)
			}

			seen[key] = true

			if values[0] == defaultTitle && (len(p.rows) != 1 || p.rows[0]["Option1 Name"] != "Title") {
				t.Errorf("%s: the default title needs the option Title and a single row", p.handle)
			}
		}
	}
}

func TestVariantSKUs(t *testing.T) {
	t.Parallel()

	owner := map[string]string{}
	without := 0

	for _, p := range readProducts(t) {
		for _, v := range p.rows {
			sku := v["Variant SKU"]
			if sku == "" {
				without++

				continue
			}

			if !skuForm.MatchString(sku) {
				t.Errorf("%s: SKU %q has another form", p.handle, sku)
			}

			if first, taken := owner[sku]; taken {
				t.Errorf("SKU %q belongs to %s and %s", sku, first, p.handle)
			}

			owner[sku] = p.handle
		}
	}

	if without == 0 || without > len(owner) {
		t.Errorf("%d variants without and %d with a SKU, want a few without", without, len(owner))
	}
}

func TestVariantPricesAndStock(t *testing.T) {
	t.Parallel()

	reduced, soldOut := 0, 0

	for _, p := range readProducts(t) {
		for _, v := range p.rows {
			price := pence(t, v["Variant Price"])

			if was := v["Variant Compare At Price"]; was != "" {
				reduced++

				if pence(t, was) <= price {
					t.Errorf("%s: compare-at %s is not above the price %s", p.handle, was, v["Variant Price"])
				}
			}

			stock, err := strconv.Atoi(v["Variant Inventory Qty"])
			if err != nil || stock < 0 || stock > maxStock {
				t.Errorf("%s: stock %q, want 0 to %d", p.handle, v["Variant Inventory Qty"], maxStock)
			}

			if stock == 0 {
				soldOut++
			}

			if v["Variant Inventory Tracker"] != "shopify" || v["Variant Inventory Policy"] != "deny" {
				t.Errorf("%s: stock is not tracked, or sold below zero", p.handle)
			}
		}
	}

	if reduced == 0 || soldOut == 0 {
		t.Errorf("%d reduced and %d sold-out variants, want some of each", reduced, soldOut)
	}
}

func TestProductsAreACopy(t *testing.T) {
	t.Parallel()

	first := demo.Products()
	clear(first)

	if bytes.Equal(first, demo.Products()) {
		t.Error("a change to the returned bytes changed the catalogue")
	}
}
