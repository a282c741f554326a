package figures_test

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// quiet is how many cores others may use for a row to count as undisturbed.
const quiet = 0.2

// run is one measurement.
type run struct {
	ops     int
	seconds float64
	cpu     time.Duration // Of the server and the database; of the database alone for pgbench.
	server  time.Duration // The server's part of it.
	others  float64       // Cores that neither these nor the client used.
}

func (r run) rate() float64 { return float64(r.ops) / r.seconds }

func (r run) cpuMillis() float64 { return r.millis(r.cpu) }

func (r run) millis(d time.Duration) float64 { return d.Seconds() * 1000 / float64(max(r.ops, 1)) }

// report is everything that was measured: the rows as they came, and what they come to.
type report struct {
	Taken   string   `json:"taken"`
	Cores   int      `json:"cores"`
	CPU     string   `json:"cpu"`
	Go      string   `json:"go"`
	Results []result `json:"results"`
	Rows    []row    `json:"rows"`
}

// row is one run of one side.
type row struct {
	Figure  string  `json:"figure"`
	Side    string  `json:"side"`
	Ops     int     `json:"ops"`
	Seconds float64 `json:"seconds"`
	Rate    float64 `json:"per_second"`
	CPU     float64 `json:"cpu_ms_per_op"`
	Server  float64 `json:"server_cpu_ms_per_op"`
	Others  float64 `json:"others_cores"`
	Noisy   bool    `json:"noisy"`
}

// result is a figure beside its aim.
type result struct {
	Figure string  `json:"figure"`
	What   string  `json:"what"`
	Value  float64 `json:"value"`
	Aim    float64 `json:"aim"`
	Most   bool    `json:"at_most"` // Else at least.
	Met    bool    `json:"met"`
	Noisy  bool    `json:"noisy"`  // A row of it was.
	Detail string  `json:"detail"` // Medians of both sides.
}

func newReport(t *testing.T) *report {
	t.Helper()
	info, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		t.Fatal(err)
	}
	_, model, _ := strings.Cut(string(info), "model name")
	model, _, _ = strings.Cut(strings.TrimLeft(model, "\t :"), "\n")
	return &report{Taken: time.Now().UTC().Format(time.RFC3339), Cores: runtime.NumCPU(), CPU: model, Go: runtime.Version()}
}

// add keeps a run.
func (r *report) add(figure, side string, m run) {
	if os.Getenv(tellVariable) != "" {
		fmt.Printf("%s %s: %.0f/s, %.3f ms CPU, of it the server %.3f\n", figure, side, m.rate(), m.cpuMillis(), m.millis(m.server))
	}
	r.Rows = append(r.Rows, row{figure, side, m.ops, m.seconds, m.rate(), m.cpuMillis(), m.millis(m.server), m.others, m.others > quiet})
}

// noisy tells whether a run of the figure was disturbed.
func (r *report) noisy(figure string) bool {
	return slices.ContainsFunc(r.Rows, func(w row) bool { return w.Figure == figure && w.Noisy })
}

// conclude keeps what a figure came to. Aim 0 is none.
func (r *report) conclude(figure, what string, value, aim float64, most bool, detail string) {
	met := aim == 0 || most && value <= aim || !most && value >= aim
	r.Results = append(r.Results, result{figure, what, value, aim, most, met, r.noisy(figure), detail})
}

// pair measures A and B back to back, A, B, B, A in each round, and concludes with the median over the rounds of how much
// faster A is; and of how much less processor it takes, which others on the machine disturb less.
func (b *bench) pair(figure, what string, aim float64, sideA, sideB string, measureA, measureB func() run) {
	var ratios, rateA, rateB, cpuA, cpuB []float64
	for range b.rounds {
		var as, bs []run
		for _, first := range []bool{true, false, false, true} {
			if first {
				as = append(as, measureA())
				b.report.add(figure, sideA, as[len(as)-1])
			} else {
				bs = append(bs, measureB())
				b.report.add(figure, sideB, bs[len(bs)-1])
			}
		}
		ratios = append(ratios, (as[0].rate()+as[1].rate())/(bs[0].rate()+bs[1].rate()))
		for i := range as {
			rateA, rateB = append(rateA, as[i].rate()), append(rateB, bs[i].rate())
			cpuA, cpuB = append(cpuA, as[i].cpuMillis()), append(cpuB, bs[i].cpuMillis())
		}
	}
	b.report.conclude(figure, what, middle(ratios), aim, false, fmt.Sprintf("%s %.0f/s, %.3f ms CPU; %s %.0f/s, %.3f ms CPU",
		sideA, middle(rateA), middle(cpuA), sideB, middle(rateB), middle(cpuB)))
}

// middle is the median.
func middle(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// print writes the table of docs/performance.md.
func (r *report) print(w io.Writer) {
	fmt.Fprintf(w, "\n| figure | measured | aim | | medians |\n|---|---|---|---|---|\n")
	for _, x := range r.Results {
		aim, met := "", ""
		if x.Aim != 0 {
			aim, met = fmt.Sprintf("≥ %.4g", x.Aim), "met"
			if x.Most {
				aim = fmt.Sprintf("≤ %.4g", x.Aim)
			}
			if !x.Met {
				met = "**missed**"
			}
		}
		if x.Noisy {
			met = strings.TrimSpace(met + " (noisy)")
		}
		fmt.Fprintf(w, "| %s | %.3g | %s | %s | %s |\n", x.What, x.Value, aim, met, x.Detail)
	}
}
