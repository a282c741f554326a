package ordering_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/domain/statemachine"
)

// importRules are those of the documented example.
var importRules = ordering.ImportRules{CreditPrefix: "C", AdjustmentPrefix: "A", NotProducts: map[string]bool{"POST": true, "M": true, "BANK CHARGES": true, "AMAZONFEE": true}}

// TestClassify: the rules hold in their order.
func TestClassify(t *testing.T) {
	t.Parallel()
	const sale, refund, adjustment = ordering.ImportedSale, ordering.ImportedRefund, ordering.ImportedAdjustment
	for name, tc := range map[string]struct {
		invoice, code, customer string
		quantity, micro         int64
		kind                    ordering.ImportedKind
		reason                  ordering.AdjustmentReason
	}{
		"a sale":                                  {"536365", "85123A", "17850", 6, 2_550_000, sale, ""},
		"a sale to nobody":                        {"536365", "85123A", "", 6, 2_550_000, sale, ""},
		"a price below the penny":                 {"536365", "PADS2", "", 1, 1_000, sale, ""},
		"given away to somebody":                  {"536365", "85123A", "17850", 6, 0, sale, ""},
		"nothing of something":                    {"536365", "85123A", "", 0, 2_550_000, sale, ""},
		"nothing, given away to somebody":         {"536365", "85123A", "17850", 0, 0, sale, ""},
		"a credit note's gift to somebody":        {"C536379", "85123A", "17850", 1, 0, sale, ""},
		"no product":                              {"536365", "POST", "17850", 3, 18_000_000, adjustment, ordering.AdjustsNoProduct},
		"no product, in small letters":            {"536365", "m", "17850", 1, 2_000_000, adjustment, ordering.AdjustsNoProduct},
		"no product, with a space":                {"536365", "Bank Charges", "", 1, 15_000_000, adjustment, ordering.AdjustsNoProduct},
		"no product, on a credit note":            {"C536379", "M", "14527", -1, 27_500_000, adjustment, ordering.AdjustsNoProduct},
		"no product goes before the prefix":       {"A563185", "M", "", 1, 1_000_000, adjustment, ordering.AdjustsNoProduct},
		"no product goes before the price":        {"536365", "AMAZONFEE", "", 1, -1_000_000, adjustment, ordering.AdjustsNoProduct},
		"an adjustment's invoice":                 {"A563185", "85123A", "", 1, 11_062_060_000, adjustment, ordering.AdjustsByPrefix},
		"the prefix goes before the price":        {"A563185", "85123A", "", 1, -11_062_060_000, adjustment, ordering.AdjustsByPrefix},
		"a prefix is compared with case":          {"a563185", "85123A", "", 1, 1_000_000, sale, ""},
		"a negative price":                        {"536365", "85123A", "17850", 1, -1, adjustment, ordering.AdjustsNegative},
		"a negative price of a negative quantity": {"C536365", "85123A", "17850", -1, -1, adjustment, ordering.AdjustsNegative},
		"a credit note":                           {"C536391", "22556", "17548", -12, 1_650_000, refund, ""},
		"a credit note of more than nothing":      {"C536391", "22556", "17548", 12, 1_650_000, refund, ""},
		"goods that come back":                    {"536391", "22556", "17548", -12, 1_650_000, refund, ""},
		"goods that come back, from nobody":       {"536391", "22556", "", -12, 1_650_000, refund, ""},
		"a correction of stock":                   {"536589", "21777", "", -10, 0, adjustment, ordering.AdjustsUnpriced},
		"a correction with a customer":            {"536589", "21777", "17548", -10, 0, adjustment, ordering.AdjustsUnpriced},
		"a correction on a credit note":           {"C536589", "21777", "17548", -10, 0, adjustment, ordering.AdjustsUnpriced},
		"found, for nothing":                      {"536414", "22139", "", 56, 0, adjustment, ordering.AdjustsUnpriced},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kind, reason := importRules.Classify(ordering.ImportedRow{
				Invoice: tc.invoice, Code: tc.code, Customer: tc.customer, Quantity: tc.quantity, UnitPrice: money.NewUnitPrice(tc.micro, money.GBP),
			})
			if kind != tc.kind || reason != tc.reason {
				t.Errorf("it is a %s %s, want %s %s", kind, reason, tc.kind, tc.reason)
			}
		})
	}
}

// TestClassifyWithoutRules: an empty prefix is that of no invoice.
func TestClassifyWithoutRules(t *testing.T) {
	t.Parallel()
	kind, _ := ordering.ImportRules{}.Classify(ordering.ImportedRow{Invoice: "C1", Code: "POST", Quantity: 1, UnitPrice: money.NewUnitPrice(1, money.GBP)})
	if kind != ordering.ImportedSale {
		t.Errorf("it is a %s", kind)
	}
}

func TestExactSum(t *testing.T) {
	t.Parallel()
	var s ordering.ExactSum
	for range 3 {
		s.AddLine(money.NewUnitPrice(9_000_000_000_000_000_000, money.GBP), 1_000_000_000)
	}
	if got := s.Decimal(money.GBP); got != "27000000000000000000000.00" {
		t.Errorf("a sum beyond 64 bits is %s", got)
	}
	for want, tc := range map[string]struct {
		micro    int64
		currency money.Currency
	}{
		"0.00": {0, money.GBP}, "0.001": {1000, money.GBP}, "-0.001": {-1000, money.GBP}, "-11062.06": {-11_062_060_000, money.GBP},
		"2.50": {2_500_000, money.GBP}, "2": {2_000_000, money.JPY}, "0.5": {500_000, money.JPY}, "0.000001": {1, money.KWD}, "1.000": {1_000_000, money.KWD},
	} {
		var s ordering.ExactSum
		s.AddLine(money.NewUnitPrice(tc.micro, tc.currency), 1)
		if got := s.Decimal(tc.currency); got != want {
			t.Errorf("%d is %s, want %s", tc.micro, got, want)
		}
		read, err := ordering.ExactSumOf(s.Micro())
		if err != nil || read.Cmp(&s) != 0 {
			t.Errorf("%s is read as %v, %v", s.Micro(), read, err)
		}
	}
	if _, err := ordering.ExactSumOf("1.5"); !fault.Is(err, fault.Unexpected) {
		t.Errorf("no whole number: %v", err)
	}
}

// imported is a row that breaks no rule.
func imported() ordering.ImportedRow {
	return ordering.ImportedRow{
		Invoice: "500", Ordinal: 1, Kind: ordering.ImportedSale, Code: "A", Quantity: 3, UnitPrice: money.NewUnitPrice(1_005_000, money.GBP),
		Total: money.New(302, money.GBP), At: time.Date(2010, 12, 1, 8, 26, 0, 0, time.UTC),
	}
}

func TestImportRowRule(t *testing.T) {
	t.Parallel()
	long := string(make([]byte, 2000))
	for field, change := range map[string]func(*ordering.ImportedRow){
		"": func(*ordering.ImportedRow) {}, "invoice": func(r *ordering.ImportedRow) { r.Ordinal = ordering.ImportOrdinalMax + 1 },
		"sku": func(r *ordering.ImportedRow) { r.Code = " " }, "title": func(r *ordering.ImportedRow) { r.Title = long },
		"quantity": func(r *ordering.ImportedRow) { r.Quantity = -ordering.ImportUnitsMax - 1 }, "at": func(r *ordering.ImportedRow) { r.At = time.Time{} },
		"customer": func(r *ordering.ImportedRow) { r.Customer = "a\nb" }, "country": func(r *ordering.ImportedRow) { r.Country = long },
		"unit_price": func(r *ordering.ImportedRow) {
			r.Quantity, r.UnitPrice = ordering.ImportUnitsMax, money.NewUnitPrice(11_000_000, money.GBP)
		},
	} {
		r := imported()
		change(&r)
		if got, rule := ordering.ImportRowRule(r); got != field || (rule == "") != (field == "") {
			t.Errorf("%s: the rule is of %q: %s", field, got, rule)
		}
	}
	r := imported()
	r.Invoice = ""
	if got, _ := ordering.ImportRowRule(r); got != "invoice" {
		t.Errorf("no invoice: %s", got)
	}
}

func TestImportBatchRules(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*ordering.ImportBatch){
		"no source":                func(b *ordering.ImportBatch) { b.Source = "" },
		"no currency":              func(b *ordering.ImportBatch) { b.Currency = money.Currency{} },
		"no time":                  func(b *ordering.ImportBatch) { b.At = time.Time{} },
		"too many rows":            func(b *ordering.ImportBatch) { b.Rows = make([]ordering.ImportedRow, ordering.ImportRowsMax+1) },
		"a row twice":              func(b *ordering.ImportBatch) { b.Rows = append(b.Rows, b.Rows[0]) },
		"a row that breaks a rule": func(b *ordering.ImportBatch) { b.Rows[0].Ordinal = 0 },
		"a wrong total":            func(b *ordering.ImportBatch) { b.Rows[0].Total = money.New(301, money.GBP) },
		"another currency":         func(b *ordering.ImportBatch) { b.Currency = money.EUR },
		"small letters":            func(b *ordering.ImportBatch) { b.Rows[0].Code = "a" },
		"no kind":                  func(b *ordering.ImportBatch) { b.Rows[0].Kind = "" },
		"a reason for a sale":      func(b *ordering.ImportBatch) { b.Rows[0].Reason = ordering.AdjustsByPrefix },
		"an adjustment without":    func(b *ordering.ImportBatch) { b.Rows[0].Kind = ordering.ImportedAdjustment },
		"a sale below nothing": func(b *ordering.ImportBatch) {
			b.Rows[0].Quantity, b.Rows[0].Total = -3, money.New(-302, money.GBP)
		},
	} {
		b := ordering.ImportBatch{Source: "legacy", Currency: money.GBP, At: imported().At, Rows: []ordering.ImportedRow{imported()}}
		if _, err := ordering.DecideImport(b, ordering.ImportFacts{}); err != nil {
			t.Fatal(err)
		}
		change(&b)
		if _, err := ordering.DecideImport(b, ordering.ImportFacts{}); !fault.Is(err, ordering.MalformedCommit) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestImportedOrdersAreDone: staff can write notes on an order of another system, and nothing else.
func TestImportedOrdersAreDone(t *testing.T) {
	t.Parallel()
	r := imported()
	r.Title, r.Customer, r.Country, r.Buyer = "", "17850", "EIRE", ref.NewID[ref.CustomerKind]([16]byte{1})
	d, err := ordering.DecideImport(ordering.ImportBatch{
		Source: "legacy", Currency: money.GBP, At: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Rows: []ordering.ImportedRow{r},
	}, ordering.ImportFacts{Numbers: map[string]bool{"500": true, "500@legacy": true}})
	if err != nil {
		t.Fatal(err)
	}
	s := ordering.Sale{Order: d.Orders[0].Order, Payments: []ordering.Payment{d.Orders[0].Payment}}
	o := s.Order
	if len(o.Number) != 15 || o.Lines[0].Title != "A" || o.Metadata[ordering.ImportedCountry] != "EIRE" || o.Metadata[ordering.ImportedCustomer] != "17850" || o.Customer != r.Buyer {
		t.Errorf("the order is %+v", o)
	}
	if sums, err := o.Sums(); err != nil || sums != o.Totals || s.PaymentStatus() != ordering.PaymentPaid || !o.CreatedAt.Equal(r.At) {
		t.Errorf("it adds up to %+v, %v, and is %s", sums, err, s.PaymentStatus())
	}
	if got := s.Actions(); len(got) != 1 || got[0] != ordering.ActionNote {
		t.Errorf("the actions are %v", got)
	}
	if tasks := s.Tasks(o.UpdatedAt.Add(1000 * time.Hour)); len(tasks) > 0 || len(o.Claims()) > 0 {
		t.Errorf("it waits for %v, with claims %v", tasks, o.Claims())
	}
	m := ordering.Moment{At: o.UpdatedAt, NextID: func() [16]byte { return [16]byte{9} }}
	one := money.New(1, money.GBP)
	if _, _, _, err := ordering.Refund(s, ordering.RefundOrder{Amount: &one}, m); !fault.Is(err, ordering.ProviderLacks) {
		t.Errorf("a refund: %v", err)
	}
	if _, _, _, err := ordering.Record(s, "manual", ordering.Receipt{Amount: one}, m); !fault.Is(err, statemachine.IllegalTransition) {
		t.Errorf("money that comes: %v", err)
	}
	if _, _, err := ordering.Cancel(s, "why not", m); !fault.Is(err, statemachine.IllegalTransition) {
		t.Errorf("cancelling: %v", err)
	}
}

// TestImportedIDs: whoever decides makes the same ids, and orders follow each other as the sales did.
func TestImportedIDs(t *testing.T) {
	t.Parallel()
	decide := func(invoice string, ordinal, minutes int) ordering.Order {
		t.Helper()
		r := imported()
		r.Invoice, r.Ordinal, r.At = invoice, ordinal, r.At.Add(time.Duration(minutes)*time.Minute)
		d, err := ordering.DecideImport(ordering.ImportBatch{Source: "legacy", Currency: money.GBP, At: r.At, Rows: []ordering.ImportedRow{r}}, ordering.ImportFacts{})
		if err != nil {
			t.Fatal(err)
		}
		return d.Orders[0].Order
	}
	if a, b := decide("500", 1, 0), decide("500", 1, 0); a.ID != b.ID || a.Lines[0].ID != b.Lines[0].ID {
		t.Errorf("the ids are %s and %s", a.ID, b.ID)
	}
	last := decide("500", 1, 0)
	for i := range 20 {
		next := decide(strconv.Itoa(499-i), 1, i+1)
		if next.ID.Compare(last.ID) <= 0 {
			t.Fatalf("%s does not come behind %s", next.ID, last.ID)
		}
		last = next
	}
}
