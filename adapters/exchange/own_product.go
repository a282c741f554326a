package exchange

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// product reads a product with its variants, and gives it.
func (o *own) product(r record, variants []record, more int) error {
	o.damaged = false
	p := &Product{Line: r.line, Unsorted: true}
	field(o, r, "slug", &p.Handle, value.name)
	field(o, r, "id", &p.ID, identity[ref.ProductKind])
	first, twice := o.pass.product(p.Handle, r.line)
	switch {
	case p.Handle == "":
		o.refuseAt(r, "slug", CodeMissingHandle, "every product has a slug, its name in addresses")
	case twice:
		o.refuseAt(r, "slug", CodeSplitProduct, "the product %q begins on line %d already; its row stands before those of its variants, and all of them together", excerpt(p.Handle), first)
	}
	o.describe(r, p)
	o.images(r, p)
	p.SameOptions = true
	if list := said(o, r, "options", value.list); list != nil {
		p.Options, p.SameOptions = *list, false
	}
	for _, v := range variants {
		o.variant(v, p)
	}
	p.Place = places{r, variants}.find
	switch n := len(p.Variants) + more; {
	case n > catalog.VariantsMax:
		o.refuseAt(r, "slug", CodeRule, "the product has %d variants and may have %d; divide it into several products", n, catalog.VariantsMax)
	case !o.damaged && o.stage == learn:
		o.judge(p)
	}
	return o.out(Item{Line: r.line, Product: p})
}

// describe reads what belongs to a product as a whole.
func (o *own) describe(r record, p *Product) {
	field(o, r, "title", &p.Title, value.str)
	p.Description, p.Brand, p.Type = said(o, r, "description", value.str), said(o, r, "brand", value.str), said(o, r, "type", value.str)
	field(o, r, "tags", &p.Tags, value.list)
	field(o, r, "categories", &p.Categories, value.list)
	var status string
	field(o, r, "status", &status, value.name)
	if p.Status = catalog.Status(strings.ToLower(status)); status != "" && !catalog.ProductMachine.Knows(p.Status) {
		o.refuseAt(r, "status", CodeUnknownValue, "%q is none of active, draft and archived", excerpt(status))
	}
	featured, tax := said(o, r, "featured", value.truth), said(o, r, "tax_category", value.str)
	title, more := said(o, r, "seo_title", value.str), said(o, r, "seo_description", value.str)
	metadata, shown := said(o, r, "metadata", structured[map[string]string]), o.shown(r)
	translations := said(o, r, "translations", structured[map[string]wireText])
	p.Also = func(c *catalog.Product) {
		take(&c.Featured, featured)
		take(&c.TaxCategory, tax)
		take(&c.SEO.Title, title)
		take(&c.SEO.Description, more)
		shown(&c.Publication, &c.Listings)
		if metadata != nil {
			c.Metadata = *metadata
		}
		if translations == nil {
			return
		}
		c.Translations = nil
		for locale, w := range *translations {
			if c.Translations == nil {
				c.Translations = map[string]catalog.Translation{}
			}
			c.Translations[locale] = w.translation()
		}
	}
}

// images reads the pictures of a product.
func (o *own) images(r record, p *Product) {
	var images []wireImage
	field(o, r, "images", &images, structured[[]wireImage])
	for i, w := range images {
		switch low := strings.ToLower(w.URL); {
		case w.URL == "" && w.Key == "":
			o.refuseAt(r, "images", CodeBadImage, "image %d has neither a url nor a key", i+1)
		case w.URL != "" && !strings.HasPrefix(low, "https://") && !strings.HasPrefix(low, "http://") && !strings.HasPrefix(low, "//"):
			o.refuseAt(r, "images", CodeBadImage, "%q is no address of an image; it begins with https://", excerpt(w.URL))
		case w.Key != "" && (!fs.ValidPath(w.Key) || w.Key == "."):
			o.refuseAt(r, "images", CodeBadImage, "%q names no file below /media/", excerpt(w.Key))
		}
		if slices.ContainsFunc(p.Images, func(m Image) bool { return m.URL == w.URL && m.Key == w.Key }) {
			o.refuseAt(r, "images", CodeBadImage, "image %d is there twice", i+1)
		}
		p.Images = append(p.Images, Image{Line: r.line, URL: w.URL, Key: w.Key, Alt: w.Alt})
	}
}

// judge holds a product against the rules of the catalogue, as far as the file says what it is.
func (o *own) judge(p *Product) {
	whole := *p
	if whole.Title == "" {
		whole.Title = "-" // Whoever imports it knows whether the shop has one.
	}
	if whole.SameOptions || len(whole.Variants) == 0 {
		whole.Variants = nil
	}
	for _, v := range violations(&whole) {
		if whole.Variants == nil && (strings.HasPrefix(v.Field(), "variants") || strings.Contains(v.Field(), ".options")) {
			continue
		}
		o.refuseRule(p, v)
	}
}

// refuseRule refuses what breaks a rule of the catalogue.
func (o *own) refuseRule(p *Product, v *fault.Error) {
	line, column := p.Place(v.Field())
	o.damaged = true
	o.refuse(Rejection{Line: line, Column: column, Code: CodeRule, Reason: v.Message()})
}

// places finds where fields of a product stand.
type places struct {
	product  record
	variants []record
}

// columnsOf tells which column a field of the catalogue's product was read from, where they are not called the same.
var columnsOf = map[string]string{
	"media": "images", "seo.title": "seo_title", "seo.description": "seo_description", "publication": "published_from",
	"amount": "price", "quantity": "stock", "media.": "image", "compare_at": "compare_at", "options": "options",
}

// find gives the line and the column of a field.
func (p places) find(field string) (int, string) {
	at := p.product
	name, rest, indexed := strings.Cut(field, "[")
	if name == "variants" && indexed {
		var i int
		if n, _ := fmt.Sscanf(rest, "%d]", &i); n == 1 && i < len(p.variants) {
			at = p.variants[i]
			_, field, _ = strings.Cut(rest, "].")
			name, _, _ = strings.Cut(field, "[")
			if name == "options" {
				name = "values"
			}
			if name == "media" {
				name = "image"
			}
		}
	}
	if name == field || indexed {
		field = name
	}
	if column, other := columnsOf[field]; other {
		field = column
	}
	if head, _, dotted := strings.Cut(field, "."); dotted {
		field = head
	}
	if field == "variants" {
		field = "sku"
	}
	return at.line, at.prefix + field
}
