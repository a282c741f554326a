package simulation

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"time"
)

// tailLines is how much of the history a report shows.
const tailLines = 120

// history is what happened, line by line: a digest of all of it, and its end.
type history struct {
	out    io.Writer
	sum    hash.Hash
	tail   []string
	counts map[string]int
}

func newHistory(out io.Writer) *history {
	return &history{out: out, sum: sha256.New(), counts: map[string]int{}}
}

// add writes a line.
func (h *history) add(step int, at time.Time, line string) {
	text := fmt.Sprintf("%06d %s %s", step, at.Format("02 15:04:05.000000"), line)
	_, _ = io.WriteString(h.sum, text+"\n") // A hash never fails.
	if h.out != nil {
		_, _ = io.WriteString(h.out, text+"\n") // Who listens knows when it cannot hear.
	}
	if len(h.tail) >= 2*tailLines {
		h.tail = append(h.tail[:0], h.tail[tailLines:]...)
	}
	h.tail = append(h.tail, text)
}

func (h *history) count(name string) { h.counts[name]++ }

func (h *history) digest() string { return hex.EncodeToString(h.sum.Sum(nil)) }

func (h *history) end() []string { return h.tail[max(0, len(h.tail)-tailLines):] }
