package exchange

import (
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/ipswich-retail/commerce/domain/fault"
)

// OrderField is a field of a row of orders, which a column of a file is mapped to.
type OrderField string

// The fields of a row of orders.
const (
	OrderInvoice   OrderField = "invoice"
	OrderSKU       OrderField = "sku"
	OrderTitle     OrderField = "title"
	OrderQuantity  OrderField = "quantity"
	OrderAt        OrderField = "at"
	OrderUnitPrice OrderField = "unit_price"
	OrderCustomer  OrderField = "customer"
	OrderCountry   OrderField = "country"
)

// orderFields are all fields, in the order in which they are told of; those that every map names come with true.
var orderFields = []struct {
	field    OrderField
	required bool
}{
	{OrderInvoice, true},
	{OrderSKU, true},
	{OrderTitle, false},
	{OrderQuantity, true},
	{OrderAt, true},
	{OrderUnitPrice, true},
	{OrderCustomer, false},
	{OrderCountry, false},
}

// OrderMap says which column of a file holds which field.
type OrderMap map[OrderField]string

// DefaultOrderMap is the map of the ledger that is documented as an example.
const DefaultOrderMap = "invoice=InvoiceNo,sku=StockCode,title=Description,quantity=Quantity,at=InvoiceDate,unit_price=UnitPrice,customer=CustomerID,country=Country"

// ParseOrderMap reads a map such as invoice=InvoiceNo,sku=StockCode: pairs of a field and the name of a column, separated
// by commas; a pair whose column has a comma stands in quotes, as in a CSV. Errors: fault.Bad with a violation of the
// field "map" for each thing that is wrong.
func ParseOrderMap(text string) (OrderMap, error) {
	out := OrderMap{}
	var wrong []*fault.Error
	refuse := func(format string, args ...any) {
		wrong = append(wrong, fault.Bad.Newf(format, args...).At("map"))
	}
	names := fieldNames(false)
	pairs, err := newTable(strings.NewReader(text)).next()
	var broken *brokenError
	switch {
	case errors.As(err, &broken):
		refuse("the map cannot be read: %s", broken.Reason)
	case err != nil && !errors.Is(err, io.EOF):
		refuse("the map cannot be read")
	}
	for _, pair := range pairs.cells {
		name, column, found := strings.Cut(pair, "=")
		field, column := OrderField(strings.TrimSpace(name)), strings.TrimSpace(column)
		switch {
		case strings.TrimSpace(pair) == "":
			refuse("a pair is empty; write field=Column,field=Column")
		case !found:
			refuse("%q has no column; write it as field=Column", excerpt(pair))
		case !slices.Contains(names, string(field)):
			refuse("%q is no field; the fields are %s", excerpt(string(field)), strings.Join(names, ", "))
		case column == "":
			refuse("the field %s has no column; write %s=Column or leave it out", field, field)
		case out[field] != "":
			refuse("the field %s is mapped twice, to %q and %q; keep one", field, excerpt(out[field]), excerpt(column))
		default:
			out[field] = column
		}
	}
	if broken == nil {
		for _, name := range fieldNames(true) {
			if out[OrderField(name)] == "" && !slices.ContainsFunc(pairs.cells, func(p string) bool { return strings.HasPrefix(strings.TrimSpace(p), name+"=") }) {
				refuse("the field %s is not mapped; add %s=Column", name, name)
			}
		}
	}
	return out, fault.Collect(wrong)
}

// fieldNames lists the fields, or those that every map names.
func fieldNames(required bool) []string {
	var out []string
	for _, f := range orderFields {
		if f.required || !required {
			out = append(out, string(f.field))
		}
	}
	return out
}

// columnsOf finds the columns of the map among those of a file: exactly, else without case.
func (m OrderMap) columnsOf(r row, f *findings) map[OrderField]int {
	out := map[OrderField]int{}
	for _, field := range orderFields {
		name, mapped := m[field.field]
		if !mapped {
			continue
		}
		same := func(match func(cell string) bool) []int {
			var found []int
			for i, cell := range r.cells {
				if match(strings.TrimSpace(cell)) {
					found = append(found, i)
				}
			}
			return found
		}
		at := same(func(cell string) bool { return cell == name })
		if len(at) == 0 {
			at = same(func(cell string) bool { return strings.EqualFold(cell, name) })
		}
		switch len(at) {
		case 0:
			f.refuse(Rejection{r.line, name, CodeMissingColumn, "the file has no such column, to which the map leads the field " +
				string(field.field) + "; its columns are " + listed(r.cells) + separated(r.cells[0])})
		case 1:
			out[field.field] = at[0]
		default:
			f.refuse(Rejection{r.line, name, CodeDuplicateColumn, "the column is there more than once; rename all but one"})
		}
	}
	return out
}

// listed names the first columns of a file.
func listed(cells []string) string {
	const most = 20
	var names []string
	for _, c := range cells[:min(len(cells), most)] {
		names = append(names, excerpt(strings.TrimSpace(c)))
	}
	if len(cells) > most {
		names = append(names, "…")
	}
	return strings.Join(names, ", ")
}
