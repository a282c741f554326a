package exchange

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/pricing"
)

// losses counts what a format of others has no place for, in words for people.
type losses map[string]int

// lose counts something that stays behind, if there is some.
func (l losses) lose(what string, n int) {
	if n > 0 {
		l[what] += n
	}
}

// list tells what stayed behind.
func (l losses) list() []string {
	var out []string
	for what, n := range l {
		out = append(out, fmt.Sprintf("%s: %d", what, n))
	}
	slices.Sort(out)
	return out
}

// Losses tells what a writer could not write, since its format has no place for it, each with how many there were. Our own
// formats lose nothing.
func Losses(w Writer) []string {
	if foreign, ok := w.(interface{ lost() []string }); ok {
		return foreign.lost()
	}
	return nil
}

// foreignWriter is what writers of the formats of others have in common: a table, and what does not fit into it.
type foreignWriter struct {
	losses

	out   io.Writer
	flush func() error
	err   error
}

func (w *foreignWriter) lost() []string { return w.list() }

// Location is what such a file has no place for: it has one quantity a variant.
func (w *foreignWriter) Location(s inventory.Site) error {
	if s.Location != inventory.DefaultLocation {
		w.lose("locations, of which the stock is added up", 1)
	}
	return w.err
}

// Brand is there by its name, with its products.
func (w *foreignWriter) Brand(b catalog.Brand) error {
	if b.Description != "" || b.SEO != (catalog.SEO{}) || len(b.Translations) > 0 {
		w.lose("texts of brands", 1)
	}
	return w.err
}

// Collection is what such a file has no place for.
func (w *foreignWriter) Collection(catalog.Collection, *catalog.Rule, []string) error {
	w.lose("collections", 1)
	return w.err
}

// Moved is what such a file has no place for.
func (w *foreignWriter) Moved(catalog.SlugKind, string, string) error {
	w.lose("former slugs", 1)
	return w.err
}

// End writes what is buffered.
func (w *foreignWriter) End() error {
	if w.err == nil {
		w.err = w.flush()
	}
	return w.err
}

// row writes a row.
func (w *foreignWriter) row(cells []string) {
	if w.err == nil {
		w.err = writeRow(w.out, cells)
	}
}

// shared counts what no format of others has a place for.
func (w *foreignWriter) shared(p catalog.Product, sold []SoldAs) {
	w.lose("products with translations", min(len(p.Translations), 1))
	w.lose("products with metadata", min(len(p.Metadata), 1))
	w.lose("products that are shown in channels", min(len(p.Listings), 1))
	if p.Publication != (catalog.Window{}) {
		w.lose("products that are shown for a time", 1)
	}
	for i, v := range p.Variants {
		w.lose("variants with metadata", min(len(v.Metadata), 1))
		w.lose("variants of some channels alone", min(len(v.Channels), 1))
		w.lose("planned prices", len(sold[i].Planned))
		w.lose("variants with prices in other channels or currencies, or of before", min(len(sold[i].Plans), 1))
		if sold[i].Policy.Kind == inventory.Preorder || sold[i].Policy.Kind == inventory.Backorder && sold[i].Policy.Limit < inventory.QuantityMax {
			w.lose("limits of what is sold beyond stock", 1)
		}
	}
}

// addresses are the pictures of a product that have an address; those that a shop has of its own alone are left out.
func (w *foreignWriter) addresses(p catalog.Product) []catalog.Media {
	out := slices.DeleteFunc(slices.Clone(p.Media), func(m catalog.Media) bool { return m.SourceURL == "" })
	w.lose("pictures without an address; they are in the media folder", len(p.Media)-len(out))
	return out
}

// counted is how many there are of a variant at all locations; false when nobody counted it.
func counted(s SoldAs) (n int64, known bool) {
	for _, q := range s.Levels {
		n += q
	}
	return n, len(s.Levels) > 0
}

// plainPrice is a price as a decimal, "" for none.
func plainPrice(p *pricing.Price) string {
	if p == nil {
		return ""
	}
	return p.Amount.Decimal()
}

// formula puts an apostrophe before what spreadsheets take for a formula, which the readers take away again.
func formula(text string) string {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	if text != "" && strings.ContainsRune(formulas, rune(text[0])) {
		return "'" + text
	}
	return text
}

// formulas are the bytes with which a cell begins that spreadsheets take for a formula.
const formulas = "=+-@\t"
