package bridge

import (
	"maps"
	"slices"

	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
)

// OrderReport tells what a file of order lines holds and what became of it, or what is kept of a source. Sums are exact
// decimals in Currency. Sum is that of sales, refunds, adjustments and rejected rows, and that of StoredSum, Rounding and
// the rejected rows; as long as an import is not done StoredSum and Rounding are of the rows that were stored.
type OrderReport struct {
	File             string           `json:"file"`
	SHA256           string           `json:"sha256"`
	Source           string           `json:"source"`
	Currency         string           `json:"currency"`
	Rows             int64            `json:"rows"`
	Sum              string           `json:"sum"`
	Sales            OrderSales       `json:"sales"`
	Refunds          OrderRefunds     `json:"refunds"`
	Adjustments      OrderAdjustments `json:"adjustments"`
	Rejected         OrderRejections  `json:"rejected"`
	Rounding         string           `json:"rounding"`
	StoredSum        string           `json:"stored_sum"`
	ProductsCreated  int64            `json:"products_created"`
	CustomersCreated int64            `json:"customers_created"`
	AlreadyPresent   int64            `json:"already_present"`
	Differing        int64            `json:"differing"` // Of those: rows that say something else than what is kept, which was left.
	Done             int64            `json:"done"`      // Rows that were dealt with, rejected ones too.
	Seconds          float64          `json:"seconds"`
}

// OrderSales are the rows that are sales.
type OrderSales struct {
	Rows   int64  `json:"rows"`
	Sum    string `json:"sum"`
	Orders int64  `json:"orders"`
}

// OrderRefunds are the rows that are refunds.
type OrderRefunds struct {
	Rows        int64  `json:"rows"`
	Sum         string `json:"sum"`
	CreditNotes int64  `json:"credit_notes"`
}

// OrderAdjustments are the rows that are neither.
type OrderAdjustments struct {
	Rows  int64                `json:"rows"`
	Sum   string               `json:"sum"`
	Kinds map[string]OrderPart `json:"kinds"` // By the reason for which they are.
}

// OrderPart is rows and their sum.
type OrderPart struct {
	Rows int64  `json:"rows"`
	Sum  string `json:"sum"`
}

// OrderRejections are the rows that cannot be read, of which the first are listed.
type OrderRejections struct {
	Rows  int64             `json:"rows"`
	Sum   string            `json:"sum"`
	Items []ImportRejection `json:"items"`
}

// part gathers rows of one kind.
type part struct {
	rows int64
	sum  ordering.ExactSum
}

func (p *part) add(r ordering.ImportedRow) {
	p.rows++
	p.sum.AddLine(r.UnitPrice, r.Quantity)
}

// tally gathers an OrderReport.
type tally struct {
	source, sha256 string
	currency       money.Currency
	rows, done     int64
	parts          map[ordering.ImportedKind]*part
	kinds          map[ordering.AdjustmentReason]*part
	documents      map[string]uint8 // By invoice: whether it has sales and refunds.
	counts         [2]int64         // Of the invoices that have them.
	rejected       part
	items          []ImportRejection
	kept           ordering.ExactSum // What the stored rows come to exactly…
	stored         ordering.ExactSum // …and as they are stored.
	present        ordering.ImportResult
	products       int64
	customers      int64
}

func newTally(source string, currency money.Currency) *tally {
	return &tally{
		source: source, currency: currency, documents: map[string]uint8{}, kinds: map[ordering.AdjustmentReason]*part{},
		parts: map[ordering.ImportedKind]*part{ordering.ImportedSale: {}, ordering.ImportedRefund: {}, ordering.ImportedAdjustment: {}},
	}
}

// add counts a row of the file.
func (t *tally) add(r OrderRow) {
	t.rows++
	if r.Code != "" {
		t.rejected.rows++
		if r.Valued {
			t.rejected.sum.AddLine(r.Row.UnitPrice, r.Row.Quantity)
		}
		if len(t.items) < rejectionsMost {
			t.items = append(t.items, ImportRejection{Line: r.Line, Column: r.Column, Code: r.Code, Reason: r.Reason})
		}
		return
	}
	t.parts[r.Row.Kind].add(r.Row)
	switch r.Row.Kind {
	case ordering.ImportedSale:
		t.document(r.Row.Invoice, 0)
	case ordering.ImportedRefund:
		t.document(r.Row.Invoice, 1)
	case ordering.ImportedAdjustment:
		if t.kinds[r.Row.Reason] == nil {
			t.kinds[r.Row.Reason] = &part{}
		}
		t.kinds[r.Row.Reason].add(r.Row)
	}
}

// document counts an invoice of a kind once.
func (t *tally) document(invoice string, kind int) {
	if bit := uint8(1) << kind; t.documents[invoice]&bit == 0 {
		t.documents[invoice] |= bit
		t.counts[kind]++
	}
}

// keep counts rows that are stored.
func (t *tally) keep(rows []ordering.ImportedRow, r ordering.ImportResult) {
	for _, row := range rows {
		t.kept.AddLine(row.UnitPrice, row.Quantity)
		if total, err := row.UnitPrice.Mul(row.Quantity, ordering.LineRounding); err == nil { // Else it was refused.
			t.stored.AddMoney(total)
		}
	}
	t.present.Present += r.Present
	t.present.Differing += r.Differing
}

// report gives what is known by now.
func (t *tally) report() OrderReport {
	sales, refunds, adjusted := t.parts[ordering.ImportedSale], t.parts[ordering.ImportedRefund], t.parts[ordering.ImportedAdjustment]
	out := OrderReport{
		SHA256: t.sha256, Source: t.source, Currency: t.currency.Code(), Rows: t.rows, Done: t.done,
		Sales:       OrderSales{sales.rows, sales.sum.Decimal(t.currency), t.counts[0]},
		Refunds:     OrderRefunds{refunds.rows, refunds.sum.Decimal(t.currency), t.counts[1]},
		Adjustments: OrderAdjustments{adjusted.rows, adjusted.sum.Decimal(t.currency), map[string]OrderPart{}},
		Rejected:    OrderRejections{t.rejected.rows, t.rejected.sum.Decimal(t.currency), list(slices.Clone(t.items))},
		StoredSum:   t.stored.Decimal(t.currency), ProductsCreated: t.products, CustomersCreated: t.customers,
		AlreadyPresent: int64(t.present.Present), Differing: int64(t.present.Differing),
	}
	for reason, p := range t.kinds {
		out.Adjustments.Kinds[string(reason)] = OrderPart{p.rows, p.sum.Decimal(t.currency)}
	}
	out.Sum = sumOf(&sales.sum, &refunds.sum, &adjusted.sum, &t.rejected.sum).Decimal(t.currency)
	rounding := t.kept.Clone()
	rounding.Sub(&t.stored)
	out.Rounding = rounding.Decimal(t.currency)
	return out
}

// reportOf is the report of what is kept.
func reportOf(source string, s ordering.ImportSums) OrderReport {
	var adjusted part
	kinds := map[string]OrderPart{}
	for _, reason := range slices.Sorted(maps.Keys(s.Adjusted)) {
		p := s.Adjusted[reason]
		adjusted.rows += p.Rows
		adjusted.sum.Add(p.Sum)
		kinds[string(reason)] = OrderPart{p.Rows, p.Sum.Decimal(s.Currency)}
	}
	sum := sumOf(s.Sales.Sum, s.Refunds.Sum, &adjusted.sum)
	rounding := sum.Clone()
	rounding.Sub(s.Stored)
	rows := s.Sales.Rows + s.Refunds.Rows + adjusted.rows
	return OrderReport{
		Source: source, Currency: s.Currency.Code(), Rows: rows, Sum: sum.Decimal(s.Currency), Done: rows, AlreadyPresent: rows,
		Sales:       OrderSales{s.Sales.Rows, s.Sales.Sum.Decimal(s.Currency), s.Sales.Documents},
		Refunds:     OrderRefunds{s.Refunds.Rows, s.Refunds.Sum.Decimal(s.Currency), s.Refunds.Documents},
		Adjustments: OrderAdjustments{adjusted.rows, adjusted.sum.Decimal(s.Currency), kinds},
		Rejected:    OrderRejections{0, (&ordering.ExactSum{}).Decimal(s.Currency), []ImportRejection{}},
		Rounding:    rounding.Decimal(s.Currency), StoredSum: s.Stored.Decimal(s.Currency),
	}
}

// sumOf adds sums up.
func sumOf(sums ...*ordering.ExactSum) *ordering.ExactSum {
	out := &ordering.ExactSum{}
	for _, s := range sums {
		out.Add(s)
	}
	return out
}
