package exchange

import (
	"time"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// wireText is a translation as our formats have it.
type wireText struct {
	Title          string       `json:"title,omitempty"`
	Description    string       `json:"description,omitempty"`
	SEOTitle       string       `json:"seo_title,omitempty"`
	SEODescription string       `json:"seo_description,omitempty"`
	Options        []wireOption `json:"options,omitempty"` // Of products alone.
}

func (w wireText) seo() catalog.SEO {
	return catalog.SEO{Title: w.SEOTitle, Description: w.SEODescription}
}

// wireOption is an option in another language.
type wireOption struct {
	Name   string            `json:"name,omitempty"`
	Values map[string]string `json:"values,omitempty"`
}

// wireTexts makes the translations of a brand, category or collection.
func wireTexts(in map[string]catalog.Text) map[string]wireText {
	out := make(map[string]wireText, len(in))
	for locale, t := range in {
		out[locale] = wireText{Title: t.Name, Description: t.Description, SEOTitle: t.SEO.Title, SEODescription: t.SEO.Description}
	}
	return out
}

// wireProductTexts makes the translations of a product.
func wireProductTexts(in map[string]catalog.Translation) map[string]wireText {
	out := make(map[string]wireText, len(in))
	for locale, t := range in {
		w := wireText{Title: t.Title, Description: t.Description, SEOTitle: t.SEO.Title, SEODescription: t.SEO.Description}
		for _, o := range t.Options {
			w.Options = append(w.Options, wireOption{Name: o.Name, Values: o.Values})
		}
		out[locale] = w
	}
	return out
}

// translation makes a product's translation of what a file says.
func (w wireText) translation() catalog.Translation {
	t := catalog.Translation{Title: w.Title, Description: w.Description, SEO: w.seo()}
	for _, o := range w.Options {
		t.Options = append(t.Options, catalog.OptionText{Name: o.Name, Values: o.Values})
	}
	return t
}

// wireListing is where something is shown, and when.
type wireListing struct {
	Channel   string    `json:"channel"`
	Published bool      `json:"published"`
	From      time.Time `json:"from,omitzero"`
	Until     time.Time `json:"until,omitzero"`
}

func wireListings(in []catalog.Listing) []wireListing {
	out := make([]wireListing, len(in))
	for i, l := range in {
		out[i] = wireListing{Channel: string(l.Channel), Published: l.Published, From: l.From.UTC(), Until: l.Until.UTC()}
	}
	return out
}

func (w wireListing) listing() catalog.Listing {
	return catalog.Listing{
		Channel: ref.Channel(w.Channel), Published: w.Published, Window: catalog.Window{From: instant(w.From), Until: instant(w.Until)},
	}
}

// instant brings a moment to the form in which stores give it back; zero stays zero.
func instant(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return ref.Instant(t)
}

// wireImage is a picture.
type wireImage struct {
	URL string `json:"url,omitempty"`
	Key string `json:"key,omitempty"` // Of the shop's own copy, below /media/.
	Alt string `json:"alt,omitempty"`
}

// wirePrice is a price for a time, beside the one that holds without an end.
type wirePrice struct {
	Amount    string    `json:"amount"`
	CompareAt string    `json:"compare_at,omitempty"`
	From      time.Time `json:"from,omitzero"`
	Until     time.Time `json:"until,omitzero"`
}
