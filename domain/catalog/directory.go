package catalog

import (
	"slices"
	"strings"
	"time"

	"github.com/ipswich-retail/commerce/domain/ref"
)

// IndexQuery asks for a page of all products, whatever their status and newest first, for those who edit. Its filters
// hold together; what is empty does not filter.
type IndexQuery struct {
	Text   string // In the title or the slug, whatever the case of ASCII letters; or the SKU of a variant.
	Status Status
	Limit  int // 1 to PageMax.
	After  *Place
}

// Indexed is a product in a list for those who edit: what it takes to find it again.
type Indexed struct {
	ID        ref.ProductID
	Version   ref.Version
	Slug      string
	Title     string
	Brand     string // The present name of the brand; "" for none.
	Type      string
	Status    Status
	Featured  bool
	Image     Media // The first picture of which there is a copy of our own; zero for none.
	Variants  int   // Retired ones too.
	CreatedAt time.Time
	UpdatedAt time.Time
}

// IndexPage is a page of products for those who edit; Next is nil on the last one.
type IndexPage struct {
	Items []Indexed
	Next  *Place
}

// Passes tells whether the product is in the list of the query.
func (q IndexQuery) Passes(p Product) bool {
	text := FoldASCII(q.Text)
	return (q.Status == "" || p.Status == q.Status) &&
		(text == "" || strings.Contains(FoldASCII(p.Title), text) || strings.Contains(FoldASCII(p.Slug), text) ||
			slices.ContainsFunc(p.Variants, func(v Variant) bool { return string(v.SKU) == q.Text }))
}

// Indexed makes the short form of a product for those who edit.
func (p Product) Indexed() Indexed {
	out := Indexed{
		ID: p.ID, Version: p.Version, Slug: p.Slug, Title: p.Title, Brand: p.Brand, Type: p.Type, Status: p.Status,
		Featured: p.Featured, Variants: len(p.Variants), CreatedAt: p.CreatedAt, UpdatedAt: p.UpdatedAt,
	}
	if i := slices.IndexFunc(p.Media, func(m Media) bool { return m.Key != "" }); i >= 0 {
		out.Image = p.Media[i]
	}
	return out
}

// FoldASCII is the text with its ASCII capitals in lower case: a fold on which all stores agree, whatever the collation
// of a database.
func FoldASCII(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, text)
}

// CollectionQuery asks for a page of collections in the order of the bytes of their slugs.
type CollectionQuery struct {
	All   bool   // Whatever their windows and channels and in the shop's own language, for those who edit.
	Limit int    // 1 to PageMax.
	After string // The slug of the last collection; "" for the start.
}

// CollectionPage is a page of collections, without the products that those by hand list; Next is "" on the last one.
type CollectionPage struct {
	Items []Collection
	Next  string
}

// SlugKind names what a slug is of: each kind of thing has slugs of its own.
type SlugKind string

// The kinds of things whose old slugs lead to them.
const (
	ProductSlugs    SlugKind = "product"
	BrandSlugs      SlugKind = "brand"
	CategorySlugs   SlugKind = "category"
	CollectionSlugs SlugKind = "collection"
)
