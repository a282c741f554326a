package figures_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
)

// keyedElsewhere is how many rows a second pgbench read by their keys on the machine on which the absolute aims were set:
// as many cores, PostgreSQL 15.18, 16 clients.
const keyedElsewhere = 77_656

// machine measures what this machine is beside the one of the aims, so that figures that are no ratios can be compared.
func machine(b *bench) {
	script := "\\set a random(0, " + strconv.Itoa(skus-1) + ")\nSELECT on_hand FROM commerce.stock_levels WHERE shop = 1 AND sku = 'SKU-' || lpad(:a::text, 4, '0') AND location = 'main';\n"
	file := filepath.Join(b.t.TempDir(), "script.sql")
	b.must(os.WriteFile(file, []byte(script), 0o600))
	var rates []float64
	for range b.rounds {
		before, busy, mine := cpuOf(b.postgres.PIDs(b.t)), machineCPU(b.t), childCPU(b.t)
		out, err := exec.CommandContext(b.t.Context(), b.pgbench, "-n", "-M", "prepared", "-c", "16", "-j", "2",
			"-T", strconv.Itoa(int(b.duration.Seconds())), "-f", file, b.dsn).CombinedOutput()
		if err != nil {
			b.t.Fatalf("pgbench: %v\n%s", err, out)
		}
		m := regexp.MustCompile(`tps = ([0-9.]+)`).FindSubmatch(out)
		rate, err := strconv.ParseFloat(string(m[1]), 64)
		b.must(err)
		r := run{ops: int(rate * b.duration.Seconds()), seconds: b.duration.Seconds(), cpu: cpuOf(b.postgres.PIDs(b.t)) - before}
		r.others = (machineCPU(b.t) - busy - r.cpu - (childCPU(b.t) - mine)).Seconds() / r.seconds
		b.report.add("machine", "pgbench", r)
		rates = append(rates, rate)
	}
	b.report.conclude("machine", "rows that pgbench reads by their keys, a second, 16 clients", middle(rates), 0, false,
		fmt.Sprintf("%.2f of the machine on which the aims that are no ratios were set", middle(rates)/keyedElsewhere))
}
