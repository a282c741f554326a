package exchange

import (
	"bufio"
	"strconv"

	"github.com/ipswich-retail/commerce/domain/catalog"
)

// shopifyOut are the columns of a Shopify file that are written, in the order of its exports.
var shopifyOut = []string{
	"Handle", "Title", "Body (HTML)", "Vendor", "Type", "Tags", "Published", "Option1 Name", "Option1 Value", "Option2 Name",
	"Option2 Value", "Option3 Name", "Option3 Value", "Variant SKU", "Variant Grams", "Variant Inventory Tracker", "Variant Inventory Qty",
	"Variant Inventory Policy", "Variant Fulfillment Service", "Variant Price", "Variant Compare At Price", "Variant Requires Shipping",
	"Variant Taxable", "Variant Barcode", "Image Src", "Image Position", "Image Alt Text", "Gift Card", "SEO Title", "SEO Description",
	"Variant Image", "Variant Weight Unit", "Status",
}

// shopifyAt is where each column stands.
var shopifyAt = placesOf(shopifyOut)

// placesOf finds columns by their names.
func placesOf(names []string) map[string]int {
	out := make(map[string]int, len(names))
	for i, name := range names {
		out[name] = i
	}
	return out
}

// shopifyWriter writes Shopify's product CSV.
type shopifyWriter struct{ foreignWriter }

func newShopifyWriter(out *bufio.Writer) *shopifyWriter {
	w := &shopifyWriter{foreignWriter{losses: losses{}, out: out, flush: out.Flush}}
	w.row(shopifyOut)
	return w
}

// Category is what the format has no place for but the type of products.
func (w *shopifyWriter) Category(catalog.Category, string) error {
	w.lose("categories", 1)
	return w.err
}

// Product writes a product: a row for each variant, and for each picture beyond them.
func (w *shopifyWriter) Product(p catalog.Product, _ []string, _ [][]string, sold []SoldAs) error {
	var variants []int
	for i, v := range p.Variants {
		switch {
		case v.Retired:
			w.lose("retired variants", 1)
		case sold[i].Price == nil:
			w.lose("variants without a price", 1)
		default:
			variants = append(variants, i)
		}
	}
	switch {
	case len(p.Options) > optionColumns:
		w.lose("products with more than three options, which are left out", 1)
		return w.err
	case len(variants) == 0:
		w.lose("products with nothing to sell, which are left out", 1)
		return w.err
	}
	w.shared(p, sold)
	if p.Featured {
		w.lose("marks of what is featured", 1)
	}
	if p.TaxCategory != "" {
		w.lose("tax categories", 1)
	}
	media := w.addresses(p)
	for i := range max(len(variants), len(media)) {
		cells := make([]string, len(shopifyOut))
		set := func(name, text string) { cells[shopifyAt[name]] = text }
		set("Handle", p.Slug)
		if i == 0 {
			w.whole(p, set)
		}
		if i < len(media) {
			set("Image Src", media[i].SourceURL)
			set("Image Position", strconv.Itoa(i+1))
			set("Image Alt Text", formula(media[i].Alt))
		}
		if i < len(variants) {
			w.variant(p, p.Variants[variants[i]], sold[variants[i]], media, set)
		}
		w.row(cells)
	}
	return w.err
}
