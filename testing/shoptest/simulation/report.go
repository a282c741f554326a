package simulation

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Finding is something that must not be.
type Finding struct {
	Check   string // Which rule it breaks, such as "order-lost".
	Subject string // Whom it is about.
	Detail  string
	Step    int
}

// String is the finding on one line.
func (f Finding) String() string {
	return fmt.Sprintf("step %d: %s: %s: %s", f.Step, f.Check, f.Subject, f.Detail)
}

// Report is what came of a simulation.
type Report struct {
	Seed     uint64
	Steps    int    // How many were done; fewer than asked for when there was a finding.
	Digest   string // Of the history: two runs of the same seed and steps give the same.
	Findings []Finding
	Tail     []string       // The end of the history.
	Counts   map[string]int // What happened how often, by name.
}

// Clean tells whether nothing was found.
func (r Report) Clean() bool { return len(r.Findings) == 0 }

// String tells how to run it again and what was found, or how much happened.
func (r Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "seed %d, %d steps, history %s\n", r.Seed, r.Steps, r.Digest)
	for _, f := range r.Findings {
		fmt.Fprintf(&b, "  %s\n", f)
	}
	if !r.Clean() {
		fmt.Fprintf(&b, "the history ends:\n  %s\n", strings.Join(r.Tail, "\n  "))
		return b.String()
	}
	for _, name := range slices.Sorted(maps.Keys(r.Counts)) {
		fmt.Fprintf(&b, "  %-40s %8d\n", name, r.Counts[name])
	}
	return b.String()
}
