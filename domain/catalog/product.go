package catalog

import (
	"strings"
	"time"

	"github.com/ipswich-retail/commerce/domain/ref"
)

// Status tells whether a product can be seen and bought.
type Status string

// The statuses. Only an active product is listed and sold; an archived one is kept for the orders that name it.
const (
	Draft    Status = "draft"
	Active   Status = "active"
	Archived Status = "archived"
)

// Product is something the shop sells, in one or more variants. Invariants: see Validate.
type Product struct {
	ID          ref.ProductID
	Version     ref.Version
	Slug        string // Unique; names the product in addresses.
	Title       string
	Description string // Text as the shop wrote it; may hold HTML, which whoever shows it must clean.
	Brand       string
	Type        string // What kind of thing it is, in the shop's words.
	Tags        []string
	Status      Status
	Featured    bool
	Options     []string // Names of what variants differ in, such as Size; empty for a product of one variant.
	Variants    []Variant
	Media       []Media // In order of showing; the first is the product's picture.
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// Variant is one sellable form of a product.
type Variant struct {
	ID      ref.VariantID
	SKU     ref.SKU  // Unique in the shop.
	Options []string // One value for each of the product's options, in their order.
	Barcode string
	Grams   int64       // Weight; 0 when unknown.
	Media   ref.MediaID // Its own picture among the product's, or none.
}

// Title is what tells this variant from its siblings, such as "Large / Blue"; "" for the only variant.
func (v Variant) Title() string { return strings.Join(v.Options, " / ") }

// Sellable is a variant on sale with as much of it and of its product as whoever sells it needs.
type Sellable struct {
	Variant ref.VariantID
	Product ref.ProductID
	SKU     ref.SKU
	Title   string   // Of the product.
	Options []string // The variant's values.
}

// VariantTitle is what tells the variant from its siblings; "" for the only one.
func (s Sellable) VariantTitle() string { return Variant{Options: s.Options}.Title() }

// Sellable makes the short form of one of the product's variants.
func (p Product) Sellable(v Variant) Sellable {
	return Sellable{Variant: v.ID, Product: p.ID, SKU: v.SKU, Title: p.Title, Options: v.Options}
}

// Media is a picture of a product.
type Media struct {
	ID        ref.MediaID
	Key       string // Of our own copy, below /media/; "" while there is none.
	SourceURL string // Where it came from; kept, never shown: pages load from no foreign host.
	Alt       string // What the picture shows, for those who cannot see it.
}
