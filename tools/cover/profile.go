package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path"
	"strings"
)

// block is a run of statements that are reached together: file and positions, as a profile writes them.
type block string

// tally is what is known of a block.
type tally struct {
	statements int
	reached    bool
}

// profile is what all tests reached.
type profile map[block]tally

// read adds the profile in a file.
func (p profile) read(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	if err := p.add(f); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// add adds a profile: lines "file:from,to statements count" behind a line with the mode. A block that any test reached
// is reached, whichever of many test programs tells of it.
func (p profile) add(r io.Reader) error {
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		text := lines.Text()
		if strings.HasPrefix(text, "mode: ") || text == "" {
			continue
		}
		var where string
		var statements, count int
		if _, err := fmt.Sscanf(text, "%s %d %d", &where, &statements, &count); err != nil || !strings.Contains(where, ":") {
			return fmt.Errorf("line %d is none of a profile: %q", n, text)
		}
		was := p[block(where)]
		p[block(where)] = tally{statements, was.reached || count > 0}
	}
	return lines.Err()
}

// importPath is the package that a block stands in.
func (b block) importPath() string {
	file, _, _ := strings.Cut(string(b), ":")
	return path.Dir(file)
}
