package bridge

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// ChangesMax is the most changes that a report of a dry run lists. Who is shown them one by one is shown all.
const ChangesMax = 1000

// ImportChange tells what an import would do to one thing.
type ImportChange struct {
	Line   int           `json:"line"`
	Kind   string        `json:"kind"` // product, location, brand, category, collection or moved.
	Name   string        `json:"name"` // Its handle, code or slug.
	What   string        `json:"what"` // created, changed or unchanged.
	Fields []FieldChange `json:"fields"`
}

// What becomes of a thing.
const (
	ChangeCreated = "created"
	ChangeChanged = "changed"
	ChangeNone    = "unchanged"
)

// FieldChange is a field with what it is and what it would be, both short; "" for nothing.
type FieldChange struct {
	Field string `json:"field"`
	From  string `json:"from"`
	To    string `json:"to"`
}

// what tells what becomes of a thing.
func what(made, changed bool) string {
	switch {
	case made:
		return ChangeCreated
	case changed:
		return ChangeChanged
	}
	return ChangeNone
}

// field adds a change of a variant's price or stock.
func (p *plan) field(i int, name, from, to string) {
	if from != to {
		p.fields = append(p.fields, FieldChange{Field: "variants[" + string(p.target.Variants[i].SKU) + "]." + name, From: from, To: to})
	}
}

// change tells what becomes of the product.
func (p *plan) change() ImportChange {
	out := ImportChange{Line: p.source.Line, Kind: "product", Name: p.target.Slug, What: what(p.stored == nil, p.changed()), Fields: []FieldChange{}}
	var before catalog.Product
	if p.stored != nil {
		before = *p.stored
	}
	out.Fields = append(differences(told(before), told(p.target)), p.fields...)
	return out
}

// told is a product as a list of fields with their texts.
func told(p catalog.Product) map[string]string {
	out := map[string]string{
		"title": p.Title, "description": p.Description, "brand": p.Brand, "type": p.Type, "status": string(p.Status),
		"tags": strings.Join(p.Tags, ", "), "options": strings.Join(p.Options, ", "), "tax_category": p.TaxCategory,
		"seo.title": p.SEO.Title, "seo.description": p.SEO.Description, "categories": ids(p.Categories),
		"publication": span(p.Publication), "listings": text(p.Listings), "images": text(pictures(p.Media)),
	}
	if p.Featured {
		out["featured"] = "yes"
	}
	for key, value := range p.Metadata {
		out["metadata."+key] = value
	}
	for locale, t := range p.Translations {
		out["translations."+locale] = text(t)
	}
	for _, v := range p.Variants {
		at := "variants[" + string(v.SKU) + "]"
		out[at] = "there"
		out[at+".options"], out[at+".barcode"] = strings.Join(v.Options, ", "), v.Barcode
		out[at+".channels"], out[at+".metadata"] = text(v.Channels), text(v.Metadata)
		if v.Grams != 0 {
			out[at+".grams"] = strconv.FormatInt(v.Grams, 10)
		}
		if v.Retired {
			out[at+".retired"] = "yes"
		}
		if i := slices.IndexFunc(p.Media, func(m catalog.Media) bool { return m.ID == v.Media }); i >= 0 {
			out[at+".image"] = pictures(p.Media)[i]
		}
	}
	return out
}

// differences lists the fields in which two things differ, by their names.
func differences(before, after map[string]string) []FieldChange {
	all := map[string]string{}
	maps.Copy(all, before)
	maps.Copy(all, after)
	out := []FieldChange{}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if before[name] != after[name] {
			out = append(out, FieldChange{Field: name, From: brief(before[name]), To: brief(after[name])})
		}
	}
	return out
}

// pictures tells which pictures there are.
func pictures(media []catalog.Media) []string {
	var out []string
	for _, m := range media {
		name := m.SourceURL
		if name == "" {
			name = m.Key
		}
		if m.Alt != "" {
			name += " (" + m.Alt + ")"
		}
		out = append(out, name)
	}
	return out
}

func ids[K ref.Kind](list []ref.ID[K]) string {
	var out []string
	for _, id := range list {
		out = append(out, id.String())
	}
	return strings.Join(out, ", ")
}

// text is a value in words, "" for an empty one.
func text(v any) string {
	if r := reflect.ValueOf(v); !r.IsValid() || r.IsZero() || (r.Kind() == reflect.Slice || r.Kind() == reflect.Map) && r.Len() == 0 {
		return ""
	}
	return fmt.Sprintf("%v", v)
}

// span is a window in words.
func span(w catalog.Window) string {
	if w == (catalog.Window{}) {
		return ""
	}
	return "from " + moment(w.From) + " until " + moment(w.Until)
}

// moment is a time in words.
func moment(t time.Time) string {
	if t.IsZero() {
		return "ever"
	}
	return t.UTC().Format(time.RFC3339)
}

// amount is a price in words.
func amount(p money.UnitPrice) string {
	if p.Currency().IsZero() {
		return ""
	}
	return p.String()
}

// shown is a price to compare with in words; none and zero are the same.
func shown(p *money.UnitPrice) string {
	if p == nil {
		return ""
	}
	return amount(*p)
}

// brief shortens a text for people, at a letter's end.
func brief(text string) string {
	const most = 120
	n := 0
	for i := range text {
		if n == most {
			return text[:i] + "…"
		}
		n++
	}
	return text
}

// sameProduct tells whether saving b would change nothing of a. A store may give an empty list as none.
func sameProduct(a, b catalog.Product) bool { return reflect.DeepEqual(plainly(a), plainly(b)) }

// plainly gives a product in the form in which two of the same content are equal.
func plainly(p catalog.Product) catalog.Product {
	p.Tags, p.Options, p.Media, p.Listings = none(p.Tags), none(p.Options), none(p.Media), none(p.Listings)
	p.Categories, p.Collections = none(p.Categories), none(p.Collections)
	if len(p.Metadata) == 0 {
		p.Metadata = nil
	}
	if len(p.Translations) == 0 {
		p.Translations = nil
	}
	p.Variants = slices.Clone(p.Variants)
	for i := range p.Variants {
		v := &p.Variants[i]
		v.Options, v.Channels = none(v.Options), none(v.Channels)
		if len(v.Metadata) == 0 {
			v.Metadata = nil
		}
	}
	return p
}

func none[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return list
}
