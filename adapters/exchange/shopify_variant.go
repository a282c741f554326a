package exchange

import (
	"strconv"
	"strings"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// variant reads a row's variant.
func (s *shopify) variant(r row) {
	d := s.current
	if len(d.Variants) == catalog.VariantsMax {
		d.more++
		return
	}
	v := Variant{Line: r.line, Options: s.options(r)}
	key := strings.ToLower(strings.Join(v.Options, "\x00"))
	switch line, known := d.lines[key]; {
	case known && len(v.Options) == 0:
		s.refuseAt(r.line, colOption1Value, CodeDuplicateVariant, "a product without options has one variant, which stands on line %d", line)
	case known:
		s.refuseAt(r.line, colOption1Value, CodeDuplicateVariant, "the variant on line %d has the same values", line)
	default:
		d.lines[key] = r.line
	}
	v.SKU = s.sku(r)
	v.Price = s.price(r)
	v.CompareAt = s.compareAt(r)
	v.Quantity = s.quantity(r)
	v.Grams = s.grams(r)
	if s.head.has(colBarcode) {
		barcode := s.head.text(r, colBarcode)
		v.Barcode = &barcode
	}
	switch text := s.head.text(r, colPolicy); strings.ToLower(text) {
	case "deny", "false", "":
	case "continue", "true":
		v.Oversell = true
	default:
		s.refuseAt(r.line, colPolicy, CodeUnknownValue, "%q is neither deny nor continue", excerpt(text))
	}
	picture := s.head.text(r, colVariantImage)
	if picture != "" {
		s.image(r.line, colVariantImage, picture, "", int(^uint(0)>>1))
	}
	d.Variants = append(d.Variants, v)
	d.pictures = append(d.pictures, picture)
}

// options reads one value for each option that the product names.
func (s *shopify) options(r row) []string {
	var out []string
	for i, name := range s.current.names {
		switch value := s.head.text(r, optionValue(i)); {
		case name == "" && value != "" && i == 0 && strings.EqualFold(value, "Default Title"):
		case name == "" && value != "":
			s.refuseAt(r.line, optionValue(i), CodeMissingOptionName,
				"the value %q belongs to no option; the first row of the product names it in %q", excerpt(value), s.head.label(optionName(i)))
		case name == "":
		case value == "":
			s.refuseAt(r.line, optionValue(i), CodeMissingOptionValue, "the variant has no value for %q", excerpt(name))
			out = append(out, value)
		default:
			out = append(out, value)
		}
	}
	return out
}

// sku reads a SKU, which no other variant of the file may have; "" when it is to be generated.
func (s *shopify) sku(r row) ref.SKU {
	text := s.head.text(r, colSKU)
	if text == "" {
		return ""
	}
	sku, err := ref.ParseSKU(text)
	if err != nil {
		s.refuseAt(r.line, colSKU, CodeBadSKU, "%q: %s", excerpt(text), fault.Of(err).Message())
		return ""
	}
	if line, known := s.stated(sku, r.line); known {
		s.refuseAt(r.line, colSKU, CodeDuplicateSKU, "the variant on line %d has the SKU %q already; give each its own", line, sku)
	}
	return sku
}

// price reads the price, which must be there.
func (s *shopify) price(r row) money.UnitPrice {
	text := s.head.text(r, colPrice)
	if text == "" {
		s.refuseAt(r.line, colPrice, CodeMissingPrice, "a variant has a price; write 0 for one that is free")
		return money.UnitPrice{}
	}
	return s.amount(r, colPrice, text)
}

// compareAt reads the price to compare with: zero for none, nil without such a column.
func (s *shopify) compareAt(r row) *money.UnitPrice {
	if !s.head.has(colCompareAt) {
		return nil
	}
	price := money.NewUnitPrice(0, s.currency)
	if text := s.head.text(r, colCompareAt); text != "" {
		price = s.amount(r, colCompareAt, text)
	}
	return &price
}

// amount reads a price that is not negative.
func (s *shopify) amount(r row, c column, text string) money.UnitPrice {
	price, err := money.ParseUnitPrice(text, s.currency)
	switch {
	case err != nil:
		s.refuseAt(r.line, c, CodeBadPrice, "%s", priceless(text, err))
	case price.IsNegative():
		s.refuseAt(r.line, c, CodeNegative, "%q is below zero; a price is not", excerpt(text))
	}
	return price
}

// quantity reads what is in stock; below zero it is what was sold beyond it.
func (s *shopify) quantity(r row) *int64 {
	text := s.head.text(r, colQuantity)
	if text == "" {
		return nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		s.refuseAt(r.line, colQuantity, CodeBadNumber, "%s", notWhole(text))
		return nil
	}
	if n > inventory.QuantityMax || n < -inventory.QuantityMax {
		s.refuseAt(r.line, colQuantity, CodeBadNumber, "%q is more than %d", excerpt(text), int64(inventory.QuantityMax))
		return nil
	}
	return &n
}

// grams reads a weight, rounded half up to whole grams; exports convert pounds and ounces with many decimals. A blank
// cell is an unknown weight.
func (s *shopify) grams(r row) *int64 {
	if !s.head.has(colGrams) {
		return nil
	}
	text := s.head.text(r, colGrams)
	if text == "" {
		return new(int64)
	}
	if strings.HasPrefix(text, "-") {
		s.refuseAt(r.line, colGrams, CodeNegative, "%q is below zero; a weight is not", excerpt(text))
		return nil
	}
	whole, decimals, _ := strings.Cut(text, ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || n > inventory.QuantityMax || strings.Trim(decimals, "0123456789") != "" || strings.HasPrefix(whole, "+") {
		s.refuseAt(r.line, colGrams, CodeBadNumber, "%q is not a weight in grams; write it like 250 or 226.8", excerpt(text))
		return nil
	}
	if decimals != "" && decimals[0] >= '5' {
		n++
	}
	return &n
}
