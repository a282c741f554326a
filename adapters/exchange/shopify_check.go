package exchange

import (
	"fmt"
	"strings"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
)

// complete gives SKUs to the variants that have none.
func (s *shopify) complete(d *draft) {
	for i := range d.Variants {
		v := &d.Variants[i]
		if v.SKU != "" || d.Handle == "" {
			continue
		}
		var refused string
		if v.SKU, v.Spare, refused = s.generated(d.Handle, v.Options, v.Line); refused != "" {
			s.refuseAt(v.Line, colSKU, CodeDuplicateSKU, "%s", refused)
		}
	}
}

// judge holds a product against the rules of the catalogue and places what breaks one.
func (s *shopify) judge(d *draft) {
	if n := len(d.Variants) + d.more; n > catalog.VariantsMax {
		s.refuseAt(d.Line, colOption1Value, CodeRule, "the product has %d variants and may have %d; divide it into several products", n, catalog.VariantsMax)
		return
	}
	for _, violation := range violations(&d.Product) {
		line, c := place(d, violation.Field())
		s.refuseAt(line, c, CodeRule, "%s", violation.Message())
	}
}

// violations lists what a product breaks of the rules of the catalogue.
func violations(d *Product) []*fault.Error {
	p := catalog.Product{
		Slug: d.Handle, Title: d.Title, Description: valueOf(d.Description), Brand: valueOf(d.Brand), Type: valueOf(d.Type),
		Tags: d.Tags, Status: d.Status, Options: d.Options,
	}
	if p.Status == "" {
		p.Status = catalog.Draft
	}
	for _, v := range d.Variants {
		made := catalog.Variant{SKU: v.SKU, Options: v.Options, Barcode: valueOf(v.Barcode), Grams: valueOf(v.Grams)}
		if v.Also != nil {
			v.Also(&made)
		}
		p.Variants = append(p.Variants, made)
	}
	for _, m := range d.Images {
		p.Media = append(p.Media, catalog.Media{Key: m.Key, SourceURL: m.URL, Alt: m.Alt})
	}
	if d.Also != nil {
		d.Also(&p)
	}
	if err := p.Validate(); err != nil {
		return fault.Of(err).Violations()
	}
	return nil
}

// valueOf is what a pointer points to, or nothing.
func valueOf[T any](p *T) T {
	if p == nil {
		var none T
		return none
	}
	return *p
}

// place finds the line and column of a field of the catalogue's product.
func place(d *draft, field string) (int, column) {
	var i, j int
	switch name, _, _ := strings.Cut(field, "["); name {
	case "slug":
		return d.Line, colHandle
	case "description":
		return d.Line, colBody
	case "brand":
		return d.Line, colVendor
	case "type":
		return d.Line, colType
	case "tags":
		return d.Line, colTags
	case "seo.title":
		return d.Line, colSEOTitle
	case "seo.description":
		return d.Line, colSEODescription
	case "options":
		_, _ = fmt.Sscanf(field, "options[%d]", &i) // Without a number it is about all of them.
		return d.Line, optionName(d.optionColumn(i))
	case "media":
		if n, _ := fmt.Sscanf(field, "media[%d]", &i); n == 1 {
			if strings.HasSuffix(field, ".alt") {
				return d.Images[i].Line, colImageAlt
			}
			return d.Images[i].Line, colImage
		}
		return d.Line, colImage
	case "variants":
		if n, _ := fmt.Sscanf(field, "variants[%d].options[%d]", &i, &j); n == 0 {
			return d.Line, colOption1Value
		}
		switch line := d.Variants[i].Line; {
		case strings.HasSuffix(field, ".sku"):
			return line, colSKU
		case strings.HasSuffix(field, ".barcode"):
			return line, colBarcode
		default:
			return line, optionValue(d.optionColumn(j))
		}
	default:
		return d.Line, colTitle
	}
}

// optionColumn gives the number of the column of the product's i-th option.
func (d *draft) optionColumn(i int) int {
	for c, name := range d.names {
		if name == "" {
			continue
		}
		if i == 0 {
			return c
		}
		i--
	}
	return 0
}
