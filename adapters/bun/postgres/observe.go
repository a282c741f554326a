package postgres

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/ports/observe"
)

// watcher sees the statements of one pool: it logs those that are slow, and makes spans of those whose request is traced.
type watcher struct {
	pool  string
	slow  time.Duration // 0 logs none.
	log   *zap.Logger
	trace observe.Trace
}

var (
	_ pgx.QueryTracer       = (*watcher)(nil)
	_ pgx.BatchTracer       = (*watcher)(nil)
	_ pgxpool.AcquireTracer = (*watcher)(nil)
)

// watch makes the pool's statements seen, if anybody wants to.
func (c Config) watch(pc *pgxpool.Config, pool string) {
	if c.SlowQuery > 0 || c.Trace != nil {
		pc.ConnConfig.Tracer = &watcher{pool: pool, slow: c.SlowQuery, log: c.Logger, trace: c.Trace}
	}
}

// watched is a statement, a batch or a wait while it lasts.
type watched struct {
	began time.Time
	sql   string
	end   func(error)

	// Of a batch. Which of its statements took long nobody can tell: the server keeps their answers until all are done.
	batch *pgx.Batch
	rows  int64
}

type watchedKey struct{}

// begin notes when something begins, and begins its span if its request is traced; name is asked for only then.
func (w *watcher) begin(ctx context.Context, sql string, name func() string) context.Context {
	now := time.Now() //nolint:forbidigo // Durations are measured with the machine's monotonic clock: a shop's may be set.
	it := &watched{began: now, sql: sql}
	if w.trace != nil && observe.Of(ctx).Sampled {
		ctx, it.end = w.trace.Begin(ctx, observe.SQL, name())
	}
	return context.WithValue(ctx, watchedKey{}, it)
}

// finish ends the span and tells how long it took; nil is something whose beginning was not seen.
func finish(ctx context.Context, err error) (*watched, time.Duration) {
	it, _ := ctx.Value(watchedKey{}).(*watched)
	if it == nil {
		return nil, 0
	}
	if it.end != nil {
		it.end(hushed(err))
	}
	return it, time.Since(it.began)
}

// tell logs what was slow.
func (w *watcher) tell(ctx context.Context, message string, took time.Duration, more ...zap.Field) {
	fields := append([]zap.Field{
		zap.String(observe.Pool, w.pool), zap.Float64(observe.Duration, float64(took.Microseconds())/1000),
	}, more...)
	if c := observe.Of(ctx); c.RequestID != "" || c.TraceID != "" {
		fields = append(fields, zap.String(observe.RequestID, c.RequestID), zap.String(observe.TraceID, c.TraceID))
	}
	w.log.Warn(message, fields...)
}

// late tells whether something took so long that it is logged.
func (w *watcher) late(took time.Duration) bool { return w.slow > 0 && took >= w.slow }

// TraceQueryStart is called by pgx before a statement is sent.
func (w *watcher) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	return w.begin(ctx, data.SQL, func() string { return nameOf(stripped(data.SQL)) })
}

// TraceQueryEnd is called by pgx when the answer was read.
func (w *watcher) TraceQueryEnd(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryEndData) {
	if it, took := finish(ctx, data.Err); it != nil && w.late(took) {
		w.tell(ctx, observe.SlowQuery, took, zap.String(observe.Statement, stripped(it.sql)), zap.Int64(observe.Rows, data.CommandTag.RowsAffected()))
	}
}

// TraceBatchStart is called by pgx before several statements are sent at once.
func (w *watcher) TraceBatchStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceBatchStartData) context.Context {
	ctx = w.begin(ctx, "", func() string {
		for _, q := range data.Batch.QueuedQueries {
			if name := nameOf(stripped(q.SQL)); strings.Contains(name, " ") { // The first that is about a table.
				return "batch " + name
			}
		}
		return "batch"
	})
	if it, ok := ctx.Value(watchedKey{}).(*watched); ok {
		it.batch = data.Batch
	}
	return ctx
}

// TraceBatchQuery is called by pgx when the answer of one of them was read.
func (w *watcher) TraceBatchQuery(ctx context.Context, _ *pgx.Conn, data pgx.TraceBatchQueryData) {
	if it, ok := ctx.Value(watchedKey{}).(*watched); ok {
		it.rows += data.CommandTag.RowsAffected()
	}
}

// TraceBatchEnd is called by pgx when all answers were read.
func (w *watcher) TraceBatchEnd(ctx context.Context, _ *pgx.Conn, data pgx.TraceBatchEndData) {
	if it, took := finish(ctx, data.Err); it != nil && w.late(took) {
		w.tell(ctx, observe.SlowQuery, took, zap.String(observe.Statement, together(it.batch)), zap.Int64(observe.Rows, it.rows))
	}
}

// together are the stripped statements of a batch.
func together(batch *pgx.Batch) string {
	var all []string
	size := 0
	for _, q := range batch.QueuedQueries {
		if size > statementMost {
			return strings.Join(append(all, "…"), "; ")
		}
		all = append(all, stripped(q.SQL))
		size += len(all[len(all)-1])
	}
	return strings.Join(all, "; ")
}

// TraceAcquireStart is called by the pool when somebody wants a connection.
func (w *watcher) TraceAcquireStart(ctx context.Context, _ *pgxpool.Pool, _ pgxpool.TraceAcquireStartData) context.Context {
	now := time.Now() //nolint:forbidigo // As above. It is no span: a wait is seen as the gap before the statement.
	return context.WithValue(ctx, watchedKey{}, &watched{began: now})
}

// TraceAcquireEnd is called by the pool when it gave one.
func (w *watcher) TraceAcquireEnd(ctx context.Context, _ *pgxpool.Pool, data pgxpool.TraceAcquireEndData) {
	if it, took := finish(ctx, data.Err); it != nil && w.late(took) {
		w.tell(ctx, observe.SlowPool, took)
	}
}
