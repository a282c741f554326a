package system

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/ports/observe"
)

// claim takes one job that is due, and sets when to look again if there is none.
func (r *JobRunner) claim(ctx context.Context, timed bool) (run ports.JobRun, found bool, err error) {
	if ctx.Err() != nil {
		return run, false, ctx.Err()
	}
	now := r.clock.Now()
	if now.Before(r.pause) {
		r.next = r.pause
		return run, false, nil
	}
	r.next = now.Add(r.opts.Poll)
	// Not interrupted: what the store gives while nobody listens any more would wait for the end of its lease.
	ctx, cancel := within(context.WithoutCancel(ctx), timed, ackTime)
	defer cancel()
	if err := r.register(ctx, now); err != nil {
		return run, false, r.back(now, fmt.Errorf("jobs: registering those that recur: %w", err))
	}
	share, err := r.jobs.Claim(ctx, ports.JobClaim{Kinds: r.kinds, Owner: r.owner, At: now, Until: now.Add(r.opts.Lease), Limit: 1})
	if err != nil {
		return run, false, r.back(now, fmt.Errorf("jobs: claiming: %w", err))
	}
	r.down = 0
	if len(share.Runs) > 0 {
		r.next = now
		return share.Runs[0], true, nil
	}
	if !share.Next.IsZero() && share.Next.Before(r.next) {
		r.next = share.Next
	}
	return run, false, nil
}

// register enqueues the jobs that recur, once.
func (r *JobRunner) register(ctx context.Context, now time.Time) error {
	if len(r.recurring) == 0 {
		return nil
	}
	for i := range r.recurring {
		r.recurring[i].ID, r.recurring[i].RunAt = r.ids.New(), now
	}
	if err := r.jobs.Enqueue(ctx, r.recurring); err != nil {
		return err
	}
	r.recurring = nil
	return nil
}

// back leaves the store alone for a while, each time for twice as long up to a few seconds.
func (r *JobRunner) back(now time.Time, err error) error {
	r.pause = now.Add(time.Second << min(r.down, outageMost))
	r.next = r.pause
	r.down++
	return err
}

// do runs a job and ends the run.
func (r *JobRunner) do(ctx context.Context, run ports.JobRun, timed bool) error {
	var err error
	switch {
	case ctx.Err() != nil:
		err = ctx.Err()
	case run.Attempt > r.opts.Attempts && run.Every == 0:
		err = errors.New("its runners ended before it did")
	default:
		err = r.handle(ctx, run, timed)
	}
	res := ports.JobResult{Run: run, At: r.clock.Now()}
	switch {
	case err == nil:
	case ctx.Err() != nil && errors.Is(err, ctx.Err()):
		res.Outcome = ports.JobHandedBack
	default:
		res.Outcome, res.Cause = ports.JobFailed, cause(err)
		if run.Attempt < r.opts.Attempts || run.Every > 0 {
			res.Due = res.At.Add(min(jobWait<<min(run.Attempt-1, 20), jobWaitMost))
		}
		err = fmt.Errorf("job %s %s, attempt %d: %w", run.Kind, run.Key, run.Attempt, err)
	}
	if res.Outcome == ports.JobHandedBack {
		err = nil
	}
	ending, cancel := within(context.WithoutCancel(ctx), timed, ackTime)
	defer cancel()
	if ended := r.jobs.Finish(ending, res); ended != nil {
		return errors.Join(err, fmt.Errorf("job %s %s: ending its run: %w", run.Kind, run.Key, ended))
	}
	return err
}

// handle calls the handler; a panic of it is a failure, since one bad job must not end the process.
func (r *JobRunner) handle(ctx context.Context, run ports.JobRun, timed bool) (err error) {
	if timed {
		beating, stop := context.WithCancelCause(ctx)
		beat := make(chan struct{})
		go func() {
			defer close(beat)
			r.beat(beating, run, stop)
		}()
		defer func() {
			stop(nil)
			<-beat
		}()
		ctx = beating
	}
	defer func() {
		if p := recover(); p != nil {
			err = observe.Panicked(p)
		}
		r.opts.OnRun(run, err)
	}()
	return r.handlers[run.Kind](ctx, run)
}

// beat extends the lease of a run until its context ends, and ends it when the lease is lost.
func (r *JobRunner) beat(ctx context.Context, run ports.JobRun, stop context.CancelCauseFunc) {
	for {
		wait(ctx, nil, r.opts.Lease/3)
		if ctx.Err() != nil {
			return
		}
		extending, cancel := context.WithTimeout(ctx, r.opts.Lease/3)
		err := r.jobs.Extend(extending, run, r.clock.Now().Add(r.opts.Lease))
		cancel()
		switch {
		case err == nil || ctx.Err() != nil:
		case fault.Is(err, ports.LeaseLost):
			stop(err)
			return
		default:
			r.opts.OnError(fmt.Errorf("job %s %s: extending its lease: %w", run.Kind, run.Key, err))
		}
	}
}
