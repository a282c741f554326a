package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/ipswich-retail/commerce/adapters/bridge/doctor"
)

// findingsError is that something was found.
type findingsError struct{ count int64 }

// Error tells how much.
func (e *findingsError) Error() string {
	if e.count == 1 {
		return "there is one finding"
	}
	return fmt.Sprintf("there are %d findings", e.count)
}

// writeJSON writes the report for machines.
func writeJSON(w io.Writer, r doctor.Report) error {
	data, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	_, err = w.Write(append(data, '\n'))
	return err
}

// writeText writes the report for people: what was looked at, and what each check found.
func writeText(w io.Writer, r doctor.Report) error {
	var b strings.Builder
	var counts []string
	for _, what := range doctor.Subjects() {
		counts = append(counts, fmt.Sprintf("%d %s", r.Examined[what], what))
	}
	fmt.Fprintf(&b, "examined %s at %s\n", strings.Join(counts, ", "), r.At.Format("2006-01-02 15:04:05 MST"))
	if r.Clean() {
		fmt.Fprintf(&b, "%d checks, nothing found\n", len(r.Checks))
	}
	for _, c := range r.Checks {
		title := fmt.Sprintf("\n%s %s: %s\n", c.Invariant, c.Name, c.Meaning)
		for _, f := range r.Findings {
			if f.Check == c.Name {
				fmt.Fprintf(&b, "%s  %s\n    expected %s\n    got      %s\n", title, f.Subject, f.Expected, f.Got)
				title = ""
			}
		}
	}
	if more := r.Count - int64(len(r.Findings)); more > 0 {
		fmt.Fprintf(&b, "\nand %d more\n", more)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
