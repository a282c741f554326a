package exchange

import (
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Product is one product of a file. A nil pointer, nil list, nil function and empty text mean that the file does not
// say: whoever imports it keeps what the shop has. It is an alias of a plain struct, so that it is the same type as
// bridge.ImportProduct; keep both alike.
type Product = struct {
	Line        int           // Of its first row, from 1; 0 when it came from no file.
	ID          ref.ProductID // Of a new product; none for any.
	Handle      string        // Its name in addresses, a valid slug of the catalogue, unique in the file.
	Title       string
	Description *string
	Brand       *string
	Type        *string // The file's type, else its first tag.
	Tags        []string
	Status      catalog.Status
	Options     []string // Names of what variants differ in; empty for a product of one variant.
	SameOptions bool     // The file does not say what variants differ in: they are known by their SKUs.
	Variants    []Variant
	Images      []Image                          // In order of showing, none twice.
	Shelves     [][]string                       // Its categories, each by the names from the root down. Those that are not there are made.
	Categories  []string                         // Its categories by their slugs; they are there.
	Unsorted    bool                             // Without categories in the file, type and tags name none.
	Also        func(*catalog.Product)           // Sets what else the file says.
	Place       func(field string) (int, string) // The line and column that a field of the catalogue's product was read from.
}

// Variant is one sellable form of a product. It is the same type as bridge.ImportVariant; keep both alike.
type Variant = struct {
	Line      int
	ID        ref.VariantID // Of a variant of a new product; none for any.
	Options   []string      // One value for each of the product's options.
	SKU       ref.SKU
	Spare     ref.SKU                      // Set when SKU was generated: what to take when another product has SKU already.
	Price     money.UnitPrice              // Without a currency: the file does not say.
	CompareAt *money.UnitPrice             // Nil: the file does not say. Zero: there is none.
	Planned   []PlannedPrice               // Beside Price; each takes the place of one with its window.
	Plans     []pricing.Plan               // What it cost and costs in channels and currencies, with its past; of the key all but the variant.
	Quantity  *int64                       // Nil: the file does not say. Negative: the shop has sold more than it had.
	Levels    map[inventory.Location]int64 // In the place of Quantity, where the file knows locations.
	Oversell  bool                         // The shop sells on when none is left.
	Policy    *inventory.Policy            // How far, where the file knows; its SKU is left out.
	Barcode   *string
	Grams     *int64
	Picture   *int                   // Its own picture as an index of Images; -1 for none. Nil: the file does not say.
	Also      func(*catalog.Variant) // Sets what else the file says.
}

// PlannedPrice is what a variant costs while a window is open. It is the same type as bridge.ImportPrice; keep both
// alike.
type PlannedPrice = struct {
	Window    pricing.Window
	Amount    money.UnitPrice
	CompareAt *money.UnitPrice
}

// Image is a picture of a product: one of another host, or one of the shop's own media. It is the same type as
// bridge.ImportImage; keep both alike.
type Image = struct {
	Line int
	URL  string // Its address; may be "" for an own one.
	Key  string // Of an own one, below /media/.
	Alt  string
}

// Note tells that something was read in another way than it stands in the file. It is the same type as
// bridge.ImportNote; keep both alike.
type Note = struct {
	Line   int    `json:"line"`
	Column string `json:"column"`
	Text   string `json:"text"`
}

// Item is one thing of a file, and how far the file was read with it. It is the same type as bridge.ImportItem; keep both
// alike.
type Item = struct {
	Line       int
	Rows       int   // Read so far.
	Bytes      int64 // Read so far.
	Product    *Product
	Location   *inventory.Site
	Brand      *BrandEdit
	Category   *CategoryEdit
	Collection *CollectionEdit
	Moved      *Moved
}

// BrandEdit is what a file says of a brand. It is the same type as bridge.ImportBrand; keep both alike.
type BrandEdit = struct {
	Slug string
	Also func(*catalog.Brand)
}

// CategoryEdit is what a file says of a category. It is the same type as bridge.ImportCategory; keep both alike.
type CategoryEdit = struct {
	Slug   string
	Parent *string // The slug of the one above it, "" for none. Nil: the file does not say.
	Also   func(*catalog.Category)
}

// CollectionEdit is what a file says of a collection. It is the same type as bridge.ImportCollection; keep both alike.
type CollectionEdit = struct {
	Slug     string
	Rule     *catalog.Rule // With slugs of brands and categories as values. Nil: by hand, or the file does not say.
	Products []string      // Of one by hand, by their slugs. Nil: the file does not say.
	Also     func(*catalog.Collection)
}

// File is what an accepted file holds, in memory as a whole.
type File struct {
	Products []Product
	Rows     int      // Rows with something in them, without the header.
	Ignored  []string // Columns that were not read, as the file names them.
	Notes    []Note   // What was read in another way than it stands, at most ListMax.
}

// Moved is a slug that led to something, and the present slug of that. It is the same type as bridge.ImportMoved; keep both
// alike.
type Moved = struct {
	Kind catalog.SlugKind
	Slug string
	To   string
}
