package integration_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/ipswich-retail/commerce/apps/shop/cli"
)

// ordersFile writes a ledger where a command finds it.
func ordersFile(t testing.TB, l *ledger) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ledger.csv")
	if err := os.WriteFile(path, []byte(l.text(t)), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// importArgs import a file from the source "old".
func importArgs(path string, more string) string {
	return "import orders " + path + " --source old --timezone Europe/London --create-products --format json " + more
}

// wantOrders requires what a command says of the ledger, and how many rows were there before; below zero for any.
func wantOrders(t *testing.T, dsn, args string, code int, wanted ordersReport, present int64) {
	t.Helper()
	got, out, failure := shopCommand(t, dsn, args)
	if got != code {
		t.Fatalf("shop %s: exit %d, want %d\n%s\n%s", args, got, code, out, failure)
	}
	r, had := reported(t, out)
	if r != wanted || present >= 0 && had != present {
		t.Errorf("shop %s: %d were there, want %d\ngot  %+v\nwant %+v", args, had, present, r, wanted)
	}
}

// nothingImported requires that no row, order, product or customer is there.
func nothingImported(t *testing.T, dsn, when string) {
	t.Helper()
	conn := connect(t, dsn)
	for _, table := range []string{"imported_rows", "import_sources", "orders", "products", "customers"} {
		var n int
		if err := conn.QueryRow(t.Context(), "SELECT count(*) FROM commerce."+table).Scan(&n); err != nil || n != 0 {
			t.Errorf("%s left %d rows of %s, %v", when, n, table, err)
		}
	}
}

// TestImportOrders imports files of which is known what they come to: from the parser, and again by query from what is
// stored; a second time nothing changes.
func TestImportOrders(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	for seed := range uint64(3) {
		t.Run(fmt.Sprintf("seed %d", seed+1), func(t *testing.T) {
			t.Parallel()
			dsn, l := database(t), ledgerOf(seed+1, 800)
			path := ordersFile(t, l)
			stored := l.wanted.withoutRejected(t)
			kept := stored.Rows
			wantOrders(t, dsn, importArgs(path, "--dry-run"), cli.ExitFindings, l.wanted, 0)
			nothingImported(t, dsn, "a dry run")
			if code, out, failure := shopCommand(t, dsn, importArgs(path, "--fail-on-reject")); code != cli.ExitRefused || !strings.Contains(failure, "nothing was written") {
				t.Errorf("no row may be rejected: exit %d\n%s\n%s", code, out, failure)
			}
			nothingImported(t, dsn, "a refusal")
			wantOrders(t, dsn, importArgs(path, ""), cli.ExitFindings, l.wanted, 0)
			wantOrders(t, dsn, "report orders --source old --format json", cli.ExitDone, stored, kept)
			wantOrders(t, dsn, importArgs(path, ""), cli.ExitFindings, l.wanted, kept)
			wantOrders(t, dsn, "report orders --source old --format json", cli.ExitDone, stored, kept)
			soundOrders(t, dsn)
			foldedCodes(t, dsn)
		})
	}
}

// soundOrders requires that doctor finds nothing.
func soundOrders(t *testing.T, dsn string) {
	t.Helper()
	if code, out, failure := shopCommand(t, dsn, "doctor"); code != cli.ExitDone || !strings.Contains(out, "nothing found") {
		t.Errorf("doctor: exit %d\n%s\n%s", code, out, failure)
	}
}

// foldedCodes requires that codes which differ by case alone are one product.
func foldedCodes(t *testing.T, dsn string) {
	t.Helper()
	var products, codes, twice, lost int
	err := connect(t, dsn).QueryRow(t.Context(), `SELECT (SELECT count(*) FROM commerce.variants),
		(SELECT count(DISTINCT upper(code)) FROM commerce.imported_rows WHERE kind <> 'adjustment'),
		(SELECT count(*) - count(DISTINCT upper(sku)) FROM commerce.variants),
		(SELECT count(*) FROM commerce.order_lines l WHERE NOT EXISTS (SELECT FROM commerce.variants v WHERE v.id = l.variant_id AND upper(v.sku) = upper(l.sku)))`,
	).Scan(&products, &codes, &twice, &lost)
	if err != nil || products != codes || twice != 0 || lost != 0 {
		t.Errorf("%d variants of %d codes, %d twice, %d lines without one, %v", products, codes, twice, lost, err)
	}
}

// stops asks a command to end once it has written the first rows.
type stops struct {
	mu      sync.Mutex
	text    bytes.Buffer
	signals chan os.Signal
	asked   bool
}

// Write looks for the first progress of writing.
func (s *stops) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if bytes.Contains(p, []byte(" of ")) && !s.asked {
		s.asked = true
		s.signals <- syscall.SIGINT
	}
	return s.text.Write(p)
}

// TestImportOrdersInAFile does the same in SQLite.
func TestImportOrdersInAFile(t *testing.T) {
	t.Parallel()
	l := ledgerOf(4, 800)
	path, kept := ordersFile(t, l), " --store sqlite --sqlite-file "+filepath.Join(t.TempDir(), "shop.db")
	stored := l.wanted.withoutRejected(t)
	for _, present := range []int64{0, stored.Rows} {
		wantOrders(t, "", importArgs(path, kept), cli.ExitFindings, l.wanted, present)
		wantOrders(t, "", "report orders --source old --format json"+kept, cli.ExitDone, stored, stored.Rows)
	}
	if code, out, failure := shopCommand(t, "", "doctor"+kept); code != cli.ExitDone || !strings.Contains(out, "nothing found") {
		t.Errorf("doctor: exit %d\n%s\n%s", code, out, failure)
	}
}

// TestImportOrdersInterrupted ends imports by a signal and by kill -9, two of them the real program's, in the midst of the file: begun anew it
// comes to the same.
func TestImportOrdersInterrupted(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	l := ledgerOf(7, 3500)
	path, stored := ordersFile(t, l), l.wanted.withoutRejected(t)
	t.Run("signal", func(t *testing.T) {
		t.Parallel()
		dsn := database(t)
		var out bytes.Buffer
		stop := &stops{signals: make(chan os.Signal, 1)}
		code := cli.Run(strings.Fields(importArgs(path, "")), cli.Process{
			Stdout: &out, Stderr: stop, Getenv: func(name string) string { return map[string]string{"DATABASE_URL": dsn}[name] },
			Signals: func() (<-chan os.Signal, func()) { return stop.signals, func() {} },
		})
		var so struct{ Done, Rows int64 }
		if err := json.Unmarshal(out.Bytes(), &so); code != cli.ExitInterrupted || err != nil || so.Done == 0 || so.Done == so.Rows {
			t.Errorf("interrupted: exit %d with %+v, %v\n%s", code, so, err, stop.text.String())
		}
		goesOn(t, dsn, path, l.wanted, stored)
	})
	for name, c := range map[string]struct {
		signal os.Signal
		code   int
	}{"kill": {os.Kill, -1}, "interrupt": {os.Interrupt, cli.ExitInterrupted}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dsn := database(t)
			program, err := shopBinary()
			if err != nil {
				t.Fatal(err)
			}
			cmd := exec.CommandContext(t.Context(), program, strings.Fields(importArgs(path, ""))...)
			cmd.Dir, cmd.Env = t.TempDir(), append(withoutSettings(os.Environ()), "DATABASE_URL="+dsn)
			told, err := cmd.StderrPipe()
			if err == nil {
				err = cmd.Start()
			}
			if err != nil {
				t.Fatal(err)
			}
			sent := false
			for lines := bufio.NewScanner(told); lines.Scan(); { // To the end, so that it is never held up.
				if strings.Contains(lines.Text(), " of ") && !sent {
					sent = true
					_ = cmd.Process.Signal(c.signal) // It may have ended.
				}
			}
			if err := cmd.Wait(); err == nil || cmd.ProcessState.ExitCode() != c.code {
				t.Errorf("it ended with %v, want exit code %d; was it done before, for the file is too small?", err, c.code)
			}
			goesOn(t, dsn, path, l.wanted, stored)
		})
	}
}

// goesOn imports what was begun and requires that all is there.
func goesOn(t *testing.T, dsn, path string, wanted, stored ordersReport) {
	t.Helper()
	code, out, _ := shopCommand(t, dsn, "report orders --source old --format json")
	begun, _ := reported(t, out)
	if code != cli.ExitDone || begun.Rows == 0 || begun.Rows >= stored.Rows {
		t.Errorf("%d of %d rows were there in between", begun.Rows, stored.Rows)
	}
	wantOrders(t, dsn, importArgs(path, ""), cli.ExitFindings, wanted, begun.Rows)
	wantOrders(t, dsn, "report orders --source old --format json", cli.ExitDone, stored, stored.Rows)
	soundOrders(t, dsn)
}

// TestImportOrdersRealFile imports the month of a retailer that COMMERCE_ORDERS_CSV names.
func TestImportOrdersRealFile(t *testing.T) {
	t.Parallel()
	path := os.Getenv("COMMERCE_ORDERS_CSV")
	if path == "" || !needsDatabase(t) {
		t.Log("COMMERCE_ORDERS_CSV is not set, or there is no database: no real file was imported")
		return
	}
	var wanted ordersReport
	wanted.Rows, wanted.Sum, wanted.Stored, wanted.Rounding = 42481, "748957.02", "748957.02", "0.00"
	wanted.Sales.Rows, wanted.Sales.Sum, wanted.Sales.Orders = 41320, "778008.36", 1550
	wanted.Refunds.Rows, wanted.Refunds.Sum, wanted.Refunds.CreditNotes = 698, "-17607.86", 301
	wanted.Adjustments.Rows, wanted.Adjustments.Sum, wanted.Rejected.Sum = 463, "-11443.48", "0.00"
	dsn := database(t)
	wantOrders(t, dsn, importArgs(path, ""), cli.ExitDone, wanted, 0)
	wantOrders(t, dsn, "report orders --source old --format json", cli.ExitDone, wanted, 42481)
	wantOrders(t, dsn, importArgs(path, ""), cli.ExitDone, wanted, 42481)
	soundOrders(t, dsn)
}
