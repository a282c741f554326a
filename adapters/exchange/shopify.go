package exchange

import (
	"fmt"
	"strings"
)

// shopify reads Shopify's product CSV, as exported by any version of its admin since 2014 and as written by hand after
// its templates:
//   - Columns may stand in any order; Handle, Title and Variant Price must be there, by their names in exports or in
//     the templates since 2024. Columns that it does not know are left out and named in Source.Ignored.
//   - The rows of a product stand together. Its first row has what belongs to the product; each row with an option
//     value, a SKU, a price, a compare-at price, a quantity or a barcode is a variant; each other one with an image is
//     just a picture. A later row may repeat title and option names, and not contradict them.
//   - Option "Title" with the single value "Default Title" is how the format says that there are no options.
//   - A handle that is no slug becomes one, with a note. A product is active unless its status or Published says
//     otherwise; one that is published nowhere, or "unlisted", becomes a draft.
//   - An apostrophe before what a spreadsheet would take for a formula is taken away.
//   - A price, a weight and a quantity are plain decimals with a point. Weights are rounded to grams.
//   - A variant without a SKU gets <HANDLE>[-<VALUE>…]; where two would get the same, or one is in the file already,
//     each of them gets a suffix, which depends on its handle and values alone.
type shopify struct {
	*pass

	head    header
	current *draft // The product whose rows are being read.
}

// readShopifyRows goes through a file of Shopify's.
func readShopifyRows(p *pass) error {
	first, err := p.first()
	if err != nil {
		return err
	}
	s := &shopify{pass: p}
	s.head = shopifyLayout.readHeader(first, &s.findings, nil)
	s.ignored = s.head.ignored
	if s.count > 0 {
		return nil // Without its columns nothing else can be said of the file.
	}
	for {
		r, err := s.next(&s.head)
		if s.ended(err) {
			s.none(first.line)
			return s.finish()
		}
		if err != nil {
			return err
		}
		for i, cell := range r.cells {
			r.cells[i] = unescaped(cell)
		}
		if err := s.row(r); err != nil {
			return err
		}
	}
}

// none refuses a file that has nothing below its header.
func (p *pass) none(line int) {
	if p.rows == 0 && p.count == 0 {
		p.refuse(Rejection{Line: line, Code: CodeNoRows, Reason: "the file names its columns and has no rows; is it the right file?"})
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
func (s *shopify) row(r row) error {
	if !s.fits(r, &s.head) {
		if s.current != nil {
			s.current.damaged = true
		}
		return nil
	}
	handle := s.head.text(r, colHandle)
	switch {
	case handle == "":
		s.refuse(Rejection{r.line, s.head.label(colHandle), CodeMissingHandle, "every row names its product by the handle"})
		return nil
	case s.current == nil || s.current.handle != handle:
		if err := s.finish(); err != nil {
			return err
		}
		s.begin(r, handle)
	default:
		s.repeat(r)
	}
	s.picture(r)
	if s.isVariant(r) {
		s.variant(r)
	}
	return nil
}

// begin starts a product with its first row.
func (s *shopify) begin(r row, handle string) {
	d := newDraft(r.line, handle)
	s.current = d
	slug := slugOf(handle)
	d.Handle = slug
	first, known := s.product(slug, r.line)
	switch {
	case slug == "":
		s.refuseAt(r.line, colHandle, CodeBadHandle, "%q has no letter or digit; a handle names the product in addresses", excerpt(handle))
	case known:
		s.refuseAt(r.line, colHandle, CodeSplitProduct,
			"another product, or another block of rows of this one, is %q since line %d; the rows of a product stand together, and handles differ", excerpt(slug), first)
	case slug != handle:
		s.note(Note{Line: r.line, Column: s.head.label(colHandle), Text: fmt.Sprintf("%q becomes %q in addresses", excerpt(handle), excerpt(slug))})
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
		s.note(Note{Line: r.line, Text: "the row has neither a variant nor an image"})
	}
	return false
}
