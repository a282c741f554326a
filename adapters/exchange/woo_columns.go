package exchange

import (
	"fmt"
	"slices"
	"strings"
)

// The columns of WooCommerce that are read.
const (
	wooID column = iota
	wooType
	wooSKU
	wooName
	wooSlug
	wooPublished
	wooFeatured
	wooVisibility
	wooShort
	wooDescription
	wooSaleStarts
	wooSaleEnds
	wooTaxClass
	wooInStock
	wooStock
	wooBackorders
	wooSalePrice
	wooRegularPrice
	wooCategories
	wooTags
	wooImages
	wooParent
	wooBarcode
	wooBrands
)

// wooLayout has the names of WooCommerce's exports, in English as its importer needs them.
var wooLayout = newLayout([][]string{
	wooID:           {"ID"},
	wooType:         {"Type"},
	wooSKU:          {"SKU"},
	wooName:         {"Name"},
	wooSlug:         {"Slug"},
	wooPublished:    {"Published"},
	wooFeatured:     {"Is featured?"},
	wooVisibility:   {"Visibility in catalog", "Visibility in catalogue", "Visibility"},
	wooShort:        {"Short description"},
	wooDescription:  {"Description"},
	wooSaleStarts:   {"Date sale price starts"},
	wooSaleEnds:     {"Date sale price ends"},
	wooTaxClass:     {"Tax class"},
	wooInStock:      {"In stock?"},
	wooStock:        {"Stock"},
	wooBackorders:   {"Backorders allowed?"},
	wooSalePrice:    {"Sale price"},
	wooRegularPrice: {"Regular price"},
	wooCategories:   {"Categories"},
	wooTags:         {"Tags"},
	wooImages:       {"Images"},
	wooParent:       {"Parent"},
	wooBarcode:      {"GTIN, UPC, EAN, or ISBN"},
	wooBrands:       {"Brands", "Brand"},
}, wooType, wooName)

// wooHeader tells where in a row what stands.
type wooHeader struct {
	header

	weight     int    // Of the column, -1 for none.
	unit       string // Of the weight.
	attributes map[int]*wooAttribute
	order      []int     // The numbers of the attributes.
	meta       []wooMeta // Of the adopter's own; those of WordPress itself begin with an underscore and are left out.
}

// wooAttribute tells where an attribute stands, -1 for nowhere.
type wooAttribute struct{ name, values int }

// wooMeta is a column of metadata.
type wooMeta struct {
	at  int
	key string
}

// readWooHeader finds the columns.
func readWooHeader(r row, f *findings) wooHeader {
	h := wooHeader{weight: -1, attributes: map[int]*wooAttribute{}}
	var left []string
	h.header = wooLayout.readHeader(r, f, func(at int, name string) bool {
		known := h.numbered(at, name)
		if !known {
			left = append(left, name)
		}
		return true
	})
	h.ignored = left
	slices.Sort(h.order)
	return h
}

// numbered finds the columns whose names are not fixed.
func (h *wooHeader) numbered(at int, name string) bool {
	low := strings.ToLower(name)
	if unit, weight := strings.CutPrefix(low, "weight ("); weight {
		h.weight, h.unit = at, strings.TrimSuffix(unit, ")")
		return grams[h.unit] != nil
	}
	if len(name) > len("meta: ") && strings.HasPrefix(low, "meta: ") {
		key := strings.TrimSpace(name[len("meta: "):])
		if !strings.HasPrefix(key, "_") {
			h.meta = append(h.meta, wooMeta{at, key})
		}
		return !strings.HasPrefix(key, "_")
	}
	var n int
	var rest string
	if got, _ := fmt.Sscanf(low, "attribute %d %s", &n, &rest); got < 2 {
		return false
	}
	a := h.attributes[n]
	if a == nil {
		a = &wooAttribute{-1, -1}
		h.attributes[n] = a
		h.order = append(h.order, n)
	}
	switch rest {
	case "name":
		a.name = at
	case "value(s)":
		a.values = at
	default: // Visible, global and default say how pages show it.
		return rest == "visible" || rest == "global" || rest == "default"
	}
	return true
}

// attribute is one attribute of a row.
type attribute struct {
	name   string
	values []string
	at     int // The column of the values.
}

// attributesOf reads the attributes of a row.
func (h *wooHeader) attributesOf(r row) []attribute {
	var out []attribute
	for _, n := range h.order {
		a := h.attributes[n]
		name := strings.TrimSpace(unescaped(r.cell(a.name)))
		if a.name < 0 || name == "" {
			continue
		}
		out = append(out, attribute{name: name, values: wooList(r.cell(a.values)), at: a.values})
	}
	return out
}
