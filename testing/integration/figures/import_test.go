package figures_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/ipswich-retail/commerce/testing/integration/load"
)

// imports measures how long files of orders take to be imported, and how much memory: invoice by invoice, as a ledger is
// written, and the same rows in no order at all.
func imports(b *bench) {
	for _, f := range []struct {
		name   string
		rows   int
		mixed  bool
		within float64
	}{
		{"orders-40k", 40_000, false, 10},
		{"orders-40k-mixed", 40_000, true, 10},
		{"orders-500k", 500_000, false, 120},
		{"orders-500k-mixed", 500_000, true, 120},
	} {
		name := b.ledger(f.rows, f.mixed)
		dsn := b.postgres.Database(b.t)
		b.migrate(dsn)
		var out strings.Builder
		cmd := exec.CommandContext(b.t.Context(), b.binary, "import", "orders", name, "--source", "old", "--timezone", "Europe/London",
			"--create-products", "--format", "json", "--database-url", dsn, "--log-level", "error")
		cmd.Stdout, cmd.Stderr = &out, os.Stderr
		before, busy, mine := cpuOf(b.postgres.PIDs(b.t)), machineCPU(b.t), childCPU(b.t)
		start := time.Now()
		b.must(cmd.Start())
		peak := b.peakUntilItEnds(cmd)
		took := time.Since(start)
		own := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
		r := run{ops: f.rows, seconds: took.Seconds(), cpu: cpuOf(b.postgres.PIDs(b.t)) - before + own, server: own}
		// The child's own time was added to this process's when it was waited for.
		r.others = (machineCPU(b.t) - busy - (r.cpu - own) - (childCPU(b.t) - mine)).Seconds() / r.seconds
		b.report.add(f.name, "shop", r)
		var report struct {
			Rows     int `json:"rows"`
			Rejected struct {
				Rows int `json:"rows"`
			} `json:"rejected"`
		}
		b.must(json.Unmarshal([]byte(out.String()), &report))
		if report.Rows != f.rows || report.Rejected.Rows > 0 {
			b.t.Errorf("%s: %d rows were read and %d rejected", f.name, report.Rows, report.Rejected.Rows)
		}
		what := fmt.Sprintf("seconds for %d rows of orders", f.rows)
		if f.mixed {
			what += ", in no order"
		}
		b.report.conclude(f.name, what, r.seconds, f.within, true, fmt.Sprintf("%.0f rows/s, %.1f s CPU of its own and %.1f of PostgreSQL, %.0f MB at most",
			r.rate(), own.Seconds(), (r.cpu-own).Seconds(), peak))
		b.report.conclude(f.name+"-memory", what+": megabytes at most", peak, 200, true, "")
	}
}

// peakUntilItEnds waits for a program and gives the most memory that it had, in megabytes. What the kernel tells of a child
// that has ended is never less than what its parent had.
func (b *bench) peakUntilItEnds(cmd *exec.Cmd) (peak float64) {
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for {
		select {
		case err := <-ended:
			b.must(err)
			return peak
		case <-look.C:
			if now, ok := readMegabytes(cmd.Process.Pid, "VmHWM:", "status"); ok {
				peak = max(peak, now)
			}
		}
	}
}

// ledger writes a file of so many rows of sales.
func (b *bench) ledger(rows int, mixed bool) (name string) {
	var lines []string
	at := time.Date(2010, 12, 1, 8, 0, 0, 0, time.UTC)
	for _, invoice := range load.Generate(7, rows/10) {
		at = at.Add(7 * time.Minute)
		for _, l := range invoice.Lines {
			if len(lines) < rows {
				lines = append(lines, fmt.Sprintf("%s,%s,ITEM %s,%d,%s,%d.%02d,%d,United Kingdom\n", strings.ReplaceAll(invoice.Number, "G", "5"), l.Code, l.Code, l.Quantity,
					at.Format("2006-01-02 15:04:05"), l.Price/100, l.Price%100, 12_000+at.Unix()%4000))
			}
		}
	}
	if len(lines) < rows {
		b.t.Fatalf("the invoices have %d lines, want %d", len(lines), rows)
	}
	if mixed {
		rand.New(rand.NewPCG(7, 7)).Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] }) //nolint:gosec // The same order each time.
	}
	name = filepath.Join(b.t.TempDir(), "orders.csv")
	f, err := os.Create(name)
	b.must(err)
	w := bufio.NewWriter(f)
	_, _ = w.WriteString("InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n")
	for _, line := range lines {
		_, _ = w.WriteString(line)
	}
	b.must(w.Flush())
	b.must(f.Close())
	return name
}
