// Package catalogtest proves adapters of the catalogue's ports: TestProducts and TestCommitter. Each subtest's name
// begins with the id of the clause that it proves; the clauses stand in the comments of the ports.
package catalogtest

import (
	"context"
	"encoding/binary"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Harness is an empty store, opened for one subtest.
type Harness struct {
	Products  catalog.Products
	Committer catalog.Committer
	// Events gives all events that the store's outbox holds, in its order; all that were committed before the call,
	// also when a relay may not read them yet.
	Events func(t *testing.T) []event.Event
}

// suite runs subtests, each on a store of its own.
type suite struct {
	open func(t *testing.T) Harness
}

// base is a time in the form that stores keep.
var base = time.Date(2026, 3, 2, 9, 30, 0, 123456000, time.UTC)

// scope is the view of a shop with one channel.
func scope() ref.Scope {
	return ref.Scope{Channel: ref.DefaultChannel, Currency: money.MustCurrency("GBP"), Locale: "en-GB", Country: "GB", At: base}
}

// uuid makes a UUID that sorts by n.
func uuid(n int) [16]byte {
	var u [16]byte
	binary.BigEndian.PutUint64(u[8:], uint64(n))
	u[6], u[8] = 0x70, u[8]|0x80
	return u
}

// product makes the n-th product: active, with two variants, created n seconds after base.
func product(n int) catalog.Product {
	at := base.Add(time.Duration(n) * time.Second)
	return catalog.Product{
		ID: ref.NewID[ref.ProductKind](uuid(n)), Version: 1, Slug: fmt.Sprintf("product-%d", n),
		Title: fmt.Sprintf("Product %d", n), Description: "<p>Naïve “text” & more</p>", Brand: "Orwell", Type: "Mug",
		Tags: []string{"stoneware", "blue"}, Status: catalog.Active, Featured: n%2 == 0, Options: []string{"Size"},
		Variants: []catalog.Variant{
			{
				ID: ref.NewID[ref.VariantKind](uuid(2 * n)), SKU: ref.SKU(fmt.Sprintf("P%d-S", n)), Options: []string{"Small"},
				Barcode: "5000000000017", Grams: 320, Media: ref.NewID[ref.MediaKind](uuid(n)),
			},
			{ID: ref.NewID[ref.VariantKind](uuid(2*n + 1)), SKU: ref.SKU(fmt.Sprintf("P%d-L", n)), Options: []string{"Large"}},
		},
		Media: []catalog.Media{
			{ID: ref.NewID[ref.MediaKind](uuid(n)), Key: "demo/mug.svg", Alt: "A blue mug"},
			{ID: ref.NewID[ref.MediaKind](uuid(1_000_000 + n)), SourceURL: "https://example.com/mug.jpg"},
		},
		CreatedAt: at, UpdatedAt: at,
	}
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

// save commits products that the store must accept.
func (h Harness) save(t *testing.T, products ...catalog.Product) {
	t.Helper()
	if err := h.Committer.Commit(t.Context(), writes(products...)); err != nil {
		t.Fatalf("Commit: %v", err)
	}
}

// stored reads a product as it is stored, whatever its status.
func (h Harness) stored(t *testing.T, slug string) catalog.Product {
	t.Helper()
	p, err := h.Products.Find(t.Context(), slug)
	if err != nil {
		t.Fatalf("Find(%q): %v", slug, err)
	}
	return p
}

// same compares products; a store may give an empty list as nil or the reverse.
func same(t *testing.T, got, want catalog.Product) {
	t.Helper()
	if got, want := tidy(got), tidy(want); !reflect.DeepEqual(got, want) {
		t.Errorf("got product\n%+v\nwant\n%+v", got, want)
	}
}

// tidy makes all empty lists and maps nil.
func tidy(p catalog.Product) catalog.Product {
	p.Tags, p.Options, p.Media, p.Listings = orNil(p.Tags), orNil(p.Options), orNil(p.Media), orNil(p.Listings)
	p.Categories, p.Collections = orNil(p.Categories), orNil(p.Collections)
	p.Metadata, p.Translations = noneOf(p.Metadata), noneOf(p.Translations)
	p.Variants = append([]catalog.Variant(nil), p.Variants...)
	for i := range p.Variants {
		v := &p.Variants[i]
		v.Options, v.Channels, v.Metadata = orNil(v.Options), orNil(v.Channels), noneOf(v.Metadata)
	}
	return p
}

func noneOf[M ~map[K]V, K comparable, V any](m M) M {
	if len(m) == 0 {
		return nil
	}
	return m
}

func orNil[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return list
}

// wantClass fails unless the error is of the class.
func wantClass(t *testing.T, err error, class fault.Class) {
	t.Helper()
	if !fault.Is(err, class) {
		t.Errorf("got error %v, want one of class %s", err, class.Code())
	}
}

// wantKind fails unless the error is of the kind.
func wantKind(t *testing.T, err error, kind fault.Kind) {
	t.Helper()
	if err == nil || fault.KindOf(err) != kind {
		t.Errorf("got error %v, want one of kind %s", err, kind)
	}
}

// gone is a context that has ended.
func gone(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}
