package fiberhttp

import (
	"time"

	"github.com/ipswich-retail/commerce/domain/catalog"
)

// adminProduct is a product with all that staff see of it, in the shop's own language.
type adminProduct struct {
	ID           string                       `json:"id" example:"prd_01jd8x5v9ke2vbrwkxtq4m6h3m"`
	Version      int64                        `json:"version" doc:"Counts the changes; for If-Match."`
	Status       string                       `json:"status" enum:"draft,active,archived"`
	Slug         string                       `json:"slug"`
	Title        string                       `json:"title"`
	Description  string                       `json:"description"`
	Brand        string                       `json:"brand" doc:"Name of the brand; empty for none."`
	BrandID      string                       `json:"brand_id" doc:"Empty for none."`
	Type         string                       `json:"type"`
	Tags         []string                     `json:"tags"`
	Featured     bool                         `json:"featured"`
	SEO          seoTexts                     `json:"seo"`
	TaxCategory  string                       `json:"tax_category"`
	Metadata     map[string]string            `json:"metadata"`
	Categories   []string                     `json:"categories" doc:"Ids."`
	Collections  []string                     `json:"collections" doc:"Ids of those by rule that it is in."`
	Publication  shownWindow                  `json:"publication" doc:"When it is shown while it is active."`
	Listings     []shownListing               `json:"listings" doc:"Where it is shown; none means the default channel alone."`
	Translations map[string]translatedProduct `json:"translations" doc:"Texts by language tag."`
	Options      []string                     `json:"options" doc:"Names of what variants differ in."`
	Variants     []adminVariant               `json:"variants"`
	Media        []adminMedia                 `json:"media" doc:"In order of showing."`
	CreatedAt    time.Time                    `json:"created_at"`
	UpdatedAt    time.Time                    `json:"updated_at"`
}

type adminVariant struct {
	ID       string            `json:"id" example:"var_01jd8x5v9ke2vbrwkxtq4m6h3m"`
	SKU      string            `json:"sku"`
	Options  []string          `json:"options" doc:"One value for each of the product's options."`
	Barcode  string            `json:"barcode"`
	Grams    int64             `json:"grams" doc:"0 when unknown."`
	MediaID  string            `json:"media_id" doc:"Its own picture among the product's; empty for none."`
	Retired  bool              `json:"retired" doc:"No longer sold; kept for the orders that name it."`
	Channels []string          `json:"channels" doc:"Where it is sold; none means wherever its product is."`
	Metadata map[string]string `json:"metadata"`
}

type adminMedia struct {
	ID        string `json:"id" example:"med_01jd8x5v9ke2vbrwkxtq4m6h3m"`
	Key       string `json:"key" doc:"Of the shop's own copy; empty while there is none."`
	URL       string `json:"url" doc:"Address of the shop's own copy; empty while there is none."`
	SourceURL string `json:"source_url" doc:"Where it came from; pages never load from there."`
	Alt       string `json:"alt"`
}

// translatedProduct is a product's texts in another language; what is empty is read from the next best.
type translatedProduct struct {
	Title       string             `json:"title"`
	Description string             `json:"description"`
	SEO         seoTexts           `json:"seo"`
	Options     []translatedOption `json:"options" doc:"Of the product's options, in their order."`
}

type translatedOption struct {
	Name   string            `json:"name"`
	Values map[string]string `json:"values" doc:"By the shop's own values."`
}

// indexedProduct is a product in a list for staff.
type indexedProduct struct {
	ID        string    `json:"id"`
	Version   int64     `json:"version"`
	Status    string    `json:"status" enum:"draft,active,archived"`
	Slug      string    `json:"slug"`
	Title     string    `json:"title"`
	Brand     string    `json:"brand"`
	Type      string    `json:"type"`
	Featured  bool      `json:"featured"`
	Image     string    `json:"image" format:"uri-reference" doc:"Address of the picture on this server; a drawn one when there is no other."`
	Variants  int       `json:"variants" doc:"How many it has, retired ones too."`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

type indexPage struct {
	Items      []indexedProduct `json:"items"`
	NextCursor *string          `json:"next_cursor" doc:"Where the next page starts; null on the last one."`
}

func indexedOf(p catalog.Indexed) indexedProduct {
	shown := catalog.Product{Slug: p.Slug, Title: p.Title, Media: []catalog.Media{p.Image}}
	return indexedProduct{
		ID: p.ID.String(), Version: int64(p.Version), Status: string(p.Status), Slug: p.Slug, Title: p.Title, Brand: p.Brand, Type: p.Type,
		Featured: p.Featured, Image: mediaOf(shown)[0].URL, Variants: p.Variants, CreatedAt: p.CreatedAt.UTC(), UpdatedAt: p.UpdatedAt.UTC(),
	}
}

func adminProductOf(p catalog.Product) adminProduct {
	out := adminProduct{
		ID: p.ID.String(), Version: int64(p.Version), Status: string(p.Status), Slug: p.Slug, Title: p.Title, Description: p.Description,
		Brand: p.Brand, Type: p.Type, Tags: orNone(p.Tags), Featured: p.Featured, SEO: seoTexts(p.SEO), TaxCategory: p.TaxCategory,
		Metadata: metadataOf(p.Metadata), Categories: textsOf(p.Categories), Collections: textsOf(p.Collections),
		Publication: shownWindowOf(p.Publication), Listings: shownListingsOf(p.Listings),
		Translations: make(map[string]translatedProduct, len(p.Translations)), Options: orNone(p.Options),
		Variants: make([]adminVariant, len(p.Variants)), Media: make([]adminMedia, len(p.Media)),
		CreatedAt: p.CreatedAt.UTC(), UpdatedAt: p.UpdatedAt.UTC(),
	}
	if !p.BrandID.IsZero() {
		out.BrandID = p.BrandID.String()
	}
	for locale, t := range p.Translations {
		shown := translatedProduct{Title: t.Title, Description: t.Description, SEO: seoTexts(t.SEO), Options: make([]translatedOption, len(t.Options))}
		for i, o := range t.Options {
			shown.Options[i] = translatedOption{Name: o.Name, Values: metadataOf(o.Values)}
		}
		out.Translations[locale] = shown
	}
	for i, v := range p.Variants {
		out.Variants[i] = adminVariant{
			ID: v.ID.String(), SKU: v.SKU.String(), Options: orNone(v.Options), Barcode: v.Barcode, Grams: v.Grams, Retired: v.Retired,
			Channels: channelsOf(v.Channels), Metadata: metadataOf(v.Metadata),
		}
		if !v.Media.IsZero() {
			out.Variants[i].MediaID = v.Media.String()
		}
	}
	for i, m := range p.Media {
		out.Media[i] = adminMedia{ID: m.ID.String(), Key: m.Key, SourceURL: m.SourceURL, Alt: m.Alt}
		if m.Key != "" {
			out.Media[i].URL = mediaURL(m.Key)
		}
	}
	return out
}
