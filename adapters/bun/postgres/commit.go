package postgres

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

// request is a commit on its way through a loop.
type request struct {
	commit ordering.Commit
	ctx    context.Context //nolint:containedctx // Only for what it says of the request, while its caller waits or just left.
	taken  atomic.Bool     // By a loop, or by its caller who leaves.
	done   chan result     // Room for one, so that a loop never waits.
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

// wait gives the answer of the loop that took the request; while none has, its caller may leave, or the store end.
func (r *request) wait(ctx context.Context, ended <-chan struct{}) (ordering.Outcome, error) {
	select {
	case res := <-r.done:
		return res.outcome, res.err
	case <-ended:
		if r.taken.CompareAndSwap(false, true) {
			return ordering.Outcome{}, fault.Down.New("the store is closed")
		}
		res := <-r.done // Given before the loops ended.
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

// loop collects a group and writes it, while the next loop collects. There is no timer: a commit that comes alone is
// written alone, at once.
func (s *Store) loop() {
	for {
		select {
		case <-s.stop:
			return
		case s.turn <- struct{}{}:
		}
		group := s.collect()
		s.busy.Add(1)
		<-s.turn
		if len(group) > 0 {
			s.commitGroup(group)
		}
		s.busy.Add(-1)
		select {
		case s.finished <- struct{}{}:
		default: // A word to that effect waits already.
		}
	}
}

// collect takes what queues until nothing holds the group back. While another loop's transaction is in flight that is
// half a full group: two small groups cost more than one, and wait for each other's rows. It is empty when the store
// closes.
func (s *Store) collect() []*request {
	var group []*request
	select {
	case <-s.stop:
		return nil
	case r := <-s.queue:
		group = appendTaken(group, r)
	}
	for s.busy.Load() > 0 && len(group) < s.cfg.CommitGroup/2 {
		select {
		case r := <-s.queue:
			group = appendTaken(group, r)
		case <-s.finished: // Perhaps of a transaction before; then busy says so.
		}
	}
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
