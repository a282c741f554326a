package archtest

import (
	"fmt"
	"slices"
)

// The sizes that files written by people keep, tests apart. They follow codebases that read well; a file that grows
// past them has found a second subject.
const (
	medianLinesMax = 100
	p90LinesMax    = 300
	fileLinesMax   = 500
)

// Sizes checks the lines of every file, and how they are spread over all.
func Sizes(t *Tree) []string {
	var found []string
	var lines []int
	for _, f := range t.Files {
		if f.Test || f.Generated {
			continue
		}
		lines = append(lines, f.Lines)
		if f.Lines > fileLinesMax {
			found = append(found, fmt.Sprintf("%s has %d lines, more than %d; split it by subject", f.Path, f.Lines, fileLinesMax))
		}
	}
	if len(lines) == 0 {
		return found
	}
	slices.Sort(lines)
	if median := lines[len(lines)/2]; median > medianLinesMax {
		found = append(found, fmt.Sprintf("the median file has %d lines, more than %d", median, medianLinesMax))
	}
	if p90 := lines[(len(lines)*9-1)/10]; p90 > p90LinesMax {
		found = append(found, fmt.Sprintf("one file in ten has %d lines or more; nine in ten may have at most %d", p90, p90LinesMax))
	}
	return found
}
