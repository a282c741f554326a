package memory

import (
	"maps"
	"slices"

	"github.com/ipswich-retail/commerce/domain/catalog"
)

func copyProduct(p catalog.Product) catalog.Product {
	p.Tags = slices.Clone(p.Tags)
	p.Options = slices.Clone(p.Options)
	p.Media = slices.Clone(p.Media)
	p.Metadata = maps.Clone(p.Metadata)
	p.Categories = slices.Clone(p.Categories)
	p.Collections = slices.Clone(p.Collections)
	p.Listings = slices.Clone(p.Listings)
	p.Translations = maps.Clone(p.Translations)
	for locale, t := range p.Translations {
		t.Options = slices.Clone(t.Options)
		for i := range t.Options {
			t.Options[i].Values = maps.Clone(t.Options[i].Values)
		}
		p.Translations[locale] = t
	}
	p.Variants = slices.Clone(p.Variants)
	for i := range p.Variants {
		v := &p.Variants[i]
		v.Options, v.Channels, v.Metadata = slices.Clone(v.Options), slices.Clone(v.Channels), maps.Clone(v.Metadata)
	}
	return p
}

func copyBrand(b catalog.Brand) catalog.Brand {
	b.Translations = maps.Clone(b.Translations)
	return b
}

func copyCategory(c catalog.Category) catalog.Category {
	c.Translations = maps.Clone(c.Translations)
	return c
}

func copyCollection(c catalog.Collection) catalog.Collection {
	c.Translations = maps.Clone(c.Translations)
	c.Metadata = maps.Clone(c.Metadata)
	c.Products = slices.Clone(c.Products)
	c.Listings = slices.Clone(c.Listings)
	if c.Rule != nil {
		rule := copyRule(*c.Rule)
		c.Rule = &rule
	}
	return c
}

func copyRule(r catalog.Rule) catalog.Rule {
	r.Rules = slices.Clone(r.Rules)
	for i := range r.Rules {
		r.Rules[i] = copyRule(r.Rules[i])
	}
	return r
}
