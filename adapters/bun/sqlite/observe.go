package sqlite

import (
	"context"
	"database/sql/driver"
	"strings"
	"time"

	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/ports/observe"
)

// watcher sees the statements of one handle: it logs those that are slow, until their last row is read, and makes spans of
// those whose request is traced. Statements hold no values.
type watcher struct {
	pool  string
	slow  time.Duration // 0 logs none.
	log   *zap.Logger
	trace observe.Trace
}

// blind tells whether nobody wants to see anything.
func (w watcher) blind() bool { return w.slow <= 0 && w.trace == nil }

// watched is a statement while it lasts; nil is one that nobody looks at.
type watched struct {
	by    watcher
	of    observe.Correlation
	text  string
	began time.Time
	rows  int64
	err   error
	span  func(error)
}

// begin begins to measure a statement, and its span if its request is traced.
func (w watcher) begin(ctx context.Context, text string) *watched {
	if w.blind() {
		return nil
	}
	of := observe.Of(ctx)
	if w.slow <= 0 && !of.Sampled {
		return nil
	}
	it := &watched{by: w, of: of, text: text}
	it.began = time.Now() //nolint:forbidigo // Durations are measured with the machine's monotonic clock: a shop's may be set.
	if w.trace != nil && of.Sampled {
		_, it.span = w.trace.Begin(ctx, observe.SQL, nameOf(text))
	}
	return it
}

// row counts a row that was read.
func (it *watched) row() {
	if it != nil {
		it.rows++
	}
}

// failed keeps an error for the span.
func (it *watched) failed(err error) {
	if it != nil && err != nil {
		it.err = err
	}
}

// changed counts rows that were written.
func (it *watched) changed(result driver.Result, err error) {
	if it == nil {
		return
	}
	if it.failed(err); err != nil {
		return
	}
	if n, err := result.RowsAffected(); err == nil {
		it.rows += n
	}
}

// end ends the span and logs what was slow.
func (it *watched) end(err error) {
	if it == nil {
		return
	}
	it.failed(err)
	if it.span != nil {
		it.span(it.err)
	}
	took := time.Since(it.began)
	if it.by.slow <= 0 || took < it.by.slow {
		return
	}
	fields := []zap.Field{
		zap.String(observe.Pool, it.by.pool), zap.Float64(observe.Duration, float64(took.Microseconds())/1000),
		zap.String(observe.Statement, strings.Join(strings.Fields(it.text), " ")), zap.Int64(observe.Rows, it.rows),
	}
	if it.of.RequestID != "" || it.of.TraceID != "" {
		fields = append(fields, zap.String(observe.RequestID, it.of.RequestID), zap.String(observe.TraceID, it.of.TraceID))
	}
	it.by.log.Warn(observe.SlowQuery, fields...)
}

// watchedTx is a transaction whose COMMIT is seen: it is what waits for the disk.
type watchedTx struct {
	driver.Tx
	by  watcher
	ctx context.Context //nolint:containedctx // Only for what it says of the request; a driver.Tx is given none.
}

// Commit commits.
func (t watchedTx) Commit() error {
	it := t.by.begin(t.ctx, "COMMIT")
	err := t.Tx.Commit()
	it.end(err)
	return err
}

// verbs are what a statement may do, in the order in which a name prefers them: what changes something counts.
var verbs = []string{"INSERT", "UPDATE", "DELETE", "SELECT"}

// nameOf names a statement by its verb and the first of its tables, such as "SELECT orders": names are as few as
// statements are, whatever is asked for.
func nameOf(statement string) string {
	words := strings.Fields(statement)
	if len(words) == 0 {
		return ""
	}
	verb := strings.ToUpper(words[0])
	if verb == "WITH" {
		for _, v := range verbs {
			if strings.Contains(statement, v+" ") {
				verb = v
				break
			}
		}
	}
	for i, word := range words[1:] {
		switch words[i] {
		case "INTO", "FROM", "JOIN", "UPDATE":
			if table := strings.TrimRight(word, "),"); !strings.Contains(table, "(") {
				return verb + " " + table
			}
		}
	}
	return verb
}
