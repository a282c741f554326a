package memory

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// importedSource is what was imported from one source.
type importedSource struct {
	currency money.Currency
	rows     map[ordering.ImportKey]ordering.ImportedRow
	orders   map[string]ref.OrderID // By invoice.
}

var _ ordering.ImportCommitter = orderingCommitter{}

// CommitImport makes a batch true, wholly or not at all.
func (o orderingCommitter) CommitImport(ctx context.Context, b ordering.ImportBatch) (ordering.ImportResult, error) {
	s := o.store
	var out ordering.ImportResult
	err := s.update(ctx, func() (func(), error) {
		if err := s.reach(ordering.BeforeFacts); err != nil {
			return nil, err
		}
		d, err := ordering.DecideImport(b, s.ordering.importFacts(b))
		if err != nil {
			return nil, err
		}
		out = d.ImportResult
		if b.Try {
			return func() {}, nil
		}
		for _, p := range []ordering.Point{ordering.BeforeWrite, ordering.BeforeCommit} {
			if err := s.reach(p); err != nil {
				return nil, err
			}
		}
		return func() { s.ordering.writeImport(b, d) }, nil
	})
	if err != nil {
		return ordering.ImportResult{}, err
	}
	if err := s.pass(ordering.AfterCommit); err != nil {
		return ordering.ImportResult{}, lost(err)
	}
	return out, nil
}

// importFacts reads what DecideImport needs to know.
func (o *orderingState) importFacts(b ordering.ImportBatch) ordering.ImportFacts {
	f := ordering.ImportFacts{Rows: map[ordering.ImportKey]ordering.ImportedRow{}, Orders: map[string]ordering.StandingImport{}, Numbers: map[string]bool{}}
	source := o.imported[b.Source]
	if source != nil {
		f.Currency = source.currency
	}
	for _, r := range b.Rows {
		for _, number := range ordering.ImportNumbers(b.Source, r.Invoice) {
			if _, taken := o.numbers[number]; taken {
				f.Numbers[number] = true
			}
		}
		if source == nil {
			continue
		}
		if stored, known := source.rows[r.Key()]; known {
			f.Rows[r.Key()] = stored
		}
		if id, stands := source.orders[r.Invoice]; stands && f.Orders[r.Invoice].Lines == 0 {
			sale := o.sale(id)
			standing := ordering.StandingImport{Order: sale.Order, Lines: len(sale.Order.Lines), Payment: sale.Payments[0]}
			standing.Order.Lines = nil
			f.Orders[r.Invoice] = standing
		}
	}
	return f
}

// writeImport stores what was decided.
func (o *orderingState) writeImport(b ordering.ImportBatch, d ordering.ImportDecision) {
	if o.imported[b.Source] == nil {
		o.imported[b.Source] = &importedSource{
			currency: b.Currency, rows: map[ordering.ImportKey]ordering.ImportedRow{}, orders: map[string]ref.OrderID{},
		}
	}
	source := o.imported[b.Source]
	var c ordering.Commit
	for _, w := range d.Orders {
		order := w.Order
		order.Lines = slices.Concat(o.orders[order.ID].Lines, order.Lines)
		c.Orders = append(c.Orders, ordering.Write[ordering.Order]{State: order, Expected: w.Expected})
		c.Payments = append(c.Payments, ordering.Write[ordering.Payment]{State: w.Payment, Expected: w.Payment.Version - 1})
	}
	o.write(c)
	for _, r := range d.Rows {
		if !r.Order.IsZero() {
			source.orders[r.Invoice] = r.Order
		}
		r.Variant, r.Product, r.Buyer = ref.VariantID{}, ref.ProductID{}, ref.CustomerID{}
		source.rows[r.Key()] = r
	}
}

// ImportSums adds up what is kept of a source.
func (o orderingCommitter) ImportSums(ctx context.Context, name string) (ordering.ImportSums, error) {
	return view(ctx, o.store, func() (ordering.ImportSums, error) {
		state := &o.store.ordering
		out := ordering.ImportSums{
			Sales: newPart(), Refunds: newPart(), Adjusted: map[ordering.AdjustmentReason]ordering.ImportPart{}, Stored: &ordering.ExactSum{},
		}
		source := state.imported[name]
		if source == nil {
			return out, nil
		}
		out.Currency = source.currency
		credits, customers := map[string]bool{}, map[string]bool{}
		for _, r := range source.rows {
			if r.Customer != "" {
				customers[r.Customer] = true
			}
			switch r.Kind {
			case ordering.ImportedSale:
				count(&out.Sales, r)
				continue // Their orders say what was stored.
			case ordering.ImportedRefund:
				count(&out.Refunds, r)
				credits[r.Invoice] = true
			default:
				part, known := out.Adjusted[r.Reason]
				if !known {
					part = newPart()
				}
				count(&part, r)
				out.Adjusted[r.Reason] = part
			}
			out.Stored.AddMoney(r.Total)
		}
		for _, id := range source.orders {
			out.Stored.AddMoney(state.orders[id].Totals.Total)
		}
		out.Sales.Documents, out.Refunds.Documents, out.Customers = int64(len(source.orders)), int64(len(credits)), int64(len(customers))
		return out, nil
	})
}

func newPart() ordering.ImportPart { return ordering.ImportPart{Sum: &ordering.ExactSum{}} }

// count adds a row to a part.
func count(p *ordering.ImportPart, r ordering.ImportedRow) {
	p.Rows++
	p.Sum.AddLine(r.UnitPrice, r.Quantity)
}

// ImportRows gives rows of a source in the order of their keys. It looks at all of them, as a store in memory may.
func (o orderingCommitter) ImportRows(ctx context.Context, name string, after ordering.ImportKey, limit int) ([]ordering.ImportedRow, error) {
	return view(ctx, o.store, func() ([]ordering.ImportedRow, error) {
		var out []ordering.ImportedRow
		if source := o.store.ordering.imported[name]; source != nil {
			for key, r := range source.rows {
				if compareKeys(key, after) > 0 {
					out = append(out, r)
				}
			}
		}
		slices.SortFunc(out, func(a, b ordering.ImportedRow) int { return compareKeys(a.Key(), b.Key()) })
		return out[:min(len(out), max(limit, 0))], nil
	})
}

// compareKeys orders the keys of rows.
func compareKeys(a, b ordering.ImportKey) int {
	return cmp.Or(strings.Compare(a.Invoice, b.Invoice), cmp.Compare(a.Ordinal, b.Ordinal))
}
