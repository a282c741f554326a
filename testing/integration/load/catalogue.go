package load

import (
	"encoding/csv"
	"io"
	"maps"
	"slices"
	"strconv"
)

// Stock is how much of each code Catalogue brings: more than any load buys.
const Stock = 1_000_000_000

// Catalogue writes what the invoices buy as a product file that a shop can be seeded with.
func Catalogue(w io.Writer, invoices []Invoice) error {
	out := csv.NewWriter(w)
	_ = out.Write([]string{
		"Handle", "Title", "Published", "Option1 Name", "Option1 Value", "Variant SKU", "Variant Inventory Tracker", "Variant Inventory Qty",
		"Variant Inventory Policy", "Variant Price",
	})
	for n, l := range codesOf(invoices) {
		pence := l.Price
		_ = out.Write([]string{
			"item-" + strconv.Itoa(n), "Item " + l.Code, "true", "Title", "Default Title", l.Code, "shopify", strconv.Itoa(Stock), "deny",
			strconv.FormatInt(pence/100, 10) + "." + strconv.FormatInt(pence%100/10, 10) + strconv.FormatInt(pence%10, 10),
		})
	}
	out.Flush()
	return out.Error()
}

// codesOf lists each code once, with its price, in the order of codes.
func codesOf(invoices []Invoice) []Line {
	prices := map[string]int64{}
	for _, i := range invoices {
		for _, l := range i.Lines {
			prices[l.Code] = l.Price
		}
	}
	out := make([]Line, 0, len(prices))
	for _, code := range slices.Sorted(maps.Keys(prices)) {
		out = append(out, Line{Code: code, Price: prices[code]})
	}
	return out
}
