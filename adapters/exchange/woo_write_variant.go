package exchange

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/inventory"
)

// attribute writes an option.
func (w *wooWriter) attribute(i int, name string, values []string, set func(name, text string)) {
	at := fmt.Sprintf("Attribute %d ", i+1)
	set(at+"name", formula(name))
	set(at+"value(s)", wooJoin(values))
	set(at+"visible", "1")
	set(at+"global", "0")
}

// variation writes a variant of a product with options.
func (w *wooWriter) variation(parent, place int, p catalog.Product, v catalog.Variant, s SoldAs, media []catalog.Media) {
	w.id++
	cells := make([]string, len(wooOut))
	set := func(name, text string) { cells[wooAt[name]] = text }
	set("ID", strconv.Itoa(w.id))
	set("Type", "variation")
	set("Name", formula(p.Title+" - "+strings.Join(v.Options, ", ")))
	set("Published", map[bool]string{true: "0", false: "1"}[v.Retired])
	set("Visibility in catalog", "visible")
	set("Parent", fmt.Sprintf("id:%d", parent))
	set("Position", strconv.Itoa(place+1))
	for i, name := range p.Options {
		w.attribute(i, name, []string{v.Options[i]}, set)
	}
	for _, m := range media {
		if m.ID == v.Media {
			set("Images", wooJoin([]string{m.SourceURL}))
		}
	}
	w.sell(v, s, set)
	w.row(cells)
}

// sell writes what a variant is called, costs and weighs, and how many there are.
func (w *wooWriter) sell(v catalog.Variant, s SoldAs, set func(name, text string)) {
	set("SKU", formula(string(v.SKU)))
	set("GTIN, UPC, EAN, or ISBN", formula(v.Barcode))
	if v.Grams > 0 {
		set("Weight (kg)", strings.TrimRight(strings.TrimRight(fmt.Sprintf("%d.%03d", v.Grams/1000, v.Grams%1000), "0"), "."))
	}
	set("Regular price", plainPrice(s.Price))
	if s.Price != nil && s.Price.CompareAt != nil {
		if s.Price.CompareAt.Micro() > s.Price.Amount.Micro() {
			set("Regular price", s.Price.CompareAt.Decimal())
			set("Sale price", s.Price.Amount.Decimal())
		} else {
			w.lose("prices to compare with that are not higher", 1)
		}
	}
	beyond := s.Policy.Kind != "" && s.Policy.Kind != inventory.Deny
	n, known := counted(s)
	if known {
		set("Stock", strconv.FormatInt(n, 10))
	}
	set("In stock?", map[bool]string{true: "1", false: "0"}[n > 0])
	if beyond && n == 0 {
		set("In stock?", "backorder")
	}
	set("Backorders allowed?", map[bool]string{true: "1", false: "0"}[beyond])
}

// wooJoin puts texts into a cell, with commas between them and a backslash before one that belongs to a text.
func wooJoin(texts []string) string {
	escaped := make([]string, len(texts))
	for i, text := range texts {
		escaped[i] = strings.ReplaceAll(text, ",", `\,`)
	}
	return formula(strings.Join(escaped, ", "))
}
