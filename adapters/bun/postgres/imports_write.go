package postgres

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
)

const (
	sqlInsertImported = `INSERT INTO commerce.imported_rows (shop, source, ` + importedColumns + `)
		SELECT $1, $2, * FROM unnest($3::text[], $4::integer[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bigint[], $10::bigint[],
			$11::bigint[], $12::timestamptz[], $13::text[], $14::text[], $15::uuid[])`
	sqlLengthenOrders = `UPDATE commerce.orders t SET version = o.version, subtotal = o.total, total = o.total, timeline = o.timeline::jsonb,
			created_at = o.created, updated_at = o.updated, customer = o.customer, details = o.details::jsonb
		FROM unnest($2::uuid[], $3::bigint[], $4::bigint[], $5::text[], $6::timestamptz[], $7::timestamptz[], $8::uuid[], $9::text[])
		AS o(id, version, total, timeline, created, updated, customer, details)
		WHERE t.shop = $1 AND t.id = o.id`
	sqlLengthenPayments = `UPDATE commerce.payments t SET version = p.version, amount = p.amount, entries = p.entries::jsonb
		FROM unnest($2::uuid[], $3::uuid[], $4::bigint[], $5::bigint[], $6::text[]) AS p(order_id, id, version, amount, entries)
		WHERE t.shop = $1 AND t.order_id = p.order_id AND t.id = p.id`
)

// queueImport writes what was decided as sets: any number of rows in six statements.
func queueImport(b *pgx.Batch, shop int32, source string, d ordering.ImportDecision) {
	queueImportedRows(b, shop, source, d.Rows)
	var fresh, known []ordering.Order
	var paid, repaid []ordering.Payment
	var lines []ordering.Order
	before := map[int]int{}
	for _, o := range d.Orders {
		before[len(lines)] = o.Before
		lines = append(lines, o.Order)
		if o.Expected == 0 {
			fresh, paid = append(fresh, o.Order), append(paid, o.Payment)
		} else {
			known, repaid = append(known, o.Order), append(repaid, o.Payment)
		}
	}
	if len(fresh) > 0 {
		queueNewOrders(b, shop, fresh)
		queuePaymentSet(b, shop, paid, true)
	}
	if len(known) > 0 {
		c := orderColumnsOf(known)
		b.Queue(sqlLengthenOrders, shop, c.ids, c.versions, c.totals, c.timelines, c.created, c.updated, c.customers, c.details)
		p := paymentColumnsOf(repaid)
		b.Queue(sqlLengthenPayments, shop, p.orders, p.ids, p.versions, p.amounts, p.entries)
	}
	if len(lines) > 0 {
		l := lineColumnsOf(lines)
		at := 0
		for i, o := range lines {
			for range o.Lines {
				l.positions[at] += int32(before[i])
				at++
			}
		}
		queueLines(b, shop, l)
	}
}

// queueImportedRows writes rows in the order of their keys, so that two imports wait for each other and do not lock.
func queueImportedRows(b *pgx.Batch, shop int32, source string, rows []ordering.ImportedRow) {
	if len(rows) == 0 {
		return
	}
	rows = slices.Clone(rows)
	slices.SortFunc(rows, func(a, b ordering.ImportedRow) int {
		return cmp.Or(strings.Compare(a.Invoice, b.Invoice), cmp.Compare(a.Ordinal, b.Ordinal))
	})
	n := len(rows)
	invoices, kinds, reasons, codes, titles := make([]string, n), make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	customers, countries := make([]string, n), make([]string, n)
	ordinals, at, orders := make([]int32, n), make([]time.Time, n), make([]pgtype.UUID, n)
	quantities, prices, totals := make([]int64, n), make([]int64, n), make([]int64, n)
	for i, r := range rows {
		invoices[i], ordinals[i], kinds[i], reasons[i], codes[i], titles[i] = r.Invoice, int32(r.Ordinal), string(r.Kind), string(r.Reason), r.Code, r.Title
		quantities[i], prices[i], totals[i], at[i] = r.Quantity, r.UnitPrice.Micro(), r.Total.Minor(), r.At
		customers[i], countries[i], orders[i] = r.Customer, r.Country, orNull(r.Order)
	}
	b.Queue(sqlInsertImported, shop, source, invoices, ordinals, kinds, reasons, codes, titles, quantities, prices, totals, at, customers, countries, orders)
}

const (
	sqlImportedParts = `SELECT kind, reason, count(*), sum(quantity::numeric * unit_price)::text, count(DISTINCT invoice),
			sum(CASE WHEN order_id IS NULL THEN total ELSE 0 END)::bigint
		FROM commerce.imported_rows WHERE shop = $1 AND source = $2 GROUP BY kind, reason`
	sqlImportedOrders = `SELECT count(*), coalesce(sum(o.total), 0)::bigint FROM commerce.orders o WHERE o.shop = $1
		AND o.id IN (SELECT order_id FROM commerce.imported_rows WHERE shop = $1 AND source = $2 AND order_id IS NOT NULL)`
	sqlImportedCustomers = `SELECT count(DISTINCT customer) FROM commerce.imported_rows WHERE shop = $1 AND source = $2 AND customer <> ''`
	sqlImportedPage      = `SELECT ` + importedColumns + ` FROM commerce.imported_rows
		WHERE shop = $1 AND source = $2 AND (invoice, ordinal) > ($3::text COLLATE "C", $4::integer) ORDER BY invoice, ordinal LIMIT $5`
)

// ImportSums adds up what is kept of a source, in one snapshot.
func (c Committer) ImportSums(ctx context.Context, source string) (ordering.ImportSums, error) {
	none := func() ordering.ImportPart { return ordering.ImportPart{Sum: &ordering.ExactSum{}} }
	out := ordering.ImportSums{Sales: none(), Refunds: none(), Adjusted: map[ordering.AdjustmentReason]ordering.ImportPart{}, Stored: &ordering.ExactSum{}}
	shop := c.s.cfg.Shop
	var stored, orders int64
	err := c.s.snapshot(ctx, func(tx pgx.Tx) error {
		b := &pgx.Batch{}
		b.Queue(sqlReadSource, shop, source).Query(func(rows pgx.Rows) error {
			var err error
			out.Currency, err = scanCurrency(rows)
			return err
		})
		b.Queue(sqlImportedParts, shop, source).Query(func(rows pgx.Rows) error {
			var kind ordering.ImportedKind
			var reason ordering.AdjustmentReason
			var n, documents, total int64
			var micro string
			_, err := pgx.ForEachRow(rows, []any{&kind, &reason, &n, &micro, &documents, &total}, func() error {
				sum, err := ordering.ExactSumOf(micro)
				if err != nil {
					return corrupt(err)
				}
				stored += total
				switch part := (ordering.ImportPart{Rows: n, Documents: documents, Sum: sum}); kind {
				case ordering.ImportedSale:
					out.Sales = part
				case ordering.ImportedRefund:
					out.Refunds = part
				default:
					part.Documents = 0
					out.Adjusted[reason] = part
				}
				return nil
			})
			return err
		})
		b.Queue(sqlImportedOrders, shop, source).QueryRow(func(row pgx.Row) error {
			var total int64
			err := row.Scan(&orders, &total)
			stored += total
			return err
		})
		b.Queue(sqlImportedCustomers, shop, source).QueryRow(func(row pgx.Row) error { return row.Scan(&out.Customers) })
		return tx.SendBatch(ctx, b).Close()
	})
	if err != nil {
		return ordering.ImportSums{}, readError(err)
	}
	if !out.Currency.IsZero() {
		out.Sales.Documents = orders
		out.Stored.AddMoney(money.New(stored, out.Currency))
	}
	return out, nil
}

// ImportRows reads rows of a source by their key.
func (c Committer) ImportRows(ctx context.Context, source string, after ordering.ImportKey, limit int) ([]ordering.ImportedRow, error) {
	var out []ordering.ImportedRow
	err := c.s.snapshot(ctx, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, sqlReadSource, c.s.cfg.Shop, source)
		if err != nil {
			return err
		}
		currency, err := scanCurrency(rows)
		if err != nil || currency.IsZero() {
			return err
		}
		if rows, err = tx.Query(ctx, sqlImportedPage, c.s.cfg.Shop, source, after.Invoice, after.Ordinal, max(limit, 0)); err != nil {
			return err
		}
		out, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (ordering.ImportedRow, error) { return scanImported(row, currency) })
		return err
	})
	return out, readError(err)
}
