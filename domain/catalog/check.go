package catalog

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

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

func (c *check) seo(field string, s SEO) {
	c.text(field+".title", s.Title, 0, SEOMax)
	c.text(field+".description", s.Description, 0, SEOMax)
}

func (c *check) metadata(field string, m Metadata) {
	c.count(field, len(m), 0, MetadataMax)
	for _, key := range slices.Sorted(maps.Keys(m)) {
		c.text(field, key, 1, MetadataKeyMax)
		c.text(field+"."+key, m[key], 0, MetadataValueMax)
	}
}

func (c *check) window(field string, w Window) {
	if w.Empty() {
		c.add(field, "what is shown from a moment until another begins before it ends")
	}
	if !w.From.Equal(ref.Instant(w.From)) || !w.Until.Equal(ref.Instant(w.Until)) {
		c.add(field, "a moment has whole microseconds")
	}
}

func (c *check) listings(field string, listings []Listing) {
	c.count(field, len(listings), 0, ListingsMax)
	for i, l := range listings {
		at := fmt.Sprintf("%s[%d]", field, i)
		c.channel(at+".channel", l.Channel, slices.ContainsFunc(listings[:i], func(o Listing) bool { return o.Channel == l.Channel }))
		c.window(at, l.Window)
	}
}

func (c *check) channel(field string, channel ref.Channel, twice bool) {
	if channel == "" || len(channel) > ChannelMax || strings.Trim(string(channel), "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
		c.add(field, fmt.Sprintf("a channel has 1 to %d lower-case letters, digits, '-' and '_'", ChannelMax))
	}
	if twice {
		c.add(field, "each channel is named once")
	}
}

// locale checks the name of a locale and gives the path of its texts.
func (c *check) locale(locale string) string {
	field := "translations." + locale
	if !isLocale(locale) {
		c.add(field, "a locale is a language tag in its usual case, such as fr or fr-CA")
	}
	return field
}

// localeMax is the least length of a language tag that RFC 5646, 4.4.1, asks implementations to take.
const localeMax = 35

// isLocale tells whether the text is a language tag as requests name it: the language in lower case, a script with a
// capital, a region in capitals.
func isLocale(text string) bool {
	if len(text) > localeMax {
		return false
	}
	for i, part := range strings.Split(text, "-") {
		letters := strings.Trim(strings.ToLower(part), "abcdefghijklmnopqrstuvwxyz") == ""
		want := strings.ToLower(part)
		switch {
		case i > 0 && letters && len(part) == 2:
			want = strings.ToUpper(part)
		case i > 0 && letters && len(part) == 4:
			want = strings.ToUpper(want[:1]) + want[1:]
		}
		plain := strings.Trim(strings.ToLower(part), "abcdefghijklmnopqrstuvwxyz0123456789") == ""
		if part != want || !plain || part == "" || len(part) > 8 || i == 0 && (!letters || len(part) < 2) {
			return false
		}
	}
	return true
}

// texts checks what brands, categories and collections say of themselves.
func (c *check) texts(slug string, t Text, translations map[string]Text) {
	c.slug(slug)
	c.text("name", t.Name, 1, TextMax)
	c.text("description", t.Description, 0, DescriptionMax)
	c.seo("seo", t.SEO)
	c.count("translations", len(translations), 0, TranslationsMax)
	for _, locale := range slices.Sorted(maps.Keys(translations)) {
		o, at := translations[locale], c.locale(locale)
		c.text(at+".name", o.Name, 0, TextMax)
		c.text(at+".description", o.Description, 0, DescriptionMax)
		c.seo(at+".seo", o.SEO)
	}
}

// Validate checks every rule of a brand and reports all violations at once, each with its field.
func (b Brand) Validate() error {
	c := &check{}
	c.texts(b.Slug, b.Text, b.Translations)
	if b.Name != "" && NameKey(b.Name) == "" {
		c.add("name", "a name is not only spaces")
	}
	return fault.Collect(c.violations)
}

// Validate checks the rules of a category by itself and reports all violations at once, each with its field; those of
// its place are the Tree's.
func (c Category) Validate() error {
	k := &check{}
	k.texts(c.Slug, c.Text, c.Translations)
	return fault.Collect(k.violations)
}

// Validate checks every rule of a collection and reports all violations at once, each with its field.
func (c Collection) Validate() error {
	k := &check{}
	k.texts(c.Slug, c.Text, c.Translations)
	k.metadata("metadata", c.Metadata)
	k.window("publication", c.Publication)
	k.listings("listings", c.Listings)
	if c.Rule != nil {
		c.Rule.check(k, "rule")
		k.count("products", len(c.Products), 0, 0)
	}
	k.count("products", len(c.Products), 0, ManualMax)
	seen := make(map[ref.ProductID]bool, len(c.Products))
	for i, id := range c.Products {
		if id.IsZero() || seen[id] {
			k.add(fmt.Sprintf("products[%d]", i), "the products are named, once each")
		}
		seen[id] = true
	}
	return fault.Collect(k.violations)
}
