package exchange

import (
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Product is one product of a file. A nil pointer, nil Tags and an empty Status mean that the file has no such column:
// whoever imports it keeps what the shop has. It is an alias of a plain struct, so that it is the same type as
// bridge.ImportProduct; keep both alike.
type Product = struct {
	Line        int    // Of its first row, from 1; 0 when it came from no file.
	Handle      string // Its name in addresses, a valid slug of the catalogue, unique in the file.
	Title       string
	Description *string
	Brand       *string
	Type        *string // The file's type, else its first tag.
	Tags        []string
	Status      catalog.Status
	Options     []string // Names of what variants differ in; empty for a product of one variant.
	Variants    []Variant
	Images      []Image // In order of showing, none twice.
}

// Variant is one sellable form of a product. It is the same type as bridge.ImportVariant; keep both alike.
type Variant = struct {
	Line      int
	Options   []string // One value for each of the product's options.
	SKU       ref.SKU
	Spare     ref.SKU // Set when SKU was generated: what to take when another product has SKU already.
	Price     money.UnitPrice
	CompareAt *money.UnitPrice // Nil: the file does not say. Zero: there is none.
	Quantity  *int64           // Nil: the file does not say. Negative: the shop has sold more than it had.
	Oversell  bool             // The shop sells on when none is left.
	Barcode   *string
	Grams     *int64
	Picture   *int // Its own picture as an index of Images; -1 for none. Nil: the file does not say.
}

// Image is a picture of a product: one of another host, or one of the shop's own media. It is the same type as
// bridge.ImportImage; keep both alike.
type Image = struct {
	Line int
	URL  string // Its address; "" for an own one.
	Key  string // Of an own one, below /media/.
	Alt  string
}

// File is what an accepted file holds.
type File struct {
	Products []Product
	Rows     int      // Rows with something in them, without the header.
	Ignored  []string // Columns that were not read, as the file names them.
	Notes    []Note   // What was read in another way than it stands, at most ListMax.
}

// Note tells that something was read in another way than it stands in the file.
type Note struct {
	Line   int    `json:"line"`
	Column string `json:"column"`
	Text   string `json:"text"`
}
