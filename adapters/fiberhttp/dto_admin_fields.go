package fiberhttp

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// windowFields are a span of time.
type windowFields struct {
	From  *time.Time `json:"from,omitempty" doc:"From then on; without it always."`
	Until *time.Time `json:"until,omitempty" doc:"Until just before then; without it for ever."`
}

// listingFields say that something is shown in a channel, and when.
type listingFields struct {
	Channel   string     `json:"channel" example:"web"`
	Published bool       `json:"published" doc:"False keeps the listing for later."`
	From      *time.Time `json:"from,omitempty" doc:"From then on; without it always."`
	Until     *time.Time `json:"until,omitempty" doc:"Until just before then; without it for ever."`
}

// textFields are the texts of a brand, category or collection in another language.
type textFields struct {
	Name        string   `json:"name,omitempty"`
	Description string   `json:"description,omitempty"`
	SEO         seoInput `json:"seo,omitzero"`
}

// seoInput is what search engines are to show; what is left out is empty.
type seoInput struct {
	Title       string `json:"title,omitempty"`
	Description string `json:"description,omitempty"`
}

// NamedFields are what staff say of a brand, category or collection. In a change what is left out stays; an empty text
// or list clears.
type NamedFields struct {
	Name         *string               `json:"name,omitempty"`
	Slug         *string               `json:"slug,omitempty" doc:"Names it in addresses; a new thing without one gets one of its name. A slug that it gives up leads to it still."`
	Description  *string               `json:"description,omitempty" doc:"May hold HTML, which whoever shows it must clean."`
	SEO          *seoInput             `json:"seo,omitempty" doc:"As a whole."`
	Translations map[string]textFields `json:"translations,omitempty" doc:"Texts by language tag, such as fr or fr-CA; as a whole."`
	Version      *int64                `json:"version,omitempty" minimum:"1" doc:"The version that is to be changed; 409 when it is no longer the present one. Without it whatever is present is changed."`
}

// apply makes the changes to texts.
func (f NamedFields) apply(slug *string, t *catalog.Text, translations *map[string]catalog.Text) {
	put(&t.Name, f.Name)
	put(slug, f.Slug)
	put(&t.Description, f.Description)
	if f.SEO != nil {
		t.SEO = catalog.SEO(*f.SEO)
	}
	if f.Translations != nil {
		*translations = map[string]catalog.Text{}
		for locale, o := range f.Translations {
			(*translations)[locale] = catalog.Text{Name: o.Name, Description: o.Description, SEO: catalog.SEO(o.SEO)}
		}
	}
}

// window reads a span of time; its errors stand below the field, or at its members without one.
func window(field string, from, until *time.Time) (catalog.Window, []*fault.Error) {
	at := func(member string) string { return join(field, member) }
	var out catalog.Window
	var wrong []*fault.Error
	for _, bound := range []struct {
		member string
		from   *time.Time
		into   *time.Time
	}{{"from", from, &out.From}, {"until", until, &out.Until}} {
		moment, err := instantOf(at(bound.member), bound.from)
		if err != nil {
			wrong = append(wrong, err)
		}
		*bound.into = moment
	}
	return out, wrong
}

// listingsOf reads where something is shown.
func listingsOf(fields []listingFields) ([]catalog.Listing, []*fault.Error) {
	out := make([]catalog.Listing, len(fields))
	var wrong []*fault.Error
	for i, f := range fields {
		w, errs := window(fmt.Sprintf("listings[%d]", i), f.From, f.Until)
		out[i] = catalog.Listing{Channel: ref.Channel(f.Channel), Published: f.Published, Window: w}
		wrong = append(wrong, errs...)
	}
	return out, wrong
}

// idsIn reads ids in a body; one that is none is answered like the id of nothing.
func idsIn[K ref.Kind](field, what string, texts []string) ([]ref.ID[K], []*fault.Error) {
	out := make([]ref.ID[K], len(texts))
	var wrong []*fault.Error
	for i, text := range texts {
		id, err := ref.ParseID[K](text)
		if err != nil || id.IsZero() {
			wrong = append(wrong, catalog.UnknownReference.Newf("there is no such %s", what).At(fmt.Sprintf("%s[%d]", field, i)))
		}
		out[i] = id
	}
	return out, wrong
}

// ShownNames is what staff see of the texts of a brand, category or collection; it is embedded in what shows one.
type ShownNames struct {
	Name         string                    `json:"name"`
	Slug         string                    `json:"slug"`
	Description  string                    `json:"description"`
	SEO          seoTexts                  `json:"seo"`
	Translations map[string]translatedText `json:"translations"`
}

// translatedText is a text in another language.
type translatedText struct {
	Name        string   `json:"name"`
	Description string   `json:"description"`
	SEO         seoTexts `json:"seo"`
}

func shownNamesOf(slug string, t catalog.Text, translations map[string]catalog.Text) ShownNames {
	out := ShownNames{
		Name: t.Name, Slug: slug, Description: t.Description, SEO: seoTexts(t.SEO), Translations: make(map[string]translatedText, len(translations)),
	}
	for locale, o := range translations {
		out.Translations[locale] = translatedText{Name: o.Name, Description: o.Description, SEO: seoTexts(o.SEO)}
	}
	return out
}

// shownWindow is a span of time as it is shown.
type shownWindow struct {
	From  *time.Time `json:"from" doc:"Null for always."`
	Until *time.Time `json:"until" doc:"Null for ever."`
}

func shownWindowOf(w catalog.Window) shownWindow {
	return shownWindow{From: shownInstant(w.From), Until: shownInstant(w.Until)}
}

// shownListing is where something is shown.
type shownListing struct {
	Channel   string     `json:"channel"`
	Published bool       `json:"published"`
	From      *time.Time `json:"from" doc:"Null for always."`
	Until     *time.Time `json:"until" doc:"Null for ever."`
}

func shownListingsOf(listings []catalog.Listing) []shownListing {
	out := make([]shownListing, len(listings))
	for i, l := range listings {
		out[i] = shownListing{Channel: string(l.Channel), Published: l.Published, From: shownInstant(l.From), Until: shownInstant(l.Until)}
	}
	return out
}

// textsOf are ids as they are shown.
func textsOf[K ref.Kind](ids []ref.ID[K]) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = id.String()
	}
	return out
}

// orNone is a list that is shown as [] when it is empty.
func orNone[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// metadataOf are an adopter's facts, never null.
func metadataOf(m catalog.Metadata) map[string]string {
	if m == nil {
		return map[string]string{}
	}
	return maps.Clone(m)
}

// channelsOf are the names of channels.
func channelsOf(channels []ref.Channel) []string {
	out := make([]string, len(channels))
	for i, c := range channels {
		out[i] = string(c)
	}
	return slices.Clip(out)
}
