package system

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/ipswich-retail/commerce/ports"
)

// The defaults of a JobRunner, and its bounds.
const (
	JobPoll     = 5 * time.Second // How long a job that another process enqueued waits at most, when nobody tells.
	JobLease    = time.Minute     // How long a job waits whose runner crashed.
	JobAttempts = 10              // Then a job is dead: after a quarter of an hour.
	JobParallel = 4               // Jobs that run side by side.

	jobWait     = time.Second // The wait after a first failure; doubles.
	jobWaitMost = 10 * time.Minute
)

// JobHandler does a job. It may run twice for one job, after a crash or when a lease was lost, so it is idempotent; its
// context ends when the runner stops or the lease is lost. An error, or a panic, means that the job is tried again.
type JobHandler func(ctx context.Context, run ports.JobRun) error

// JobOptions tune a JobRunner; nil, and each zero field, means the default.
type JobOptions struct {
	Poll     time.Duration // How often jobs are looked for when nothing wakes the runner and none is due before.
	Lease    time.Duration // How long a job is claimed for; extended every third of it while it runs.
	Attempts int           // After so many a job is dead; see ports.JobsDesk. One that recurs never dies.
	Parallel int           // How many jobs Run has at work.
	// OnError is told of each failure, for logs; OnRun of each run that ended, for figures, with the handler's error. Both
	// may be called by several goroutines at once.
	OnError func(err error)
	OnRun   func(run ports.JobRun, err error)
}

// withDefaults fills in what is not set.
func (o *JobOptions) withDefaults() JobOptions {
	var out JobOptions
	if o != nil {
		out = *o
	}
	if out.Poll <= 0 {
		out.Poll = JobPoll
	}
	if out.Lease <= 0 {
		out.Lease = JobLease
	}
	if out.Attempts <= 0 {
		out.Attempts = JobAttempts
	}
	if out.Parallel <= 0 {
		out.Parallel = JobParallel
	}
	if out.OnError == nil {
		out.OnError = func(error) {}
	}
	if out.OnRun == nil {
		out.OnRun = func(ports.JobRun, error) {}
	}
	return out
}

// JobRunner does the jobs that it has handlers for. Any number of runners, of as many servers, share them by leases; a
// recurring job is done by one of them on each tick.
//
// An idle runner asks for work when the next job is due, when one is enqueued, and now and then: never in a loop.
type JobRunner struct {
	jobs     ports.Jobs
	clock    ports.Clock
	ids      ports.IDs
	owner    [16]byte
	opts     JobOptions
	handlers map[string]JobHandler
	kinds    []string

	recurring []ports.Job
	next      time.Time // When there is something to do at the latest.
	pause     time.Time // Until when to do nothing, since the store is down.
	down      int
}

// NewJobRunner makes a runner without handlers: give it all of them, then Run or Step it, the one or the other.
func NewJobRunner(jobs ports.Jobs, clock ports.Clock, ids ports.IDs, opts *JobOptions) *JobRunner {
	return &JobRunner{jobs: jobs, clock: clock, ids: ids, owner: ids.New(), opts: opts.withDefaults(), handlers: map[string]JobHandler{}}
}

// Handle sets the handler of a kind.
func (r *JobRunner) Handle(kind string, h JobHandler) {
	if _, known := r.handlers[kind]; !known {
		r.kinds = append(r.kinds, kind)
		slices.Sort(r.kinds)
	}
	r.handlers[kind] = h
}

// Every makes a job that recurs: its name is its kind and its key, and all servers that register it have one job. The
// first run is at once.
func (r *JobRunner) Every(name string, interval time.Duration, h JobHandler) {
	r.Handle(name, h)
	r.recurring = append(r.recurring, ports.Job{Kind: name, Key: name, Every: interval})
}

// Run does jobs until the context ends, hands back those that were interrupted, and then gives the context's error; it
// stops for no other reason.
func (r *JobRunner) Run(ctx context.Context) error {
	var all sync.WaitGroup
	looking := make(chan struct{}, 1) // One looks for work, the others do it.
	for range r.opts.Parallel {
		all.Go(func() {
			for {
				select {
				case <-ctx.Done():
					return
				case looking <- struct{}{}:
				}
				run, found := r.look(ctx)
				<-looking
				if !found {
					return
				}
				if err := r.do(ctx, run, true); err != nil {
					r.opts.OnError(err)
				}
			}
		})
	}
	all.Wait()
	return ctx.Err()
}

// look waits for a job; false when the context ended before there was one.
func (r *JobRunner) look(ctx context.Context) (ports.JobRun, bool) {
	for ctx.Err() == nil {
		wake := r.jobs.Wake() // Before claiming: what is enqueued after is heard.
		run, found, err := r.claim(ctx, true)
		if found {
			return run, true
		}
		if err != nil && ctx.Err() == nil {
			r.opts.OnError(err)
		}
		now := r.clock.Now()
		if r.pause.After(now) {
			wake = nil
		}
		wait(ctx, wake, r.next.Sub(now))
	}
	return ports.JobRun{}, false
}

// Step does one job that is due now, and tells whether there was one: then there may be more. It starts nothing that goes
// on after it, and no timer, so a lease is not extended while the job runs.
func (r *JobRunner) Step(ctx context.Context) (progress bool, err error) {
	run, found, err := r.claim(ctx, false)
	if !found {
		return false, err
	}
	return true, r.do(ctx, run, false)
}

// Next is when Step has something to do at the latest, if nothing is enqueued before.
func (r *JobRunner) Next() time.Time { return r.next }
