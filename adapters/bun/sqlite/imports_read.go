package sqlite

import (
	"context"
	"database/sql"

	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
)

// ImportSums adds up what is kept of a source, in one snapshot. The exact sums are made here: SQLite adds integers of 64
// bits alone.
func (c Committer) ImportSums(ctx context.Context, source string) (ordering.ImportSums, error) {
	none := func() ordering.ImportPart { return ordering.ImportPart{Sum: &ordering.ExactSum{}} }
	out := ordering.ImportSums{Sales: none(), Refunds: none(), Adjusted: map[ordering.AdjustmentReason]ordering.ImportPart{}, Stored: &ordering.ExactSum{}}
	err := c.s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		var err error
		if out.Currency, err = readSource(ctx, tx, source); err != nil || out.Currency.IsZero() {
			return err
		}
		credits, customers := map[string]bool{}, map[string]bool{}
		var kind ordering.ImportedKind
		var reason ordering.AdjustmentReason
		var invoice, customer string
		var quantity, price, total int64
		add := func(p *ordering.ImportPart) {
			p.Rows++
			p.Sum.AddLine(money.NewUnitPrice(price, out.Currency), quantity)
		}
		err = eachRow(ctx, tx, sqlImportedForSums, []any{source}, []any{&kind, &reason, &invoice, &quantity, &price, &total, &customer}, func() {
			if customer != "" {
				customers[customer] = true
			}
			switch kind {
			case ordering.ImportedSale:
				add(&out.Sales)
				return // Their orders say what was stored.
			case ordering.ImportedRefund:
				add(&out.Refunds)
				credits[invoice] = true
			default:
				part, known := out.Adjusted[reason]
				if !known {
					part = none()
				}
				add(&part)
				out.Adjusted[reason] = part
			}
			out.Stored.AddMoney(money.New(total, out.Currency))
		})
		if err != nil {
			return err
		}
		out.Refunds.Documents, out.Customers = int64(len(credits)), int64(len(customers))
		if err := tx.QueryRowContext(ctx, sqlTotalsOfImported, source).Scan(&out.Sales.Documents, &total); err != nil {
			return err
		}
		out.Stored.AddMoney(money.New(total, out.Currency))
		return nil
	})
	if err != nil {
		return ordering.ImportSums{}, err
	}
	return out, nil
}

// ImportRows reads rows of a source by their key.
func (c Committer) ImportRows(ctx context.Context, source string, after ordering.ImportKey, limit int) (out []ordering.ImportedRow, err error) {
	err = c.s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		currency, err := readSource(ctx, tx, source)
		if err != nil || currency.IsZero() {
			return err
		}
		out, err = rowsOf(ctx, tx, importedIn(currency), sqlImportedPage, source, after.Invoice, after.Ordinal, max(limit, 0))
		return err
	})
	return out, err
}
