package memory_test

import (
	"context"
	"slices"
	"testing"

	"github.com/ipswich-retail/commerce/adapters/memory"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/testing/clausetest"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
)

// crookedImports is a store that imports with a flaw; each field is one.
type crookedImports struct {
	ordering.Committer
	ordering.ImportCommitter
	batch func(ctx context.Context, to ordering.ImportCommitter, b ordering.ImportBatch) (ordering.ImportResult, error)
	sums  func(ordering.ImportSums) ordering.ImportSums
	rows  func([]ordering.ImportedRow) []ordering.ImportedRow
}

func (c crookedImports) CommitImport(ctx context.Context, b ordering.ImportBatch) (ordering.ImportResult, error) {
	if c.batch != nil {
		return c.batch(ctx, c.ImportCommitter, b)
	}
	return c.ImportCommitter.CommitImport(ctx, b)
}

func (c crookedImports) ImportSums(ctx context.Context, source string) (ordering.ImportSums, error) {
	out, err := c.ImportCommitter.ImportSums(ctx, source)
	if c.sums != nil {
		out = c.sums(out)
	}
	return out, err
}

func (c crookedImports) ImportRows(ctx context.Context, source string, after ordering.ImportKey, limit int) ([]ordering.ImportedRow, error) {
	out, err := c.ImportCommitter.ImportRows(ctx, source, after, limit)
	if c.rows != nil {
		out = c.rows(out)
	}
	return out, err
}

// importMutant is a store with a flaw in its imports.
func importMutant(name, kills string, flaw crookedImports, change func(*orderingtest.Harness)) clausetest.Mutant[orderingtest.Harness] {
	return clausetest.Mutant[orderingtest.Harness]{Name: name, Kills: []string{kills}, Open: func(orderingtest.TB) orderingtest.Harness {
		faults := orderingtest.NewFaults()
		store := memory.New(orderingtest.NewClock(orderingtest.Moment()), &memory.Options{Fault: faults.Hook})
		h := orderingHarness(store, faults)
		flaw.Committer = h.Committer
		flaw.ImportCommitter, _ = ports.As[ordering.ImportCommitter](h.Committer)
		h.Committer = flaw
		if change != nil {
			change(&h)
		}
		return h
	}}
}

// only is a flaw in how batches are taken in.
func only(batch func(context.Context, ordering.ImportCommitter, ordering.ImportBatch) (ordering.ImportResult, error)) crookedImports {
	return crookedImports{batch: batch}
}

func TestImportCommitterMutants(t *testing.T) {
	t.Parallel()
	type to = ordering.ImportCommitter
	type batch = ordering.ImportBatch
	type result = ordering.ImportResult
	clausetest.TestMutants(t, orderingtest.ImportClauses(), []clausetest.Mutant[orderingtest.Harness]{
		importMutant("a fault leaves the first row behind", "import-whole", only(func(ctx context.Context, s to, b batch) (result, error) {
			out, err := s.CommitImport(ctx, b)
			if err != nil && fault.KindOf(err) == fault.Unavailable {
				b.Rows = b.Rows[:1]
				_, _ = s.CommitImport(ctx, b)
			}
			return out, err
		}), nil),
		importMutant("another currency is taken for this one", "import-decide", only(func(ctx context.Context, s to, b batch) (result, error) {
			out, err := s.CommitImport(ctx, b)
			if fault.Is(err, ordering.ImportCurrency) {
				err = nil
			}
			return out, err
		}), nil),
		importMutant("nobody is told what differs", "import-once", only(func(ctx context.Context, s to, b batch) (result, error) {
			out, err := s.CommitImport(ctx, b)
			out.Differing = 0
			return out, err
		}), nil),
		importMutant("what comes to an order later is lost", "import-order", only(func(ctx context.Context, s to, b batch) (result, error) {
			if len(b.Rows) == 1 && b.Rows[0].Ordinal > 1 {
				return result{}, nil
			}
			return s.CommitImport(ctx, b)
		}), nil),
		importMutant("a number that an order of the shop has is refused", "import-number", crookedImports{}, func(h *orderingtest.Harness) {
			flawed, _ := ports.As[crookedImports](h.Committer)
			orders := h.Orders
			flawed.batch = func(ctx context.Context, s to, b batch) (result, error) {
				for _, r := range b.Rows {
					found, err := orders.List(ctx, ordering.OrderQuery{Prefix: r.Invoice, Limit: 100})
					if err != nil || slices.ContainsFunc(found.Items, func(s ordering.Sale) bool { return !s.Order.Imported() && s.Order.Number == r.Invoice }) {
						return result{}, ordering.NumberTaken.New("another order has this number")
					}
				}
				return s.CommitImport(ctx, b)
			}
			h.Committer = flawed
		}),
		importMutant("a try is no try", "import-try", only(func(ctx context.Context, s to, b batch) (result, error) {
			b.Try = false
			return s.CommitImport(ctx, b)
		}), nil),
		importMutant("what is stored is added up unrounded", "import-sums", crookedImports{sums: func(s ordering.ImportSums) ordering.ImportSums {
			s.Stored = s.Sales.Sum.Clone()
			s.Stored.Add(s.Refunds.Sum)
			for _, p := range s.Adjusted {
				s.Stored.Add(p.Sum)
			}
			return s
		}}, nil),
		importMutant("rows of invoices beyond ASCII are not read", "import-rows", crookedImports{rows: func(rows []ordering.ImportedRow) []ordering.ImportedRow {
			return slices.DeleteFunc(rows, func(r ordering.ImportedRow) bool { return r.Invoice[0] > 127 })
		}}, nil),
		importMutant("nothing outlives the store", "import-durable", crookedImports{}, func(h *orderingtest.Harness) {
			h.Reopen = func(orderingtest.TB) orderingtest.Harness {
				faults := orderingtest.NewFaults()
				return orderingHarness(memory.New(orderingtest.NewClock(orderingtest.Moment()), &memory.Options{Fault: faults.Hook}), faults)
			}
		}),
		importMutant("a lost answer is said to be none", "import-lost", only(func(ctx context.Context, s to, b batch) (result, error) {
			out, err := s.CommitImport(ctx, b)
			if err != nil && fault.KindOf(err) == fault.Unknown {
				err = fault.Down.New("nothing was written").Because(err)
			}
			return out, err
		}), nil),
	})
}
