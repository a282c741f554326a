package catalog

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// The limits of a product. Those of Shopify and WooCommerce fit in, so that any shop can move in.
const (
	TitleMax       = 255
	SlugMax        = 255
	DescriptionMax = 1 << 18 // Real descriptions with inline styles reach 100 kB.
	TextMax        = 255     // Brand, type, a tag, an option's name or value, a barcode.
	TagsMax        = 250
	OptionsMax     = 5
	VariantsMax    = 2048
	MediaMax       = 250
	URLMax         = 2048
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
	if p.Status != Draft && p.Status != Active && p.Status != Archived {
		c.add("status", "a product is draft, active or archived")
	}
	c.options(p.Options)
	c.variants(p)
	c.count("media", len(p.Media), 0, MediaMax)
	for i, m := range p.Media {
		c.text(fmt.Sprintf("media[%d].alt", i), m.Alt, 0, 2*TextMax)
		c.text(fmt.Sprintf("media[%d].source_url", i), m.SourceURL, 0, URLMax)
		c.text(fmt.Sprintf("media[%d].key", i), m.Key, 0, TextMax)
	}
	return fault.Collect(c.violations)
}

// check gathers violations.
type check struct{ violations []*fault.Error }

func (c *check) add(field, rule string) {
	c.violations = append(c.violations, BrokenRule.New(rule).At(field))
}

func (c *check) count(field string, n, low, high int) {
	if n < low || n > high {
		c.add(field, fmt.Sprintf("there are %d to %d of them, not %d", low, high, n))
	}
}

// text allows valid UTF-8 without NUL, which PostgreSQL cannot keep, within a length in bytes.
func (c *check) text(field, s string, low, high int) {
	switch {
	case len(s) < low || len(s) > high:
		c.add(field, fmt.Sprintf("it has %d to %d bytes, not %d", low, high, len(s)))
	case !utf8.ValidString(s) || strings.ContainsRune(s, 0):
		c.add(field, "it is valid UTF-8 without NUL")
	}
}

func (c *check) slug(s string) {
	c.text("slug", s, 1, SlugMax)
	for _, r := range s {
		if unicode.IsUpper(r) || !(unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == '-' || r == '_' || r == '.') {
			c.add("slug", "a slug has lower-case letters, digits, '-', '_' and '.' only")
			return
		}
	}
	if strings.HasPrefix(s, productPrefix) {
		c.add("slug", "a slug does not look like a product's id")
	}
}

// productPrefix starts the public text of a product's id: addresses take either, so a slug must not look like one.
const productPrefix = "prd_"

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
	}
}
