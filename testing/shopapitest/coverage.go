package shopapitest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Coverage keeps which documented answers were seen: pairs of an operation and a status, each written as a line
// "METHOD path-template status", such as "GET /api/v1/carts/{id} 404". It is safe for concurrent use.
type Coverage struct {
	document *Document

	mu   sync.Mutex
	seen map[string]bool
}

// NewCoverage starts empty on an OpenAPI 3.1 document. It fails when that is no such document.
func NewCoverage(document []byte) (*Coverage, error) {
	parsed, err := ParseDocument(document)
	if err != nil {
		return nil, err
	}
	return &Coverage{document: parsed, seen: make(map[string]bool)}, nil
}

// Document is what the coverage is of.
func (c *Coverage) Document() *Document { return c.document }

// Record notes an answer to a request for a path, whose query is ignored. It is false when the document has no such
// operation or no such status of it; a HEAD is looked up as the GET that it stands for and counts for nothing.
func (c *Coverage) Record(method, path string, status int) bool {
	op := c.document.find(method, path)
	if op == nil || op.responses[status] == nil {
		return false
	}
	if op.method == method {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.seen[op.line(status)] = true
	}
	return true
}

// Add takes lines of another coverage of the same document. It fails on a line that is none of its answers, and takes
// the others.
func (c *Coverage) Add(lines []string) error {
	known := c.document.lines()
	c.mu.Lock()
	defer c.mu.Unlock()
	var wrong []string
	for _, line := range lines {
		if slices.Contains(known, line) {
			c.seen[line] = true
		} else {
			wrong = append(wrong, strconv.Quote(line))
		}
	}
	if len(wrong) > 0 {
		return fmt.Errorf("not in the document: %s", strings.Join(wrong, ", "))
	}
	return nil
}

// Lines lists the documented answers that were seen, sorted.
func (c *Coverage) Lines() []string { return c.list(true) }

// Missing lists the documented answers that were not seen, sorted.
func (c *Coverage) Missing() []string { return c.list(false) }

func (c *Coverage) list(seen bool) []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.DeleteFunc(c.document.lines(), func(line string) bool { return c.seen[line] != seen })
}

// statusOf is the status at the end of a line.
func statusOf(line string) int {
	status, err := strconv.Atoi(line[strings.LastIndexByte(line, ' ')+1:])
	if err != nil {
		return 0
	}
	return status
}
