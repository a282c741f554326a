package groups

import (
	"context"
	"sync/atomic"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/ports/observe"
)

// Request is what a caller wants, on its way through a loop, which answers it once.
type Request[V, R any] struct {
	Value V
	ctx   context.Context //nolint:containedctx // Only for what it says of the request, while its caller waits or just left.
	taken atomic.Bool     // By a loop, or by its caller who leaves.
	done  chan answer[R]  // Room for one, so that a loop never waits.
}

type answer[R any] struct {
	result R
	err    error
}

// Answer tells the caller what came of it.
func (r *Request[V, R]) Answer(result R, err error) { r.done <- answer[R]{result, err} }

// Queue holds requests until a loop takes them. Safe for concurrent use.
type Queue[V, R any] struct {
	most    int
	waiting chan *Request[V, R]
	stop    <-chan struct{}
	ended   chan struct{}
}

// New makes a queue for groups of at most so many, in which room for so many wait; more are refused as unavailable. Nobody
// is taken any more once stop is closed.
func New[V, R any](most, room int, stop <-chan struct{}) *Queue[V, R] {
	return &Queue[V, R]{most: most, waiting: make(chan *Request[V, R], room), stop: stop, ended: make(chan struct{})}
}

// Ended tells those who still wait that all loops have ended. Call it once.
func (q *Queue[V, R]) Ended() { close(q.ended) }

// Do brings a value to a loop and gives its answer. The error is of kind Unavailable when nothing was written, because
// the caller left before, too many wait or the store is closed, and Unknown when the caller left while it was.
func (q *Queue[V, R]) Do(ctx context.Context, value V) (R, error) {
	var none R
	if err := ctx.Err(); err != nil {
		return none, fault.Down.New("the caller left before the commit began").Because(err)
	}
	r := &Request[V, R]{Value: value, ctx: ctx, done: make(chan answer[R], 1)}
	select {
	case <-q.stop:
		return none, fault.Down.New("the store is closed")
	default:
	}
	select {
	case q.waiting <- r:
	default:
		return none, fault.Down.New("too many orders wait to be written; try again")
	}
	return r.wait(ctx, q.ended)
}

// wait gives the answer of the loop that took the request; while none has, its caller may leave, or the store end.
func (r *Request[V, R]) wait(ctx context.Context, ended <-chan struct{}) (none R, err error) {
	select {
	case a := <-r.done:
		return a.result, a.err
	case <-ended:
		if r.taken.CompareAndSwap(false, true) {
			return none, fault.Down.New("the store is closed")
		}
		a := <-r.done // Given before the loops ended.
		return a.result, a.err
	case <-ctx.Done():
	}
	if r.taken.CompareAndSwap(false, true) {
		return none, fault.Down.New("the caller left before the commit began").Because(ctx.Err())
	}
	select {
	case a := <-r.done: // Both came at once: the answer counts.
		return a.result, a.err
	default:
		return none, fault.Lost.New("the caller left while the commit was written").Because(ctx.Err())
	}
}

// Collect waits for a request and takes what waits with it, of those whose callers still do. There is no timer: what
// comes alone is given alone, at once. As long as hold, if there is one, gives a channel for so many taken, Collect waits
// for more, and asks again when something comes from the channel. It is empty when the store closes, and when the only
// caller left.
func (q *Queue[V, R]) Collect(hold func(taken int) <-chan struct{}) []*Request[V, R] {
	var group []*Request[V, R]
	select {
	case <-q.stop:
		return nil
	case r := <-q.waiting:
		group = take(group, r)
	}
	for hold != nil {
		until := hold(len(group))
		if until == nil {
			break
		}
		select {
		case r := <-q.waiting:
			group = take(group, r)
		case <-until:
		}
	}
	for len(group) < q.most {
		select {
		case r := <-q.waiting:
			group = take(group, r)
			continue
		default:
		}
		break
	}
	return group
}

// take adds a request whose caller still waits.
func take[V, R any](group []*Request[V, R], r *Request[V, R]) []*Request[V, R] {
	if r.taken.CompareAndSwap(false, true) {
		return append(group, r)
	}
	return group
}

// Values are what the members of a group want.
func Values[V, R any](group []*Request[V, R]) []V {
	out := make([]V, len(group))
	for i, r := range group {
		out[i] = r.Value
	}
	return out
}

// Refuse gives every member the same error.
func Refuse[V, R any](group []*Request[V, R], err error) {
	var none R
	for _, r := range group {
		r.Answer(none, err)
	}
}

// On is whose a group's transaction is for logs and traces: that of the first member whose request is traced, else of the
// first. It ends with none of them.
func On[V, R any](group []*Request[V, R]) context.Context {
	for _, r := range group {
		if observe.Of(r.ctx).Sampled {
			return context.WithoutCancel(r.ctx)
		}
	}
	return context.WithoutCancel(group[0].ctx)
}
