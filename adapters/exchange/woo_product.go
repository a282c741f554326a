package exchange

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/ipswich-retail/commerce/domain/catalog"
)

// wooDraft is a product of WooCommerce that is being read.
type wooDraft struct {
	Product
	row      row
	facts    catalog.Metadata
	names    []string // Of its options.
	lines    map[string]int
	rejected int // Findings before it.
}

// product reads a product with its variations.
func (w *woo) product(r row, variable bool) error {
	d := &wooDraft{row: r, facts: catalog.Metadata{}, lines: map[string]int{}, rejected: w.count}
	d.Line = r.line
	w.handle(d)
	w.describe(d)
	attributes := w.head.attributesOf(r)
	var variations []row
	more := 0
	if variable {
		var err error
		if variations, more, err = w.variations(r); err != nil {
			return err
		}
		d.names = w.options(attributes, variations)
		d.Options = d.names
		for _, v := range variations {
			w.variation(d, v)
		}
		if len(variations) == 0 {
			w.refuseAt(r.line, wooType, CodeMissingVariant, "a variable product has variations, and the file has none of this one")
		}
	} else {
		w.simple(d)
	}
	w.keepFacts(d, attributes)
	d.Place = func(field string) (int, string) { return w.place(d, field) }
	if n := len(variations) + more; n > catalog.VariantsMax {
		w.refuseAt(r.line, wooType, CodeRule, "the product has %d variations and may have %d; divide it into several products", n, catalog.VariantsMax)
	} else if w.count == d.rejected && w.stage == learn {
		for _, v := range violations(&d.Product) {
			line, column := w.place(d, v.Field())
			w.refuse(Rejection{Line: line, Column: column, Code: CodeRule, Reason: v.Message()})
		}
	}
	return w.out(Item{Line: r.line, Product: &d.Product})
}

// handle names the product in addresses.
func (w *woo) handle(d *wooDraft) {
	d.Title = strings.TrimSpace(unescaped(w.head.text(d.row, wooName)))
	if d.Title == "" {
		w.refuseAt(d.Line, wooName, CodeMissingTitle, "a product has a name")
		return
	}
	slug := slugOf(w.name(d.row))
	if slug == "" || w.index.woo.slugs[slug] > 1 {
		behind := w.head.text(d.row, wooSKU)
		if behind == "" {
			behind = w.head.text(d.row, wooID)
		}
		slug = strings.Trim(slug+"-"+slugOf(behind), "-")
	}
	d.Handle = cut(slug, catalog.SlugMax)
	first, twice := w.pass.product(d.Handle, d.Line)
	switch {
	case d.Handle == "":
		w.refuseAt(d.Line, wooName, CodeBadHandle, "%q has no letter or digit, and the product neither SKU nor ID; a handle names it in addresses", excerpt(d.Title))
	case twice:
		w.refuseAt(d.Line, wooName, CodeSplitProduct, "the product on line %d has the same name, and no other SKU or ID; give each its own", first)
	}
}

// cut shortens a text to so many bytes, at a letter's end.
func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	end := 0
	for i := range text {
		if i > most {
			break
		}
		end = i
	}
	return strings.TrimRight(text[:end], "-")
}

// describe reads what belongs to a product as a whole.
func (w *woo) describe(d *wooDraft) {
	h, r := &w.head, d.row
	if h.has(wooDescription) || h.has(wooShort) {
		short, long := wooText(h.raw(r, wooShort)), wooText(h.raw(r, wooDescription))
		text := short + "\n\n" + long
		if strings.TrimSpace(short) == "" || strings.TrimSpace(long) == "" {
			text = short + long
		}
		d.Description = &text
	}
	if h.has(wooBrands) {
		brand := ""
		if all := wooPaths(h.raw(r, wooBrands)); len(all) > 0 {
			brand = all[0][len(all[0])-1]
		}
		d.Brand = &brand
	}
	if h.has(wooTags) {
		d.Tags = tagsOf(strings.Join(wooList(h.raw(r, wooTags)), ","))
	}
	if h.has(wooCategories) {
		d.Shelves = wooPaths(h.raw(r, wooCategories))
	}
	d.Status = w.status(r)
	w.images(d, r, true)
	featured, valid := wooTruth(h.text(r, wooFeatured), false)
	if !valid {
		w.refuseAt(r.line, wooFeatured, CodeUnknownValue, "%q is neither 1 nor 0", excerpt(h.text(r, wooFeatured)))
	}
	tax, facts := h.text(r, wooTaxClass), d.facts
	d.Also = func(c *catalog.Product) {
		if h.has(wooFeatured) {
			c.Featured = featured
		}
		if h.has(wooTaxClass) && tax != "parent" {
			c.TaxCategory = tax
		}
		for key, value := range facts {
			if c.Metadata == nil {
				c.Metadata = catalog.Metadata{}
			}
			c.Metadata[key] = value
		}
	}
}

// status joins the columns that tell whether a product is for sale.
func (w *woo) status(r row) catalog.Status {
	if !w.head.has(wooPublished) && !w.head.has(wooVisibility) {
		return ""
	}
	published, valid := wooTruth(w.head.text(r, wooPublished), true)
	if !valid {
		w.refuseAt(r.line, wooPublished, CodeUnknownValue, "%q is none of 1, 0 and -1", excerpt(w.head.text(r, wooPublished)))
	}
	switch text := strings.ToLower(w.head.text(r, wooVisibility)); text {
	case "", "visible", "catalog", "search":
	case "hidden":
		if published {
			w.noteAt(r.line, wooVisibility, "hidden becomes draft: what is not listed is not sold")
		}
		published = false
	default:
		w.refuseAt(r.line, wooVisibility, CodeUnknownValue, "%q is none of visible, catalog, search and hidden", excerpt(text))
	}
	if published {
		return catalog.Active
	}
	return catalog.Draft
}

// images adds the images of a row and gives the place of the first.
func (w *woo) images(d *wooDraft, r row, all bool) int {
	first := -1
	for _, source := range wooList(w.head.raw(r, wooImages)) {
		low := strings.ToLower(source)
		if !strings.HasPrefix(low, "https://") && !strings.HasPrefix(low, "http://") {
			w.noteAt(r.line, wooImages, "the image %q is left out: it is no address but a name in WordPress", excerpt(source))
			continue
		}
		at := slices.IndexFunc(d.Images, func(m Image) bool { return m.URL == source })
		if at < 0 {
			at = len(d.Images)
			d.Images = append(d.Images, Image{Line: r.line, URL: source})
		}
		if first < 0 {
			first = at
		}
		if !all {
			break
		}
	}
	return first
}

// variations reads the rows of a product's variations, at most so many as it may have.
func (w *woo) variations(r row) (rows []row, more int, err error) {
	parent := w.parentOf(r)
	if parent == nil || parent.line != r.line {
		return nil, 0, nil
	}
	places := parent.variations
	if len(places) > catalog.VariantsMax {
		more = len(places) - catalog.VariantsMax
		places = places[:catalog.VariantsMax]
	}
	for _, at := range places {
		v, err := newTableAt(io.NewSectionReader(w.in, at.offset, w.size-at.offset), at).row()
		if err != nil {
			return nil, 0, fmt.Errorf("line %d: %w", at.line, err)
		}
		rows = append(rows, v)
	}
	return rows, more, nil
}

// options finds the attributes that variations differ in, in the order in which the product names them.
func (w *woo) options(attributes []attribute, variations []row) []string {
	used := map[string]bool{}
	var names []string
	for _, a := range attributes {
		names = append(names, a.name)
	}
	for _, v := range variations {
		for _, a := range w.head.attributesOf(v) {
			at := slices.IndexFunc(names, func(name string) bool { return strings.EqualFold(name, a.name) })
			if at < 0 {
				at = len(names)
				names = append(names, a.name)
			}
			if len(a.values) > 0 {
				used[names[at]] = true
			}
		}
	}
	return slices.DeleteFunc(names, func(name string) bool { return !used[name] })
}

// keepFacts makes metadata of attributes that are no options, and of Meta columns, as far as they fit.
func (w *woo) keepFacts(d *wooDraft, attributes []attribute) {
	keep := func(at int, key, value string) {
		switch {
		case value == "":
		case len(key) > catalog.MetadataKeyMax || len(value) > catalog.MetadataValueMax || len(d.facts) == catalog.MetadataMax:
			w.note(Note{Line: d.Line, Column: w.head.title(at), Text: "it is left out: metadata have names and values that are short"})
		default:
			d.facts[key] = value
		}
	}
	for _, a := range attributes {
		if !slices.ContainsFunc(d.names, func(name string) bool { return strings.EqualFold(name, a.name) }) {
			keep(a.at, a.name, strings.Join(a.values, ", "))
		}
	}
	for _, m := range w.head.meta {
		keep(m.at, m.key, unescaped(d.row.cell(m.at)))
	}
}
