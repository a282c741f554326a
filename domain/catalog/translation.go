package catalog

import (
	"slices"
	"strings"
)

// Translation is a product's texts in another language. What is empty is read from the next best: the texts of a
// locale such as fr-CA, then those of its language, fr, then the shop's own.
type Translation struct {
	Title       string
	Description string
	SEO         SEO
	Options     []OptionText // Of the product's options, in their order; may be shorter.
}

// OptionText is an option's name and values in another language; values are keyed by the shop's own.
type OptionText struct {
	Name   string
	Values map[string]string
}

// Text is what brands, categories and collections say of themselves.
type Text struct {
	Name        string
	Description string // May hold HTML, which whoever shows it must clean.
	SEO         SEO
}

// Locales are the names under which a locale's texts may stand, the best first: itself and its language.
func Locales(locale string) []string {
	language, _, regional := strings.Cut(locale, "-")
	if !regional {
		return []string{locale}
	}
	return []string{locale, language}
}

// candidates are the values for the locale, the best first.
func candidates[T any](translations map[string]T, locale string) []T {
	var out []T
	if len(translations) == 0 {
		return out
	}
	for _, l := range Locales(locale) {
		if t, ok := translations[l]; ok {
			out = append(out, t)
		}
	}
	return out
}

// prefer sets a text to the first one that says something, and else leaves it.
func prefer[T any](to *string, from []T, text func(T) string) {
	for _, t := range from {
		if s := text(t); s != "" {
			*to = s
			return
		}
	}
}

// in gives the text in a locale.
func (t Text) in(translations map[string]Text, locale string) Text {
	from := candidates(translations, locale)
	prefer(&t.Name, from, func(o Text) string { return o.Name })
	prefer(&t.Description, from, func(o Text) string { return o.Description })
	prefer(&t.SEO.Title, from, func(o Text) string { return o.SEO.Title })
	prefer(&t.SEO.Description, from, func(o Text) string { return o.SEO.Description })
	return t
}

// translated gives the product with its texts in a locale; the lists that it changes are its own.
func (p Product) translated(locale string) Product {
	from := candidates(p.Translations, locale)
	if len(from) == 0 {
		return p
	}
	prefer(&p.Title, from, func(t Translation) string { return t.Title })
	prefer(&p.Description, from, func(t Translation) string { return t.Description })
	prefer(&p.SEO.Title, from, func(t Translation) string { return t.SEO.Title })
	prefer(&p.SEO.Description, from, func(t Translation) string { return t.SEO.Description })
	p.Options = slices.Clone(p.Options)
	for i := range p.Options {
		prefer(&p.Options[i], from, func(t Translation) string { return t.option(i).Name })
	}
	p.Variants = slices.Clone(p.Variants)
	for i := range p.Variants {
		p.Variants[i].Options = values(p.Variants[i].Options, from)
	}
	return p
}

// values gives a variant's values in another language.
func values(options []string, from []Translation) []string {
	out := slices.Clone(options)
	for i, value := range out {
		prefer(&out[i], from, func(t Translation) string { return t.option(i).Values[value] })
	}
	return out
}

// In gives the variant with its texts in a locale, from the translations of its product.
func (s Sellable) In(locale string, translations map[string]Translation) Sellable {
	from := candidates(translations, locale)
	prefer(&s.Title, from, func(t Translation) string { return t.Title })
	s.Options = values(s.Options, from)
	return s
}

// option is the i-th option's text; empty when there is none.
func (t Translation) option(i int) OptionText {
	if i >= len(t.Options) {
		return OptionText{}
	}
	return t.Options[i]
}
