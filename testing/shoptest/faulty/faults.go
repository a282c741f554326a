package faulty

import (
	"context"
	"sync"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
)

// Options tune Faults; nil, and each field that is nil, means nothing.
type Options struct {
	// Choose gives the fault of each call for which On planned none, such as Random.
	Choose func(c Call) Fault
	// Wait lets the time of a Delay pass: of a virtual clock, or by sleeping.
	Wait func(d time.Duration)
	// Seen is told of each call at both of its moments, from the goroutine of the call. It may run something else
	// meanwhile, which is how a scheduler interleaves.
	Seen func(c Call, m Moment)
	// Context gives the context that the adapter gets, such as one without the deadlines of a real clock.
	Context func(ctx context.Context) context.Context
	// Late takes over a call that Reorder puts off, to do it when it likes.
	Late func(c Call, do func())
}

// Faults decides what the calls of all decorators that were made with it meet. Made by New; safe for concurrent use.
type Faults struct {
	opts Options

	mu      sync.Mutex
	planned map[[2]string][]Fault
	late    []func()
	seen    map[[2]string]int
	dead    bool
}

// New has no fault planned.
func New(opts *Options) *Faults {
	f := &Faults{planned: map[[2]string][]Fault{}, seen: map[[2]string]int{}}
	if opts != nil {
		f.opts = *opts
	}
	return f
}

// On plans faults for the next calls of a method, the first for the next call; those that were planned before come
// first. A Fault of kind None lets a call pass.
func (f *Faults) On(port, method string, faults ...Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	key := [2]string{port, method}
	f.planned[key] = append(f.planned[key], faults...)
}

// Heal takes back all that On planned and does what is late.
func (f *Faults) Heal() {
	f.mu.Lock()
	clear(f.planned)
	f.mu.Unlock()
	f.Deliver()
}

// Calls tells how often a method was called.
func (f *Faults) Calls(port, method string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.seen[[2]string{port, method}]
}

// Deliver does the calls that were put off by Reorder, and tells how many they were.
func (f *Faults) Deliver() int {
	f.mu.Lock()
	late := f.late
	f.late = nil
	f.mu.Unlock()
	for _, do := range late {
		do()
	}
	return len(late)
}

// Late tells how many calls wait for Deliver.
func (f *Faults) Late() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.late)
}

// choose gives the fault of a call; it counts the call.
func (f *Faults) choose(c Call, fails bool) Fault {
	f.mu.Lock()
	key := [2]string{c.Port, c.Method}
	f.seen[key]++
	var out Fault
	plan, choose := f.planned[key], f.opts.Choose
	if len(plan) > 0 {
		out, f.planned[key] = plan[0], plan[1:]
		choose = nil
	}
	f.mu.Unlock()
	if choose != nil {
		out = choose(c)
	}
	if !fails && (out.Kind == Before || out.Kind == After || out.Kind == Reorder) {
		return Fault{}
	}
	return out
}

// around makes a call with its fault. Results are pointers to what the call gives but for its error, which err points
// to unless the method has none.
func (f *Faults) around(ctx context.Context, c Call, results []any, err *error, run func(ctx context.Context)) {
	f.tell(c, Entered)
	if f.opts.Context != nil && ctx != nil {
		ctx = f.opts.Context(ctx)
	}
	chosen := f.choose(c, err != nil)
	switch chosen.Kind {
	case Before:
		*err = chosen.or(fault.Down.New("the call did not get through; nothing was done"))
	case After:
		run(ctx)
		drop(results)
		*err = chosen.or(lost())
	case Reorder:
		f.putOff(c, func() { run(detached(ctx)) })
		*err = chosen.or(lost())
	case CrashBefore:
		f.die(c)
	case Delay:
		if f.opts.Wait != nil {
			f.opts.Wait(chosen.Wait)
		}
		run(ctx)
	case Duplicate:
		run(ctx)
		drop(results)
		run(ctx)
	case Partial:
		cut := halve(c.Args)
		run(ctx)
		if !cut {
			halve(results)
		}
	case CrashAfter:
		run(ctx)
		f.die(c)
	default:
		run(ctx)
		f.Deliver()
	}
	f.tell(c, Left)
}

// putOff keeps a call for later.
func (f *Faults) putOff(c Call, do func()) {
	if f.opts.Late != nil {
		f.opts.Late(c, do)
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.late = append(f.late, do)
}

// or is the fault's own error, or another.
func (f Fault) or(other error) error {
	if f.Err != nil {
		return f.Err
	}
	return other
}

func lost() error {
	return fault.Lost.New("the answer was lost; retry with the same key")
}

// detached keeps a context's values for a call that outlives its caller.
func detached(ctx context.Context) context.Context {
	if ctx == nil {
		return nil //nolint:nilness // A method without a context has none.
	}
	return context.WithoutCancel(ctx)
}

// tell tells Seen, unless the caller is dead: then nothing happens any more.
func (f *Faults) tell(c Call, m Moment) {
	f.alive(c)
	if f.opts.Seen != nil {
		f.opts.Seen(c, m)
		f.alive(c)
	}
}
