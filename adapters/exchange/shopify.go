package exchange

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// ReadShopify reads a product file in Shopify's CSV format, with prices in the currency, to its end. It reads as it
// goes; what it holds at once is the products, and one row of bounded size.
//
// How it reads:
//   - Columns may stand in any order; Handle, Title and Variant Price must be there, by their names in exports or in
//     the templates since 2024. Columns that it does not know are left out and named in File.Ignored.
//   - The rows of a product stand together. Its first row has what belongs to the product; each row with an option
//     value, a SKU, a price, a compare-at price, a quantity or a barcode is a variant; each other one with an image is
//     just a picture. A later row may repeat title and option names, and not contradict them.
//   - Option "Title" with the single value "Default Title" is how the format says that there are no options.
//   - A handle that is no slug becomes one, with a note. A product is active unless its status or Published says
//     otherwise; one that is published nowhere, or "unlisted", becomes a draft.
//   - A price, a weight and a quantity are plain decimals with a point. Weights are rounded to grams.
//   - A variant without a SKU gets <HANDLE>[-<VALUE>…]; where two would get the same, or one is in the file already,
//     each of them gets a suffix, which depends on its handle and values alone.
//
// Whatever it accepts is valid by the rules of the catalogue. Errors: *FileError for a file that is refused,
// money.CurrencyMismatch without a currency, the reader's own error otherwise.
func ReadShopify(r io.Reader, currency money.Currency) (File, error) {
	if currency.IsZero() {
		return File{}, money.CurrencyMismatch.New("a product file is read in a currency; name the one of its prices")
	}
	s := &shopify{currency: currency, lineOf: map[string]int{}, skus: map[ref.SKU]int{}}
	rows, err := s.read(newTable(r))
	var broken *brokenError
	switch {
	case errors.As(err, &broken):
		s.refuse(broken.Rejection)
	case err != nil:
		return File{}, fmt.Errorf("reading the product file: %w", err)
	}
	s.finish()
	products := s.complete()
	if err := s.err(); err != nil {
		return File{}, err
	}
	return File{Products: products, Rows: rows, Ignored: s.head.ignored, Notes: s.notes}, nil
}

// shopify is the state of one reading.
type shopify struct {
	findings
	currency money.Currency
	head     header
	drafts   []*draft
	current  *draft          // The product whose rows are being read.
	lineOf   map[string]int  // Of the first row of each product, by slug.
	skus     map[ref.SKU]int // The line of each SKU that stands in the file.
}

// read reads the header and all rows, and counts the rows with something in them.
func (s *shopify) read(t *table) (int, error) {
	first, err := t.next()
	if errors.Is(err, io.EOF) {
		return 0, broken(1, CodeEmptyFile, "the file is empty; its first line names the columns")
	}
	if err != nil {
		return 0, err
	}
	s.head = readHeader(first, &s.findings)
	if s.count > 0 {
		return 0, nil // Without its columns nothing else can be said of the file.
	}
	for rows := 0; ; {
		r, err := t.next()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return rows, err
		}
		if !slices.ContainsFunc(r.cells, func(c string) bool { return strings.TrimSpace(c) != "" }) {
			continue
		}
		rows++
		s.row(r)
	}
}

// refuseAt adds a rejection of a cell.
func (s *shopify) refuseAt(line int, c column, code, format string, args ...any) {
	s.refuse(Rejection{Line: line, Column: s.head.label(c), Code: code, Reason: fmt.Sprintf(format, args...)})
	if s.current != nil {
		s.current.damaged = true
	}
}

// row reads one row: of the product before it, or the first of a new one.
func (s *shopify) row(r row) {
	if have, want := len(r.cells), len(s.head.labels); have != want {
		s.refuse(Rejection{Line: r.line, Code: CodeFieldCount, Reason: fmt.Sprintf(
			"the row has %d cells and the first line names %d columns; most often a quote is missing or a comma is not quoted", have, want)})
		if s.current != nil {
			s.current.damaged = true
		}
		return
	}
	handle := s.head.text(r, colHandle)
	switch {
	case handle == "":
		s.refuse(Rejection{r.line, s.head.label(colHandle), CodeMissingHandle, "every row names its product by the handle"})
		return
	case s.current == nil || s.current.handle != handle:
		s.finish()
		s.begin(r, handle)
	default:
		s.repeat(r)
	}
	s.picture(r)
	if s.isVariant(r) {
		s.variant(r)
	}
}

// begin starts a product with its first row.
func (s *shopify) begin(r row, handle string) {
	d := newDraft(r.line, handle)
	s.current = d
	s.drafts = append(s.drafts, d)
	slug := slugOf(handle)
	d.Handle = slug
	switch first, known := s.lineOf[slug]; {
	case slug == "":
		s.refuseAt(r.line, colHandle, CodeBadHandle, "%q has no letter or digit; a handle names the product in addresses", excerpt(handle))
	case known:
		s.refuseAt(r.line, colHandle, CodeSplitProduct,
			"another product, or another block of rows of this one, is %q since line %d; the rows of a product stand together, and handles differ", excerpt(slug), first)
	case slug != handle:
		s.note(Note{r.line, s.head.label(colHandle), fmt.Sprintf("%q becomes %q in addresses", excerpt(handle), excerpt(slug))})
	}
	if _, known := s.lineOf[slug]; !known {
		s.lineOf[slug] = r.line
	}
	if d.Title = s.head.text(r, colTitle); d.Title == "" {
		s.refuseAt(r.line, colTitle, CodeMissingTitle, "the first row of a product has its title")
	}
	s.describe(r, d)
	for i := range d.names {
		d.names[i] = s.head.text(r, optionName(i))
	}
}

// repeat checks what a later row of a product repeats.
func (s *shopify) repeat(r row) {
	d := s.current
	if t := s.head.text(r, colTitle); t != "" && t != d.Title {
		s.refuseAt(r.line, colTitle, CodeConflict, "the product that starts on line %d has another title; give this one its own handle", d.Line)
	}
	for i, name := range d.names {
		if n := s.head.text(r, optionName(i)); n != "" && !strings.EqualFold(n, name) {
			s.refuseAt(r.line, optionName(i), CodeConflict, "the first row of the product, line %d, names this option %q", d.Line, excerpt(name))
		}
	}
}

// isVariant tells whether a row has a variant; the first of a product always does.
func (s *shopify) isVariant(r row) bool {
	if r.line == s.current.Line {
		return true
	}
	for _, c := range [...]column{
		colOption1Value, colOption2Value, colOption3Value, colSKU, colPrice, colCompareAt, colQuantity, colBarcode,
	} {
		if s.head.text(r, c) != "" {
			return true
		}
	}
	if s.head.text(r, colImage) == "" {
		s.note(Note{r.line, "", "the row has neither a variant nor an image"})
	}
	return false
}
