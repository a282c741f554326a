package catalog

import (
	"strings"
	"time"

	"github.com/ipswich-retail/commerce/domain/ref"
)

// Product is something the shop sells, in one or more variants. Invariants: see Validate. Its texts are in the shop's
// own language; In gives it as a scope sees it.
type Product struct {
	ID           ref.ProductID
	Version      ref.Version
	Slug         string // Unique; names the product in addresses. A slug that it gives up leads to it still.
	Title        string
	Description  string      // Text as the shop wrote it; may hold HTML, which whoever shows it must clean.
	Brand        string      // The brand's name, for reading; who writes it without BrandID means the brand of that name.
	BrandID      ref.BrandID // None for a product without a brand.
	Type         string      // What kind of thing it is, in the shop's words.
	Tags         []string
	Status       Status
	Featured     bool
	SEO          SEO
	TaxCategory  string   // What tax rules call it, such as "books"; "" for the usual.
	Metadata     Metadata // The adopter's own facts; nothing here reads them.
	Categories   []ref.CategoryID
	Collections  []ref.CollectionID // Those by rule that it is in, ascending; kept by the Service, never by callers.
	Publication  Window             // When it is shown; without bounds for as long as it is active.
	Listings     []Listing          // Where it is shown; none means the default channel alone.
	Translations map[string]Translation
	Options      []string // Names of what variants differ in, such as Size; empty for a product of one variant.
	Variants     []Variant
	Media        []Media // In order of showing; the first is the product's picture.
	CreatedAt    time.Time
	UpdatedAt    time.Time
	Due          time.Time // When the clock next changes where it is shown; zero for never. Kept by the Service.
}

// Variant is one sellable form of a product.
type Variant struct {
	ID       ref.VariantID
	SKU      ref.SKU  // Unique in the shop.
	Options  []string // One value for each of the product's options, in their order.
	Barcode  string
	Grams    int64         // Weight; 0 when unknown.
	Media    ref.MediaID   // Its own picture among the product's, or none.
	Retired  bool          // No longer sold; kept for the orders that name it.
	Channels []ref.Channel // Where it is sold; none means wherever its product is.
	Metadata Metadata
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

// SEO is what search engines show of a page; what is empty they take from the page itself.
type SEO struct {
	Title       string
	Description string
}

// Metadata holds facts of the adopter's own by name. It is small on purpose, see MetadataMax: what is large or is
// searched belongs into rows of the adopter's own.
type Metadata map[string]string
