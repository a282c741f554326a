package exchange

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Our own formats say everything that can be exchanged of a catalogue. Both have the same fields by the same names: JSON
// Lines as members of an object, CSV as columns. Each line, or row, is of a kind; in JSON Lines a product has its variants
// within it, in CSV they follow it in rows of their own. A member or column that is not there says nothing, and what the
// shop has is kept; null, and an empty cell, say that there is none.

// version is that of our own formats. It is raised when a file of before would be read otherwise.
const version = 1

// lineFormat names our JSON Lines in their first line.
const lineFormat = "commerce.products"

// The kinds of things.
const (
	kindShop       = "shop" // The first line of JSON Lines.
	kindLocation   = "location"
	kindBrand      = "brand"
	kindCategory   = "category"
	kindCollection = "collection"
	kindProduct    = "product"
	kindVariant    = "variant"
	kindMoved      = "moved" // A slug that was given up.
	kindEnd        = "end"   // The last line of JSON Lines.
)

// fieldsOf lists what may be said of each kind, in the order in which it is written.
var fieldsOf = map[string][]string{
	kindLocation: {"slug", "title", "status", "priority"},
	kindBrand:    {"slug", "id", "title", "description", "seo_title", "seo_description", "translations"},
	kindCategory: {"slug", "id", "title", "description", "parent", "seo_title", "seo_description", "translations"},
	kindCollection: {
		"slug", "id", "title", "description", "rule", "products", "published_from", "published_until", "listings",
		"seo_title", "seo_description", "metadata", "translations",
	},
	kindProduct: {
		"slug", "id", "title", "description", "brand", "type", "tags", "status", "featured", "categories", "options", "images",
		"seo_title", "seo_description", "tax_category", "published_from", "published_until", "listings", "metadata", "translations",
	},
	kindMoved: {"slug", "of", "to"},
	kindVariant: {
		"sku", "id", "values", "price", "compare_at", "currency", "prices", "stock", "stock_elsewhere", "policy", "policy_limit", "policy_until",
		"barcode", "grams", "image", "retired", "channels", "metadata", "plans",
	},
}

// ownColumns are the columns of our CSV, in the order in which they are written.
var ownColumns = []string{
	"kind", "slug", "title", "description", "brand", "type", "tags", "status", "featured", "categories", "options",
	"sku", "values", "price", "compare_at", "currency", "prices", "stock", "stock_elsewhere", "policy", "policy_limit", "policy_until",
	"barcode", "grams", "image", "images", "retired", "channels", "seo_title", "seo_description", "tax_category",
	"published_from", "published_until", "listings", "metadata", "translations", "parent", "priority", "rule", "products",
	"id", "plans", "of", "to",
}

// record is one thing as a file says it.
type record struct {
	line   int
	kind   string
	prefix string // Before the names of its fields in messages.
	fields map[string]value
}

// own reads records, whichever format they come from.
type own struct {
	*pass

	slugs   map[string]int // The line of each thing that is no product, by kind and slug.
	damaged bool           // Something of the present thing was refused.
}

func newOwn(p *pass) *own { return &own{pass: p, slugs: map[string]int{}} }

// refuseAt adds a rejection of a field.
func (o *own) refuseAt(r record, field, code, format string, args ...any) {
	o.damaged = true
	o.refuse(Rejection{Line: r.line, Column: r.prefix + field, Code: code, Reason: fmt.Sprintf(format, args...)})
}

// field reads a field into something, if the record has it.
func field[T any](o *own, r record, name string, to *T, read func(value) (T, error)) bool {
	v, said := r.fields[name]
	if !said {
		return false
	}
	got, err := read(v)
	if err != nil {
		o.refuseAt(r, name, CodeBadValue, "%s", err)
		return false
	}
	*to = got
	return true
}

// said reads a field, nil when the record does not have it.
func said[T any](o *own, r record, name string, read func(value) (T, error)) *T {
	var out T
	if !field(o, r, name, &out, read) {
		return nil
	}
	return &out
}

// thing gives what is no product.
func (o *own) thing(r record) error {
	o.damaged = false
	var slug string
	field(o, r, "slug", &slug, value.name)
	if slug == "" {
		o.refuseAt(r, "slug", CodeMissingHandle, "every %s has a slug, its name in addresses", r.kind)
		return nil
	}
	key := r.kind + "\n" + slug
	if r.kind == kindMoved {
		return o.moved(r, slug)
	}
	if first, known := o.slugs[key]; known && o.stage == learn {
		o.refuseAt(r, "slug", CodeSplitProduct, "the %s %q stands on line %d already", r.kind, excerpt(slug), first)
	}
	o.slugs[key] = r.line
	item := Item{Line: r.line}
	switch r.kind {
	case kindLocation:
		item.Location = o.location(r, slug)
	case kindBrand:
		texts, id := o.texts(r), said(o, r, "id", identity[ref.BrandKind])
		item.Brand = &BrandEdit{Slug: slug, Also: func(b *catalog.Brand) {
			texts(&b.Text, &b.Translations)
			begin(&b.ID, b.Version, id)
		}}
	case kindCategory:
		texts, id := o.texts(r), said(o, r, "id", identity[ref.CategoryKind])
		item.Category = &CategoryEdit{
			Slug: slug, Parent: said(o, r, "parent", value.name),
			Also: func(c *catalog.Category) {
				texts(&c.Text, &c.Translations)
				begin(&c.ID, c.Version, id)
			},
		}
	case kindCollection:
		item.Collection = o.collection(r, slug)
	}
	return o.out(item)
}

// location reads a location.
func (o *own) location(r record, code string) *inventory.Site {
	site := &inventory.Site{Location: inventory.Location(code)}
	field(o, r, "title", &site.Name, value.str)
	if p := said(o, r, "priority", value.number); p != nil {
		if site.Priority = int32(*p); int64(site.Priority) != *p { //nolint:gosec // That it fits is what is asked.
			o.refuseAt(r, "priority", CodeBadNumber, "%d is too large for a priority", *p)
		}
	}
	var state string
	field(o, r, "status", &state, value.name)
	switch site.State = inventory.SiteState(state); site.State {
	case "", inventory.SiteOpen, inventory.SiteClosed:
	default:
		o.refuseAt(r, "status", CodeUnknownValue, "%q is neither open nor closed", excerpt(state))
	}
	return site
}

// texts reads what a thing says of itself.
func (o *own) texts(r record) func(*catalog.Text, *map[string]catalog.Text) {
	name, description := said(o, r, "title", value.str), said(o, r, "description", value.str)
	title, more := said(o, r, "seo_title", value.str), said(o, r, "seo_description", value.str)
	translations := said(o, r, "translations", structured[map[string]wireText])
	return func(t *catalog.Text, to *map[string]catalog.Text) {
		if name != nil && *name != "" {
			t.Name = *name
		}
		take(&t.Description, description)
		take(&t.SEO.Title, title)
		take(&t.SEO.Description, more)
		if translations == nil {
			return
		}
		*to = nil
		for locale, w := range *translations {
			if *to == nil {
				*to = map[string]catalog.Text{}
			}
			(*to)[locale] = catalog.Text{Name: w.Title, Description: w.Description, SEO: w.seo()}
		}
	}
}

// take sets what a file says, if it does.
func take[T any](to *T, said *T) {
	if said != nil {
		*to = *said
	}
}

// collection reads a collection.
func (o *own) collection(r record, slug string) *CollectionEdit {
	texts, shown, metadata := o.texts(r), o.shown(r), said(o, r, "metadata", structured[map[string]string])
	id := said(o, r, "id", identity[ref.CollectionKind])
	out := &CollectionEdit{Slug: slug}
	if rule := said(o, r, "rule", structured[*catalog.Rule]); rule != nil {
		out.Rule = *rule
	}
	if list := said(o, r, "products", value.list); list != nil && out.Rule == nil {
		out.Products = *list
	}
	out.Also = func(c *catalog.Collection) {
		texts(&c.Text, &c.Translations)
		begin(&c.ID, c.Version, id)
		shown(&c.Publication, &c.Listings)
		if metadata != nil {
			c.Metadata = *metadata
		}
	}
	return out
}

// shown reads when and where a thing is shown.
func (o *own) shown(r record) func(*catalog.Window, *[]catalog.Listing) {
	from, until := said(o, r, "published_from", value.time), said(o, r, "published_until", value.time)
	listings := said(o, r, "listings", structured[[]wireListing])
	return func(w *catalog.Window, to *[]catalog.Listing) {
		take(&w.From, from)
		take(&w.Until, until)
		if listings == nil {
			return
		}
		*to = nil
		for _, l := range *listings {
			*to = append(*to, l.listing())
		}
	}
}

// known tells whether a kind may have a field.
func known(kind, field string) bool { return slices.Contains(fieldsOf[kind], field) }

// kinds lists what there may be, for messages.
func kinds() string {
	return strings.Join([]string{kindLocation, kindBrand, kindCategory, kindProduct, kindVariant, kindMoved}, ", ") + " or " + kindCollection
}
