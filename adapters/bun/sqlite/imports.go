package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

var _ ordering.ImportCommitter = Committer{}

const (
	importedColumns = `invoice, ordinal, kind, reason, code, title, quantity, unit_price, total, at, customer, country, order_id`
	sqlReadSource   = `SELECT currency FROM import_sources WHERE source = ?1`
	sqlStandingRows = `SELECT ` + importedColumns + ` FROM ` + sqlNamed + ` CROSS JOIN imported_rows r
		ON r.source = ?2 AND r.invoice = k.value ->> 0 AND r.ordinal = k.value ->> 1`
	sqlStandingOrders = `SELECT k.value, (SELECT order_id FROM imported_rows r WHERE r.source = ?2 AND r.invoice = k.value AND r.order_id IS NOT NULL
		ORDER BY r.ordinal LIMIT 1) FROM ` + sqlNamed
	sqlTakenNumbers     = `SELECT o.number FROM ` + sqlNamed + ` CROSS JOIN orders o ON o.number = k.value`
	sqlInsertSource     = `INSERT INTO import_sources (source, currency) VALUES (?1, ?2) ON CONFLICT DO NOTHING`
	sqlInsertImported   = `INSERT INTO imported_rows (source, ` + importedColumns + `) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)`
	sqlLengthenOrder    = `UPDATE orders SET version = ?2, subtotal = ?3, total = ?3, timeline = ?4, created_at = ?5, updated_at = ?6, customer = ?7, details = ?8 WHERE id = ?1`
	sqlLengthenPayment  = `UPDATE payments SET version = ?3, amount = ?4, entries = ?5 WHERE order_id = ?1 AND id = ?2`
	sqlImportedForSums  = `SELECT kind, reason, invoice, quantity, unit_price, total, customer FROM imported_rows WHERE source = ?1 ORDER BY invoice, ordinal`
	sqlImportedPage     = `SELECT ` + importedColumns + ` FROM imported_rows WHERE source = ?1 AND (invoice, ordinal) > (?2, ?3) ORDER BY invoice, ordinal LIMIT ?4`
	sqlTotalsOfImported = `SELECT count(*), coalesce(sum(total), 0) FROM orders WHERE id IN (SELECT order_id FROM imported_rows WHERE source = ?1 AND order_id IS NOT NULL)`
)

// CommitImport decides on the facts and writes. Nobody else writes meanwhile.
func (c Committer) CommitImport(ctx context.Context, b ordering.ImportBatch) (ordering.ImportResult, error) {
	if err := b.Validate(); err != nil {
		return ordering.ImportResult{}, err
	}
	var d ordering.ImportDecision
	err := c.s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if err := c.s.fault(ordering.BeforeFacts); err != nil {
			return err
		}
		facts, err := readImportFacts(ctx, tx, b)
		if err == nil {
			d, err = ordering.DecideImport(b, facts)
		}
		switch {
		case err != nil:
			return err
		case b.Try:
			return errNothing
		}
		return inTurn(
			func() error { return c.s.fault(ordering.BeforeWrite) },
			func() error { return writeImport(ctx, tx, b, d) },
			func() error { return c.s.fault(ordering.BeforeCommit) },
		)
	})
	switch {
	case errors.Is(err, errNothing):
		return d.ImportResult, nil
	case err != nil:
		return ordering.ImportResult{}, err
	}
	if err := c.s.fault(ordering.AfterCommit); err != nil {
		return ordering.ImportResult{}, fault.Lost.New("the answer of the database was lost").Because(err)
	}
	return d.ImportResult, nil
}

// readImportFacts reads what DecideImport needs to know.
func readImportFacts(ctx context.Context, tx *sql.Tx, b ordering.ImportBatch) (ordering.ImportFacts, error) {
	f := ordering.ImportFacts{Rows: map[ordering.ImportKey]ordering.ImportedRow{}, Orders: map[string]ordering.StandingImport{}, Numbers: map[string]bool{}}
	var err error
	if f.Currency, err = readSource(ctx, tx, b.Source); err != nil {
		return f, err
	}
	var keys [][2]any
	var invoices, numbers []string
	seen := map[string]bool{}
	for _, r := range b.Rows {
		keys = append(keys, [2]any{r.Invoice, r.Ordinal})
		if !seen[r.Invoice] {
			seen[r.Invoice] = true
			invoices = append(invoices, r.Invoice)
			possible := ordering.ImportNumbers(b.Source, r.Invoice)
			numbers = append(numbers, possible[:]...)
		}
	}
	stored, err := rowsOf(ctx, tx, importedIn(b.Currency), sqlStandingRows, jsonText(keys), b.Source)
	if err != nil {
		return f, err
	}
	for _, r := range stored {
		f.Rows[r.Key()] = r
	}
	var number string
	if err := eachRow(ctx, tx, sqlTakenNumbers, []any{jsonText(numbers)}, []any{&number}, func() { f.Numbers[number] = true }); err != nil {
		return f, err
	}
	if len(stored) == len(b.Rows) {
		return f, nil // Nothing comes to an order that stands.
	}
	return f, readStandingImports(ctx, tx, b.Source, invoices, f.Orders)
}

// readStandingImports reads the orders that invoices have.
func readStandingImports(ctx context.Context, tx *sql.Tx, source string, invoices []string, into map[string]ordering.StandingImport) error {
	var ids []ref.OrderID
	named := map[ref.OrderID]string{}
	var invoice string
	var id ref.OrderID
	err := eachRow(ctx, tx, sqlStandingOrders, []any{jsonText(invoices), source}, []any{&invoice, intoID(&id)}, func() {
		if !id.IsZero() {
			named[id] = invoice
			ids = append(ids, id)
		}
	})
	if err != nil {
		return err
	}
	orders, err := readOrders(ctx, tx, ids)
	for _, o := range orders {
		standing := ordering.StandingImport{Order: o.Order, Lines: len(o.Order.Lines), Payment: o.Payments[0]}
		standing.Order.Lines = nil
		into[named[o.Order.ID]] = standing
	}
	return err
}

// readSource reads the currency of a source; none for an unknown one.
func readSource(ctx context.Context, db asked, source string) (money.Currency, error) {
	found, err := rowsOf(ctx, db, func(row scanned) (c money.Currency, err error) {
		var code string
		if err := row.Scan(&code); err != nil {
			return c, err
		}
		return money.CurrencyOf(code)
	}, sqlReadSource, source)
	if err != nil || len(found) == 0 {
		return money.Currency{}, err
	}
	return found[0], nil
}

// importedIn reads rows of another system in a currency.
func importedIn(c money.Currency) func(scanned) (ordering.ImportedRow, error) {
	return func(row scanned) (r ordering.ImportedRow, err error) {
		var price, total int64
		err = row.Scan(&r.Invoice, &r.Ordinal, &r.Kind, &r.Reason, &r.Code, &r.Title, &r.Quantity, &price, &total, intoTime(&r.At), &r.Customer, &r.Country, intoID(&r.Order))
		r.UnitPrice, r.Total = money.NewUnitPrice(price, c), money.New(total, c)
		return r, err
	}
}

// writeImport writes what was decided.
func writeImport(ctx context.Context, tx *sql.Tx, b ordering.ImportBatch, d ordering.ImportDecision) error {
	var fresh, known []ordering.Order
	var paid, repaid []ordering.Payment
	var lines []placedLine
	for _, o := range d.Orders {
		for i, l := range o.Order.Lines {
			lines = append(lines, placedLine{order: o.Order.ID, position: o.Before + i, OrderLine: l})
		}
		if o.Expected == 0 {
			fresh, paid = append(fresh, o.Order), append(paid, o.Payment)
		} else {
			known, repaid = append(known, o.Order), append(repaid, o.Payment)
		}
	}
	return inTurn(
		func() error {
			_, err := tx.ExecContext(ctx, sqlInsertSource, b.Source, b.Currency.Code())
			return err
		},
		func() error {
			return each(ctx, tx, sqlInsertImported, d.Rows, func(r ordering.ImportedRow) []any {
				return []any{
					b.Source, r.Invoice, r.Ordinal, string(r.Kind), string(r.Reason), r.Code, r.Title, r.Quantity, r.UnitPrice.Micro(), r.Total.Minor(),
					microsOf(r.At), r.Customer, r.Country, idText(r.Order),
				}
			})
		},
		func() error { return each(ctx, tx, sqlInsertOrder, fresh, newOrderRow) },
		func() error {
			return each(ctx, tx, sqlLengthenOrder, known, func(o ordering.Order) []any {
				return []any{
					o.ID.String(), int64(o.Version), o.Totals.Total.Minor(), jsonText(o.Timeline), microsOf(o.CreatedAt), microsOf(o.UpdatedAt),
					idText(o.Customer), jsonText(remarks{Note: o.Note, Metadata: o.Metadata}),
				}
			})
		},
		func() error { return each(ctx, tx, sqlInsertLine, lines, newLineRow) },
		func() error { return each(ctx, tx, sqlInsertPayment, paid, newPaymentRow) },
		func() error {
			return each(ctx, tx, sqlLengthenPayment, repaid, func(p ordering.Payment) []any {
				return []any{p.Order.String(), p.ID.String(), int64(p.Version), p.Amount.Minor(), jsonText(p.Entries)}
			})
		},
	)
}

func newPaymentRow(p ordering.Payment) []any {
	return []any{p.Order.String(), p.ID.String(), int64(p.Version), p.Provider, p.Amount.Currency().Code(), p.Amount.Minor(), jsonText(p.Entries)}
}
