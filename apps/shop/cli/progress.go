package cli

import (
	"fmt"
	"io"
	"os"
	"time"
)

// progressEvery is how often a terminal is told how far a file is: as often as people can read.
const progressEvery = 200 * time.Millisecond

// progress tells on a terminal how far a file is, on one line that it writes anew. Where there is no terminal it says
// nothing: logs need no bars.
type progress struct {
	to    io.Writer // Nil for nobody.
	size  int64     // Of the file; 0 when it is not known.
	now   func() time.Time
	start time.Time
	last  time.Time
	shown bool
}

// newProgress tells on a writer, if that is a terminal.
func newProgress(w io.Writer, size int64) *progress {
	p := &progress{size: size, now: time.Now}
	p.start = p.now()
	if f, ok := w.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			p.to = w
		}
	}
	return p
}

// show tells how far a phase is.
func (p *progress) show(phase string, rows int, bytes int64, products int) {
	now := p.now()
	if p.to == nil || p.shown && now.Sub(p.last) < progressEvery {
		return
	}
	p.last, p.shown = now, true
	done := ""
	if p.size > 0 {
		done = fmt.Sprintf(" · %d %% of %s", min(100*bytes/p.size, 100), size(p.size))
	}
	if products > 0 {
		done += fmt.Sprintf(" · %d products", products)
	}
	fmt.Fprintf(p.to, "\r\x1b[K%s: %d rows%s · %d s", phase, rows, done, int(now.Sub(p.start).Seconds()))
}

// end clears the line, for what is written next.
func (p *progress) end() {
	if p.shown {
		fmt.Fprint(p.to, "\r\x1b[K")
		p.shown = false
	}
}

// size is a number of bytes for people.
func size(n int64) string {
	const k = 1 << 10
	switch {
	case n < k:
		return fmt.Sprintf("%d B", n)
	case n < k*k:
		return fmt.Sprintf("%d KiB", n/k)
	}
	return fmt.Sprintf("%.1f MiB", float64(n)/(k*k))
}
