package exchange

import (
	"errors"
	"io"
	"slices"
	"strings"
)

// Format is how a file of products is written.
type Format string

// The formats.
const (
	Shopify     Format = "shopify"     // Shopify's product CSV.
	WooCommerce Format = "woocommerce" // WooCommerce's product CSV.
	CSV         Format = "csv"         // Our own CSV, which loses nothing.
	JSONL       Format = "jsonl"       // Our own JSON Lines, which lose nothing.
)

// Formats are all formats, in the order in which help lists them.
var Formats = []Format{Shopify, WooCommerce, CSV, JSONL}

// Known tells whether there is such a format.
func (f Format) Known() bool { return slices.Contains(Formats, f) }

// detect finds the format by the first line that is not empty. What looks like none of them is left to the reader of
// Shopify's, whose messages say which columns a file needs.
func detect(in io.Reader) (Format, error) {
	t := newTable(in)
	if first, err := t.in.Peek(1); err == nil && (first[0] == '{' || first[0] == '[') {
		return JSONL, nil
	}
	r, err := t.next()
	var broken *brokenError
	if err != nil && !errors.Is(err, io.EOF) && !errors.As(err, &broken) {
		return "", err
	}
	has := func(names ...string) bool {
		return !slices.ContainsFunc(names, func(name string) bool {
			return !slices.ContainsFunc(r.cells, func(c string) bool { return strings.EqualFold(strings.TrimSpace(c), name) })
		})
	}
	handle := has("Handle") || has("URL handle")
	switch {
	case !handle && has("Name") && (has("Regular price") || has("Type", "SKU") || has("ID", "Type")):
		return WooCommerce, nil
	case has("slug") && !handle:
		return CSV, nil
	default:
		return Shopify, nil
	}
}
