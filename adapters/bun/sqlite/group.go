package sqlite

import (
	"context"
	"sync/atomic"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
)

// Committer is the store as ordering.Committer.
type Committer struct{ s *Store }

var _ ordering.Committer = Committer{}

// Ordering gives the port ordering.Committer.
func (s *Store) Ordering() Committer { return Committer{s} }

// request is a commit on its way through the loop.
type request struct {
	commit ordering.Commit
	ctx    context.Context //nolint:containedctx // Only for what it says of the request, while its caller waits or just left.
	taken  atomic.Bool     // By the loop, or by its caller who leaves.
	done   chan result     // Room for one, so that the loop never waits.
}

type result struct {
	outcome ordering.Outcome
	err     error
}

// Commit makes the commit true, in one transaction with others that wait.
func (c Committer) Commit(ctx context.Context, commit ordering.Commit) (ordering.Outcome, error) {
	if err := commit.Validate(); err != nil {
		return ordering.Outcome{}, err
	}
	if err := ctx.Err(); err != nil {
		return ordering.Outcome{}, fault.Down.New("the caller left before the commit began").Because(err)
	}
	r := &request{commit: commit, ctx: ctx, done: make(chan result, 1)}
	select {
	case <-c.s.stop:
		return ordering.Outcome{}, fault.Down.New("the store is closed")
	default:
	}
	select {
	case c.s.queue <- r:
	default:
		return ordering.Outcome{}, fault.Down.New("too many orders wait to be written; try again")
	}
	return r.wait(ctx, c.s.ended)
}

// wait gives the answer of the loop once it took the request; before, its caller may leave, or the store end.
func (r *request) wait(ctx context.Context, ended <-chan struct{}) (ordering.Outcome, error) {
	select {
	case res := <-r.done:
		return res.outcome, res.err
	case <-ended:
		if r.taken.CompareAndSwap(false, true) {
			return ordering.Outcome{}, fault.Down.New("the store is closed")
		}
		res := <-r.done // Given before the loop ended.
		return res.outcome, res.err
	case <-ctx.Done():
	}
	if r.taken.CompareAndSwap(false, true) {
		return ordering.Outcome{}, fault.Down.New("the caller left before the commit began").Because(ctx.Err())
	}
	select {
	case res := <-r.done: // Both came at once: the answer counts.
		return res.outcome, res.err
	default:
		return ordering.Outcome{}, fault.Lost.New("the caller left while the commit was written").Because(ctx.Err())
	}
}

// loop takes what queued while its last transaction was in flight, and writes it. There is no timer: a commit that comes
// alone is written alone, at once.
func (s *Store) loop() {
	defer close(s.ended)
	for {
		select {
		case <-s.stop:
			return
		case r := <-s.queue:
			if group := s.collect(r); len(group) > 0 {
				s.commitGroup(group)
			}
		}
	}
}

// collect gives what waits, of those whose callers still do.
func (s *Store) collect(first *request) []*request {
	group := appendTaken(nil, first)
	for len(group) < s.cfg.CommitGroup {
		select {
		case r := <-s.queue:
			group = appendTaken(group, r)
			continue
		default:
		}
		break
	}
	return group
}

// appendTaken adds a request whose caller still waits.
func appendTaken(group []*request, r *request) []*request {
	if r.taken.CompareAndSwap(false, true) {
		return append(group, r)
	}
	return group
}
