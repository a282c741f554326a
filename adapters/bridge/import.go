package bridge

import (
	"context"
	"fmt"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// ImportProduct is one product as a source outside has it. A nil pointer, nil Tags and an empty Status mean that the
// source does not say: the import keeps what the shop has. It is an alias of a plain struct, so that it is the same
// type as exchange.Product and a reader's answer goes in as it is; keep both alike.
type ImportProduct = struct {
	Line        int    // Where it begins in its file, for messages; 0 when it came from no file.
	Handle      string // Its name in addresses; products are matched by it.
	Title       string
	Description *string
	Brand       *string
	Type        *string
	Tags        []string
	Status      catalog.Status // A new product without one is active.
	Options     []string
	Variants    []ImportVariant
	Images      []ImportImage
}

// ImportVariant is one sellable form of a product. It is the same type as exchange.Variant; keep both alike.
type ImportVariant = struct {
	Line      int
	Options   []string
	SKU       ref.SKU
	Spare     ref.SKU // Set when SKU was generated: what to take when another product has SKU already.
	Price     money.UnitPrice
	CompareAt *money.UnitPrice // Nil: the source does not say. Zero: there is none.
	Quantity  *int64           // Nil: the source does not say. Negative: it has sold more than it had.
	Oversell  bool             // The source sells on when none is left.
	Barcode   *string
	Grams     *int64
	Picture   *int // Its own picture as an index of Images; -1 for none. Nil: the source does not say.
}

// ImportImage is a picture of a product. It is the same type as exchange.Image; keep both alike.
type ImportImage = struct {
	Line int
	URL  string // Its address; "" for an own one.
	Key  string // Of an own one, below /media/.
	Alt  string
}

// The errors of an import that is refused before anything is written.
var (
	ImportRefused  = fault.Define(fault.Invalid, "import_refused", "The products cannot be imported as they are; each reason is listed and nothing was written.")
	ImportConflict = fault.Define(fault.Conflict, "import_conflict", "A product to import contradicts one that the shop has, or another to import.")
)

// Importer brings products in. Safe for concurrent use, though two imports of one product at once end in a conflict
// for one of them, which may simply be run again.
type Importer struct {
	catalog   *catalog.Service
	pricing   *pricing.Service
	inventory *inventory.Service
	ids       ports.IDs
}

// NewImporter needs all of its parts.
func NewImporter(c *catalog.Service, p *pricing.Service, i *inventory.Service, ids ports.IDs) *Importer {
	return &Importer{catalog: c, pricing: p, inventory: i, ids: ids}
}

// Import makes the shop have the products, with their prices in the scope's channel and currency. Twice is the same as
// once: what is so already is not written.
//
// A product is matched by its handle; its variants by their option values without case, else by a SKU that the source
// gave; its pictures by their address or key. What is matched keeps its id, and a variant whose SKU was generated
// keeps the SKU that it has. Its brand is the one of the name that the source gives, and its category the one that its
// type names, or without a type its first tag; both are made when there are none. What the source does not name is kept: a product, a variant and a picture are never
// removed, and the report tells of the variants and pictures that were kept.
//
// Stock is counted only where there is none yet. A level that is there belongs to the shop, which has sold since: when
// the source says another quantity the report tells so. A variant without a quantity gets no level, and is not in
// stock until somebody counts it; one below zero gets 0. A variant that the source sells on when none is left may be
// backordered without a limit, unless the shop has a policy of its own for it, which is kept.
//
// Everything is judged before the first write, so an import that is refused (ImportRefused, with a violation for each
// reason, its path products[i] and its handle and line as details) changed nothing. Then each product is
// written in turn: prices, stock, and last the product, so that nothing is listed without a price. An import that
// ends in between, with the error of a service, is finished by running it again; its report tells what was done.
func (m *Importer) Import(ctx context.Context, scope ref.Scope, products []ImportProduct) (ImportReport, error) {
	return m.ImportTelling(ctx, scope, products, func(ImportReport) {})
}

// ImportTelling is Import, and tells after each product what was done so far.
func (m *Importer) ImportTelling(ctx context.Context, scope ref.Scope, products []ImportProduct, tell func(ImportReport)) (ImportReport, error) {
	plans, err := m.plan(ctx, scope, products)
	if err != nil {
		return ImportReport{}, err
	}
	report, shelves := newReport(), &shelves{catalog: m.catalog}
	for _, p := range plans {
		if err := m.write(ctx, scope, p, shelves, report); err != nil {
			return report.done(), fmt.Errorf("importing product %q: %w", p.target.Slug, err)
		}
		tell(report.ImportReport)
	}
	return report.done(), nil
}

// Try judges the products as Import does and writes nothing. Its report tells which products are new and of which the
// product itself would change; prices and stock are not looked up.
func (m *Importer) Try(ctx context.Context, scope ref.Scope, products []ImportProduct) (ImportReport, error) {
	plans, err := m.plan(ctx, scope, products)
	if err != nil {
		return ImportReport{}, err
	}
	report := newReport()
	for _, p := range plans {
		switch {
		case p.stored == nil:
			report.Created++
		case !sameProduct(*p.stored, p.target):
			report.Updated++
		default:
			report.Unchanged++
		}
		report.count(p)
	}
	return report.done(), nil
}
