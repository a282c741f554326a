package exchange

import (
	"bufio"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/ipswich-retail/commerce/domain/catalog"
)

// wooOptions is how many options of a product have columns: as many as a product may have.
const wooOptions = catalog.OptionsMax

// wooOut are the columns of a WooCommerce file that are written, in the order of its exports. Slug is none of its own; its
// importer passes it over, and ours finds products by it.
var wooOut = func() []string {
	out := []string{
		"ID", "Type", "SKU", "GTIN, UPC, EAN, or ISBN", "Name", "Slug", "Published", "Is featured?", "Visibility in catalog", "Description",
		"Tax class", "In stock?", "Stock", "Backorders allowed?", "Weight (kg)", "Sale price", "Regular price", "Categories", "Tags", "Images",
		"Parent", "Position", "Brands",
	}
	for i := 1; i <= wooOptions; i++ {
		for _, part := range []string{"name", "value(s)", "visible", "global"} {
			out = append(out, fmt.Sprintf("Attribute %d %s", i, part))
		}
	}
	return out
}()

// wooAt is where each column stands.
var wooAt = placesOf(wooOut)

// wooWriter writes WooCommerce's product CSV.
type wooWriter struct {
	foreignWriter

	id int // Of the last row.
}

func newWooWriter(out *bufio.Writer) *wooWriter {
	w := &wooWriter{foreignWriter: foreignWriter{losses: losses{}, out: out, flush: out.Flush}}
	w.row(wooOut)
	return w
}

// Category is there by its path, with its products.
func (w *wooWriter) Category(c catalog.Category, _ string) error {
	if c.Description != "" || c.SEO != (catalog.SEO{}) || len(c.Translations) > 0 {
		w.lose("texts of categories", 1)
	}
	return w.err
}

// Product writes a product: a simple one without options, else a variable one and a row for each of its variations.
func (w *wooWriter) Product(p catalog.Product, _ []string, shelves [][]string, sold []SoldAs) error {
	w.shared(p, sold)
	if p.SEO != (catalog.SEO{}) {
		w.lose("texts for search engines", 1)
	}
	media := w.addresses(p)
	w.id++
	first, cells := w.id, make([]string, len(wooOut))
	set := func(name, text string) { cells[wooAt[name]] = text }
	set("ID", strconv.Itoa(first))
	w.whole(p, shelves, media, set)
	if len(p.Options) == 0 && len(p.Variants) > 0 {
		set("Type", "simple")
		w.sell(p.Variants[0], sold[0], set)
		w.row(cells)
		return w.err
	}
	set("Type", "variable")
	for i, name := range p.Options {
		var values []string
		for _, v := range p.Variants {
			if !slices.Contains(values, v.Options[i]) {
				values = append(values, v.Options[i])
			}
		}
		w.attribute(i, name, values, set)
	}
	w.row(cells)
	for i, v := range p.Variants {
		w.variation(first, i, p, v, sold[i], media)
	}
	return w.err
}

// whole writes what belongs to a product as a whole.
func (w *wooWriter) whole(p catalog.Product, shelves [][]string, media []catalog.Media, set func(name, text string)) {
	set("Name", formula(p.Title))
	set("Slug", p.Slug)
	set("Published", map[catalog.Status]string{catalog.Active: "1", catalog.Draft: "-1"}[p.Status])
	if p.Status == catalog.Archived {
		set("Published", "0")
		w.lose("archived products, which are private there", 1)
	}
	if p.Type != "" {
		w.lose("types of products", 1)
	}
	set("Is featured?", map[bool]string{true: "1", false: "0"}[p.Featured])
	set("Visibility in catalog", "visible")
	text := strings.ReplaceAll(formula(p.Description), `\n`, `\\n`)
	set("Description", strings.ReplaceAll(text, "\n", `\n`))
	set("Tax class", formula(p.TaxCategory))
	var paths, addresses []string
	for _, path := range shelves {
		paths = append(paths, strings.Join(path, " > "))
	}
	set("Categories", wooJoin(paths))
	set("Tags", wooJoin(p.Tags))
	for _, m := range media {
		addresses = append(addresses, m.SourceURL)
		w.lose("descriptions of pictures", min(len(m.Alt), 1))
	}
	set("Images", wooJoin(addresses))
	set("Brands", wooJoin([]string{p.Brand}))
}
