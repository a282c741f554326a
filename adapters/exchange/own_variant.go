package exchange

import (
	"strconv"
	"strings"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// variant reads a variant of a product.
func (o *own) variant(r record, p *Product) {
	v := Variant{Line: r.line}
	if values := said(o, r, "values", value.list); values != nil {
		v.Options = *values
	}
	o.sku(r, p, &v)
	field(o, r, "id", &v.ID, identity[ref.VariantKind])
	o.prices(r, &v)
	o.plans(r, &v)
	o.stock(r, &v)
	v.Barcode = said(o, r, "barcode", value.str)
	if grams := said(o, r, "grams", value.number); grams != nil {
		if v.Grams = grams; *grams < 0 {
			o.refuseAt(r, "grams", CodeNegative, "%d is below zero; a weight is not", *grams)
		}
	}
	if at := said(o, r, "image", value.number); at != nil {
		picture := int(*at) - 1
		if v.Picture = &picture; picture < -1 || picture >= len(p.Images) {
			o.refuseAt(r, "image", CodeBadImage, "%d is none of the product's %d images, counted from 1", *at, len(p.Images))
		}
	}
	retired, metadata := said(o, r, "retired", value.truth), said(o, r, "metadata", structured[map[string]string])
	channels := said(o, r, "channels", value.list)
	v.Also = func(c *catalog.Variant) {
		take(&c.Retired, retired)
		if metadata != nil {
			c.Metadata = *metadata
		}
		if channels == nil {
			return
		}
		c.Channels = nil
		for _, name := range *channels {
			c.Channels = append(c.Channels, ref.Channel(name))
		}
	}
	p.Variants = append(p.Variants, v)
}

// sku reads the SKU of a variant, or gives it one. Where the file does not say what variants differ in it must be there.
func (o *own) sku(r record, p *Product, v *Variant) {
	var text string
	field(o, r, "sku", &text, value.name)
	switch {
	case text == "" && p.SameOptions:
		o.refuseAt(r, "sku", CodeBadSKU, "without the product's options a variant is known by its SKU alone; name it")
	case text == "":
		var refused string
		if v.SKU, v.Spare, refused = o.generated(p.Handle, v.Options, r.line); refused != "" {
			o.refuseAt(r, "sku", CodeDuplicateSKU, "%s", refused)
		}
	default:
		sku, err := ref.ParseSKU(text)
		if err != nil {
			o.refuseAt(r, "sku", CodeBadSKU, "%q: %s", excerpt(text), fault.Of(err).Message())
			return
		}
		if line, known := o.stated(sku, r.line); known {
			o.refuseAt(r, "sku", CodeDuplicateSKU, "the variant on line %d has the SKU %q already; give each its own", line, sku)
		}
		v.SKU = sku
	}
}

// prices reads what a variant costs.
func (o *own) prices(r record, v *Variant) {
	var code string
	if field(o, r, "currency", &code, value.name); code != "" && code != o.currency.Code() {
		o.refuseAt(r, "currency", CodeWrongCurrency, "the price is in %s and the shop sells in %s", excerpt(code), o.currency.Code())
	}
	if text := said(o, r, "price", value.decimal); text != nil && *text != "" {
		v.Price = o.amount(r, "price", *text)
	}
	if text := said(o, r, "compare_at", value.decimal); text != nil {
		none := money.NewUnitPrice(0, o.currency)
		if v.CompareAt = &none; *text != "" {
			none = o.amount(r, "compare_at", *text)
		}
	}
	var planned []wirePrice
	field(o, r, "prices", &planned, structured[[]wirePrice])
	for i, w := range planned {
		at := "prices[" + strconv.Itoa(i) + "]"
		price := PlannedPrice{Window: pricing.Window{From: instant(w.From), Until: instant(w.Until)}, Amount: o.amount(r, at, w.Amount)}
		switch {
		case price.Window.Always():
			o.refuseAt(r, at, CodeBadValue, "a price in prices has a from or an until; one that always holds is the price")
		case !w.From.IsZero() && !w.Until.IsZero() && !w.From.Before(w.Until):
			o.refuseAt(r, at, CodeBadValue, "a price ends after it begins")
		}
		if w.CompareAt != "" {
			other := o.amount(r, at, w.CompareAt)
			price.CompareAt = &other
		}
		v.Planned = append(v.Planned, price)
	}
}

// amount reads a price that is not negative.
func (o *own) amount(r record, name, text string) money.UnitPrice {
	return o.amountIn(r, name, text, o.currency)
}

// amountIn is amount in a currency.
func (o *own) amountIn(r record, name, text string, currency money.Currency) money.UnitPrice {
	price, err := money.ParseUnitPrice(text, currency)
	switch {
	case err != nil:
		o.refuseAt(r, name, CodeBadPrice, "%s", priceless(text, err))
	case price.IsNegative():
		o.refuseAt(r, name, CodeNegative, "%q is below zero; a price is not", excerpt(text))
	}
	return price
}

// stock reads how many of a variant lie where, and how it is sold beyond that.
func (o *own) stock(r record, v *Variant) {
	levels := map[inventory.Location]int64{}
	if here, there := r.fields["stock"]; there && !here.none() {
		if n := said(o, r, "stock", value.number); n != nil {
			levels[inventory.DefaultLocation] = *n
		}
	}
	var elsewhere map[string]int64
	field(o, r, "stock_elsewhere", &elsewhere, structured[map[string]int64])
	for at, n := range elsewhere {
		levels[inventory.Location(at)] = n
	}
	for at, n := range levels {
		if n < 0 || n > inventory.QuantityMax {
			o.refuseAt(r, "stock", CodeBadNumber, "%d at %s is not a quantity of 0 to %d", n, at, int64(inventory.QuantityMax))
		}
	}
	if len(levels) > 0 {
		v.Levels = levels
	}
	var kind string
	if field(o, r, "policy", &kind, value.name); kind == "" {
		return
	}
	policy := inventory.Policy{SKU: "X", Kind: inventory.PolicyKind(strings.ToLower(kind))}
	field(o, r, "policy_limit", &policy.Limit, value.number)
	field(o, r, "policy_until", &policy.Until, value.time)
	if err := policy.Validate(); err != nil {
		for _, broken := range fault.Of(err).Violations() {
			column := map[string]string{"limit": "policy_limit", "until": "policy_until"}[broken.Field()]
			if column == "" {
				column = "policy"
			}
			o.refuseAt(r, column, CodeBadValue, "%s", broken.Message())
		}
	}
	v.Policy = &policy
}
