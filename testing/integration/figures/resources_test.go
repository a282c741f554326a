package figures_test

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"time"
)

// starts are how often the start is measured.
const starts = 11

// coldStart measures the time from the start of the program, its shop in memory, to its first good answer.
func coldStart(b *bench) {
	var times []float64
	for range starts {
		busy, mine := machineCPU(b.t), childCPU(b.t)
		cmd := exec.CommandContext(b.t.Context(), b.binary, "serve", "--store", "memory", "--listen", "127.0.0.1:0", "--log-level", "error", "--drain", "0s")
		start := time.Now()
		base, pid, stop := b.started(cmd)
		for {
			resp, err := http.Get(base + "/health/ready") //nolint:noctx // It answers or refuses at once.
			if err == nil {
				_ = resp.Body.Close()
			}
			if err == nil && resp.StatusCode == http.StatusOK {
				break
			}
		}
		took := time.Since(start)
		r := run{ops: 1, seconds: took.Seconds(), cpu: cpuOf([]int{pid})}
		r.others = (machineCPU(b.t) - busy - r.cpu - (childCPU(b.t) - mine)).Seconds() / r.seconds
		b.report.add("start", "shop", r)
		times = append(times, took.Seconds()*1000)
		stop()
	}
	b.report.conclude("start", "milliseconds from the start on memory to the first good answer", middle(times), 150, true, fmt.Sprintf("%.0f to %.0f", slices.Min(times), slices.Max(times)))
}

// memory measures what the server, built as the image is, takes at rest, and the most that it took while 64 clients
// ordered and looked around.
func memory(b *bench) {
	whole := b.binary
	b.binary = build(b.t, "-trimpath", "-tags", "nosqlite", "-ldflags", "-s -w")
	defer func() { b.binary = whole }()
	base, pid, stop := b.serve("--database-url", b.dsn)
	b.body(base + "/health/ready")
	time.Sleep(3 * time.Second) // What the start left over is given back.
	rest, own := megabytes(b, pid, "Pss:", "smaps_rollup"), megabytes(b, pid, "Pss_Anon:", "smaps_rollup")
	b.get(pid, clients, base+listPath, base+"/api/v1/products/p1", base+"/api/v1/products/p2")
	stop()
	b.report.conclude("memory-rest", "megabytes at rest (PSS)", rest, 40, true, fmt.Sprintf("%.1f of its own, the rest pages of the program's file", own))
	var peak float64
	b.watched = func(pid int) { peak = megabytes(b, pid, "VmHWM:", "status") }
	b.shop(false)
	b.watched = nil
	b.report.conclude("memory-load", "megabytes at most with 64 clients that order (peak RSS)", peak, 150, true, "")
}

// megabytes reads a line of a file of /proc about a process.
func megabytes(b *bench, pid int, line, file string) float64 {
	n, ok := readMegabytes(pid, line, file)
	if !ok {
		b.t.Fatalf("no %s in %s", line, file)
	}
	return n
}

// readMegabytes is megabytes of a process that may have ended.
func readMegabytes(pid int, line, file string) (n float64, ok bool) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", pid, file))
	if err != nil {
		return 0, false
	}
	m := regexp.MustCompile(`(?m)^` + line + `\s+(\d+) kB`).FindSubmatch(bytes.TrimSpace(text))
	if m == nil {
		return 0, false
	}
	n, err = strconv.ParseFloat(string(m[1]), 64)
	return n * 1024 / 1e6, err == nil
}
