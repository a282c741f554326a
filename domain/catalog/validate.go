package catalog

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Validate checks every rule of a product and reports all violations at once, each with its field.
func (p Product) Validate() error {
	c := &check{}
	c.text("title", p.Title, 1, TitleMax)
	c.slug(p.Slug)
	c.text("description", p.Description, 0, DescriptionMax)
	c.text("brand", p.Brand, 0, TextMax)
	c.text("type", p.Type, 0, TextMax)
	c.count("tags", len(p.Tags), 0, TagsMax)
	for i, t := range p.Tags {
		c.text(fmt.Sprintf("tags[%d]", i), t, 1, TextMax)
	}
	if !ProductMachine.Knows(p.Status) {
		c.add("status", "a product is draft, active or archived")
	}
	c.seo("seo", p.SEO)
	c.text("tax_category", p.TaxCategory, 0, TaxCategoryMax)
	c.metadata("metadata", p.Metadata)
	c.categories(p.Categories)
	c.window("publication", p.Publication)
	c.listings("listings", p.Listings)
	c.options(p.Options)
	c.variants(p)
	c.count("media", len(p.Media), 0, MediaMax)
	for i, m := range p.Media {
		c.text(fmt.Sprintf("media[%d].alt", i), m.Alt, 0, 2*TextMax)
		c.text(fmt.Sprintf("media[%d].source_url", i), m.SourceURL, 0, URLMax)
		c.text(fmt.Sprintf("media[%d].key", i), m.Key, 0, TextMax)
	}
	c.translations(p)
	return fault.Collect(c.violations)
}

func (c *check) categories(ids []ref.CategoryID) {
	c.count("categories", len(ids), 0, ProductCategoriesMax)
	for i, id := range ids {
		if id.IsZero() || slices.Contains(ids[:i], id) {
			c.add(fmt.Sprintf("categories[%d]", i), "the categories are named, once each")
		}
	}
}

func (c *check) options(names []string) {
	c.count("options", len(names), 0, OptionsMax)
	seen := map[string]bool{}
	for i, n := range names {
		field := fmt.Sprintf("options[%d]", i)
		c.text(field, n, 1, TextMax)
		if seen[strings.ToLower(n)] {
			c.add(field, "the names of options differ")
		}
		seen[strings.ToLower(n)] = true
	}
}

func (c *check) variants(p Product) {
	c.count("variants", len(p.Variants), 1, VariantsMax)
	if len(p.Options) == 0 && len(p.Variants) > 1 {
		c.add("variants", "a product without options has one variant")
	}
	media := map[ref.MediaID]bool{{}: true}
	for _, m := range p.Media {
		media[m.ID] = true
	}
	combinations, skus := map[string]bool{}, map[ref.SKU]bool{}
	for i, v := range p.Variants {
		at := fmt.Sprintf("variants[%d]", i)
		if _, err := ref.ParseSKU(string(v.SKU)); err != nil {
			c.violations = append(c.violations, fault.Of(err).At(at+".sku"))
		}
		if skus[v.SKU] {
			c.add(at+".sku", "the SKUs of variants differ")
		}
		skus[v.SKU] = true
		if len(v.Options) != len(p.Options) {
			c.add(at+".options", "a variant has one value for each option")
		}
		for j, o := range v.Options {
			c.text(fmt.Sprintf("%s.options[%d]", at, j), o, 1, TextMax)
		}
		combination := strings.Join(v.Options, "\x00")
		if combinations[combination] {
			c.add(at+".options", "no two variants have the same values")
		}
		combinations[combination] = true
		c.text(at+".barcode", v.Barcode, 0, TextMax)
		if v.Grams < 0 {
			c.add(at+".grams", "a weight is not negative")
		}
		if !media[v.Media] {
			c.add(at+".media", "a variant's picture is one of the product's")
		}
		c.count(at+".channels", len(v.Channels), 0, ListingsMax)
		for j, channel := range v.Channels {
			c.channel(fmt.Sprintf("%s.channels[%d]", at, j), channel, slices.Contains(v.Channels[:j], channel))
		}
		c.metadata(at+".metadata", v.Metadata)
	}
}

func (c *check) translations(p Product) {
	c.count("translations", len(p.Translations), 0, TranslationsMax)
	for _, locale := range slices.Sorted(maps.Keys(p.Translations)) {
		t, at := p.Translations[locale], c.locale(locale)
		c.text(at+".title", t.Title, 0, TitleMax)
		c.text(at+".description", t.Description, 0, DescriptionMax)
		c.seo(at+".seo", t.SEO)
		c.count(at+".options", len(t.Options), 0, len(p.Options))
		for i, o := range t.Options {
			field := fmt.Sprintf("%s.options[%d]", at, i)
			c.text(field+".name", o.Name, 0, TextMax)
			c.count(field+".values", len(o.Values), 0, VariantsMax)
			for _, value := range slices.Sorted(maps.Keys(o.Values)) {
				c.text(field+".values", value, 1, TextMax)
				c.text(field+".values."+value, o.Values[value], 0, TextMax)
			}
		}
	}
}
