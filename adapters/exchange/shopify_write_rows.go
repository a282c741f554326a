package exchange

import (
	"strconv"
	"strings"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// whole writes what belongs to a product as a whole.
func (w *shopifyWriter) whole(p catalog.Product, set func(name, text string)) {
	for name, text := range map[string]string{
		"Title": p.Title, "Body (HTML)": p.Description, "Vendor": p.Brand, "Type": p.Type, "Tags": strings.Join(p.Tags, ", "),
		"SEO Title": p.SEO.Title, "SEO Description": p.SEO.Description,
	} {
		set(name, formula(text))
	}
	set("Published", strconv.FormatBool(p.Status == catalog.Active))
	set("Status", string(p.Status))
	set("Gift Card", "false")
	if len(p.Options) == 0 {
		set("Option1 Name", "Title")
	}
	for i, name := range p.Options {
		set(shopifyLayout.names[optionName(i)][0], formula(name))
	}
}

// variant writes a variant.
func (w *shopifyWriter) variant(p catalog.Product, v catalog.Variant, s SoldAs, media []catalog.Media, set func(name, text string)) {
	if len(p.Options) == 0 {
		set("Option1 Value", "Default Title")
	}
	for i, value := range v.Options {
		set(shopifyLayout.names[optionValue(i)][0], formula(value))
	}
	set("Variant SKU", formula(string(v.SKU)))
	set("Variant Grams", strconv.FormatInt(v.Grams, 10))
	set("Variant Weight Unit", "g")
	if n, known := counted(s); known {
		set("Variant Inventory Tracker", "shopify")
		set("Variant Inventory Qty", strconv.FormatInt(n, 10))
	}
	policy := "deny"
	if s.Policy.Kind != "" && s.Policy.Kind != inventory.Deny {
		policy = "continue"
	}
	set("Variant Inventory Policy", policy)
	set("Variant Fulfillment Service", "manual")
	set("Variant Price", plainPrice(s.Price))
	if s.Price.CompareAt != nil {
		set("Variant Compare At Price", s.Price.CompareAt.Decimal())
	}
	set("Variant Requires Shipping", "true")
	set("Variant Taxable", "true")
	set("Variant Barcode", formula(v.Barcode))
	for _, m := range media {
		if v.Media != (ref.MediaID{}) && m.ID == v.Media {
			set("Variant Image", m.SourceURL)
		}
	}
}
