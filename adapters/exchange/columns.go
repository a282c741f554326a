package exchange

import "strings"

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
	columnCount
)

// optionColumns is how many options the format has.
const optionColumns = 3

func optionName(i int) column  { return colOption1Name + column(2*i) }
func optionValue(i int) column { return colOption1Value + column(2*i) }

// columnNames are the names of each column: first that of the exports, then those of the templates since 2024 and of
// exports between. They compare without case.
var columnNames = [columnCount][]string{
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
}

// required are the columns without which a file says nothing that can be sold.
var required = [...]column{colHandle, colTitle, colPrice}

// columnByName finds a column by its name in lower case.
var columnByName = func() map[string]column {
	out := map[string]column{}
	for c, names := range columnNames {
		for _, n := range names {
			out[strings.ToLower(n)] = column(c)
		}
	}
	return out
}()

// header tells where in a row each column stands.
type header struct {
	at      [columnCount]int // -1 for a column that the file does not have.
	labels  []string         // As the file names them.
	ignored []string
}

// readHeader finds the columns and refuses what is missing or there twice.
func readHeader(r row, f *findings) header {
	h := header{labels: r.cells}
	for c := range h.at {
		h.at[c] = -1
	}
	for i, text := range r.cells {
		name := strings.TrimSpace(text)
		c, known := columnByName[strings.ToLower(name)]
		switch {
		case !known && name != "":
			h.ignored = append(h.ignored, name)
		case known && h.at[c] >= 0:
			f.refuse(Rejection{r.line, name, CodeDuplicateColumn, "the column is there twice, the first time as \"" + h.label(c) + "\"; remove one"})
		case known:
			h.at[c] = i
		}
	}
	for _, c := range required {
		if h.has(c) {
			continue
		}
		reason := "the file has no column \"" + strings.Join(columnNames[c], "\" or \"") + "\""
		if len(r.cells) == 1 {
			reason += "; its first line names the columns, separated by commas"
		}
		f.refuse(Rejection{r.line, columnNames[c][0], CodeMissingColumn, reason})
	}
	return h
}

// has tells whether the file has the column.
func (h *header) has(c column) bool { return h.at[c] >= 0 }

// label is the column's name in the file, or in exports when the file has none.
func (h *header) label(c column) string {
	if !h.has(c) {
		return columnNames[c][0]
	}
	return strings.TrimSpace(h.labels[h.at[c]])
}

// text is a cell without space around it, "" without such a column.
func (h *header) text(r row, c column) string {
	return strings.TrimSpace(h.raw(r, c))
}

// raw is a cell as it stands, "" without such a column.
func (h *header) raw(r row, c column) string {
	if i := h.at[c]; i >= 0 && i < len(r.cells) {
		return r.cells[i]
	}
	return ""
}
