package bridge

import (
	"context"
	"fmt"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

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

// ImportRun says how to import a file.
type ImportRun struct {
	DryRun bool                 // Whether only to judge it and to show what would change.
	Tell   func(ImportProgress) // Told now and then how far it is; nil for nobody.
	Show   func(ImportChange)   // Shown everything in a dry run, in the order of the file; nil for nobody.
}

// ImportProgress is how far an import is.
type ImportProgress struct {
	Phase  ImportPhase
	Rows   int   // Of the file, in this phase.
	Bytes  int64 // Of the file, in this phase.
	Total  int   // Products of the file; 0 until it was judged.
	Report ImportReport
}

// ImportPhase is what an import does. Each phase goes through the file once.
type ImportPhase string

// The phases, in their order.
const (
	ImportReads  ImportPhase = "reading"   // Judges the file by itself.
	ImportJudges ImportPhase = "judging"   // Judges it beside what the shop has.
	ImportWrites ImportPhase = "writing"   // Does it.
	ImportShows  ImportPhase = "comparing" // In a dry run, in the place of writing.
)

// Import makes the shop have the products, with their prices in the scope's channel and currency. Twice is the same as
// once: what is so already is not written.
//
// A product is matched by its handle; its variants by their option values without case, else by a SKU that the source
// gave; its pictures by their address or key. What is matched keeps its id, and a variant whose SKU was generated
// keeps the SKU that it has. Its brand is the one of the name that the source gives. Its categories are those that the
// source names, else the one that its type names, or without a type its first tag; what is not there is made. What the
// source does not name is kept: a product, a variant and a picture are never removed, and the report tells of the variants
// and pictures that were kept.
//
// Stock is counted only where there is none yet. A level that is there belongs to the shop, which has sold since: when
// the source says another quantity the report tells so. A variant without a quantity gets no level, and is not in
// stock until somebody counts it; one below zero gets 0. A variant that the source sells on when none is left may be
// backordered without a limit, unless the shop has a policy of its own for it, which is kept.
//
// Everything is judged before the first write, so an import that is refused (ImportRefused, with a violation for each
// reason, its path products[i] and its handle, line and column as details) changed nothing. Then products are written a
// few at a time: the products, their stock, and last their prices, for what has no price is not listed. An import that
// ends in between, with the error of a service, is finished by running it again; its report tells what was done.
func (m *Importer) Import(ctx context.Context, scope ref.Scope, products []ImportProduct) (ImportReport, error) {
	return m.ImportFile(ctx, scope, productsInMemory(products), ImportRun{})
}

// Try judges the products as Import does and writes nothing. Its report tells what would be done.
func (m *Importer) Try(ctx context.Context, scope ref.Scope, products []ImportProduct) (ImportReport, error) {
	return m.ImportFile(ctx, scope, productsInMemory(products), ImportRun{DryRun: true})
}

// ImportFile is Import for a file, which it goes through three times: the file is judged by itself, then beside what the
// shop has, and then written, or compared in a dry run. So it is never in memory as a whole, and still refused as a whole.
// Beside products it makes the shop have the locations, brands, categories and collections of the file.
func (m *Importer) ImportFile(ctx context.Context, scope ref.Scope, file ImportSource, run ImportRun) (ImportReport, error) {
	tell := func(p ImportProgress) {
		if run.Tell != nil {
			run.Tell(p)
		}
	}
	err := file.Check(func(rows int, bytes int64) { tell(ImportProgress{Phase: ImportReads, Rows: rows, Bytes: bytes}) })
	if err != nil {
		return newReport().done(), err
	}
	judge := m.walk(scope, ImportJudges, tell)
	if err := judge.all(ctx, file); err != nil {
		return newReport().done(), err
	}
	if err := judge.refusal(); err != nil {
		return newReport().done(), err
	}
	phase := ImportWrites
	if run.DryRun {
		phase = ImportShows
	}
	w := m.walk(scope, phase, tell)
	w.show, w.total = run.Show, judge.products
	err = w.all(ctx, file)
	return w.report.done(), err
}

// batches of products are planned and written together, to spare round trips; a product with more variants is a batch
// of its own.
const (
	batchProducts = 50
	batchVariants = 1000
)

// walk is one way through a file.
type walk struct {
	*Importer

	scope      ref.Scope
	phase      ImportPhase
	tell       func(ImportProgress)
	show       func(ImportChange)
	world      *world
	report     *report
	violations []*fault.Error // The first of them.
	count      int            // Of all violations.
	products   int            // Begun so far.
	total      int            // Once it is known.
	batch      []*plan
	variants   int // Of the batch.
	at         ImportItem
	forward    []catalog.NamedSlug // Former slugs to write.
}

func (m *Importer) walk(scope ref.Scope, phase ImportPhase, tell func(ImportProgress)) *walk {
	return &walk{
		Importer: m, scope: scope, phase: phase, tell: tell, report: newReport(),
		world: newWorld(m, phase == ImportWrites),
	}
}

// all goes through the file.
func (w *walk) all(ctx context.Context, file ImportSource) error {
	err := file.Each(func(i ImportItem) error {
		w.at = i
		if err := ctx.Err(); err != nil {
			return err
		}
		if i.Product == nil {
			if err := w.flush(ctx); err != nil {
				return err
			}
			return w.thing(ctx, i)
		}
		if len(w.batch) == batchProducts || w.variants+len(i.Product.Variants) > batchVariants {
			if err := w.flush(ctx); err != nil {
				return err
			}
		}
		w.batch = append(w.batch, &plan{index: w.products, source: *i.Product})
		w.products++
		w.variants += len(i.Product.Variants)
		return nil
	})
	if err == nil {
		err = w.flush(ctx)
	}
	if err == nil {
		err = w.forwarded(ctx)
	}
	return err
}

// flush does what the phase does with the products that were gathered.
func (w *walk) flush(ctx context.Context) error {
	if len(w.batch) == 0 {
		return nil
	}
	batch := w.batch
	w.batch, w.variants = nil, 0
	plans, err := w.plan(ctx, batch)
	if err != nil {
		return fmt.Errorf("importing products from %q on: %w", batch[0].source.Handle, err)
	}
	if w.phase == ImportJudges {
		w.progress()
		return nil
	}
	if w.count > 0 { // The shop changed since all was judged.
		return w.refusal()
	}
	if err := w.compare(ctx, plans); err != nil {
		return err
	}
	if w.phase == ImportWrites {
		err = w.write(ctx, plans)
	}
	if err != nil {
		return fmt.Errorf("importing products from %q on: %w", batch[0].source.Handle, err)
	}
	for _, p := range plans {
		w.report.count(p)
		if w.phase == ImportShows {
			w.shown(p.change())
		}
	}
	w.progress()
	return nil
}

// progress tells how far the walk is.
func (w *walk) progress() {
	w.tell(ImportProgress{Phase: w.phase, Rows: w.at.Rows, Bytes: w.at.Bytes, Total: w.total, Report: w.report.ImportReport})
}

// shown gives a change of a dry run to who looks at them, and lists it.
func (w *walk) shown(c ImportChange) {
	if w.show != nil {
		w.show(c)
	}
	w.report.list(c)
}

// refuse adds a violation.
func (w *walk) refuse(v *fault.Error) {
	w.count++
	if len(w.violations) < rejectionsMost {
		w.violations = append(w.violations, v)
	}
}

// refusal is the error of an import that may not be, or nil.
func (w *walk) refusal() error {
	if w.count == 0 {
		return nil
	}
	return ImportRefused.Newf("nothing was imported, for %d reasons; the first: %s", w.count, w.violations[0].Message()).
		Listing(w.violations...).With("count", w.count)
}
