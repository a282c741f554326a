package exchange

import (
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
)

// The codes of rejections that rows of orders alone have.
const (
	CodeMissingValue = "missing_value"
	CodeBadTime      = "bad_time"
	CodeOutOfRange   = "out_of_range"
)

// OrderOptions say how a file of order lines is read; all are needed but those that say so.
type OrderOptions struct {
	Map      OrderMap
	Currency money.Currency
	Location *time.Location // Of times that do not name their own; UTC when nil.
	Dates    DateForm       // Of dates that are no ISO dates; DatesISO when empty.
	Rules    ordering.ImportRules
}

// OrderRow is a row of a file of order lines: taken for what Row.Kind says, or rejected when Code is set. It is an alias
// of a plain struct, so that it is the same type as bridge.OrderRow; keep both alike.
type OrderRow = struct {
	Line   int
	Row    ordering.ImportedRow // Of a rejected one, as much as could be read.
	Valued bool                 // Quantity and price were read, so that it counts with their product.
	Column string               // As the file names it.
	Code   string
	Reason string
}

// OrderReader reads a file of order lines row by row, in bounded memory but for a count of each invoice's rows. Not safe
// for concurrent use.
type OrderReader struct {
	table    *table
	opts     OrderOptions
	at       map[OrderField]int
	names    []string // Of the columns, as the file has them.
	ordinals map[string]int
}

// NewOrderReader reads the names of the columns. Errors: *FileError; what the reader gives.
func NewOrderReader(r io.Reader, opts OrderOptions) (*OrderReader, error) {
	if opts.Location == nil {
		opts.Location = time.UTC
	}
	out := &OrderReader{table: newTable(r), opts: opts, ordinals: map[string]int{}}
	first, err := out.next()
	if errors.Is(err, io.EOF) {
		return nil, (&findings{rejections: []Rejection{{1, "", CodeEmptyFile, "the file is empty; its first line names the columns"}}, count: 1}).err()
	}
	if err != nil {
		return nil, err
	}
	var found findings
	out.at, out.names = opts.Map.columnsOf(first, &found), first.cells
	out.table.spares = true
	return out, found.err()
}

// next reads a row of the table.
func (r *OrderReader) next() (row, error) {
	cells, err := r.table.next()
	var broken *brokenError
	if errors.As(err, &broken) {
		if broken.cell >= 0 && broken.cell < len(r.names) {
			broken.Column = r.names[broken.cell]
		}
		return row{}, &FileError{Rejections: []Rejection{broken.Rejection}, Count: 1}
	}
	return cells, err
}

// Next gives the next row, io.EOF behind the last. Errors also: *FileError for a table that cannot be read on; what the
// reader gives.
func (r *OrderReader) Next() (OrderRow, error) {
	cells, err := r.next()
	if err != nil {
		return OrderRow{}, err
	}
	p := orderParser{reader: r, cells: cells.cells}
	p.out.Line = cells.line
	if bad := cells.spoilt; bad != nil {
		p.out.Line, p.out.Code, p.out.Reason = bad.Line, bad.Code, bad.Reason
		if bad.cell < len(r.names) {
			p.out.Column = r.names[bad.cell]
		}
	}
	p.read()
	return p.out, nil
}

// orderParser reads one row. The first thing that is wrong is the row's code; the reason tells of all.
type orderParser struct {
	reader *OrderReader
	cells  []string
	out    OrderRow
}

// read fills the row in.
func (p *orderParser) read() {
	row, o := &p.out.Row, p.reader.opts
	if have, want := len(p.cells), len(p.reader.names); have != want {
		p.reject("", CodeFieldCount, fmt.Sprintf("the row has %d cells, the first line names %d columns; put cells with commas or ends of lines in quotes", have, want))
	}
	row.Invoice = p.needed(OrderInvoice)
	if row.Invoice != "" {
		row.Ordinal = p.reader.ordinal(row.Invoice)
	}
	row.Code = ordering.FoldCode(p.needed(OrderSKU))
	row.Title = printable(p.text(OrderTitle))
	quantity := p.quantity()
	p.at()
	price := p.price()
	p.out.Valued = quantity && price
	row.Customer, row.Country = reference(p.text(OrderCustomer)), printable(p.text(OrderCountry))
	if p.out.Code != "" {
		return
	}
	if field, rule := ordering.ImportRowRule(*row); rule != "" {
		p.reject(OrderField(field), CodeOutOfRange, rule)
		return
	}
	row.Kind, row.Reason = o.Rules.Classify(*row)
}

// ordinal counts a row of an invoice.
func (r *OrderReader) ordinal(invoice string) int {
	r.ordinals[invoice]++
	return r.ordinals[invoice]
}

// reject says what is wrong with the row.
func (p *orderParser) reject(field OrderField, code, reason string) {
	name := p.name(field)
	if p.out.Code == "" {
		p.out.Column, p.out.Code, p.out.Reason = name, code, reason
		return
	}
	p.out.Reason += "; also " + name + ": " + reason
}

// name is what the file calls the column of a field.
func (p *orderParser) name(field OrderField) string {
	if i, mapped := p.reader.at[field]; mapped {
		return p.reader.names[i]
	}
	return string(field)
}
