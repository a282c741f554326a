package bridge

import (
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// ImportSource is a file as its reader gives it, pass by pass, so that it is never in memory as a whole. Check reads it to
// its end, tells now and then how far it is, and fails with an error of kind Invalid for a file that is refused, whose
// detail rejections lists why and whose detail count says how many there are. Each gives what is in it, one thing after
// the other, the same each time, and ends with the first error of yield. Rows, Ignored and Notes tell of the file once
// Check has read it. An exchange.Source is one.
type ImportSource interface {
	Check(tell func(rows int, bytes int64)) error
	Each(yield func(ImportItem) error) error
	Rows() int
	Ignored() []string // Columns that were not read.
	Notes() []ImportNote
}

// ImportItem is one thing of a file, and how far the file was read with it. It is the same type as exchange.Item; keep
// both alike.
type ImportItem = struct {
	Line       int
	Rows       int
	Bytes      int64
	Product    *ImportProduct
	Location   *inventory.Site
	Brand      *ImportBrand
	Category   *ImportCategory
	Collection *ImportCollection
	Moved      *ImportMoved
}

// ImportProduct is one product as a source outside has it. A nil pointer, nil list, nil function and empty text mean that
// the source does not say: the import keeps what the shop has. It is an alias of a plain struct, so that it is the same
// type as exchange.Product and a reader's answer goes in as it is; keep both alike.
type ImportProduct = struct {
	Line        int           // Where it begins in its file, for messages; 0 when it came from no file.
	ID          ref.ProductID // Of a new product; none for any.
	Handle      string        // Its name in addresses; products are matched by it.
	Title       string
	Description *string
	Brand       *string
	Type        *string
	Tags        []string
	Status      catalog.Status // A new product without one is active.
	Options     []string
	SameOptions bool // The source does not say what variants differ in: they are matched by their SKUs.
	Variants    []ImportVariant
	Images      []ImportImage
	Shelves     [][]string                       // Its categories, each by the names from the root down. Those that are not there are made.
	Categories  []string                         // Its categories by their slugs; they are there.
	Unsorted    bool                             // Without categories in the source, type and tags name none.
	Also        func(*catalog.Product)           // Sets what else the source says.
	Place       func(field string) (int, string) // The line and column that a field of the catalogue's product was read from.
}

// ImportVariant is one sellable form of a product. It is the same type as exchange.Variant; keep both alike.
type ImportVariant = struct {
	Line      int
	ID        ref.VariantID // Of a variant of a new product; none for any.
	Options   []string
	SKU       ref.SKU
	Spare     ref.SKU                      // Set when SKU was generated: what to take when another product has SKU already.
	Price     money.UnitPrice              // Without a currency: the source does not say.
	CompareAt *money.UnitPrice             // Nil: the source does not say. Zero: there is none.
	Planned   []ImportPrice                // Beside Price; each takes the place of one with its window.
	Plans     []pricing.Plan               // What it cost and costs in channels and currencies, with its past; of the key all but the variant.
	Quantity  *int64                       // Nil: the source does not say. Negative: it has sold more than it had.
	Levels    map[inventory.Location]int64 // In the place of Quantity, where the source knows locations.
	Oversell  bool                         // The source sells on when none is left.
	Policy    *inventory.Policy            // How far, where the source knows; its SKU is left out.
	Barcode   *string
	Grams     *int64
	Picture   *int                   // Its own picture as an index of Images; -1 for none. Nil: the source does not say.
	Also      func(*catalog.Variant) // Sets what else the source says.
}

// ImportPrice is what a variant costs while a window is open. It is the same type as exchange.PlannedPrice; keep both
// alike.
type ImportPrice = struct {
	Window    pricing.Window
	Amount    money.UnitPrice
	CompareAt *money.UnitPrice
}

// ImportImage is a picture of a product. It is the same type as exchange.Image; keep both alike.
type ImportImage = struct {
	Line int
	URL  string // Its address; may be "" for an own one.
	Key  string // Of an own one, below /media/.
	Alt  string
}

// ImportNote tells that something was read in another way than it stands in the file. It is the same type as
// exchange.Note; keep both alike.
type ImportNote = struct {
	Line   int    `json:"line"`
	Column string `json:"column"`
	Text   string `json:"text"`
}

// ImportBrand is what a source says of a brand. It is the same type as exchange.BrandEdit; keep both alike.
type ImportBrand = struct {
	Slug string
	Also func(*catalog.Brand)
}

// ImportCategory is what a source says of a category. It is the same type as exchange.CategoryEdit; keep both alike.
type ImportCategory = struct {
	Slug   string
	Parent *string // The slug of the one above it, "" for none. Nil: the source does not say.
	Also   func(*catalog.Category)
}

// ImportCollection is what a source says of a collection. It is the same type as exchange.CollectionEdit; keep both alike.
type ImportCollection = struct {
	Slug     string
	Rule     *catalog.Rule // With slugs of brands and categories as values. Nil: by hand, or the source does not say.
	Products []string      // Of one by hand, by their slugs. Nil: the source does not say.
	Also     func(*catalog.Collection)
}

// ImportMoved is a slug that led to something, and the present slug of that. It is the same type as exchange.Moved; keep
// both alike.
type ImportMoved = struct {
	Kind catalog.SlugKind
	Slug string
	To   string
}

// products are a source that is in memory already, and was judged by whoever made it.
type productsInMemory []ImportProduct

func (productsInMemory) Check(func(int, int64)) error { return nil }
func (productsInMemory) Rows() int                    { return 0 }
func (productsInMemory) Ignored() []string            { return nil }
func (productsInMemory) Notes() []ImportNote          { return nil }

func (p productsInMemory) Each(yield func(ImportItem) error) error {
	for i := range p {
		if err := yield(ImportItem{Line: p[i].Line, Rows: i + 1, Product: &p[i]}); err != nil {
			return err
		}
	}
	return nil
}
