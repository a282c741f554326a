package bridge_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/ipswich-retail/commerce/adapters/bridge"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/ports"
)

// mixed is a file of so many invoices with some rows each, which lie all over it.
func mixed(invoices int) []bridge.OrderRow {
	r := rand.New(rand.NewPCG(5, 1)) //nolint:gosec // It is to be the same each time.
	ordinals := make([]int, invoices)
	var file []bridge.OrderRow
	for i := range 6 * invoices {
		n := i // Each is there at least once.
		if i >= invoices {
			n = r.IntN(invoices)
		}
		ordinals[n%invoices]++
		row := sold("M"+strconv.Itoa(n%invoices), ordinals[n%invoices], fmt.Sprint("S", i%11), int64(i), 1_001_000, strconv.Itoa(n%5))
		row.Row.At = row.Row.At.AddDate(0, 0, i%40)
		row.Row.Title, row.Row.Country = fmt.Sprint("Ünï ", i), "EIRE"
		switch i % 9 {
		case 3:
			row.Row.Kind, row.Row.Quantity = ordering.ImportedRefund, -int64(i)
		case 7:
			row.Row.Kind, row.Row.Reason, row.Row.UnitPrice = ordering.ImportedAdjustment, ordering.AdjustsNegative, money.NewUnitPrice(-5_000, money.GBP)
		}
		file = append(file, row)
	}
	return file
}

// kept are the rows that a shop keeps of the source "old", by their key.
func (d *desk) kept() map[ordering.ImportKey]ordering.ImportedRow {
	d.Helper()
	store, ok := ports.As[ordering.ImportCommitter](d.Plain.Ordering)
	if !ok {
		d.Fatal("the store keeps no ledger")
	}
	out := map[ordering.ImportKey]ordering.ImportedRow{}
	for after := (ordering.ImportKey{}); ; {
		page, err := store.ImportRows(d.Context(), "old", after, 500)
		if err != nil {
			d.Fatal(err)
		}
		if len(page) == 0 {
			return out
		}
		for _, r := range page {
			after = r.Key()
			out[after] = r
		}
	}
}

// TestMixedImports: a file whose invoices lie all over it is imported by invoices, and comes to what it comes to in its
// order. Each order is written once, but for those at the borders of batches.
func TestMixedImports(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	file := mixed(2000)
	sorted, d := newDesk(t), newDesk(t)
	inOrder := slices.Clone(file)
	slices.SortStableFunc(inOrder, func(a, b bridge.OrderRow) int { return number(a) - number(b) })
	wanted, r := sorted.must(bridge.OrderImport{}, inOrder...), d.must(bridge.OrderImport{}, file...)
	wanted.Seconds, r.Seconds = 0, 0
	if fmt.Sprint(r) != fmt.Sprint(wanted) {
		t.Errorf("mixed %+v\nby invoices %+v", r, wanted)
	}
	rows, ordered := d.kept(), sorted.kept()
	if len(rows) != len(file) || len(rows) != len(ordered) {
		t.Fatalf("%d rows are kept, and %d of them by invoices", len(rows), len(ordered))
	}
	for key, row := range rows {
		if want := ordered[key]; row != want {
			t.Fatalf("mixed %+v\nby invoices %+v", row, want)
		}
	}
	again := 0
	for _, s := range d.listed() {
		if s.Order.Version > 1 {
			again++
		}
	}
	if again > len(file)/1000 {
		t.Errorf("%d orders of %d rows were written more than once", again, len(file))
	}
	left, err := os.ReadDir(os.TempDir())
	if err != nil || len(left) > 0 {
		t.Errorf("left are %v, %v", left, err)
	}
	if r := d.must(bridge.OrderImport{}, file...); r.AlreadyPresent != int64(len(file)) || r.Differing != 0 {
		t.Errorf("again %+v", r)
	}
	if tried := newDesk(t).must(bridge.OrderImport{DryRun: true}, file...); tried.StoredSum != wanted.StoredSum {
		t.Errorf("tried %+v", tried)
	}
}

func number(r bridge.OrderRow) int {
	n, _ := strconv.Atoi(r.Row.Invoice[1:]) // They are made so.
	return n
}

// TestMixedImportsThatChange: a mixed file that is another when it is read again is refused before anything is written.
func TestMixedImportsThatChange(t *testing.T) {
	t.Parallel()
	file := mixed(1000)
	for name, change := range map[string]func(r *rows){
		"an invoice more":      func(r *rows) { r.all = append(slices.Clone(file), sold("new", 1, "A", 1, 1, "")) },
		"cannot be read again": func(r *rows) { r.breaks = 100 },
	} {
		d := newDesk(t)
		got, err := d.bring(bridge.OrderImport{}, file, func(time int, r *rows) {
			if time == 2 {
				change(r)
			}
		})
		if err == nil || got.Done != 0 || len(d.kept()) != 0 {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	d := newDesk(t)
	if got, err := d.bring(bridge.OrderImport{}, file, func(time int, r *rows) { r.digest = strconv.Itoa(time) }); !fault.Is(err, bridge.FileChanged) || got.Done != 0 {
		t.Errorf("another digest: %+v, %v", got, err)
	}
}

// TestMixedImportsWithoutRoom: where no temporary file can be made, the rows are taken as they come.
func TestMixedImportsWithoutRoom(t *testing.T) {
	t.Setenv("TMPDIR", "/nowhere")
	d, file := newDesk(t), mixed(700)
	if r := d.must(bridge.OrderImport{}, file...); r.Rows != int64(len(file)) || len(d.kept()) != len(file) {
		t.Errorf("%+v", r)
	}
}
