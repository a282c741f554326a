package catalogtest

import (
	"context"
	"encoding/binary"
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Harness is an empty store, opened for one subtest.
type Harness struct {
	Products    catalog.Products
	Upkeep      catalog.Upkeep
	Categories  catalog.Categories
	Brands      catalog.Brands
	Collections catalog.Collections
	Directory   catalog.Directory
	Committer   catalog.Committer
	// Events gives all events that the store's outbox holds, in its order; all that were committed before the call,
	// also when a relay may not read them yet.
	Events func(t TB) []event.Event
	// Reopen closes the store and opens the same data anew.
	Reopen func(t TB) Harness
}

// base is a time in the form that stores keep.
var base = time.Date(2026, 3, 2, 9, 30, 0, 123456000, time.UTC)

// hour is so many hours after base.
func hour(n int) time.Time { return base.Add(time.Duration(n) * time.Hour) }

// front is the view of the default channel, in the shop's own language.
func front() ref.Scope { return in(ref.DefaultChannel, base) }

// in is the view of a channel at a time.
func in(channel ref.Channel, at time.Time) ref.Scope {
	return ref.Scope{Channel: channel, Currency: money.MustCurrency("GBP"), Locale: "en-GB", Country: "GB", At: at}
}

// french is the view of the default channel in a French locale.
func french(locale string) ref.Scope {
	s := front()
	s.Locale = locale
	return s
}

// uuid makes a UUID that sorts by n.
func uuid(n int) [16]byte {
	var u [16]byte
	binary.BigEndian.PutUint64(u[8:], uint64(n))
	u[6], u[8] = 0x70, u[8]|0x80
	return u
}

// productID is that of the n-th product, variantID of its i-th variant.
func productID(n int) ref.ProductID    { return ref.NewID[ref.ProductKind](uuid(n)) }
func variantID(n, i int) ref.VariantID { return ref.NewID[ref.VariantKind](uuid(2*n + i)) }

// product makes the n-th product: active, with two variants, created n seconds after base.
func product(n int) catalog.Product {
	at := base.Add(time.Duration(n) * time.Second)
	return catalog.Product{
		ID: productID(n), Version: 1, Slug: fmt.Sprintf("product-%d", n),
		Title: fmt.Sprintf("Product %d", n), Description: "<p>Naïve “text” & more</p>", Brand: "Orwell", Type: "Mug",
		Tags: []string{"stoneware", "blue"}, Status: catalog.Active, Featured: n%2 == 0, Options: []string{"Size"},
		Variants: []catalog.Variant{
			{
				ID: variantID(n, 0), SKU: ref.SKU(fmt.Sprintf("P%d-S", n)), Options: []string{"Small"},
				Barcode: "5000000000017", Grams: 320, Media: ref.NewID[ref.MediaKind](uuid(n)),
			},
			{ID: variantID(n, 1), SKU: ref.SKU(fmt.Sprintf("P%d-L", n)), Options: []string{"Large"}},
		},
		Media: []catalog.Media{
			{ID: ref.NewID[ref.MediaKind](uuid(n)), Key: "demo/mug.svg", Alt: "A blue mug"},
			{ID: ref.NewID[ref.MediaKind](uuid(1_000_000 + n)), SourceURL: "https://example.com/mug.jpg"},
		},
		CreatedAt: at, UpdatedAt: at,
	}
}

// full is the first product with all that one can have; its brand and categories are the first of each.
func full() catalog.Product {
	p := product(1)
	p.BrandID, p.Brand = brand(1).ID, brand(1).Name
	p.Categories = []ref.CategoryID{category(2, 0).ID, category(1, 0).ID}
	p.Collections = []ref.CollectionID{collection(7).ID}
	p.SEO = catalog.SEO{Title: "Mugs & more", Description: "“Naïve”"}
	p.TaxCategory = "ceramics"
	p.Metadata = catalog.Metadata{"glaze": "blue", "kiln": "2"}
	p.Publication = catalog.Window{From: hour(-5), Until: hour(5)}
	p.Listings = []catalog.Listing{
		{Channel: ref.DefaultChannel, Published: true},
		{Channel: "b2b", Published: true, Window: catalog.Window{From: hour(-1)}},
		{Channel: "pos", Window: catalog.Window{Until: hour(9)}},
	}
	p.Translations = map[string]catalog.Translation{
		"fr": {Title: "Tasse", Description: "<p>Une tasse</p>", SEO: catalog.SEO{Title: "Tasses"}, Options: []catalog.OptionText{
			{Name: "Taille", Values: map[string]string{"Small": "Petite", "Large": "Grande"}},
		}},
		"fr-CA": {Title: "Tasse d'ici"},
	}
	p.Variants[0].Metadata = catalog.Metadata{"weight": "dry"}
	p.Variants[0].Channels = []ref.Channel{ref.DefaultChannel, "b2b"}
	p.Due = hour(5)
	return p
}

// brand makes the n-th brand.
func brand(n int) catalog.Brand {
	at := base.Add(time.Duration(n) * time.Second)
	return catalog.Brand{
		ID: ref.NewID[ref.BrandKind](uuid(n)), Version: 1, Slug: fmt.Sprintf("brand-%d", n),
		Text:         catalog.Text{Name: fmt.Sprintf("Brand  %02d", n), Description: "Made by hand", SEO: catalog.SEO{Title: "A brand"}},
		Translations: map[string]catalog.Text{"fr": {Name: fmt.Sprintf("Marque %d", n)}},
		CreatedAt:    at, UpdatedAt: at,
	}
}

// category makes the n-th category below the parent, which is none for 0, as the n-th of its siblings.
func category(n, parent int) catalog.Category {
	at := base.Add(time.Duration(n) * time.Second)
	c := catalog.Category{
		ID: ref.NewID[ref.CategoryKind](uuid(n)), Version: 1, Position: n, Slug: fmt.Sprintf("category-%d", n),
		Text:         catalog.Text{Name: fmt.Sprintf("Category %d", n), Description: "All of it", SEO: catalog.SEO{Description: "d"}},
		Translations: map[string]catalog.Text{"fr": {Name: fmt.Sprintf("Rayon %d", n)}},
		CreatedAt:    at, UpdatedAt: at,
	}
	if parent > 0 {
		c.Parent = ref.NewID[ref.CategoryKind](uuid(parent))
	}
	return c
}

// collection makes the n-th collection, by hand and empty.
func collection(n int) catalog.Collection {
	at := base.Add(time.Duration(n) * time.Second)
	return catalog.Collection{
		ID: ref.NewID[ref.CollectionKind](uuid(n)), Version: 1, Slug: fmt.Sprintf("collection-%d", n),
		Text:         catalog.Text{Name: fmt.Sprintf("Collection %d", n), Description: "Chosen", SEO: catalog.SEO{Title: "t"}},
		Translations: map[string]catalog.Text{"fr": {Name: fmt.Sprintf("Choix %d", n)}},
		Metadata:     catalog.Metadata{"season": "spring"},
		CreatedAt:    at, UpdatedAt: at,
	}
}

// ruled makes the n-th collection, by a rule.
func ruled(n int) catalog.Collection {
	c := collection(n)
	c.Rule = &catalog.Rule{Op: catalog.RuleAll, Rules: []catalog.Rule{
		{Op: catalog.RuleTag, Value: "blue"},
		{Op: catalog.RuleNot, Rules: []catalog.Rule{{Op: catalog.RuleFeatured}}},
	}}
	return c
}

// saved is an event of the product, with an id of its own.
func saved(n int, p catalog.Product) event.Event {
	return event.New(ref.NewID[ref.EventKind](uuid(n)), p.ID.String(), p.UpdatedAt,
		catalog.ProductUpdated{Product: p.ID, Slug: p.Slug, Status: p.Status, Version: p.Version})
}

// next is the product's next version, to be changed further.
func next(p catalog.Product) catalog.Product {
	p.Version++
	p.UpdatedAt = p.UpdatedAt.Add(time.Minute)
	p.Variants = slices.Clone(p.Variants)
	return p
}

// writes makes the write of each product over the version before its own.
func writes(products ...catalog.Product) catalog.Commit {
	var c catalog.Commit
	for _, p := range products {
		c.Products = append(c.Products, catalog.Write[catalog.Product]{State: p, Expected: p.Version - 1})
	}
	return c
}

// with adds the writes of what products belong to: brands, categories and collections.
func with(c catalog.Commit, things ...any) catalog.Commit {
	for _, thing := range things {
		switch v := thing.(type) {
		case catalog.Brand:
			c.Brands = append(c.Brands, catalog.Write[catalog.Brand]{State: v, Expected: v.Version - 1})
		case catalog.Category:
			c.Categories = append(c.Categories, catalog.Write[catalog.Category]{State: v, Expected: v.Version - 1})
		case catalog.Collection:
			c.Collections = append(c.Collections, catalog.Write[catalog.Collection]{State: v, Expected: v.Version - 1})
		default:
			panic("catalogtest: neither brand, category nor collection")
		}
	}
	return c
}

// accept commits what the store must accept.
func (h Harness) accept(t TB, c catalog.Commit) {
	t.Helper()
	if err := h.Committer.Commit(t.Context(), c); err != nil {
		t.Fatalf("Commit: %v", err)
	}
}

// refuse commits what the store must refuse with an error of the class.
func (h Harness) refuse(t TB, c catalog.Commit, class fault.Class) {
	t.Helper()
	wantClass(t, h.Committer.Commit(t.Context(), c), class)
}

// save commits products that the store must accept.
func (h Harness) save(t TB, products ...catalog.Product) {
	t.Helper()
	h.accept(t, writes(products...))
}

// stored reads a product as it is stored, whatever its status.
func (h Harness) stored(t TB, slug string) catalog.Product {
	t.Helper()
	p, err := h.Products.Find(t.Context(), slug)
	if err != nil {
		t.Fatalf("Find(%q): %v", slug, err)
	}
	return p
}

// structure reads the structure and brings it into one order.
func (h Harness) structure(t TB) catalog.Structure {
	t.Helper()
	s, err := h.Categories.Structure(t.Context())
	if err != nil {
		t.Fatalf("Structure: %v", err)
	}
	slices.SortFunc(s.Categories, func(a, b catalog.Category) int { return a.ID.Compare(b.ID) })
	slices.SortFunc(s.Ruled, func(a, b catalog.Ruled) int { return a.ID.Compare(b.ID) })
	return s
}

// same compares what is stored; a store may give an empty list as nil or the reverse.
func same(t TB, got, want any) {
	t.Helper()
	if got, want := tidy(got), tidy(want); !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%+v\nwant\n%+v", got, want)
	}
}

// tidy makes all empty lists and maps of a value nil, deeply.
func tidy(v any) any {
	out := reflect.New(reflect.TypeOf(v)).Elem()
	out.Set(reflect.ValueOf(v))
	return tidied(out).Interface()
}

func tidied(v reflect.Value) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	switch v.Kind() {
	case reflect.Slice:
		for i := range v.Len() {
			out = reflect.Append(out, tidied(v.Index(i)))
		}
	case reflect.Map:
		if v.Len() == 0 {
			return out
		}
		out = reflect.MakeMap(v.Type())
		for _, k := range v.MapKeys() {
			out.SetMapIndex(k, tidied(v.MapIndex(k)))
		}
	case reflect.Struct:
		out.Set(v)
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				out.Field(i).Set(tidied(v.Field(i)))
			}
		}
	default:
		return v
	}
	return out
}

// wantClass fails unless the error is of the class.
func wantClass(t TB, err error, class fault.Class) {
	t.Helper()
	if !fault.Is(err, class) {
		t.Errorf("got error %v, want one of class %s", err, class.Code())
	}
}

// wantKind fails unless the error is of the kind.
func wantKind(t TB, err error, kind fault.Kind) {
	t.Helper()
	if err == nil || fault.KindOf(err) != kind {
		t.Errorf("got error %v, want one of kind %s", err, kind)
	}
}

// gone is a context that has ended.
func gone(t TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}
