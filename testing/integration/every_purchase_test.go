package integration_test

import (
	"encoding/csv"
	"fmt"
	"math/big"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// envShopify names a product file of a real shop in Shopify's format.
const envShopify = "COMMERCE_SHOPIFY_CSV"

// TestEveryPurchase serves a product file on every store and buys one of every variant in stock over HTTP. What the
// orders come to is what the file says, read here by other means than the shop's.
func TestEveryPurchase(t *testing.T) {
	t.Parallel()
	file := os.Getenv(envShopify)
	if file == "" {
		file = assortment(t)
		t.Logf("%s is not set: a file made here stands for a real shop's", envShopify)
	} else if absolute, err := filepath.Abs(file); err == nil {
		file = absolute
	}
	variants, sum := inStock(t, file)
	if variants == 0 {
		t.Fatalf("%s has nothing in stock", file)
	}
	t.Run("memory", func(t *testing.T) {
		t.Parallel()
		wantEverything(t, newClient(t, startShop(t, "--store", "memory", "--seed", file).base), variants, sum)
	})
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		db := filepath.Join(t.TempDir(), "shop.db")
		wantEverything(t, newClient(t, startShop(t, "--sqlite-file", db, "--seed", file).base), variants, sum)
		wantDoctor(t, "--sqlite-file", db)
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		if !needsDatabase(t) {
			return
		}
		dsn := database(t)
		p := startShop(t, "--database-url", address(t, dsn).String(), "--seed", file)
		wantEverything(t, newClient(t, p.base), variants, sum)
		conn := connect(t, dsn)
		wantInvariants(t, conn)
		if n := number(t, conn, "SELECT sum(reserved)::bigint FROM commerce.stock_levels"); n != int64(variants) {
			t.Errorf("%d are reserved, want %d", n, variants)
		}
	})
}

// inStock counts the rows of the file that are variants in stock of products on sale, and adds up their prices.
func inStock(t *testing.T, path string) (variants int, sum *big.Rat) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil || len(rows) == 0 {
		t.Fatalf("%s: %v", path, err)
	}
	rows[0][0] = strings.TrimPrefix(rows[0][0], "\ufeff")
	at := func(row []string, name string) string {
		if i := slices.Index(rows[0], name); i >= 0 && i < len(row) {
			return strings.TrimSpace(row[i])
		}
		return ""
	}
	sum, hidden := new(big.Rat), map[string]bool{}
	for _, row := range rows[1:] {
		handle := at(row, "Handle")
		if published := at(row, "Published"); published != "" && !strings.EqualFold(published, "true") {
			hidden[handle] = true
		}
		if status := at(row, "Status"); status != "" && !strings.EqualFold(status, "active") {
			hidden[handle] = true
		}
		price := at(row, "Variant Price")
		if n, err := strconv.Atoi(at(row, "Variant Inventory Qty")); err != nil || n < 1 || price == "" || hidden[handle] {
			continue
		}
		p, ok := new(big.Rat).SetString(price)
		if !ok {
			t.Fatalf("%s: the price %q", handle, price)
		}
		variants++
		sum.Add(sum, p)
	}
	return variants, sum
}

// wantEverything buys one of every variant that the shop says is in stock, a cart for each product.
func wantEverything(t *testing.T, c *client, variants int, sum *big.Rat) {
	t.Helper()
	bought, paid := 0, new(big.Rat)
	for i, slug := range slugs(t, c) {
		var product struct {
			Variants []struct {
				SKU     string `json:"sku"`
				InStock bool   `json:"in_stock"`
			} `json:"variants"`
		}
		fetch(t, c, "/api/v1/products/"+url.PathEscape(slug), &product)
		var lines []line
		for _, v := range product.Variants {
			if v.InStock {
				lines = append(lines, line{v.SKU, 1})
			}
		}
		if len(lines) == 0 {
			continue
		}
		a := c.mustCheckout(t, c.mustCart(t, lines...), fmt.Sprintf("buy-%d", i), wish([]string{"", "tok_ok"}[i%2]))
		o, err := a.order()
		if err != nil || a.status != http.StatusCreated {
			t.Fatalf("%s: %d, %v: %s", slug, a.status, err, a.body)
		}
		total, ok := new(big.Rat).SetString(o.Totals.Total.Amount)
		if !ok {
			t.Fatalf("%s: a total of %q", slug, o.Totals.Total.Amount)
		}
		bought += len(lines)
		paid.Add(paid, total)
	}
	if bought != variants || paid.Cmp(sum) != 0 {
		t.Errorf("bought %d variants for %s, by the file %d for %s", bought, paid.FloatString(2), variants, sum.FloatString(2))
	}
}

// slugs lists all products, page by page.
func slugs(t *testing.T, c *client) []string {
	t.Helper()
	var out []string
	for cursor := ""; ; {
		var page struct {
			Items []struct {
				Slug string `json:"slug"`
			} `json:"items"`
			Next *string `json:"next_cursor"`
		}
		query := url.Values{"limit": {"100"}}
		if cursor != "" {
			query.Set("cursor", cursor)
		}
		fetch(t, c, "/api/v1/products?"+query.Encode(), &page)
		for _, item := range page.Items {
			out = append(out, item.Slug)
		}
		if page.Next == nil {
			return out
		}
		cursor = *page.Next
	}
}

// fetch reads what must be there.
func fetch(t *testing.T, c *client, path string, into any) {
	t.Helper()
	a, err := c.call(t.Context(), http.MethodGet, path, nil)
	if err == nil && a.status != http.StatusOK {
		err = fmt.Errorf("%d: %s", a.status, a.body)
	}
	if err == nil {
		err = a.into(into)
	}
	if err != nil {
		t.Fatalf("GET %s: %v", path, err)
	}
}

// assortment makes a product file with what real ones have: products with and without options, rows of a product that
// leave out its fields, SKUs that are there or not, rows of images alone, quotes and line breaks in texts, and variants
// that are sold out.
func assortment(t *testing.T) string {
	t.Helper()
	rows := [][]string{{
		"Handle", "Title", "Body (HTML)", "Vendor", "Type", "Tags", "Published", "Option1 Name", "Option1 Value", "Option2 Name", "Option2 Value",
		"Variant SKU", "Variant Grams", "Variant Inventory Tracker", "Variant Inventory Qty", "Variant Inventory Policy", "Variant Price",
		"Variant Compare At Price", "Variant Requires Shipping", "Variant Taxable", "Image Src", "Image Position", "Image Alt Text",
	}}
	for i := range 60 {
		handle, price := fmt.Sprintf("thing-%d", i), fmt.Sprintf("%d.%02d", 3+i, i*7%100)
		head := []string{handle, fmt.Sprintf("Thing “%d”, the \"good\" one", i), "<p>One\nand two</p>", "Orwell", "Things", "a, b", "true"}
		image := []string{fmt.Sprintf("https://images.example/%d.jpg", i), "1", "A thing"}
		if i%3 == 0 {
			rows = append(rows, slices.Concat(head, []string{"Title", "Default Title", "", "", "", "0", "", strconv.Itoa(i % 5), "deny", price, "", "true", "true"}, image))
			continue
		}
		for j, size := range []string{"Small", "Large", "Very Large"} {
			for k, colour := range []string{"Blue", "Marsh green"} {
				options, texts := []string{"", size, "", colour}, make([]string, 6)
				if j == 0 && k == 0 {
					options, texts = []string{"Size", size, "Colour", colour}, head[1:]
				}
				sku := ""
				if i%2 == 0 {
					sku = fmt.Sprintf("T-%d-%d-%d", i, j, k)
				}
				rows = append(rows, slices.Concat([]string{handle}, texts, options,
					[]string{sku, "120", "shopify", strconv.Itoa((i + j + k) % 4), "deny", price, "99.00", "true", "true", "", "", ""}))
			}
		}
		picture := make([]string, len(rows[0])-3)
		picture[0] = handle
		rows = append(rows, slices.Concat(picture, []string{image[0], "2", ""}))
	}
	path := filepath.Join(t.TempDir(), "assortment.csv")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := csv.NewWriter(file).WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}
