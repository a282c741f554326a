package exchange

import (
	"bytes"
	"io"

	"github.com/ipswich-retail/commerce/domain/money"
)

// ReadShopify reads a product file in Shopify's CSV format, with prices in the currency, into memory. For the rules see
// shopify; for a file that may be large see Open.
//
// Whatever it accepts is valid by the rules of the catalogue. Errors: *FileError for a file that is refused,
// money.CurrencyMismatch without a currency, the reader's own error otherwise.
func ReadShopify(r io.Reader, currency money.Currency) (File, error) {
	return readAll(r, Shopify, currency)
}

// ReadWooCommerce is ReadShopify for WooCommerce's CSV format; for the rules see woo.
func ReadWooCommerce(r io.Reader, currency money.Currency) (File, error) {
	return readAll(r, WooCommerce, currency)
}

// ReadCSV is ReadShopify for our own CSV. What is no product is left out.
func ReadCSV(r io.Reader, currency money.Currency) (File, error) { return readAll(r, CSV, currency) }

// ReadJSONL is ReadShopify for our own JSON Lines. What is no product is left out.
func ReadJSONL(r io.Reader, currency money.Currency) (File, error) {
	return readAll(r, JSONL, currency)
}

// readAll reads a file into memory.
func readAll(r io.Reader, as Format, currency money.Currency) (File, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return File{}, reading(err)
	}
	s, err := Open(bytes.NewReader(text), int64(len(text)), as, currency)
	if err != nil {
		return File{}, err
	}
	if err := s.Check(nil); err != nil {
		return File{}, err
	}
	out := File{Products: []Product{}, Rows: s.rows, Ignored: s.ignored, Notes: s.remarks}
	err = s.Each(func(i Item) error {
		if i.Product != nil {
			out.Products = append(out.Products, *i.Product)
		}
		return nil
	})
	return out, err
}
