package integration_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math/big"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"
)

// ledger is a file of order lines with what it comes to, which was known before it was written: each row is made to be
// of a kind, and nothing here asks the code that is tested.
type ledger struct {
	rows   [][]string
	wanted ordersReport
}

// ordersReport is what is compared of a report.
type ordersReport struct {
	Rows     int64
	Sum      string
	Rounding string
	Stored   string `json:"stored_sum"`
	Sales    struct {
		Rows, Orders int64
		Sum          string
	}
	Refunds struct {
		Rows        int64
		CreditNotes int64 `json:"credit_notes"`
		Sum         string
	}
	Adjustments struct {
		Rows int64
		Sum  string
	}
	Rejected struct {
		Rows int64
		Sum  string
	}
}

// withoutRejected is what a report of the stored rows says.
func (r ordersReport) withoutRejected(t testing.TB) ordersReport {
	t.Helper()
	sum, rejected := new(big.Rat), new(big.Rat)
	if _, ok := sum.SetString(r.Sum); !ok {
		t.Fatalf("the sum %q", r.Sum)
	}
	if _, ok := rejected.SetString(r.Rejected.Sum); !ok {
		t.Fatalf("the sum %q", r.Rejected.Sum)
	}
	micro := sum.Sub(sum, rejected).Mul(sum, big.NewRat(1_000_000, 1))
	r.Sum = decimal(micro.Num())
	r.Rows -= r.Rejected.Rows
	r.Rejected.Rows, r.Rejected.Sum = 0, "0.00"
	return r
}

// decimal writes millionths with two decimals or as many more as say something.
func decimal(micro *big.Int) string {
	text := strings.TrimRight(new(big.Rat).SetFrac(micro, big.NewInt(1_000_000)).FloatString(6), "0")
	whole, part, _ := strings.Cut(text, ".")
	return whole + "." + part + strings.Repeat("0", max(2-len(part), 0))
}

// text is the file.
func (l *ledger) text(t testing.TB) string {
	t.Helper()
	var out strings.Builder
	w := csv.NewWriter(&out)
	if err := w.Write([]string{"InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"}); err != nil {
		t.Fatal(err)
	}
	if err := w.WriteAll(l.rows); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// mixedMost is how many rows a file has at most whose invoices are mixed up all over it.
const mixedMost = 10_000

// ledgerOf makes a file of about so many rows. Its invoices are mixed up, rows are repeated, codes differ by case alone,
// prices are as small as a thousandth and below zero, and some rows cannot be read.
func ledgerOf(seed uint64, size int) *ledger {
	r := rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // It is to be the same each time.
	l := &ledger{}
	sums := map[string]*big.Int{}
	for _, kind := range []string{"sale", "refund", "adjustment", "rejected", "rounding"} {
		sums[kind] = new(big.Int)
	}
	counts, orders, credits := map[string]int64{}, map[string]bool{}, map[string]bool{}
	stored := int64(0)
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	code := func() string {
		c := fmt.Sprintf("%d%s", 20000+r.IntN(300), pick("", "A", "b", "BL"))
		if r.IntN(4) == 0 {
			c = pick("gift_0001_20", "DCGS0003", "85123A", "85123a", "GIFT_0001_20", "?", "47503J ", "15056bl", "15056BL", "TEST001", "ADJUST2", "SP1002", "DCGSSBOY")
		}
		return c
	}
	at := time.Date(2010, 12, 1, 8, 0, 0, 0, time.UTC)
	// when is a time of the month, or one that clocks skip or show twice in the zone of the import.
	when := func() string {
		if r.IntN(30) == 0 {
			return pick("2011-03-27 01:30:00", "2011-10-30 01:30:00", "2011-10-30 01:59", "2011-03-27T01:00:00", "2009-12-01")
		}
		return at.Add(time.Duration(r.IntN(30*24*60)) * time.Minute).Format(time.DateTime)
	}
	add := func(kind, invoice, code string, quantity, micro int64, customer string) {
		row := []string{
			invoice, code, pick("WHITE HANGING HEART", "", "RECORD FRAME 7\" SINGLE", "SIGN, METAL", "line\nbreak", "?", "damaged", "CAFÉ SIGN £5", "  SPACES  "), strconv.FormatInt(quantity, 10),
			when(), decimal(big.NewInt(micro)), customer, pick("United Kingdom", "EIRE", "", "RSA", "Unspecified", "European Community", "Channel Islands"),
		}
		value := new(big.Int).Mul(big.NewInt(quantity), big.NewInt(micro))
		times := 1
		if kind == "rejected" {
			if column := r.IntN(7); column == 6 {
				row[2] = "caf\xe9 \xa35" // As Windows-1252 has it.
			} else if column < 2 {
				row[[2]int{3, 5}[column]] = pick("", "many", "1.5.", "NaN", "12345678901234567890123")
				value = new(big.Int)
			} else {
				row[[4]int{4, 0, 1, 4}[column-2]] = pick("", " ")
			}
		} else if r.IntN(20) == 0 {
			times = 1 + r.IntN(3) // As real ledgers repeat a line.
		}
		for range times {
			l.rows = append(l.rows, row)
			counts[kind]++
			sums[kind].Add(sums[kind], value)
			if kind == "rejected" {
				continue
			}
			minor := rounded(value)
			stored += minor
			sums["rounding"].Add(sums["rounding"], new(big.Int).Sub(value, big.NewInt(minor*10_000)))
		}
		switch kind {
		case "sale":
			orders[invoice] = true
		case "refund":
			credits[invoice] = true
		}
	}
	prices := []int64{1_000, 5_000, 10_000, 850_000, 2_550_000, 4_250_000, 12_345_678_901, 1, 11_062_060_000}
	price := func() int64 { return prices[r.IntN(len(prices))] }
	customer := func() string { return pick("", "17850.0", "13047.0", fmt.Sprintf("%d.0", 12000+r.IntN(200))) }
	for len(l.rows) < size {
		number := strconv.Itoa(536365 + r.IntN(size/8+1))
		if size > mixedMost { // A ledger of years lies about in the order of its invoices.
			number = strconv.Itoa(536365 + len(l.rows)/8 + r.IntN(40))
		}
		some := int64(1 + r.IntN(300))
		if r.IntN(50) == 0 {
			some = 80_995
		}
		switch n := r.IntN(100); {
		case n < 70:
			add("sale", number, code(), some, price(), customer())
		case n < 73:
			add("sale", number, code(), some, 0, "17850.0")
		case n < 80:
			add("refund", "C"+number, code(), -some, price(), customer())
		case n < 82:
			add("refund", number, code(), -some, price(), customer())
		case n < 83:
			add("refund", "C"+number, code(), some, price(), customer())
		case n < 88:
			add("adjustment", pick("", "C")+number, pick("POST", "post", "M", "m ", "Bank Charges", "AMAZONFEE", "D", "DOT", "S", "B", "C2", "CRUK", "pads"), some-150, price(), customer())
		case n < 89:
			add("adjustment", "A"+number, code(), some, price(), "")
		case n < 91:
			add("adjustment", number, code(), 1, -price(), customer())
		case n < 94:
			add("adjustment", number, code(), -some, 0, customer())
		case n < 96:
			add("adjustment", number, code(), some, 0, "")
		default:
			add("rejected", number, code(), some, price(), customer())
		}
	}
	w := &l.wanted
	w.Rows, w.Stored, w.Rounding = int64(len(l.rows)), decimal(new(big.Int).Mul(big.NewInt(stored), big.NewInt(10_000))), decimal(sums["rounding"])
	w.Sales.Rows, w.Sales.Sum, w.Sales.Orders = counts["sale"], decimal(sums["sale"]), int64(len(orders))
	w.Refunds.Rows, w.Refunds.Sum, w.Refunds.CreditNotes = counts["refund"], decimal(sums["refund"]), int64(len(credits))
	w.Adjustments.Rows, w.Adjustments.Sum = counts["adjustment"], decimal(sums["adjustment"])
	w.Rejected.Rows, w.Rejected.Sum = counts["rejected"], decimal(sums["rejected"])
	all := new(big.Int)
	for _, kind := range []string{"sale", "refund", "adjustment", "rejected"} {
		all.Add(all, sums[kind])
	}
	w.Sum = decimal(all)
	return l
}

// rounded is a value in millionths as pennies, halves away from zero.
func rounded(value *big.Int) int64 {
	absolute := new(big.Int).Abs(value)
	absolute.Add(absolute, big.NewInt(5_000)).Quo(absolute, big.NewInt(10_000))
	if value.Sign() < 0 {
		return -absolute.Int64()
	}
	return absolute.Int64()
}

// reported reads a report as JSON.
func reported(t testing.TB, text string) (r ordersReport, present int64) {
	t.Helper()
	var more struct {
		Present int64 `json:"already_present"`
	}
	for _, into := range []any{&r, &more} {
		if err := json.Unmarshal([]byte(text), into); err != nil {
			t.Fatalf("%v in %s", err, text)
		}
	}
	return r, more.Present
}
