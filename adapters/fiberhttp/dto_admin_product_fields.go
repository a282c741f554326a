package fiberhttp

import (
	"fmt"
	"slices"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// ProductFields are what staff say of a product. In a change what is left out stays; an empty text or list clears, and
// lists and objects are replaced as a whole.
type ProductFields struct {
	Title        *string                      `json:"title,omitempty"`
	Slug         *string                      `json:"slug,omitempty" doc:"Names it in addresses; a new product without one gets one of its title. A slug that it gives up leads to it still."`
	Description  *string                      `json:"description,omitempty" doc:"May hold HTML, which whoever shows it must clean."`
	Brand        *string                      `json:"brand,omitempty" doc:"Name of the brand, which is made when there is none; empty for none."`
	BrandID      *string                      `json:"brand_id,omitempty" doc:"Of the brand, in the place of its name."`
	Type         *string                      `json:"type,omitempty" doc:"What kind of thing it is, in the shop's words."`
	Tags         []string                     `json:"tags,omitempty"`
	Featured     *bool                        `json:"featured,omitempty"`
	SEO          *seoInput                    `json:"seo,omitempty"`
	TaxCategory  *string                      `json:"tax_category,omitempty" doc:"What tax rules call it; empty for the usual."`
	Metadata     map[string]string            `json:"metadata,omitempty" doc:"Facts of your own, at most 40."`
	Categories   []string                     `json:"categories,omitempty" doc:"Ids."`
	Publication  *windowFields                `json:"publication,omitempty" doc:"When it is shown while it is active."`
	Listings     []listingFields              `json:"listings,omitempty" doc:"Where it is shown; none means the default channel alone."`
	Translations map[string]translationFields `json:"translations,omitempty" doc:"Texts by language tag, such as fr or fr-CA."`
	Options      []string                     `json:"options,omitempty" doc:"Names of what variants differ in, such as Size."`
	Media        []mediaFields                `json:"media,omitempty" doc:"All pictures in order of showing; one that is left out goes."`
}

// translationFields are a product's texts in another language.
type translationFields struct {
	Title       string         `json:"title,omitempty"`
	Description string         `json:"description,omitempty"`
	SEO         seoInput       `json:"seo,omitzero"`
	Options     []optionFields `json:"options,omitempty" doc:"Of the product's options, in their order; may be shorter."`
}

type optionFields struct {
	Name   string            `json:"name,omitempty"`
	Values map[string]string `json:"values,omitempty" doc:"By the shop's own values."`
}

// mediaFields are a picture.
type mediaFields struct {
	ID        string `json:"id,omitempty" doc:"Of a picture that the product has; without it a new one."`
	Key       string `json:"key,omitempty" doc:"Of the shop's own copy, below /media/."`
	SourceURL string `json:"source_url,omitempty" doc:"Where it came from; pages never load from there."`
	Alt       string `json:"alt,omitempty" doc:"What it shows, for those who cannot see it."`
}

// VariantFields are what staff say of a variant; as ProductFields.
type VariantFields struct {
	SKU      *string           `json:"sku,omitempty" doc:"Unique in the shop. Stock is kept under it."`
	Options  []string          `json:"options,omitempty" doc:"One value for each of the product's options."`
	Barcode  *string           `json:"barcode,omitempty"`
	Grams    *int64            `json:"grams,omitempty" doc:"Weight; 0 when unknown."`
	MediaID  *string           `json:"media_id,omitempty" doc:"Its own picture among the product's; empty for none."`
	Channels []string          `json:"channels,omitempty" doc:"Where it is sold; none means wherever its product is."`
	Metadata map[string]string `json:"metadata,omitempty"`
	Retired  *bool             `json:"retired,omitempty" doc:"True takes it off sale, false puts it back."`
}

// apply makes the changes to a product. Its errors name the fields.
func (f ProductFields) apply(p *catalog.Product) error {
	put(&p.Title, f.Title)
	put(&p.Slug, f.Slug)
	put(&p.Description, f.Description)
	put(&p.Type, f.Type)
	put(&p.Featured, f.Featured)
	put(&p.TaxCategory, f.TaxCategory)
	var wrong []*fault.Error
	if err := f.brand(p); err != nil {
		wrong = append(wrong, err)
	}
	if f.Tags != nil {
		p.Tags = f.Tags
	}
	if f.Options != nil {
		p.Options = f.Options
	}
	if f.SEO != nil {
		p.SEO = catalog.SEO(*f.SEO)
	}
	if f.Metadata != nil {
		p.Metadata = f.Metadata
	}
	if f.Categories != nil {
		var errs []*fault.Error
		p.Categories, errs = idsIn[ref.CategoryKind]("categories", "category", f.Categories)
		wrong = append(wrong, errs...)
	}
	if f.Publication != nil {
		var errs []*fault.Error
		p.Publication, errs = window("publication", f.Publication.From, f.Publication.Until)
		wrong = append(wrong, errs...)
	}
	if f.Listings != nil {
		var errs []*fault.Error
		p.Listings, errs = listingsOf(f.Listings)
		wrong = append(wrong, errs...)
	}
	if f.Translations != nil {
		p.Translations = translated(f.Translations)
	}
	if f.Media != nil {
		var errs []*fault.Error
		p.Media, errs = pictures(p.Media, f.Media)
		wrong = append(wrong, errs...)
	}
	return fault.Collect(wrong)
}

// brand reads whose the product is: by name, or by id.
func (f ProductFields) brand(p *catalog.Product) *fault.Error {
	switch {
	case f.Brand != nil && f.BrandID != nil:
		return fault.Bad.New("name the brand once; leave out brand or brand_id").At("brand_id")
	case f.Brand != nil:
		p.Brand = *f.Brand
		if *f.Brand == "" {
			p.BrandID = ref.BrandID{}
		}
	case f.BrandID != nil && *f.BrandID == "":
		p.Brand, p.BrandID = "", ref.BrandID{}
	case f.BrandID != nil:
		id, err := ref.ParseID[ref.BrandKind](*f.BrandID)
		if err != nil || id.IsZero() {
			return catalog.UnknownReference.New("there is no such brand").At("brand_id")
		}
		p.BrandID = id
	}
	return nil
}

func translated(fields map[string]translationFields) map[string]catalog.Translation {
	out := make(map[string]catalog.Translation, len(fields))
	for locale, f := range fields {
		t := catalog.Translation{Title: f.Title, Description: f.Description, SEO: catalog.SEO(f.SEO)}
		for _, o := range f.Options {
			t.Options = append(t.Options, catalog.OptionText{Name: o.Name, Values: o.Values})
		}
		out[locale] = t
	}
	return out
}

// pictures reads the pictures that the product is to have; those with an id are of those that it has.
func pictures(before []catalog.Media, fields []mediaFields) ([]catalog.Media, []*fault.Error) {
	out := make([]catalog.Media, len(fields))
	var wrong []*fault.Error
	for i, f := range fields {
		out[i] = catalog.Media{Key: f.Key, SourceURL: f.SourceURL, Alt: f.Alt}
		if f.ID == "" {
			continue
		}
		id, err := ref.ParseID[ref.MediaKind](f.ID)
		if err != nil || !slices.ContainsFunc(before, func(m catalog.Media) bool { return m.ID == id }) {
			wrong = append(wrong, catalog.UnknownReference.New("the product has no such picture").At(fmt.Sprintf("media[%d].id", i)))
		}
		out[i].ID = id
	}
	return out, wrong
}

// apply makes the changes to a variant. Its error names the field.
func (f VariantFields) apply(v *catalog.Variant) *fault.Error {
	if f.SKU != nil {
		v.SKU = ref.SKU(*f.SKU)
	}
	put(&v.Barcode, f.Barcode)
	put(&v.Grams, f.Grams)
	put(&v.Retired, f.Retired)
	if f.Options != nil {
		v.Options = f.Options
	}
	if f.Metadata != nil {
		v.Metadata = f.Metadata
	}
	if f.Channels != nil {
		v.Channels = make([]ref.Channel, len(f.Channels))
		for i, c := range f.Channels {
			v.Channels[i] = ref.Channel(c)
		}
	}
	if f.MediaID != nil {
		v.Media = ref.MediaID{}
		if *f.MediaID != "" {
			id, err := ref.ParseID[ref.MediaKind](*f.MediaID)
			if err != nil {
				return catalog.UnknownReference.New("the product has no such picture").At("media_id")
			}
			v.Media = id
		}
	}
	return nil
}
