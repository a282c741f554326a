package orderingtest

import (
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// TestImportCommitter proves the capability ordering.ImportCommitter of a Committer; see TestCommitter.
func TestImportCommitter(t *testing.T, open func(t *testing.T) Harness, f Features) {
	t.Helper()
	run(t, ImportClauses(), with(open, f))
}

// ImportClauses are the clauses of ordering.ImportCommitter.
func ImportClauses() []Clause[Harness] {
	const whole, decide, once, order, number = "import-whole", "import-decide", "import-once", "import-order", "import-number"
	const try, sums, rows, durable, lost = "import-try", "import-sums", "import-rows", "import-durable", "import-lost"
	return []Clause[Harness]{
		{ID: whole, Case: "a fault leaves nothing behind", Run: importFaults},
		{ID: decide, Case: "orders, lines and payments", Run: importedOrders},
		{ID: decide, Case: "what is refused", Run: importRefusals},
		{ID: once, Case: "again", Run: importedAgain},
		{ID: once, Case: "the same by many at once", Run: importedByMany},
		{ID: order, Case: "over several batches", Run: importedInPieces},
		{ID: number, Case: "that others have", Run: importedNumbers},
		{ID: try, Case: "nothing is written", Run: importTried},
		{ID: sums, Case: "of each kind and source", Run: importSums},
		{ID: rows, Case: "page by page", Run: importedRows},
		{ID: durable, Case: "all parts", Run: importsLast},
		{ID: lost, Case: "the answer", Run: importLost},
	}
}

// imports finds the capability.
func (w *world) imports() ordering.ImportCommitter {
	w.Helper()
	c, ok := ports.As[ordering.ImportCommitter](w.h.Committer)
	if !ok {
		w.Fatalf("the committer is no ordering.ImportCommitter")
	}
	return c
}

// row is a row of a ledger, as the service hands it over.
func (w *world) row(invoice string, ordinal int, kind ordering.ImportedKind, code string, quantity, micro int64) ordering.ImportedRow {
	w.Helper()
	r := ordering.ImportedRow{
		Invoice: invoice, Ordinal: ordinal, Kind: kind, Code: code, Title: "the " + code, Quantity: quantity, UnitPrice: money.NewUnitPrice(micro, money.GBP),
		At: w.at.Add(-time.Hour), Customer: "17850", Country: "United Kingdom", Buyer: ref.NewID[ref.CustomerKind]([16]byte{5, 15: 1}),
		Variant: ref.NewID[ref.VariantKind]([16]byte{6, 15: 2}), Product: ref.NewID[ref.ProductKind]([16]byte{7, 15: 3}),
	}
	if kind == ordering.ImportedAdjustment {
		r.Reason = ordering.AdjustsNoProduct
	}
	total, err := r.UnitPrice.Mul(quantity, ordering.LineRounding)
	if err != nil {
		w.Fatalf("a row: %v", err)
	}
	r.Total = total
	return r
}

// batch is rows of a source.
func (w *world) batch(source string, rows ...ordering.ImportedRow) ordering.ImportBatch {
	return ordering.ImportBatch{Source: source, Channel: ref.DefaultChannel, Currency: money.GBP, At: w.at, Rows: rows}
}

// ledger is some of everything.
func (w *world) ledger(source string) ordering.ImportBatch {
	w.Helper()
	return w.batch(source,
		w.row("500", 1, ordering.ImportedSale, "85123A", 6, 2_550_000),
		w.row("500", 2, ordering.ImportedSale, "CHEAP", 7, 1_000),
		w.row("500", 3, ordering.ImportedAdjustment, "POST", 1, 18_000_000),
		w.row("501", 1, ordering.ImportedSale, "85123A", 1, 2_550_000),
		w.row("C502", 1, ordering.ImportedRefund, "85123A", -2, 2_550_000),
		w.row("C502", 2, ordering.ImportedRefund, "CHEAP", -5, 1_000),
		w.row("A503", 1, ordering.ImportedAdjustment, "B", 1, -11_062_060_000),
	)
}

// imported takes a batch in, which nothing is against.
func (w *world) imported(b ordering.ImportBatch) ordering.ImportResult {
	w.Helper()
	got, err := w.imports().CommitImport(w.Context(), b)
	if err != nil {
		w.Fatalf("importing: %v", err)
	}
	return got
}

// sums reads what is kept of a source.
func (w *world) sums(source string) ordering.ImportSums {
	w.Helper()
	got, err := w.imports().ImportSums(w.Context(), source)
	if err != nil {
		w.Fatalf("adding up: %v", err)
	}
	return got
}

// kept reads all rows of a source, a few at a time.
func (w *world) kept(source string, limit int) []ordering.ImportedRow {
	w.Helper()
	var out []ordering.ImportedRow
	for after := (ordering.ImportKey{}); ; {
		page, err := w.imports().ImportRows(w.Context(), source, after, limit)
		if err != nil || len(page) > limit {
			w.Fatalf("reading rows: %d of at most %d, %v", len(page), limit, err)
		}
		out = append(out, page...)
		if len(page) < limit {
			return out
		}
		after = page[len(page)-1].Key()
	}
}

// all are the orders of the store, the newest first.
func (w *world) all() []ordering.Sale {
	w.Helper()
	got, err := w.h.Orders.List(w.Context(), ordering.OrderQuery{Limit: 100})
	if err != nil {
		w.Fatalf("listing: %v", err)
	}
	return got.Items
}

// wanted is what a store must have of batches that came one after the other, by what DecideImport says.
func wanted(batches ...ordering.ImportBatch) map[string]ordering.Sale {
	out := map[string]ordering.Sale{}
	for _, b := range batches {
		f := ordering.ImportFacts{Orders: map[string]ordering.StandingImport{}}
		for number, s := range out {
			o := s.Order
			o.Lines = nil
			f.Orders[number] = ordering.StandingImport{Order: o, Lines: len(s.Order.Lines), Payment: s.Payments[0]}
		}
		d, err := ordering.DecideImport(b, f)
		if err != nil {
			panic(err)
		}
		for _, o := range d.Orders {
			x := o.Order
			x.Lines = slices.Concat(out[x.Number].Order.Lines, x.Lines)
			out[x.Number] = ordering.Sale{Order: x, Payments: []ordering.Payment{o.Payment}}
		}
	}
	return out
}

// hasOrders checks that the store has these orders and no others.
func (w *world) hasOrders(wanted map[string]ordering.Sale) {
	w.Helper()
	got := w.all()
	if len(got) != len(wanted) {
		w.Errorf("%d orders, want %d", len(got), len(wanted))
	}
	for _, s := range got {
		w.same("an imported order", normalOrder(s.Order), normalOrder(wanted[s.Order.Number].Order))
		w.same("its payments", normalPayments(s.Payments), normalPayments(wanted[s.Order.Number].Payments))
	}
}

func importedOrders(t TB, open func(TB) Harness) {
	w := begin(t, open)
	b := w.ledger(legacy)
	events := len(w.told())
	if got := w.imported(b); got != (ordering.ImportResult{}) {
		w.Errorf("new rows are %+v", got)
	}
	w.hasOrders(wanted(b))
	if n := len(w.told()); n != events {
		w.Errorf("an import told %d events", n-events)
	}
	for _, s := range w.all() {
		if s.PaymentStatus() != ordering.PaymentPaid || ordering.FulfilmentStatusOf(s.Order) != ordering.Fulfilled || s.Order.Status != ordering.Completed {
			w.Errorf("an imported order is %s, %s, %s", s.Order.Status, s.PaymentStatus(), ordering.FulfilmentStatusOf(s.Order))
		}
	}
}

func importRefusals(t TB, open func(TB) Harness) {
	w := begin(t, open)
	b := w.ledger(legacy)
	b.Rows[1].Ordinal = 1
	if _, err := w.imports().CommitImport(w.Context(), b); !fault.Is(err, ordering.MalformedCommit) {
		w.Errorf("a row twice is answered with %v", err)
	}
	w.imported(w.ledger(legacy))
	other := w.ledger(legacy)
	other.Currency = money.EUR
	for i := range other.Rows {
		r := &other.Rows[i]
		r.Invoice += "e"
		r.UnitPrice, r.Total = money.NewUnitPrice(r.UnitPrice.Micro(), money.EUR), money.New(r.Total.Minor(), money.EUR)
	}
	if _, err := w.imports().CommitImport(w.Context(), other); !fault.Is(err, ordering.ImportCurrency) {
		w.Errorf("another currency is answered with %v", err)
	}
	w.hasOrders(wanted(w.ledger(legacy)))
}

func importedAgain(t TB, open func(TB) Harness) {
	w := begin(t, open)
	b := w.ledger(legacy)
	w.imported(b)
	again := w.ledger(legacy)
	again.At = w.at.Add(time.Hour)
	again.Rows[0].Quantity, again.Rows[0].Total = 5, money.New(1275, money.GBP)
	again.Rows[6].Title = "another"
	if got := w.imported(again); got != (ordering.ImportResult{Present: 7, Differing: 2}) {
		w.Errorf("rows that are there are %+v", got)
	}
	w.hasOrders(wanted(b))
	w.keeps(b)
}

// legacy is the source of most rows.
const legacy = "legacy"

// keeps checks that the rows of batches are kept of that source, and no others.
func (w *world) keeps(batches ...ordering.ImportBatch) {
	w.Helper()
	var rows []ordering.ImportedRow
	orders := map[string]ref.OrderID{}
	for _, s := range w.all() {
		orders[s.Order.Number] = s.Order.ID
	}
	for _, b := range batches {
		for _, r := range b.Rows {
			r.Variant, r.Product, r.Buyer = ref.VariantID{}, ref.ProductID{}, ref.CustomerID{}
			if r.Kind == ordering.ImportedSale {
				r.Order = orders[r.Invoice]
			}
			rows = append(rows, r)
		}
	}
	slices.SortFunc(rows, func(a, b ordering.ImportedRow) int {
		if a.Invoice != b.Invoice {
			return slices.Compare([]byte(a.Invoice), []byte(b.Invoice))
		}
		return a.Ordinal - b.Ordinal
	})
	for _, limit := range []int{1, 3, 100} {
		w.same("the rows", w.kept(legacy, limit), rows)
	}
}

func importedByMany(t TB, open func(TB) Harness) {
	w := begin(t, open)
	b := w.ledger(legacy)
	results := make([]ordering.ImportResult, 4)
	errs := make([]error, len(results))
	var all sync.WaitGroup
	for i := range results {
		all.Go(func() { results[i], errs[i] = w.imports().CommitImport(w.Context(), b) })
	}
	all.Wait()
	added := 0
	for i, r := range results {
		if errs[i] != nil {
			w.Errorf("one of many: %v", errs[i])
		}
		added += len(b.Rows) - r.Present
	}
	if added != len(b.Rows) {
		w.Errorf("%d rows were added by all, want %d", added, len(b.Rows))
	}
	w.hasOrders(wanted(b))
}

func importedInPieces(t TB, open func(TB) Harness) {
	w := begin(t, open)
	first := w.batch(legacy, w.row("500", 1, ordering.ImportedSale, "A", 1, 1_000_000), w.row("501", 1, ordering.ImportedSale, "A", 1, 1_000_000))
	second := w.batch(legacy, w.row("500", 4, ordering.ImportedSale, "B", 2, 5_000_000), w.row("500", 3, ordering.ImportedSale, "B", 2, 5_000))
	third := w.batch(legacy, w.row("500", 2, ordering.ImportedSale, "C", 3, 9_990_000))
	first.Rows[0].Buyer, first.Rows[0].Customer = ref.CustomerID{}, ""
	second.Rows[1].At = w.at.Add(-3 * time.Hour) // The first of all.
	second.At, third.At = w.at.Add(time.Hour), w.at.Add(2*time.Hour)
	for _, b := range []ordering.ImportBatch{first, second, third} {
		w.imported(b)
	}
	w.hasOrders(wanted(first, second, third))
	w.keeps(first, second, third)
}

func importedNumbers(t TB, open func(TB) Harness) {
	w := begin(t, open)
	own := w.fullOrder()
	own.Number = "501"
	w.keepOrder(own)
	w.imported(w.ledger("one"))
	w.imported(w.ledger("two"))
	var numbers []string
	for _, s := range w.all() {
		numbers = append(numbers, s.Order.Number)
	}
	slices.Sort(numbers)
	w.same("the numbers", numbers, []string{"500", "500@two", "501", "501@one", "501@two"})
}

func importTried(t TB, open func(TB) Harness) {
	w := begin(t, open)
	b := w.ledger(legacy)
	b.Try = true
	if got := w.imported(b); got != (ordering.ImportResult{}) {
		w.Errorf("new rows, tried, are %+v", got)
	}
	w.hasOrders(nil)
	if rows := w.kept(legacy, 10); len(rows) > 0 || !w.sums(legacy).Currency.IsZero() {
		w.Errorf("a try left %d rows, or the source", len(rows))
	}
	w.imported(w.batch(legacy, w.ledger(legacy).Rows[:3]...))
	if got := w.imported(b); got != (ordering.ImportResult{Present: 3}) {
		w.Errorf("some new rows, tried, are %+v", got)
	}
	if rows := w.kept(legacy, 10); len(rows) != 3 {
		w.Errorf("a try left %d rows, want 3", len(rows))
	}
}

// shown are sums as texts.
func shownSums(s ordering.ImportSums) map[string]string {
	part := func(p ordering.ImportPart) string {
		return strconv.FormatInt(p.Rows, 10) + " " + strconv.FormatInt(p.Documents, 10) + " " + p.Sum.Decimal(s.Currency)
	}
	out := map[string]string{
		"currency": s.Currency.Code(), "sales": part(s.Sales), "refunds": part(s.Refunds), "stored": s.Stored.Decimal(s.Currency),
		"customers": strconv.FormatInt(s.Customers, 10),
	}
	for reason, p := range s.Adjusted {
		out[string(reason)] = part(p)
	}
	return out
}

func importSums(t TB, open func(TB) Harness) {
	w := begin(t, open)
	nothing := shownSums(w.sums(legacy))
	w.same("the sums of an unknown source", nothing, map[string]string{"currency": "", "sales": "0 0 0", "refunds": "0 0 0", "stored": "0", "customers": "0"})
	b := w.ledger(legacy)
	b.Rows[6].Reason = ordering.AdjustsNegative
	b.Rows[3].Customer = "13047"
	b.Rows[4].Customer = ""
	w.imported(b)
	w.imported(w.batch("other", w.row("500", 1, ordering.ImportedSale, "A", 1, 1_000_000)))
	w.same("the sums", shownSums(w.sums(legacy)), map[string]string{
		"currency": "GBP", "customers": "2",
		"sales": "3 2 17.857", "refunds": "2 1 -5.105", "not_product": "1 0 18.00", "negative_price": "1 0 -11062.06",
		// 15.30 + 0.01 + 2.55 − 5.10 − 0.01 + 18.00 − 11062.06: each row is rounded once.
		"stored": "-11031.31",
	})
	w.same("those of the other", shownSums(w.sums("other")), map[string]string{
		"currency": "GBP", "customers": "1", "sales": "1 1 1.00", "refunds": "0 0 0.00", "stored": "1.00",
	})
}

func importedRows(t TB, open func(TB) Harness) {
	w := begin(t, open)
	b := w.ledger(legacy)
	for i := 2; i <= 11; i++ { // Ordinals are numbers, and invoices go by their bytes.
		b.Rows = append(b.Rows, w.row("501", i, ordering.ImportedSale, "É "+strconv.Itoa(i), int64(i), 1))
	}
	b.Rows = append(b.Rows, w.row("a1", 1, ordering.ImportedRefund, "X", -1, 1), w.row("B1", 1, ordering.ImportedRefund, "X", -1, 1), w.row("é", 1, ordering.ImportedSale, "X", 0, 0))
	w.imported(b)
	w.imported(w.ledger("other"))
	w.h.Orders = onlyOf{w.h.Orders, legacy}
	w.keeps(b)
	if rows := w.kept("nobody", 5); len(rows) > 0 {
		w.Errorf("an unknown source has %d rows", len(rows))
	}
}

func importsLast(t TB, open func(TB) Harness) {
	w := begin(t, open)
	b := w.ledger(legacy)
	w.imported(b)
	if !w.reopen() {
		return
	}
	w.hasOrders(wanted(b))
	w.keeps(b)
	if got := w.imported(b); got != (ordering.ImportResult{Present: 7}) {
		w.Errorf("the same again, after the store was opened anew, is %+v", got)
	}
}

// importPoints are the points that an import passes before it is true.
var importPoints = []ordering.Point{ordering.BeforeFacts, ordering.BeforeWrite, ordering.BeforeCommit}

func importFaults(t TB, open func(TB) Harness) {
	w := begin(t, open)
	if w.excused(w.h.features.NoFaults) {
		return
	}
	for _, p := range importPoints {
		w.h.Faults.Inject(p, errInjected)
		_, err := w.imports().CommitImport(w.Context(), w.ledger(legacy))
		w.h.Faults.Clear()
		if !unavailable(err) {
			w.Errorf("a fault at %s is answered with %v", p, err)
		}
		w.hasOrders(nil)
		if rows := w.kept(legacy, 10); len(rows) > 0 {
			w.Errorf("a fault at %s left %d rows", p, len(rows))
		}
	}
	w.imported(w.ledger(legacy))
	w.hasOrders(wanted(w.ledger(legacy)))
}

func importLost(t TB, open func(TB) Harness) {
	w := begin(t, open)
	if w.excused(w.h.features.NoFaults) {
		return
	}
	b := w.ledger(legacy)
	w.h.Faults.Inject(ordering.AfterCommit, errInjected)
	_, err := w.imports().CommitImport(w.Context(), b)
	w.h.Faults.Clear()
	if err == nil || fault.KindOf(err) != fault.Unknown {
		w.Errorf("a lost answer is %v, want kind unknown", err)
	}
	if got := w.imported(b); got.Present != 0 && got.Present != len(b.Rows) {
		w.Errorf("the same again is %+v", got)
	}
	w.hasOrders(wanted(b))
}
