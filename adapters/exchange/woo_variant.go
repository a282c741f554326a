package exchange

import (
	"strconv"
	"strings"
	"time"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// anyValue is the value of a variation that fits any.
const anyValue = "Any"

// simple reads the only variant of a simple product.
func (w *woo) simple(d *wooDraft) {
	v := Variant{Line: d.Line}
	w.sell(d, d.row, &v)
	d.Variants = append(d.Variants, v)
}

// variation reads a variation of a product.
func (w *woo) variation(d *wooDraft, r row) {
	v := Variant{Line: r.line, Options: make([]string, len(d.names))}
	for i, name := range d.names {
		v.Options[i] = anyValue
		for _, a := range w.head.attributesOf(r) {
			if strings.EqualFold(a.name, name) && len(a.values) > 0 {
				v.Options[i] = strings.Join(a.values, ", ")
			}
		}
		if v.Options[i] == anyValue {
			w.note(Note{Line: r.line, Text: "the variation fits any " + name + ", which becomes the value " + anyValue})
		}
	}
	key := strings.ToLower(strings.Join(v.Options, "\x00"))
	if line, known := d.lines[key]; known {
		w.refuseAt(r.line, wooType, CodeDuplicateVariant, "the variation on line %d has the same values", line)
	}
	d.lines[key] = r.line
	if at := w.images(d, r, false); at >= 0 || w.head.has(wooImages) {
		v.Picture = &at
	}
	w.sell(d, r, &v)
	if w.head.has(wooPublished) {
		shown, _ := wooTruth(w.head.text(r, wooPublished), true)
		v.Also = func(c *catalog.Variant) { c.Retired = !shown }
	}
	d.Variants = append(d.Variants, v)
}

// sell reads what a variant is called, costs and weighs, and how many there are.
func (w *woo) sell(d *wooDraft, r row, v *Variant) {
	h := &w.head
	w.sku(d, r, v)
	w.prices(r, v)
	w.stock(r, v)
	if h.has(wooBarcode) {
		barcode := unescaped(h.text(r, wooBarcode))
		v.Barcode = &barcode
	}
	if h.weight < 0 || grams[h.unit] == nil {
		return
	}
	text := strings.TrimSpace(r.cell(h.weight))
	if text == "" {
		text = strings.TrimSpace(d.row.cell(h.weight)) // A variation weighs what its product does.
	}
	n, valid := wooGrams(text, h.unit)
	if !valid {
		w.refuse(Rejection{Line: r.line, Column: h.title(h.weight), Code: CodeBadNumber, Reason: strconv.Quote(excerpt(text)) + " is not a weight; write it like 0.25"})
	}
	v.Grams = &n
}

// sku reads a SKU, or makes one. A variation without one of its own may repeat that of its product.
func (w *woo) sku(d *wooDraft, r row, v *Variant) {
	text := unescaped(w.head.text(r, wooSKU))
	if text == "" || r.line != d.Line && strings.EqualFold(text, w.head.text(d.row, wooSKU)) {
		var refused string
		if v.SKU, v.Spare, refused = w.generated(d.Handle, v.Options, r.line); refused != "" {
			w.refuseAt(r.line, wooSKU, CodeDuplicateSKU, "%s", refused)
		}
		return
	}
	sku, err := ref.ParseSKU(text)
	if err != nil {
		w.refuseAt(r.line, wooSKU, CodeBadSKU, "%q: %s", excerpt(text), fault.Of(err).Message())
		return
	}
	if line, known := w.stated(sku, r.line); known {
		w.refuseAt(r.line, wooSKU, CodeDuplicateSKU, "the variant on line %d has the SKU %q already; give each its own", line, sku)
	}
	v.SKU = sku
}

// prices reads the regular and the sale price. A product without either is not sold until it has one.
func (w *woo) prices(r row, v *Variant) {
	regular, sale := w.head.text(r, wooRegularPrice), w.head.text(r, wooSalePrice)
	if regular == "" && sale == "" {
		w.noteAt(r.line, wooRegularPrice, "without a price it is not sold")
		return
	}
	none := money.NewUnitPrice(0, w.currency)
	v.CompareAt = &none
	if regular != "" {
		v.Price = w.amount(r, wooRegularPrice, regular)
	}
	if sale == "" {
		return
	}
	reduced := w.amount(r, wooSalePrice, sale)
	window := pricing.Window{From: w.moment(r, wooSaleStarts, false), Until: w.moment(r, wooSaleEnds, true)}
	switch {
	case regular == "":
		v.Price = reduced
	case window.Always():
		full := v.Price
		if reduced.Micro() > full.Micro() {
			w.noteAt(r.line, wooSalePrice, "the sale price %s is above the regular one; it is the price", reduced.Decimal())
		}
		v.Price, v.CompareAt = reduced, &full
	case !window.From.IsZero() && !window.Until.IsZero() && !window.From.Before(window.Until):
		w.refuseAt(r.line, wooSaleEnds, CodeBadValue, "the sale ends before it starts")
	default:
		full := v.Price
		v.Planned = append(v.Planned, PlannedPrice{Window: window, Amount: reduced, CompareAt: &full})
	}
}

// moment reads when a sale begins or ends.
func (w *woo) moment(r row, c column, ends bool) time.Time {
	at, err := wooMoment(w.head.text(r, c), ends)
	if err != nil {
		w.refuseAt(r.line, c, CodeBadValue, "%q: %s", excerpt(w.head.text(r, c)), err)
	}
	return at
}

// amount reads a price that is not negative.
func (w *woo) amount(r row, c column, text string) money.UnitPrice {
	price, err := money.ParseUnitPrice(wooPrice(text), w.currency)
	switch {
	case err != nil:
		w.refuseAt(r.line, c, CodeBadPrice, "%s", priceless(text, err))
	case price.IsNegative():
		w.refuseAt(r.line, c, CodeNegative, "%q is below zero; a price is not", excerpt(text))
	}
	return price
}

// stock reads how many there are, and whether it is sold on when none is left.
func (w *woo) stock(r row, v *Variant) {
	beyond, valid := wooTruth(w.head.text(r, wooBackorders), false)
	if !valid {
		w.refuseAt(r.line, wooBackorders, CodeUnknownValue, "%q is none of 1, 0 and notify", excerpt(w.head.text(r, wooBackorders)))
	}
	state := strings.ToLower(w.head.text(r, wooInStock))
	there, valid := wooTruth(state, true)
	if state == "backorder" || state == "onbackorder" {
		beyond, valid = true, true
	}
	if !valid {
		w.refuseAt(r.line, wooInStock, CodeUnknownValue, "%q is none of 1, 0 and backorder", excerpt(state))
	}
	v.Oversell = beyond
	switch text := w.head.text(r, wooStock); {
	case text != "" && !strings.EqualFold(text, "parent"):
		n, err := strconv.ParseInt(unescaped(text), 10, 64)
		if err != nil || n > inventory.QuantityMax || n < -inventory.QuantityMax {
			w.refuseAt(r.line, wooStock, CodeBadNumber, "%q is not a whole number up to %d", excerpt(text), int64(inventory.QuantityMax))
		}
		v.Quantity = &n
	case !w.head.has(wooInStock) && !w.head.has(wooStock):
	case there && w.head.has(wooInStock) && state != "":
		v.Oversell = true
		w.noteAt(r.line, wooStock, "it is in stock and not counted; it is sold on without being counted")
	case !there && !beyond:
		v.Quantity = new(int64)
	}
}

// place finds the line and column of a field of the catalogue's product.
func (w *woo) place(d *wooDraft, field string) (int, string) {
	name, rest, _ := strings.Cut(field, "[")
	switch name {
	case "variants":
		number, _, _ := strings.Cut(rest, "]")
		i, err := strconv.Atoi(number)
		if err != nil || i >= len(d.Variants) {
			return d.Line, w.head.label(wooType)
		}
		line := d.Variants[i].Line
		for part, c := range map[string]column{
			".sku": wooSKU, ".barcode": wooBarcode, ".amount": wooRegularPrice, ".compare_at": wooRegularPrice, ".quantity": wooStock,
		} {
			if strings.HasSuffix(field, part) {
				return line, w.head.label(c)
			}
		}
		return line, w.attributeColumn()
	case "options":
		return d.Line, w.attributeColumn()
	}
	for part, c := range map[string]column{
		"slug": wooName, "description": wooDescription, "brand": wooBrands, "tags": wooTags, "categories": wooCategories, "media": wooImages, "tax_category": wooTaxClass,
	} {
		if name == part {
			return d.Line, w.head.label(c)
		}
	}
	return d.Line, w.head.label(wooName)
}

// attributeColumn names the first column of attributes.
func (w *woo) attributeColumn() string {
	if len(w.head.order) == 0 {
		return w.head.label(wooType)
	}
	return w.head.title(w.head.attributes[w.head.order[0]].values)
}
