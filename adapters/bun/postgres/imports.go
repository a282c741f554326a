package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

var _ ordering.ImportCommitter = Committer{}

const (
	sqlMakeSource = `INSERT INTO commerce.import_sources (shop, source, currency) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`
	// One batch of a source at a time: what no lock could hold, a row that is not there yet, is not made meanwhile.
	sqlLockSource   = `SELECT currency FROM commerce.import_sources WHERE shop = $1 AND source = $2 FOR UPDATE`
	sqlReadSource   = `SELECT currency FROM commerce.import_sources WHERE shop = $1 AND source = $2`
	importedColumns = `invoice, ordinal, kind, reason, code, title, quantity, unit_price, total, at, customer, country, order_id`
	sqlStandingRows = `SELECT r.* FROM unnest($3::text[], $4::integer[]) AS k(invoice, ordinal)
		CROSS JOIN LATERAL (SELECT ` + importedColumns + ` FROM commerce.imported_rows
			WHERE shop = $1 AND source = $2 AND invoice = k.invoice AND ordinal = k.ordinal OFFSET 0) r`
	sqlStandingOrders = `SELECT k.invoice, r.order_id FROM unnest($3::text[]) AS k(invoice)
		CROSS JOIN LATERAL (SELECT order_id FROM commerce.imported_rows
			WHERE shop = $1 AND source = $2 AND invoice = k.invoice AND order_id IS NOT NULL ORDER BY ordinal LIMIT 1) r`
	sqlTakenNumbers = `SELECT o.number FROM unnest($2::text[]) AS k(number)
		CROSS JOIN LATERAL (SELECT number FROM commerce.orders WHERE shop = $1 AND number = k.number OFFSET 0) o`
	sqlLockImported = `SELECT id, (SELECT count(*) FROM commerce.order_lines l WHERE l.shop = t.shop AND l.order_id = t.id), ` + orderColumnNames +
		` FROM commerce.orders t WHERE shop = $1 AND id = ANY ($2) ORDER BY id FOR UPDATE`
	sqlPaymentsOfImported = `SELECT order_id, ` + paymentColumnNames + ` FROM commerce.payments WHERE shop = $1 AND order_id = ANY ($2) AND provider = 'external'`
)

// CommitImport decides on locked facts and writes sets. It takes a connection of the general pool: a long import must
// not be in the way of those who buy.
func (c Committer) CommitImport(ctx context.Context, b ordering.ImportBatch) (ordering.ImportResult, error) {
	if err := b.Validate(); err != nil {
		return ordering.ImportResult{}, err
	}
	var d ordering.ImportDecision
	err := c.s.attempts(func(committing *bool) error {
		tx, err := c.s.pool.Begin(ctx)
		if err != nil {
			return err
		}
		defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }() // After Commit it does nothing.
		if d, err = c.s.importing(ctx, tx, b); err != nil || b.Try {
			return err
		}
		*committing = true
		return tx.Commit(ctx)
	})
	if err != nil {
		return ordering.ImportResult{}, err
	}
	if !b.Try {
		if err := c.s.fault(ordering.AfterCommit); err != nil {
			return ordering.ImportResult{}, fault.Lost.New("the answer of the database was lost").Because(err)
		}
	}
	return d.ImportResult, nil
}

// importing decides on a batch and writes it, without the end.
func (s *Store) importing(ctx context.Context, tx pgx.Tx, b ordering.ImportBatch) (ordering.ImportDecision, error) {
	var d ordering.ImportDecision
	if err := s.fault(ordering.BeforeFacts); err != nil {
		return d, err
	}
	facts, err := s.importFacts(ctx, tx, b)
	if err == nil {
		d, err = ordering.DecideImport(b, facts)
	}
	if err != nil || b.Try {
		return d, err
	}
	if err := s.fault(ordering.BeforeWrite); err != nil {
		return d, err
	}
	out := &pgx.Batch{}
	queueImport(out, s.cfg.Shop, b.Source, d)
	if err := tx.SendBatch(ctx, out).Close(); err != nil {
		return d, err
	}
	return d, s.fault(ordering.BeforeCommit)
}

// importFacts locks the source and reads what DecideImport needs to know, in two round trips.
func (s *Store) importFacts(ctx context.Context, tx pgx.Tx, b ordering.ImportBatch) (ordering.ImportFacts, error) {
	f := ordering.ImportFacts{Rows: map[ordering.ImportKey]ordering.ImportedRow{}, Orders: map[string]ordering.StandingImport{}, Numbers: map[string]bool{}}
	invoices, ordinals := make([]string, len(b.Rows)), make([]int32, len(b.Rows))
	var distinct, numbers []string
	seen := map[string]bool{}
	for i, r := range b.Rows {
		invoices[i], ordinals[i] = r.Invoice, int32(r.Ordinal)
		if !seen[r.Invoice] {
			seen[r.Invoice] = true
			distinct = append(distinct, r.Invoice)
			possible := ordering.ImportNumbers(b.Source, r.Invoice)
			numbers = append(numbers, possible[:]...)
		}
	}
	standing := map[ref.OrderID]string{}
	var ids [][16]byte
	batch := &pgx.Batch{}
	lock := sqlReadSource
	if !b.Try {
		batch.Queue(sqlMakeSource, s.cfg.Shop, b.Source, b.Currency.Code())
		lock = sqlLockSource
	}
	batch.Queue(lock, s.cfg.Shop, b.Source).Query(func(rows pgx.Rows) error {
		var err error
		f.Currency, err = scanCurrency(rows)
		return err
	})
	batch.Queue(sqlStandingRows, s.cfg.Shop, b.Source, invoices, ordinals).Query(func(rows pgx.Rows) error {
		for rows.Next() {
			r, err := scanImported(rows, b.Currency)
			if err != nil {
				return err
			}
			f.Rows[r.Key()] = r
		}
		return rows.Err()
	})
	batch.Queue(sqlStandingOrders, s.cfg.Shop, b.Source, distinct).Query(func(rows pgx.Rows) error {
		var invoice string
		var id [16]byte
		_, err := pgx.ForEachRow(rows, []any{&invoice, &id}, func() error {
			standing[ref.NewID[ref.OrderKind](id)] = invoice
			ids = append(ids, id)
			return nil
		})
		return err
	})
	batch.Queue(sqlTakenNumbers, s.cfg.Shop, numbers).Query(func(rows pgx.Rows) error {
		var number string
		_, err := pgx.ForEachRow(rows, []any{&number}, func() error {
			f.Numbers[number] = true
			return nil
		})
		return err
	})
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return f, err
	}
	if len(f.Rows) == len(b.Rows) || len(ids) == 0 {
		return f, nil // Nothing comes to an order that stands.
	}
	return f, s.standingImports(ctx, tx, ids, standing, f.Orders)
}

// standingImports locks and reads orders that an import goes on with, without their lines.
func (s *Store) standingImports(ctx context.Context, tx pgx.Tx, ids [][16]byte, invoices map[ref.OrderID]string, into map[string]ordering.StandingImport) error {
	batch := &pgx.Batch{}
	batch.Queue(sqlLockImported, s.cfg.Shop, ids).Query(func(rows pgx.Rows) error {
		for rows.Next() {
			var o ordering.StandingImport
			w := &withHead{row: rows}
			if err := scanOrder(w, &o.Order); err != nil {
				return err
			}
			o.Order.ID, o.Lines = ref.NewID[ref.OrderKind](w.id), w.lines
			into[invoices[o.Order.ID]] = o
		}
		return rows.Err()
	})
	batch.Queue(sqlPaymentsOfImported, s.cfg.Shop, ids).Query(func(rows pgx.Rows) error {
		for rows.Next() {
			w := &withHead{row: rows, bare: true}
			p, err := scanPayment(w, ref.OrderID{})
			if err != nil {
				return err
			}
			p.Order = ref.NewID[ref.OrderKind](w.id)
			o := into[invoices[p.Order]]
			o.Payment = p
			into[invoices[p.Order]] = o
		}
		return rows.Err()
	})
	return tx.SendBatch(ctx, batch).Close()
}

// withHead reads the id of an order, and unless it is bare how many lines it has, before other columns.
type withHead struct {
	row   pgx.Row
	id    [16]byte
	lines int
	bare  bool
}

// Scan is pgx.Row's.
func (w *withHead) Scan(dest ...any) error {
	head := []any{&w.id, &w.lines}
	if w.bare {
		head = head[:1]
	}
	return w.row.Scan(append(head, dest...)...)
}

// scanCurrency reads the currency of a source; none where there is no row.
func scanCurrency(rows pgx.Rows) (out money.Currency, err error) {
	var code string
	_, err = pgx.ForEachRow(rows, []any{&code}, func() error {
		if out, err = money.CurrencyOf(code); err != nil {
			return corrupt(err)
		}
		return nil
	})
	return out, err
}

// scanImported reads a row of another system.
func scanImported(row pgx.Row, c money.Currency) (ordering.ImportedRow, error) {
	var r ordering.ImportedRow
	var price, total int64
	var order pgtype.UUID
	err := row.Scan(&r.Invoice, &r.Ordinal, &r.Kind, &r.Reason, &r.Code, &r.Title, &r.Quantity, &price, &total, &r.At, &r.Customer, &r.Country, &order)
	r.UnitPrice, r.Total, r.At = money.NewUnitPrice(price, c), money.New(total, c), ref.Instant(r.At)
	if order.Valid {
		r.Order = ref.NewID[ref.OrderKind](order.Bytes)
	}
	return r, err
}
