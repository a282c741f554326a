package load

import (
	"errors"
	"strconv"
	"strings"
	"sync/atomic"
)

// serial numbers the requests of the process.
var serial atomic.Uint64

// checkoutBody is what every guest says.
var checkoutBody = []byte(`{"email":"load@example.com","payment":{"provider":"manual"},"shipping_address":` +
	`{"name":"Buyer","line1":"1 Quay Street","city":"Ipswich","postal_code":"IP4 1BZ","country":"GB"}}`)

// cartBody asks for a cart with lines.
func cartBody(lines []Line) []byte {
	out := append(make([]byte, 0, 16+48*len(lines)), `{"lines":[`...)
	for i, l := range lines {
		if i > 0 {
			out = append(out, ',')
		}
		out = lineBody(out, l)
	}
	return append(out, `]}`...)
}

// lineBody appends a line. Codes hold nothing that JSON would escape.
func lineBody(out []byte, l Line) []byte {
	out = append(append(append(out, `{"sku":"`...), l.Code...), `","quantity":`...)
	return append(strconv.AppendInt(out, l.Quantity, 10), '}')
}

// pence reads an amount with two digits.
func pence(amount string) (int64, error) {
	whole, fraction, _ := strings.Cut(amount, ".")
	if len(fraction) != 2 {
		return 0, errors.New("an amount of pounds has two digits")
	}
	return strconv.ParseInt(whole+fraction, 10, 64)
}
