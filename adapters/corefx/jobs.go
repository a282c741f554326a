package corefx

import (
	"context"
	"time"

	"go.uber.org/fx"
	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/adapters/system"
	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/ports/observe"
)

// work is a handler in the group "jobs", recurring when it has an interval.
type work struct {
	kind   string
	every  time.Duration
	handle system.JobHandler
}

// provideWork adds to the group.
func provideWork[P any](kind string, every time.Duration, handler func(P) system.JobHandler) fx.Option {
	return fx.Provide(fx.Annotate(func(p P) work { return work{kind, every, handler(p)} }, fx.ResultTags(`group:"jobs"`)))
}

// Job adds the handler of a kind of jobs, made of a part of the shop, such as a service.
func Job[P any](kind string, handler func(P) system.JobHandler) fx.Option {
	return provideWork(kind, 0, handler)
}

// SweepBatch is how much one step of a sweep does, so that it holds nobody up.
const SweepBatch = 500

// SweepStep does at most limit of what is to be done now, and tells how much that was.
type SweepStep func(ctx context.Context, limit int) (int, error)

// Sweep adds what is to be done every so often, by one server on each tick: step is called until it did less than it was
// let. It is made of a part of the shop, such as a service:
//
//	corefx.Sweep("catalog.publish_due", time.Minute, func(s *catalog.Service) corefx.SweepStep { return s.PublishDue })
func Sweep[P any](name string, every time.Duration, step func(P) SweepStep) fx.Option {
	return provideWork(name, every, func(part P) system.JobHandler {
		do := step(part)
		return func(ctx context.Context, _ ports.JobRun) error {
			for {
				if n, err := do(ctx, SweepBatch); err != nil || n < SweepBatch {
					return err
				}
			}
		}
	})
}

// jobParams are the parts of a runner.
type jobParams struct {
	fx.In

	Lifecycle fx.Lifecycle
	Jobs      ports.Jobs
	Clock     ports.Clock
	IDs       ports.IDs
	Log       *zap.Logger
	Work      []work             `group:"jobs"`
	Options   *system.JobOptions `optional:"true"`
	Trace     observe.Trace      `optional:"true"`
}

// Jobs runs the jobs that handlers were added for, and the sweeps, from start to stop, which hands back what is
// interrupted.
func Jobs() fx.Option {
	return fx.Invoke(func(p jobParams) {
		var opts system.JobOptions
		if p.Options != nil {
			opts = *p.Options
		}
		if opts.OnError == nil {
			opts.OnError = func(err error) {
				if err = untold(err); err != nil {
					p.Log.Warn(observe.JobsFailed, zap.String(observe.Error, observe.Reason(err)))
				}
			}
		}
		runner := system.NewJobRunner(p.Jobs, p.Clock, p.IDs, &opts)
		for _, w := range p.Work {
			handle := observedJob(w.handle, p.Log, p.Trace)
			if w.every > 0 {
				runner.Every(w.kind, w.every, handle)
			} else {
				runner.Handle(w.kind, handle)
			}
		}
		whileOpen(p.Lifecycle, runner.Run)
	})
}
