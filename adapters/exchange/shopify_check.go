package exchange

import (
	"fmt"
	"strings"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// complete gives the products, with SKUs for the variants that have none, once they keep the catalogue's rules.
func (s *shopify) complete() []Product {
	s.generate()
	out := make([]Product, 0, len(s.drafts))
	for _, d := range s.drafts {
		if !d.damaged {
			s.judge(d)
		}
		out = append(out, d.Product)
	}
	return out
}

// generate gives SKUs to the variants that have none. Whoever would share one takes the spare one, all of them, so
// that it does not matter in which order they stand.
func (s *shopify) generate() {
	wanted := make(map[ref.SKU]int, len(s.skus))
	for sku := range s.skus {
		wanted[sku]++
	}
	var generated []*Variant
	for _, d := range s.drafts {
		for i := range d.Variants {
			if v := &d.Variants[i]; v.SKU == "" {
				v.SKU, v.Spare = generateSKU(d.Handle, v.Options)
				wanted[v.SKU]++
				generated = append(generated, v)
			}
		}
	}
	for _, v := range generated {
		if wanted[v.SKU] > 1 {
			v.SKU = v.Spare
		}
		if line, taken := s.skus[v.SKU]; taken {
			s.refuseAt(v.Line, colSKU, CodeDuplicateSKU,
				"the SKU %q that this variant gets is that of line %d; give this one a SKU of its own", v.SKU, line)
			continue
		}
		s.skus[v.SKU] = v.Line
	}
}

// judge holds a product against the rules of the catalogue and places what breaks one.
func (s *shopify) judge(d *draft) {
	p := catalog.Product{
		Slug: d.Handle, Title: d.Title, Description: valueOf(d.Description), Brand: valueOf(d.Brand), Type: valueOf(d.Type),
		Tags: d.Tags, Status: d.Status, Options: d.Options,
	}
	if p.Status == "" {
		p.Status = catalog.Draft
	}
	for _, v := range d.Variants {
		p.Variants = append(p.Variants, catalog.Variant{SKU: v.SKU, Options: v.Options, Barcode: valueOf(v.Barcode), Grams: valueOf(v.Grams)})
	}
	for _, m := range d.Images {
		p.Media = append(p.Media, catalog.Media{Key: m.Key, SourceURL: m.URL, Alt: m.Alt})
	}
	err := p.Validate()
	if err == nil {
		return
	}
	for _, violation := range fault.Of(err).Violations() {
		line, c := place(d, violation.Field())
		s.refuseAt(line, c, CodeRule, "%s", violation.Message())
	}
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
