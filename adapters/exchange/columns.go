package exchange

import (
	"slices"
	"strings"
)

// column is a column that is read.
type column int

// The columns. Those of the options stand together, value behind name, by number.
const (
	colHandle column = iota
	colTitle
	colBody
	colVendor
	colType
	colTags
	colPublished
	colStatus
	colOption1Name
	colOption1Value
	colOption2Name
	colOption2Value
	colOption3Name
	colOption3Value
	colSKU
	colGrams
	colQuantity
	colPolicy
	colPrice
	colCompareAt
	colBarcode
	colImage
	colImagePosition
	colImageAlt
	colVariantImage
	colSEOTitle
	colSEODescription
	columnCount
)

// optionColumns is how many options the format has.
const optionColumns = 3

func optionName(i int) column  { return colOption1Name + column(2*i) }
func optionValue(i int) column { return colOption1Value + column(2*i) }

// layout says which columns a format has.
type layout struct {
	names    [][]string // Of each column; the first is how messages call one that the file does not have. They compare without case.
	required []column   // Those without which a file says nothing.
	byName   map[string]column
}

// newLayout makes a layout that finds columns by their names in lower case.
func newLayout(names [][]string, required ...column) *layout {
	l := &layout{names: names, required: required, byName: map[string]column{}}
	for c, all := range names {
		for _, n := range all {
			l.byName[strings.ToLower(n)] = column(c)
		}
	}
	return l
}

// shopifyLayout has the names of the exports, then those of the templates since 2024 and of exports between.
var shopifyLayout = newLayout([][]string{
	colHandle:        {"Handle", "URL handle"},
	colTitle:         {"Title"},
	colBody:          {"Body (HTML)", "Body HTML", "Description"},
	colVendor:        {"Vendor"},
	colType:          {"Type", "Custom Product Type"},
	colTags:          {"Tags"},
	colPublished:     {"Published", "Published on online store"},
	colStatus:        {"Status"},
	colOption1Name:   {"Option1 Name"},
	colOption1Value:  {"Option1 Value"},
	colOption2Name:   {"Option2 Name"},
	colOption2Value:  {"Option2 Value"},
	colOption3Name:   {"Option3 Name"},
	colOption3Value:  {"Option3 Value"},
	colSKU:           {"Variant SKU", "SKU"},
	colGrams:         {"Variant Grams", "Weight value (grams)"},
	colQuantity:      {"Variant Inventory Qty", "Inventory quantity"},
	colPolicy:        {"Variant Inventory Policy", "Continue selling when out of stock"},
	colPrice:         {"Variant Price", "Price"},
	colCompareAt:     {"Variant Compare At Price", "Compare-at price"},
	colBarcode:       {"Variant Barcode", "Barcode"},
	colImage:         {"Image Src", "Product image URL"},
	colImagePosition: {"Image Position"},
	colImageAlt:      {"Image Alt Text"},
	colVariantImage:  {"Variant Image", "Variant image URL"},

	colSEOTitle:       {"SEO Title"},
	colSEODescription: {"SEO Description"},
}, colHandle, colTitle, colPrice)

// header tells where in a row each column stands.
type header struct {
	*layout

	at      []int    // -1 for a column that the file does not have.
	labels  []string // As the file names them.
	ignored []string
}

// readHeader finds the columns and refuses what is missing or there twice. Columns that the layout does not have are
// offered to others, who may know them.
func (l *layout) readHeader(r row, f *findings, others func(at int, name string) bool) header {
	h := header{layout: l, at: make([]int, len(l.names)), labels: r.cells}
	for c := range h.at {
		h.at[c] = -1
	}
	for i, text := range r.cells {
		name := strings.TrimSpace(text)
		c, known := l.byName[strings.ToLower(name)]
		switch {
		case !known && (name == "" || others != nil && others(i, name)):
		case !known:
			h.ignored = append(h.ignored, name)
		case h.at[c] >= 0:
			f.refuse(Rejection{r.line, name, CodeDuplicateColumn, "the column is there twice, the first time as \"" + h.label(c) + "\"; remove one"})
		default:
			h.at[c] = i
		}
	}
	for _, c := range l.required {
		if h.has(c) {
			continue
		}
		reason := "the file has no column \"" + strings.Join(l.names[c], "\" or \"") + "\""
		switch {
		case len(r.cells) > 1 && !slices.ContainsFunc(h.at, func(at int) bool { return at >= 0 }):
			reason += ", nor any other that is known; export it with columns in English, or name its form"
		case len(r.cells) > 1:
			reason += "; add it, or look how it is spelt"
		default:
			reason += "; its first line names the columns, separated by commas" + separated(r.cells[0])
		}
		f.refuse(Rejection{r.line, l.names[c][0], CodeMissingColumn, reason})
	}
	return h
}

// separated tells what else seems to stand between the columns.
func separated(line string) string {
	switch {
	case strings.Count(line, ";") > 1:
		return ", and here there are semicolons: save the file as CSV with commas"
	case strings.Count(line, "\t") > 1:
		return ", and here there are tabs: save the file as CSV with commas"
	}
	return ""
}

// has tells whether the file has the column.
func (h *header) has(c column) bool { return h.at[c] >= 0 }

// label is the column's name in the file, or in exports when the file has none.
func (h *header) label(c column) string {
	if !h.has(c) {
		return h.names[c][0]
	}
	return h.title(h.at[c])
}

// title is how the file calls the i-th of its columns.
func (h *header) title(i int) string {
	if i < 0 || i >= len(h.labels) {
		return ""
	}
	return strings.TrimSpace(h.labels[i])
}

// text is a cell without space around it, "" without such a column.
func (h *header) text(r row, c column) string {
	return strings.TrimSpace(h.raw(r, c))
}

// raw is a cell as it stands, "" without such a column.
func (h *header) raw(r row, c column) string {
	return r.cell(h.at[c])
}

// cell is the i-th cell, "" where there is none.
func (r row) cell(i int) string {
	if i >= 0 && i < len(r.cells) {
		return r.cells[i]
	}
	return ""
}
