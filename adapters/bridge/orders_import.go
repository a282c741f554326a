package bridge

import (
	"context"
	"errors"
	"io"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/customers"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// OrderRow is a row of a file of order lines, as exchange.OrderRow; keep both alike.
type OrderRow = struct {
	Line   int
	Row    ordering.ImportedRow
	Valued bool
	Column string
	Code   string
	Reason string
}

// OrderFile is a file of order lines while it is read. Next gives io.EOF behind the last row, and an error of kind
// Invalid for a file that cannot be read on; SHA256 is that of all of it, once Next gave io.EOF.
type OrderFile interface {
	Next() (OrderRow, error)
	SHA256() string
	Close() error
}

// The errors of an import of orders.
var (
	OrdersRejected = fault.Define(fault.Invalid, "orders_rejected", "Rows of the file cannot be read and none were to be; each is listed and nothing was written.")
	FileChanged    = fault.Define(fault.Conflict, "file_changed", "The file changed while it was imported; import it again.")
)

// OrderImport says what is to become of a file of order lines.
type OrderImport struct {
	Source         string // The name of the system that the file comes from.
	Scope          ref.Scope
	CreateProducts bool // Make archived products of codes that no variant has.
	DryRun         bool // Only tell what would come of it.
	FailOnReject   bool // Write nothing when a row is rejected.
}

// OrderImporter brings in what another system sold. Safe for concurrent use.
type OrderImporter struct {
	orders    *ordering.Service
	catalog   *catalog.Service
	customers *customers.Service
	clock     ports.Clock
}

// NewOrderImporter needs all of its parts.
func NewOrderImporter(o *ordering.Service, c *catalog.Service, p *customers.Service, clock ports.Clock) *OrderImporter {
	return &OrderImporter{orders: o, catalog: c, customers: p, clock: clock}
}

// The bounds of a batch: it ends behind an invoice once it has enough rows, and in the midst of a long one.
const (
	batchEnough = 1000
	batchMost   = 2 * batchEnough
)

// Import reads the file twice. The first time it adds it up and finds what cannot be read, so that a broken file is
// refused before anything is written; the second time it writes, a batch of rows at a time, in bounded memory. What is
// there already is left as it is: an import that was cut off is gone on with by beginning it anew, and its report is then
// the same but for what it found and made. Tell is called after each batch.
//
// The report that comes with an error tells what was done. Errors: those of the file; OrdersRejected; FileChanged; those
// of ordering.Service.Import.
func (m *OrderImporter) Import(ctx context.Context, o OrderImport, open func() (OrderFile, error), tell func(OrderReport)) (OrderReport, error) {
	if rule := ordering.ImportSourceRule(o.Source); rule != "" {
		return OrderReport{}, fault.Collect([]*fault.Error{fault.Bad.New(rule).At("source")})
	}
	began := m.clock.Now()
	t := newTally(o.Source, o.Scope.Currency)
	done := func(err error) (OrderReport, error) {
		r := t.report()
		r.Seconds = m.clock.Now().Sub(began).Seconds()
		return r, err
	}
	lies := newSpread()
	sum, err := each(ctx, open, func(r OrderRow) error {
		t.add(r)
		if r.Code == "" {
			lies.add(r.Row.Invoice)
		}
		if t.rows%batchMost == 0 {
			tell(t.report())
		}
		return nil
	})
	if err != nil {
		return done(err)
	}
	t.sha256 = sum
	if o.FailOnReject && t.rejected.rows > 0 {
		return done(OrdersRejected.Newf("%d rows cannot be read; nothing was written", t.rejected.rows))
	}
	w := &orderWriter{importer: m, opts: o, tally: t, tell: tell, things: map[string]thing{}, buyers: map[string]ref.CustomerID{}}
	again, err := w.all(ctx, lies, open)
	if err == nil {
		err = w.flush(ctx)
	}
	if err == nil && again != sum {
		err = fileChanged()
	}
	return done(err)
}

// all gathers what the file holds, in its order or by invoices, and gives its digest.
func (w *orderWriter) all(ctx context.Context, lies *spread, open func() (OrderFile, error)) (string, error) {
	inOrder := func() (string, error) {
		return each(ctx, open, func(r OrderRow) error { return w.take(ctx, r) })
	}
	if !lies.wide() {
		return inOrder()
	}
	sorter, err := newOrderSorter(lies, w.opts.Scope.Currency)
	if err != nil {
		return inOrder() // Without a place for temporary files it takes longer.
	}
	defer sorter.close()
	sum, err := each(ctx, open, func(r OrderRow) error {
		if r.Code != "" {
			return w.take(ctx, r)
		}
		return sorter.put(r.Row)
	})
	if err == nil && sum != w.tally.sha256 {
		err = fileChanged()
	}
	if err != nil {
		return "", err
	}
	return sum, sorter.each(ctx, func(r ordering.ImportedRow) error { return w.take(ctx, OrderRow{Row: r}) })
}

// fileChanged is the error of a file that is another when it is read again.
func fileChanged() error {
	return FileChanged.New("the file changed while it was imported; import it again")
}

// each reads a file to its end and gives its digest.
func each(ctx context.Context, open func() (OrderFile, error), take func(OrderRow) error) (string, error) {
	file, err := open()
	if err != nil {
		return "", err
	}
	defer func() { _ = file.Close() }()
	for {
		row, err := file.Next()
		switch {
		case errors.Is(err, io.EOF):
			return file.SHA256(), nil
		case err == nil:
			err = ctx.Err()
		}
		if err == nil {
			err = take(row)
		}
		if err != nil {
			return "", err
		}
	}
}

// Report adds up what is kept of a source, by query. Errors: those of ordering.Service.Imported.
func (m *OrderImporter) Report(ctx context.Context, source string) (OrderReport, error) {
	sums, err := m.orders.Imported(ctx, source)
	if err != nil {
		return OrderReport{}, err
	}
	return reportOf(source, sums), nil
}
