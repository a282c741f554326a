package corefx

import (
	"context"
	"errors"
	"time"

	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/adapters/system"
	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/ports/observe"
)

// toldError marks a failure that is in the log already, for the runner and the relay tell of it once more.
type toldError struct{ error }

// Unwrap gives the failure.
func (e toldError) Unwrap() error { return e.error }

// untold gives what of a failure, or of several, is not in the log yet.
func untold(err error) error {
	if several, ok := err.(interface{ Unwrap() []error }); ok {
		var left []error
		for _, one := range several.Unwrap() {
			left = append(left, untold(one))
		}
		return errors.Join(left...)
	}
	var t toldError
	if errors.As(err, &t) {
		return nil
	}
	return err
}

// observedJob is a handler of jobs whose runs are seen: as a line of the log each, and as a span if somebody traces. What
// recurs is told of at level debug when it did well, for it does so all day.
func observedJob(handle system.JobHandler, log *zap.Logger, trace observe.Trace) system.JobHandler {
	return func(ctx context.Context, run ports.JobRun) error {
		ctx, end := trace.Begin(ctx, observe.Work, run.Kind)
		began := time.Now() //nolint:forbidigo // Durations are measured with the machine's monotonic clock: a shop's may be set.
		err := safely(func() error { return handle(ctx, run) })
		end(err)
		fields := append(correlated(ctx), zap.String(observe.Job, run.Kind), zap.Int(observe.Attempt, run.Attempt),
			zap.Float64(observe.Duration, float64(time.Since(began).Microseconds())/1000))
		switch {
		case err == nil && run.Every > 0:
			log.Debug(observe.JobDone, fields...)
		case err == nil:
			log.Info(observe.JobDone, fields...)
		case ctx.Err() != nil && errors.Is(err, ctx.Err()):
			return err // Handed back, to be done by another.
		default:
			log.Warn(observe.JobFailed, append(fields, zap.String(observe.Error, observe.Reason(err)))...)
			return toldError{err}
		}
		return nil
	}
}

// observedConsumer is a consumer whose failures are seen, and each of whose deliveries is a span if somebody traces.
func observedConsumer(c system.Consumer, log *zap.Logger, trace observe.Trace) system.Consumer {
	handle := c.Handle
	c.Handle = func(ctx context.Context, e event.Event) error {
		ctx, end := trace.Begin(ctx, observe.Delivery, c.Name+" "+e.Name)
		err := safely(func() error { return handle(ctx, e) })
		end(err)
		if err == nil {
			return nil
		}
		log.Warn(observe.RelayFailed, append(correlated(ctx), zap.String(observe.Consumer, c.Name), zap.String(observe.Name, e.Name),
			zap.String(observe.EventID, e.ID.String()), zap.String(observe.Error, observe.Reason(err)))...)
		return toldError{err}
	}
	return c
}

// correlated are the ids of the trace that a line belongs to, if there is one.
func correlated(ctx context.Context) []zap.Field {
	c := observe.Of(ctx)
	if c.TraceID == "" {
		return nil
	}
	return []zap.Field{zap.String(observe.TraceID, c.TraceID), zap.String(observe.SpanID, c.SpanID)}
}

// safely makes an error of a panic, without its value.
func safely(do func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = observe.Panicked(p)
		}
	}()
	return do()
}
